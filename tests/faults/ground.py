"""Where the faults happen: a whole centre with a proxy in each of its lines, agents at work, an
observer, and a history of all of it.

The service reaches Asterisk's manager and PostgreSQL through proxies, and so do the agents'
consoles reach the service; telephones and the observer go straight. Nothing here judges.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import signal
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from random import Random

import httpx
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.cli import installation
from callcenter.store.config_reading import stored_mark
from callcenter.store.directory import Directory
from callcenter.store.engine import make_engine
from tests.asterisk.proxy import Proxy, proxy
from tests.faults.actions import Actions
from tests.faults.checker import Wrong, check
from tests.faults.figures import Figures
from tests.faults.history import History
from tests.faults.observer import Observer, observing
from tests.faults.telephones import SHIFT_SECONDS, Crowd, crowd, desk_phones
from tests.service.house import PASSWORD, House, house
from tests.service.robot import Robot, robot

AGENTS = ("ada", "ben", "chloe", "liwei", "wangfang", "zhangmin")
QUEUE, DID = "faults", "4700"
FLOW = """
id: faults
name: Straight to the line
languages: [en]
start: line
fallback: line
nodes:
  line: {kind: queue, queue: faults, ports: {}}
"""
SETTINGS = {"name": QUEUE, "wrap_up_mode": "timed", "wrap_up_seconds": 0, "ring_seconds": 8}
AT_WORK_SECONDS = 0.25
READY_SECONDS = 120.0
"""A machine that plays everybody may be slow to start anything."""
SETTLED_SECONDS_MAX = 60.0
CONFIGURED_SECONDS_MAX = 120.0
LONG_SHIFT = f"update ps_aors set maximum_expiration = {SHIFT_SECONDS} returning id"
"""The phones of the harness register once; a real one does again long before its time is over."""
ROWS = """
    select call, number, outcome, ended_by, agent,
           extract(epoch from started_at)::float8 as began,
           extract(epoch from ended_at)::float8 as ended
    from interactions where started_at >= to_timestamp({since})
"""
TOLD = """
    select call, sequence, kind, extract(epoch from at)::float8 as when, data::text as data
    from interaction_events where at >= to_timestamp({since}) order by call, sequence
