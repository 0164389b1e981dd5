"""Calls through a real Asterisk, from a telephone to the core's inputs and back by its effects."""

from __future__ import annotations

import asyncio

import pytest

from callcenter.core.effects import Connect, HangUp, PlayPrompt, SetMusic, TagCall
from callcenter.core.inputs import (
    AgentAnswered,
    AgentRinging,
    CallArrived,
    CallEnded,
    CallReturned,
    DeviceChanged,
    PromptEnded,
)
from ivr.asks import Collect, PromptItem
from tests.asterisk.lab import Lab, running

pytestmark = pytest.mark.asterisk


def prompt(name: str) -> tuple[PromptItem, ...]:
    return (PromptItem("prompt", name),)


def test_a_call_from_dial_tone_to_hangup(lab: Lab) -> None:
    async def story() -> None:
        async with running(lab) as (switch, told), lab.agent("ada", tone=440) as agent:
            await told.wait(DeviceChanged, lambda d: (d.device, d.state) == ("ada", "ready"))
            async with lab.caller(did="4001", number="02012345678", tone=880) as caller:
                arrived = await told.wait(CallArrived)
                call = arrived.call
                assert (arrived.number, arrived.name, arrived.did) == (
                    "02012345678",
                    "Test Caller",
                    "4001",
                )
                switch.perform(PlayPrompt(call, "t1", prompt("demo-instruct"), "en", Collect()))
                await asyncio.sleep(0.6)
                caller.press("2")
                ended = await told.wait(PromptEnded)
                assert ended == PromptEnded(call, "t1", "2", "done")
                switch.perform(SetMusic(call, True))
                switch.perform(TagCall(call, {"queue": "support", "enq": "1700000000"}))
                switch.perform(Connect(call, 1, "ada", "ada", 10))
                assert await told.wait(AgentRinging) == AgentRinging(call, 1, "ada")
                answered = await told.wait(AgentAnswered)
                assert (answered.call, answered.agent) == (call, "ada")
                deadline = asyncio.get_running_loop().time() + 4
                while not (caller.hears(440) and agent.hears(880)):
                    assert asyncio.get_running_loop().time() < deadline, "no sound"
                    await asyncio.sleep(0.05)
                switch.perform(HangUp(call))
                gone = await told.wait(CallEnded)
                assert (gone.call, gone.by) == (call, "system")
        assert f"X-CC-Call-Id: {call}" in lab.sip_messages("agent")
        assert told.of(CallReturned) == []

    asyncio.run(story())
