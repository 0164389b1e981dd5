"""Asking another agent, giving the caller on, three together: proved by who hears whose tone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from callcenter.asterisk.switch import Switch
from callcenter.core.effects import (
    Connect,
    Consult,
    EndConsult,
    HandOver,
    HangUp,
    Hold,
    Join,
    Recall,
    Swap,
    TagCall,
)
from callcenter.core.inputs import (
    ActionFailed,
    AgentAnswered,
    AgentLeft,
    CallArrived,
    CallEnded,
    CallReturned,
    ConsultAnswered,
    ConsultEnded,
    ConsultRinging,
    HoldChanged,
    Joined,
    Snapshot,
)
from tests.asterisk.lab import Lab, Told, ready, running, until
from tests.asterisk.media import Media

pytestmark = [pytest.mark.asterisk, pytest.mark.anyio]

CALLER, ADA, BOB = 880.0, 440.0, 620.0


@dataclass
class Three:
    """Ada talks to the caller; Bob is free."""

    lab: Lab
    switch: Switch
    told: Told
    call: str
    caller: Media
    ada: Media
    bob: Media

    async def consult(self) -> None:
        self.switch.perform(Consult(self.call, 1, "bob", "bob", 10))
        assert await self.told.wait(HoldChanged) == HoldChanged(self.call, True)
        await self.told.wait(ConsultRinging)
        await self.told.wait(ConsultAnswered)

    async def hear(self, **who: tuple[float, ...]) -> None:
        """Each one hears just these tones, or, with none, none of the three. Sound under way when
        something changed may come late on a busy machine; half a second later it does not."""
        wrong = await self._heard_besides(who) and await self._heard_besides(who)
        assert not wrong, f"{wrong} hear another"

    async def _heard_besides(self, who: dict[str, tuple[float, ...]]) -> list[str]:
        """Who hears one more of the three than he should."""
        wrong = []
        everybody = {"caller": self.caller, "ada": self.ada, "bob": self.bob}
        for name in who:
            everybody[name].listen_anew()
        for name, tones in who.items():
            ear = everybody[name]
            if tones:
                await until(lambda ear=ear, tones=tones: hears_all(ear, tones))  # type: ignore[misc]
            else:
                await until(lambda ear=ear: len(ear.heard) >= 4000)  # type: ignore[misc]
            others = {CALLER, ADA, BOB} - set(tones)
            if any(ear.part(tone) > 0.1 for tone in others):
                wrong.append(name)
        return wrong

    async def quiet(self) -> None:
        await until(lambda: "0 active channels" in self.lab.ask("core show channels"))


def hears_all(ear: Media, tones: tuple[float, ...]) -> bool:
    return len(ear.heard) >= 4000 and all(ear.part(tone) > 0.7 / len(tones) for tone in tones)


@asynccontextmanager
async def three(lab: Lab, talk_ms: int = 60_000, ada_ms: int = 60_000) -> AsyncIterator[Three]:
    async with (
        running(lab) as (switch, told),
        lab.agent("ada", tone=ADA, talk_ms=ada_ms) as ada,
        lab.agent("bob", tone=BOB, talk_ms=talk_ms) as bob,
    ):
        await ready(switch, "ada", "bob")
        async with lab.caller(tone=CALLER) as caller:
            call = (await told.wait(CallArrived)).call
            switch.perform(Connect(call, 1, "ada", "ada", 10))
            await told.wait(AgentAnswered)
            yield Three(lab, switch, told, call, caller, ada, bob)


async def test_consult_then_give_the_caller_on(lab: Lab) -> None:
    async with three(lab) as its:
        await its.consult()
        await its.hear(ada=(BOB,), bob=(ADA,), caller=())
        its.switch.perform(HandOver(its.call, 2, "bob", "bob"))
        assert await its.told.wait(HoldChanged) == HoldChanged(its.call, False)
        await its.hear(bob=(CALLER,), caller=(BOB,))
        await ready(its.switch, "ada")
        its.switch.perform(Hold(its.call, True))
        assert await its.told.wait(HoldChanged) == HoldChanged(its.call, True)
        await its.hear(bob=())
        its.switch.perform(Hold(its.call, False))
        assert await its.told.wait(HoldChanged) == HoldChanged(its.call, False)
        await its.hear(bob=(CALLER,), caller=(BOB,))
        its.switch.perform(HangUp(its.call))
        await its.told.wait(CallEnded)
        await its.quiet()
        assert its.told.of(CallReturned) == []
        assert its.told.of(ConsultEnded) == []
        assert its.told.of(ActionFailed) == []


async def test_the_new_agent_hangs_up(lab: Lab) -> None:
    async with three(lab, talk_ms=3000) as its:
        await its.consult()
        its.switch.perform(HandOver(its.call, 2, "bob", "bob"))
        await its.told.wait(HoldChanged)
        returned = await its.told.wait(CallReturned)
        assert returned == CallReturned(its.call, 2, "answered", True, 16)


async def test_consult_and_back_to_the_caller(lab: Lab) -> None:
    async with three(lab) as its:
        await its.consult()
        its.switch.perform(EndConsult(its.call, 1))
        ended = await its.told.wait(ConsultEnded)
        assert (ended.serial, ended.outcome) == (1, "answered")
        await its.hear(ada=(), caller=())
        its.switch.perform(Hold(its.call, False))
        assert await its.told.wait(HoldChanged) == HoldChanged(its.call, False)
        await its.hear(ada=(CALLER,), caller=(ADA,))
        await ready(its.switch, "bob")


async def test_the_consulted_agent_hangs_up(lab: Lab) -> None:
    async with three(lab, talk_ms=1500) as its:
        await its.consult()
        assert (await its.told.wait(ConsultEnded)).outcome == "answered"
        its.switch.perform(Hold(its.call, False))
        await its.told.wait(HoldChanged)
        await its.hear(ada=(CALLER,), caller=(ADA,))


async def test_nobody_answers_the_consultation(lab: Lab) -> None:
    async with (
        running(lab) as (switch, told),
        lab.agent("ada", tone=ADA) as ada,
        lab.agent("bob", ring_ms=60_000),
        lab.agent("cyd", refuse="486 Busy Here"),
    ):
        await ready(switch, "ada", "bob", "cyd")
        async with lab.caller(tone=CALLER) as caller:
            call = (await told.wait(CallArrived)).call
            switch.perform(Connect(call, 1, "ada", "ada", 10))
            await told.wait(AgentAnswered)
            switch.perform(Consult(call, 1, "bob", "bob", 1))
            assert (await told.wait(ConsultEnded)).outcome == "no-answer"
            switch.perform(Consult(call, 2, "cyd", "cyd", 5))
            assert (await told.wait(ConsultEnded)).outcome == "busy"
            switch.perform(Consult(call, 3, "bob", "bob", 20))
            await told.wait(ConsultRinging, lambda told: told.serial == 3)
            switch.perform(EndConsult(call, 3))
            assert (await told.wait(ConsultEnded)).outcome == "cancelled"
            switch.perform(Consult(call, 4, "nobody", "nobody", 5))
            assert (await told.wait(ConsultEnded)).outcome == "unavailable"
            switch.perform(Hold(call, False))
            await told.wait(HoldChanged, lambda told: not told.held)
            await until(lambda: ada.hears(CALLER) and caller.hears(ADA))


async def test_to_and_fro_between_the_two(lab: Lab) -> None:
    async with three(lab) as its:
        await its.consult()
        for _ in range(2):
            its.switch.perform(Swap(its.call, True))
            assert await its.told.wait(HoldChanged) == HoldChanged(its.call, False)
            await its.hear(ada=(CALLER,), caller=(ADA,), bob=())
            its.switch.perform(Swap(its.call, False))
            assert await its.told.wait(HoldChanged) == HoldChanged(its.call, True)
            await its.hear(ada=(BOB,), bob=(ADA,), caller=())
        its.switch.perform(HandOver(its.call, 2, "bob", "bob"))
        assert await its.told.wait(HoldChanged) == HoldChanged(its.call, False)
        await its.hear(bob=(CALLER,), caller=(BOB,))
        await ready(its.switch, "ada")


async def test_all_three_together_and_the_first_agent_leaves(lab: Lab) -> None:
    async with three(lab) as its:
        await its.consult()
        its.switch.perform(Join(its.call))
        await its.told.wait(Joined)
        await its.hear(caller=(ADA, BOB), ada=(CALLER, BOB), bob=(CALLER, ADA))
        its.switch.perform(HandOver(its.call, 2, "bob", "bob"))
        await ready(its.switch, "ada")
        await its.hear(caller=(BOB,), bob=(CALLER,))
        its.switch.perform(Hold(its.call, True))
        assert await its.told.wait(HoldChanged) == HoldChanged(its.call, True)
        its.switch.perform(Hold(its.call, False))
        assert await its.told.wait(HoldChanged) == HoldChanged(its.call, False)
        await its.hear(caller=(BOB,), bob=(CALLER,))
        its.switch.perform(HangUp(its.call))
        await its.told.wait(CallEnded)
        await its.quiet()


async def test_together_from_the_caller_s_side_and_the_second_is_dropped(lab: Lab) -> None:
    async with three(lab) as its:
        await its.consult()
        its.switch.perform(Swap(its.call, True))
        await its.told.wait(HoldChanged)
        its.switch.perform(Join(its.call))
        await its.told.wait(Joined)
        await its.hear(caller=(ADA, BOB), ada=(CALLER, BOB), bob=(CALLER, ADA))
        its.switch.perform(EndConsult(its.call, 1))
        await its.told.wait(ConsultEnded)
        await its.hear(caller=(ADA,), ada=(CALLER,))
        its.switch.perform(Recall(its.call))
        assert (await its.told.wait(CallReturned)).outcome == "recalled"
        await ready(its.switch, "ada", "bob")


async def test_the_caller_leaves_the_conference(lab: Lab) -> None:
    async with three(lab) as its:
        await its.consult()
        its.switch.perform(Join(its.call))
        await its.told.wait(Joined)
        its.switch.perform(HangUp(its.call))
        await its.told.wait(CallEnded)
        await its.quiet()
        assert its.told.of(AgentLeft) == []


async def test_the_first_agent_hangs_up_in_the_conference(lab: Lab) -> None:
    async with three(lab, ada_ms=4000) as its:
        await its.consult()
        its.switch.perform(Join(its.call))
        await its.told.wait(Joined)
        assert await its.told.wait(AgentLeft) == AgentLeft(its.call, 1, 16)
        its.switch.perform(HandOver(its.call, 2, "bob", "bob"))
        await its.hear(caller=(BOB,), bob=(CALLER,))


async def test_the_first_agent_s_phone_dies_while_he_asks(lab: Lab) -> None:
    async with three(lab, ada_ms=2500) as its:
        await its.consult()
        returned = await its.told.wait(CallReturned)
        assert (returned.attempt, returned.answered) == (1, True)
        await ready(its.switch, "ada", "bob")
        its.switch.perform(Connect(its.call, 2, "bob", "bob", 10))
        await its.told.wait(AgentAnswered, lambda told: told.attempt == 2)
        await its.hear(caller=(BOB,), bob=(CALLER,))


async def test_the_caller_hangs_up_while_another_is_asked(lab: Lab) -> None:
    async with three(lab) as its:
        await its.consult()
        its.switch.perform(Swap(its.call, True))
        await its.told.wait(HoldChanged)
        its.switch.perform(HangUp(its.call))
        await its.told.wait(CallEnded)
        await its.quiet()


async def test_recalled_from_talk_and_from_hold(lab: Lab) -> None:
    async with three(lab) as its:
        its.switch.perform(Recall(its.call))
        assert (await its.told.wait(CallReturned)).outcome == "recalled"
        await ready(its.switch, "ada")
        its.switch.perform(Connect(its.call, 2, "ada", "ada", 10))
        await its.told.wait(AgentAnswered, lambda told: told.attempt == 2)
        its.switch.perform(Hold(its.call, True))
        await its.told.wait(HoldChanged)
        its.switch.perform(Recall(its.call))
        returned = await its.told.wait(CallReturned)
        assert (returned.attempt, returned.outcome) == (2, "recalled")
        await ready(its.switch, "ada")
        assert its.told.of(ActionFailed) == []


async def test_another_service_finds_the_consultation(lab: Lab) -> None:
    async with lab.agent("ada", tone=ADA) as ada, lab.agent("bob", tone=BOB) as bob:
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
            async with running(lab) as (switch, told):
                (seen,) = (await told.wait(Snapshot)).calls
                assert (seen.stage, seen.consulted) == ("held", leg)
                await until(lambda: ada.hears(BOB))
                switch.perform(HandOver(call, 2, "bob", "bob"))
                assert await told.wait(HoldChanged) == HoldChanged(call, False)
                await until(lambda: bob.hears(CALLER) and caller.media.hears(BOB))
