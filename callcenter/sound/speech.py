"""Text to speech behind one small interface, so that a better engine can take espeak-ng's place.

A `SpeechMaker` says one piece of text in one language into a WAV file. Text that mixes scripts is
cut into runs first (`by_script`), each said in its own language. This file must not know who asks,
nor what becomes of the file.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import secrets
import tempfile
from pathlib import Path
from typing import Protocol

DRAFT_SECONDS_MAX = 30.0
# Debian 12's espeak-ng reads the pinyin behind Chinese characters as English in its voice "cmn";
# with the pinyin voice characters and tones come out right, in older and newer versions.
VOICES = {"zh": ("cmn-latn-pinyin", 165), "en": ("en-us", 150)}

_SCRIPT = re.compile(r"[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]|[A-Za-zÀ-ɏ]")


class SpeechMaker(Protocol):
    def voice(self, language: str) -> str:
        """Names everything that makes the sound differ, for the names of kept files."""
        ...

    async def say(self, text: str, language: str, target: Path) -> str:
        """Speak `text` (one script, `language` as "en" or "zh") into the WAV file `target`.
        Returns what went wrong, for people; "" when nothing did."""
        ...


class Espeak:
    """espeak-ng, which is small, quick, everywhere, and sounds like a machine."""

    def voice(self, language: str) -> str:
        name, speed = VOICES.get(language, (language, 160))
        return f"{name}\0{speed}"

    async def say(self, text: str, language: str, target: Path) -> str:
        name, speed = VOICES.get(language, (language, 160))
        return await run(
            ["espeak-ng", "-v", name, "-s", str(speed), "-b", "1", "--stdin", "-w", str(target)],
            text.encode(),
        )


async def draft(maker: SpeechMaker, text: str, language: str, folder: Path) -> Path | str:
    """A WAV file in `folder` with the whole of `text`, or what went wrong. Who asks removes it."""
    name = secrets.token_hex(8)
    parts: list[Path] = []
    whole = folder / f"{name}.wav"
    try:
        async with asyncio.timeout(DRAFT_SECONDS_MAX):
            for number, (part, part_language) in enumerate(by_script(text, language)):
                path = folder / f"{name}-{number}.part.wav"
                parts.append(path)
                complaint = await maker.say(part, part_language, path)
                if complaint:
                    return complaint
            if not parts:
                return "there is nothing to say in it"
            rate = ["-r", "22050", "-c", "1", "-b", "16"]
            complaint = await run(["sox", *map(str, parts), *rate, str(whole)], b"")
    except TimeoutError:
        return f"it was not spoken in {DRAFT_SECONDS_MAX:g} s"
    finally:
        for path in parts:
            path.unlink(missing_ok=True)
    if complaint:
        whole.unlink(missing_ok=True)
    return complaint or whole


def by_script(text: str, language: str) -> list[tuple[str, str]]:
    """`text` in runs of one script with the language to say each in: Chinese characters are said
    in Chinese, Latin words within Chinese in English; digits go with what stands before them."""
    base = language.partition("-")[0]
    runs: list[tuple[str, str]] = []
    for sign in text:
        if not _SCRIPT.match(sign):
            spoken = runs[-1][1] if runs else ""
        elif sign > "\u2e7f":
            spoken = "zh"
        else:
            spoken = "en" if base == "zh" else base
        if runs and (runs[-1][1] == spoken or not runs[-1][1]):
            runs[-1] = (runs[-1][0] + sign, spoken)
        else:
            runs.append((sign, spoken))
    named = [(run.strip(), spoken or base) for run, spoken in runs]
    return [(run, spoken) for run, spoken in named if any(c.isalnum() for c in run)]


async def run(command: list[str], given: bytes) -> str:
    """Runs one program; its complaint if it failed, else "". The input is a file, not a pipe: a
    program that ends before it has read everything is then no trouble of ours."""
    with tempfile.TemporaryFile() as stdin:
        stdin.write(given)
        stdin.seek(0)
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                stdin=stdin,
                stdout=asyncio.subprocess.DEVNULL,
                stderr=asyncio.subprocess.PIPE,
            )
        except FileNotFoundError:
            return f"{command[0]} is not installed"
    try:
        _, said = await process.communicate()
    finally:
        if process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()
    complaint = said.decode(errors="replace").strip()[-300:]
    return complaint or f"exit code {process.returncode}" if process.returncode else ""
