"""Scripts as values: what an administrator writes, and a call's way through it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from callcenter.crm.call_forms.schemas import QueueCode
from callcenter.crm.definitions.schemas import Code, Defined, Name, OtherName

STEPS_MAX = 100
ANSWERS_MAX = 20
TEXT_MAX = 4000
TRAIL_MAX = 300
ANSWER_MAX = 2000

Ask = Literal["nothing", "choice", "text", "number", "date"]
CodeOrNone = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{0,32}$")]
Label = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class Answer(Defined):
    """`next` '': the script ends here. `value`: what is written into the step's field, '' for the
    label."""

    label: Label
    next: CodeOrNone = ""
    value: Annotated[str, Field(max_length=200)] = ""


class Step(Defined):
    """`text` is read out; in it `{{name}}` stands for one of `PLACEHOLDERS`. `ask`: with *choice*
    the answer decides what comes next, else `next` does ('': the end). `field`: the own field of
    the call's form that gets the answer."""

    code: Code
    title: Annotated[str, Field(max_length=120)] = ""
    text: Annotated[str, Field(max_length=TEXT_MAX)] = ""
    ask: Ask = "nothing"
    answers: Annotated[tuple[Answer, ...], Field(max_length=ANSWERS_MAX)] = ()
    next: CodeOrNone = ""
    field: CodeOrNone = ""


class Script(Defined):
    """The first step is where it begins. `queues` none: for all."""

    code: Code
    name: Name
    name_zh: OtherName = ""
    language: Literal["en", "zh"] = "en"
    queues: Annotated[tuple[QueueCode, ...], Field(max_length=200)] = ()
    steps: Annotated[tuple[Step, ...], Field(min_length=1, max_length=STEPS_MAX)]


@dataclass(frozen=True, slots=True)
class Problem:
    """`step` '': of the script as a whole. A script with errors cannot be published."""

    step: str
    code: str
    error: bool
    text: str


@dataclass(frozen=True, slots=True)
class StoredScript:
    """`published` None: no agent sees it. `draft_ahead`: the draft differs from that version."""

    script: Script
    active: bool
    published: int | None
    draft_ahead: bool
    revision: int
    updated: datetime
    updated_by: str


@dataclass(frozen=True, slots=True)
class ScriptVersion:
    number: int
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Run:
    """How far a call has come: (step, answer) one after the other, by the version it began with."""

    script: str
    number: int
    trail: Sequence[tuple[str, str]]
    revision: int


class ScriptChanged(Exception):
    """Somebody else changed it since it was read."""


class ScriptWrong(Exception):
    """It has errors and cannot be published."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems[0].text)
        self.problems = problems
