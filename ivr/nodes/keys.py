"""Nodes that take one key: menu and language choice, and what every asking node shares.

A wrong key or silence is answered by asking again, `retries` times, before the port `invalid` or
`timeout` is taken; a missing `invalid` falls to `timeout`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from ivr.asks import Answer, Collect, Play, Played
from ivr.flow import Flow, Node
from ivr.nodes.kind import NEXT, Field, Jump, Kind, Mistake, Port, Step, fields
from ivr.nodes.run import MENUS_MAX, Run
from ivr.nodes.speech import INTERRUPTIBLE, PROMPT, SPEECH, say
from ivr.nodes.types import KEY, KEYS, LANGUAGE, matching, number, one_key, table, text, whole

RETRIES = Field("retries", whole(0, 10), "how often it is asked again", 2)
TIMEOUT = Field("timeout_seconds", number(0.5, 60), "silence after which nothing was pressed", 5.0)
INVALID_PROMPT: Field[object] = Field(
    "invalid_prompt", SPEECH, "said before asking again after a wrong key", ""
)
SILENT_PROMPT: Field[object] = Field(
    "timeout_prompt", SPEECH, "said before asking again after silence", ""
)
LABEL = Field("label", text(80), "its name in the caller's path and in reports", "")

TIMEOUT_PORT = Port("timeout", "nothing was pressed, to the last try")
INVALID_PORT = Port(
    "invalid", "something wrong was pressed, to the last try (without it: timeout)", optional=True
)


def label_of(node: Node) -> str:
    """The node's name in paths and reports."""
    return LABEL.of(node) or node.id


def digits_of(answer: Answer) -> str:
    """What was pressed; nothing when the answer is to something else."""
    return answer.digits if isinstance(answer, Played) else ""


def ask(node: Node, run: Run, collect: Collect) -> Play:
    """The node's question."""
    return Play(say(PROMPT.of(node), run), collect, INTERRUPTIBLE.of(node))


def again(node: Node, run: Run, why: str, collect: Collect) -> Step:
    """Ask once more, or leave by `timeout` / `invalid` when the tries are used up."""
    if run.tries >= RETRIES.of(node):
        return why if why in node.ports else "timeout"
    run.tries += 1
    before = (INVALID_PROMPT if why == "invalid" else SILENT_PROMPT).of(node)
    items = (say(before, run) if before else ()) + say(PROMPT.of(node), run)
    return Play(items, collect, INTERRUPTIBLE.of(node))


def one_digit(node: Node) -> Collect:
    """One key, taken at once."""
    return Collect(1, 1, TIMEOUT.of(node), terminator="")


ASKING: Final = fields(
    PROMPT, RETRIES, TIMEOUT, INVALID_PROMPT, SILENT_PROMPT, INTERRUPTIBLE, LABEL
)

# -- menu ---------------------------------------------------------------------------------------
CHOICES: Field[Mapping[str, object]] = Field(
    "choices",
    table(KEY, "a key (0-9 * #)", text(80), 12, 1),
    "key -> what it stands for",
    {},
    required=True,
)
REPEAT = Field("repeat_key", one_key("a key"), "says the menu again", "")
BACK = Field("back_key", one_key("a key"), "back to the menu before this one", "")
OPERATOR = Field("operator_key", one_key("a key"), "leaves by the port operator", "")


def _menu(node: Node, run: Run) -> Step:
    return ask(node, run, one_digit(node))


def _menu_answered(node: Node, run: Run, answer: Answer) -> Step:
    key = digits_of(answer)[:1]
    if not key:
        return again(node, run, "timeout", one_digit(node))
    choices = CHOICES.of(node)
    if key in choices:
        run.choose(f"{label_of(node)}: {key} {choices[key]}".strip())
        _remember(node, run)
        return key
    if key == OPERATOR.of(node):
        run.choose(f"{label_of(node)}: operator")
        return "operator"
    if key == BACK.of(node):
        return _back(node, run)
    if key == REPEAT.of(node):
        return _menu(node, run)
    return again(node, run, "invalid", one_digit(node))


def _remember(node: Node, run: Run) -> None:
    run.menus.append(node.id)
    del run.menus[:-MENUS_MAX]


def _back(node: Node, run: Run) -> Step:
    while run.menus:
        before = run.menus.pop()
        if before != node.id:
            return Jump(before)
    return _menu(node, run)


def _menu_ports(node: Node) -> tuple[Port, ...]:
    choices = CHOICES.of(node)
    keys = tuple(
        Port(key, f"{key} was pressed ({choices[key]})" if choices[key] else f"{key} was pressed")
        for key in KEYS
        if key in choices
    )
    if OPERATOR.of(node):
        keys += (Port("operator", "the operator key was pressed"),)
    return tuple(Port(port.name, port.about, acts=True) for port in keys)


def _menu_mistakes(node: Node, flow: Flow) -> Iterable[Mistake]:
    taken = dict.fromkeys(CHOICES.of(node), "a choice")
    for setting in (REPEAT, BACK, OPERATOR):
        key = setting.of(node)
        if key and key in taken:
            reason = f"key {key} is {taken[key]} and also {setting.name}"
            yield "", reason, "give each its own key"
        elif key:
            taken[key] = setting.name


MENU = Kind(
    "menu",
    "ask",
    "Says what can be pressed and takes one key.",
    _menu,
    _menu_answered,
    (*ASKING, *fields(CHOICES, REPEAT, BACK, OPERATOR)),
    (TIMEOUT_PORT, INVALID_PORT),
    _menu_ports,
    _menu_mistakes,
)

# -- language -----------------------------------------------------------------------------------
LANGUAGES: Field[Mapping[str, object]] = Field(
    "choices",
    table(KEY, "a key (0-9 * #)", matching(LANGUAGE, "a language (en, zh, ...)"), 12, 1),
    "key -> language",
    {},
    required=True,
)


def _language(node: Node, run: Run) -> Step:
    return ask(node, run, one_digit(node))


def _language_answered(node: Node, run: Run, answer: Answer) -> Step:
    """Silence keeps the language the caller has; that is no reason to lose a caller."""
    language = LANGUAGES.of(node).get(digits_of(answer)[:1])
    if language is not None:
        run.language = str(language)
        run.choose(f"{label_of(node)}: {language}")
        return "next"
    if run.tries < RETRIES.of(node):
        run.tries += 1
        return _language(node, run)
    return "next"


def _language_mistakes(node: Node, flow: Flow) -> Iterable[Mistake]:
    for language in LANGUAGES.of(node).values():
        if language not in flow.languages:
            reason = f"{language!r} is none of the flow's languages"
            yield "", reason, f"add it to 'languages' ({', '.join(flow.languages)})"


LANGUAGE_CHOICE = Kind(
    "language",
    "ask",
    "Lets the caller choose a language; silence keeps the present one.",
    _language,
    _language_answered,
    fields(PROMPT, LANGUAGES, RETRIES, TIMEOUT, INTERRUPTIBLE, LABEL),
    (NEXT,),
    mistakes=_language_mistakes,
)

ASKING_KEYS = (MENU, LANGUAGE_CHOICE)
