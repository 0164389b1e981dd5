"""What is wrong with a script is found before an agent meets it."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from callcenter.crm.scripts.checking import problems_of
from callcenter.crm.scripts.schemas import Script
from callcenter.store.demo_knowledge import SCRIPTS

pytestmark = pytest.mark.pure


def script(*steps: dict[str, object]) -> Script:
    return Script.model_validate({"code": "s", "name": "S", "steps": steps})


def step(code: str, next: str = "", **more: object) -> dict[str, object]:
    return {"code": code, "text": "Hello {{customer_name}}", "next": next} | more


def choice(code: str, *answers: tuple[str, str]) -> dict[str, object]:
    offered = [{"label": label, "next": next} for label, next in answers]
    return step(code, ask="choice", answers=offered)


def found(*steps: dict[str, object]) -> list[tuple[str, str, bool]]:
    return [(one.step, one.code, one.error) for one in problems_of(script(*steps))]


def test_a_script_that_branches_and_ends_is_right() -> None:
    ways = choice("ask", ("Yes", "order"), ("No", "bye"))
    assert found(ways, step("order", "bye"), step("bye")) == []


def test_a_way_into_nothing_is_an_error_also_by_an_answer() -> None:
    assert found(step("a", "gone")) == [("a", "dangling", True)]
    assert found(choice("a", ("Yes", "gone"), ("No", ""))) == [("a", "dangling", True)]
    # What a step leads to without a choice does not count while it asks for one.
    assert found(choice("a", ("Yes", "")) | {"next": "gone"}) == []


def test_a_step_nobody_reaches_is_told_but_does_no_harm() -> None:
    assert found(step("a"), step("b")) == [("b", "unreachable", False)]


def test_a_circle_without_an_end_is_an_error() -> None:
    assert found(step("a", "b"), step("b", "a")) == [
        ("a", "endless", True),
        ("b", "endless", True),
    ]
    assert found(step("a", "b"), choice("b", ("again", "a"), ("end", ""))) == []


@pytest.mark.parametrize("name", ["secret", "customer_name | upper", "a.b", ""])
def test_only_names_of_the_list_are_looked_up(name: str) -> None:
    assert found(step("a", text=f"x {{{{{name}}}}} y")) == [("a", "placeholder", True)]
    assert found(step("a", text="{{ customer_name }} {{queue_name}}")) == []


def test_doubles_questions_without_answers_and_silent_steps() -> None:
    assert found(step("a"), step("a")) == [("a", "twice", True)]
    assert found(step("a", ask="choice")) == [("a", "no-answers", True)]
    assert found(step("a", text=" ")) == [("a", "empty", False)]
    with pytest.raises(ValidationError):
        script()


@pytest.mark.parametrize("body", SCRIPTS, ids=[str(body["code"]) for body in SCRIPTS])
def test_the_scripts_of_the_demonstration_are_right(body: dict[str, object]) -> None:
    assert problems_of(Script.model_validate(body)) == []
