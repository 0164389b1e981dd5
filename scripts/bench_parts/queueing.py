"""Our routing beside app_queue: the same Asterisk, the same telephones, random talk times.

* `free_to_invite`: callers always wait; from an agent's telephone sending BYE to its next INVITE
  coming in. With us that holds the wrap-up: the agent's console closes the call the moment it is
  told to. app_queue is tuned (ringinuse=no, autofill=yes, retry=1, no wrap-up).
* `join_to_invite`: agents are idle; from the caller's 200 OK to the INVITE at an agent.
* `our_share`: from an input's coming into the service to the offer's action going out.
* `cpu_ms_a_call`: processor time of the service for one call of the first kind.

Times are those the telephones saw (sipp's message log, one clock). Everything is on the loopback.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import shutil
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from callcenter.cli import demo_sound
from scripts.bench_parts._sip_times import percentiles, read
from tests.asterisk.lab import CALLER_ADDRESS, free_port
from tests.service.house import DIRECT_DID, PASSWORD, House, house
from tests.service.phones import register
from tests.service.robot import robot

HERE = Path(__file__).parent
AGENTS = ("ada", "chloe", "liwei", "zhangmin")
APP_QUEUE_DID = "4999"
WAITING = 16
CALLS = 200
JOINS = 80
JOINS_PER_SECOND = 2
TALK_MS = (200, 1200)
RUN_SECONDS_MAX = 240.0
SOUND_SECONDS = 60.0
QUEUE = """
[bench]
strategy = leastrecent
timeout = 20
retry = 1
ringinuse = no
autofill = yes
wrapuptime = 0
musicclass = default
joinempty = yes
leavewhenempty = no
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """What the telephones saw in one run; seconds."""

    free_to_invite: list[float]
    join_to_invite: list[float]
    calls: int


async def main() -> dict[str, object]:
    async with house() as centre:
        secrets = {agent: await centre.desk_phone(agent) for agent in AGENTS}
        _add_app_queue(centre)
        say("app_queue, callers waiting")
        theirs = await _run(centre, secrets, APP_QUEUE_DID, CALLS, WAITING)
        say("app_queue, agents idle")
        theirs_idle = await _run(centre, secrets, APP_QUEUE_DID, JOINS, None)
        async with _signed_in(centre) as begin_shifts:
            assert centre.service is not None
            service = psutil.Process(centre.service.pid)
            say("ours, callers waiting")
            before = service.cpu_times()
            ours = await _run(centre, secrets, DIRECT_DID, CALLS, WAITING, begin_shifts)
            after = service.cpu_times()
            say("ours, agents idle")
            ours_idle = await _run(centre, secrets, DIRECT_DID, JOINS, None, begin_shifts)
            share = await _our_share(centre)
    spent = after.user + after.system - before.user - before.system
    return figures(theirs, theirs_idle, ours, ours_idle, spent) | {"our_share": share}


async def _our_share(centre: House) -> dict[str, float]:
    """What the service itself says of its share, on the health page (`runtime.loop.shares`)."""
    async with httpx.AsyncClient(base_url=centre.url, headers={"Origin": centre.url}) as client:
        answer = await client.post("/api/login", json={"login": "admin", "password": PASSWORD})
        answer.raise_for_status()
        said = (await client.get("/api/health")).text
    found = re.search(r"delay: p50 ([0-9.]+) ms, p99 ([0-9.]+) ms of (\d+)", said)
    assert found, said
    return {
        "p50_ms": float(found[1]),
        "p99_ms": float(found[2]),
        "offers": float(found[3]),
    }


def figures(
    theirs: Ran, theirs_idle: Ran, ours: Ran, ours_idle: Ran, spent: float
) -> dict[str, object]:
    free = {
        "ours": percentiles(ours.free_to_invite),
        "app_queue": percentiles(theirs.free_to_invite),
    }
    join = {
        "ours": percentiles(ours_idle.join_to_invite),
        "app_queue": percentiles(theirs_idle.join_to_invite),
    }
    result: dict[str, object] = {
        "agents": len(AGENTS),
        "waiting": WAITING,
        "calls": {"ours": ours.calls, "app_queue": theirs.calls},
        "free_to_invite": free,
        "join_to_invite": join,
        "cpu_ms_a_call": round(spent * 1000 / max(1, ours.calls), 2),
    }
    if all("p50_ms" in side for side in free.values()):
        faster = free["app_queue"]["p50_ms"] / max(0.1, free["ours"]["p50_ms"])
        result["free_to_invite"] = free | {"times_faster": round(faster, 1)}
    if all("p50_ms" in side for side in join.values()):
        later = join["ours"]["p50_ms"] - join["app_queue"]["p50_ms"]
        result["join_to_invite"] = join | {"later_ms": round(later, 1)}
    return result


