"""What callers live through when the service, its link or Asterisk goes away, and comes back."""

from __future__ import annotations

import asyncio

import pytest

from callcenter.asterisk.switch import Switch
from callcenter.core.effects import Connect, HangUp, Hold, PlayPrompt, SetMusic, TagCall
from callcenter.core.inputs import (
    AgentAnswered,
    CallArrived,
    CallDiverted,
    CallEnded,
    CallMissed,
    CallReturned,
    HoldChanged,
    LinkChanged,
    PromptEnded,
    Snapshot,
)
from ivr.asks import Collect
from tests.asterisk.lab import (
    BEAT_SECONDS_MAX,
    LEASE_SECONDS,
    Lab,
    prompt,
    ready,
    running,
    until,
)

pytestmark = [pytest.mark.asterisk, pytest.mark.anyio]


async def test_a_waiting_caller_keeps_waiting_beyond_the_lease(lab: Lab) -> None:
    async with running(lab) as (switch, told), lab.caller():
        call = (await told.wait(CallArrived)).call
        switch.perform(SetMusic(call, True))
        await asyncio.sleep(LEASE_SECONDS + 2)
        switch.perform(PlayPrompt(call, "still there", prompt("beep"), "en"))
        assert (await told.wait(PromptEnded)).outcome == "done"
    assert told.of(CallDiverted) == []


async def test_without_the_service_the_lease_runs_out_and_an_agent_answers(lab: Lab) -> None:
    async with lab.agent("ada", tone=440), lab.caller_who_stays() as caller:
        async with running(lab) as (switch, told):
            await ready(switch, "ada")
            caller.dial()
            call = (await told.wait(CallArrived)).call
        # The service is dead. app_queue rings the phone that it knew to be reachable.
        await until(lambda: caller.media.hears(440), LEASE_SECONDS + 8)
        lab.ask("channel request hangup all")
        await until(lambda: "0 active channels" in lab.ask("core show channels"))
        async with running(lab) as (_, told):
            assert (await told.wait(Snapshot)).served[call] == "fallback"


async def test_a_new_caller_of_a_dead_service_is_not_made_to_wait(lab: Lab) -> None:
    async with lab.agent("bob", tone=440):
        async with running(lab) as (switch, _):
            await ready(switch, "bob")
        await asyncio.sleep(BEAT_SECONDS_MAX + 2)
        async with lab.caller() as caller:
            await until(lambda: caller.hears(440), 10)


async def test_the_agents_hangup_ends_the_call_of_a_dead_service(lab: Lab) -> None:
    async with lab.agent("ada", talk_ms=(BEAT_SECONDS_MAX + 3) * 1000):
        async with lab.caller_who_stays() as caller:
            async with running(lab) as (switch, told):
                await ready(switch, "ada")
                caller.dial()
                call = (await told.wait(CallArrived)).call
                switch.perform(Connect(call, 1, "ada", "ada", 10))
                await told.wait(AgentAnswered)
            await until(lambda: "0 active channels" in lab.ask("core show channels"), 14)
    async with running(lab) as (_, told):
        assert (await told.wait(Snapshot)).ended[call] == 16


async def test_a_held_caller_of_a_dead_service_gets_the_agent_back(lab: Lab) -> None:
    async with lab.agent("ada", tone=440), lab.caller_who_stays() as caller:
        async with running(lab) as (switch, told):
            await ready(switch, "ada")
            caller.dial()
            call = (await told.wait(CallArrived)).call
            switch.perform(Connect(call, 1, "ada", "ada", 10))
            await told.wait(AgentAnswered)
            switch.perform(Hold(call, True))
            await told.wait(HoldChanged)
        caller.media.listen_anew()
        await until(lambda: caller.media.hears(440), LEASE_SECONDS + 6)


async def test_a_service_started_anew_takes_up_every_call_again(lab: Lab) -> None:
    async with (
        lab.agent("ada", tone=440) as agent,
        lab.caller_who_stays("4001") as waiting,
        lab.caller_who_stays("4002", tone=880) as talking,
    ):
        async with running(lab) as (switch, told):
            await ready(switch, "ada")
            waiting.dial()
            first = (await told.wait(CallArrived)).call
            switch.perform(SetMusic(first, True, "default"))
            switch.perform(TagCall(first, {"queue": "support", "enq": "1700000000.5"}))
            talking.dial()
            second = (await told.wait(CallArrived)).call
            switch.perform(TagCall(second, {"agent": "ada-the-person"}))
            switch.perform(Connect(second, 4, "ada-the-person", "ada", 10))
            await told.wait(AgentAnswered)
            await until(lambda: agent.hears(880))
        async with running(lab) as (switch, told):
            snapshot = await told.wait(Snapshot)
            assert not snapshot.restarted
            seen = {call.call: call for call in snapshot.calls}
            assert set(seen) == {first, second}
            assert (seen[first].stage, seen[second].stage) == ("agi", "talking")
            assert (seen[first].did, seen[second].did) == ("4001", "4002")
            assert seen[first].facts["queue"] == "support"
            assert seen[first].facts["enq"] == "1700000000.5"
            assert seen[second].facts["try"] == "4"
            assert snapshot.devices["ada"] == "in-use"
            switch.perform(PlayPrompt(first, "again", prompt("beep"), "en"))
            assert await told.wait(PromptEnded) == PromptEnded(first, "again", "", "done")
            switch.perform(Hold(second, True))
            assert await told.wait(HoldChanged) == HoldChanged(second, True)
            switch.perform(Hold(second, False))
            assert await told.wait(HoldChanged) == HoldChanged(second, False)
            await until(lambda: agent.hears(880))
            switch.perform(HangUp(second))
            await told.wait(CallEnded, lambda ended: ended.call == second)
            await ready(switch, "ada")
            switch.perform(Connect(first, 1, "ada", "ada", 10))
            await told.wait(AgentAnswered)
            switch.perform(HangUp(first))
            await told.wait(CallEnded, lambda ended: ended.call == first)


