"""The node that takes several digits: an account, a PIN, a date, an amount; checked and confirmed.

What is kept in the variable: digits, accounts, PINs and telephone numbers as text (a leading zero
counts), a date as YYYY-MM-DD, an amount as a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from ivr.asks import Answer, Collect, Play, Played, Sealed
from ivr.expression import ExpressionFailed
from ivr.flow import Flow, Node
from ivr.localtime import is_date, local_time
from ivr.nodes.keys import (
    ASKING,
    INVALID_PORT,
    TIMEOUT,
    TIMEOUT_PORT,
    again,
    ask,
    digits_of,
)
from ivr.nodes.kind import Field, Kind, Mistake, Port, Step, fields
from ivr.nodes.run import Run
from ivr.nodes.speech import SPEECH, say
from ivr.nodes.types import (
    EXPRESSION,
    VARIABLE_NAME,
    number,
    one_key,
    one_of,
    whole,
    yes_no,
)

VARIABLE = Field("variable", VARIABLE_NAME, "where it is kept", "", required=True)
WHAT = Field(
    "what",
    one_of("digits", "account", "pin", "phone", "date", "amount"),
    "what the digits mean; an amount takes * as its decimal point",
    "digits",
)
DIGITS_MIN = Field("digits_min", whole(1, 32), "fewest digits", 1)
DIGITS_MAX = Field("digits_max", whole(1, 32), "most digits", 16)
INTER_DIGIT = Field("inter_digit_seconds", number(0.5, 30), "the pause that ends the digits", 2.0)
TERMINATOR = Field("terminator", one_of("#", "*", ""), "the key that ends the digits early", "#")
FORMAT = Field(
    "date_format",
    one_of("YYYYMMDD", "DDMMYYYY", "MMDDYYYY", "MMDD", "DDMM"),
    "how a date is keyed in; without a year the next such day is meant",
    "YYYYMMDD",
)
LUHN = Field("luhn", yes_no(), "the last digit must be a right Luhn check digit", False)
LEAST = Field("least", number(-1e12, 1e12), "smallest amount", 0.0)
MOST = Field("most", number(-1e12, 1e12), "largest amount", 1e9)
VALID_WHEN = Field(
    "valid_when",
    EXPRESSION,
    "an expression that must be true; `value` is what was keyed in",
    "",
    extra=("value",),
)
CONFIRM: Field[object] = Field(
    "confirm_prompt",
    SPEECH,
    "read back, then confirm or redo; `value` is what was keyed in",
    "",
    extra=("value",),
)
CONFIRM_KEY = Field("confirm_key", one_key("a key"), "the key that confirms", "1")
SECRET = Field("secret", yes_no(), "never shown or logged (PIN, card)", False)

_LENGTHS: Final = {"YYYYMMDD": 8, "DDMMYYYY": 8, "MMDDYYYY": 8, "MMDD": 4, "DDMM": 4}


# -- reading what was keyed in ------------------------------------------------------------------
def luhn_right(digits: str) -> bool:
    """ISO/IEC 7812-1 annex B: the check digit of card numbers."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def read_date(digits: str, form: str, today: str) -> str | None:
    """The day as YYYY-MM-DD, or None when there is no such day."""
    if len(digits) != _LENGTHS[form]:
        return None
    place = {part: form.index(part) for part in ("YYYY", "MM", "DD") if part in form}
    month = digits[place["MM"] : place["MM"] + 2]
    day = digits[place["DD"] : place["DD"] + 2]
    if "YYYY" in place:
        year = digits[place["YYYY"] : place["YYYY"] + 4]
        return f"{year}-{month}-{day}" if is_date(f"{year}-{month}-{day}") else None
    for year_from_now in range(9):  # 29 February may be up to eight years away
        there = f"{int(today[:4]) + year_from_now:04d}-{month}-{day}"
        if is_date(there) and there >= today:
            return there
    return None


def read_amount(keys: str) -> float | None:
    """12*5 as 12.5; at most two decimals."""
    whole_part, _, decimals = keys.partition("*")
    if not (whole_part + decimals).isdecimal() or not whole_part or len(decimals) > 2:
        return None
    return float(f"{whole_part}.{decimals or 0}")


def _value(node: Node, run: Run, keys: str) -> object:
    """What the keys mean, None when they are wrong."""
    if not keys.isascii() or not DIGITS_MIN.of(node) <= len(keys) <= _most(node):
        return None
    what = WHAT.of(node)
    value: object = keys
    if what == "amount":
        amount = read_amount(keys)
        value = amount if amount is not None and LEAST.of(node) <= amount <= MOST.of(node) else None
    elif not keys.isdecimal() or (LUHN.of(node) and not luhn_right(keys)):
        value = None
    elif what == "date":
        value = read_date(keys, FORMAT.of(node), local_time(run.now, run.flow.timezone).date)
    if value is not None and VALID_WHEN.of(node):
        try:
            value = value if run.evaluate(VALID_WHEN.of(node), {"value": value}) is True else None
        except ExpressionFailed:
            value = None
    return value


