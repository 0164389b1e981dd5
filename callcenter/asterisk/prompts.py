"""The prompt library: gives for what shall be said the sound files that Asterisk plays.

Recordings of the prompt store win (`shelve`); then those the owner puts into
`<folder>/<language>/<id>.wav`; then Asterisk's own sounds; the rest is spoken by espeak-ng and
brought to telephone sound by sox, once, into a file named by its content. Speech is made by child
processes with a time limit, normally before it is needed (`prepare`), otherwise when a caller first
needs it. A prompt that cannot be had, or not soon, is said in another language, or an apology is
said in its place; only without any speech it is a beep. There is a line in the log, never the end
of a call.
This file must not know AMI, AGI or the dialplan.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import os
import re
import secrets
import shutil
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from callcenter.asterisk import saying
from callcenter.asterisk.saying import Missing, Piece, Recording, Sound, Words
from callcenter.asterisk.shelf import Files, Shelf
from callcenter.sound.speech import Espeak, SpeechMaker, by_script, run
from ivr.asks import PromptItem

log = logging.getLogger(__name__)

MAKE_SECONDS_MAX = 15.0
PATIENCE_SECONDS = 2.0
"""A caller hears nothing meanwhile. Then he hears an apology; the making goes on for the next."""
MAKERS_MAX = 2
RECORDING_BYTES_MAX = 20 * 1024 * 1024
UNUSED_SECONDS_MAX = 30 * 86400
FALLBACK = Sound("beep")
FORMAT = 2
"""Part of every made file's name: raise it when the sound of made files changes."""

# Telephone sound, at the loudness of Asterisk's own prompts (about -19 dB RMS).
SHAPE = "remix - rate 8000 highpass 120".split()
RECORDING_EFFECTS = ("gain", "-6", *SHAPE, "gain", "-n", "-4")
SPEECH_EFFECTS = (
    *("gain", "-6", *SHAPE),
    *"compand 0.002,0.05 3:-60,-60,-35,-16,-10,-10,0,-9 gain -n -3".split(),
    *"silence 1 0.02 0.2% reverse silence 1 0.02 0.2% reverse".split(),
)

