"""Nodes that offer the caller something of several steps: a callback, a survey question, a
recording."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ivr.asks import Answer, Collect, Found, LookUp, Play, Record, Recorded
from ivr.expression import ExpressionFailed
from ivr.flow import Flow, Node
from ivr.nodes.ends import LANGUAGE_SKILL, PRIORITY, SKILLS, skills_of
from ivr.nodes.keys import (
    ASKING,
    INVALID_PORT,
    TIMEOUT,
    TIMEOUT_PORT,
    again,
    ask,
    digits_of,
    label_of,
    one_digit,
)
from ivr.nodes.kind import NEXT, Field, Kind, Mistake, Port, Step, fields
from ivr.nodes.run import Run
from ivr.nodes.speech import SPEECH, as_text, say
from ivr.nodes.types import (
    EXPRESSION,
    NAME,
    matching,
    named,
    number,
    one_key,
    whole,
    yes_no,
)

# -- callback offer -----------------------------------------------------------------------------
QUEUE = Field("queue", named("queue"), "the queue whose place is kept", "", required=True)
NUMBER = Field("number", EXPRESSION, "the number offered (an expression)", "caller_number")
ACCEPT_KEY = Field("accept_key", one_key("a key"), "yes, at the number offered", "1")
OTHER_KEY = Field("other_key", one_key("a key"), "yes, at another number", "2")
DECLINE_KEY = Field("decline_key", one_key("a key"), "no, thank you", "3")
OTHER_PROMPT: Field[object] = Field(
    "other_prompt", SPEECH, "asks for the other number, ended by #", ""
)
BOOKED_PROMPT: Field[object] = Field("booked_prompt", SPEECH, "said when it is booked", "")


def _number(node: Node, run: Run) -> str:
    try:
        number_ = as_text(run.evaluate(NUMBER.of(node)))
    except ExpressionFailed:
        return ""
    return number_ if re.fullmatch(r"\+?[0-9]{3,20}", number_) else ""


def _callback(node: Node, run: Run) -> Step:
    """A caller without a number can only be offered another one."""
    if not _number(node, run) and not OTHER_PROMPT.of(node):
        return "declined"
    return ask(node, run, one_digit(node))


def _callback_answered(node: Node, run: Run, answer: Answer) -> Step:
    if run.stage == "booking":
        return _booked(node, run, answer)
    if run.stage == "booked":
        return "booked"
    key = digits_of(answer)
    if run.stage == "other":
        return _other_number(node, run, key)
    if not key:
        return again(node, run, "timeout", one_digit(node))
    if key[:1] == ACCEPT_KEY.of(node) and _number(node, run):
        return _book(node, run, _number(node, run))
    if key[:1] == OTHER_KEY.of(node) and OTHER_PROMPT.of(node):
        run.stage = "other"
        return Play(say(OTHER_PROMPT.of(node), run), Collect(20, 3, TIMEOUT.of(node), 3.0, "#"))
    if key[:1] == DECLINE_KEY.of(node):
        run.choose(f"{label_of(node)}: declined")
        return "declined"
    return again(node, run, "invalid", one_digit(node))


def _other_number(node: Node, run: Run, keys: str) -> Step:
    if re.fullmatch(r"[0-9]{3,20}", keys):
        return _book(node, run, keys)
    run.stage = ""
    return again(node, run, "invalid" if keys else "timeout", one_digit(node))


def _book(node: Node, run: Run, number_: str) -> Step:
    run.stage = "booking"
    return LookUp(
        "callback",
        {
            "queue": QUEUE.of(node),
            "number": number_,
            "priority": PRIORITY.of(node),
            "skills": skills_of(node, run),
            "language": run.language,
        },
    )


def _booked(node: Node, run: Run, answer: Answer) -> Step:
    if not isinstance(answer, Found) or answer.error:
        return "failed" if "failed" in node.ports else "declined"
    run.choose(f"{label_of(node)}: booked")
    if not BOOKED_PROMPT.of(node):
        return "booked"
    run.stage = "booked"
    return Play(say(BOOKED_PROMPT.of(node), run))


def _callback_mistakes(node: Node, flow: Flow) -> Iterable[Mistake]:
    keys = [setting.of(node) for setting in (ACCEPT_KEY, OTHER_KEY, DECLINE_KEY)]
    if len(set(keys)) < len(keys):
        yield "", "two answers have the same key", "give each its own key"


CALLBACK = Kind(
    "callback",
    "offer",
    "Offers to call back: the caller may hang up and keeps the place in the queue.",
    _callback,
    _callback_answered,
    (
        *ASKING,
        *fields(
            QUEUE,
            SKILLS,
            LANGUAGE_SKILL,
            PRIORITY,
            NUMBER,
            ACCEPT_KEY,
            OTHER_KEY,
            DECLINE_KEY,
            OTHER_PROMPT,
            BOOKED_PROMPT,
        ),
    ),
    (
        Port("booked", "the callback is booked", acts=True),
        Port("declined", "the caller does not want it, or has no number"),
        Port("failed", "it could not be booked (without it: declined)", optional=True),
        TIMEOUT_PORT,
        INVALID_PORT,
    ),
    mistakes=_callback_mistakes,
)

# -- survey -------------------------------------------------------------------------------------
QUESTION = Field("question", matching(NAME, "a question's id"), "its id in the reports", "csat")
LOWEST = Field("lowest", whole(0, 9), "lowest score", 1)
HIGHEST = Field("highest", whole(0, 9), "highest score", 5)


def _survey(node: Node, run: Run) -> Step:
    return ask(node, run, one_digit(node))


def _survey_answered(node: Node, run: Run, answer: Answer) -> Step:
    """The score is handed in; whether that went well is not the caller's worry."""
    if run.stage == "handing-in":
        return "next"
    key = digits_of(answer)[:1]
    if not key:
        return again(node, run, "timeout", one_digit(node))
    if not key.isdecimal() or not LOWEST.of(node) <= int(key) <= HIGHEST.of(node):
        return again(node, run, "invalid", one_digit(node))
    run.stage = "handing-in"
    run.choose(f"{label_of(node)}: {key}")
    return LookUp("survey", {"question": QUESTION.of(node), "score": int(key)})


