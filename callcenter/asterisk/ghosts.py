"""What Asterisk has right now, for whoever looks for ghosts (`callcenter.core.ghosts`)."""

from __future__ import annotations

from callcenter.asterisk import actions, resync
from callcenter.asterisk.book import device_of_channel
from callcenter.asterisk.link import Link
from callcenter.asterisk.parse import Frame
from callcenter.core.ghosts import ChannelSeen

DEVICES = ("b", "d")  # an agent's browser and desk phone, by the first letter of the endpoint
CAUSE_NORMAL = 16
# An agent who hears himself in the test before the shift is with nobody, and no ghost.
ALONE_ON_PURPOSE = frozenset({"Echo"})


async def channels(control: Link, agents: frozenset[str]) -> list[ChannelSeen]:
    """All channels of the node. `agents`: who has phones. Raises AmiError."""
    frames = [
        frame
        for frame in await control.send({"Action": "Status", "AllVariables": "true"})
        if frame.get("Event") == "Status"
    ]
    calls = resync.calls_in(frames)
    by_channel = {call.channel: call.id for call in calls}
    seen = [_seen(frame, by_channel.get(frame.get("Channel", ""), ""), agents) for frame in frames]
    named = {frame.get("Channel", "") for frame in frames}
    # A call that is being made has no caller's channel yet: its agent's phone stands for it.
    seen += [
        ChannelSeen(call.leg, call.id, call.device, True, 0.0)
        for call in calls
        if call.channel not in named
    ]
    return seen


def _seen(frame: Frame, call: str, agents: frozenset[str]) -> ChannelSeen:
    channel = frame.get("Channel", "")
    device = device_of_channel(channel)
    own = device[:1] in DEVICES and device[1:] in agents
    named = resync.facts_of(frame).get("call", "")
    if not call and named == frame.get("Uniqueid"):
        call = named
    seconds = frame.get("Seconds", "0")
    with_somebody = bool(frame.get("BridgeID")) or frame.get("Application") in ALONE_ON_PURPOSE
    return ChannelSeen(
        channel,
        call,
        device if own else "",
        with_somebody,
        float(seconds) if seconds.isdigit() else 0.0,
    )


async def hang_up(control: Link, channel: str) -> None:
    """Raises AmiError."""
    await control.call(actions.hang_up(channel, CAUSE_NORMAL))
