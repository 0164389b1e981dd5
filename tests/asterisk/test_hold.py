"""Hold and unhold, proved by sound: each party sends a tone of its own."""

from __future__ import annotations

import pytest

from callcenter.core.effects import Connect, HangUp, Hold, PlayPrompt
from callcenter.core.inputs import (
    ActionFailed,
    AgentAnswered,
    CallArrived,
    CallEnded,
    CallReturned,
    HoldChanged,
    PromptEnded,
)
from tests.asterisk.lab import Lab, prompt, ready, running, until
from tests.asterisk.tones import MUSIC

pytestmark = [pytest.mark.asterisk, pytest.mark.anyio]

CALLER_TONE, AGENT_TONE = 880.0, 440.0


async def test_hold_and_unhold_twice_with_sound(lab: Lab) -> None:
    async with running(lab) as (switch, told), lab.agent("ada", tone=AGENT_TONE) as agent:
        await ready(switch, "ada")
        async with lab.caller(tone=CALLER_TONE) as caller:
            call = (await told.wait(CallArrived)).call
            switch.perform(Connect(call, 1, "ada", "ada", 10))
            await told.wait(AgentAnswered)
            for _ in range(2):
                await until(lambda: caller.hears(AGENT_TONE) and agent.hears(CALLER_TONE))
                switch.perform(Hold(call, True))
                assert await told.wait(HoldChanged) == HoldChanged(call, True)
                agent.listen_anew()
                caller.listen_anew()
                await until(lambda: len(caller.heard) == 8000 and len(agent.heard) >= 4000)
                await until(lambda: caller.hears(MUSIC))
                assert not caller.hears(AGENT_TONE)
                assert agent.energy() < 1e-6, "the agent should hear silence"
                switch.perform(Hold(call, False))
                assert await told.wait(HoldChanged) == HoldChanged(call, False)
            await until(lambda: caller.hears(AGENT_TONE) and agent.hears(CALLER_TONE))
            switch.perform(HangUp(call))
            await told.wait(CallEnded)
        await until(lambda: "0 active channels" in lab.ask("core show channels"))
    assert told.of(CallReturned) == []


async def test_the_agent_hangs_up_after_a_hold(lab: Lab) -> None:
    async with running(lab) as (switch, told), lab.agent("ada", talk_ms=2500):
        await ready(switch, "ada")
        async with lab.caller():
            call = (await told.wait(CallArrived)).call
            switch.perform(Connect(call, 3, "ada", "ada", 10))
            await told.wait(AgentAnswered)
            switch.perform(Hold(call, True))
            await told.wait(HoldChanged)
            switch.perform(Hold(call, False))
            await told.wait(HoldChanged)
            returned = await told.wait(CallReturned)
            assert returned == CallReturned(call, 3, "answered", True, 16)
            switch.perform(HangUp(call))
            assert (await told.wait(CallEnded)).by == "agent"


async def test_the_agent_hangs_up_during_the_hold(lab: Lab) -> None:
    async with running(lab) as (switch, told), lab.agent("ada", talk_ms=1500):
        await ready(switch, "ada")
        async with lab.caller():
            call = (await told.wait(CallArrived)).call
            switch.perform(Connect(call, 1, "ada", "ada", 10))
            await told.wait(AgentAnswered)
            switch.perform(Hold(call, True))
            await told.wait(HoldChanged)
            returned = await told.wait(CallReturned)
            assert (returned.attempt, returned.outcome, returned.answered) == (1, "answered", True)
            switch.perform(PlayPrompt(call, "sorry", prompt("beep"), "en"))
            assert (await told.wait(PromptEnded)).outcome == "done"
            switch.perform(Connect(call, 2, "cyd", "cyd", 5))
            assert (await told.wait(CallReturned)).outcome == "unavailable"


async def test_the_caller_hangs_up_during_the_hold(lab: Lab) -> None:
    async with running(lab) as (switch, told), lab.agent("ada"):
        await ready(switch, "ada")
        async with lab.caller(talk_ms=2500):
            call = (await told.wait(CallArrived)).call
            switch.perform(Connect(call, 1, "ada", "ada", 10))
            await told.wait(AgentAnswered)
            switch.perform(Hold(call, True))
            await told.wait(HoldChanged)
            assert (await told.wait(CallEnded)).by == "caller"
            await ready(switch, "ada")


async def test_a_desk_phone_holds_the_call_by_itself(lab: Lab) -> None:
    async with running(lab) as (switch, told):
        async with lab.agent("ada", tone=AGENT_TONE, hold_ms=1500) as agent:
            await ready(switch, "ada")
            async with lab.caller(tone=CALLER_TONE) as caller:
                call = (await told.wait(CallArrived)).call
                switch.perform(Connect(call, 1, "ada", "ada", 10))
                await told.wait(AgentAnswered)
                await until(lambda: caller.hears(AGENT_TONE))
                assert await told.wait(HoldChanged) == HoldChanged(call, True)
                assert await told.wait(HoldChanged) == HoldChanged(call, False)
                caller.listen_anew()
                await until(lambda: caller.hears(AGENT_TONE) and agent.hears(CALLER_TONE))


async def test_only_a_talk_can_be_held(lab: Lab) -> None:
    async with running(lab) as (switch, told), lab.caller():
        call = (await told.wait(CallArrived)).call
        switch.perform(Hold(call, True))
        failed = await told.wait(ActionFailed)
        assert (failed.what, failed.kind) == ("Hold", "refused")
