"""The facts of one call, made of what the ledger wrote about it. Pure: rows in, rows out.

One call gives rows of five kinds: the *call* as a whole, a *line* for each stay in a queue, a
*part* for each agent who talked, an *offer* for each time a phone rang in vain, a *trunk* for each
line of a trunk that it took (`trunk_legs`). The same events always give the same rows, so that
reading a call once more changes nothing. Times are whole milliseconds: sums of them are exact, in
whatever order they are added up.

A line's wait is the caller's: from when he first joined a queue (a callback: from when it was
asked for, or from the later time that was agreed) until this stay ended. `again`: he had talked
with an agent before, and came back by a transfer or because the agent's phone died. This file must
not know SQL.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from callcenter.reports.books import Books, Fact, Happening, milliseconds
from callcenter.reports.trunk_legs import legs_of

TARGET_SECONDS = 20.0
LEGS_MAX = 1000
SAME_MOMENT = timedelta(milliseconds=1)  # one is kept in microseconds, the other is not
LINE_OF_CALLBACK = {
    "": "waiting",
    "served": "answered",
    "returned": "returned",
    "gave-up": "abandoned",
    "cancelled": "abandoned",
    "diverted": "diverted",
    "queue-gone": "diverted",
}
OFFER_ENDED = {
    "no-answer": "no-answer",
    "busy": "rejected",
    "refused": "rejected",
    "unavailable": "failed",
}
IN_LINE = ("waiting", "offered")


def facts_of(books: Books) -> list[Fact]:
    """The rows, numbered: the call first, then the others in the order of their beginning."""
    reading = _Reading(books)
    for event in books.events:
        reading.take(event)
    found = [*reading.lines, *reading.offers, *_parts(books, reading), *reading.still_open()]
    found += _callback_lines(books, reading)
    found += legs_of(books)
    found.sort(key=lambda fact: (fact.at, fact.kind, fact.queue, fact.agent))
    legs = [replace(fact, leg=number) for number, fact in enumerate(found[:LEGS_MAX], 1)]
    return [*_whole(books), *legs]


def _whole(books: Books) -> list[Fact]:
    row = books.whole
    if row is None:
        return []
    return [
        Fact(
            at=row["started_at"],
            call=books.call,
            leg=0,
            kind="call",
            until=max(row["ended_at"], row["started_at"]),
            outcome=row["outcome"],
            queue=row["queue"] or "",
            agent=row["agent"] or "",
            ended_by=row["ended_by"],
            flow=row["flow"] or "",
            did=row["did"],
            number=row["number"],
            customer=row["customer_id"],
            disposition=row["disposition"],
            language=row["language"],
            wait_ms=milliseconds(row["wait_seconds"]),
            ring_ms=milliseconds(row["ring_seconds"]),
            talk_ms=milliseconds(row["talk_seconds"]),
            hold_ms=milliseconds(row["hold_seconds"]),
            wrap_ms=milliseconds(row["wrap_up_seconds"]),
        )
    ]


class _Reading:
    """What is open while the timeline is read from its beginning."""

    def __init__(self, books: Books) -> None:
        self.call = books.call
        self.targets = books.targets
        self.carries = any(row["contact"] == books.call for row in books.callbacks)
        self.lines: list[Fact] = []
        self.offers: list[Fact] = []
        self.line: Fact | None = None
        self.open: dict[str, datetime] = {}
        self.first_joined: datetime | None = None
        self.talked = False
        self.called_back = False
        self.served: dict[tuple[str, datetime], int] = {}
        self.talks: list[tuple[str, datetime, str]] = []
        self.holds: list[datetime] = []
        self.queue = ""
        self.answered_callback: Happening | None = None
        self.target_of_callback: float | None = None
        self.last: datetime | None = None

    def take(self, event: Happening) -> None:
        self.last = event.at
        match event.kind:
            case "queued":
                self._queued(event)
            case "place-kept" if self.line is not None and not self.line.again:
                joined = event.data.get("joined_at")
                if isinstance(joined, int | float):
                    self.first_joined = datetime.fromtimestamp(joined, event.at.tzinfo)
            case "moved":
                self._leave(event.at, "moved")
                self._join(event)
            case "overflow":
                self._leave(event.at, "overflowed")
            case "diverted" | "blocked":
                self._leave(event.at, "diverted")
            case "leg-lost":
                self._join(event, self.queue)
            case "dialled":
                self.called_back = True
            case "callback-asked":
                self.target_of_callback = _number(event.data.get("within"))
            case "offered":
                self._offered(event)
            case "offer-ended":
                agent = str(event.data.get("agent", ""))
                how = OFFER_ENDED.get(str(event.data.get("outcome", "")), "withdrawn")
                self._offer_over(agent, event.at, how)
            case "not-connected":
                self._withdrawn(event.at)
            case "answered":
                self._answered(event)
            case "handed-over":
                self.talks.append((str(event.data.get("agent", "")), event.at, self.queue))
            case "held":
                self.holds.append(event.at)
            case "ended":
                stage = event.data.get("stage")
                self._leave(event.at, "abandoned" if stage in (*IN_LINE, None) else "diverted")
            case _:
                pass

    # -- the line -----------------------------------------------------------------------------
    def _queued(self, event: Happening) -> None:
        queue = str(event.data.get("queue", ""))
        self.queue = queue
        if self.called_back and not self.talked:
            return  # it stands in the callback's place, which has a line of its own
        if self.line is not None and self.line.queue == queue:
            return  # found again after a restart: the same stay
        self._leave(event.at, "moved")
        self._join(event)

    def _join(self, event: Happening, queue: str | None = None) -> None:
        name = str(event.data.get("queue", "")) if queue is None else queue
        self.queue = name
        if self.first_joined is None or self.talked:
            self.first_joined = event.at
        within = _number(event.data.get("within"))
        target = self.targets.get(name, TARGET_SECONDS) if within is None else within
        self.line = Fact(
            at=event.at,
            call=self.call,
            leg=0,
            kind="line",
            until=event.at,
            outcome="waiting",
            queue=name,
            again=self.talked,
            target_ms=milliseconds(target),
        )

    def _leave(self, at: datetime, outcome: str, **more: Any) -> None:
        self._withdrawn(at)
        if self.line is None:
            return
        waited = milliseconds(at - (self.first_joined or self.line.at))
        values: dict[str, Any] = {"until": at, "outcome": outcome, "wait_ms": waited} | more
        self.lines.append(replace(self.line, **values))
        self.line = None

    # -- offers -------------------------------------------------------------------------------
    def _offered(self, event: Happening) -> None:
        others = event.data.get("also", ())
        for agent in (event.data.get("agent", ""), *(others if isinstance(others, list) else ())):
            self.open[str(agent)] = event.at

    def _offer_over(self, agent: str, at: datetime, how: str) -> None:
        began = self.open.pop(agent, at)
        self.offers.append(
            Fact(
                at=began,
                call=self.call,
                leg=0,
                kind="offer",
                until=at,
                outcome=how,
                queue=self.queue,
                agent=agent,
                ring_ms=milliseconds(at - began),
            )
        )

    def _withdrawn(self, at: datetime) -> None:
        """Whoever's phone still rang: it stopped."""
        for agent in sorted(self.open):
            self._offer_over(agent, at, "withdrawn")

    def _answered(self, event: Happening) -> None:
        agent = str(event.data.get("agent", ""))
        began = self.open.pop(agent, event.at)
        self.served[agent, event.at] = milliseconds(event.at - began)
        self.talks.append((agent, event.at, self.queue))
        waited, within = _number(event.data.get("waited")), _number(event.data.get("within"))
        more: dict[str, Any] = {"agent": agent}
        if within is not None:
            more["target_ms"] = milliseconds(within)
        if self.line is None and self.called_back and not self.talked:
            self.answered_callback = event
        if waited is not None and self.line is not None and not self.line.again:
            more["wait_ms"] = milliseconds(waited)
        self._leave(event.at, "answered", **more)
        self.talked = True

    def still_open(self) -> list[Fact]:
        """A caller who waits at this moment; nobody can say yet for how long."""
        return [] if self.line is None else [self.line]


