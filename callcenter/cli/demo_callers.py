"""Simulated callers for a demonstration: they dial in by SIP like anybody else, press keys, speak,
wait, and hang up when their patience ends.

Each is one sipp process. They arrive by a Poisson process, never more than a few at once, so that
the demo is lively and the machine is not. This is the demo's toy: the product does not know it.
"""

from __future__ import annotations

import json
import random
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated
from xml.sax.saxutils import escape

import typer

from callcenter.cli import demo_sound

FROM_ADDRESS = "127.0.0.2"
"""Asterisk knows callers by this address (`trunk_addresses` of its configuration)."""
DID = "4008001000"
ARRIVAL_SECONDS = 20.0
AT_ONCE_MAX = 3
FIRST_AFTER_SECONDS = 5.0
SOUND_SECONDS = 240.0
PATIENCE_SECONDS = (60.0, 200.0)
STRANGER_SHARE = 0.2
CALLERS_MAX = 10_000
WORDS = (
    ("en", "en-us+m3", "Hello. I have a question about my last order. It has not arrived yet."),
    ("en", "en-gb+f2", "Good morning. Could you help me with my bill, please?"),
    ("zh", "cmn-latn-pinyin+f2", "你好，我想问一下我的订单什么时候到。"),
    ("zh", "cmn-latn-pinyin+m2", "您好，我的账单好像有问题，请帮我看一下。"),
)
LANGUAGE_KEY = {"en": "1", "zh": "2"}
# After the greeting, and in the main menu; a key pressed early is kept by the centre.
KEYS_AT_SECONDS = (4.0, 10.0)


@dataclass(frozen=True, slots=True)
class Person:
    number: str
    name: str
    language: str = "en"


def written(number: str, dice: random.Random) -> str:
    """An E.164 number as one of the many trunks' ways to write it: +86130…, 0086130…, 130…"""
    if not number.startswith("+"):
        return number
    ways = [number, f"00{number[1:]}"]
    if number.startswith("+86"):
        ways.append(number[3:])
    return dice.choice(ways)


def plan(people: Sequence[Person], dice: random.Random) -> tuple[Person, str, float]:
    """Who calls next, the main menu's key, and the patience in seconds."""
    if not people or dice.random() < STRANGER_SHARE:
        number = f"1{dice.choice('35789')}{dice.randrange(10**9):09d}"
        person = Person(number, "", dice.choice(("en", "zh")))
    else:
        person = dice.choice(list(people))
    return person, dice.choice("123"), dice.uniform(*PATIENCE_SECONDS)


class Callers:
    """Starts and counts the sipp processes. `folder` holds sounds and scenarios."""

    def __init__(self, to: str, folder: Path, dice: random.Random) -> None:
        self._to = to
        self._folder = folder
        self._dice = dice
        self._calling: list[subprocess.Popen[bytes]] = []
        self._template = Path(__file__).with_name("demo_caller.xml").read_text()
        folder.mkdir(parents=True, exist_ok=True)

    def ready_sounds(self) -> None:
        for voice in range(len(WORDS)):
            for key in "123":
                self._sound(voice, key)

    def arrive(self, people: Sequence[Person]) -> bool:
        """One more caller, if there is room. Says whether one came."""
        self._calling = [call for call in self._calling if call.poll() is None]
        if len(self._calling) >= AT_ONCE_MAX:
            return False
        person, key, patience = plan(people, self._dice)
        voices = [n for n, (language, _, _) in enumerate(WORDS) if language == person.language]
        sound = self._sound(self._dice.choice(voices), key)
        scenario = self._folder / f"call-{time.monotonic_ns()}.xml"
        text = self._template.replace("@SOUND@", escape(str(sound), {'"': "&quot;"}))
        scenario.write_text(text.replace("@PATIENCE@", str(round(patience * 1000))))
        print(f"{person.number} calls, key {key}, for at most {patience:.0f} s", flush=True)
        self._calling.append(self._call(scenario, person))
        return True

    def hang_up_all(self) -> None:
        for call in self._calling:
            if call.poll() is None:
                call.send_signal(signal.SIGUSR1)  # sipp's gentle end: calls are finished first
                call.terminate()
        for call in self._calling:
            try:
                call.wait(timeout=3)
            except subprocess.TimeoutExpired:
                call.kill()

    def _call(self, scenario: Path, person: Person) -> subprocess.Popen[bytes]:
        name = "".join(sign for sign in person.name if sign.isprintable() and sign not in '"\\')
        command = [
            "sipp", self._to, "-sf", str(scenario), "-m", "1", "-nostdin", "-i", FROM_ADDRESS,
            "-p", str(_free_port()), "-mi", FROM_ADDRESS, "-mp", str(_free_port(even=True)),
            "-key", "did", DID, "-key", "number", written(person.number, self._dice),
            "-key", "name", name,
            "-timeout", f"{round(SOUND_SECONDS) + 60}s",
        ]  # fmt: skip
        return subprocess.Popen(
            command,
            cwd=self._folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _sound(self, voice: int, key: str) -> Path:
        language, speaker, text = WORDS[voice]
        path = self._folder / f"caller-{voice}-{key}.pcap"
        if not path.exists():
            digits = list(zip(KEYS_AT_SECONDS, (LANGUAGE_KEY[language], key), strict=True))
            spoken = demo_sound.speech(text, speaker)
            new = path.with_suffix(".new")
            new.write_bytes(demo_sound.capture(spoken, digits, SOUND_SECONDS))
            new.rename(path)
        return path


def _free_port(*, even: bool = False) -> int:
    while True:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
            probe.bind((FROM_ADDRESS, 0))
            port = int(probe.getsockname()[1])
        if not even or port % 2 == 0:
            return port


def read_people(file: Path | None) -> list[Person]:
    if file is None or not file.exists():
        return []
    return [Person(**entry) for entry in json.loads(file.read_text())]


def call_in(
    to: Annotated[str, typer.Option(help="host:port of Asterisk's SIP")],
    folder: Annotated[Path, typer.Option(help="for sounds and scenarios")],
    people: Annotated[Path | None, typer.Option(help="JSON: number, name, language")] = None,
    every: Annotated[float, typer.Option(help="mean seconds between calls")] = ARRIVAL_SECONDS,
) -> None:
    """Simulated callers, until stopped."""
    if shutil.which("sipp") is None:
        raise SystemExit("sipp is not installed (package sip-tester): nobody will call.")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    dice = random.Random()
    callers = Callers(to, folder, dice)
    for old in folder.glob("call-*.xml"):
        old.unlink()
    callers.ready_sounds()
    known = read_people(people)
    try:
        time.sleep(FIRST_AFTER_SECONDS)
        for _ in range(CALLERS_MAX):
            callers.arrive(known)
            time.sleep(dice.expovariate(1 / every))
    finally:
        callers.hang_up_all()


if __name__ == "__main__":
    typer.run(call_in)
