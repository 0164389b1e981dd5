"""The score of an evaluation, and how far judges of one recording lie apart. Pure; the definition
in words is in docs/metrics.md (`callcenter.reports.measures`).

* An answer is worth 0 to 1: *no* 0, *yes* 1; a scale of n steps (answer - 1) / (n - 1).
* A section: the mean of its answers, weighted by the questions' weights. What is not applicable
  is left out, and so its weight goes to the others.
* The score: 100 times the mean of the sections, weighted by theirs. A section of which nothing
  applies is left out in the same way. Nothing applies at all: there is no score.
* The worst answer to a question that fails all makes the score 0; the sections keep theirs.

Worked out in fractions and rounded to hundredths once, at the end.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from callcenter.quality.forms import Form, Question, Section

Answers = Mapping[str, int | None]
"""By question: 0 for *no* and 1 for *yes*, the step of a scale, None for *not applicable*."""


@dataclass(frozen=True, slots=True)
class Score:
    """`total` 0 to 100, None where nothing applied; `failed`: the questions that made it 0."""

    total: float | None
    sections: Mapping[str, float | None]
    failed: tuple[str, ...]
    passed: bool | None


def flaws_of_answers(form: Form, answers: Answers, *, whole: bool) -> list[tuple[str, str]]:
    """(question, what is wrong). `whole`: nothing may be missing."""
    asked = {question.code: question for question in form.questions()}
    found = [(code, "the form has no such question") for code in answers if code not in asked]
    for code, question in asked.items():
        if code not in answers:
            if whole:
                found.append((code, "it is not answered"))
            continue
        answer = answers[code]
        if answer is None:
            if not question.may_skip:
                found.append((code, "it cannot be left out as not applicable"))
            continue
        low, high = _ends(question)
        if not low <= answer <= high:
            found.append((code, f"the answer must be between {low} and {high}"))
    return found


def score(form: Form, answers: Answers) -> Score:
    """Of a whole set of answers (see `flaws_of_answers`)."""
    sections = {one.code: _section(one, answers) for one in form.sections}
    applied = [(one, sections[one.code]) for one in form.sections]
    total = _mean([(one.weight, value) for one, value in applied])
    failed = tuple(
        question.code
        for question in form.questions()
        if question.fails_all and answers.get(question.code) == _ends(question)[0]
    )
    if failed:
        total = Fraction(0)
    return Score(
        total=_rounded(total),
        sections={code: _rounded(value) for code, value in sections.items()},
        failed=failed,
        passed=None if total is None else 100 * total >= form.pass_mark and not failed,
    )


def _section(section: Section, answers: Answers) -> Fraction | None:
    return _mean([(one.weight, _worth(one, answers.get(one.code))) for one in section.questions])


def _worth(question: Question, answer: int | None) -> Fraction | None:
    if answer is None:
        return None
    low, high = _ends(question)
    return Fraction(answer - low, high - low)


def _ends(question: Question) -> tuple[int, int]:
    """The worst and the best answer."""
    return (0, 1) if question.kind == "yes-no" else (1, question.steps)


def _mean(values: Sequence[tuple[int, Fraction | None]]) -> Fraction | None:
    weighed = [(weight, value) for weight, value in values if value is not None]
    below = sum(weight for weight, _ in weighed)
    return sum((w * value for w, value in weighed), Fraction(0)) / below if below else None


def _rounded(value: Fraction | None) -> float | None:
    return None if value is None else float(round(100 * value, 2))


# -- several judges -------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Spread:
    """Of what several judges gave: `deviation` is that of the whole, not of a sample of it;
    `range` is highest less lowest. `count` judges gave a value."""

    count: int
    lowest: float
    highest: float
    mean: float
    deviation: float

    @property
    def range(self) -> float:
        return self.highest - self.lowest


def spread(values: Sequence[float | None]) -> Spread | None:
    """None: nobody gave a value."""
    given = [value for value in values if value is not None]
    if not given:
        return None
    mean = math.fsum(given) / len(given)
    variance = math.fsum((value - mean) ** 2 for value in given) / len(given)
    return Spread(len(given), min(given), max(given), mean, math.sqrt(variance))


def agreement(values: Sequence[int | str | None]) -> float:
    """The share of judges who gave the commonest answer; *not applicable* is an answer."""
    return max(values.count(value) for value in values) / len(values)
