"""Calls through a real Asterisk, from a telephone to the core's inputs and back by its effects."""

from __future__ import annotations

import pytest

from callcenter.asterisk import actions
from callcenter.core import trunks
from callcenter.core.effects import Connect, Divert, HangUp, PlayPrompt, SetMusic, TagCall, Withdraw
from callcenter.core.inputs import (
    ActionFailed,
    AgentAnswered,
    AgentRinging,
    CallArrived,
    CallDiverted,
    CallEnded,
    CallReturned,
    PromptEnded,
)
from ivr.asks import Collect
from tests.asterisk.lab import SECOND_ADDRESS, Lab, prompt, ready, running, until

pytestmark = [pytest.mark.asterisk, pytest.mark.anyio]


async def test_a_call_from_dial_tone_to_hangup(lab: Lab) -> None:
    async with running(lab) as (switch, told), lab.agent("ada", tone=440) as agent:
        await ready(switch, "ada")
        async with lab.caller(did="4001", number="02012345678", tone=880) as caller:
            arrived = await told.wait(CallArrived)
            call = arrived.call
            assert arrived == CallArrived(
                call, arrived.channel, "02012345678", "Test Caller", "4001", "en"
            )
            switch.perform(PlayPrompt(call, "t1", prompt("demo-instruct"), "en", Collect()))
            await until(lambda: caller.packets > 10)
            caller.press("2")
            assert await told.wait(PromptEnded) == PromptEnded(call, "t1", "2", "done")
            switch.perform(SetMusic(call, True))
            switch.perform(TagCall(call, {"queue": "support", "enq": "1700000000"}))
            switch.perform(Connect(call, 1, "ada", "ada", 10, auto_answer=True))
            assert await told.wait(AgentRinging) == AgentRinging(call, 1, "ada")
            answered = await told.wait(AgentAnswered)
            assert (answered.call, answered.attempt, answered.agent) == (call, 1, "ada")
            assert answered.leg.startswith("PJSIP/ada-")
            await until(lambda: caller.hears(440) and agent.hears(880))
            switch.perform(HangUp(call))
            assert (await told.wait(CallEnded)).by == "system"
    assert told.of(CallReturned) == []
    messages = lab.sip_messages("agent")
    assert f"X-CC-Call-Id: {call}" in messages
    assert "X-CC-Auto-Answer: 1" in messages
    assert "answer-after=0" in messages


async def test_the_caller_hangs_up_while_talking(lab: Lab) -> None:
    async with running(lab) as (switch, told), lab.agent("ada"):
        await ready(switch, "ada")
        async with lab.caller(talk_ms=2500, address=SECOND_ADDRESS):
            arrived = await told.wait(CallArrived)
            call = arrived.call
            assert trunks.of_channel(arrived.channel) == "carrier-2"
            switch.perform(Connect(call, 1, "ada", "ada", 10))
            await told.wait(AgentAnswered)
            ended = await told.wait(CallEnded)
            assert ended == CallEnded(call, 16, "caller")
        await ready(switch, "ada")


async def test_the_agent_hangs_up_and_the_caller_comes_back(lab: Lab) -> None:
    async with running(lab) as (switch, told), lab.agent("ada", talk_ms=300):
        await ready(switch, "ada")
        async with lab.caller():
            call = (await told.wait(CallArrived)).call
            switch.perform(Connect(call, 1, "ada", "ada", 10))
            await told.wait(AgentAnswered)
            returned = await told.wait(CallReturned)
            assert returned == CallReturned(call, 1, "answered", True, 16)
            switch.perform(HangUp(call))
            assert await told.wait(CallEnded) == CallEnded(call, 16, "agent")


async def test_no_answer_then_another_agent(lab: Lab) -> None:
    async with (
        running(lab) as (switch, told),
        lab.agent("ada", ring_ms=60_000),
        lab.agent("bob"),
    ):
        await ready(switch, "bob")
        async with lab.caller():
            call = (await told.wait(CallArrived)).call
            switch.perform(Connect(call, 1, "ada", "ada", 1))
            await told.wait(AgentRinging)
            returned = await told.wait(CallReturned)
            assert (returned.attempt, returned.outcome, returned.answered) == (
                1,
                "no-answer",
                False,
            )
            switch.perform(Connect(call, 2, "bob", "bob", 5))
            answered = await told.wait(AgentAnswered)
            assert (answered.attempt, answered.agent) == (2, "bob")


@pytest.mark.parametrize(
    ("status", "outcome"), [("486 Busy Here", "busy"), ("603 Decline", "refused")]
)
async def test_a_phone_that_refuses(lab: Lab, status: str, outcome: str) -> None:
    async with running(lab) as (switch, told), lab.agent("cyd", refuse=status):
        await ready(switch, "cyd")
        async with lab.caller():
            call = (await told.wait(CallArrived)).call
            switch.perform(Connect(call, 1, "cyd", "cyd", 5))
            assert (await told.wait(CallReturned)).outcome == outcome


async def test_an_unreachable_and_an_unknown_device(lab: Lab) -> None:
    async with running(lab) as (switch, told), lab.caller():
        call = (await told.wait(CallArrived)).call
        for attempt, device in enumerate(("cyd", "nosuchphone"), 1):
            switch.perform(Connect(call, attempt, device, device, 5))
            returned = await told.wait(CallReturned)
            assert (returned.attempt, returned.outcome) == (attempt, "unavailable")


