"""Beginnings that several stories share."""

from __future__ import annotations

from callcenter.core.config import Config
from callcenter.runtime.journal import Journal
from tests.world.asterisk import Line
from tests.world.houses import house
from tests.world.world import World


def open_house(*agents: str, config: Config | None = None, journal: Journal | None = None) -> World:
    """The centre is up, these agents are available."""
    world = World(config or house(), journal=journal).start()
    world.run(0.1)
    world.on_duty(*agents)
    return world


def caller_in(
    world: World, choice: str = "2", number: str = "+861380000", did: str = "4000"
) -> Line:
    """A caller has dialled in and pressed a key."""
    line = world.asterisk.dial_in(number, did)
    world.run(2.5)
    world.asterisk.press(line, choice)
    world.run(0.1)
    return line


def talking(world: World, agent: str = "ada", choice: str = "2") -> Line:
    """A caller who talks with the agent."""
    line = caller_in(world, choice)
    assert world.call_row(line.id).agent == agent
    world.run(1)
    assert world.asterisk.answer(f"{agent}web")
    world.run(0.1)
    assert world.call_row(line.id).stage == "talking"
    return line
