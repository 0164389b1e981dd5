"""What the centre has that a flow may name: queues, skills, calendars, other flows, prompts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from callcenter.core.config import Config
from ivr.checking import Known
from ivr.flow import Flow


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is known beside the configuration. None: not known here, so not looked at. `prompts` are
    recorded ones, language -> ids."""

    boxes: frozenset[str] | None = None
    sources: frozenset[str] | None = None
    secrets: frozenset[str] | None = None
    hosts: frozenset[str] | None = None
    prompts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    dialable: Callable[[str], str] | None = None


def skills_of(config: Config) -> frozenset[str]:
    """Every skill some agent has, at whatever level."""
    return frozenset(skill for agent in config.agents.values() for skill in agent.skills)


def known_in(config: Config, around: Surroundings, library: Mapping[str, Flow]) -> Known:
    """What a flow is checked against. `library`: the published flows as they were drawn."""
    return Known(
        queues=frozenset(config.queues),
        skills=skills_of(config) if config.agents else None,
        boxes=around.boxes,
        sources=around.sources,
        secrets=around.secrets,
        hosts=around.hosts,
        calendars=frozenset(config.calendars),
        prompts=around.prompts,
        flows=library,
        dialable=around.dialable,
    )
