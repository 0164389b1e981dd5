"""How much an agent can do at once: calls, chats and other work.

One rule for all: a call wants the agent alone, except that work in the background may be
interrupted for it; chats go beside each other up to the agent's capacity, and also interrupt work;
work is given only to who does nothing else. What is being handled is told to the engine
(`Router.agent_load`); what is being offered is not counted: an agent gets one offer at a time.
"""

from __future__ import annotations

from collections.abc import Mapping

from acd.model import Media

# What an item of each medium does not stand beside.
EXCLUDED_BY: Mapping[Media, tuple[Media, ...]] = {
    "voice": ("voice", "chat"),
    "chat": ("voice",),
    "work": ("voice", "chat", "work"),
}


def room(capacity: Mapping[str, int], load: Mapping[str, int], media: Media) -> bool:
    """May an agent with this capacity, handling `load` now, be offered one more of `media`?"""
    if load.get(media, 0) >= capacity.get(media, 0):
        return False
    return not any(load.get(other, 0) for other in EXCLUDED_BY[media])
