"""The prompt library with the real speech maker: files that are there, sound right and are safe."""

from __future__ import annotations

import asyncio
import os
import wave
from array import array
from pathlib import Path

import pytest

from callcenter.asterisk.install import find_or_make
from callcenter.asterisk.prompts import PromptLibrary
from callcenter.asterisk.saying import OWN_SOUNDS_EN, SORRY
from callcenter.sound.speech import Espeak, by_script
from ivr.asks import PromptItem

pytestmark = [pytest.mark.asterisk, pytest.mark.anyio]

WELCOME = {"welcome": {"en": "Welcome.", "zh": "欢迎致电。"}}


@pytest.fixture(scope="module")
def sounds() -> Path:
    return find_or_make().sounds_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "prompts"


def patient(folder: Path, sounds: Path) -> PromptLibrary:
    """However busy the machine is: of interest is what is made."""
    return PromptLibrary(folder, sounds, patience_seconds=60)


def loudness(path: str) -> tuple[float, float]:
    """Seconds and root mean square (0 to 1) of a made file; also checks telephone format."""
    with wave.open(f"{path}.wav") as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8000, 1, 2)
        samples = array("h", file.readframes(file.getnframes()))
    return len(samples) / 8000, (sum(s * s for s in samples) / len(samples)) ** 0.5 / 32768


def files(library: PromptLibrary, language: str, *items: tuple[str, str]) -> tuple[str, ...]:
    asked = [PromptItem(kind, value) for kind, value in items]  # type: ignore[arg-type]
    return asyncio.run(library.files(asked, language))


def test_words_become_audible_telephone_sound(folder: Path, sounds: Path) -> None:
    library = patient(folder, sounds)
    assert asyncio.run(library.prepare(WELCOME)) == []
    for language in ("en", "zh"):
        (path,) = files(library, language, ("prompt", "welcome"))
        seconds, level = loudness(path)
        assert 0.3 < seconds < 4
        assert 0.05 < level < 0.3
        assert os.stat(f"{path}.wav").st_mode & 0o444 == 0o444


def test_the_same_words_are_made_once(folder: Path, sounds: Path) -> None:
    async def ask_often() -> set[tuple[str, ...]]:
        library = patient(folder, sounds)
        item = [PromptItem("text", "Only once")]
        return set(await asyncio.gather(*(library.files(item, "en") for _ in range(20))))

    assert len(asyncio.run(ask_often())) == 1
    assert len(list((folder / "made").iterdir())) == 1


def test_a_number_is_said_by_the_recorded_voice(folder: Path, sounds: Path) -> None:
    said = files(patient(folder, sounds), "en", ("number", "21"))
    assert said == ("en/digits/20", "en/digits/1")
    assert (sounds / f"{said[0]}.wav").exists()


@pytest.mark.parametrize("name", [*range(21), 30, 90, "hundred", "minus", "oh", "oclock", "p-m"])
def test_every_english_word_we_use_is_installed(sounds: Path, name: object) -> None:
    assert (sounds / "en/digits" / f"{name}.wav").exists()


def test_our_own_english_prompts_are_installed(sounds: Path) -> None:
    own = OWN_SOUNDS_EN.values()
    assert [name for name in own if not (sounds / "en" / f"{name}.wav").exists()] == []


