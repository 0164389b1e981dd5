"""What a simulated centre wrote into its ledger, as rows of the database look."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

from callcenter.core.effects import History
from callcenter.reports.books import Books, Happening
from callcenter.store.times import to_datetime
from tests.world.world import World


def records_of(world: World) -> list[History]:
    """Everything in the books, in the order in which it happened."""
    store = world.store
    events = sorted(store.events.values(), key=lambda event: (event.at, event.sequence))
    presences = sorted(store.presences.values(), key=lambda one: (one.at, one.sequence))
    records: list[History] = [*events, *presences]
    records += [*store.interactions.values(), *store.parts.values(), *store.callbacks.values()]
    return records


def _row(record: Any) -> dict[str, Any]:
    row = {
        name: to_datetime(value) if name.endswith("_at") and name != "joined_at" else value
        for name, value in asdict(record).items()
        if value is not None
    }
    for name in ("queue", "agent", "flow", "customer", "next_at"):
        row.setdefault(name, None)
    customer = row.pop("customer")
    try:
        row["customer_id"] = uuid.UUID(str(customer)) if customer else None
    except ValueError:
        row["customer_id"] = None
    return row


def books_of(world: World, targets: dict[str, float]) -> list[Books]:
    """One for each call that has left a trace."""
    store = world.store
    events = defaultdict(list)
    for key in sorted(store.events):
        event = store.events[key]
        events[event.call].append(Happening(to_datetime(event.at), event.kind, event.data))
    parts, callbacks = defaultdict(list), defaultdict(list)
    for part in sorted(store.parts.values(), key=lambda one: one.part):
        parts[part.call].append(_row(part))
    for callback in sorted(store.callbacks.values(), key=lambda one: (one.asked_at, one.id)):
        callbacks[callback.contact].append(_row(callback))
    wholes = {call: _row(record) for call, record in store.interactions.items()}
    calls: Iterable[str] = {*events, *parts, *callbacks, *wholes}
    return [
        Books(call, events[call], wholes.get(call), parts[call], callbacks[call], targets)
        for call in sorted(calls)
    ]
