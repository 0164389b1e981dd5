"""The prompt store over a real database, the real converter, and the library that Asterisk asks."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from acd.model import Overflow, Queue
from callcenter.asterisk.prompts import PromptLibrary
from callcenter.media.prompts.schemas import PromptUsed
from callcenter.media.prompts.service import Prompts
from callcenter.media.prompts.usage import Gap, gaps, places_of
from callcenter.sound.converting import SoundRefused
from callcenter.store.config_values import ConfigRefused, NotThere
from ivr.asks import PromptItem
from ivr.flow import Flow
from ivr.reading import read_flow
from tests.sound import odd_files
from tests.sound.odd_files import samples, wav

pytestmark = [pytest.mark.db, pytest.mark.anyio]

BY = "00000000-0000-0000-0000-000000000000"


class Toneless:
    """A speech maker that says every text as a tone as long as the text."""

    def voice(self, language: str) -> str:
        return language

    async def say(self, text: str, language: str, target: Path) -> str:
        if "unspeakable" in text:
            return "the speech maker is ill"
        sound = wav(samples(16_000, 0.5 + len(text) / 50, hertz=300))
        await asyncio.to_thread(target.write_bytes, sound)
        return ""


@dataclass
class Store:
    engine: AsyncEngine
    folder: Path
    alarms: list[tuple[str, str]] = field(default_factory=list)
    alarmed: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.library = PromptLibrary(self.folder / "played", self.folder / "sounds", Toneless())
        self.prompts = Prompts(
            self.engine,
            self.folder / "media",
            self.library.shelf_folder,
            self.library,
            self.alarm,
            Toneless(),
        )

    def alarm(self, code: str, words: str) -> None:
        self.alarms.append((code, words))
        self.alarmed.set()

    async def upload(
        self, id: str, language: str = "en", hertz: float = 440, active: bool = True
    ) -> int:
        source = self.folder / "source"
        source.write_bytes(wav(samples(16_000, 1.0, hertz)))
        made = await self.prompts.add(
            id, language, source, kind="upload", text=f"{id} in {language}", active=active, by=BY
        )
        return made.version

    async def heard(self, id: str, language: str = "en") -> float:
        """The tone of the file that Asterisk is told to play: 440, 880 or 300 hertz."""
        (path,) = await self.library.files([PromptItem("prompt", id)], language)
        shares = {
            hertz: odd_files.spectrum_share(Path(f"{path}.wav"), hertz)
            for hertz in (440.0, 880.0, 300.0)
        }
        return max(shares, key=lambda hertz: shares[hertz])


@pytest.fixture
async def store(engine: AsyncEngine, tmp_path: Path) -> Store:
    async with engine.begin() as connection:
        await connection.execute(text("delete from prompts"))
    return Store(engine, tmp_path)


async def test_an_upload_is_heard_at_once_and_rolled_back(store: Store) -> None:
    await store.prompts.put("welcome", "Greeting", by=BY)
    assert await store.upload("welcome", hertz=440) == 1
    assert await store.heard("welcome") == 440
    assert await store.upload("welcome", hertz=880) == 2
    assert await store.heard("welcome") == 880
    await store.prompts.activate("welcome", "en", 1, by=BY)
    assert await store.heard("welcome") == 440
    prompt = await store.prompts.prompt("welcome")
    assert [(one.version, one.active) for one in prompt.versions["en"]] == [(2, False), (1, True)]
    assert prompt.versions["en"][0].by == BY
    assert -19.5 < prompt.versions["en"][0].loudness < -18.5


async def test_a_version_that_is_not_to_be_heard_yet_waits(store: Store) -> None:
    await store.prompts.put("later", "", by=BY)
    await store.upload("later", hertz=440)
    await store.upload("later", hertz=880, active=False)
    assert await store.heard("later") == 440


async def test_both_rates_are_put_out_readable_for_asterisk(store: Store) -> None:
    await store.prompts.put("rates", "", by=BY)
    await store.upload("rates")
    (path,) = await store.library.files([PromptItem("prompt", "rates")], "en")
    for ending in ("wav", "wav16"):
        mode = (await asyncio.to_thread(Path(f"{path}.{ending}").stat)).st_mode
        assert mode & 0o444 == 0o444
    assert store.library.recorded("rates", "en-GB")
    assert not store.library.recorded("rates", "zh")


async def test_a_restart_without_database_still_knows_the_recordings(store: Store) -> None:
    await store.prompts.put("kept", "", by=BY)
    await store.upload("kept")
    again = PromptLibrary(store.folder / "played", store.folder / "sounds", Toneless())
    assert again.recorded("kept", "en")


async def test_a_file_deleted_from_the_shelf_comes_back(store: Store) -> None:
    await store.prompts.put("shelf", "", by=BY)
    await store.upload("shelf")
    for path in store.library.shelf_folder.glob("*.wav*"):
        path.unlink()
    assert await store.heard("shelf") == 300  # its words, at once
    await store.prompts.refresh()
    assert await store.heard("shelf") == 440
    assert store.alarms == []


async def test_a_lost_file_is_alarmed_and_its_words_are_spoken(store: Store) -> None:
    await store.prompts.put("lost", "", by=BY)
    await store.upload("lost")
    for folder in (store.library.shelf_folder, store.folder / "media" / "prompts"):
        for path in folder.glob("*.wav*"):
            path.unlink()
    watching = asyncio.create_task(store.prompts.watch())
    await asyncio.wait_for(store.alarmed.wait(), 20)
    watching.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await watching
    ((code, words),) = store.alarms
    assert code == "prompt-lost"
    assert "lost (en)" in words
    assert store.prompts.lost == ("lost (en)",)
    assert await store.heard("lost") == 300
    (version,) = (await store.prompts.prompt("lost")).versions["en"]
    assert not version.there
    with pytest.raises(NotThere):
        await store.prompts.version("lost", "en", 1)
    with pytest.raises(ConfigRefused, match="gone"):
        await store.prompts.activate("lost", "en", 1, by=BY)


async def test_what_is_missing_in_a_language_is_heard_in_another(store: Store) -> None:
    await store.prompts.put("english", "", by=BY)
    await store.upload("english")
    assert await store.heard("english", "zh") == 440
    (apology,) = await store.library.files([PromptItem("prompt", "nobody")], "zh")
    assert Path(apology).parent.name == "made", "an apology is spoken where there are no words"


async def test_speech_becomes_a_version(store: Store) -> None:
    await store.prompts.put("spoken", "", by=BY)
    assert (await store.prompts.listen_first("Hello", "en"))[:4] == b"RIFF"
    draft = await store.prompts.spoken("欢迎 to our centre", "zh")
    made = await store.prompts.add("spoken", "zh", draft, kind="speech", text="欢迎", by=BY)
    draft.unlink()
    assert (made.kind, made.text, made.active) == ("speech", "欢迎", True)
    assert await store.heard("spoken", "zh") == 300
    with pytest.raises(ConfigRefused, match="ill"):
        await store.prompts.listen_first("unspeakable", "en")
    with pytest.raises(ConfigRefused, match="nothing to say"):
        await store.prompts.listen_first("...", "en")
    assert list(store.prompts.incoming.iterdir()) == []


async def test_what_is_refused_leaves_nothing_behind(store: Store) -> None:
    await store.prompts.put("refused", "", by=BY)
    source = store.folder / "source"
    source.write_bytes(b"not sound")
    with pytest.raises(SoundRefused):
        await store.prompts.add("refused", "en", source, kind="upload", by=BY)
    with pytest.raises(NotThere):
        await store.upload("unheard-of")
    for wrong in ("../x", "a b", "", "x" * 65, ".hidden"):
        with pytest.raises(ConfigRefused):
            await store.prompts.put(wrong, "", by=BY)
    with pytest.raises(ConfigRefused):
        await store.upload("refused", "../en")
    assert (await store.prompts.prompt("refused")).versions == {}
    assert list(store.prompts.incoming.iterdir()) == []
    assert list((store.folder / "media" / "prompts").iterdir()) == []


FLOW = """
id: main
name: Main
languages: [en, zh]
start: hello
fallback: bye
prompts:
  welcome: {en: Welcome}
