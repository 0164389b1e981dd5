"""The small, safe language of conditions and values in a flow: CEL, from a library.

CEL cannot loop for ever, reads no clock and touches nothing outside the variables it is given. This
file adds the bounds that the library leaves to us (length, one macro at most, size and type of the
result) and is the only one that knows the library. Why this one: docs/decisions, "Expressions".
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import cel

EXPRESSION_MAX = 500
RESULT_TEXT_MAX = 2000
RESULT_ITEMS_MAX = 500
RESULT_DEPTH_MAX = 6
COMPILED_MAX = 8192  # compiled expressions kept, over all flows

# Macros that walk through a list. Two inside each other multiply; so one an expression.
_MACRO = re.compile(r"\.\s*(?:all|exists|exists_one|map|filter)\s*\(\s*([A-Za-z_]\w*)")
_QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*\"""")

FUNCTIONS = frozenset(
    "size contains startsWith endsWith matches int uint double string bool bytes timestamp duration"
    " type dyn has max min getFullYear getMonth getDate getDayOfMonth getDayOfWeek getDayOfYear"
    " getHours getMinutes getSeconds getMilliseconds optional of none".split()
)


class ExpressionWrong(Exception):
    """The expression cannot be used; the text says why, in one sentence without a full stop."""


class ExpressionFailed(Exception):
    """The expression is sound but has no value with these variables (a missing field, text plus
    number, division by zero)."""


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression. `names`: the variables it reads."""

    text: str
    names: tuple[str, ...]
    program: cel.Program


@lru_cache(maxsize=COMPILED_MAX)
def compiled(text: str) -> Expression:
    """The expression in `text`. Raises ExpressionWrong."""
    if not text.strip():
        raise ExpressionWrong("the expression is empty")
    if len(text) > EXPRESSION_MAX:
        raise ExpressionWrong(f"the expression has {len(text)} characters, more than the limit")
    bare = _QUOTED.sub("''", text)
    bound = _MACRO.findall(bare)
    if len(bound) > 1:
        raise ExpressionWrong("more than one of map, filter, all and exists")
    import cel  # with its command line, for which the start of a service has no time

    try:
        program = cel.compile(text)
        used = program.references()
    except (ValueError, RuntimeError, UnicodeError) as error:
        raise ExpressionWrong(_reason(error)) from None
    for function in used["functions"]:
        if function.isidentifier() and function not in FUNCTIONS:  # operators are not
            raise ExpressionWrong(f"there is no function {function!r}")
    names = tuple(name for name in used["variables"] if name not in bound)
    return Expression(text, names, program)


def _reason(error: Exception) -> str:
    """The library's message without its picture of the source."""
    text = str(error)
    found = re.search(r"ERROR: <input>:\d+:(\d+): (?:Syntax error: )?([^\n]*)", text)
    if not found:
        return text.split("\n", maxsplit=1)[0][:200]
    inner = re.search(r'msg: "([^"]*)"', found[2])
    return f"at character {found[1]}: {(inner[1] if inner else found[2])[:150]}"


def value_of(text: str, variables: Mapping[str, object]) -> object:
    """The value of the expression with these variables: text, number, true/false, None, or a list
    or table of these. Raises ExpressionWrong or ExpressionFailed."""
    expression = compiled(text)
    given = {name: variables[name] for name in expression.names if name in variables}
    try:
        result = expression.program.execute(given)
    except Exception as error:  # the library raises nearly every built-in kind, by the mistake
        raise ExpressionFailed(_failure(error, expression, given)) from None
    return plain(result)


def _failure(error: Exception, expression: Expression, given: Mapping[str, object]) -> str:
    missing = [name for name in expression.names if name not in given]
    if missing:
        return f"there is no variable {', '.join(missing)}"
    if isinstance(error, KeyError):
        return f"there is no field {error}"
    return str(error).split("\n", maxsplit=1)[0][:200] or type(error).__name__


def plain(value: object, depth: int = 0) -> object:
    """`value` as a plain and bounded JSON value. Raises ExpressionFailed for anything else."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ExpressionFailed("the result is not a finite number")
        return value
    if isinstance(value, str):
        if len(value) > RESULT_TEXT_MAX:
            raise ExpressionFailed(f"the result is longer than {RESULT_TEXT_MAX} characters")
        return value
    if depth >= RESULT_DEPTH_MAX:
        raise ExpressionFailed(f"the result is more than {RESULT_DEPTH_MAX} levels deep")
    if isinstance(value, (list, tuple)) and len(value) <= RESULT_ITEMS_MAX:
        return [plain(item, depth + 1) for item in value]
    if isinstance(value, Mapping) and len(value) <= RESULT_ITEMS_MAX:
        return {str(key): plain(item, depth + 1) for key, item in value.items()}
    raise ExpressionFailed(f"the result is no plain value of bounded size ({type(value).__name__})")
