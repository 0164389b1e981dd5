"""A customer as a person typed him, checked and brought into one form. No I/O.

Used by the form and by the import alike, so that a file cannot bring in what a form would refuse.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from callcenter.crm.customers.schemas import (
    CHANNELS,
    CustomerDraft,
    CustomerEmail,
    CustomerNumber,
    Rejected,
)
from callcenter.crm.fields.checking import checked_values
from callcenter.crm.fields.schemas import OwnField
from callcenter.store.accounts import printable
from callcenter.store.numbers import read_number

NAME_MAX = 200
NOTES_MAX = 8000
NUMBERS_MAX = 20
EMAILS_MAX = 20
EMAIL_MAX = 254  # RFC 5321, 4.5.3.1.3, less the angle brackets
TAGS_MAX = 30
TAG_MAX = 40
CUSTOM_BYTES_MAX = 20_000
# Not RFC 5322 in full: what people really have, and nothing that could be two addresses.
EMAIL = re.compile(r"[^\s@<>,;\"]{1,64}@[^\s@<>,;\"]+\.[^\s@<>,;\".]{2,}")

Flaws = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Checked:
    """`numbers` and `emails`: read, each once."""

    draft: CustomerDraft
    numbers: list[CustomerNumber]
    emails: list[CustomerEmail]


def checked(draft: CustomerDraft, country: str, fields: Sequence[OwnField]) -> Checked | Rejected:
    """The draft as it can be kept, or what is wrong with it."""
    custom, flaws = checked_values(fields, draft.custom)
    draft = replace(
        draft,
        name=one_line(draft.name),
        company=one_line(draft.company),
        language=one_line(draft.language),
        notes=printable(draft.notes, NOTES_MAX + 1).strip(),
        tags=tuple(dict.fromkeys(tag for tag in map(one_line, draft.tags) if tag)),
        owner_agent=draft.owner_agent or None,
        custom=custom,
    )
    numbers, wrong_numbers = read_numbers(draft, country)
    emails, wrong_emails = read_emails(draft)
    flaws += wrong_numbers + wrong_emails + _limits(draft, numbers, emails)
    return Rejected(tuple(flaws)) if flaws else Checked(draft, numbers, emails)


def _limits(draft: CustomerDraft, numbers: Sequence[object], emails: Sequence[object]) -> Flaws:
    consent = draft.consent or {}
    limits = (
        ("name", not draft.name, "must not be empty"),
        ("name", len(draft.name) > NAME_MAX, f"has more than {NAME_MAX} characters"),
        ("company", len(draft.company) > NAME_MAX, f"has more than {NAME_MAX} characters"),
        ("notes", len(draft.notes) > NOTES_MAX, f"have more than {NOTES_MAX} characters"),
        ("numbers", len(numbers) > NUMBERS_MAX, f"are more than {NUMBERS_MAX}"),
        ("emails", len(emails) > EMAILS_MAX, f"are more than {EMAILS_MAX}"),
        ("tags", len(draft.tags) > TAGS_MAX, f"are more than {TAGS_MAX}"),
        ("tags", any(len(tag) > TAG_MAX for tag in draft.tags), "one is too long"),
        ("language", len(draft.language) > 16, "is no language such as en or zh"),
        ("priority", not -100 <= draft.priority <= 100, "must be between -100 and 100"),
        ("value_seconds", not 0 <= draft.value_seconds <= 86_400, "must be between 0 and 86400"),
        ("custom", _size(draft.custom) > CUSTOM_BYTES_MAX, "is too large"),
        ("consent", not set(consent) <= set(CHANNELS), f"knows only {', '.join(CHANNELS)}"),
        (
            "consent",
            not set(consent.values()) <= {"granted", "refused", ""},
            "is granted or refused",
        ),
    )
    return [(where, f"{where} {reason}") for where, wrong, reason in limits if wrong]


def read_numbers(draft: CustomerDraft, country: str) -> tuple[list[CustomerNumber], Flaws]:
    """The numbers read, each once; and those that cannot be read."""
    read: dict[str, CustomerNumber] = {}
    flaws = []
    for place, (typed, label) in enumerate(draft.numbers):
        shown = one_line(typed)[:80]
        if not shown:
            continue
        number = read_number(typed, country)
        if not number.matchable:
            flaws.append((f"numbers.{place}", f"{shown!r} is not a telephone number"))
            continue
        found = CustomerNumber(number.number, one_line(label)[:40], shown)
        read.setdefault(number.number, found)
    return list(read.values()), flaws


def read_emails(draft: CustomerDraft) -> tuple[list[CustomerEmail], Flaws]:
    """The addresses in one form, each once; and those that are none."""
    read: dict[str, CustomerEmail] = {}
    flaws = []
    for place, (typed, label) in enumerate(draft.emails):
        shown = one_line(typed)
        if not shown:
            continue
        address = folded_email(shown)
        if len(address) > EMAIL_MAX or not EMAIL.fullmatch(address):
            flaws.append((f"emails.{place}", f"{shown[:80]!r} is not an e-mail address"))
            continue
        read.setdefault(address, CustomerEmail(address, one_line(label)[:40], shown))
    return list(read.values()), flaws


def folded_email(text: str) -> str:
    """One form for comparing. The part before @ may differ by case in theory, and never does."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def one_line(text: str) -> str:
    """One line of text: blanks and line breaks become single blanks."""
    return " ".join(printable(text, 10_000).split())


def _size(custom: object) -> int:
    try:
        return len(json.dumps(custom, ensure_ascii=False).encode("utf-8", "replace"))
    except (TypeError, ValueError, RecursionError):
        return CUSTOM_BYTES_MAX + 1