async def test_an_offer_is_withdrawn(lab: Lab) -> None:
    async with running(lab) as (switch, told), lab.agent("ada", ring_ms=60_000):
        await ready(switch, "ada")
        async with lab.caller():
            call = (await told.wait(CallArrived)).call
            switch.perform(Connect(call, 7, "ada", "ada", 20))
            await told.wait(AgentRinging)
            switch.perform(Withdraw(call, 6))  # another offer's: nothing happens
            switch.perform(Withdraw(call, 7))
            returned = await told.wait(CallReturned)
            assert returned == CallReturned(call, 7, "cancelled", False, 0)
            await ready(switch, "ada")


async def test_the_next_offer_may_follow_a_withdrawn_one_at_once(lab: Lab) -> None:
    async with (
        running(lab) as (switch, told),
        lab.agent("ada", ring_ms=60_000),
        lab.agent("bob", ring_ms=100),
    ):
        await ready(switch, "ada", "bob")
        async with lab.caller():
            call = (await told.wait(CallArrived)).call
            switch.perform(Connect(call, 1, "ada", "ada", 20))
            await told.wait(AgentRinging)
            switch.perform(Withdraw(call, 1))
            switch.perform(Connect(call, 2, "bob", "bob", 20))  # he is not back yet
            answered = await told.wait(AgentAnswered)
            assert (answered.attempt, answered.agent) == (2, "bob")


async def test_a_waiting_offer_may_be_withdrawn_before_it_began(lab: Lab) -> None:
    async with (
        running(lab) as (switch, told),
        lab.agent("ada", ring_ms=60_000),
        lab.agent("bob", ring_ms=60_000),
    ):
        await ready(switch, "ada", "bob")
        async with lab.caller():
            call = (await told.wait(CallArrived)).call
            switch.perform(Connect(call, 1, "ada", "ada", 20))
            await told.wait(AgentRinging)
            switch.perform(Withdraw(call, 1))
            switch.perform(Connect(call, 2, "bob", "bob", 20))
            switch.perform(Withdraw(call, 2))
            assert (await told.wait(CallReturned)).attempt == 1
            switch.perform(Connect(call, 3, "ada", "ada", 20))
            assert (await told.wait(AgentRinging)).attempt == 3


async def test_an_offer_cannot_be_withdrawn_from_a_talk(lab: Lab) -> None:
    async with running(lab) as (switch, told), lab.agent("ada"):
        await ready(switch, "ada")
        async with lab.caller():
            call = (await told.wait(CallArrived)).call
            switch.perform(Connect(call, 1, "ada", "ada", 20))
            await told.wait(AgentAnswered)
            switch.perform(Withdraw(call, 1))
            failed = await told.wait(ActionFailed)
            assert (failed.what, failed.kind) == ("Withdraw", "refused")


async def test_a_caller_who_hangs_up_while_it_rings(lab: Lab) -> None:
    async with running(lab) as (switch, told), lab.agent("ada", ring_ms=60_000):
        await ready(switch, "ada")
        async with lab.caller(talk_ms=1500):
            call = (await told.wait(CallArrived)).call
            switch.perform(Connect(call, 1, "ada", "ada", 20))
            await told.wait(AgentRinging)
            assert (await told.wait(CallEnded)).by == "caller"
            await ready(switch, "ada")
        switch.perform(HangUp(call))
        failed = await told.wait(ActionFailed)
        assert (failed.call, failed.kind) == (call, "refused")


async def test_a_stale_epoch_and_a_doubled_offer_are_refused(lab: Lab) -> None:
    async with running(lab) as (switch, told), lab.agent("ada", ring_ms=60_000):
        await ready(switch, "ada")
        async with lab.caller():
            call = await told.wait(CallArrived)
            # What an older service would still send, and the same offer twice.
            stale = actions.connect(call.channel, lab.epoch - 1, 1, "ada", 10, False)
            await switch.control.call(stale)
            await until(lambda: "ACD_DIAL=REFUSED" in lab.ask(f"core show channel {call.channel}"))
            switch.perform(Connect(call.call, 1, "ada", "ada", 3))
            await told.wait(AgentRinging)
            assert (await told.wait(CallReturned)).outcome == "no-answer"
            doubled = Connect(call.call, 1, "ada", "ada", 10)
            switch.perform(doubled)
            returned = await told.wait(CallReturned)
            assert (returned.attempt, returned.outcome) == (0, "refused")
    assert len(told.of(AgentRinging)) == 1


async def test_a_caller_is_sent_to_voicemail(lab: Lab) -> None:
    async with running(lab) as (switch, told), lab.caller():
        call = (await told.wait(CallArrived)).call
        switch.perform(Divert(call, "voicemail", "general"))
        assert await told.wait(CallDiverted) == CallDiverted(call, "voicemail")
        await until(lambda: "VoiceMail" in lab.ask("core show channels"))


async def test_a_number_withheld_and_a_garbled_name(lab: Lab) -> None:
    async with running(lab) as (_, told):
        async with lab.caller(number="anonymous", name="张伟 \\\\ & Söhne, ${EXTEN}"):
            arrived = await told.wait(CallArrived)
            assert arrived.name == "张伟 \\\\ & Söhne, ${EXTEN}"
            assert arrived.number == "anonymous"
