"""Who is calling, and what a flow asks of our data: answered within a second, always.

When the database is slow or away the answer is "nobody known": a call must never wait for it.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Mapping

from callcenter.core.effects import AskData, LookUpCaller
from callcenter.core.inputs import CallerKnown, DataLookedUp
from callcenter.dialling import DialRules, NotDialable
from callcenter.store.customer_record import card, records_by_number
from callcenter.store.ledger import first_line
from callcenter.store.numbers import read_number
from callcenter.store.quick import TROUBLE, Quick
from callcenter.store.sources import Sources

log = logging.getLogger(__name__)


async def look_up_caller(
    database: Quick, asked: LookUpCaller, country: str, deadline: float
) -> CallerKnown:
    """The customers who have the number. `deadline` in the event loop's time. Never raises for the
    database's troubles."""
    read = read_number(asked.number, country)
    if not read.matchable:
        return CallerKnown(asked.call, read.number)
    try:
        async with asyncio.timeout_at(deadline):
            records = await records_by_number(database, read.number)
    except TROUBLE as problem:
        why = first_line(problem)
        log.warning("the caller cannot be looked up: %s", why, extra={"call": asked.call})
        return CallerKnown(asked.call, read.number)
    return CallerKnown(asked.call, read.number, tuple(card(record) for record in records))


async def look_up_data(
    database: Quick, sources: Sources, asked: AskData, country: str, deadline: float
) -> DataLookedUp:
    """A flow's look-up. Source `customer` with argument `number`: the first match's plain fields,
    and `found`. The others are in the database (`store.sources`)."""
    if asked.source != "customer":
        request = uuid.uuid4().hex
        values, error = await sources.ask(asked.source, asked.arguments, request, deadline)
        if error:
            told = {"call": asked.call}
            log.warning("look-up %s: %s", asked.source[:40], error, extra=told)
        return DataLookedUp(asked.call, asked.token, values, error)
    read = read_number(str(asked.arguments.get("number", "")), country)
    if not read.matchable:
        return DataLookedUp(asked.call, asked.token, {"found": False})
    try:
        async with asyncio.timeout_at(deadline):
            records = await records_by_number(database, read.number)
    except TROUBLE as problem:
        log.warning("look-up failed: %s", first_line(problem), extra={"call": asked.call})
        return DataLookedUp(asked.call, asked.token, {}, "the database does not answer")
    found = _flow_values(records[0]) if records else {"found": False}
    return DataLookedUp(asked.call, asked.token, found)


def _flow_values(record: Mapping[str, object]) -> dict[str, object]:
    """What a flow may branch on; nothing a caller could not be told."""
    names = ("id", "name", "company", "vip", "blocked", "language", "tags", "custom")
    return {"found": True} | {name: record[name] for name in names}


def dialable(asked: AskData, rules: DialRules | None) -> DataLookedUp:
    """May the number `number` be dialled? `number` in E.164 and `time_zone`, or an error."""
    if rules is None:
        return DataLookedUp(asked.call, asked.token, {}, "no outside numbers are dialled here")
    checked = rules.check(str(asked.arguments.get("number", "")))
    if isinstance(checked, NotDialable):
        return DataLookedUp(asked.call, asked.token, {}, checked.text)
    values = {"number": checked.number, "time_zone": checked.time_zone}
    return DataLookedUp(asked.call, asked.token, values)
