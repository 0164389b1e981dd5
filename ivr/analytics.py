"""Path analytics: how many callers went each way, where they gave up, who was served without an
agent. Works on what sessions noted (`Session.visits`), over any number of calls.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from ivr.asks import Ask, Disconnect, Enqueue, LeaveMessage
from ivr.flow import Flow
from ivr.session import Session

End = Literal["queue", "voicemail", "transfer", "served", "abandoned", "mistake", "cut"]
"""`served`: the flow ended the call itself; `abandoned`: the caller hung up before it ended; `cut`:
the centre ended it (a blocked caller, a failing telephone system)."""


@dataclass(frozen=True, slots=True)
class Journey:
    """One call through a flow: ways taken in order, the node it ended at, and how."""

    visits: tuple[tuple[str, str], ...]
    last: str
    end: End


@dataclass(frozen=True, slots=True)
class NodeFigures:
    """`entered` counts visits, `callers` calls; `left_by` ports; `dropped` callers who hung up
    here."""

    entered: int = 0
    callers: int = 0
    dropped: int = 0
    left_by: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PathFigures:
    """`containment`: share of the calls that were served without an agent, 0 to 1 (None without
    calls). `milestones`: name -> calls that reached it."""

    calls: int
    ends: Mapping[str, int]
    nodes: Mapping[str, NodeFigures]
    milestones: Mapping[str, int]
    containment: float | None


def journey_of(session: Session, ask: Ask, *, abandoned: bool) -> Journey:
    """The journey of a call that is over for the flow. `ask` was its last; `abandoned`: the caller
    hung up before the flow came to an end."""
    end: End
    if abandoned:
        end = "abandoned"
    elif session.stranded:
        end = "mistake"
    else:
        match ask:
            case Enqueue():
                end = "queue"
            case LeaveMessage():
                end = "voicemail"
            case Disconnect(reason="transferred"):
                end = "transfer"
            case _:
                end = "served"
    return Journey(tuple(session.visits), session.node, end)


def path_figures(flow: Flow, journeys: Iterable[Journey]) -> PathFigures:
    """Counts over the journeys of one version of a flow. A node that the flow does not have (a
    journey of another version) is counted under its name all the same."""
    entered: Counter[str] = Counter()
    callers: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    left_by: dict[str, Counter[str]] = {}
    ends: Counter[str] = Counter()
    calls = 0
    for journey in journeys:
        calls += 1
        ends[journey.end] += 1
        seen = [node for node, _ in journey.visits]
        if not (journey.end == "mistake" and seen[-1:] == [journey.last]):
            seen.append(journey.last)  # a node that stranded the caller was already left
        entered.update(seen)
        callers.update(set(seen))
        if journey.end == "abandoned":
            dropped[journey.last] += 1
        for node, port in journey.visits:
            left_by.setdefault(node, Counter())[port] += 1
    return PathFigures(
        calls,
        dict(ends),
        {
            node: NodeFigures(
                entered[node], callers[node], dropped[node], dict(left_by.get(node, {}))
            )
            for node in entered
        },
        _milestones(flow, callers),
        ends["served"] / calls if calls else None,
    )


def _milestones(flow: Flow, callers: Mapping[str, int]) -> dict[str, int]:
    """Calls per milestone; two nodes of one name may both count a call that passed both."""
    out: dict[str, int] = {}
    for node in flow.nodes.values():
        if node.kind == "milestone":
            name = str(node.settings.get("name", node.id))
            out[name] = out.get(name, 0) + callers.get(node.id, 0)
    return out
