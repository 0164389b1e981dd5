"""The score of an evaluation: by hand, and whatever the form and the answers are."""

from __future__ import annotations

import math
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from callcenter.quality.forms import Form, Question, Section, flaws_of
from callcenter.quality.scoring import (
    Answers,
    Spread,
    agreement,
    flaws_of_answers,
    score,
    spread,
)

pytestmark = pytest.mark.pure


def yes_no(code: str, **more: object) -> Question:
    return Question.model_validate({"code": code, "text": code} | more)


def scale(code: str, steps: int = 5, **more: object) -> Question:
    return yes_no(code, kind="scale", steps=steps, **more)


def form(*sections: tuple[int, list[Question]], pass_mark: int = 80) -> Form:
    made = [
        Section(code=f"s{n}", name=f"S{n}", weight=weight, questions=tuple(questions))
        for n, (weight, questions) in enumerate(sections)
    ]
    return Form(code="f", name="F", pass_mark=pass_mark, sections=tuple(made))


TWO = form(
    (30, [yes_no("greets", weight=1), yes_no("name", weight=3, may_skip=True)]),
    (70, [scale("listens", 5, weight=1), yes_no("data", weight=1, fails_all=True)]),
)


def test_sections_and_questions_weigh_what_the_form_says() -> None:
    found = score(TWO, {"greets": 1, "name": 0, "listens": 4, "data": 1})
    # 30 x 1/4 + 70 x (3/4 + 1) / 2
    assert found.total == 68.75
    assert found.sections == {"s0": 25.0, "s1": 87.5}
    assert (found.failed, found.passed) == ((), False)


def test_what_is_not_applicable_gives_its_weight_to_the_others() -> None:
    assert score(TWO, {"greets": 1, "name": None, "listens": 4, "data": 1}).total == 91.25
    empty = form((50, [yes_no("a", may_skip=True)]), (50, [scale("b", 3)]))
    found = score(empty, {"a": None, "b": 2})
    assert (found.total, found.sections) == (50.0, {"s0": None, "s1": 50.0})


def test_nothing_applies_and_there_is_no_score() -> None:
    found = score(form((1, [yes_no("a", may_skip=True)])), {"a": None})
    assert (found.total, found.passed) == (None, None)


def test_one_answer_fails_it_all_and_the_sections_keep_theirs() -> None:
    found = score(TWO, {"greets": 1, "name": 1, "listens": 5, "data": 0})
    assert (found.total, found.failed, found.passed) == (0.0, ("data",), False)
    assert found.sections == {"s0": 100.0, "s1": 50.0}
    harsh = form((1, [scale("tone", 4, fails_all=True), yes_no("b")]), pass_mark=0)
    assert score(harsh, {"tone": 2, "b": 0}).passed
    assert not score(harsh, {"tone": 1, "b": 1}).passed


def test_a_third_is_rounded_once_at_the_end() -> None:
    thirds = form((1, [yes_no("a"), yes_no("b"), yes_no("c")]), pass_mark=66)
    found = score(thirds, {"a": 1, "b": 1, "c": 0})
    assert (found.total, found.passed) == (66.67, True)
    assert not score(form((1, [scale("a", 4)]), pass_mark=67), {"a": 3}).passed


def test_answers_are_held_to_the_form() -> None:
    flaws = flaws_of_answers(TWO, {"greets": None, "listens": 6, "other": 1}, whole=True)
    assert {code for code, _ in flaws} == {"greets", "listens", "other", "name", "data"}
    assert flaws_of_answers(TWO, {"listens": 1}, whole=False) == []
    assert flaws_of_answers(TWO, {"listens": 0}, whole=False) != []


def test_a_form_that_cannot_give_a_score_is_not_published() -> None:
    assert flaws_of(TWO) == []
    assert flaws_of(form((1, [yes_no("a", weight=0)])))
    assert flaws_of(form((0, [yes_no("a")])))
    assert flaws_of(form((1, [yes_no("a")]), (1, [yes_no("a")])))


