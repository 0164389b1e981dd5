"""Which outside numbers may be dialled: the one place where that is decided.

Deny by default: only a complete, valid number of an allowed country, of a kind that costs no more
than a call. What a caller types into a telephone decides what we pay for, so premium-rate, short
and emergency numbers are refused, whoever asks. This file dials nothing and knows no Asterisk.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Final, Literal

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType, timezone

E164: Final = re.compile(r"^\+[1-9][0-9]{5,14}$")
TEXT_MAX = 40
Refused = Literal["unreadable", "incomplete", "country", "kind", "blocked"]

TEXTS: Final[dict[Refused, str]] = {
    "unreadable": "this is not a telephone number",
    "incomplete": "this is not a complete, valid number: write it with area code",
    "country": "calls to this country are not allowed (CALLCENTER_OUTBOUND_COUNTRIES)",
    "kind": "premium-rate and other special numbers are never called",
    "blocked": "calls to this number are not allowed (CALLCENTER_OUTBOUND_BLOCKED)",
}

_KINDS: Final = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.MOBILE,
        PhoneNumberType.FIXED_LINE_OR_MOBILE,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.VOIP,
        PhoneNumberType.UAN,
    }
)
_TIME_ZONE_UNKNOWN: Final = "Etc/Unknown"


@dataclass(frozen=True, slots=True)
class Dialable:
    """`number` is E.164 with `+`. `time_zone`: the one zone (IANA name) in which the number can be,
    "" when there are several or none is known (mobiles of large countries)."""

    number: str
    country: str
    time_zone: str = ""


@dataclass(frozen=True, slots=True)
class NotDialable:
    """`code` for programs, `text` for people."""

    code: Refused
    text: str


@dataclass(frozen=True, slots=True)
class DialRules:
    """`home`: the country (ISO 3166 alpha-2) in which numbers without + are read. `countries`: the
    ones that may be called, `home` always. `blocked`: beginnings (E.164) that may not."""

    home: str
    countries: frozenset[str] = field(default_factory=frozenset)
    blocked: tuple[str, ...] = ()

    def check(self, text: str) -> Dialable | NotDialable:
        """May the number that somebody wrote or typed be called? Never raises for any text."""
        if not text or len(text) > TEXT_MAX or not text.isascii():
            return _refused("unreadable")
        try:
            parsed = phonenumbers.parse(text, self.home)
        except NumberParseException:
            return _refused("unreadable")
        if parsed.extension or not phonenumbers.is_valid_number(parsed):
            return _refused("incomplete")
        country = phonenumbers.region_code_for_number(parsed) or ""
        if country != self.home and country not in self.countries:
            return _refused("country")
        if phonenumbers.number_type(parsed) not in _KINDS:
            return _refused("kind")
        number = phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
        if not E164.fullmatch(number):
            return _refused("incomplete")
        if any(number.startswith(beginning) for beginning in self.blocked):
            return _refused("blocked")
        return Dialable(number, country, _time_zone(parsed))


def as_typed(text: str) -> str:
    """What a person typed, as a machine would have: Chinese keyboards write full-width digits."""
    return unicodedata.normalize("NFKC", text)


def _refused(code: Refused) -> NotDialable:
    return NotDialable(code, TEXTS[code])


def _time_zone(number: phonenumbers.PhoneNumber) -> str:
    zones = timezone.time_zones_for_number(number)
    return zones[0] if len(zones) == 1 and zones[0] != _TIME_ZONE_UNKNOWN else ""
