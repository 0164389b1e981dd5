"""100 talks recorded at once: what it costs, and whether every file has all of both sides.

The service is in this process: link, core, journal, ledger, and the one that encodes; only screens
are left out. Asterisk, PostgreSQL, the telephones (`_talkers`) and the encoder are processes of
their own, each counted apart. Every caller and every agent has a tone.

* `talking`: cores (processor seconds a second) of each part while 100 talks are recorded;
* `encoding`: afterwards, all files one behind the other: processor seconds for a second of talk,
  how long it took, how many waited at most. `keeping_up`: the cores that encoding needs where as
  many talks go on and on;
* `in_all`: the cores of Asterisk, the service and PostgreSQL, and of encoding where it keeps up;
* `wrong`: recordings that are missing, too short or too long for their talk, or without the tone of
  the caller on the left and of the agent on the right, at the beginning, in the middle, at the end.

CALLCENTER_BENCH_TALK_SECONDS says how long the talks are: 60 unless set. Run it with
`python -m scripts.bench_parts.recordings` from the root of the repository.
"""

from __future__ import annotations

import array
import asyncio
import contextlib
import io
import json
import math
import os
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import psutil
import uvloop
from sqlalchemy import select

from acd.model import Agent, Queue
from callcenter.asterisk.config import write
from callcenter.asterisk.switch import Switch
from callcenter.core.centre import Centre
from callcenter.core.commands import GoAvailable, LogIn
from callcenter.core.config import Config, RecordingPolicy
from callcenter.core.effects import ScreenEffect
from callcenter.core.inputs import AgentDid, ConfigChanged, ConsoleChanged, EpochTaken
from callcenter.media.recordings.keeping import DiskAndBucket, OnDisk
from callcenter.media.recordings.retention import Retention
from callcenter.media.recordings.service import Recordings
from callcenter.media.recordings.worker import Worker
from callcenter.runtime.clock import SystemClock
from callcenter.runtime.journal import Journal
from callcenter.runtime.loop import Loop
from callcenter.runtime.vault import Vault
from callcenter.store.engine import make_sessions
from callcenter.store.store import Store
from callcenter.store.tables import Recording
from callcenter.store.times import to_seconds
from ivr.flow import Flow, Node
from ivr.routes import Route
from scripts.bench_parts._talkers import agent_tone, caller_tone
from tests.asterisk.lab import Files, Lab, free_media_ports, free_port, until
from tests.database import fresh_database, running_server

TALKS = 100
PER_SECOND = 10
TALK_SECONDS = float(os.environ.get("CALLCENTER_BENCH_TALK_SECONDS", "60"))
ENCODED_SECONDS_MAX = 1_200.0  # a busy machine leaves the encoder little
SLACK_SECONDS = 0.4  # between what Asterisk tells and what is in the file
RATE = 8000
MASTER = bytes(range(32))
ENDPOINT = """
[a{number}]
type = endpoint
context = agents
disallow = all
allow = ulaw
aors = a{number}
direct_media = no
rtp_symmetric = yes
[a{number}]
type = aor
contact = sip:a{number}@127.0.0.1:{port}
"""


class NoScreens:
    def perform(self, effect: ScreenEffect) -> None: ...


def config() -> Config:
    queue = Queue("bench", "Bench", wrap_up_mode="timed", wrap_up_seconds=0)
    names = [f"a{number}" for number in range(TALKS)]
    line = Node("line", "queue", {"queue": "bench"})
    return Config(
        flows={"bench": Flow("bench", "Bench", start="line", nodes={"line": line})},
        routes=(Route("all", "bench"),),
        queues={"bench": queue},
        agents={name: Agent(name, name, queues={"bench": 1}) for name in names},
        recording={"bench": RecordingPolicy("always", notice=False)},
    )


class Spent:
    """Processor seconds of each part. A process that has ended keeps what it had."""

    def __init__(self, **parts: psutil.Process) -> None:
        self._parts = parts
        self._own = psutil.Process()
        self._last = Counter[str]()

    def now(self) -> Counter[str]:
        """`encoder`: children of this process that have ended."""
        found = Counter[str]()
        for name, process in self._parts.items():
            with contextlib.suppress(psutil.NoSuchProcess):
                for one in (process, *process.children(recursive=True)):
                    times = one.cpu_times()
                    found[name] += times.user + times.system
            found[name] = max(found[name], self._last[name])
        own = self._own.cpu_times()
        found["service"] = own.user + own.system
        found["encoder"] = own.children_user + own.children_system
        self._last = found
        return found