nodes:
  hello: {kind: play, prompt: [welcome, news], next: bye}
  bye: {kind: hangup}
"""


def flow() -> Flow:
    found, problems = read_flow(FLOW)
    assert found is not None, problems
    return found


async def test_a_prompt_that_a_flow_says_is_not_deleted(store: Store) -> None:
    await store.prompts.put("news", "", by=BY)
    await store.upload("news")
    with pytest.raises(PromptUsed) as used:
        await store.prompts.delete("news", {"main": flow()}, {}, by=BY)
    assert used.value.places == ("flow main, node hello",)
    await store.prompts.delete("news", {}, {}, by=BY)
    assert not store.library.recorded("news", "en")
    await store.prompts.restore("news", by=BY)
    assert await store.heard("news") == 440


def test_where_prompts_are_said_and_what_is_missing() -> None:
    flows = {"main": flow()}
    rules = (Overflow("queue", "welcome"), Overflow("hangup", "welcome", after_seconds=600.0))
    places = places_of(flows, {"support": Queue("support", "Support", overflow=rules)})
    assert places["welcome"] == ["flow main, node hello", "queue support, overflow rule 2"]
    recorded = {"zh": frozenset({"news"})}
    assert gaps(flows, recorded) == [Gap("welcome", "zh", "main"), Gap("news", "en", "main")]


async def test_every_change_is_in_the_audit(store: Store) -> None:
    await store.prompts.put("audited", "", by=BY)
    await store.upload("audited")
    await store.upload("audited")
    await store.prompts.activate("audited", "en", 1, by=BY)
    await store.prompts.withdraw("audited", "en", by=BY)
    await store.prompts.delete("audited", {}, {}, by=BY)
    async with store.engine.begin() as connection:
        rows = await connection.execute(
            text("select action from audit where subject = 'audited' order by id")
        )
        assert [row[0].partition(".")[2] for row in rows] == [
            "put", "version", "version", "activate", "withdraw", "delete",
        ]  # fmt: skip
