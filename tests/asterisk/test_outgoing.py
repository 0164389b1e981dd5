"""An agent's own calls on a real Asterisk: his phone, the world outside, and who hears whom."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from callcenter.asterisk.switch import Switch
from callcenter.core.effects import (
    Connect,
    ConnectLeg,
    Consult,
    EndConsult,
    HandOut,
    HangUp,
    Hold,
    Join,
    NameRecording,
    Originate,
    Recall,
    Summon,
    Swap,
)
from callcenter.core.inputs import (
    ActionFailed,
    AgentAnswered,
    CallArrived,
    CallEnded,
    CallReturned,
    ConsultAnswered,
    ConsultEnded,
    ConsultRinging,
    DialledOut,
    HoldChanged,
    Joined,
    LegGone,
    LegReady,
    NumberAnswered,
    NumberFailed,
    NumberRinging,
    Snapshot,
)
from tests.asterisk.lab import Lab, Told, ready, running, until
from tests.asterisk.media import Media
from tests.asterisk.talk_sound import TalkSound

pytestmark = [pytest.mark.asterisk, pytest.mark.anyio]

NUMBER = "+8613911110003"
SHOWN = "+862088888888"
ADA, CUSTOMER, SHOP = 440.0, 880.0, 620.0
RINGING_TONE = 480.0  # the second of the two of which it is made
_numbers = itertools.count(500)


@pytest.fixture(autouse=True)
async def swept(lab: Lab) -> AsyncIterator[None]:
    """What a test that failed has left is not the next one's."""
    yield
    await asyncio.to_thread(lab.ask, "channel request hangup all")


def call_id(lab: Lab) -> str:
    return f"out-{lab.epoch}.{next(_numbers)}"


async def quiet(lab: Lab) -> None:
    await until(lambda: "0 active channels" in lab.ask("core show channels"))


async def summoned(switch: Switch, told: Told, call: str) -> None:
    switch.perform(Summon(call, "ada", "ada", 10, {"dir": "out", "agent": "ada"}))
    assert (await told.wait(LegReady)).call == call


async def dialled(switch: Switch, told: Told, call: str) -> None:
    await summoned(switch, told, call)
    switch.perform(Originate(call, NUMBER, 20, shown=SHOWN, facts={"dir": "out"}))


async def talk(switch: Switch, told: Told, call: str) -> None:
    await told.wait(NumberAnswered)
    switch.perform(ConnectLeg(call, 1, "ada", "ada"))
    answered = await told.wait(AgentAnswered)
    assert (answered.call, answered.attempt, answered.agent) == (call, 1, "ada")


# -- calls by hand ------------------------------------------------------------------------------
async def test_the_agent_hears_it_ring_then_the_customer_and_may_hold_him(lab: Lab) -> None:
    async with (
        running(lab) as (switch, told),
        lab.agent("ada", tone=ADA) as ada,
        lab.outside(ring_ms=1500, tone=CUSTOMER) as customer,
    ):
        await ready(switch, "ada")
        call = call_id(lab)
        await dialled(switch, told, call)
        await told.wait(NumberRinging)
        await until(lambda: ada.part(RINGING_TONE) > 0.2)
        switch.perform(NameRecording(call, 1, f"{call}.1"))
        await talk(switch, told, call)
        ada.listen_anew()
        await until(lambda: customer.hears(ADA) and ada.hears(CUSTOMER))
        assert ada.part(RINGING_TONE) < 0.1
        for _ in range(25):  # at once again: the agent's leg is on its way to its rest still
            switch.perform(Hold(call, True))
            assert await told.wait(HoldChanged) == HoldChanged(call, True)
            switch.perform(Hold(call, False))
            assert await told.wait(HoldChanged) == HoldChanged(call, False)
        customer.listen_anew()
        await until(lambda: customer.hears(ADA))
        switch.perform(HangUp(call))
        assert await told.wait(CallEnded) == CallEnded(call, 16, "system")
        await quiet(lab)
    for wrong in (ActionFailed, NumberFailed, LegGone, CallReturned):
        assert told.of(wrong) == []
    invitation = lab.sip_messages("agent")
    assert f"INVITE sip:{NUMBER}@" in invitation
    assert SHOWN in invitation
    assert "X-CC-Auto-Answer: resume" in invitation
    assert f"X-CC-Call-Id: {call}" in invitation
    recorded = TalkSound(lab.talks / f"{call}.1.raw")
    heard = {
        (side, tone): max(recorded.part(side, tone, at / 10, at / 10 + 0.1) for at in range(1, 6))
        for side in ("left", "right")
        for tone in (CUSTOMER, ADA)
    }
    assert min(heard["left", CUSTOMER], heard["right", ADA]) > 0.7
    assert max(heard["left", ADA], heard["right", CUSTOMER]) < 0.1