def _survey_mistakes(node: Node, flow: Flow) -> Iterable[Mistake]:
    if LOWEST.of(node) >= HIGHEST.of(node):
        yield "", "lowest is not below highest", "make lowest smaller"


SURVEY = Kind(
    "survey",
    "offer",
    "Asks for a score by one key and hands it in.",
    _survey,
    _survey_answered,
    (*ASKING, *fields(QUESTION, LOWEST, HIGHEST)),
    (Port("next", "a score was given", acts=True), TIMEOUT_PORT, INVALID_PORT),
    mistakes=_survey_mistakes,
)

# -- recording ----------------------------------------------------------------------------------
RECORDING = Field("name", matching(NAME, "a recording's name"), "what it is", "", required=True)
SECONDS_MAX = Field("seconds_max", number(1, 600), "longest recording", 120.0)
SILENCE = Field("silence_seconds", number(1, 30), "silence that ends it", 4.0)
BEEP = Field("beep", yes_no(), "a tone before it", True)
BEFORE: Field[object] = Field("prompt", SPEECH, "said before it", "")


def _record(node: Node, run: Run) -> Step:
    items = say(BEFORE.of(node), run)
    return Play(items) if items else _recording(node, run)


def _recording(node: Node, run: Run) -> Step:
    run.stage = "recording"
    return Record(RECORDING.of(node), SECONDS_MAX.of(node), SILENCE.of(node), BEEP.of(node))


def _recorded(node: Node, run: Run, answer: Answer) -> Step:
    if run.stage != "recording":
        return _recording(node, run)
    empty = not isinstance(answer, Recorded) or answer.failed or answer.seconds <= 0
    return "empty" if empty and "empty" in node.ports else "next"


RECORD = Kind(
    "record",
    "offer",
    "Records what the caller says (a complaint, an address).",
    _record,
    _recorded,
    fields(BEFORE, RECORDING, SECONDS_MAX, SILENCE, BEEP),
    (NEXT, Port("empty", "nothing was said or kept (without it: next)", optional=True)),
)

OFFERING = (CALLBACK, SURVEY, RECORD)