def _most(node: Node) -> int:
    return _LENGTHS[FORMAT.of(node)] if WHAT.of(node) == "date" else DIGITS_MAX.of(node)


# -- the node -----------------------------------------------------------------------------------
def _digits(node: Node) -> Collect:
    least = _LENGTHS[FORMAT.of(node)] if WHAT.of(node) == "date" else DIGITS_MIN.of(node)
    ends, secret = TERMINATOR.of(node), SECRET.of(node)
    return Collect(_most(node), least, TIMEOUT.of(node), INTER_DIGIT.of(node), ends, secret)


def _collect(node: Node, run: Run) -> Step:
    return ask(node, run, _digits(node))


def _collected(node: Node, run: Run, answer: Answer) -> Step:
    if isinstance(answer, Played) and answer.sealed is not None:
        return _sealed(node, run, answer.sealed)
    keys = digits_of(answer)
    if run.stage == "confirm":
        return _confirmed(node, run, keys)
    if not keys:
        return again(node, run, "timeout", _digits(node))
    value = _value(node, run, keys)
    if value is None:
        return again(node, run, "invalid", _digits(node))
    if CONFIRM.of(node):
        run.stage, run.kept = "confirm", keys
        return _read_back(node, run, value)
    run.set(VARIABLE.of(node), value)
    return "next"


def _sealed(node: Node, run: Run, sealed: Sealed) -> Step:
    """A secret: what can be said of it without knowing it is checked, and its handle is kept."""
    if not sealed.length:
        return again(node, run, "timeout", _digits(node))
    wanted = _digits(node)
    fits = wanted.digits_min <= sealed.length <= wanted.digits_max and sealed.plain
    if not fits or (LUHN.of(node) and not sealed.luhn):
        return again(node, run, "invalid", wanted)
    run.set(VARIABLE.of(node), sealed.handle)
    return "next"


def _read_back(node: Node, run: Run, value: object) -> Step:
    return Play(
        say(CONFIRM.of(node), run, {"value": value}), Collect(1, 1, TIMEOUT.of(node), terminator="")
    )


def _confirmed(node: Node, run: Run, keys: str) -> Step:
    """The confirming key keeps the value; any other asks anew; silence counts as a try."""
    value = _value(node, run, run.kept)
    if keys[:1] == CONFIRM_KEY.of(node) and value is not None:
        run.set(VARIABLE.of(node), value)
        return "next"
    run.stage, run.kept = "", ""
    return again(node, run, "invalid" if keys else "timeout", _digits(node))


def _mistakes(node: Node, flow: Flow) -> Iterable[Mistake]:
    if DIGITS_MIN.of(node) > DIGITS_MAX.of(node):
        yield "", "digits_min is more than digits_max", "make digits_min smaller"
    if LEAST.of(node) > MOST.of(node):
        yield "", "least is more than most", "make least smaller"
    if WHAT.of(node) == "amount" and TERMINATOR.of(node) == "*":
        yield "", "* is the decimal point and also ends the digits", "use # as the terminator"
    if WHAT.of(node) == "pin" and not SECRET.of(node):
        yield "", "a PIN that is not secret would be shown and logged", "write 'secret: true'"
    if SECRET.of(node) and CONFIRM.of(node):
        yield "", "what is secret may not be read back", "remove confirm_prompt"
    if SECRET.of(node) and VALID_WHEN.of(node):
        yield "", "what is secret is not known to expressions", "let a look-up say if it is right"
    if SECRET.of(node) and WHAT.of(node) in ("date", "amount", "phone"):
        yield "", f"a secret {WHAT.of(node)} cannot be read", "use 'digits', 'account' or 'pin'"


def _writes(node: Node) -> Mapping[str, tuple[str, ...]]:
    return {"next": (VARIABLE.of(node),)}


COLLECT = Kind(
    "collect",
    "ask",
    "Asks for digits, checks them and keeps them in a variable.",
    _collect,
    _collected,
    (
        *ASKING,
        *fields(
            VARIABLE,
            WHAT,
            DIGITS_MIN,
            DIGITS_MAX,
            INTER_DIGIT,
            TERMINATOR,
            FORMAT,
            LUHN,
            LEAST,
            MOST,
            VALID_WHEN,
            CONFIRM,
            CONFIRM_KEY,
            SECRET,
        ),
    ),
    (Port("next", "the digits are right", acts=True), TIMEOUT_PORT, INVALID_PORT),
    mistakes=_mistakes,
    writes=_writes,
)

COLLECTING = (COLLECT,)
