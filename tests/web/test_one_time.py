"""Codes of devices and recovery codes: worked out and compared, without input or output."""

from __future__ import annotations

import pyotp
import pytest

from callcenter.web.one_time import (
    address,
    matching_step,
    new_recovery_codes,
    new_secret,
    picture,
    plain,
    recovery_hash,
)

pytestmark = pytest.mark.pure

# The secret of RFC 6238, appendix B; its codes there have eight digits, devices show the last six.
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.mark.parametrize(
    ("now", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_standard(now: int, code: str) -> None:
    assert matching_step(SECRET, code, now, 0) == now // 30


def test_a_code_counts_in_its_half_minute_and_one_before_and_after() -> None:
    code = pyotp.TOTP(SECRET).at(3000)
    found = [matching_step(SECRET, code, now, 0) for now in (2969, 2970, 3000, 3059, 3060)]
    assert found == [None, 100, 100, 100, None]


def test_a_code_does_not_count_twice_and_none_before_it_either() -> None:
    device = pyotp.TOTP(SECRET)
    assert matching_step(SECRET, device.at(3000), 3000, 100) is None
    assert matching_step(SECRET, device.at(2970), 3000, 100) is None
    assert matching_step(SECRET, device.at(3030), 3000, 100) == 101


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "abcdef", "１２３４５６", "١٢٣٤٥٦", "12 456"]
)
def test_what_is_no_code_is_wrong(code: str) -> None:
    assert matching_step(SECRET, code, 59, 0) is None


def test_people_may_type_spaces_and_dashes() -> None:
    assert plain(" 287 082\n") == "287082"
    assert plain("abcd-efgh-ijkl-mnop") == "ABCDEFGHIJKLMNOP"


def test_recovery_codes_differ_and_are_known_again_as_they_are_typed() -> None:
    codes = new_recovery_codes()
    assert len({recovery_hash(code) for code in codes}) == len(codes) == 10
    assert recovery_hash(codes[0].lower().replace("-", " ")) == recovery_hash(codes[0])
    assert recovery_hash("123456") is None
    assert recovery_hash("AAAA-AAAA-AAAA-AAA1") is None


def test_the_picture_is_an_image_in_the_page_and_the_address_names_the_login() -> None:
    told = address(new_secret(), "王@example.com")
    assert told.startswith("otpauth://totp/Contact%20centre:%E7%8E%8B%40example.com?secret=")
    assert picture(told).startswith("data:image/svg+xml;charset=utf-8,")