"""


class Ground:
    """`seed` decides whatever is left to chance. Built by `ground`."""

    def __init__(self, centre: House, history: History, seed: int, began: float) -> None:
        self.centre, self.history, self.seed, self.began = centre, history, seed, began
        self.random = Random(seed)
        self.people: dict[str, Robot] = {}
        self.at_work: set[str] = set()
        self.actions: Actions
        self.manager: Proxy
        self.database: Proxy
        self.consoles: Proxy
        self.supervisor: Robot  # an administrator: every queue is his
        self.observer: Observer
        self.web: httpx.AsyncClient
        self._numbers = itertools.count(1)

    # -- people -------------------------------------------------------------------------------
    def numbers(self, count: int) -> list[str]:
        """Callers who have not called yet."""
        return [f"139{next(self._numbers):08d}" for _ in range(count)]

    @asynccontextmanager
    async def crowd(self, count: int, **how: object) -> AsyncIterator[Crowd]:
        made = crowd(
            self.history,
            self.centre.ports["sip"],
            DID,
            self.numbers(count),
            **how,  # type: ignore[arg-type]
        )
        async with made as callers:
            yield callers

    @asynccontextmanager
    async def phones(
        self, *agents: str, ring_ms: int = 50, talk_ms: int = 1500, refuse: str = ""
    ) -> AsyncIterator[None]:
        """The desk phones of these agents; of none named, everybody's."""
        secrets = {f"d{name}": await self.centre.desk_phone(name) for name in agents or AGENTS}
        await self.centre.rows(LONG_SHIFT)
        sip = self.centre.ports["sip"]
        async with desk_phones(sip, secrets, ring_ms=ring_ms, talk_ms=talk_ms, refuse=refuse):
            yield

    @asynccontextmanager
    async def staffed(self, **how: int) -> AsyncIterator[None]:
        """Everybody takes calls, with a desk phone as in `phones`."""
        async with self.phones(**how):  # type: ignore[arg-type]
            await self.work(*AGENTS)
            yield
        self.rest()

    async def keep_at_work(self) -> None:
        """Who is to work logs in and becomes available whenever he is not: as people do."""
        while True:
            for name in self.at_work:
                one = self.people[name]
                match one.rows["agent"].get(name, {}).get("state"):
                    case "offline":
                        one.send("log_in", device="desk")
                    case "paused":
                        one.send("go_available")
            await asyncio.sleep(AT_WORK_SECONDS)

    async def work(self, *names: str) -> None:
        """These take calls, the others pause."""
        self.at_work = set(names)
        for name, one in self.people.items():
            if name not in self.at_work and one.state not in ("offline", "paused"):
                one.send("pause", reason="break")
        try:
            await self.until(
                "agents at work", lambda: all(self.state(name) == "available" for name in names), 40
            )
        except AssertionError as error:
            seen = {name: self.people[name].rows["agent"].get(name) for name in names}
            error.add_note(f"agents: {seen}")
            raise

    def rest(self) -> None:
        """Everybody pauses."""
        self.at_work = set()
        for one in self.people.values():
            if one.state not in ("offline", "paused"):
                one.send("pause", reason="break")

    def state(self, agent: str) -> str:
        return str(self.supervisor.rows["agent"].get(agent, {}).get("state", "unknown"))

    # -- waiting ------------------------------------------------------------------------------
    async def until(self, what: str, true: Callable[[], object], seconds: float) -> float:
        """The seconds it took. Raises AssertionError when it did not happen."""
        began = time.monotonic()
        while not true():
            if time.monotonic() - began > seconds:
                raise AssertionError(f"not within {seconds:g} s: {what}")
            await asyncio.sleep(0.02)
        return time.monotonic() - began

    async def configured(self, engine: AsyncEngine) -> None:
        """The service goes by what stands in the database now."""
        version, _ = await stored_mark(engine)
        async with asyncio.timeout(CONFIGURED_SECONDS_MAX):
            while True:
                told = (await self.web.get("/api/health")).json()
                if f"version {version}" in [check["text"] for check in told["checks"]]:
                    return
                await asyncio.sleep(0.2)

    async def settled(self) -> None:
        """No caller in Asterisk, nobody busy, all in the books; or the time is over."""
        deadline = time.monotonic() + SETTLED_SECONDS_MAX
        while time.monotonic() < deadline:
            if await self._is_settled():
                return
            await asyncio.sleep(0.2)

    async def _is_settled(self) -> bool:
        rows = self.supervisor.rows
        busy = [row for row in rows["agent"].values() if row["call"]]
        if rows["call"] or busy or await self.channels():
            return False
        figures = await self.figures()
        return figures is not None and figures["callcenter_outbox_depth"] == 0

    # -- looking ------------------------------------------------------------------------------
    async def channels(self) -> list[str]:
        assert self.centre.asterisk is not None
        said = await asyncio.to_thread(self.centre.asterisk.ask, "core show channels concise")
        return [line.split("!")[0] for line in said.splitlines() if "!" in line]

    async def figures(self) -> Figures | None:
        """The service's own, None while it does not answer."""
        try:
            page = await self.web.get("/metrics", timeout=3)
            page.raise_for_status()
        except httpx.HTTPError:
            return None
        return Figures(page.text)

    @property
    def pid(self) -> int:
        assert self.centre.service is not None
        return self.centre.service.pid

    async def verdict(self, since: float) -> list[Wrong]:
        """What is wrong in the history from this time on, once all has settled."""
        await self.gather(since)
        asked_at = time.time()
        self.history.add("asked", since=since)
        found = check([entry for entry in self.history.entries if since <= entry.at <= asked_at])
        for wrong in found:
            self.history.add("wrong", rule=wrong.rule, text=wrong.text)
        return found

    async def gather(self, since: float) -> None:
        """The books and the floor into the history, once all has settled."""
        await self.settled()
        rows = await self.centre.rows(ROWS.format(since=since))
        for row in rows:
            self.history.add("row", None, **dict(row))
        for row in await self.centre.rows(TOLD.format(since=since)):
            data = json.loads(row["data"])
            told = {name: row[name] for name in ("call", "sequence", "kind", "when")}
            kept = {name: data[name] for name in ("queue", "agent", "outcome") if name in data}
            self.history.add("told", None, **(told | kept))
        for name, row in self.supervisor.rows["agent"].items():
            self.history.add("agent", agent=name, state=row["state"], call=row["call"])
        for channel in await self.channels():
            self.history.add("left", channel=channel)
        code = self.centre.service.poll() if self.centre.service is not None else 0
        if code is not None:
            self.history.add("died", code=code)

    # -- deeds of the nemesis -----------------------------------------------------------------
    def deed(self, name: str, **data: object) -> None:
        self.history.add("fault", None, **({"name": name} | data))

    async def kill_and_start(self, pause: float, *, spare: bool = False) -> None:
        """kill -9 of the service; the next one `pause` seconds later, until it is ready. `spare`:
        it was loaded before, as the supervisor has one from ten seconds after a start on."""
        if spare:
            await self.centre.load_spare()
        self.deed("kill -9 service", pause=pause)
        self.centre.kill_service()
        await asyncio.sleep(pause)
        self.deed("service started", spare=spare)
        self.centre.start_service()
        took = await self.centre.ready(READY_SECONDS)
        self.deed("service ready", after=took)

    async def freeze(self, seconds: float) -> None:
        """SIGSTOP of the service."""
        self.deed("freeze service", seconds=seconds)
        pid = self.pid
        os.kill(pid, signal.SIGSTOP)
        try:
            await asyncio.sleep(seconds)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)

    @asynccontextmanager
    async def fault(self, line: Proxy, name: str, **values: object) -> AsyncIterator[None]:
        """The proxy behaves so within the block."""
        self.deed(name, **values)
        for key, value in values.items():
            setattr(line, key, value)
        if line.refuse:
            line.cut()
        try:
            yield
        finally:
            if line.swallow:
                line.cut()  # what was swallowed is missing for good
            line.mend()
            self.deed(f"{name}: over")


