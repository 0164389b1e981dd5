"""Nodes that take keys from the caller: menu, digits, language choice.

A wrong key or silence is answered by saying it again, `retries` times, before the port `invalid`
or `timeout` is taken; a missing `invalid` falls to `timeout`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from ivr.asks import Answer, Collect, Play, Played
from ivr.flow import Node
from ivr.nodes.kind import NEXT, Field, Kind, Port, Run, Step, fields
from ivr.nodes.speech import PROMPT, said
from ivr.nodes.types import (
    KEYS,
    LANGUAGE,
    VARIABLE_NAME,
    matching,
    number,
    one_of,
    prompt,
    table,
    text,
    whole,
)

KEY = re.compile(r"^[0-9*#]$")

CHOICES: Field[Mapping[str, object]] = Field(
    "choices",
    table(KEY, "a key (0-9 * #)", text(), 12),
    "key -> what it stands for",
    {},
    required=True,
)
RETRIES = Field("retries", whole(0, 10), "how often it is said again", 2)
TIMEOUT = Field("timeout_seconds", number(0.5, 60), "silence after which it counts as none", 5.0)
INVALID_PROMPT = Field("invalid_prompt", prompt(), "said before asking again after a wrong key", "")
SILENT_PROMPT = Field("timeout_prompt", prompt(), "said before asking again after silence", "")
REPEAT = Field("repeat_key", matching(KEY, "a key"), "this key says the menu again", "")
OPERATOR = Field("operator_key", matching(KEY, "a key"), "this key leaves by port operator", "")

LABEL = Field("label", text(), "name in the caller's path and in reports", "")
TIMEOUT_PORT = Port("timeout", "nothing was pressed")
INVALID_PORT = Port("invalid", "wrong keys only (without it: as timeout)", optional=True)


def label_of(node: Node) -> str:
    return LABEL.of(node) or node.id


def _again(node: Node, run: Run, why: str, collect: Collect) -> Step:
    """Ask once more, or leave by `timeout` / `invalid` when the tries are used up."""
    if run.tries >= RETRIES.of(node):
        return why if why in node.ports else "timeout"
    run.tries += 1
    before = (INVALID_PROMPT if why == "invalid" else SILENT_PROMPT).of(node)
    return Play((said(before) if before else ()) + said(PROMPT.of(node)), collect)


# -- menu ---------------------------------------------------------------------------------------
def _one_key(node: Node) -> Collect:
    return Collect(1, 1, TIMEOUT.of(node), terminator="")


def _menu(node: Node, run: Run) -> Step:
    return Play(said(PROMPT.of(node)), _one_key(node))


def _menu_answered(node: Node, run: Run, answer: Answer) -> Step:
    if not isinstance(answer, Played):
        return _again(node, run, "timeout", _one_key(node))
    key = answer.digits[:1]
    if not key:
        return _again(node, run, "timeout", _one_key(node))
    if key in CHOICES.of(node):
        run.path.append(f"{label_of(node)}: {key} {CHOICES.of(node)[key]}".strip())
        return key
    if key == OPERATOR.of(node):
        run.path.append(f"{label_of(node)}: operator")
        return "operator"
    if key == REPEAT.of(node):
        return Play(said(PROMPT.of(node)), _one_key(node))
    return _again(node, run, "invalid", _one_key(node))


def _menu_ports(node: Node) -> tuple[Port, ...]:
    choices = CHOICES.of(node)
    keys = tuple(
        Port(key, str(choices[key]) or f"key {key}", acts=True) for key in KEYS if key in choices
    )
    operator = (Port("operator", "the operator key", acts=True),) if OPERATOR.of(node) else ()
    return keys + operator


MENU = Kind(
    "menu",
    "Says what can be pressed and takes one key.",
    _menu,
    _menu_answered,
    fields(
        PROMPT, CHOICES, RETRIES, TIMEOUT, INVALID_PROMPT, SILENT_PROMPT, REPEAT, OPERATOR, LABEL
    ),
    (TIMEOUT_PORT, INVALID_PORT),
    _menu_ports,
)

# -- collect ------------------------------------------------------------------------------------
VARIABLE = Field("variable", VARIABLE_NAME, "where the digits are kept", "", required=True)
DIGITS_MIN = Field("digits_min", whole(1, 32), "fewest digits", 1)
DIGITS_MAX = Field("digits_max", whole(1, 32), "most digits", 16)
INTER_DIGIT = Field("inter_digit_seconds", number(0.5, 30), "pause that ends the digits", 2.0)
TERMINATOR = Field("terminator", one_of("#", "*", ""), "key that ends the digits early", "#")


def _digits(node: Node) -> Collect:
    return Collect(
        DIGITS_MAX.of(node),
        DIGITS_MIN.of(node),
        TIMEOUT.of(node),
        INTER_DIGIT.of(node),
        TERMINATOR.of(node),
    )


def _collect(node: Node, run: Run) -> Step:
    return Play(said(PROMPT.of(node)), _digits(node))


def _collected(node: Node, run: Run, answer: Answer) -> Step:
    digits = answer.digits if isinstance(answer, Played) else ""
    if not digits:
        return _again(node, run, "timeout", _digits(node))
    if not (DIGITS_MIN.of(node) <= len(digits) <= DIGITS_MAX.of(node) and digits.isdecimal()):
        return _again(node, run, "invalid", _digits(node))
    run.variables[VARIABLE.of(node)] = digits
    return "next"


COLLECT = Kind(
    "collect",
    "Asks for digits and keeps them in a variable.",
    _collect,
    _collected,
    fields(
        PROMPT,
        VARIABLE,
        DIGITS_MIN,
        DIGITS_MAX,
        RETRIES,
        TIMEOUT,
        INTER_DIGIT,
        TERMINATOR,
        INVALID_PROMPT,
        SILENT_PROMPT,
        LABEL,
    ),
    (Port("next", "digits were taken", acts=True), TIMEOUT_PORT, INVALID_PORT),
)

# -- language -----------------------------------------------------------------------------------
LANGUAGES: Field[Mapping[str, object]] = Field(
    "choices",
    table(KEY, "a key (0-9 * #)", matching(LANGUAGE, "a language (en, zh, ...)"), 12),
    "key -> language",
    {},
    required=True,
)


def _language(node: Node, run: Run) -> Step:
    return Play(said(PROMPT.of(node)), _one_key(node))


def _language_answered(node: Node, run: Run, answer: Answer) -> Step:
    """Silence keeps the language the caller has; that is no reason to lose a caller."""
    key = answer.digits[:1] if isinstance(answer, Played) else ""
    if key and key in LANGUAGES.of(node):
        run.language = str(LANGUAGES.of(node)[key])
        run.path.append(f"{label_of(node)}: {run.language}")
        return "next"
    if run.tries < RETRIES.of(node):
        run.tries += 1
        return Play(said(PROMPT.of(node)), _one_key(node))
    return "next"


LANGUAGE_CHOICE = Kind(
    "language",
    "Lets the caller choose a language; silence keeps the present one.",
    _language,
    _language_answered,
    fields(PROMPT, LANGUAGES, RETRIES, TIMEOUT, LABEL),
    (NEXT,),
)

KEYS_KINDS = (MENU, COLLECT, LANGUAGE_CHOICE)