def _add_app_queue(centre: House) -> None:
    """A number that leads to app_queue, with the same telephones as members."""
    etc = centre.folders.asterisk_config.parent
    members = "".join(f"member = PJSIP/d{agent}\n" for agent in AGENTS)
    with (etc / "queues.conf").open("a") as queues:
        queues.write(QUEUE + members)
    local = etc / "extensions-local.conf"
    local.write_text(
        f"[callers](+)\nexten => {APP_QUEUE_DID},1,Answer()\n"
        " same => n,StartMusicOnHold(default)\n same => n,Queue(bench,,,,300)\n"
        " same => n,Hangup()\n"
    )
    local.chmod(0o644)
    assert centre.asterisk is not None
    for command in ("dialplan reload", "queue reload all"):
        centre.asterisk.ask(command)


async def _run(
    centre: House,
    secrets: dict[str, str],
    did: str,
    calls: int,
    waiting: int | None,
    begin_shifts: _Begin | None = None,
) -> Ran:
    """`calls` callers, `waiting` of them at once, or one after the other if None."""
    folder = Path(tempfile.mkdtemp(prefix="cc-bench-"))
    sound = folder / "silence.pcap"
    sound.write_bytes(demo_sound.capture(b"", [], SOUND_SECONDS))
    sip = centre.ports["sip"]
    try:
        async with contextlib.AsyncExitStack() as stack:
            for agent, secret in secrets.items():
                await stack.enter_async_context(_phone(sip, folder / agent, agent, secret))
            if begin_shifts is not None:
                await begin_shifts()
            rate = (
                ("-r", str(JOINS_PER_SECOND))
                if waiting is None
                else ("-r", "25", "-l", str(waiting))
            )
            values = {"DID": did, "PREFIX": "139", "SOUND": str(sound)}
            options = ("-m", str(calls), *rate, "-mi", CALLER_ADDRESS, "-mp", str(_media_port()))
            async with _sipp(
                "caller", values, CALLER_ADDRESS, sip, folder / "callers", *options
            ) as p:
                async with asyncio.timeout(RUN_SECONDS_MAX):
                    await p.wait()
            await asyncio.sleep(0.5)  # the last BYE of the telephones
        return _read(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _read(folder: Path) -> Ran:
    gaps: list[float] = []
    rang: dict[str, float] = {}
    for agent in AGENTS:
        bye = None
        for seen in read(folder / agent / "messages.log"):
            if seen.what == "BYE" and seen.sent:
                bye = seen.at
            elif seen.what == "INVITE" and not seen.sent:
                if bye is not None:
                    gaps.append(seen.at - bye)
                bye = None
                rang.setdefault(seen.number, seen.at)
    joins = {
        seen.number: seen.at
        for seen in reversed(read(folder / "callers" / "messages.log"))
        if seen.what == "200" and seen.method == "INVITE" and not seen.sent
    }
    waits = [rang[number] - at for number, at in joins.items() if number in rang]
    return Ran(gaps, waits, len(joins))


class _Begin:
    """Every robot goes available; called when the telephones are there."""

    def __init__(self, robots: Sequence[object]) -> None:
        self._robots = robots

    async def __call__(self) -> None:
        for one in self._robots:
            await one.begin_shift()  # type: ignore[attr-defined]


@asynccontextmanager
async def _signed_in(centre: House) -> AsyncIterator[_Begin]:
    async with contextlib.AsyncExitStack() as stack:
        robots = []
        for agent in AGENTS:
            one = await stack.enter_async_context(robot(centre.url, agent, PASSWORD))
            one.close_calls_at_once()
            robots.append(one)
        yield _Begin(robots)


@asynccontextmanager
async def _phone(sip: int, folder: Path, agent: str, secret: str) -> AsyncIterator[None]:
    port = free_port()
    values = {"TALK_MIN": str(TALK_MS[0]), "TALK_MAX": str(TALK_MS[1])}
    options = ("-aa", "-p", str(port), "-mi", "127.0.0.1", "-mp", str(_media_port()))
    await register(sip, f"d{agent}", secret, port)  # from the port that will then ring
    async with _sipp("agent", values, "127.0.0.1", sip, folder, *options):
        yield


@asynccontextmanager
async def _sipp(
    scenario: str, values: dict[str, str], address: str, sip: int, folder: Path, *options: str
) -> AsyncIterator[asyncio.subprocess.Process]:
    _write_scenario(folder, scenario, values)
    process = await asyncio.create_subprocess_exec(
        "sipp", f"127.0.0.1:{sip}", "-sf", "scenario.xml", "-i", address, "-nostdin",
        "-trace_msg", "-message_file", "messages.log", "-trace_err", "-error_file", "errors.log",
        *options,
        cwd=folder,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()


def _write_scenario(folder: Path, scenario: str, values: dict[str, str]) -> None:
    folder.mkdir(parents=True)
    text = (HERE / f"{scenario}.xml").read_text()
    for name, value in values.items():
        text = text.replace(f"@{name}@", value)
    (folder / "scenario.xml").write_text(text)


def _media_port() -> int:
    return free_port() // 2 * 2


def say(text: str) -> None:
    print(f"   {text}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main()), indent=2))