def test_a_recording_of_any_rate_is_taken(folder: Path, sounds: Path) -> None:
    (folder / "en").mkdir(parents=True)
    with wave.open(str(folder / "en/welcome.wav"), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(44100)
        file.writeframes(array("h", [3000, -3000, -3000, 3000] * 22050).tobytes())
    library = patient(folder, sounds)
    library.learn(WELCOME)
    (path,) = files(library, "en", ("prompt", "welcome"))
    assert 0.9 < loudness(path)[0] < 1.1


def test_a_broken_recording_is_an_apology(folder: Path, sounds: Path) -> None:
    (folder / "en").mkdir(parents=True)
    (folder / "en/welcome.wav").write_bytes(b"no sound at all")
    library = patient(folder, sounds)
    apology = files(library, "en", ("text", SORRY["en"]))
    assert files(library, "en", ("prompt", "welcome")) == apology


@pytest.mark.parametrize(
    ("prompt_id", "language", "spoken"),
    [
        ("nothing-known", "en", "en"),
        ("nothing-known", "zh-CN", "zh"),
        ("nothing-known", "fr", "fr"),
        ("nothing-known", "th", "en"),
        ("../../etc/passwd", "en", "en"),
        ("a/b", "zh", "zh"),
    ],
)
def test_an_unknown_prompt_is_an_apology_in_the_callers_language(
    folder: Path, sounds: Path, prompt_id: str, language: str, spoken: str
) -> None:
    library = patient(folder, sounds)
    said = files(library, language, ("prompt", prompt_id))
    assert said == files(library, spoken, ("text", SORRY[spoken]))
    seconds, level = loudness(said[0])
    assert seconds > 1
    assert level > 0.02


class Mute(Espeak):
    async def say(self, text: str, language: str, file: Path) -> str:
        return "no voice"


def test_without_any_speech_it_is_a_beep(folder: Path, sounds: Path) -> None:
    library = PromptLibrary(folder, sounds, Mute())
    assert files(library, "en", ("prompt", "nothing-known")) == ("en/beep",)
    assert files(patient(folder, sounds), "en", ("text", " ")) == ("en/beep",)


class Slow(Espeak):
    """Speaks when it is told that it may."""

    def __init__(self) -> None:
        self.may = asyncio.Event()

    async def say(self, text: str, language: str, file: Path) -> str:
        await self.may.wait()
        return await super().say(text, language, file)


async def test_nobody_waits_long_for_a_prompt_and_it_is_made_nevertheless(
    folder: Path, sounds: Path
) -> None:
    speech = Slow()
    library = PromptLibrary(folder, sounds, speech, patience_seconds=0.05)
    item = [PromptItem("text", "Slowly")]
    assert await library.files(item, "en") == ("en/beep",)
    speech.may.set()
    async with asyncio.timeout(60):
        while len(list((folder / "made").glob("*[0-9a-f].wav"))) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    (path,) = await library.files(item, "en")
    assert loudness(path)[0] > 0.3
    assert len(list((folder / "made").iterdir())) == 2, "the words and the apology, no scraps"


def test_a_made_file_that_was_removed_is_made_again(folder: Path, sounds: Path) -> None:
    library = patient(folder, sounds)
    library.learn(WELCOME)
    (path,) = files(library, "en", ("prompt", "welcome"))
    Path(f"{path}.wav").unlink()
    assert files(library, "en", ("prompt", "welcome")) == (path,)
    assert loudness(path)[0] > 0.3


@pytest.mark.parametrize(
    "text",
    ["--version", "; rm -rf /", "`id` $(id) ${EPOCH}", "<speak>&", "\x00\x07", "😀", "é" * 900],
)
def test_no_text_does_harm(folder: Path, sounds: Path, text: str) -> None:
    (said, *_) = files(patient(folder, sounds), "en", ("text", text))
    assert (sounds / f"{said}.wav").exists()  # an absolute path stays as it is
    assert said.startswith((str(folder / "made"), "en/"))


def test_a_language_nobody_speaks_does_no_harm(folder: Path, sounds: Path) -> None:
    (said,) = files(patient(folder, sounds), "../x", ("prompt", "queue-thanks"))
    assert said == "en/queue-thankyou"


def test_files_nobody_asked_for_in_a_month_go(folder: Path, sounds: Path) -> None:
    library = patient(folder, sounds)
    (old,) = files(library, "en", ("text", "old"))
    (new,) = files(library, "en", ("text", "new"))
    a_day = 86400.0
    later = Path(f"{new}.wav").stat().st_mtime + 31 * a_day
    os.utime(f"{new}.wav", (later, later))
    assert library.forget_unused(now=later) == 1
    assert not Path(f"{old}.wav").exists()
    assert Path(f"{new}.wav").exists()


def test_a_folder_that_a_dialplan_cannot_name_is_refused(tmp_path: Path, sounds: Path) -> None:
    with pytest.raises(ValueError, match="Asterisk cannot play sounds"):
        PromptLibrary(tmp_path / "a&b", sounds)


def test_scripts_are_told_apart() -> None:
    assert by_script("For English, press 1. 中文服务请按 2。", "en") == [
        ("For English, press 1.", "en"),
        ("中文服务请按 2。", "zh"),
    ]
    assert by_script("请联系 VIP 部门，按 1", "zh") == [
        ("请联系", "zh"),
        ("VIP", "en"),
        ("部门，按 1", "zh"),
    ]
    assert by_script("12", "zh") == [("12", "zh")]
