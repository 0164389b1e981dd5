"""The prompt store: uploads, speech, versions, and what callers hear now.

Sound first, then the database, then the shelf: whatever breaks in between leaves at most a file
nobody names. What is on the shelf is checked again and again (`watch`); a file that was lost is put
back from its master, and if that is lost too its words are spoken and an alarm is raised. This file
must not know HTTP, nor how Asterisk is told.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from acd.model import Queue
from callcenter.media.prompts.repository import PromptRecords, read_catalogue
from callcenter.media.prompts.schemas import Catalogue, Kind, Prompt, PromptUsed, Version
from callcenter.media.prompts.shelf import Shelf
from callcenter.media.prompts.usage import places_of
from callcenter.sound import speech
from callcenter.sound.converting import Converter, SoundRefused, remove
from callcenter.sound.speech import SpeechMaker
from callcenter.store.config_values import ConfigRefused, NotThere
from ivr.flow import Flow

log = logging.getLogger(__name__)

STORE_BYTES_MAX = 4 << 30
WATCH_SECONDS = 20.0
UNUSED_SECONDS = 86_400.0

Alarm = Callable[[str, str], None]


class Player(Protocol):
    """Who finds the sound for a caller (`callcenter.asterisk.prompts`)."""

    def shelve(self, folder: Path, files: Mapping[str, Mapping[str, tuple[str, str]]]) -> None:
        """Play these from now on: (file, words) by prompt id and language."""


class Prompts:
    """Build it in the running event loop."""

    def __init__(
        self,
        engine: AsyncEngine,
        folder: Path,
        shown: Path,
        player: Player,
        alarm: Alarm,
        maker: SpeechMaker | None = None,
    ) -> None:
        self._engine = engine
        self._records = PromptRecords(engine)
        self._shelf = Shelf(folder / "prompts", shown)
        self.incoming = folder / "incoming"
        self._converter = Converter(self.incoming)
        self._maker = maker or speech.Espeak()
        self._player, self._alarm = player, alarm
        self.catalogue: Catalogue = {}
        self.lost: tuple[str, ...] = ()
        for left in self.incoming.iterdir():  # of uploads that a crash cut off
            left.unlink(missing_ok=True)

    # -- what is there --------------------------------------------------------------------------
    async def prompts(self, id: str | None = None) -> Sequence[Prompt]:
        return [self._seen(one) for one in await self._records.prompts(id=id)]

    async def prompt(self, id: str) -> Prompt:
        """Raises NotThere."""
        found = await self.prompts(id)
        if not found:
            raise NotThere("prompt", id)
        return found[0]

    async def version(self, id: str, language: str, version: int) -> tuple[Version, Path]:
        """One version and its 16 kHz file. Raises NotThere, also when the file is gone."""
        prompt = await self.prompt(id)
        for one in prompt.versions.get(language, ()):
            path = self._shelf.master(one.file) if one.version == version else None
            if path is not None:
                return one, path
        raise NotThere("recording", f"{id} {language} {version}")

    def _seen(self, prompt: Prompt) -> Prompt:
        seen = {
            language: tuple(
                replace(one, there=self._shelf.master(one.file) is not None) for one in versions
            )
            for language, versions in prompt.versions.items()
        }
        return replace(prompt, versions=seen)

    # -- changes --------------------------------------------------------------------------------
    async def put(self, id: str, name: str, *, by: str) -> None:
        await self._records.put(id, name, by=by)
        await self.refresh()

    async def add(
        self,
        id: str,
        language: str,
        source: Path,
        *,
        kind: Kind,
        text: str = "",
        note: str = "",
        source_name: str = "",
        active: bool = True,
        by: str,
    ) -> Version:
        """Convert `source` and keep it as a new version. Raises SoundRefused, ConfigRefused,
        NotThere."""
        await self.prompt(id)
        if await asyncio.to_thread(self._shelf.used_bytes) > STORE_BYTES_MAX:
            raise ConfigRefused(("prompt", "the prompt store is full: delete what is not needed"))
        try:
            made = await self._converter.convert(source)
            file = await asyncio.to_thread(self._shelf.keep, made)
        except OSError as error:
            log.error("a prompt could not be written: %s", error)
            raise SoundRefused("no_room") from error
        try:
            number, old = await self._records.add(
                id,
                language,
                made,
                file=file,
                kind=kind,
                text=text,
                note=note,
                source_name=source_name,
                active=active,
                by=by,
            )
        except BaseException:
            self._shelf.forget([file])
            raise
        await self.refresh()
        self._shelf.forget(old)
        return (await self.version(id, language, number))[0]

    async def spoken(self, text: str, language: str) -> Path:
        """A draft of `text` by the speech maker, in a file that the caller removes. Raises
        ConfigRefused with what the speech maker said."""
        made = await speech.draft(self._maker, text, language, self.incoming)
        if isinstance(made, str):
            raise ConfigRefused(("text", made))
        return made

    async def listen_first(self, text: str, language: str) -> bytes:
        """The draft as callers would hear it: a 16 kHz WAV file. Raises ConfigRefused."""
        draft = await self.spoken(text, language)
        try:
            made = await self._converter.convert(draft)
            try:
                return await asyncio.to_thread(made.wide.read_bytes)
            finally:
                remove(made.wide, made.narrow)
        except SoundRefused as refused:
            raise ConfigRefused(("text", str(refused))) from refused
        finally:
            remove(draft)

    async def activate(self, id: str, language: str, version: int, *, by: str) -> None:
        """Raises NotThere; ConfigRefused when its file is gone."""
        prompt = await self.prompt(id)
        for one in prompt.versions.get(language, ()):
            if one.version == version and not one.there:
                raise ConfigRefused(("version", "its file is gone from the disk"))
        await self._records.activate(id, language, version, by=by)
        await self.refresh()

    async def withdraw(self, id: str, language: str, *, by: str) -> None:
        await self.prompt(id)
        await self._records.withdraw(id, language, by=by)
        await self.refresh()

    async def delete(
        self, id: str, flows: Mapping[str, Flow], queues: Mapping[str, Queue], *, by: str
    ) -> None:
        """Raises PromptUsed while a published flow or a queue says it, NotThere."""
        await self.prompt(id)
        used = places_of(flows, queues).get(id, ())
        if used:
            raise PromptUsed(tuple(used))
        await self._records.set_deleted(id, True, by=by)
        await self.refresh()

    async def restore(self, id: str, *, by: str) -> None:
        await self._records.set_deleted(id, False, by=by)
        await self.refresh()

    # -- what callers hear ----------------------------------------------------------------------
    async def refresh(self) -> None:
        """Read what callers shall hear and put it on the shelf. Raises what the database raises."""
        self.catalogue = await read_catalogue(self._engine)
        await self._put_out()

    async def watch(self) -> None:
        """Until cancelled: read the catalogue until it could be read, then see that nothing is
        lost."""
        loaded = False
        while True:
            try:
                if not loaded:
                    await self.refresh()
                    loaded = True
                else:
                    await self._put_out()
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                log.warning("prompts cannot be read yet: %s", type(error).__name__)
            await asyncio.sleep(WATCH_SECONDS if loaded else 1.0)

    async def _put_out(self) -> None:
        names = {
            one.file: f"{id} ({language})"
            for id, by_language in self.catalogue.items()
            for language, one in by_language.items()
        }
        lost = await asyncio.to_thread(self._shelf.put_out, names)
        before, self.lost = self.lost, tuple(sorted(names[file] for file in lost))
        if self.lost and self.lost != before:
            told = ", ".join(self.lost[:10])
            self._alarm("prompt-lost", f"the sound of these prompts is gone: {told}")
        self._player.shelve(
            self._shelf.shown,
            {
                id: {language: (one.file, one.text) for language, one in by_language.items()}
                for id, by_language in self.catalogue.items()
            },
        )
        old = time.time() - UNUSED_SECONDS
        await asyncio.to_thread(self._shelf.clear, set(names), old)

    def recorded(self) -> Mapping[str, frozenset[str]]:
        """Prompt ids by language, for checking flows (`ivr.checking.Known.prompts`)."""
        found: dict[str, set[str]] = {}
        for id, by_language in self.catalogue.items():
            for language in by_language:
                found.setdefault(language, set()).add(id)
        return {language: frozenset(ids) for language, ids in found.items()}
