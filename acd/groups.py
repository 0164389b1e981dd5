"""Groups of agents by condition: who belongs to which follows from skills, team and queues.

Nobody keeps such a list by hand: with every change of an agent, a group or a queue it is worked out
anew (`with_groups`), before the engine is configured. What the engine gets are agents who carry the
names of their groups and the queues that those open to them; it knows of no conditions.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final, Literal

from acd.model import SKILL_MAX, Agent, Queue
from acd.rules import GROUP_POSITION

Match = Literal["all", "any"]
ClauseKind = Literal["skill", "team", "queue"]
CLAUSES_MAX: Final = 20


@dataclass(frozen=True, slots=True)
class Clause:
    """What must be so of an agent. *skill*: his level in `name` is from `low` to `high` (who lacks
    a skill has level 0); *team*: he is in the team `name`; *queue*: he is named in the queue."""

    kind: ClauseKind
    name: str
    low: int = 1
    high: int = SKILL_MAX


@dataclass(frozen=True, slots=True)
class Group:
    """Agents for whom all (or any) of the clauses hold, and who is put into it by hand. Without a
    clause there are only the latter."""

    id: str
    name: str
    match: Match = "all"
    clauses: tuple[Clause, ...] = ()


def holds(clause: Clause, agent: Agent) -> bool:
    """Does the clause hold of the agent?"""
    match clause.kind:
        case "skill":
            return clause.low <= agent.skills.get(clause.name, 0) <= clause.high
        case "team":
            return agent.team == clause.name
        case "queue":
            return clause.name in agent.queues


def belongs(agent: Agent, group: Group) -> bool:
    """Is he in the group, by hand or by its condition?"""
    if group.id in agent.groups:
        return True
    if not group.clauses:
        return False
    every = all if group.match == "all" else any
    return every(holds(clause, agent) for clause in group.clauses)


def with_groups(
    agents: Mapping[str, Agent], groups: Mapping[str, Group], queues: Mapping[str, Queue]
) -> dict[str, Agent]:
    """The agents as the centre works with them: each with all his groups, and with the queues that
    his groups serve from the first moment (after the named members in a linear order). Conditions
    look at agents as they were set, so no group depends on another."""
    open_to = [(queue.id, queue.groups) for queue in queues.values() if queue.groups]
    return {name: _with_groups(agent, groups, open_to) for name, agent in agents.items()}


def _with_groups(
    agent: Agent, groups: Mapping[str, Group], open_to: list[tuple[str, frozenset[str]]]
) -> Agent:
    found = agent.groups | {group.id for group in groups.values() if belongs(agent, group)}
    more = {queue: GROUP_POSITION for queue, admitted in open_to if admitted & found}
    if found == agent.groups and more.keys() <= agent.queues.keys():
        return agent
    return replace(agent, groups=frozenset(found), queues=more | dict(agent.queues))
