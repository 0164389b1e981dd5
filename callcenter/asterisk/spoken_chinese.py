"""Numbers, dates, times and money in Chinese, as text for the speech maker. Pure."""

from __future__ import annotations

import re
from datetime import date

from callcenter.asterisk.spoken_values import amount, clock

MONEY_ZH = {"CNY": "元", "USD": "美元", "EUR": "欧元", "GBP": "英镑", "HKD": "港元", "JPY": "日元"}
ZH_DIGITS = "零一二三四五六七八九"


def chinese_number(value: str, *, plain: bool = False) -> str | None:
    """How a whole number is said as a count: 12 -> 十二, 200 -> 两百, 2 -> 两, 10020 -> 一万零二十.

    `plain`: as an ordinal or a bare number, where 2 is 二. None if `value` is not one."""
    if not re.fullmatch(r"-?\d{1,12}", value.strip()):
        return None
    number = int(value)
    sign = "负" if number < 0 else ""
    number = abs(number)
    if number == 0:
        return "零"
    if number == 2 and not plain:
        return f"{sign}两"
    said = _chinese_whole(number)
    return sign + (said.removeprefix("一") if said.startswith("一十") else said)


def _chinese_whole(number: int) -> str:
    for size, name in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            head, rest = divmod(number, size)
            said = ("两" if head == 2 else _chinese_whole(head)) + name
            return (
                said
                + ("零" if 0 < rest < size // 10 else "")
                + (_chinese_whole(rest) if rest else "")
            )
    said = ""
    gap = False
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, size)
        if digit == 0:
            gap = bool(said)
            continue
        said += "零" if gap else ""
        said += "两" if digit == 2 and size >= 100 and not said else ZH_DIGITS[digit]
        said += name
        gap = False
    return said


def chinese_digits(value: str) -> str:
    """Digit by digit; in a number of three or more, 1 is said 幺 as on the telephone."""
    one = "幺" if sum(sign.isdigit() for sign in value) >= 3 else "一"
    names = {"*": "星", "#": "井", "+": "加", "1": one}
    signs = (names.get(s) or (ZH_DIGITS[int(s)] if s in "0123456789" else s) for s in value)
    return "".join(signs)


def chinese_date(value: str) -> str:
    try:
        day = date.fromisoformat(value.strip())
    except ValueError:
        return value
    year = "".join(ZH_DIGITS[int(sign)] for sign in f"{day.year}")
    return (
        f"{year}年{chinese_number(str(day.month), plain=True)}月"
        f"{chinese_number(str(day.day), plain=True)}日"
    )


def chinese_time(value: str) -> str:
    read = clock(value)
    if read is None:
        return value
    hour, minute = read
    said = f"{chinese_number(str(hour))}点"
    if minute == 0:
        return f"{said}整"
    return f"{said}{'零' if minute < 10 else ''}{chinese_number(str(minute), plain=True)}分"


def chinese_money(value: str) -> str:
    """12.05 CNY -> 十二元零五分; other currencies with the point: 十二点零五美元."""
    read = amount(value)
    if read is None:
        return value
    whole, part, currency = read
    said = chinese_number(str(whole), plain=False) or ""
    name = MONEY_ZH.get(currency, currency)
    if part == 0:
        return said + name
    tenth, hundredth = divmod(part, 10)
    if currency != "CNY":
        digits = ZH_DIGITS[tenth] + (ZH_DIGITS[hundredth] if hundredth else "")
        return f"{chinese_number(str(whole), plain=True)}点{digits}{name}"
    tail = f"{ZH_DIGITS[tenth]}角" if tenth else "零"
    tail += f"{ZH_DIGITS[hundredth]}分" if hundredth else ""
    return f"{said}元{tail}" if whole else tail.removeprefix("零")