async def test_a_call_that_ended_meanwhile_is_in_the_journal(lab: Lab) -> None:
    async with lab.caller_who_stays() as caller:
        async with running(lab) as (_, told):
            caller.dial(talk_ms=1500)
            call = (await told.wait(CallArrived)).call
        await until(lambda: "0 active channels" in lab.ask("core show channels"))
        async with running(lab) as (_, told):
            snapshot = await told.wait(Snapshot)
            assert snapshot.calls == ()
            assert snapshot.ended[call] == 16


async def test_who_came_and_went_while_nobody_was_there_is_told(lab: Lab) -> None:
    """Who had been taken in hand is not told again as one who was missed."""
    async with lab.caller_who_stays() as taken, lab.caller_who_stays("4007") as missed:
        async with running(lab) as (switch, told):
            taken.dial(talk_ms=2500)
            known = (await told.wait(CallArrived)).call
            switch.perform(TagCall(known, {"start": "1700000000.000"}))
            await until(lambda: "ACD_START" in lab.ask(f"core show channel {switch_name(switch)}"))
        missed.dial(talk_ms=1500)
        await until(lambda: "1 active channel" not in lab.ask("core show channels"))
        await until(lambda: "0 active channels" in lab.ask("core show channels"))
    async with running(lab) as (_, told):
        snapshot = await told.wait(Snapshot)
        assert known in snapshot.ended
        (seen,) = [call for call in snapshot.missed if call.did == "4007"]
        assert (seen.number, seen.place, seen.cause) == ("13800138000", "", 16)
        assert seen.trunk == "callers"
        assert 0.0 <= seen.ended_at - seen.began_at < 10
        assert known not in {call.call for call in snapshot.missed}


def switch_name(switch: Switch) -> str:
    """The channel of the only caller."""
    (call,) = switch.book.calls.values()
    return call.channel


async def test_who_hangs_up_before_the_service_was_asked_is_told(lab: Lab) -> None:
    """Asterisk waits up to half a second for his first sound; there is none."""
    async with running(lab) as (_, told):
        async with lab.caller_who_stays("4009") as hasty:
            hasty.media.tone = None
            hasty.dial(talk_ms=1)
            missed = await told.wait(CallMissed)
        assert (missed.number, missed.did, missed.place) == ("13800138000", "4009", "")
        assert missed.trunk == "callers"
        assert told.of(CallArrived) == []


async def test_the_link_is_cut_and_comes_back(lab: Lab) -> None:
    async with running(lab) as (switch, told), lab.caller() as caller:
        await told.wait(Snapshot)
        await told.wait(LinkChanged)
        call = (await told.wait(CallArrived)).call
        switch.perform(PlayPrompt(call, "p", prompt("demo-instruct"), "en", Collect()))
        await until(lambda: caller.packets > 5)
        switch.events.drop()
        assert await told.wait(LinkChanged) == LinkChanged("lab", False)
        assert await told.wait(LinkChanged) == LinkChanged("lab", True)
        snapshot = await told.wait(Snapshot)
        assert [(seen.call, seen.stage) for seen in snapshot.calls] == [(call, "agi")]
        # The answer may have come while nobody listened.
        assert await told.wait(PromptEnded) == PromptEnded(call, "p", "", "failed")
        switch.control.drop()
        assert await told.wait(LinkChanged) == LinkChanged("lab", False)
        await told.wait(Snapshot)
        switch.perform(HangUp(call))
        assert (await told.wait(CallEnded)).by == "system"


async def test_asterisk_is_started_anew(own_lab: Lab) -> None:
    async with running(own_lab) as (switch, told):
        assert (await told.wait(Snapshot)).restarted  # the first service that this one sees
        async with own_lab.caller_who_stays() as caller:
            caller.dial()
            call = (await told.wait(CallArrived)).call
            await asyncio.to_thread(own_lab.process.stop)
            await told.wait(LinkChanged, lambda link: not link.up)
            switch.perform(Connect(call, 1, "ada", "ada", 10))
            await asyncio.to_thread(own_lab.start)
            snapshot = await told.wait(Snapshot, seconds=20)
            assert snapshot.restarted
            assert snapshot.calls == ()
    assert told.of(CallReturned) == []
