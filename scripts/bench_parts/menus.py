"""Menus on a real Asterisk: how soon the next prompt begins, and what many callers at once cost.

The service is in this process: link, core, journal; only database and screens are left out. Callers
are another process, Asterisk a third. `one`: a single caller; `crowd`: 200 in menus at once, a key
each about every five seconds. Delay: from the end of the key's RFC 4733 event to the first RTP
packet of the next prompt (before it, it was quiet). `lost`: callers of whom a key was not taken, or
taken as another. CPU of the service in percent of one core while the crowd is there.

Run it with `python -m scripts.bench_parts.menus` from the root of the repository.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import uvloop

from callcenter.asterisk.config import write
from callcenter.asterisk.switch import Switch
from callcenter.core.centre import Centre
from callcenter.core.config import Config
from callcenter.core.effects import LookUpCaller, RecordEvent, ScreenEffect, StoreEffect
from callcenter.core.inputs import CallerKnown, ConfigChanged, EpochTaken
from callcenter.runtime.clock import SystemClock
from callcenter.runtime.journal import Journal
from callcenter.runtime.loop import Loop
from callcenter.runtime.vault import Vault
from ivr.flow import Flow, Node
from ivr.routes import Route
from tests.asterisk.lab import Files, Lab, free_media_ports, until

CROWD = 200
KEYS = {"one": 40, "crowd": 5}
PAUSE = {"one": 0.1, "crowd": 4.0}
CHOICES = {str(key): f"Choice {key}" for key in range(1, 10)}
FLOW = Flow(
    "bench",
    "Bench",
    nodes={
        "menu": Node(
            "menu",
            "menu",
            {"prompt": "beep", "label": "Menu", "choices": CHOICES, "timeout_seconds": 30.0},
            {**dict.fromkeys(CHOICES, "menu"), "timeout": "menu", "invalid": "menu"},
        )
    },
    start="menu",
    languages=("en",),
)


class Books:
    """Stands for the database: nobody is known; keeps what was chosen, by call."""

    def __init__(self, loop: Loop) -> None:
        self.loop = loop
        self.numbers: dict[str, str] = {}
        self.chosen: dict[str, str] = defaultdict(str)

    def perform(self, effect: StoreEffect) -> None:
        if isinstance(effect, LookUpCaller):
            self.numbers[effect.call] = effect.number
            known = CallerKnown(effect.call, effect.number)
            asyncio.get_running_loop().call_soon(self.loop.put, known)
        elif isinstance(effect, RecordEvent) and effect.kind == "menu":
            found = re.search(r"Choice (\d)", str(effect.data["choice"]))
            self.chosen[effect.call] += found[1] if found else "?"

    async def run(self) -> None: ...


class NoScreens:
    def perform(self, effect: ScreenEffect) -> None: ...


async def callers(port: int, count: int, keys: int, pause: float) -> dict[str, object]:
    child = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "scripts.bench_parts._menu_callers",
        *(str(value) for value in (port, count, keys, pause)),
        stdout=asyncio.subprocess.PIPE,
    )
    said, _ = await child.communicate()
    if child.returncode:
        raise SystemExit("the callers failed")
    found: dict[str, object] = json.loads(said)
    return found


def quantile(values: Sequence[float], part: float) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(part * len(ordered)))], 1)


async def measure(lab: Lab, folder: Path, what: str, count: int) -> dict[str, object]:
    lab.epoch += 1
    loop = Loop(Centre(), SystemClock(0.0), Journal(folder / f"journal-{what}"))
    books = Books(loop)
    files, settings = Files(lab.install.sounds_folder), lab.switch_settings()
    switch = Switch(settings, loop.put, lab.epoch, files, lab.recordings, Vault())
    loop.attach(switch, books, NoScreens())
    loop.journal.open_segment(loop.centre)
    loop.step(EpochTaken(lab.epoch))
    loop.step(ConfigChanged(Config(flows={"bench": FLOW}, routes=(Route("all", "bench"),))))
    tasks = [asyncio.create_task(loop.run()), asyncio.create_task(switch.run())]
    try:
        await until(lambda: switch.up, 30)
        cpu, began = time.process_time(), time.monotonic()
        told = await callers(lab.settings.sip_port, count, KEYS[what], PAUSE[what])
        cpu, seconds = time.process_time() - cpu, time.monotonic() - began
        await asyncio.sleep(1)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    pressed: dict[str, str] = told["pressed"]  # type: ignore[assignment]
    delays: list[float] = told["delays_ms"]  # type: ignore[assignment]
    chosen = {books.numbers[call]: keys for call, keys in books.chosen.items()}
    lost = [number for number, keys in pressed.items() if chosen.get(number) != keys]
    for number in lost:
        print(f"{number}: {pressed[number]} pressed, {chosen.get(number)} taken", file=sys.stderr)
    return {
        "callers": count,
        "keys": sum(map(len, pressed.values())),
        "lost": len(lost),
        "silent": sum(map(len, pressed.values())) - len(delays),
        "p50_ms": quantile(delays, 0.5),
        "p90_ms": quantile(delays, 0.9),
        "p99_ms": quantile(delays, 0.99),
        "service_cpu_percent": round(100 * cpu / seconds, 1),
        "seconds": round(seconds, 1),
    }


async def run() -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="cc-menus-") as name:
        folder = Path(name)
        lab = Lab(folder)
        start = free_media_ports(600)
        lab.settings = replace(
            lab.settings,
            rtp_start=start,
            rtp_end=start + 598,
            lease_seconds=15,
            beat_seconds_max=15,
        )
        lab.config = write(lab.settings, lab.folder / "etc")
        await asyncio.to_thread(lab.start)
        try:
            found: dict[str, object] = {"one": await measure(lab, folder, "one", 1)}
            found["crowd"] = await measure(lab, folder, "crowd", CROWD)
        finally:
            await asyncio.to_thread(lab.stop)
    return found


if __name__ == "__main__":
    print(json.dumps(uvloop.run(run()), indent=2))
