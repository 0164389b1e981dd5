"""Outside numbers dialled through a real Asterisk: each fate of an attempt has its name."""

from __future__ import annotations

import asyncio
import itertools

import pytest

from callcenter.core.effects import Connect, HangUp, Originate, PlayPrompt, TagCall
from callcenter.core.inputs import (
    ActionFailed,
    AgentAnswered,
    CallArrived,
    CallEnded,
    NumberAnswered,
    NumberFailed,
    NumberRinging,
    PromptEnded,
    Snapshot,
)
from ivr.asks import Collect
from tests.asterisk.lab import Lab, prompt, ready, running, until

pytestmark = [pytest.mark.asterisk, pytest.mark.anyio]

NUMBER = "+8613911110003"
_numbers = itertools.count(1)


def attempt(lab: Lab, ring_seconds: float = 20.0, **other: object) -> Originate:
    call = f"out-{lab.epoch}.{next(_numbers)}"
    return Originate(call, NUMBER, ring_seconds, **other)  # type: ignore[arg-type]


async def test_who_answers_is_a_call_like_any_caller(lab: Lab) -> None:
    async with (
        running(lab) as (switch, told),
        lab.agent("ada", tone=440) as agent,
        lab.outside(ring_ms=300, tone=880) as customer,
    ):
        await ready(switch, "ada")
        dial = attempt(lab, shown="+862088888888", did="4000", facts={"cb": "cb-1"})
        call = dial.call
        switch.perform(dial)
        await told.wait(NumberRinging, lambda fact: fact.call == call)
        answered = await told.wait(NumberAnswered)
        assert (answered.call, answered.machine) == (call, False)
        switch.perform(PlayPrompt(call, "t1", prompt("demo-instruct"), "en", Collect()))
        await until(lambda: customer.packets > 10)
        customer.press("1")
        assert await told.wait(PromptEnded) == PromptEnded(call, "t1", "1", "done")
        switch.perform(TagCall(call, {"queue": "support"}))
        switch.perform(Connect(call, 1, "ada", "ada", 10))
        assert (await told.wait(AgentAnswered)).call == call
        await until(lambda: customer.hears(440) and agent.hears(880))
        switch.perform(HangUp(call))
        assert await told.wait(CallEnded) == CallEnded(call, 16, "system")
    for wrong in (CallArrived, ActionFailed, NumberFailed):
        assert told.of(wrong) == []
    invitation = lab.sip_messages("agent")
    assert f"INVITE sip:{NUMBER}@" in invitation
    assert "+862088888888" in invitation


@pytest.mark.parametrize(
    ("status", "outcome", "cause"),
    [
        ("486 Busy Here", "busy", 17),
        ("603 Decline", "rejected", 21),
        ("404 Not Found", "invalid", 1),
        ("480 Temporarily Unavailable", "no-answer", 19),
        ("503 Service Unavailable", "unreachable", 34),
    ],
)
async def test_a_number_that_is_not_reached(
    lab: Lab, status: str, outcome: str, cause: int
) -> None:
    async with running(lab) as (switch, told), lab.outside(refuse=status):
        dial = attempt(lab)
        switch.perform(dial)
        failed = await told.wait(NumberFailed)
        assert (failed.call, failed.outcome) == (dial.call, outcome)
        assert failed.cause in (cause, 0)  # 0: told of the attempt's end before the channel's
        assert switch.book.calls == {}
    assert len(told.of(NumberFailed)) == 1


async def test_nobody_answers_in_time(lab: Lab) -> None:
    async with running(lab) as (switch, told), lab.outside(ring_ms=60_000):
        dial = attempt(lab, ring_seconds=5)
        switch.perform(dial)
        await told.wait(NumberRinging)
        failed = await told.wait(NumberFailed, seconds=15)
        assert (failed.call, failed.outcome) == (dial.call, "no-answer")


async def test_an_attempt_that_is_taken_back(lab: Lab) -> None:
    async with running(lab) as (switch, told), lab.outside(ring_ms=60_000):
        dial = attempt(lab)
        switch.perform(dial)
        await told.wait(NumberRinging)
        switch.perform(HangUp(dial.call))
        assert (await told.wait(NumberFailed)).outcome == "cancelled"


async def test_asked_twice_it_is_dialled_once_even_by_a_service_that_forgot(lab: Lab) -> None:
    dial = attempt(lab)
    async with lab.outside(ring_ms=60_000):
        async with running(lab) as (switch, told):
            switch.perform(dial)
            switch.perform(dial)
            await told.wait(NumberRinging)
        async with running(lab) as (switch, told):
            (seen,) = (await told.wait(Snapshot)).calls
            assert (seen.call, seen.stage, seen.number) == (dial.call, "dialling", NUMBER)
            switch.perform(dial)
            switch.book.remove(switch.book.calls[dial.call])
            switch.perform(dial)  # Asterisk itself refuses the second channel of this id
            await told.wait(NumberFailed)
            assert lab.ask("core show channels concise").count("PJSIP/trunk") == 1
            await asyncio.to_thread(lab.ask, "channel request hangup all")
    assert lab.sip_messages("agent").count(f"INVITE sip:{NUMBER}@") >= 1


@pytest.mark.parametrize(
    "number", ["110", "+864008001234", "+15005550006", "13911110003", "+8613911110003,1"]
)
async def test_what_may_not_be_dialled_is_not_sent(lab: Lab, number: str) -> None:
    async with running(lab) as (switch, told):
        before = switch.control.counters.sent
        switch.perform(Originate(f"out-{lab.epoch}.{next(_numbers)}", number, 20))
        assert (await told.wait(NumberFailed)).outcome == "refused"
        assert switch.control.counters.sent == before


async def test_a_trunk_where_nobody_listens(lab: Lab) -> None:
    async with running(lab) as (switch, told):
        dial = attempt(lab, ring_seconds=6)
        switch.perform(dial)
        failed = await told.wait(NumberFailed, seconds=20)
        assert failed.outcome in ("unreachable", "no-answer")
        assert switch.book.calls == {}
