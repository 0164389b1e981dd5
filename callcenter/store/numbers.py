"""Telephone numbers: whatever a network, a form or a caller writes, read into one form.

E.164 by `phonenumbers` with a default country. Anything that cannot be read is data, not an error:
`NumberRead.kind` says what it is. This file does no I/O.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat

Kind = Literal["e164", "extension", "anonymous", "unreadable"]

TEXT_MAX = 80
EXTENSION = re.compile(r"[0-9]{2,6}")
URI = re.compile(r"^(?:sips?|tel):", re.IGNORECASE)
ANONYMOUS = frozenset(
    "anonymous unknown unavailable restricted private withheld blocked asterisk s "
    "匿名 未知 未知号码 隐藏号码".split()
)


@dataclass(frozen=True, slots=True)
class NumberRead:
    """`number`: E.164 with `+`; an internal extension's digits; empty if anonymous; the cleaned
    text if it could not be read. `matchable`: a customer may be found by it."""

    kind: Kind
    number: str

    @property
    def matchable(self) -> bool:
        return self.kind in ("e164", "extension")


def clean(text: str) -> str:
    """`text` without control characters and lone surrogates, trimmed, at most 80 characters."""
    kept = (c for c in text[: TEXT_MAX * 4] if unicodedata.category(c) not in ("Cc", "Cf", "Cs"))
    return "".join(kept).strip()[:TEXT_MAX]


def read_number(text: str, country: str) -> NumberRead:
    """Read `text` as dialled from `country` (ISO 3166 alpha-2, such as CN). Never raises for any
    text; raises ValueError if the country is unknown."""
    if country not in phonenumbers.SUPPORTED_REGIONS:
        raise ValueError(f"unknown country {country!r}; give two letters such as CN or GB")
    shown = clean(text)
    plain = URI.sub("", shown).split("@", 1)[0].split(";", 1)[0].strip()
    if not plain or plain.lower() in ANONYMOUS:
        return NumberRead("anonymous", "")
    digits = "".join(str(unicodedata.digit(c)) for c in plain if c.isdigit())
    if EXTENSION.fullmatch(plain):
        return NumberRead("extension", plain)
    found = _best(plain, digits, country)
    if found is None:
        return NumberRead("unreadable", shown)
    return NumberRead("e164", phonenumbers.format_number(found, PhoneNumberFormat.E164))


def _best(plain: str, digits: str, country: str) -> PhoneNumber | None:
    """A valid number as written, then a valid one with the plus that trunks often drop, then one
    whose length at least is possible (numbering plans change faster than tables)."""
    candidates = [(plain, country)]
    if not plain.startswith(("+", "＋")) and 8 <= len(digits) <= 15:
        candidates.append((f"+{digits}", country))
    parsed = [number for text, region in candidates if (number := _parse(text, region))]
    for number in parsed:
        if phonenumbers.is_valid_number(number):
            return number
    first = parsed[0] if parsed else None
    return first if first and phonenumbers.is_possible_number(first) else None


def _parse(text: str, country: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(text, country)
    except NumberParseException:
        return None


def display(number: str, country: str) -> str:
    """A number for people: national form at home, international form abroad."""
    found = _parse(number, country) if number.startswith("+") else None
    if found is None:
        return number
    home = phonenumbers.region_code_for_number(found) == country
    form = PhoneNumberFormat.NATIONAL if home else PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(found, form)


def region_of(number: str) -> str:
    """The country of an E.164 number (ISO 3166 alpha-2), '' when it has none or none is known."""
    parsed = _parse(number, "ZZ") if number.startswith("+") else None
    if parsed is None:
        return ""
    # Numbers that are given to nobody still belong to the country of their code.
    region = phonenumbers.region_code_for_number(
        parsed
    ) or phonenumbers.region_code_for_country_code(parsed.country_code or 0)
    return region if region and len(region) == 2 and region != "ZZ" else ""
