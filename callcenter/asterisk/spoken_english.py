"""Numbers, dates and times in English, as names of Asterisk's core sounds (one voice, recorded).

Each function gives None for a value that it cannot say. Pure.
"""

from __future__ import annotations

import re
from datetime import date

from callcenter.asterisk.spoken_values import amount, clock


def english_number(value: str) -> list[str] | None:
    """Sounds of a whole number such as "1205"; None if it is not one, or too large."""
    if not re.fullmatch(r"-?\d{1,12}", value.strip()):
        return None
    number = int(value)
    names = ["digits/minus"] if number < 0 else []
    return names + (_english_whole(abs(number)) or ["digits/0"])


def _english_whole(number: int) -> list[str]:
    for size, name in (
        (10**9, "billion"),
        (10**6, "million"),
        (1000, "thousand"),
        (100, "hundred"),
    ):
        if number >= size:
            head, rest = divmod(number, size)
            return [*_english_whole(head), f"digits/{name}", *_english_whole(rest)]
    if number > 20 and number % 10:
        return [f"digits/{number // 10 * 10}", f"digits/{number % 10}"]
    return [f"digits/{number}"] if number else []


def english_digits(value: str) -> list[str] | None:
    """Sounds of each digit of a number that is read out, such as a telephone number."""
    kept = re.sub(r"[\s().-]", "", value)
    names = {"*": "digits/star", "#": "digits/pound", "+": "letters/plus"}
    if not re.fullmatch(r"[0-9*#+]{1,40}", kept):
        return None
    return [names.get(sign, f"digits/{sign}") for sign in kept]


def english_date(value: str) -> list[str] | None:
    """Sounds of an ISO date: "Thursday, April the second, twenty twenty-six"."""
    try:
        day = date.fromisoformat(value.strip())
    except ValueError:
        return None
    names = [f"digits/day-{day.isoweekday() % 7}", f"digits/mon-{day.month - 1}"]
    if day.day <= 20 or day.day == 30:
        names.append(f"digits/h-{day.day}")
    else:
        names += [f"digits/{day.day // 10 * 10}", f"digits/h-{day.day % 10}"]
    century, rest = divmod(day.year, 100)
    if rest == 0 or century % 10 == 0:
        return names + _english_whole(day.year)
    tail = _english_whole(rest) if rest >= 10 else ["digits/oh", f"digits/{rest}"]
    return names + _english_whole(century) + tail


def english_time(value: str) -> list[str] | None:
    """Sounds of "14:05": "two oh five p m"."""
    read = clock(value)
    if read is None:
        return None
    hour, minute = read
    names = [f"digits/{hour % 12 or 12}"]
    if minute == 0:
        names.append("digits/oclock")
    elif minute < 10:
        names += ["digits/oh", f"digits/{minute}"]
    else:
        names += _english_whole(minute)
    return [*names, "digits/p-m" if hour >= 12 else "digits/a-m"]


MONEY_EN = {
    "CNY": "yuan",
    "USD": "dollars",
    "EUR": "euros",
    "GBP": "pounds",
    "HKD": "Hong Kong dollars",
}


def english_money(value: str) -> str:
    read = amount(value)
    if read is None:
        return value
    whole, part, currency = read
    name = MONEY_EN.get(currency, currency)
    return f"{whole} {name}" + (
        f" and {part} cents" if part and currency != "CNY" else (f" and {part} fen" if part else "")
    )
