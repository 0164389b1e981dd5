"""Evaluation forms as values: sections of questions, each with a weight. The same shape in the
database and in the API.

A published version never changes, and an evaluation stays with the version it was begun by. This
file must not know where forms are kept.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

SECTIONS_MAX = 30
QUESTIONS_MAX = 60  # of a section
WEIGHT_MAX = 1000

Code = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,32}$")]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
OtherName = Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)]
Words = Annotated[str, StringConstraints(strip_whitespace=True, max_length=1000)]
Weight = Annotated[int, Field(ge=0, le=WEIGHT_MAX)]
Kind = Literal["yes-no", "scale"]


class Shape(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, json_schema_serialization_defaults_required=True
    )


class Question(Shape):
    """`steps`: a scale goes from 1, the worst, to so many. `weight` 0: asked, but not counted.
    `may_skip`: *not applicable* is an answer. `fails_all`: the worst answer makes the whole score
    0."""

    code: Code
    text: Name
    text_zh: OtherName = ""
    hint: Words = ""
    kind: Kind = "yes-no"
    steps: Annotated[int, Field(ge=2, le=10)] = 5
    weight: Weight = 1
    may_skip: bool = False
    fails_all: bool = False


class Section(Shape):
    code: Code
    name: Name
    name_zh: OtherName = ""
    weight: Weight = 1
    questions: Annotated[tuple[Question, ...], Field(min_length=1, max_length=QUESTIONS_MAX)]


class Form(Shape):
    """`pass_mark`: from this score on, an evaluation is passed. `queues` none: for all."""

    code: Code
    name: Name
    name_zh: OtherName = ""
    note: Words = ""
    queues: Annotated[
        tuple[Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,32}$")], ...],
        Field(max_length=200),
    ] = ()
    pass_mark: Annotated[int, Field(ge=0, le=100)] = 80
    sections: Annotated[tuple[Section, ...], Field(min_length=1, max_length=SECTIONS_MAX)]

    def questions(self) -> Iterator[Question]:
        for section in self.sections:
            yield from section.questions


@dataclass(frozen=True, slots=True)
class FormFlaw:
    where: str
    what: str
    what_zh: str


def flaws_of(form: Form) -> list[FormFlaw]:
    """All that keeps it from being published."""
    found = []
    for what, what_zh, codes in (
        ("sections", "部分", [section.code for section in form.sections]),
        ("questions", "问题", [question.code for question in form.questions()]),
    ):
        found += [
            FormFlaw(
                what,
                f"the code {code!r} is used {times} times",
                f"{what_zh}：代码 {code} 出现了 {times} 次",
            )
            for code, times in Counter(codes).items()
            if times > 1
        ]
    if not any(s.weight and any(q.weight for q in s.questions) for s in form.sections):
        lost = "no question has any weight: there would be no score"
        found.append(FormFlaw("sections", lost, "没有任何问题有权重：将没有得分"))
    return found
