"""A recording from the prompt store, heard by a real caller: the tone that was uploaded arrives."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.asterisk.prompts import PromptLibrary
from callcenter.core.effects import PlayPrompt
from callcenter.core.inputs import CallArrived, CallReturned, PromptEnded
from callcenter.media.prompts.service import Prompts
from tests.asterisk.lab import Lab, Told, prompt, running, until
from tests.asterisk.media import Media
from tests.sound.odd_files import encoded, samples

pytestmark = [pytest.mark.asterisk, pytest.mark.anyio]

BY = "00000000-0000-0000-0000-000000000000"


class Store:
    def __init__(self, engine: AsyncEngine, lab: Lab, folder: Path) -> None:
        folder.chmod(0o755)
        self.folder = folder
        self.library = PromptLibrary(folder / "prompts", lab.install.sounds_folder)
        self.alarms: list[str] = []
        self.prompts = Prompts(
            engine,
            folder / "media",
            self.library.shelf_folder,
            self.library,
            lambda code, text: self.alarms.append(code),
        )

    async def upload(self, hertz: float, kind: str = "mp3", rate: int = 44_100) -> None:
        source = self.folder / "source"
        source.write_bytes(encoded(kind, samples(rate, 3.0, hertz)))
        await self.prompts.put("tone", "", by=BY)
        await self.prompts.add("tone", "en", source, kind="upload", text="Tone", by=BY)

    def lose(self) -> None:
        for folder in (self.library.shelf_folder, self.folder / "media" / "prompts"):
            for path in folder.glob("*.wav*"):
                path.unlink()


async def hears(told: Told, perform: object, call: str, caller: Media, hertz: float) -> None:
    caller.listen_anew()
    perform(PlayPrompt(call, f"t{hertz}", prompt("tone"), "en"))  # type: ignore[operator]
    await until(lambda: caller.hears(hertz), 20)
    assert (await told.wait(PromptEnded, seconds=20)).outcome == "done"


async def test_a_new_recording_is_heard_by_the_next_prompt_without_a_restart(
    lab: Lab, engine: AsyncEngine, tmp_path: Path
) -> None:
    store = Store(engine, lab, tmp_path)
    await store.upload(440)
    async with running(lab, prompts=store.library) as (switch, told), lab.caller() as caller:
        call = (await told.wait(CallArrived)).call
        await hears(told, switch.perform, call, caller, 440)
        await store.upload(1000, "flac", 48_000)
        await hears(told, switch.perform, call, caller, 1000)
        await store.prompts.activate("tone", "en", 1, by=BY)
        await hears(told, switch.perform, call, caller, 440)
    assert store.alarms == []


async def test_a_version_changed_under_a_playing_prompt_lets_it_end(
    lab: Lab, engine: AsyncEngine, tmp_path: Path
) -> None:
    store = Store(engine, lab, tmp_path)
    await store.upload(440)
    async with running(lab, prompts=store.library) as (switch, told), lab.caller() as caller:
        call = (await told.wait(CallArrived)).call
        switch.perform(PlayPrompt(call, "a", prompt("tone"), "en"))
        await until(lambda: caller.hears(440), 20)
        await store.upload(1000, "flac", 48_000)
        assert (await told.wait(PromptEnded, seconds=20)).outcome == "done"
        assert not caller.hears(1000)


async def test_a_lost_recording_is_spoken_instead_and_the_call_goes_on(
    lab: Lab, engine: AsyncEngine, tmp_path: Path
) -> None:
    store = Store(engine, lab, tmp_path)
    await store.upload(440)
    store.lose()
    async with running(lab, prompts=store.library) as (switch, told), lab.caller() as caller:
        call = (await told.wait(CallArrived)).call
        switch.perform(PlayPrompt(call, "a", prompt("tone"), "en"))
        await until(lambda: caller.energy() > 0.0005, 20)
        assert (await told.wait(PromptEnded, seconds=20)).outcome == "done"
        assert not caller.hears(440)
        await store.prompts.refresh()
        assert set(store.alarms) == {"prompt-lost"}
        switch.perform(PlayPrompt(call, "b", prompt("digits/1"), "en"))
        assert (await told.wait(PromptEnded, seconds=20)).token == "b"
    assert told.of(CallReturned) == []


def open_library(folder: Path, lab: Lab) -> PromptLibrary:
    folder.chmod(0o755)
    return PromptLibrary(folder / "prompts", lab.install.sounds_folder)


def emptied(folder: Path) -> int:
    """Removes the files; how many."""
    found = list(folder.glob("*.wav"))
    for path in found:
        path.unlink()
    return len(found)


async def test_files_removed_during_a_call_are_made_again_and_unknown_ones_apologised_for(
    lab: Lab, tmp_path: Path
) -> None:
    library = open_library(tmp_path, lab)
    words = "Please hold the line, we are with you in a moment."
    library.learn({"made": {"en": words}})
    async with running(lab, prompts=library) as (switch, told), lab.caller() as caller:
        call = (await told.wait(CallArrived)).call
        for token, id in (("a", "made"), ("b", "made"), ("c", "nobody-knows-it")):
            caller.listen_anew()
            switch.perform(PlayPrompt(call, token, prompt(id), "en"))
            ended = await told.wait(PromptEnded, seconds=30)
            assert (ended.token, ended.outcome) == (token, "done")
            assert caller.energy() > 0.0005, f"{token}: nothing was heard"
            assert emptied(tmp_path / "prompts" / "made") > 0
    assert told.of(CallReturned) == []
