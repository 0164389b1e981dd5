"""A talk in its file: the caller left, the agents right, silent where it must be."""

from __future__ import annotations

import asyncio
import time

import pytest

from callcenter.core.effects import (
    Connect,
    Consult,
    HandOver,
    HangUp,
    Hold,
    Join,
    MuteRecording,
    NameRecording,
    Recall,
    StopRecording,
)
from callcenter.core.inputs import (
    ActionFailed,
    AgentAnswered,
    CallArrived,
    CallEnded,
    CallReturned,
    ConsultAnswered,
    HoldChanged,
    Joined,
    RecordingChanged,
)
from tests.asterisk.lab import Lab, ready, running, until
from tests.asterisk.media import Media
from tests.asterisk.talk_sound import TalkSound

pytestmark = [pytest.mark.asterisk, pytest.mark.anyio]

CALLER, ADA, BOB = 880.0, 440.0, 620.0


async def test_one_talk_through_pause_hold_hand_over_and_transfer(lab: Lab) -> None:
    async with (
        running(lab) as (switch, told),
        lab.agent("ada", tone=ADA) as ada,
        lab.agent("bob", tone=BOB) as bob,
    ):
        # Each talk's stream is numbered from lower down than the one before it.
        ada.number_from(20_000)
        bob.number_from(10_000)
        await ready(switch, "ada", "bob")
        async with lab.caller(tone=CALLER) as caller:
            call = (await told.wait(CallArrived)).call

            async def changes(what: str) -> None:
                await told.wait(RecordingChanged, lambda fact: fact.what == what)

            switch.perform(NameRecording(call, 1, f"{call}.1"))
            switch.perform(Connect(call, 1, "ada", "ada", 10))
            await changes("started")
            await told.wait(AgentAnswered)
            began = time.monotonic()
            await until(lambda: caller.hears(ADA) and ada.hears(CALLER))
            muted_at = time.monotonic() - began
            switch.perform(MuteRecording(call, True))
            await changes("paused")
            assert time.monotonic() - began - muted_at < 0.5
            caller.listen_anew()
            ada.listen_anew()
            await until(lambda: caller.hears(ADA) and ada.hears(CALLER))
            switch.perform(MuteRecording(call, False))
            await changes("resumed")
            unmuted_at = time.monotonic() - began
            caller.listen_anew()
            await until(lambda: caller.hears(ADA))
            switch.perform(Hold(call, True))
            await told.wait(HoldChanged)
            switch.perform(Hold(call, False))
            await told.wait(HoldChanged)
            caller.listen_anew()
            await until(lambda: caller.hears(ADA))
            # Bob is asked: nothing of that is in the file; then he has the caller, in a new one.
            switch.perform(Consult(call, 1, "bob", "bob", 10))
            await told.wait(ConsultAnswered)
            bob.listen_anew()
            await until(lambda: bob.hears(ADA))
            switch.perform(NameRecording(call, 2, f"{call}.2"))
            switch.perform(HandOver(call, 2, "bob", "bob"))
            await changes("stopped")
            await changes("started")
            caller.listen_anew()
            await until(lambda: caller.hears(BOB))
            # Taken back and given to Ada again: a third one, which is stopped in the middle.
            switch.perform(Recall(call))
            await told.wait(CallReturned)
            await changes("stopped")
            await ready(switch, "ada")
            ada.number_from(1_000)
            switch.perform(NameRecording(call, 3, f"{call}.3"))
            switch.perform(Connect(call, 3, "ada", "ada", 10))
            await changes("started")
            await told.wait(AgentAnswered)
            for _ in range(3):
                caller.listen_anew()
                await until(lambda: caller.hears(ADA))
            switch.perform(StopRecording(call))
            await changes("stopped")
            size = (lab.talks / f"{call}.3.raw").stat().st_size
            caller.listen_anew()
            await until(lambda: caller.hears(ADA))
            switch.perform(HangUp(call))
            await told.wait(CallEnded)
        assert told.of(ActionFailed) == []

    first, second, third = (TalkSound(lab.talks / f"{call}.{n}.raw") for n in (1, 2, 3))
    [(silent, loud)] = first.silences()
    assert silent == pytest.approx(muted_at, abs=0.5)
    assert loud == pytest.approx(unmuted_at, abs=0.5)
    for begin, end in ((0.1, silent - 0.1), (loud + 0.1, loud + 0.4)):
        assert first.part("left", CALLER, begin, end) > 0.9
        assert first.part("right", ADA, begin, end) > 0.9
        assert first.part("left", ADA, begin, end) < 0.01
        assert first.part("right", CALLER, begin, end) < 0.01
    assert first.part("right", BOB, 0, first.seconds) < 0.01
    assert second.part("right", BOB, 0.2, second.seconds) > 0.8
    assert second.part("left", CALLER, 0.2, second.seconds) > 0.8
    assert third.part("right", ADA, 0.2, third.seconds) > 0.8
    assert abs((lab.talks / f"{call}.3.raw").stat().st_size - size) < 4 * 4000


