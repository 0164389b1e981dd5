"""A10: what is not sound does not become a prompt, and no file keeps the converter for long."""

from __future__ import annotations

import io
import random
import time
import zipfile
from collections.abc import Iterator

import pytest

from tests.abuse.figures import SEED, Abuse
from tests.sound import odd_files
from tests.sound.odd_files import samples, wav, wav_claiming
from tests.web.place import Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]

NAMES = [
    "../../etc/passwd", "/etc/cron.d/x", "a\x00.wav", "..\\..\\x.wav", "CON.wav", "a" * 255,
    "$(id).wav", "x.wav;id", "-rf.wav", "\u202egpj.wav", "x\r\nSet-Cookie: a=b.wav", "%2e%2e%2fx",
    "<img src=x>.wav", "x.wav.exe", ".htaccess", "|id", "file:///etc/passwd",
]  # fmt: skip
SECONDS_MAX = 10.0
SOUNDS = {".wav", ".wav16", ".slin", ".slin16", ".sln", ".sln16"}


def zipped(times: int) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as out:
        for number in range(times):
            out.writestr(f"{number}.wav", bytes(1 << 20))
    return file.getvalue()


TEXTS = [
    b"", b"R", b"RIFF", b"GIF89a" + bytes(90), b"%PDF-1.7\n" + bytes(90), b"\x7fELF" + bytes(90),
    b"MZ" + bytes(90), b"<?php system($_GET[1]);", b"<!doctype html><script>alert(1)</script>",
    b"<svg onload=alert(1)>", b"#!/bin/sh\nid\n", b"#EXTM3U\nfile:///etc/passwd\n",
    b"#EXTM3U\nhttp://169.254.169.254/\n", b"ffconcat version 1.0\nfile /etc/passwd\n",
    b"[playlist]\nFile1=/etc/passwd\n", b"\x89PNG\r\n\x1a\n" + bytes(90), b"\x1f\x8b" + bytes(90),
    b"BZh9" + bytes(90), b"\xfd7zXZ\x00" + bytes(90), b"PK\x03\x04" + bytes(90),
    b"v=0\no=- 0 0 IN IP4 127.0.0.1\nm=audio 9 RTP/AVP 0\n",
    b"RIFF\xff\xff\xff\xffWAVE" + bytes(90),
]  # fmt: skip


def heads() -> list[bytes]:
    return [
        wav_claiming(2**31 - 1),
        wav_claiming(0xFFFFFFFF),
        wav_claiming(200, rate=0xFFFFFFFF),
        wav_claiming(200, rate=1),
        wav_claiming(200, rate=0),
        wav(samples(16_000, 0)),
        wav(samples(8_000, 1.0) * 660, 8_000),
        odd_files.hours_of_silence(),
        zipped(50),
        bytes(21 * 1024 * 1024),
    ]


def polyglots(dice: random.Random) -> Iterator[bytes]:
    """A sound's first bytes before something else, and something else's before a sound."""
    sound = odd_files.encoded("wav", samples(44_100, 0.5))
    kinds = {kind: odd_files.encoded(kind) for kind in ("mp3", "ogg", "flac", "m4a", "amr", "webm")}
    while True:
        first, second = dice.choice(list(kinds.values())), dice.choice([*TEXTS, sound])
        cut = dice.choice((4, 12, 16, 44, 200))
        yield dice.choice([first[:cut] + second, second[:cut] + first, first[:cut] + bytes(500)])
        broken = bytearray(first)
        for _ in range(200):
            broken[dice.randrange(len(broken))] = dice.randrange(256)
        yield bytes(broken)


async def test_a10_files_that_are_no_prompts(place: Place, abuse: Abuse) -> None:
    dice = random.Random(SEED)
    count = abuse.count(24, 200)
    more = polyglots(dice)
    surely_bad = [*TEXTS, *heads()] if abuse.full else [*TEXTS[:10], *heads()[:3]]
    files = surely_bad + [next(more) for _ in range(count - len(surely_bad))]
    taken, odd, slowest, sound = list[int](), list[str](), 0.0, 0
    async with await place.signed_in("administrator") as admin:
        for number, content in enumerate(files):
            await admin.put("/api/prompts/evil", json={"name": "x"})
            began = time.monotonic()
            answer = await admin.post(
                "/api/prompts/evil/en/audio", content=content, params={"name": dice.choice(NAMES)}
            )
            slowest = max(slowest, time.monotonic() - began)
            if answer.status_code == 201:
                sound += 1
                if number < len(surely_bad):
                    taken.append(number)
            elif answer.status_code not in {413, 422}:
                odd.append(f"{number}: {answer.status_code}")
    left = [
        path.name
        for path in place.folder.rglob("*")
        if path.is_file() and path.suffix not in SOUNDS and path.name != "list.json"
    ]
    abuse.reached(
        "A10",
        f"{len(files)} files: polyglots, bombs, claimed sizes and rates, names with paths",
        f"0 accepted wrongly, none longer than {SECONDS_MAX:.0f} s",
        f"{len(taken)} accepted wrongly ({sound} broken ones had sound in them), "
        f"longest {slowest:.1f} s, {len(left)} other files left behind",
        not taken and not odd and slowest <= SECONDS_MAX and not left,
        " ".join(map(str, [*taken, *odd, *left]))[:200],
    )
