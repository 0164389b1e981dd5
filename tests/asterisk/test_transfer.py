"""A flow's caller is given on by a real Asterisk: to an extension, or by the trunk."""

from __future__ import annotations

import pytest

from callcenter.core.effects import DialOut, PlayPrompt
from callcenter.core.inputs import (
    ActionFailed,
    CallArrived,
    DialledAnswered,
    DialledOut,
    PromptEnded,
    Snapshot,
)
from tests.asterisk.lab import Lab, prompt, ready, running, until

pytestmark = [pytest.mark.asterisk, pytest.mark.anyio]


async def test_they_talk_and_the_caller_is_told_when_the_far_end_is_gone(lab: Lab) -> None:
    async with (
        running(lab) as (switch, told),
        lab.agent("ada", talk_ms=2000, tone=700) as ada,
        lab.caller(tone=500) as caller,
    ):
        await ready(switch, "ada")
        call = (await told.wait(CallArrived)).call
        switch.perform(DialOut(call, "p1", "ada", 20))
        assert await told.wait(DialledAnswered) == DialledAnswered(call, "p1")
        await until(lambda: caller.hears(700) and ada.hears(500))
        assert await told.wait(DialledOut, seconds=20) == DialledOut(call, "p1", "answered")
        switch.perform(PlayPrompt(call, "p2", prompt("beep"), "en"))
        assert (await told.wait(PromptEnded)).outcome == "done"


async def test_busy_unreachable_and_not_allowed_come_back(lab: Lab) -> None:
    async with (
        running(lab) as (switch, told),
        lab.agent("bob", refuse="486 Busy Here"),
        lab.caller(),
    ):
        await ready(switch, "bob")
        call = (await told.wait(CallArrived)).call
        switch.perform(DialOut(call, "p1", "bob", 20))
        assert await told.wait(DialledOut) == DialledOut(call, "p1", "busy")
        switch.perform(DialOut(call, "p2", "cyd", 20))
        assert await told.wait(DialledOut) == DialledOut(call, "p2", "failed")
        for number in ("110", "+861", "12", "+8690012345678", "x", ""):
            switch.perform(DialOut(call, "p3", number, 20))
            assert (await told.wait(ActionFailed)).kind == "refused"
        assert told.of(DialledAnswered) == []
        switch.perform(PlayPrompt(call, "p4", prompt("beep"), "en"))
        assert (await told.wait(PromptEnded)).outcome == "done"


async def test_nobody_answers_in_the_time(lab: Lab) -> None:
    async with (
        running(lab) as (switch, told),
        lab.agent("ada", ring_ms=30_000),
        lab.caller(),
    ):
        await ready(switch, "ada")
        call = (await told.wait(CallArrived)).call
        switch.perform(DialOut(call, "p1", "ada", 2))
        assert await told.wait(DialledOut) == DialledOut(call, "p1", "no-answer")


async def test_the_next_service_finds_him_talking_and_hears_of_the_end(lab: Lab) -> None:
    async with lab.agent("ada", tone=700, talk_ms=8000), lab.caller_who_stays(tone=500) as caller:
        async with running(lab) as (switch, told):
            await ready(switch, "ada")
            caller.dial()
            call = (await told.wait(CallArrived)).call
            switch.perform(DialOut(call, "p7", "ada", 20))
            await until(lambda: caller.media.hears(700))
        async with running(lab) as (switch, told):
            (seen,) = (await told.wait(Snapshot)).calls
            assert (seen.stage, seen.facts["xfer"]) == ("transferred", "p7")
            assert await told.wait(DialledOut, seconds=25) == DialledOut(call, "p7", "answered")
