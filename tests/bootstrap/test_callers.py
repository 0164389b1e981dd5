"""A caller's number is read before the call comes to the centre: E.164 and country."""

from __future__ import annotations

import pytest

from callcenter.bootstrap.callers import reading_numbers
from callcenter.core.inputs import CallArrived, Input

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("number", "e164", "region"),
    [("13800138000", "+8613800138000", "CN"), ("+447700900123", "+447700900123", "GB"),
     ("anonymous", "", ""), ("4001", "4001", ""), ("+1 212 555 0100", "+12125550100", "US")],
)  # fmt: skip
def test_numbers_are_read_before_a_call_comes_to_the_centre(
    number: str, e164: str, region: str
) -> None:
    emitted: list[Input] = []
    reading_numbers(emitted.append, "CN")(CallArrived("c", "PJSIP/x", number, "", "4000"))
    (call,) = emitted
    assert isinstance(call, CallArrived)
    assert (call.number, call.e164, call.region) == (number, e164, region)
