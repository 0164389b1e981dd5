"""Values of own fields, checked against their definitions. Pure.

Values without a definition are kept as they are: they came from elsewhere, or their definition was
removed; nothing is lost by a change of definitions.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import date

from callcenter.crm.fields.schemas import OwnField

TEXT_MAX = 2000
NUMBER_MAX = 1e15

YES = frozenset(("true", "yes", "y", "1", "是", "对", "有"))
NO = frozenset(("false", "no", "n", "0", "否", "不", "无", "没有"))


class _Wrong(Exception):
    """The value is not of the kind; the text says what is."""


def checked_values(
    fields: Sequence[OwnField], values: Mapping[str, object], *, at: str = "custom"
) -> tuple[dict[str, object], list[tuple[str, str]]]:
    """The values in one form each, and what is wrong (place and reason). Emptied ones are left
    out."""
    known = {field.code: field for field in fields}
    clean: dict[str, object] = {}
    flaws: list[tuple[str, str]] = []
    for code, value in values.items():
        field = known.get(code)
        if _empty(value):
            continue
        if field is None:
            clean[code] = value
            continue
        try:
            clean[code] = _read(field, value)
        except _Wrong as wrong:
            flaws.append((f"{at}.{code}", f"{field.name}: {wrong}"))
    wrong_places = {place for place, _ in flaws}
    flaws += [
        (f"{at}.{field.code}", f"{field.name}: must be filled in")
        for field in fields
        if field.required and field.code not in clean and f"{at}.{field.code}" not in wrong_places
    ]
    return clean, flaws


def _empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _read(field: OwnField, value: object) -> object:
    if field.kind == "number":
        return _number(value)
    if field.kind == "yesno":
        return _yes_or_no(value)
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _Wrong("is no text")
    text = str(value).strip()
    if field.kind == "date":
        return _date(text)
    if field.kind == "choice":
        return _choice(field, text)
    if len(text) > TEXT_MAX:
        raise _Wrong(f"has more than {TEXT_MAX} characters")
    return text


def _number(value: object) -> int | float:
    if isinstance(value, bool):
        raise _Wrong("is no number")
    if isinstance(value, str):
        text = value
        try:
            value = float(text.replace(",", "").replace(" ", ""))
        except ValueError:
            raise _Wrong(f"{text[:40]!r} is no number") from None
    if not isinstance(value, int | float) or not math.isfinite(value) or abs(value) > NUMBER_MAX:
        raise _Wrong("is no number that can be kept")
    return int(value) if float(value).is_integer() else value


def _yes_or_no(value: object) -> bool:
    if isinstance(value, bool):
        return value
    text = str(value).strip().lower()
    if text in YES | NO:
        return text in YES
    raise _Wrong(f"{text[:40]!r} is neither yes nor no")


def _date(text: str) -> str:
    plain = text.replace("/", "-").replace(".", "-")
    for mark in ("年", "月"):
        plain = plain.replace(mark, "-")
    parts = plain.removesuffix("日").strip("-").split("T")[0].split(" ")[0].split("-")
    try:
        year, month, day = (int(part) for part in parts)
        return date(year, month, day).isoformat()
    except ValueError:
        raise _Wrong(f"{text[:40]!r} is no date; write 2026-12-31") from None


def _choice(field: OwnField, text: str) -> str:
    """By code, or by one of its names."""
    for choice in field.choices:
        if text.casefold() in (
            choice.code,
            choice.name.casefold(),
            choice.name_zh.casefold() or None,
        ):
            return choice.code
    names = ", ".join(choice.name for choice in field.choices[:10])
    raise _Wrong(f"{text[:40]!r} is none of: {names}")