async def _set_up(centre: House) -> None:
    engine = make_engine(centre.database.url)
    directory = Directory(engine)
    for agent in AGENTS:
        await directory.put_agent(agent, {"skills": {"en": 5}}, by="tests")
    await directory.put_queue(QUEUE, dict(SETTINGS), by="tests")
    await directory.put_members(QUEUE, AGENTS, by="tests")
    await directory.publish_flow(QUEUE, FLOW, note="for tests", by="tests")
    await directory.put_route(DID, QUEUE, by="tests")
    await engine.dispose()


@asynccontextmanager
async def ground(
    path: Path,
    *,
    seed: int,
    volume: Callable[[Path], None] = lambda folder: None,
    agents: Sequence[str] = AGENTS,
) -> AsyncIterator[Ground]:
    """A running centre, its agents logged in with desk phones of their own (see `phones`)."""
    history = History(path)
    async with AsyncExitStack() as stack:
        enter = stack.enter_async_context
        centre = await enter(house(start=False, volume=volume))
        made = Ground(centre, history, seed, time.time())
        history.add("plan", seed=seed, name=path.stem)
        await _set_up(centre)
        made.actions = Actions(history)
        made.manager = await enter(proxy(centre.ports["ami"], made.actions.heard))
        made.database = await enter(proxy(centre.database.port, lambda number, data: None))
        made.consoles = await enter(proxy(centre.settings.listen_port, lambda number, data: None))
        consoles = f"http://127.0.0.1:{made.consoles.port}"
        centre.tell(
            asterisk_ami_port=str(made.manager.port),
            database_url=centre.database.url.replace(
                f":{centre.database.port}/", f":{made.database.port}/"
            ),
            origins=consoles,
        )
        events, _ = installation.manager_secrets(centre.settings)
        user = centre.settings.asterisk_events_user
        made.observer = await enter(observing(history, centre.ports["ami"], user, events))
        centre.start_service()
        await centre.ready(READY_SECONDS)
        made.web = await enter(
            httpx.AsyncClient(base_url=centre.url, headers={"Origin": centre.url})
        )
        told = await made.web.post("/api/login", json={"login": "admin", "password": PASSWORD})
        assert told.status_code == 200, told.text
        made.supervisor = await enter(robot(centre.url, "admin", PASSWORD))
        for name in agents:
            made.people[name] = await enter(robot(consoles, name, PASSWORD))
        keeping = asyncio.create_task(made.keep_at_work())
        try:
            yield made
        finally:
            keeping.cancel()
            await asyncio.gather(keeping, return_exceptions=True)
            history.close()
            path.with_suffix(".log").write_text(centre.log())