def _callback_lines(books: Books, reading: _Reading) -> list[Fact]:
    """Each callback is a stay in its queue, from when it was asked for, or from the later time that
    was agreed, until its end. One whose time has not come, or that was over before, is none."""
    found = []
    for row in books.callbacks:
        joined = datetime.fromtimestamp(row["joined_at"], row["asked_at"].tzinfo)
        if joined - row["changed_at"] > SAME_MOMENT:
            continue
        began = max(row["asked_at"], joined)
        outcome = LINE_OF_CALLBACK.get(row["outcome"], "abandoned")
        ended = reading.answered_callback if outcome == "answered" else None
        target = reading.target_of_callback
        if ended is not None and (within := _number(ended.data.get("within"))) is not None:
            target = within
        if target is None:
            target = books.targets.get(row["queue"], TARGET_SECONDS)
        until = row["changed_at"] if ended is None else ended.at
        waited = milliseconds(until - joined)
        if ended is not None and (said := _number(ended.data.get("waited"))) is not None:
            waited = milliseconds(said)
        found.append(
            Fact(
                at=began,
                call=books.call,
                leg=0,
                kind="line",
                until=max(until, began),
                outcome=outcome,
                queue=row["queue"],
                agent="" if ended is None else str(ended.data.get("agent", "")),
                callback=True,
                target_ms=milliseconds(target),
                wait_ms=0 if outcome == "waiting" else waited,
            )
        )
    return found


def _parts(books: Books, reading: _Reading) -> list[Fact]:
    """What each agent did, as charged to him; who talks at this moment has a row without times."""
    found, known = [], set()
    for row in books.parts:
        key = (row["agent"], row["began_at"])
        known.add(key)
        held = sum(1 for at in reading.holds if row["began_at"] <= at <= row["ended_at"])
        found.append(
            Fact(
                at=row["began_at"],
                call=books.call,
                leg=0,
                kind="part",
                until=max(row["ended_at"], row["began_at"]),
                outcome=row["ended"],
                queue=row["queue"] or "",
                agent=row["agent"],
                disposition=row["disposition"],
                ring_ms=reading.served.get(key, 0),
                talk_ms=milliseconds(row["talk_seconds"]),
                hold_ms=milliseconds(row["hold_seconds"]),
                consult_ms=milliseconds(row["consult_seconds"]),
                wrap_ms=milliseconds(row["wrap_up_seconds"]),
                holds=held,
            )
        )
    if books.whole is not None:
        return found
    for agent, at, queue in reading.talks:
        if (agent, at) not in known:
            part = Fact(at, books.call, 0, "part", at, "talking", queue, agent)
            found.append(replace(part, ring_ms=reading.served.get((agent, at), 0)))
    return found


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