class Stage:
    """The service and what belongs to it; `at` a running Asterisk and database."""

    def __init__(self, lab: Lab, url: str, folder: Path) -> None:
        lab.epoch += 1
        self.lab = lab
        self.loop = Loop(Centre(), SystemClock(0.0), Journal(folder / "journal"))
        self.switch = Switch(
            replace(lab.switch_settings(), lease_seconds=15),
            self.loop.put,
            lab.epoch,
            Files(lab.install.sounds_folder),
            lab.recordings,
            Vault(),
        )
        self.store = Store(
            url, folder / "outbox", self.loop.put, "CN", alarm=_say_alarm, recordings=lab.recordings
        )
        keeping = DiskAndBucket(OnDisk(folder / "kept"))
        retention = Retention(self.store.engine, keeping)
        self.recordings = Recordings(self.store.engine, keeping, MASTER, retention)
        self.worker = Worker(self.store.engine, lab.talks, keeping, MASTER, retention, _say_alarm)
        self.loop.attach(self.switch, self.store, NoScreens())
        self.loop.journal.open_segment(self.loop.centre)
        self.loop.step(EpochTaken(lab.epoch))
        self.loop.step(ConfigChanged(config()))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        parts = (self.loop, self.switch, self.store, self.worker)
        tasks = [asyncio.create_task(part.run()) for part in parts]
        try:
            await until(lambda: self.switch.up, 30)
            names = [f"a{number}" for number in range(TALKS)]
            await until(
                lambda: all(self.switch.book.devices.get(name) == "ready" for name in names), 30
            )
            for name in names:
                self.loop.step(ConsoleChanged(name, True))
                self.loop.step(AgentDid(name, f"{name}-in", LogIn(name)))
                self.loop.step(AgentDid(name, f"{name}-go", GoAvailable()))
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            await self.store.close()

    def talking(self) -> int:
        return sum(call.stage == "talking" for call in self.loop.centre.state.calls.values())

    async def rows(self) -> Sequence[Recording]:
        async with make_sessions(self.store.engine)() as session:
            return list(await session.scalars(select(Recording)))


def _say_alarm(code: str, text: str) -> None:
    say(f"alarm {code}: {text}")


