"""What can be said: recorded prompts, values in the caller's language, and texts with values in
them. Used by every node that speaks; play and say are the nodes that do nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Literal, cast

from ivr.asks import Answer, Play, PromptItem
from ivr.expression import ExpressionFailed
from ivr.flow import Flow, Node
from ivr.localtime import is_date
from ivr.nodes.kind import NEXT, Field, Kind, Mistake, Ref, Step, Type, Wrong, fields
from ivr.nodes.run import Run
from ivr.nodes.types import (
    EXPRESSION,
    LANGUAGE,
    NAME,
    check_expression,
    matching,
    one_of,
    shown,
    text,
    yes_no,
)

ValueKind = Literal["number", "digits", "date", "time", "money"]
VALUE_KINDS = ("number", "digits", "date", "time", "money")
ITEMS_MAX = 20
SAID_MAX = 1000  # characters of a text with its values filled in
PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*(?:\.[A-Za-z_]\w*)*)\}")
CURRENCY = re.compile(r"^[A-Z]{3}$")
TIME = re.compile(r"^([01]\d|2[0-3]):[0-5]\d$")

_CURE = "write a prompt's id, or a list of ids and of {number: ...}, {digits: ...}, {text: ...}"


# -- reading ------------------------------------------------------------------------------------
def _read_text(value: object) -> str:
    said = text().read(value)
    bare = PLACEHOLDER.sub("", said)
    if "{" in bare or "}" in bare:
        raise Wrong(
            f"{shown(said)} has a brace that holds no variable",
            "write {variable} or {variable.field}; work a value out in a set node first",
        )
    return said


def read_words(value: object) -> object:
    """A text for all languages, or a table language -> text. Values go in {braces}."""
    if isinstance(value, Mapping):
        out = {}
        for language, said in value.items():
            if not isinstance(language, str) or not LANGUAGE.fullmatch(language):
                raise Wrong(f"{shown(language)} is no language", "write en, zh, ...")
            out[language] = _read_text(said)
        if not out:
            raise Wrong("the text is in no language", "write {en: ..., zh: ...}")
        return out
    return _read_text(value)


def word_refs(value: object) -> Iterable[Ref]:
    """The languages of a table of texts (as one ref), and the variables in braces."""
    texts = list(value.values()) if isinstance(value, Mapping) else [value]
    refs = [("expression", name) for said in texts for name in PLACEHOLDER.findall(str(said or ""))]
    if isinstance(value, Mapping):
        refs.append(("languages", " ".join(sorted(value))))
    return refs


def _read_item(item: object) -> object:
    if isinstance(item, str):
        return matching(NAME, "a prompt's id").read(item)
    if not isinstance(item, Mapping) or not item:
        raise Wrong(f"{shown(item)} cannot be said", _CURE)
    kind, value = next(iter(item.items()))
    rest = {name: given for name, given in item.items() if name != kind}
    if kind == "text" and not rest:
        return {"text": read_words(value)}
    if kind == "prompt" and not rest:
        return matching(NAME, "a prompt's id").read(value)
    if kind in VALUE_KINDS and (not rest or (kind == "money" and set(rest) == {"currency"})):
        read: dict[str, object] = {str(kind): check_expression(value)}
        if rest:
            read["currency"] = matching(CURRENCY, "a currency (CNY, USD)").read(rest["currency"])
        return read
    raise Wrong(f"{shown(item)} cannot be said", _CURE)


def read_speech(value: object) -> object:
    """A prompt's id, or a list of things to say."""
    if isinstance(value, list):
        if not 1 <= len(value) <= ITEMS_MAX:
            raise Wrong(f"{len(value)} things to say", f"write 1 to {ITEMS_MAX}")
        return [_read_item(item) for item in value]
    if isinstance(value, Mapping):
        return [_read_item(value)]
    return _read_item(value)


def speech_refs(value: object) -> Iterable[Ref]:
    refs: list[Ref] = []
    for item in value if isinstance(value, list) else [value]:
        if isinstance(item, str) and item:
            refs.append(("prompt", item))
        elif isinstance(item, Mapping):
            for kind, inner in item.items():
                if kind == "text":
                    refs.extend(word_refs(inner))
                elif kind in VALUE_KINDS:
                    refs.append(("expression", str(inner)))
    return refs


_ITEM_SCHEMA: Mapping[str, object] = {
    "oneOf": [
        {"type": "string", "pattern": NAME.pattern},
        {
            "type": "object",
            "minProperties": 1,
            "maxProperties": 2,
            "additionalProperties": False,
            "properties": {
                "prompt": {"type": "string", "pattern": NAME.pattern},
                "text": {"type": ["string", "object"]},
                "currency": {"type": "string", "pattern": CURRENCY.pattern},
                **{kind: EXPRESSION.schema for kind in VALUE_KINDS},
            },
        },
    ]
}
SPEECH: Type[object] = Type(
    read_speech,
    {
        "x-speech": True,
        "oneOf": [
            *cast("list[object]", _ITEM_SCHEMA["oneOf"]),
            {"type": "array", "minItems": 1, "maxItems": ITEMS_MAX, "items": _ITEM_SCHEMA},
        ],
    },
    speech_refs,
)
WORDS: Type[object] = Type(
    read_words,
    {
        "x-words": True,
        "oneOf": [
            {"type": "string", "maxLength": 1000},
            {"type": "object", "additionalProperties": {"type": "string"}, "minProperties": 1},
        ],
    },
    word_refs,
)


