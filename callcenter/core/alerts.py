"""Alerts: when a figure has been beyond its limit for long enough, and when it is back.

One pure function, `judge`, over the rows that screens see: rules, figures, what stands, and the
time go in; what stands now and what happened come out. Who is told, and how, is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from callcenter.core.board import AgentRow, QueueRow
from callcenter.core.teams import Reach, within

Metric = Literal[
    "waiting",
    "longest_wait",
    "service_level",
    "abandoned",
    "abandon_rate",
    "available",
    "talking",
    "paused",
    "unreachable",
    "over_limit",
    "callbacks_scheduled",
    "callbacks_due",
]
Operator = Literal["over", "under"]
Scope = Literal["house", "team", "queue"]


@dataclass(frozen=True, slots=True)
class Rule:
    """`value`: the limit; `seconds`: for how long it must be passed. `scope`, `subject`: of which
    queue or team the figure is ("" for the whole house)."""

    id: str
    name: str
    metric: Metric
    operator: Operator
    value: float
    seconds: float
    scope: Scope = "house"
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a rule stands: beyond its limit since then, and told of or not."""

    since: float
    raised: bool = False


@dataclass(frozen=True, slots=True)
class Turn:
    """A rule was raised, or is over. `value`: the figure at that moment; None: there is none any
    more."""

    rule: Rule
    raised: bool
    at: float
    value: float | None


Queues = Iterable[QueueRow]
Agents = Iterable[AgentRow]


def _longest(queues: Queues, agents: Agents, now: float) -> float | None:
    joined = [row.oldest_joined_at for row in queues if row.oldest_joined_at is not None]
    return max(0.0, now - min(joined)) if joined else 0.0


def _share(part: float, whole: float) -> float | None:
    """Percent; of nothing there is none."""
    return 100.0 * part / whole if whole else None


def _service_level(queues: Queues, agents: Agents, now: float) -> float | None:
    rows = list(queues)
    return _share(sum(row.answered_in_target for row in rows), sum(row.offered for row in rows))


def _abandon_rate(queues: Queues, agents: Agents, now: float) -> float | None:
    rows = list(queues)
    return _share(sum(row.abandoned for row in rows), sum(row.offered for row in rows))


def _in_state(*states: str) -> Callable[[Queues, Agents, float], float | None]:
    return lambda queues, agents, now: float(sum(row.state in states for row in agents))


def _over_limit(queues: Queues, agents: Agents, now: float) -> float | None:
    def beyond(row: AgentRow) -> bool:
        return row.limit_seconds is not None and now - row.since > row.limit_seconds

    return float(sum(beyond(row) for row in agents))


METRICS: Final[Mapping[Metric, Callable[[Queues, Agents, float], float | None]]] = {
    "waiting": lambda queues, agents, now: float(sum(row.waiting for row in queues)),
    "longest_wait": _longest,
    "service_level": _service_level,
    "abandoned": lambda queues, agents, now: float(sum(row.abandoned for row in queues)),
    "abandon_rate": _abandon_rate,
    "available": _in_state("available"),
    "talking": _in_state("talking", "hold"),
    "paused": _in_state("paused"),
    "unreachable": _in_state("unreachable"),
    "over_limit": _over_limit,
    "callbacks_scheduled": lambda queues, agents, now: float(sum(row.scheduled for row in queues)),
    "callbacks_due": lambda queues, agents, now: float(sum(row.callbacks_due for row in queues)),
}


def figure(
    metric: Metric,
    reach: Reach,
    queues: Mapping[str, QueueRow],
    agents: Mapping[str, AgentRow],
    now: float,
) -> float | None:
    """What a metric is now over the queues and agents inside `reach`; None: there is none."""
    inside = [row for row in queues.values() if within(reach, queues=(row.queue,))]
    who = [row for row in agents.values() if within(reach, agents=(row.agent,))]
    return METRICS[metric](inside, who, now)


def judge(
    rules: Iterable[Rule],
    figures: Callable[[Rule], float | None],
    standing: Mapping[str, Standing],
    now: float,
) -> tuple[dict[str, Standing], list[Turn]]:
    """What stands at `now`, by rule, and what happened since it was `standing`. A rule that is
    gone, and one whose figure is gone, is over."""
    after: dict[str, Standing] = {}
    turns: list[Turn] = []
    for rule in rules:
        value, before = figures(rule), standing.get(rule.id)
        if value is None or not _beyond(rule, value):
            if before is not None and before.raised:
                turns.append(Turn(rule, False, now, value))
            continue
        stands = before or Standing(now)
        if not stands.raised and now - stands.since >= rule.seconds:
            stands = replace(stands, raised=True)
            turns.append(Turn(rule, True, now, value))
        after[rule.id] = stands
    return after, turns


def _beyond(rule: Rule, value: float) -> bool:
    return value > rule.value if rule.operator == "over" else value < rule.value
