"""Look-up sources: what a flow may read and write of our data, by name and with named arguments.

A source is a function in the schema `flow_sources` that returns jsonb. Nothing else of the database
can be reached from a flow, and no SQL ever comes from one: the name is found in the catalogue, each
argument is bound as text and read by PostgreSQL as the type the function declares. An administrator
adds a source with CREATE FUNCTION (docs/flows.md). An argument called `request` is ours: it is the
same when a look-up is sent twice, so that what is written is written once.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Mapping
from dataclasses import dataclass

import asyncpg

from callcenter.store.quick import TROUBLE, Quick

SCHEMA = "flow_sources"
KNOWN_SECONDS = 30.0
REQUEST = "request"
TYPES = frozenset(
    {
        "text",
        "integer",
        "bigint",
        "smallint",
        "numeric",
        "double precision",
        "boolean",
        "date",
        "time without time zone",
        "timestamp with time zone",
        "uuid",
        "jsonb",
    }
)
NAME = re.compile(r"^[a-z][a-z0-9_]{0,62}$")

CATALOGUE = f"""
    select p.proname as name, coalesce(p.proargnames, '{{}}') as names,
           p.pronargdefaults as defaults,
           array(select format_type(kind, null)
                 from unnest(p.proargtypes::oid[]) with ordinality as a(kind, place)
                 order by place) as types,
           coalesce(obj_description(p.oid), '') as about
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where n.nspname = '{SCHEMA}' and p.prokind = 'f' and p.prorettype = 'jsonb'::regtype
      and p.proargmodes is null
    order by p.proname
"""


@dataclass(frozen=True, slots=True)
class Source:
    """`arguments`: name -> type; those in `optional` may be left out."""

    name: str
    arguments: Mapping[str, str]
    optional: frozenset[str]
    about: str

    @property
    def asked(self) -> tuple[str, ...]:
        """The arguments that a flow gives."""
        return tuple(name for name in self.arguments if name != REQUEST)


class Refused(Exception):
    """The look-up does not fit the source; the text says how."""


class Sources:
    """Reads the catalogue now and then, and asks."""

    def __init__(self, database: Quick) -> None:
        self._database = database
        self._known: dict[str, Source] = {}
        self._read_at = -KNOWN_SECONDS

    async def known(self) -> Mapping[str, Source]:
        """All sources by name. Raises one of TROUBLE."""
        if time.monotonic() - self._read_at >= KNOWN_SECONDS:
            rows = await self._database.fetch(CATALOGUE)
            found = [source for row in rows if (source := _source(row)) is not None]
            names = [source.name for source in found]
            self._known = {each.name: each for each in found if names.count(each.name) == 1}
            self._read_at = time.monotonic()
        return self._known

    @property
    def names(self) -> frozenset[str] | None:
        """What a flow may name, as far as it was read; None: it was not yet."""
        return frozenset({*self._known, "customer"}) if self._known else None

    async def ask(
        self, name: str, arguments: Mapping[str, object], request: str, deadline: float
    ) -> tuple[Mapping[str, object], str]:
        """What was found, and the error if there was one. `deadline` in the event loop's time.
        Never raises for the database's troubles."""
        try:
            async with asyncio.timeout_at(deadline):
                source = (await self.known()).get(name)
                if source is None:
                    return {}, f"there is no data source {name[:80]!r}"
                query, values = statement(source, arguments, request)
                rows = await self._database.fetch(query, *values)
        except Refused as refused:
            return {}, str(refused)
        except asyncpg.DataError:
            return {}, f"an argument of {name} cannot be read as what it should be"
        except asyncpg.RaiseError as error:
            return {}, f"{name} refuses: {error.message}"
        except TROUBLE:
            return {}, "the database does not answer"
        found = json.loads(rows[0][0]) if rows and rows[0][0] else {"found": False}
        return (found, "") if isinstance(found, dict) else ({}, f"{name} gave no object")


def statement(
    source: Source, arguments: Mapping[str, object], request: str
) -> tuple[str, list[str | None]]:
    """The call of the function with bound values. Raises Refused."""
    takes = ", ".join(source.asked) or "nothing"
    strange = [name for name in arguments if name not in source.asked]
    missing = [n for n in source.asked if n not in arguments and n not in source.optional]
    if strange or missing:
        what = f"it has no {strange[0]!r}" if strange else f"{missing[0]!r} is missing"
        raise Refused(f"source {source.name} takes {takes}; {what}")
    given = dict(arguments)
    if REQUEST in source.arguments:
        given[REQUEST] = request
    parts = [
        f"{name} => ${place}::text::{source.arguments[name]}" for place, name in enumerate(given, 1)
    ]
    query = f'select {SCHEMA}."{source.name}"({", ".join(parts)})::text'
    return query, [_as_text(value) for value in given.values()]


def _as_text(value: object) -> str | None:
    if value is None:
        return None
    if isinstance(value, str):
        return value.replace("\0", "")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return json.dumps(value, ensure_ascii=False)


def _source(row: asyncpg.Record) -> Source | None:
    """None: a function that is no source (an argument without a name, or of another type)."""
    names, types = list(row["names"]), list(row["types"])
    fits = len(names) == len(types) and all(NAME.match(name) for name in names)
    if not NAME.match(row["name"]) or not fits or not TYPES.issuperset(types):
        return None
    optional = frozenset(names[len(names) - row["defaults"] :] if row["defaults"] else ())
    return Source(row["name"], dict(zip(names, types, strict=True)), optional, row["about"])
