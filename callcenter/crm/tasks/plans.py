"""Follow-up plans: what is due how many days after a ticket was made, solved or closed. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from callcenter.crm.definitions.schemas import Code, Defined, Name, OtherName

Trigger = Literal["ticket_created", "ticket_solved", "ticket_closed"]
TASKS_MAX = 60
DAY = 86_400.0


class PlanStep(Defined):
    """`repeat_days` and `times`: again every so many days, so many times in all."""

    after_days: Annotated[int, Field(ge=0, le=3650)]
    kind: Literal["task", "call"] = "call"
    title: Name
    title_zh: OtherName = ""
    repeat_days: Annotated[int, Field(ge=0, le=3650)] = 0
    times: Annotated[int, Field(ge=1, le=24)] = 1


class FollowUpPlan(Defined):
    """`ticket_type` '': of any type. `owner`: who gets the tasks; nobody known: whoever takes them
    from the list."""

    code: Code
    name: Name
    name_zh: OtherName = ""
    active: bool = True
    trigger: Trigger = "ticket_closed"
    ticket_type: Annotated[str, Field(pattern=r"^[a-z0-9_-]{0,32}$")] = ""
    owner: Literal["ticket_owner", "customer_owner", "nobody"] = "ticket_owner"
    steps: Annotated[tuple[PlanStep, ...], Field(min_length=1, max_length=20)]

    def dates(self, now: float) -> Iterator[tuple[int, PlanStep, float]]:
        """(number of the step, step, when), `TASKS_MAX` at most."""
        made = 0
        for number, step in enumerate(self.steps, 1):
            for time in range(step.times if step.repeat_days else 1):
                if made == TASKS_MAX:
                    return
                made += 1
                yield number, step, now + (step.after_days + time * step.repeat_days) * DAY
