"""Teams, and the border around each: what a supervisor sees and touches.

Agents belong to one team, queues to any number; a supervisor leads teams. The border is one value,
`Reach`, made in one place, `reach_of`, and asked in one function, `within`: routes, commands of the
console, rows of its stream, recordings and reports all go through it. Who leads no team reaches
nothing. This stands behind the table of roles (`callcenter.web.policy`), it does not replace it.
Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from callcenter.core.config import Config

LEADERS_MAX = 200


@dataclass(frozen=True, slots=True)
class Team:
    """`leaders`: ids of the users who lead it. `everything`: they look after the whole house, as
    floor managers do."""

    id: str
    name: str
    queues: frozenset[str] = frozenset()
    leaders: frozenset[str] = frozenset()
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Reach:
    """What somebody may see and touch. `everything`: no border at all."""

    everything: bool = False
    teams: frozenset[str] = frozenset()
    agents: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()

    @property
    def nothing(self) -> bool:
        return not (self.everything or self.teams)


EVERYTHING = Reach(everything=True)
NOTHING = Reach()


def reach_of(config: Config, role: str, user: str) -> Reach:
    """The border of a user. Agents reach nothing here: what is their own they see by another
    rule. A wallboard ("wall") has that of its team, `user` is its id; without one, everything."""
    if role == "administrator" or (role == "wall" and not user):
        return EVERYTHING
    if role == "wall":
        return reach_of_teams(config, [user])
    if role != "supervisor":
        return NOTHING
    led = [team for team in config.teams.values() if user in team.leaders]
    if any(team.everything for team in led):
        return EVERYTHING
    return reach_of_teams(config, [team.id for team in led])


def reach_of_teams(config: Config, teams: Iterable[str]) -> Reach:
    """What these teams are made of: their agents and their queues. Teams that are gone count for
    nothing."""
    ids = frozenset(team for team in teams if team in config.teams)
    if any(config.teams[id].everything for id in ids):
        return EVERYTHING
    return Reach(
        teams=ids,
        agents=frozenset(agent.id for agent in config.agents.values() if agent.team in ids),
        queues=frozenset(queue for id in ids for queue in config.teams[id].queues),
    )


def within(
    reach: Reach,
    *,
    agents: Iterable[str | None] = (),
    queues: Iterable[str | None] = (),
    teams: Iterable[str | None] = (),
) -> bool:
    """Whether something that belongs to these agents, queues or teams lies inside the border: one
    of them is enough. What belongs to nobody lies outside."""
    return (
        reach.everything
        or any(agent in reach.agents for agent in agents)
        or any(queue in reach.queues for queue in queues)
        or any(team in reach.teams for team in teams)
    )