async def test_a_conference_that_the_first_agent_leaves_is_one_recording_with_both(
    lab: Lab,
) -> None:
    async with (
        running(lab) as (switch, told),
        lab.agent("ada", tone=ADA) as ada,
        lab.agent("bob", tone=BOB) as bob,
    ):
        ada.number_from(30_000)
        bob.number_from(10_000)
        await ready(switch, "ada", "bob")
        async with lab.caller(tone=CALLER) as caller:
            call = (await told.wait(CallArrived)).call
            switch.perform(NameRecording(call, 1, f"{call}.1"))
            switch.perform(Connect(call, 1, "ada", "ada", 10))
            await told.wait(AgentAnswered)
            await until(lambda: caller.hears(ADA))
            switch.perform(Consult(call, 1, "bob", "bob", 10))
            await told.wait(ConsultAnswered)
            switch.perform(Join(call))
            await told.wait(Joined)
            caller.listen_anew()
            await until(lambda: min(caller.part(ADA), caller.part(BOB)) > 0.3)
            switch.perform(HandOver(call, 2, "bob", "bob"))
            await until(lambda: _only_bob(caller))
            for _ in range(2):
                caller.listen_anew()
                await until(lambda: caller.hears(BOB))
            switch.perform(HangUp(call))
            await told.wait(CallEnded)
        assert told.of(ActionFailed) == []
    sound = TalkSound(lab.talks / f"{call}.1.raw")
    end = sound.seconds
    assert sound.part("right", ADA, 0.1, 0.5) > 0.5
    # (Packets that a busy machine sends late are gaps in a tone, and whole pieces of silence.)
    assert sound.part("right", BOB, end - 0.8, end - 0.2) > 0.3
    assert sound.part("right", ADA, end - 0.8, end - 0.2) < 0.1
    assert sound.part("left", CALLER, end - 0.8, end - 0.2) > 0.5


def _only_bob(caller: Media) -> bool:
    return caller.hears(BOB) and caller.part(ADA) < 0.1


async def test_a_recording_outlives_the_service_and_stays_silent(lab: Lab) -> None:
    """The service dies in a pause; its successor finds the name on the channel and ends both."""
    async with lab.agent("ada", tone=ADA), lab.caller_who_stays(tone=CALLER) as later:
        async with running(lab) as (switch, told):
            await ready(switch, "ada")
            later.dial()
            call = (await told.wait(CallArrived)).call
            switch.perform(NameRecording(call, 1, f"{call}.1"))
            switch.perform(Connect(call, 1, "ada", "ada", 10))
            await told.wait(AgentAnswered)
            await until(lambda: later.media.hears(ADA))
            switch.perform(MuteRecording(call, True))
            await told.wait(RecordingChanged, lambda fact: fact.what == "paused")
        file = lab.talks / f"{call}.1.raw"
        size = file.stat().st_size
        await until(lambda: file.stat().st_size > size + 36_000)
        async with running(lab) as (switch, told):
            seen = switch.book.calls[call]
            assert seen.answered
            switch.perform(MuteRecording(call, False))
            await told.wait(RecordingChanged, lambda fact: fact.what == "resumed")
            later.media.listen_anew()
            await until(lambda: later.media.hears(ADA))
            switch.perform(HangUp(call))
            await told.wait(CallEnded)
    await asyncio.to_thread(lab.ask, "core show channels")
    sound = TalkSound(file)
    [(silent, loud)] = sound.silences()
    assert loud - silent > 0.9
    assert sound.part("right", ADA, loud + 0.1, loud + 0.4) > 0.9
