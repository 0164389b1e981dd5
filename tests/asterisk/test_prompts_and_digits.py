"""What a caller hears in the menu and which of his digits count."""

from __future__ import annotations

import time

import pytest

from callcenter.core.effects import Connect, PlayPrompt, SetMusic
from callcenter.core.inputs import CallArrived, CallReturned, PromptEnded
from ivr.asks import Collect
from tests.asterisk.lab import Lab, prompt, running, until
from tests.asterisk.media import Media

pytestmark = [pytest.mark.asterisk, pytest.mark.anyio]


async def test_a_prompt_is_played_to_its_end(lab: Lab) -> None:
    async with running(lab) as (switch, told), lab.caller() as caller:
        call = (await told.wait(CallArrived)).call
        switch.perform(PlayPrompt(call, "a", prompt("digits/1", "digits/2"), "en"))
        assert await told.wait(PromptEnded) == PromptEnded(call, "a", "", "done")
        assert caller.energy() > 0.0005


async def test_a_missing_prompt_never_ends_the_session(lab: Lab) -> None:
    async with running(lab) as (switch, told), lab.caller() as caller:
        call = (await told.wait(CallArrived)).call
        switch.perform(PlayPrompt(call, "a", prompt("no-such-sound"), "en"))
        assert (await told.wait(PromptEnded)).token == "a"
        switch.perform(PlayPrompt(call, "b", (), "en"))
        assert await told.wait(PromptEnded) == PromptEnded(call, "b", "", "missing")
        switch.perform(PlayPrompt(call, "c", prompt("no-such-sound"), "en", Collect()))
        assert (await told.wait(PromptEnded)).token == "c"
        switch.perform(PlayPrompt(call, "d", (), "en", Collect()))
        await until(lambda: caller.remote is not None)
        caller.press("5")
        assert await told.wait(PromptEnded) == PromptEnded(call, "d", "5", "done")
    assert told.of(CallReturned) == []


async def test_several_digits_the_terminator_and_the_time(lab: Lab) -> None:
    account = Collect(digits_max=8, digits_min=3, timeout_seconds=1, inter_digit_seconds=0.6)
    async with running(lab) as (switch, told), lab.caller() as caller:
        call = (await told.wait(CallArrived)).call

        async def ask(token: str, keys: str, collect: Collect) -> PromptEnded:
            switch.perform(PlayPrompt(call, token, prompt("digits/1"), "en", collect))
            await until(lambda: caller.remote is not None)
            caller.press(keys)
            return await told.wait(PromptEnded)

        assert await ask("a", "12345678", account) == PromptEnded(call, "a", "12345678", "done")
        assert await ask("b", "4711#", account) == PromptEnded(call, "b", "4711", "done")
        assert await ask("c", "4711", account) == PromptEnded(call, "c", "4711", "done")
        assert await ask("d", "42", account) == PromptEnded(call, "d", "42", "timeout")
        assert await ask("e", "", account) == PromptEnded(call, "e", "", "timeout")
        assert await ask("e2", "#", account) == PromptEnded(call, "e2", "", "done")
        star = Collect(digits_max=8, digits_min=1, timeout_seconds=1, terminator="*")
        assert await ask("f", "1#2*", star) == PromptEnded(call, "f", "1#2", "done")
        assert await ask("f2", "", star) == PromptEnded(call, "f2", "", "timeout")
        none = Collect(digits_max=3, digits_min=1, timeout_seconds=1, terminator="")
        assert await ask("g", "*#1", none) == PromptEnded(call, "g", "*#1", "done")


async def test_the_times_to_wait_for_digits_are_the_flows(lab: Lab) -> None:
    async with running(lab) as (switch, told), lab.caller():
        call = (await told.wait(CallArrived)).call
        for seconds in (0.3, 2.0):
            collect = Collect(timeout_seconds=seconds)
            began = time.monotonic()
            switch.perform(PlayPrompt(call, str(seconds), (), "en", collect))
            assert (await told.wait(PromptEnded)).outcome == "timeout"
            assert seconds <= time.monotonic() - began < seconds + 0.7