async def test_who_hangs_up_ends_it_for_both(lab: Lab) -> None:
    async with running(lab) as (switch, told):
        async with lab.agent("ada"), lab.outside(talk_ms=800):
            await ready(switch, "ada")
            call = call_id(lab)
            await dialled(switch, told, call)
            await talk(switch, told, call)
            assert await told.wait(CallEnded) == CallEnded(call, 16, "caller")
            await quiet(lab)
        async with lab.agent("ada", talk_ms=1500), lab.outside():
            await ready(switch, "ada")
            call = call_id(lab)
            await dialled(switch, told, call)
            await talk(switch, told, call)
            returned = await told.wait(CallReturned)
            assert returned == CallReturned(call, 1, "answered", True, 16)
            switch.perform(HangUp(call))
            await quiet(lab)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("486 Busy Here", "busy"),
        ("603 Decline", "rejected"),
        ("404 Not Found", "invalid"),
        ("480 Temporarily Unavailable", "no-answer"),
        ("503 Service Unavailable", "unreachable"),
    ],
)
async def test_nobody_is_reached_outside(lab: Lab, status: str, outcome: str) -> None:
    """Neither by a call of his own nor in a consultation; the agent and the caller are free."""
    async with (
        running(lab) as (switch, told),
        lab.agent("ada"),
        lab.outside(refuse=status),
    ):
        await ready(switch, "ada")
        call = call_id(lab)
        await dialled(switch, told, call)
        failed = await told.wait(NumberFailed)
        assert (failed.call, failed.outcome) == (call, outcome)
        await quiet(lab)
    assert told.of(LegGone) == []


async def test_the_agent_is_not_there_or_goes(lab: Lab) -> None:
    async with running(lab) as (switch, told), lab.outside(ring_ms=60_000):
        async with lab.agent("ada", refuse="486 Busy Here"):
            await ready(switch, "ada")
            call = call_id(lab)
            switch.perform(Summon(call, "ada", "ada", 10))
            assert await told.wait(LegGone) == LegGone(call, "busy", 17)
        async with lab.agent("ada", talk_ms=2500):
            await ready(switch, "ada")
            call = call_id(lab)
            await dialled(switch, told, call)
            await told.wait(NumberRinging)
            assert (await told.wait(LegGone)).outcome == "cancelled"
            switch.perform(HangUp(call))
            assert (await told.wait(NumberFailed)).outcome == "cancelled"
        async with lab.agent("ada"):
            await ready(switch, "ada")
            call = call_id(lab)
            await dialled(switch, told, call)
            await told.wait(NumberRinging)
            switch.perform(HangUp(call))
            assert (await told.wait(NumberFailed)).outcome == "cancelled"
            await quiet(lab)


async def test_a_service_that_comes_back_finds_both_ends(lab: Lab) -> None:
    async with (
        lab.agent("ada", tone=ADA) as ada,
        lab.outside(ring_ms=3000, tone=CUSTOMER) as customer,
    ):
        async with running(lab) as (switch, told):
            await ready(switch, "ada")
            call = call_id(lab)
            await summoned(switch, told, call)
        async with running(lab) as (switch, told):
            (seen,) = (await told.wait(Snapshot)).calls
            assert (seen.call, seen.stage, seen.leg) == (call, "summoning", "up")
            assert seen.facts["agent"] == "ada"
            switch.perform(Originate(call, NUMBER, 20, facts={"dir": "out"}))
            await told.wait(NumberRinging)
        async with running(lab) as (switch, told):
            (seen,) = (await told.wait(Snapshot)).calls
            assert (seen.call, seen.stage, seen.leg) == (call, "dialling", "up")
            await talk(switch, told, call)
            await until(lambda: customer.hears(ADA) and ada.hears(CUSTOMER))
        async with running(lab) as (switch, told):
            (seen,) = (await told.wait(Snapshot)).calls
            assert (seen.call, seen.stage) == (call, "talking")
            switch.perform(HangUp(call))
            await told.wait(CallEnded)
            await quiet(lab)


async def test_a_colleague_is_called(lab: Lab) -> None:
    async with (
        running(lab) as (switch, told),
        lab.agent("ada", tone=ADA) as ada,
        lab.agent("bob", tone=620) as bob,
    ):
        await ready(switch, "ada", "bob")
        call = call_id(lab)
        await summoned(switch, told, call)
        switch.perform(Originate(call, "", 20, device="bob", facts={"dir": "internal"}))
        await talk(switch, told, call)
        await until(lambda: bob.hears(ADA) and ada.hears(620))
        switch.perform(HangUp(call))
        await told.wait(CallEnded)
        await quiet(lab)


# -- somebody outside about a caller -----------------------------------------------------------
@dataclass
class Asked:
    """Ada talks to a caller; the number she asks is behind the trunk."""

    lab: Lab
    switch: Switch
    told: Told
    call: str
    caller: Media
    ada: Media

    def ask(self, serial: int = 1) -> None:
        number = {"number": NUMBER, "shown": SHOWN, "seconds_max": 3600.0}
        self.switch.perform(Consult(self.call, serial, "", "", 10, **number))  # type: ignore[arg-type]


