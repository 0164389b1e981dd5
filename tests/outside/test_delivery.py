"""A message to another system: signed as its library expects, tried again when that helps."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from callcenter.outside.delivery import Delivered, new_secret, signed, wait_before_next

pytestmark = pytest.mark.pure


def test_the_signature_is_that_of_the_standards_own_example() -> None:
    """Standard Webhooks, spec/standard-webhooks.md, and the test of its reference libraries."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    headers = signed(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330.9, b'{"test": 2432232314}', [secret]
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


def test_while_a_secret_is_replaced_both_count() -> None:
    old, new = new_secret(), new_secret()
    both = signed("m1", 1000, b"{}", [new, old])["webhook-signature"].split(" ")
    for secret, given in zip((new, old), both, strict=True):
        key = base64.b64decode(secret.removeprefix("whsec_"))
        made = hmac.new(key, b"m1.1000.{}", hashlib.sha256).digest()
        assert given == f"v1,{base64.b64encode(made).decode()}"


@pytest.mark.parametrize("secret", ["", "whsec_", "whsec_kurz", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"])
def test_what_is_no_secret_signs_nothing(secret: str) -> None:
    with pytest.raises(ValueError, match="no signing secret"):
        signed("m1", 0, b"", [secret])


@pytest.mark.parametrize(
    ("result", "taken", "final"),
    [
        (Delivered(204), True, False),
        (Delivered(302, "answered 302"), False, True),
        (Delivered(400, "answered 400"), False, True),
        (Delivered(410, "answered 410"), False, True),
        (Delivered(408), False, False),
        (Delivered(429), False, False),
        (Delivered(503), False, False),
        (Delivered(None, "no answer in 5 s"), False, False),
        (Delivered(None, "not allowed", refused_here=True), False, True),
    ],
)
def test_what_an_answer_means(result: Delivered, taken: bool, final: bool) -> None:
    assert (result.taken, result.final) == (taken, final)


def test_waits_double_to_an_hour_and_the_far_end_may_ask_for_more() -> None:
    assert [wait_before_next(tries) for tries in (1, 2, 3, 9, 50)] == [15, 30, 60, 3600, 3600]
    assert wait_before_next(1, 120) == 120
    assert wait_before_next(1, 10**9) == 6 * 3600
    assert wait_before_next(2, first=0.1) == pytest.approx(0.2)
