"""The variables every flow may read without setting them: what the driver knows of the call.

The driver gives them to the session; one that it leaves out has the value shown here, so that an
expression never fails for a caller who is not known.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

GIVEN: Final[Mapping[str, tuple[object, str]]] = {
    "caller_number": ("", "the caller's number, E.164 if it could be read; '' when withheld"),
    "caller_name": ("", "the name that came with the call"),
    "did": ("", "the number that was dialled"),
    "language": ("", "the caller's language; changes with a language node"),
    "customer_known": (False, "true when the number belongs to a customer"),
    "customer_name": ("", "the customer's name"),
    "customer_vip": (False, "true for a customer marked as VIP"),
    "date": ("", "today's date at the flow's place, YYYY-MM-DD"),
    "time": ("", "the time of day at the flow's place, HH:MM"),
    "weekday": (0, "1 for Monday to 7 for Sunday, at the flow's place"),
}
"""name -> (value when not given, meaning)"""

CLOCK: Final = frozenset({"date", "time", "weekday"})
"""Worked out from the moment of the answer; never given, never set."""

DEFAULTS: Final[Mapping[str, object]] = {
    name: value for name, (value, _) in GIVEN.items() if name not in CLOCK
}
