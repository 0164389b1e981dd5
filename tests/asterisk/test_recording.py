"""Callers are recorded by a real Asterisk: whatever ends it, what they said is in the file."""

from __future__ import annotations

import wave
from pathlib import Path

import pytest

from callcenter.core.effects import PlayPrompt, RecordCaller
from callcenter.core.inputs import (
    ActionFailed,
    CallArrived,
    CallEnded,
    CallReturned,
    PromptEnded,
    RecordingEnded,
)
from ivr.asks import Collect
from tests.asterisk.lab import Lab, prompt, running, until

pytestmark = [pytest.mark.asterisk, pytest.mark.anyio]


def speaking(lab: Lab, id: str, seconds: float) -> bool:
    """So much of the caller is in the file by now."""
    file = lab.recordings / f"{id}.wav"
    return file.exists() and file.stat().st_size > 16_000 * seconds


def frames(file: Path) -> float:
    """Also proves that the file is a whole WAV of telephone sound."""
    with wave.open(str(file)) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, 8000)
        return float(sound.getnframes())


async def test_the_hash_key_ends_it_and_is_no_answer_to_what_comes_next(lab: Lab) -> None:
    async with running(lab) as (switch, told), lab.caller(tone=500) as caller:
        call = (await told.wait(CallArrived)).call
        switch.perform(RecordCaller(call, "r", "hash.1", 30, 5, 1.0))
        await until(lambda: speaking(lab, "hash.1", 2))
        caller.press("#")
        ended = await told.wait(RecordingEnded)
        assert (ended.token, ended.ended) == ("r", "done")
        assert 1.5 <= ended.seconds < 20
        assert frames(lab.recordings / "hash.1.wav") == pytest.approx(ended.seconds * 8000, abs=2)
        menu = Collect(timeout_seconds=0.5)
        switch.perform(PlayPrompt(call, "m", prompt("beep"), "en", menu))
        assert await told.wait(PromptEnded) == PromptEnded(call, "m", "", "timeout")
    assert told.of(ActionFailed) == []
    assert told.of(CallReturned) == []


async def test_silence_and_the_limit_end_it(lab: Lab) -> None:
    async with running(lab) as (switch, told):
        async with lab.caller(tone=500) as caller:
            call = (await told.wait(CallArrived)).call
            switch.perform(RecordCaller(call, "a", "limit.1", 2, 5, 1.0))
            assert 1.5 < (await told.wait(RecordingEnded)).seconds < 3
            switch.perform(RecordCaller(call, "b", "silence.1", 30, 1, 1.0, beep=False))
            await until(lambda: speaking(lab, "silence.1", 2))
            caller.tone = None
            assert 1.5 < (await told.wait(RecordingEnded)).seconds < 12
        async with lab.caller():
            call = (await told.wait(CallArrived)).call
            switch.perform(RecordCaller(call, "c", "nothing.1", 30, 1, 2.0))
            assert await told.wait(RecordingEnded) == RecordingEnded(call, "c", 0.0)
            assert not (lab.recordings / "nothing.1.wav").exists()


async def test_who_hangs_up_in_the_middle_leaves_what_he_said(lab: Lab) -> None:
    async with running(lab) as (switch, told):
        async with lab.caller(tone=500, talk_ms=3000):
            call = (await told.wait(CallArrived)).call
            switch.perform(RecordCaller(call, "r", "gone.1", 30, 5, 1.0))
            ended = await told.wait(RecordingEnded)
            assert ended.ended == "hangup"
            assert ended.seconds > 1
            assert (await told.wait(CallEnded)).call == call
            assert frames(lab.recordings / "gone.1.wav") > 8000
        order = [type(each).__name__ for each in told.all]
        assert order.index("RecordingEnded") < order.index("CallEnded")


async def test_a_recording_that_is_asked_for_again_goes_on_in_the_same_file(lab: Lab) -> None:
    """As after a restart of the service: the first command is at work when the second comes."""
    async with lab.caller_who_stays(tone=500) as caller:
        async with running(lab) as (switch, told):
            caller.dial()
            call = (await told.wait(CallArrived)).call
            switch.perform(RecordCaller(call, "r", "again.1", 30, 5, 1.0))
            await until(lambda: speaking(lab, "again.1", 1))
        async with running(lab) as (switch, told):
            switch.perform(RecordCaller(call, "s", "again.1", 3, 5, 1.0, beep=False))
            await until(lambda: speaking(lab, "again.1", 2))
            caller.media.press("#")
            ended = await told.wait(RecordingEnded, lambda end: end.token == "s", seconds=20)
            assert ended.seconds > 4
            assert frames(lab.recordings / "again.1.wav") == pytest.approx(
                ended.seconds * 8000, abs=2
            )


async def test_a_name_that_is_not_ours_and_a_folder_that_takes_nothing(lab: Lab) -> None:
    async with running(lab) as (switch, told), lab.caller(tone=500):
        call = (await told.wait(CallArrived)).call
        for name in ("../escape", "a/b", "", "x,q", "%d"):
            switch.perform(RecordCaller(call, "r", name, 5, 1, 1.0))
            assert (await told.wait(ActionFailed)).kind == "refused"
        (lab.recordings / "blocked.1.wav").mkdir()
        switch.perform(RecordCaller(call, "f", "blocked.1", 5, 1, 1.0))
        failed = await told.wait(RecordingEnded, lambda end: end.token == "f")
        assert failed == RecordingEnded(call, "f", 0.0, "failed")
        switch.perform(PlayPrompt(call, "p", prompt("beep"), "en"))
        assert (await told.wait(PromptEnded, lambda end: end.token == "p")).outcome == "done"
    assert not (lab.recordings.parent / "escape.wav").exists()
