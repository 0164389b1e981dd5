"""The lines of trunks that one call took, each from when it was taken until it was free. Pure.

A caller's line is taken from his arrival until he is gone, whoever served him. A line out is taken
while a number outside is dialled, rings and talks: a call by hand, a try to call back, a number
that an agent asks about a caller or hands him over to, one that a flow gives him on to. A caller
who is given on to outside holds two lines. What never came to be dialled takes none.

`outcome` of a line in: answered (an agent talked), unanswered; of a line out: answered, or why not:
busy, no-answer, rejected, invalid, unreachable, cancelled (by us), failed. While it is taken: open,
and dialling for one out that nobody has answered; such a row has no end yet (`until` is `at`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from callcenter.reports.books import Books, Fact, Happening, milliseconds

Way = Literal["in", "dialled", "consult", "transfer"]
CAUSES = {
    "busy": "busy",
    "no-answer": "no-answer",
    "rejected": "rejected",
    "refused": "rejected",
    "invalid": "invalid",
    "unreachable": "unreachable",
    "unavailable": "unreachable",
    "cancelled": "cancelled",
    "recalled": "cancelled",
    "dropped": "cancelled",
}
NEVER_DIALLED = ("refused", "own-phone")  # of calls that we dial: by our rules, or too early
REFUSED: Mapping[str, tuple[Way, ...]] = {"DialOut": ("transfer",), "Consult": ("consult",)}
EXTENSION_DIGITS = 6  # older timelines do not say whether a flow gave on to a number outside


@dataclass(slots=True)
class _Line:
    at: datetime
    trunk: str
    answered: datetime | None = None


def legs_of(books: Books) -> list[Fact]:
    reading = _Reading(books)
    for event in books.events:
        reading.take(event)
    return [*reading.over, *reading.still_taken()]


class _Reading:
    def __init__(self, books: Books) -> None:
        whole = books.whole or {}
        self.call = books.call
        self.queue, self.agent = str(whole.get("queue") or ""), str(whole.get("agent") or "")
        self.inside = whole.get("direction") == "internal"
        self.known = books.whole is not None
        self.over: list[Fact] = []
        self.taken: dict[Way, _Line] = {}
        self.talked = False
        self.last: datetime | None = None

    def take(self, event: Happening) -> None:
        at, data = event.at, event.data
        outcome = str(data.get("outcome", ""))
        if not self.known:
            self._follow(data)
        match event.kind:
            case "arrived":
                self._begin("in", event)
            case "taken-up" if not self.taken:
                self._begin("dialled" if self.call.startswith("out-") else "in", event)
            case "call-made":
                self.inside = self.inside or "colleague" in data
            case "dialled" if not self.inside:
                self._begin("dialled", event)
            case "reached" | "leg-lost":
                self._answered("dialled", at)
            case "answered":
                self.talked = True
                self._answered("dialled", at)
            case "not-connected" if outcome in NEVER_DIALLED:
                self.taken.pop("dialled", None)
            case "not-connected":
                self._end("dialled", at, outcome)
            case "consult" if "trunk" in data or "number" in data:
                self._begin("consult", event)
            case "consult-answered":
                self._answered("consult", at)
            case "consult-ended" | "outside-ended" | "outside-failed":
                self._end("consult", at, outcome)
            case "transfer" if _goes_outside(data):
                self._begin("transfer", event)
            case "transfer-answered":
                self._answered("transfer", at)
            case "transfer-ended":
                if outcome == "answered" and "transfer" in self.taken:
                    self._answered("transfer", self.taken["transfer"].at)
                self._end("transfer", at, outcome)
            case "action-failed" if data.get("kind") == "refused":
                for way in REFUSED.get(str(data.get("what")), ()):
                    self.taken.pop(way, None)
            case "ended":
                for way in list(self.taken):
                    self._end(way, at, "cancelled")
            case _:
                pass
        self.last = at

    def _follow(self, data: Mapping[str, Any]) -> None:
        """Whose it is, while nobody has written the whole."""
        self.queue = str(data.get("queue") or self.queue)
        self.agent = str(data.get("agent") or self.agent)

    def _begin(self, way: Way, event: Happening) -> None:
        if way in self.taken:  # its end was never told
            self._end(way, self.last or event.at, "")
        self.taken[way] = _Line(event.at, str(event.data.get("trunk") or ""))

    def _answered(self, way: Way, at: datetime) -> None:
        line = self.taken.get(way)
        if line is not None and line.answered is None:
            line.answered = at

    def _end(self, way: Way, at: datetime, outcome: str) -> None:
        line = self.taken.pop(way, None)
        if line is None:
            return
        if way == "in":
            word = "answered" if self.talked else "unanswered"
        else:
            word = CAUSES.get(outcome, "failed") if line.answered is None else "answered"
        self.over.append(self._fact(way, line, max(at, line.at), word))

    def still_taken(self) -> list[Fact]:
        return [
            self._fact(way, line, line.at, "open" if way == "in" or line.answered else "dialling")
            for way, line in self.taken.items()
        ]

    def _fact(self, way: Way, line: _Line, until: datetime, outcome: str) -> Fact:
        connected = line.at if way == "in" else line.answered
        return Fact(
            at=line.at,
            call=self.call,
            leg=0,
            kind="trunk",
            until=until,
            outcome=outcome,
            queue=self.queue,
            agent=self.agent,
            ring_ms=milliseconds((connected or until) - line.at),
            talk_ms=milliseconds(until - (connected or until)),
            trunk=line.trunk,
            outward=way != "in",
        )


def _goes_outside(data: Mapping[str, Any]) -> bool:
    return "trunk" in data or len(str(data.get("number", "")).lstrip("+")) > EXTENSION_DIGITS
