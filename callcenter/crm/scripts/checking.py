"""What is wrong with a script. Pure.

`PLACEHOLDERS` is the whole list of names that a text may look up: flat, no expressions, filled in
by the console as plain text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from callcenter.crm.scripts.schemas import Problem, Script, Step

PLACEHOLDERS = (
    "customer_name",
    "customer_company",
    "customer_number",
    "agent_name",
    "queue_name",
    "called_number",
)
_LOOK_UP = re.compile(r"\{\{(.*?)\}\}", re.DOTALL)


def problems_of(script: Script) -> list[Problem]:
    """Errors first, each at its step."""
    found = [*_twice(script.steps), *_dangling(script.steps), *_texts(script.steps)]
    if not any(problem.error for problem in found):
        found += _unreachable(script.steps)
        found += _endless(script.steps)
    return sorted(found, key=lambda problem: not problem.error)


def nexts(step: Step) -> tuple[str, ...]:
    """Where a step may lead; '' is the end."""
    if step.ask == "choice":
        return tuple(answer.next for answer in step.answers)
    return (step.next,)


def _twice(steps: Sequence[Step]) -> Iterator[Problem]:
    seen: set[str] = set()
    for step in steps:
        if step.code in seen:
            yield Problem(step.code, "twice", True, f"two steps are called {step.code!r}")
        seen.add(step.code)
        if step.ask == "choice" and not step.answers:
            yield Problem(
                step.code, "no-answers", True, f"step {step.code!r} asks but offers no answer"
            )


def _dangling(steps: Sequence[Step]) -> Iterator[Problem]:
    codes = {step.code for step in steps}
    for step in steps:
        for code in nexts(step):
            if code and code not in codes:
                text = f"step {step.code!r} leads to {code!r}, which does not exist"
                yield Problem(step.code, "dangling", True, text)


def _texts(steps: Sequence[Step]) -> Iterator[Problem]:
    for step in steps:
        if not step.text.strip() and not step.title.strip():
            yield Problem(step.code, "empty", False, f"step {step.code!r} says nothing")
        for name in _LOOK_UP.findall(step.text):
            if name.strip() not in PLACEHOLDERS:
                known = ", ".join(PLACEHOLDERS)
                text = f"{{{{{name[:40]}}}}} cannot be looked up; known are: {known}"
                yield Problem(step.code, "placeholder", True, text)


def _unreachable(steps: Sequence[Step]) -> Iterator[Problem]:
    by_code = {step.code: step for step in steps}
    reached: set[str] = set()
    ahead = [steps[0].code]
    while ahead:
        code = ahead.pop()
        if code and code not in reached:
            reached.add(code)
            ahead += nexts(by_code[code])
    for step in steps:
        if step.code not in reached:
            text = f"no answer leads to step {step.code!r}"
            yield Problem(step.code, "unreachable", False, text)


def _endless(steps: Sequence[Step]) -> Iterator[Problem]:
    """Steps from which the script never ends."""
    ends = {step.code for step in steps if "" in nexts(step)}
    while True:
        more = {step.code for step in steps if set(nexts(step)) & ends} - ends
        if not more:
            break
        ends |= more
    for step in steps:
        if step.code not in ends:
            yield Problem(step.code, "endless", True, f"from step {step.code!r} there is no end")
