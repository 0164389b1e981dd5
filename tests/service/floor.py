"""A house with people at work: agents with desk phones, a supervisor, and queues made for tests.

Two telephones answer soon, two only ring; so a test says by who is available what will happen.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from callcenter.store.directory import Directory
from callcenter.store.engine import make_engine
from tests.asterisk.lab import until
from tests.asterisk.media import Media
from tests.service.house import PASSWORD, House, house
from tests.service.phones import caller, desk_phone
from tests.service.robot import Robot, robot

ANSWER, DEAF = ("ada", "chloe"), ("ben", "liwei")
ANSWER_MS, NEVER_MS = 150, 600_000
PATIENCE_SECONDS = 20.0

FLOW = """
id: {queue}
name: {queue}
languages: [en]
start: {start}
fallback: {queue}
prompts:
  hello: {{en: "Hello."}}
nodes:
  hello: {{kind: play, prompt: hello, next: {queue}}}
  {queue}: {{kind: queue, queue: {queue}, skills: {skills}, ports: {{}}}}
"""


@dataclass(frozen=True, slots=True)
class Line:
    """A queue for one act, with a number of its own that leads straight to it (`greeted`: after a
    word of welcome, so that the caller's record is there in time; `flow`: by this one)."""

    did: str
    queue: str
    members: tuple[str, ...]
    settings: Mapping[str, object]
    skills: str = "{}"
    greeted: bool = False
    flow: str = ""


@dataclass
class Floor:
    centre: House
    people: dict[str, Robot]
    supervisor: Robot
    web: httpx.AsyncClient
    telephone: Media | None = None
    """Of who dialled last."""

    async def available(self, *agents: str) -> None:
        """These, in this order of idleness; the others pause."""
        for name in [name for name in self.people if name not in agents]:
            await self.people[name].do("pause", reason="break")
        for name in agents:
            await self.goes_available(name)

    async def goes_available(self, agent: str) -> None:
        refused = await self.people[agent].do("go_available")
        assert refused is None, f"{agent}: {refused}"

    @asynccontextmanager
    async def calling(self, line: Line, number: str) -> AsyncIterator[str]:
        """Somebody dials; the call's id once it is in line, or further. All calls end after it."""
        sip, others = self.centre.ports["sip"], set(self.supervisor.rows["call"])
        async with caller(sip, line.did, number, "Somebody") as self.telephone:
            await until(lambda: self._in_line(number, others), PATIENCE_SECONDS)
            call = self._in_line(number, others)
            try:
                yield call
            except Exception as error:
                error.add_note(await self.story(call))
                raise
            finally:
                await self.clear()

    def _in_line(self, number: str, others: set[str]) -> str:
        for call, row in self.supervisor.rows["call"].items():
            if call not in others and row["number"] == number and row["stage"] != "menu":
                return call
        return ""

    def row(self, call: str) -> dict[str, Any]:
        """The call on the supervisor's board; empty when it is over."""
        row: dict[str, Any] = self.supervisor.rows["call"].get(call, {})
        return row

    async def reaches(self, call: str, stage: str, agent: str | None = None) -> None:
        await until(
            lambda: (
                self.row(call).get("stage") == stage
                and (agent is None or self.row(call)["agent"] == agent)
            ),
            PATIENCE_SECONDS,
        )

    async def events(self, call: str, kind: str, count: int = 1) -> list[dict[str, Any]]:
        """The data of the stored events of this kind, with `at`, once there are so many."""
        query = (
            "select data::text as data, extract(epoch from at)::float8 as at"
            f" from interaction_events where call = '{call}' and kind = '{kind}' order by sequence"
        )
        for _ in range(200):
            rows = await self.centre.rows(query)
            if len(rows) >= count:
                return [json.loads(row["data"]) | {"at": row["at"]} for row in rows]
            await asyncio.sleep(0.05)
        raise AssertionError(f"{len(rows)} events {kind} of {call}, not {count}")

    async def story(self, call: str) -> str:
        """All that is stored of a call, and what the agents do, for whoever reads a failure."""
        await asyncio.sleep(1.0)  # what has just happened is still on its way to the books
        rows = await self.centre.rows(
            "select extract(epoch from at)::float8 as at, kind, data::text as data"
            f" from interaction_events where call = '{call}' order by sequence"
        )
        told = [f"{row['at']:.2f} {row['kind']} {row['data'][:600]}" for row in rows]
        told += [f"{name}: {self.people[name].rows['agent'].get(name)}" for name in self.people]
        return "\n".join(told)

    async def clear(self) -> None:
        """Everybody hangs up."""
        assert self.centre.asterisk is not None
        await asyncio.to_thread(self.centre.asterisk.ask, "channel request hangup all")
        await until(lambda: not self.supervisor.rows["call"], PATIENCE_SECONDS)


async def _set_up(centre: House, lines: tuple[Line, ...]) -> None:
    engine = make_engine(centre.database.url)
    directory = Directory(engine)
    for agent, level in (("ada", 10), ("chloe", 6)):
        await directory.put_agent(agent, {"skills": {"en": level}}, by="tests")
    # The supervisor leads this team; the queues made here belong to none.
    await directory.put_team("blue", {"everything": True}, by="tests")
    for line in lines:
        wanted = {"name": line.queue, "wrap_up_mode": "timed", "wrap_up_seconds": 0}
        await directory.put_queue(line.queue, wanted | dict(line.settings), by="tests")
        await directory.put_members(line.queue, line.members, by="tests")
        start = "hello" if line.greeted else line.queue
        text = line.flow or FLOW.format(queue=line.queue, start=start, skills=line.skills)
        await directory.publish_flow(line.queue, text, note="for tests", by="tests")
        await directory.put_route(line.did, line.queue, by="tests")
    await engine.dispose()


@asynccontextmanager
async def floor(*lines: Line) -> AsyncIterator[Floor]:
    """A running centre with these queues and everybody logged in and paused."""
    async with AsyncExitStack() as stack:
        centre = await stack.enter_async_context(house(start=False))
        await _set_up(centre, lines)
        centre.start_service()
        await centre.ready()
        web = await stack.enter_async_context(
            httpx.AsyncClient(base_url=centre.url, headers={"Origin": centre.url})
        )
        told = await web.post("/api/login", json={"login": "admin", "password": PASSWORD})
        assert told.status_code == 200, told.text
        people: dict[str, Robot] = {}
        for name in (*ANSWER, *DEAF):
            secret = await centre.desk_phone(name)
            ring = ANSWER_MS if name in ANSWER else NEVER_MS
            phone = desk_phone(
                centre.ports["sip"], f"d{name}", secret, ring_ms=ring, talk_ms=NEVER_MS
            )
            await stack.enter_async_context(phone)
            people[name] = await stack.enter_async_context(robot(centre.url, name, PASSWORD))
        supervisor = await stack.enter_async_context(robot(centre.url, "supervisor", PASSWORD))
        for name, person in people.items():
            await person.do("log_in", device="desk")
            await until(lambda: person.rows["agent"].get(name, {}).get("device_ready"), 20)  # noqa: B023
        yield Floor(centre, people, supervisor, web)
