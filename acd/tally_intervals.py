"""The figures of one replication interval by interval, of some of the queues.

Callers belong to the interval in which they arrived; agents' time is cut at the borders. As in
`acd.tally`: service level of all offered, mean wait of all, occupancy as busy time by time on duty.
Agents are those who serve one of the queues.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from acd.happened import Caller, Run, Worker
from acd.scenario import Scenario
from acd.tally import Figure, Figures


def interval_figures(scenario: Scenario, run: Run, queues: frozenset[str]) -> dict[str, Figures]:
    """ "all", and each interval of `scenario.edges` by its number."""
    edges = scenario.edges
    callers = [one for one in run.callers if one.kind.queue in queues]
    workers = [one for one in run.workers if any(q in queues for q in one.group.queues)]
    by_place: list[list[Caller]] = [[] for _ in edges]
    for caller in callers:
        by_place[bisect_right(edges, caller.arrived_at) - 1].append(caller)
    spent = _spent(workers, edges, scenario.horizon_seconds)
    limits = {name: queue.service_level_seconds for name, queue in scenario.queues.items()}
    out = {str(place): _figures(some, limits, spent[place]) for place, some in enumerate(by_place)}
    whole = (sum(busy for busy, _ in spent), sum(staffed for _, staffed in spent))
    out["all"] = _figures(callers, limits, whole)
    return out


def _figures(
    callers: Sequence[Caller], limits: dict[str, float], spent: tuple[float, float]
) -> Figures:
    offered = len(callers)
    in_time = sum(c.outcome == "answered" and c.wait <= limits[c.kind.queue] for c in callers)
    abandoned = sum(c.outcome == "abandoned" for c in callers)
    return {
        "offered": Figure(offered),
        "service_level": Figure(in_time, offered),
        "mean_wait": Figure(sum(c.wait for c in callers), offered),
        "abandoned": Figure(abandoned),
        "occupancy": Figure(*spent),
    }


def _spent(
    workers: Sequence[Worker], edges: Sequence[float], end: float
) -> list[tuple[float, float]]:
    """(busy, on duty) seconds in each interval."""
    ends = (*edges[1:], end)
    busy, staffed = [0.0] * len(edges), [0.0] * len(edges)
    for worker in workers:
        for since, until, at_work in worker.spells:
            place = max(bisect_right(edges, since) - 1, 0)
            while place < len(edges) and edges[place] < until:
                part = min(until, ends[place]) - max(since, edges[place])
                staffed[place] += part
                if at_work:
                    busy[place] += part
                place += 1
    return list(zip(busy, staffed, strict=True))