def say(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


async def measure(stage: Stage, server: psutil.Process, agents_port: int) -> dict[str, Any]:
    asterisk = psutil.Process(stage.lab.process.pid)
    talkers = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "scripts.bench_parts._talkers"),
        *(str(stage.lab.settings.sip_port), str(agents_port), str(TALKS), str(PER_SECOND)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert talkers.stdin is not None
    assert talkers.stdout is not None
    spent = Spent(asterisk=asterisk, postgresql=server, telephones=psutil.Process(talkers.pid))
    await talkers.stdout.readline()
    await until(lambda: stage.talking() == TALKS, 60)
    say(f"{TALKS} talks")
    before, began = spent.now(), time.monotonic()
    await asyncio.sleep(TALK_SECONDS)
    seconds, while_talking = time.monotonic() - began, spent.now() - before
    assert stage.talking() == TALKS, f"{stage.talking()} of {TALKS} talks are left"
    before, began = spent.now(), time.monotonic()
    talkers.stdin.write(b"bye\n")
    waited = await encoded(stage)
    encoding, took = spent.now() - before, time.monotonic() - began
    talkers.stdin.close()
    await talkers.wait()
    found = await stage.rows()
    spoken = sum(row.seconds or 0.0 for row in found)
    wrong = await wrong_ones(stage, found)
    cores = {name: round(value / seconds, 3) for name, value in sorted(while_talking.items())}
    keeping_up = round(encoding["encoder"] / spoken * TALKS, 3)
    counted = sum(cores.get(name, 0.0) for name in ("asterisk", "service", "postgresql"))
    return {
        "talks": TALKS,
        "seconds": round(seconds, 1),
        "talking": cores,
        "encoding": {
            "processor_ms_a_second": round(1000 * encoding["encoder"] / spoken, 2),
            "service_ms_a_recording": round(1000 * encoding["service"] / len(found), 1),
            "took_s": round(took, 1),
            "waited_max": waited,
            "talk_s": round(spoken),
            "keeping_up": keeping_up,
        },
        "in_all": round(counted + keeping_up, 3),
        "kept_bytes": sum(row.size or 0 for row in found),
        "wrong": len(wrong),
        "load": [round(value, 1) for value in os.getloadavg()],
    }


async def encoded(stage: Stage) -> int:
    """Until all recordings are kept: how many waited at most."""
    deadline, most = time.monotonic() + ENCODED_SECONDS_MAX, 0
    while time.monotonic() < deadline:
        states = Counter(row.state for row in await stage.rows())
        most = max(most, states["waiting"])
        if states["stored"] + states["failed"] >= TALKS:
            break
        await asyncio.sleep(1)
    return most


# -- what is in the files -------------------------------------------------------------------------
async def wrong_ones(stage: Stage, rows: Sequence[Recording]) -> list[str]:
    found = [f"{TALKS - len(rows)} are missing"] * (TALKS - len(rows))
    for row in rows:
        trouble = await _trouble(stage, row)
        if trouble:
            say(f"{row.id}: {trouble}")
            found.append(trouble)
    return found


async def _trouble(stage: Stage, row: Recording) -> str:
    if row.state != "stored" or row.key is None:
        return f"{row.state}: {row.problem}"
    talked = to_seconds(row.ended_at) - to_seconds(row.began_at)
    if abs((row.seconds or 0.0) - talked) > SLACK_SECONDS:
        return f"{row.seconds} s of {talked:.1f} s"
    size = stage.recordings.plain_size(row)
    sound = b"".join([part async for part in stage.recordings.sound(row, 0, size)])
    left, right = await asyncio.to_thread(_sides, sound)
    caller, agent = int(re.sub(r"\D", "", row.number)[-4:]), int(row.agents[0][1:])
    middle = len(left) // 2
    for begin in (RATE, middle, len(left) - 2 * RATE):
        part = slice(begin, begin + RATE)
        if _share(left[part], caller_tone(caller)) < 0.9:
            return f"the caller is not on the left at {begin / RATE:.1f} s"
        if _share(right[part], agent_tone(agent)) < 0.9:
            return f"the agent is not on the right at {begin / RATE:.1f} s"
    return ""


def _sides(sound: bytes) -> tuple[array.array[int], array.array[int]]:
    samples = array.array("h")
    resampler = av.AudioResampler(format="s16", layout="stereo", rate=RATE)
    for frame in av.open(io.BytesIO(sound), "r").decode(audio=0):
        for out in resampler.resample(frame):
            samples.frombytes(bytes(out.planes[0])[: out.samples * 4])
    return samples[0::2], samples[1::2]


def _share(samples: array.array[int], tone: float) -> float:
    """Of this tone in what is heard, 0 to 1."""
    step = 2 * math.pi * tone / RATE
    real = sum(s * math.cos(step * i) for i, s in enumerate(samples))
    imaginary = sum(s * math.sin(step * i) for i, s in enumerate(samples))
    total = sum(s * s for s in samples)
    return 2 * (real**2 + imaginary**2) / len(samples) / total if total else 0.0


async def run(url: str, server: psutil.Process) -> dict[str, Any]:
    with tempfile.TemporaryDirectory(prefix="cc-recordings-") as name:
        folder = Path(name)
        lab, media, agents_port = Lab(folder / "lab"), free_media_ports(800), free_port()
        lab.settings = replace(
            lab.settings,
            rtp_start=media,
            rtp_end=media + 798,
            lease_seconds=15,
            beat_seconds_max=15,
        )
        lab.config = write(lab.settings, lab.folder / "etc")
        phones = (ENDPOINT.format(number=n, port=agents_port) for n in range(TALKS))
        (lab.folder / "etc" / "pjsip-local.conf").write_text("".join(phones))
        await asyncio.to_thread(lab.start)
        try:
            stage = Stage(lab, url, folder)
            async with stage.running():
                return await measure(stage, server, agents_port)
        finally:
            await asyncio.to_thread(lab.stop)


def main() -> None:
    with running_server() as server, fresh_database(server, "bench") as url:
        pid = int((server.data / "postmaster.pid").read_text().split()[0])
        print(json.dumps(uvloop.run(run(url, psutil.Process(pid))), indent=2))


if __name__ == "__main__":
    main()