# -- whatever it is -------------------------------------------------------------------------------
@st.composite
def judged(draw: st.DrawFn) -> tuple[Form, Answers]:
    """A form that can be published, and a whole set of answers."""
    sections, number = [], 0
    for _ in range(draw(st.integers(1, 4))):
        questions = []
        for _ in range(draw(st.integers(1, 5))):
            number += 1
            questions.append(
                Question(
                    code=f"q{number}",
                    text="?",
                    kind=draw(st.sampled_from(["yes-no", "scale"])),
                    steps=draw(st.integers(2, 10)),
                    weight=draw(st.integers(0, 9)),
                    may_skip=draw(st.booleans()),
                    fails_all=draw(st.integers(0, 9)) == 0,
                )
            )
        sections.append((draw(st.integers(0, 9)), questions))
    made = form(*sections, pass_mark=draw(st.integers(0, 100)))
    assume(not flaws_of(made))
    answers: dict[str, int | None] = {}
    for question in made.questions():
        steps = st.integers(0, 1) if question.kind == "yes-no" else st.integers(1, question.steps)
        answers[question.code] = draw(st.none() | steps if question.may_skip else steps)
    return made, answers


def recomputed(made: Form, answers: Answers) -> Fraction | None:
    """The same in one sum over all questions, in another way than the program's."""
    for one in made.questions():
        worst = 0 if one.kind == "yes-no" else 1
        if one.fails_all and answers[one.code] == worst:
            return Fraction(0)
    top = below = Fraction(0)
    for section in made.sections:
        counted = [q for q in section.questions if answers[q.code] is not None and q.weight]
        if not counted or not section.weight:
            continue
        share = Fraction(section.weight, sum(q.weight for q in counted))
        below += section.weight
        for q in counted:
            answer = answers[q.code]
            assert answer is not None
            worth = Fraction(answer) if q.kind == "yes-no" else Fraction(answer - 1, q.steps - 1)
            top += share * q.weight * worth
    return 100 * top / below if below else None


@given(judged())
def test_the_score_is_what_another_sum_gives(one: tuple[Form, Answers]) -> None:
    made, answers = one
    found, expected = score(made, answers), recomputed(made, answers)
    assert found.total == (None if expected is None else float(round(expected, 2)))
    assert found.total is None or 0 <= found.total <= 100


@given(judged(), st.integers(2, 7))
def test_weights_count_in_proportion_alone(one: tuple[Form, Answers], times: int) -> None:
    made, answers = one

    def more(question: Question) -> Question:
        return question.model_copy(update={"weight": question.weight * times})

    sections = [
        section.model_copy(
            update={
                "weight": section.weight * times,
                "questions": tuple(more(question) for question in section.questions),
            }
        )
        for section in made.sections
    ]
    heavy = made.model_copy(update={"sections": tuple(sections)})
    assert score(heavy, answers) == score(made, answers)


@given(judged())
def test_not_applicable_is_as_if_it_had_not_been_asked(one: tuple[Form, Answers]) -> None:
    made, answers = one
    sections = []
    for section in made.sections:
        left = tuple(q for q in section.questions if answers[q.code] is not None)
        if left:
            sections.append(section.model_copy(update={"questions": left}))
    assume(sections)
    fewer = made.model_copy(update={"sections": tuple(sections)})
    found, again = score(made, answers), score(fewer, answers)
    kept = {code: value for code, value in found.sections.items() if code in again.sections}
    assert replace(found, sections=kept) == again


@given(judged())
def test_a_better_answer_never_lowers_the_score(one: tuple[Form, Answers]) -> None:
    made, answers = one
    for question in made.questions():
        answer = answers[question.code]
        best = 1 if question.kind == "yes-no" else question.steps
        if answer is None or answer == best:
            continue
        before, after = score(made, answers), score(made, {**answers, question.code: answer + 1})
        assert (after.total or 0) >= (before.total or 0)


# -- several judges -------------------------------------------------------------------------------
def test_judges_lie_apart_by_range_and_deviation() -> None:
    found = spread([60.0, 80.0, None, 100.0, 80.0])
    assert found == Spread(4, 60.0, 100.0, 80.0, math.sqrt(200))
    assert found is not None
    assert found.range == 40
    assert spread([None, None]) is None
    assert agreement([1, 1, 0, None]) == 0.5
    assert agreement([None, None]) == 1.0
