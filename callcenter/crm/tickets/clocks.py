"""The clocks of a ticket: first answer, solution, and the stage's own. Pure.

They count working hours, stand still while the customer is waited for, and are moved on by as much
working time as was waited.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from callcenter.crm.tickets.types import StageKind, Target
from callcenter.crm.work_hours import due, worked
from ivr.calendar import Calendar


@dataclass(frozen=True, slots=True)
class Clocks:
    """UNIX seconds. A time that is None does not count. `waiting_since`: they stand still."""

    created: float
    first_answered: float | None = None
    first_due: float | None = None
    solution_due: float | None = None
    stage_due: float | None = None
    waiting_since: float | None = None
    waited_seconds: float = 0.0
    solved: float | None = None
    closed: float | None = None

    @property
    def next_due(self) -> float | None:
        """What is due first; None while nothing runs."""
        if self.waiting_since is not None or self.closed is not None:
            return None
        running = [self.stage_due]
        if self.first_answered is None:
            running.append(self.first_due)
        if self.solved is None:
            running.append(self.solution_due)
        return min((time for time in running if time is not None), default=None)

    def late(self, now: float) -> tuple[str, ...]:
        """Which clocks have run out: first_answer, solution, stage."""
        if self.waiting_since is not None or self.closed is not None:
            return ()
        clocks = (
            ("first_answer", self.first_due if self.first_answered is None else None),
            ("solution", self.solution_due if self.solved is None else None),
            ("stage", self.stage_due),
        )
        return tuple(name for name, time in clocks if time is not None and time <= now)


def started(now: float, target: Target, hours: Calendar | None) -> Clocks:
    return aimed(Clocks(created=now), target, hours)


def aimed(clocks: Clocks, target: Target, hours: Calendar | None) -> Clocks:
    """The targets of a priority, counted from the beginning, and on by what was waited."""

    def at(minutes: int | None) -> float | None:
        if minutes is None:
            return None
        return due(hours, clocks.created, minutes * 60 + clocks.waited_seconds)

    return replace(
        clocks,
        first_due=at(target.first_answer_minutes),
        solution_due=at(target.solution_minutes),
    )


def entered(
    clocks: Clocks,
    kind: StageKind,
    deadline_minutes: int | None,
    now: float,
    hours: Calendar | None,
) -> Clocks:
    """The clocks after a ticket came into a stage of this kind."""
    if clocks.waiting_since is not None:
        since, waited = clocks.waiting_since, worked(hours, clocks.waiting_since, now)
        clocks = replace(
            clocks,
            waiting_since=None,
            waited_seconds=clocks.waited_seconds + waited,
            first_due=_on(clocks.first_due, since, now, hours),
            solution_due=_on(clocks.solution_due, since, now, hours),
        )
    stage_due = None if deadline_minutes is None else due(hours, now, deadline_minutes * 60)
    clocks = replace(clocks, stage_due=stage_due)
    if kind == "waiting":
        return replace(clocks, waiting_since=now, solved=None, closed=None)
    if kind == "open":
        return replace(clocks, solved=None, closed=None)
    solved = clocks.solved if clocks.solved is not None else now
    if kind == "solved":
        return replace(clocks, solved=solved, closed=None)
    return replace(clocks, solved=solved, closed=now, stage_due=None)


def _on(at: float | None, since: float, now: float, hours: Calendar | None) -> float | None:
    """A time that was ahead when the waiting began keeps its distance in working hours; one that
    had passed stays passed."""
    if at is None or at <= since:
        return at
    return due(hours, now, worked(hours, since, at))
