"""Real files through the real cage: good ones of every kind, and all odd ones we thought of."""

from __future__ import annotations

import io
import random
import resource
import struct
import time
import wave
import zipfile
from pathlib import Path

import pytest

from callcenter.sound.converting import Converted, Converter, SoundRefused, kind_of
from tests.sound import odd_files
from tests.sound.odd_files import samples, wav

pytestmark = [pytest.mark.sound, pytest.mark.anyio]


async def convert(folder: Path, content: bytes) -> Converted:
    source = folder / "source"
    source.write_bytes(content)
    return await Converter(folder / "made").convert(source)


def children_seconds() -> float:
    """Processor time of the converters that have ended: what a busy machine does not change."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


async def refusal(folder: Path, content: bytes) -> str:
    with pytest.raises(SoundRefused) as refused:
        await convert(folder, content)
    assert list((folder / "made").iterdir()) == []
    return refused.value.code


@pytest.mark.parametrize("kind", odd_files.GOOD)
async def test_every_kind_becomes_telephone_sound_of_one_loudness(
    tmp_path: Path, kind: str
) -> None:
    made = await convert(tmp_path, odd_files.encoded(kind))
    for path, rate in ((made.wide, 16_000), (made.narrow, 8_000)):
        with wave.open(str(path)) as file:
            shape = (file.getframerate(), file.getnchannels(), file.getsampwidth())
            assert shape == (rate, 1, 2)
            assert 1.8 < file.getnframes() / rate < 2.3
        assert odd_files.spectrum_share(path, 440) > 0.95
    assert -19.5 < made.loudness < -18.5
    assert made.true_peak <= -1.9
    assert made.warnings == ()


async def test_silence_around_speech_is_cut_and_a_breath_left(tmp_path: Path) -> None:
    sound = samples(16_000, 1.0, lead=2.5) + samples(16_000, 1.5, level=0.0)
    made = await convert(tmp_path, wav(sound))
    assert 1.0 < made.seconds < 1.3


async def test_peaks_stay_below_the_limit_where_speech_is_uneven(tmp_path: Path) -> None:
    """A quiet sentence with one shout: the loudness is reached, the shout is held down."""
    sound = samples(16_000, 4.0, level=0.02) + samples(16_000, 0.1, hertz=900, level=0.99)
    made = await convert(tmp_path, wav(sound))
    assert made.true_peak <= -1.5


async def test_stereo_and_odd_rates_are_taken(tmp_path: Path) -> None:
    stereo = samples(11_025, 2.0)
    both = stereo[:0]
    for sample in stereo:
        both.extend((sample, sample))
    made = await convert(tmp_path, wav(both, 11_025, channels=2))
    assert odd_files.spectrum_share(made.wide, 440) > 0.95


@pytest.mark.parametrize(
    ("content", "warning"),
    [
        (wav(samples(16_000, 1.0, level=4.0)), "clipped"),
        (wav(samples(16_000, 1.0, level=0.006)), "quiet"),
        (wav(samples(6_000, 1.0), 6_000), "narrow"),
    ],
)
async def test_poor_sound_is_taken_with_a_warning(
    tmp_path: Path, content: bytes, warning: str
) -> None:
    assert (await convert(tmp_path, content)).warnings == (warning,)


def zip_bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("a.wav", b"\0" * 50_000_000)
    return file.getvalue()


GOOD_MP3 = odd_files.encoded("mp3")
REFUSED = {
    "empty": (b"", "empty"),
    "one byte": (b"R", "not_audio"),
    "text": (b"This is not music at all, it is a text.", "not_audio"),
    "page": (b"<!doctype html><script>alert(1)</script>", "not_audio"),
    "program": (b"\x7fELF" + bytes(100), "not_audio"),
    "zip bomb": (zip_bomb(), "not_audio"),
    "playlist": (b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n", "not_audio"),
    "concat script": (b"ffconcat version 1.0\nfile /etc/passwd\n", "not_audio"),
    "picture": (b"\x89PNG\r\n\x1a\n" + bytes(100), "not_audio"),
    "silent": (wav(samples(16_000, 2.0, level=0)), "silent"),
    "nearly silent": (wav(samples(16_000, 2.0, level=0.0005)), "silent"),
    "header alone": (wav(samples(16_000, 0)), "empty"),
    "an hour in a few kilobytes": (odd_files.hours_of_silence(), "too_long"),
    "eleven minutes": (wav(samples(8_000, 1.0) * 660, 8_000), "too_long"),
    "rate of 4 GHz": (odd_files.wav_claiming(200, rate=0xFFFFFFFF), "odd_sound"),
    "rate of 1 Hz": (odd_files.wav_claiming(200, rate=1), "odd_sound"),
    "too large": (bytes(21 * 1024 * 1024), "too_large"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_is_not_usable_is_refused_with_its_reason(tmp_path: Path, name: str) -> None:
    content, code = REFUSED[name]
    began = children_seconds()
    told = await refusal(tmp_path, content)
    assert told in {code, "not_audio"} if name.startswith("rate") else told == code
    assert children_seconds() - began < 10


async def test_a_header_that_claims_four_gigabytes_is_read_for_what_is_there(
    tmp_path: Path,
) -> None:
    body = samples(16_000, 1.0).tobytes()
    made = await convert(tmp_path, odd_files.wav_claiming(0xFFFFFFFF, body))
    assert 0.9 < made.seconds < 1.1


async def test_a_file_that_breaks_off_is_taken_as_far_as_it_goes(tmp_path: Path) -> None:
    made = await convert(tmp_path, GOOD_MP3[: len(GOOD_MP3) // 2])
    assert 0.5 < made.seconds < 1.5


@pytest.mark.timeout(600)
async def test_broken_files_end_in_sound_or_in_a_reason(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Bits turned over, pieces cut out, kinds mixed: the converter may refuse, never hang or fail
    in another way, and leaves nothing behind."""
    dice = random.Random(4)
    kinds = {kind: odd_files.encoded(kind) for kind in odd_files.GOOD}
    converter = Converter(tmp_path / "made")
    source = tmp_path / "source"
    slowest, taken, refused = 0.0, 0, 0
    for _ in range(200 if request.config.getoption("--nightly") else 40):
        content = bytearray(dice.choice(list(kinds.values())))
        for _ in range(dice.choice((1, 10, 200))):
            content[dice.randrange(len(content))] = dice.randrange(256)
        if dice.random() < 0.3:
            at = dice.randrange(len(content))
            content[at : at + dice.randrange(2000)] = dice.choice(list(kinds.values()))[:500]
        source.write_bytes(content)
        began = time.monotonic()
        try:
            made = await converter.convert(source)
            taken += 1
            made.wide.unlink()
            made.narrow.unlink()
        except SoundRefused:
            refused += 1
        slowest = max(slowest, time.monotonic() - began)
    assert list((tmp_path / "made").iterdir()) == []
    assert slowest < 30
    assert taken > 0 < refused


def test_what_a_file_is_is_told_by_its_first_bytes_alone() -> None:
    for kind in odd_files.GOOD:
        assert kind_of(odd_files.encoded(kind)[:16]) == kind
    assert kind_of(b"RIFF\0\0\0\0AVI LIST") is None
    assert kind_of(struct.pack("<I", 0xFFFFFFFF) + bytes(12)) is None
    assert kind_of(b"") is None