_ID = re.compile(r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$")
_LANGUAGE = re.compile(r"^[a-z]{2,3}(-[A-Za-z0-9]{1,8})?$")
_SAFE_FOLDER = re.compile(r"^/[A-Za-z0-9/._-]*$")

Step = Callable[[], Awaitable[str]]
"""One program of several that make a file; answers its complaint, "" when there is none."""
TextBook = Mapping[str, Mapping[str, str]]
"""Words by prompt id, then language."""


class PromptLibrary:
    """`folder` holds recordings and made files and must be readable for Asterisk; `sounds_folder`
    is Asterisk's own; who asks for files waits `patience_seconds` for one that must be made first.
    Raises ValueError if a path could not be named in a dialplan."""

    def __init__(
        self,
        folder: Path,
        sounds_folder: Path,
        speech: SpeechMaker | None = None,
        patience_seconds: float = PATIENCE_SECONDS,
    ) -> None:
        for path in (folder, sounds_folder):
            if not _SAFE_FOLDER.match(str(path)):
                raise ValueError(
                    f"{path}: Asterisk cannot play sounds from a folder of this name; use an"
                    " absolute path of letters, digits, '.', '_', '-' and '/'"
                )
        self._folder = folder
        self._sounds = sounds_folder
        self._speech = speech or Espeak()
        self._patience_seconds = patience_seconds
        self._texts: dict[str, dict[str, str]] = {}
        self._makers = asyncio.Semaphore(MAKERS_MAX)
        self._making: dict[Path, asyncio.Task[bool]] = {}
        (folder / "made").mkdir(parents=True, exist_ok=True)
        for made in (folder, folder / "made"):
            made.chmod(0o755)
        self._shelf = Shelf()
        self._shelf.open(self.shelf_folder)

    # -- what is known of a prompt (saying.Book) ------------------------------------------------
    def learn(self, texts: TextBook) -> None:
        """Take over a flow's words; a later flow with the same id overrides an earlier one."""
        for prompt_id, by_language in texts.items():
            self._texts.setdefault(prompt_id, {}).update(by_language)

    @property
    def shelf_folder(self) -> Path:
        """Where the prompt store puts its files for us and for Asterisk."""
        return self._folder / "shelf"

    def shelve(self, folder: Path, files: Files) -> None:
        """What the prompt store has put out: played from now on, with no restart of anything."""
        self._shelf.take(folder, files)

    def recorded(self, prompt_id: str, language: str) -> bool:
        return (
            self._shelf.find(prompt_id, language) is not None
            or self._recording(prompt_id, language) is not None
        )

    def words(self, prompt_id: str, language: str) -> str | None:
        by_language = self._texts.get(prompt_id, {})
        return (
            by_language.get(language)
            or by_language.get(language.partition("-")[0])
            or self._shelf.words(prompt_id, language)
        )

    # -- files ----------------------------------------------------------------------------------
    async def files(self, items: Sequence[PromptItem], language: str) -> tuple[str, ...]:
        """What to hand to Playback, one after the other, without extension: absolute paths of our
        own files, and Asterisk's sounds by their short name ("en/digits/7"), since many of them
        must fit into one command. Never raises for a prompt that cannot be had, and takes no longer
        than a caller is patient; never empty if `items` is not."""
        if not _LANGUAGE.match(language):
            language = "en"
        found: list[str] = []
        patient_until = asyncio.get_running_loop().time() + self._patience_seconds
        for piece in saying.pieces(items, language, self):
            found += await self._piece(piece, language, patient_until)
        return tuple(found)

    async def prepare(self, texts: TextBook) -> list[str]:
        """Learn `texts` and make their files now; returns what could not be made, for a person."""
        self.learn(texts)
        trouble: list[str] = []
        own = {i: {lang: words} for lang, ws in saying.OWN_WORDS.items() for i, words in ws.items()}
        for prompt_id, by_language in [*own.items(), *texts.items()]:
            for language in by_language:
                (piece,) = saying.pieces((PromptItem("prompt", prompt_id),), language, self)
                if await self._made(piece, language) is None:
                    trouble.append(f"the prompt {prompt_id!r} ({language}) could not be made")
        for language in {language for by_language in texts.values() for language in by_language}:
            apology = saying.sorry(language)
            await self._speak(apology.text, apology.language)
        return trouble

    def forget_unused(self, now: float | None = None) -> int:
        """Removes made files that nobody has asked for in a month. Returns how many."""
        limit = (time.time() if now is None else now) - UNUSED_SECONDS_MAX
        old = [p for p in (self._folder / "made").glob("*.wav") if p.stat().st_mtime < limit]
        for path in old:
            path.unlink(missing_ok=True)
        return len(old)

    async def _piece(self, piece: Piece, language: str, patient_until: float) -> list[str]:
        made = await self._soon(self._made(piece, language), patient_until)
        if made is None and not (isinstance(piece, Missing) and not piece.prompt):
            apology = saying.sorry(language)
            said = self._speak(apology.text, apology.language)
            made = await self._soon(said, patient_until)
        return made if made is not None else [f"en/{FALLBACK.name}"]

    async def _soon(
        self, making: Awaitable[list[str] | None], patient_until: float
    ) -> list[str] | None:
        """None if it takes longer. What is there already is had at any time."""
        try:
            async with asyncio.timeout_at(patient_until):
                return await making
        except TimeoutError:
            log.warning("a prompt is still being made; the caller hears something else")
            return None

    async def _made(self, piece: Piece, language: str) -> list[str] | None:
        match piece:
            case Sound(name):
                found = self._sound(name, language)
                return [found] if found else None
            case Recording(prompt_id):
                return await self._take_recording(prompt_id, language)
            case Words(text, language):
                return await self._speak(text, language)
            case Missing(why, prompt_id):
                return await self._elsewhere(why, prompt_id, language)

    async def _elsewhere(self, why: str, prompt_id: str, language: str) -> list[str] | None:
        """Better heard in another language than not at all."""
        known = [*self._shelf.languages(prompt_id), *self._texts.get(prompt_id, {})]
        for other in sorted(set(known) - {language}):
            (piece,) = saying.pieces((PromptItem("prompt", prompt_id),), other, self)
            if not isinstance(piece, Missing) and (made := await self._made(piece, other)):
                log.warning("%s: it is said in %r instead", why, other)
                return made
        log.warning("%s: an apology is said instead", why)
        return None

    def _sound(self, name: str, language: str) -> str | None:
        for folder in (language, language.partition("-")[0], "en"):
            path = self._sounds / folder / name
            if any(path.with_name(path.name + end).exists() for end in (".wav", ".gsm", ".ulaw")):
                return f"{folder}/{name}"
        log.warning("Asterisk's sound %s is not installed", name)
        return None

    # -- recordings -----------------------------------------------------------------------------
    def _recording(self, prompt_id: str, language: str) -> Path | None:
        if not _ID.match(prompt_id):
            return None
        for folder in (language, language.partition("-")[0]):
            path = self._folder / folder / f"{prompt_id}.wav"
            if path.is_file():
                return path
        return None

    async def _take_recording(self, prompt_id: str, language: str) -> list[str] | None:
        shelved = self._shelf.find(prompt_id, language)
        if shelved is not None:
            return [shelved]
        source = self._recording(prompt_id, language)
        if source is None:
            return None
        state = source.stat()
        if state.st_size > RECORDING_BYTES_MAX:
            log.warning("recording %s is larger than 20 MB and is left out", source)
            return None
        target = self._target("recording", str(source), f"{state.st_mtime_ns} {state.st_size}")
        shape = ["sox", str(source), *_wav_out(target), *RECORDING_EFFECTS]
        return await self._once(target, [partial(run, shape, b"")])

    # -- speech ---------------------------------------------------------------------------------
    async def _speak(self, text: str, language: str) -> list[str] | None:
        files: list[str] = []
        for part, part_language in by_script(text, language):
            target = self._target("speech", self._speech.voice(part_language), part)
            raw = target.with_suffix(f".{secrets.token_hex(4)}.raw.wav")
            shape = ["sox", str(raw), *_wav_out(target), *SPEECH_EFFECTS]
            say = partial(self._speech.say, part, part_language, raw)
            made = await self._once(target, [say, partial(run, shape, b"")], scrap=raw)
            if made is None:
                return None
            files += made
        return files or None

    def _target(self, *content: str) -> Path:
        name = hashlib.sha256("\0".join((str(FORMAT), *content)).encode()).hexdigest()[:32]
        return self._folder / "made" / f"{name}.wav"

    async def _once(
        self, target: Path, steps: list[Step], scrap: Path | None = None
    ) -> list[str] | None:
        """`target`, made by `steps` if it is not there; callers who want the same one wait for it
        together, and when one of them will not wait any more it is made nevertheless."""
        making = self._making.get(target)
        if making is None and not _used_again(target):
            making = asyncio.create_task(self._make(target, steps, scrap))
            self._making[target] = making
            making.add_done_callback(lambda done: self._making.pop(target, None))
        if making is not None and not await asyncio.shield(making):
            return None
        return [str(target.with_suffix(""))]

    async def _make(self, target: Path, steps: list[Step], scrap: Path | None) -> bool:
        """`scrap` is removed in the end."""
        new = target.with_suffix(".new")
        try:
            async with self._makers, asyncio.timeout(MAKE_SECONDS_MAX):
                for step in steps:
                    complaint = await step()
                    if complaint:
                        log.error("a prompt could not be made: %s", complaint)
                        return False
            new.chmod(0o644)
            new.rename(target)
        except TimeoutError:
            log.error("a prompt could not be made: not done in %g s", MAKE_SECONDS_MAX)
            return False
        except OSError as error:
            log.error("a prompt could not be made: %s", error)
            return False
        finally:
            for left in (new, scrap):
                if left is not None:
                    left.unlink(missing_ok=True)
        return True


def programs_missing() -> list[str]:
    """Which of the programs that speech needs are not installed."""
    return [name for name in ("espeak-ng", "sox") if shutil.which(name) is None]


def _used_again(path: Path) -> bool:
    """Whether `path` is there; if so it counts as used now."""
    try:
        os.utime(path)
    except FileNotFoundError:
        return False
    return True


def _wav_out(target: Path) -> list[str]:
    return ["-t", "wav", "-b", "16", "-e", "signed-integer", str(target.with_suffix(".new"))]
