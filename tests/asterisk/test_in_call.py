"""A conference person by person and keys towards the caller: proved by who hears whose tone."""

from __future__ import annotations

import pytest

from callcenter.core.effects import (
    Connect,
    Consult,
    HangUp,
    Hold,
    Join,
    Recall,
    SetMusic,
    Swap,
    TagCall,
    Withdraw,
)
from callcenter.core.in_call import Mute, Part, Parted, PlayDigits
from callcenter.core.inputs import (
    ActionFailed,
    AgentAnswered,
    AgentRinging,
    CallArrived,
    CallEnded,
    CallReturned,
    ConsultAnswered,
    HoldChanged,
    Joined,
    Snapshot,
)
from tests.asterisk.lab import Lab, ready, running, until
from tests.asterisk.test_consult import ADA, BOB, CALLER, three
from tests.asterisk.tones import MUSIC

pytestmark = [pytest.mark.asterisk, pytest.mark.anyio]


async def test_a_conference_person_by_person(lab: Lab) -> None:
    async with three(lab) as its:
        await its.consult()
        its.switch.perform(Join(its.call))
        await its.told.wait(Joined)
        its.switch.perform(Mute(its.call, "caller", True))
        await its.hear(ada=(BOB,), bob=(ADA,), caller=(ADA, BOB))
        its.switch.perform(Mute(its.call, "caller", False))
        its.switch.perform(Mute(its.call, "colleague", True))
        await its.hear(ada=(CALLER,), bob=(CALLER, ADA), caller=(ADA,))
        its.switch.perform(Mute(its.call, "colleague", False))
        its.switch.perform(Part(its.call, to_caller=True))
        assert await its.told.wait(Parted) == Parted(its.call, True)
        await its.hear(ada=(CALLER,), caller=(ADA,), bob=())
        its.switch.perform(Swap(its.call, False))
        assert await its.told.wait(HoldChanged) == HoldChanged(its.call, True)
        await its.hear(ada=(BOB,), bob=(ADA,), caller=())
        its.switch.perform(Join(its.call))
        await its.told.wait(Joined)
        its.switch.perform(Part(its.call, to_caller=False))
        assert await its.told.wait(Parted) == Parted(its.call, False)
        await its.hear(ada=(BOB,), bob=(ADA,), caller=())
        its.switch.perform(Join(its.call))
        await its.told.wait(Joined)
        await its.hear(caller=(ADA, BOB), ada=(CALLER, BOB), bob=(CALLER, ADA))
        its.switch.perform(HangUp(its.call))
        await its.told.wait(CallEnded)
        await its.quiet()
        assert its.told.of(ActionFailed) == []


async def test_parked_with_music_and_taken_by_another(lab: Lab) -> None:
    """What the core asks for when a caller is parked, and then taken while it rings at somebody."""
    async with three(lab) as its:
        its.switch.perform(Recall(its.call))
        assert (await its.told.wait(CallReturned)).outcome == "recalled"
        its.switch.perform(SetMusic(its.call, True))
        await its.hear(caller=())
        await until(lambda: its.caller.hears(MUSIC))
        await ready(its.switch, "ada", "bob")
        its.switch.perform(Connect(its.call, 2, "bob", "bob", 10, auto_answer=True))
        await its.told.wait(AgentAnswered, lambda told: told.attempt == 2)
        await its.hear(bob=(CALLER,), caller=(BOB,))
        assert "answer-after=0" in its.lab.sip_messages("agent")
        its.switch.perform(HangUp(its.call))
        await its.told.wait(CallEnded)
        await its.quiet()


async def test_a_ringing_call_is_picked_up(lab: Lab) -> None:
    async with (
        running(lab) as (switch, told),
        lab.agent("ada", ring_ms=60_000),
        lab.agent("bob", tone=BOB) as bob,
    ):
        await ready(switch, "ada", "bob")
        async with lab.caller(tone=CALLER) as caller:
            call = (await told.wait(CallArrived)).call
            switch.perform(Connect(call, 1, "ada", "ada", 20))
            await told.wait(AgentRinging)
            switch.perform(Withdraw(call, 1))
            returned = await told.wait(CallReturned)
            assert (returned.outcome, returned.answered) == ("cancelled", False)
            switch.perform(Connect(call, 2, "bob", "bob", 10))
            await told.wait(AgentAnswered, lambda told: told.attempt == 2)
            await until(lambda: bob.hears(CALLER) and caller.hears(BOB))


async def test_a_key_pressed_before_the_two_are_in_one_bridge_is_heard(lab: Lab) -> None:
    async with running(lab) as (switch, told), lab.agent("ada", tone=ADA):
        await ready(switch, "ada")
        async with lab.caller(tone=CALLER) as caller:
            call = (await told.wait(CallArrived)).call
            switch.perform(Connect(call, 1, "ada", "ada", 20))
            await told.wait(AgentAnswered)
            switch.perform(PlayDigits(call, "7"))
            switch.perform(PlayDigits(call, "#"))
            await until(lambda: "".join(caller.keys_heard) == "7#")


async def test_keys_go_to_the_caller(lab: Lab) -> None:
    async with three(lab) as its:
        # Answered is not yet bridged: a key in the moment between goes nowhere.
        await its.hear(ada=(CALLER,), caller=(ADA,))
        its.switch.perform(PlayDigits(its.call, "15#"))
        await until(lambda: "".join(its.caller.keys_heard) == "15#")
        its.switch.perform(Hold(its.call, True))
        await its.told.wait(HoldChanged)
        its.switch.perform(Hold(its.call, False))
        await its.told.wait(HoldChanged)
        await its.hear(ada=(CALLER,), caller=(ADA,))
        its.switch.perform(PlayDigits(its.call, "42"))
        await until(lambda: "".join(its.caller.keys_heard) == "15#42")
        await its.hear(ada=(CALLER,), caller=(ADA,))
        assert its.told.of(ActionFailed) == []


async def test_another_service_finds_the_conference(lab: Lab) -> None:
    async with lab.agent("ada", tone=ADA), lab.agent("bob", tone=BOB):
        async with lab.caller_who_stays(tone=CALLER) as caller:
            async with running(lab) as (switch, told):
                await ready(switch, "ada", "bob")
                caller.dial()
                call = (await told.wait(CallArrived)).call
                switch.perform(Connect(call, 1, "ada", "ada", 10))
                await told.wait(AgentAnswered)
                switch.perform(Consult(call, 1, "bob", "bob", 10))
                leg = (await told.wait(ConsultAnswered)).leg
                switch.perform(TagCall(call, {"cons": "1:bob:bob", "cleg": leg}))
                await told.wait(HoldChanged)
                switch.perform(Join(call))
                await told.wait(Joined)
            async with running(lab) as (switch, told):
                (seen,) = (await told.wait(Snapshot)).calls
                assert (seen.stage, seen.consulted, seen.joined) == ("talking", leg, True)
                switch.perform(Part(call, to_caller=True))
                assert await told.wait(Parted) == Parted(call, True)
                await until(lambda: caller.media.hears(ADA))