@asynccontextmanager
async def asked(lab: Lab, **outside: object) -> AsyncIterator[tuple[Asked, Media]]:
    async with (
        running(lab) as (switch, told),
        lab.agent("ada", tone=ADA) as ada,
        lab.outside(tone=SHOP, **outside) as shop,  # type: ignore[arg-type]
    ):
        await ready(switch, "ada")
        async with lab.caller(tone=CUSTOMER) as caller:
            call = (await told.wait(CallArrived)).call
            switch.perform(Connect(call, 1, "ada", "ada", 10))
            await told.wait(AgentAnswered)
            its = Asked(lab, switch, told, call, caller, ada)
            its.ask()
            assert await told.wait(HoldChanged) == HoldChanged(call, True)
            yield its, shop


async def hear(ear: Media, *tones: float) -> None:
    """Just these tones of the three; with none: none of them."""
    ear.listen_anew()
    if tones:
        await until(
            lambda: (
                len(ear.heard) >= 4000 and all(ear.part(tone) > 0.7 / len(tones) for tone in tones)
            )
        )
    others = {ADA, CUSTOMER, SHOP} - set(tones)
    await until(lambda: len(ear.heard) >= 4000 and not any(ear.part(tone) > 0.1 for tone in others))


async def test_asked_changed_joined_and_the_caller_given_on(lab: Lab) -> None:
    async with asked(lab, ring_ms=300) as (its, shop):
        switch, told, call = its.switch, its.told, its.call
        await told.wait(ConsultRinging)
        await told.wait(ConsultAnswered)
        await hear(its.ada, SHOP)
        await hear(shop, ADA)
        await hear(its.caller)
        switch.perform(Swap(call, True))
        assert await told.wait(HoldChanged) == HoldChanged(call, False)
        await hear(its.caller, ADA)
        await hear(shop)
        switch.perform(Swap(call, False))
        assert await told.wait(HoldChanged) == HoldChanged(call, True)
        await hear(its.ada, SHOP)
        switch.perform(HandOut(call, "t1", 3600))
        await hear(its.caller, SHOP)
        await hear(shop, CUSTOMER)
        await ready(switch, "ada")  # her phone is free
        assert told.of(DialledOut) == []
        switch.perform(HangUp(call))
        await told.wait(CallEnded)
        await quiet(lab)
        for wrong in (ActionFailed, CallReturned, ConsultEnded):
            assert told.of(wrong) == []
    assert f"INVITE sip:{NUMBER}@" in lab.sip_messages("agent")


async def test_the_far_end_hangs_up_on_the_caller(lab: Lab) -> None:
    async with asked(lab) as (its, shop):
        leg = (await its.told.wait(ConsultAnswered)).leg
        its.switch.perform(HandOut(its.call, "t2", 3600))
        await hear(shop, CUSTOMER)
        await asyncio.to_thread(lab.ask, f"channel request hangup {leg}")
        assert await its.told.wait(DialledOut) == DialledOut(its.call, "t2", "answered")
        its.switch.perform(HangUp(its.call))
        await quiet(lab)


async def test_all_together_and_the_agent_leaves(lab: Lab) -> None:
    async with asked(lab) as (its, shop):
        await its.told.wait(ConsultAnswered)
        its.switch.perform(Join(its.call))
        await its.told.wait(Joined)
        await hear(its.caller, ADA, SHOP)
        its.switch.perform(HandOut(its.call, "t3", 3600))
        await hear(its.caller, SHOP)
        await hear(shop, CUSTOMER)
        its.switch.perform(HangUp(its.call))
        await quiet(lab)


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("486 Busy Here", "busy"),
        ("603 Decline", "rejected"),
        ("404 Not Found", "invalid"),
        ("503 Service Unavailable", "unreachable"),
        ("", "no-answer"),
        ("given up", "cancelled"),
    ],
)
async def test_who_is_asked_is_not_reached_and_the_caller_comes_back(
    lab: Lab, status: str, outcome: str
) -> None:
    refuse = status if status[:1].isdigit() else ""
    async with asked(lab, refuse=refuse, ring_ms=60_000) as (its, _):
        if status == "given up":
            await its.told.wait(ConsultRinging)
            its.switch.perform(EndConsult(its.call, 1))
        ended = await its.told.wait(ConsultEnded, seconds=15)
        assert (ended.serial, ended.outcome) == (1, outcome)
        its.switch.perform(Hold(its.call, False))
        assert await its.told.wait(HoldChanged) == HoldChanged(its.call, False)
        await hear(its.caller, ADA)
        its.switch.perform(HangUp(its.call))
        await quiet(lab)


async def test_the_caller_is_taken_from_the_agent_while_it_rings_outside(lab: Lab) -> None:
    async with asked(lab, ring_ms=60_000) as (its, _):
        await its.told.wait(ConsultRinging)
        its.switch.perform(Recall(its.call))
        assert (await its.told.wait(CallReturned)).outcome == "recalled"
        its.switch.perform(HangUp(its.call))
        await quiet(lab)