async def test_digits_typed_ahead_answer_the_next_menus(lab: Lab) -> None:
    """A regular caller types his way through three menus during the greeting."""
    async with running(lab) as (switch, told), lab.caller() as caller:
        call = (await told.wait(CallArrived)).call
        switch.perform(PlayPrompt(call, "hello", prompt("demo-thanks"), "en"))
        await until(lambda: caller.packets > 5)
        caller.press("2137")
        assert (await told.wait(PromptEnded)).token == "hello"
        switch.perform(PlayPrompt(call, "one", prompt("demo-instruct"), "en", Collect()))
        assert (await told.wait(PromptEnded)).digits == "2"
        switch.perform(PlayPrompt(call, "two", prompt("demo-instruct"), "en", Collect()))
        assert (await told.wait(PromptEnded)).digits == "1"
        pin = Collect(digits_max=4, digits_min=4)
        switch.perform(PlayPrompt(call, "pin", prompt("demo-instruct"), "en", pin))
        caller.press("89")
        assert (await told.wait(PromptEnded)).digits == "3789"


async def test_music_comes_back_after_a_prompt_and_after_an_offer(lab: Lab) -> None:
    async with running(lab) as (switch, told), lab.caller() as caller:
        call = (await told.wait(CallArrived)).call
        switch.perform(SetMusic(call, True))
        await until(lambda: len(caller.heard) >= 8000 and caller.energy() > 1e-6)
        switch.perform(PlayPrompt(call, "a", prompt("beep"), "en"))
        await told.wait(PromptEnded)
        caller.listen_anew()
        await until(lambda: len(caller.heard) >= 8000 and caller.energy() > 1e-6)
        switch.perform(Connect(call, 1, "cyd", "cyd", 5))
        await told.wait(CallReturned)
        caller.listen_anew()
        await until(lambda: len(caller.heard) >= 8000 and caller.energy() > 1e-6)
        switch.perform(SetMusic(call, False))
        await until(lambda: silent_for(caller, 0.3))


def silent_for(media: Media, seconds: float) -> bool:
    return time.monotonic() - media.last_heard > seconds


async def test_a_prompt_asked_for_too_early_is_played_on_the_return(lab: Lab) -> None:
    async with running(lab) as (switch, told), lab.caller():
        call = (await told.wait(CallArrived)).call
        switch.perform(Connect(call, 1, "cyd", "cyd", 5))
        switch.perform(PlayPrompt(call, "late", prompt("beep"), "en"))
        await told.wait(CallReturned)
        assert await told.wait(PromptEnded) == PromptEnded(call, "late", "", "done")


async def test_a_key_cuts_what_may_be_cut_and_answers_the_menu_behind_it(lab: Lab) -> None:
    """Barge-in across nodes: pressed in the welcome, meant for the menu."""
    async with running(lab) as (switch, told), lab.caller() as caller:
        call = (await told.wait(CallArrived)).call
        switch.perform(PlayPrompt(call, "a", prompt("demo-congrats"), "en"))
        await until(lambda: caller.packets > 10)
        began = time.monotonic()
        caller.press("3")
        assert (await told.wait(PromptEnded)).token == "a"
        assert time.monotonic() - began < 5  # of half a minute
        switch.perform(PlayPrompt(call, "b", prompt("demo-instruct"), "en", Collect()))
        assert await told.wait(PromptEnded) == PromptEnded(call, "b", "3", "done")


async def test_what_must_be_heard_is_heard_and_no_key_is_lost(lab: Lab) -> None:
    notice = prompt("digits/1", "digits/2", "digits/3", "digits/4", "digits/5", "digits/6")
    async with running(lab) as (switch, told), lab.caller() as caller:
        call = (await told.wait(CallArrived)).call
        for collect, digits in ((None, ""), (Collect(), "7")):
            caller.listen_anew()
            before = caller.packets
            switch.perform(PlayPrompt(call, "n", notice, "en", collect, interruptible=False))
            await until(lambda before=before: caller.packets > before + 5)  # type: ignore[misc]
            caller.press("7")
            assert (await told.wait(PromptEnded, seconds=20)).digits == digits
            assert caller.packets - before > 100  # two seconds at least
            if collect is None:
                switch.perform(PlayPrompt(call, "m", prompt("beep"), "en", Collect()))
                assert (await told.wait(PromptEnded)).digits == "7"
