"""Routes and lists of callers: the whole table of routes is one thing with one version, because
their order decides. What is wrong with a table is asked above (`ivr.routes.check_routes`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import String, cast, delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

import ivr.routes
from callcenter.store.changes import CODE, Changes
from callcenter.store.config_reading import published, route_of
from callcenter.store.config_values import ConfigRefused, NotThere, VersionPassed
from callcenter.store.tables import ConfigState, NumberList, NumberListEntry, Route, User

DID = re.compile(r"\*|\+?[0-9]{1,20}\*?|[a-z0-9]{1,32}")
ENTRY = re.compile(r"\+?[0-9]{1,20}\*?")
ENTRIES_MAX = 20_000
LISTS_MAX = 50


@dataclass(frozen=True, slots=True)
class RouteRow:
    """A route in the table; one that is not `enabled` takes no call."""

    route: ivr.routes.Route
    note: str = ""
    enabled: bool = True


@dataclass(frozen=True, slots=True)
class ListEntry:
    number: str
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ListSummary:
    id: str
    name: str
    entries: int


class Routes(Changes):
    """The part of the directory that is about routes."""

    async def routes(self) -> tuple[int, list[RouteRow]]:
        """The version of the table, and its rows in their order."""
        async with self.sessions() as session:
            state = await session.get(ConfigState, 1)
            rows = await session.scalars(select(Route).order_by(Route.position, Route.id))
            table = [RouteRow(route_of(row), row.note, row.enabled) for row in rows]
        assert state is not None, "the migration makes this row"
        return state.routes_version, table

    async def put_routes(self, rows: Sequence[RouteRow], *, version: int, by: str) -> int:
        """Replace the table that was read at `version`; its new version. Raises VersionPassed."""
        detail = {"routes": [row.route.id for row in rows], "before": version}
        async with self.change("routes.put", "routes", by, detail) as session:
            state = await _counted(session)
            if state.routes_version - 1 != version:
                raise VersionPassed(state.routes_version - 1)
            await session.execute(delete(Route))
            session.add_all(_row(row, place) for place, row in enumerate(rows, 1))
            return state.routes_version

    async def put_route(self, did: str, flow: str, *, by: str) -> None:
        """Calls to `did` (`*`: all others) start `flow`, which must be published: one plain route,
        before the one for the rest."""
        if not DID.fullmatch(did):
            raise ConfigRefused(("did", f"{did[:40]!r} must match {DID.pattern}"))
        async with self.change("route.put", did, by, {"flow": flow}) as session:
            if not await published(session, flow):
                raise NotThere("flow", flow)
            await _counted(session)
            for row in await session.scalars(select(Route).where(Route.did == did)):
                if _is_plain(row):
                    row.flow_id, row.enabled = flow, True
                    return
            first = ivr.routes.Route(await _free_id(session, did), flow, did)
            rows = list(await session.scalars(select(Route).order_by(Route.position, Route.id)))
            rest = next((place for place, row in enumerate(rows) if row.did == "*"), len(rows))
            for place, row in enumerate(rows, 1):
                row.position = place if place <= rest else place + 1
            session.add(_row(RouteRow(first), (len(rows) if did == "*" else rest) + 1))

    async def remove_route(self, did: str, *, by: str) -> bool:
        """Without the plain route of this number. False: there was none."""
        async with self.change("route.remove", did, by, {}) as session:
            await _counted(session)
            rows = [r for r in await session.scalars(select(Route).where(Route.did == did))]
            plain = [row for row in rows if _is_plain(row)]
            for row in plain:
                await session.delete(row)
            return bool(plain)

    # -- lists of callers -------------------------------------------------------------------
    async def lists(self) -> list[ListSummary]:
        count = func.count(NumberListEntry.number)
        query = (
            select(NumberList.id, NumberList.name, count)
            .outerjoin(NumberListEntry, NumberListEntry.list_id == NumberList.id)
            .group_by(NumberList.id)
            .order_by(NumberList.name, NumberList.id)
        )
        async with self.sessions() as session:
            return [ListSummary(*row) for row in await session.execute(query)]

    async def list_entries(self, id: str) -> list[ListEntry] | None:
        """By number; None: there is no such list."""
        query = (
            select(NumberListEntry, User.name)
            .outerjoin(User, cast(User.id, String) == NumberListEntry.author)
            .where(NumberListEntry.list_id == id)
            .order_by(NumberListEntry.number)
        )
        async with self.sessions() as session:
            if await session.get(NumberList, id) is None:
                return None
            rows = await session.execute(query)
            return [ListEntry(r.number, r.note, name or r.author, r.at) for r, name in rows]

    async def put_list(self, id: str, name: str, *, by: str) -> None:
        if not CODE.fullmatch(id):
            raise ConfigRefused(("id", f"{id[:40]!r} must match {CODE.pattern}"))
        async with self.change("list.put", id, by, {"name": name}) as session:
            count = await session.scalar(select(func.count(NumberList.id)))
            statement = insert(NumberList).values(id=id, name=name[:80])
            if (count or 0) >= LISTS_MAX and await session.get(NumberList, id) is None:
                raise ConfigRefused(("id", f"there are {count} lists, the most there can be"))
            await session.execute(
                statement.on_conflict_do_update(index_elements=["id"], set_={"name": name[:80]})
            )

    async def remove_list(self, id: str, *, by: str) -> bool:
        """Whether a route names it is asked above. False: there was none."""
        async with self.change("list.remove", id, by, {}) as session:
            found = delete(NumberList).where(NumberList.id == id).returning(NumberList.id)
            return (await session.execute(found)).first() is not None

    async def add_numbers(self, id: str, numbers: Sequence[tuple[str, str]], *, by: str) -> int:
        """Put (number, note) pairs on the list; how many were new. Raises NotThere."""
        wrong = [number for number, _ in numbers if not ENTRY.fullmatch(number)]
        if wrong:
            raise ConfigRefused(*(("number", f"{one[:40]!r} is no number") for one in wrong[:20]))
        async with self.change("list.add", id, by, {"numbers": len(numbers)}) as session:
            if await session.get(NumberList, id) is None:
                raise NotThere("list", id)
            count = await session.scalar(select(func.count()).select_from(NumberListEntry))
            if (count or 0) + len(numbers) > ENTRIES_MAX:
                reason = f"all lists together may have {ENTRIES_MAX} numbers"
                raise ConfigRefused(("number", reason))
            rows = [
                {"list_id": id, "number": number, "note": note[:200], "author": by[:64]}
                for number, note in dict(numbers).items()
            ]
            if not rows:
                return 0
            new = insert(NumberListEntry).values(rows).on_conflict_do_nothing()
            made = await session.execute(new.returning(NumberListEntry.number))
            return len(made.all())

    async def remove_number(self, id: str, number: str, *, by: str) -> bool:
        """False: it was not on the list."""
        async with self.change("list.take", id, by, {"number": number}) as session:
            gone = delete(NumberListEntry).where(
                NumberListEntry.list_id == id, NumberListEntry.number == number
            )
            found = await session.execute(gone.returning(NumberListEntry.number))
            return found.first() is not None


async def _counted(session: AsyncSession) -> ConfigState:
    state = await session.get(ConfigState, 1)
    assert state is not None, "the migration makes this row"
    state.routes_version += 1
    return state


def _row(row: RouteRow, place: int) -> Route:
    route = row.route
    return Route(
        id=route.id,
        position=place,
        flow_id=route.flow,
        did=route.did,
        callers=list(route.callers),
        regions=sorted(route.regions),
        lists=sorted(route.lists),
        calendar=route.calendar,
        while_state=route.while_,
        percent=route.percent,
        note=row.note[:200],
        enabled=row.enabled,
    )


def _is_plain(row: Route) -> bool:
    """Whether only the number dialled counts."""
    route = route_of(row)
    return replace(route, flow="") == ivr.routes.Route(route.id, "", route.did)


async def _free_id(session: AsyncSession, did: str) -> str:
    taken = set(await session.scalars(select(Route.id)))
    base = "rest" if did == "*" else "to-" + re.sub(r"[^a-z0-9]", "", did)[:24]
    return next(one for one in (base, *(f"{base}-{n}" for n in range(2, 9999))) if one not in taken)