# -- saying -------------------------------------------------------------------------------------
def words(value: object, run: Run, extra: Mapping[str, object] | None = None) -> str:
    """The text in the caller's language (else the flow's first) with its values filled in; a value
    that is not there is left out."""
    if isinstance(value, Mapping):
        value = value.get(run.language) or value.get(run.flow.languages[0]) or ""

    def fill(found: re.Match[str]) -> str:
        try:
            return as_text(run.evaluate(found.group(1), extra))
        except ExpressionFailed:
            return ""

    return PLACEHOLDER.sub(fill, str(value))[:SAID_MAX]


def as_text(value: object) -> str:
    """A value as it is read out or sent: no decimal point behind whole numbers."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value)


def value_item(
    kind: ValueKind, value: object, currency: str = "", run: Run | None = None
) -> PromptItem | None:
    """The value as something to say; None (with a trouble noted) when it is not of that kind."""
    said = as_text(value)
    right = bool(said)
    if kind in ("number", "money"):
        right = isinstance(value, (int, float)) and not isinstance(value, bool)
        if kind == "money" and right:
            said = f"{float(cast(float, value)):.2f} {currency}".strip()
    elif kind == "digits":
        right = bool(re.fullmatch(r"[0-9*#+]{1,40}", said))
    elif kind == "date":
        right = is_date(said)
    else:
        right = bool(TIME.fullmatch(said))
    if right:
        return PromptItem(kind, said)
    if run is not None:
        run.trouble("data", f"{shown(value)} cannot be said as {kind}")
    return None


def say(
    value: object, run: Run, extra: Mapping[str, object] | None = None
) -> tuple[PromptItem, ...]:
    """What a speech setting says now. Things without a value are left out."""
    if isinstance(value, str):
        return (PromptItem("prompt", value),) if value else ()
    out = []
    for item in cast("list[object]", value):
        if isinstance(item, str):
            out.append(PromptItem("prompt", item))
        elif isinstance(item, Mapping):
            said = _say_item(item, run, extra)
            if said is not None:
                out.append(said)
    return tuple(out)


def _say_item(
    item: Mapping[str, object], run: Run, extra: Mapping[str, object] | None
) -> PromptItem | None:
    kind, inner = next(iter(item.items()))
    if kind == "text":
        said = words(inner, run, extra)
        return PromptItem("text", said) if said else None
    try:
        value = run.evaluate(str(inner), extra)
    except ExpressionFailed:
        return None
    return value_item(cast(ValueKind, kind), value, str(item.get("currency", "")), run)


# -- the nodes ----------------------------------------------------------------------------------
PROMPT: Field[object] = Field("prompt", SPEECH, "what is said", "", required=True)
INTERRUPTIBLE = Field("interruptible", yes_no(), "a key cuts it short", True)


def _play(node: Node, run: Run) -> Step:
    items = say(PROMPT.of(node), run)
    return Play(items, None, INTERRUPTIBLE.of(node)) if items else "next"


def _played(node: Node, run: Run, answer: Answer) -> Step:
    return "next"


PLAY = Kind(
    "play",
    "speak",
    "Says something and goes on.",
    _play,
    _played,
    fields(PROMPT, INTERRUPTIBLE),
    (NEXT,),
)

AS = Field("as", one_of(*VALUE_KINDS, "text"), "how the value is spoken", "text")
VALUE = Field("value", EXPRESSION, "the value (an expression)", "")
TEXT: Field[object] = Field("text", WORDS, "a text per language, values in {braces}", "")
SAY_CURRENCY = Field("currency", matching(CURRENCY, "a currency (CNY, USD)"), "for money", "")


def _say(node: Node, run: Run) -> Step:
    if TEXT.of(node):
        said = words(TEXT.of(node), run)
        return Play((PromptItem("text", said),)) if said else "next"
    try:
        value = run.evaluate(VALUE.of(node))
    except ExpressionFailed:
        return "next"
    if AS.of(node) == "text":
        said = as_text(value)[:SAID_MAX]
        return Play((PromptItem("text", said),)) if said else "next"
    item = value_item(cast(ValueKind, AS.of(node)), value, SAY_CURRENCY.of(node), run)
    return Play((item,)) if item else "next"


def _say_mistakes(node: Node, flow: Flow) -> Iterable[Mistake]:
    if bool(TEXT.of(node)) == bool(VALUE.of(node)):
        yield "", "a say node needs either 'text' or 'value'", "write one of them"


SAY = Kind(
    "say",
    "speak",
    "Says a text, or a value in the caller's language.",
    _say,
    _played,
    fields(TEXT, VALUE, AS, SAY_CURRENCY),
    (NEXT,),
    mistakes=_say_mistakes,
)

SPEAKING = (PLAY, SAY)
