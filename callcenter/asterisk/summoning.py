"""An agent makes a call: his own phone is rung first, and waits on the line for the other side.

His leg is a channel of its own with an id of ours, so that it is found again by whoever comes after
us. (Asterisk takes no id that another one begins with, so it cannot be the call's and a letter.) It
is put together with the other side by the other's channel ([handover]), as after a consultation;
until then its own time limit ends it if we should be gone.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterator
from typing import Final

from callcenter.asterisk import actions
from callcenter.asterisk.book import Book, Call
from callcenter.asterisk.errors import AmiDown, AmiRejected
from callcenter.asterisk.link import Link
from callcenter.asterisk.outbound import CALL_ID, outcome_of
from callcenter.asterisk.parse import Frame
from callcenter.core.effects import Summon
from callcenter.core.inputs import Input, LegGone, LegReady
from callcenter.runtime.ports import Emit

log = logging.getLogger(__name__)

LEG_ID: Final = re.compile(r"^leg-[0-9]{1,12}\.[0-9]{1,9}$")


def leg_id(call: str) -> str:
    return "leg" + call.removeprefix("out")


def call_id(leg: str) -> str:
    return "out" + leg.removeprefix("leg")


def call_of(book: Book, uniqueid: str) -> Call | None:
    """The call that the agent with this channel makes, until the two talk."""
    if not LEG_ID.match(uniqueid):
        return None
    call = book.calls.get(call_id(uniqueid))
    return call if call is not None and call.maker else None


class Summoner:
    """The deeds: ringing the agent, and letting him go when nothing comes of it."""

    def __init__(self, book: Book, control: Link, emit: Emit) -> None:
        self._book, self._control, self._emit = book, control, emit

    def summon(self, effect: Summon) -> None:
        """Never waits, never raises for the world's mistakes."""
        if effect.call in self._book.calls:
            return
        try:
            headers = actions.summon(
                actions.must_match(CALL_ID, "call", effect.call),
                leg_id(effect.call),
                effect.device,
                effect.ring_seconds,
                effect.facts,
            )
            answer = self._control.send(headers)
        except (AmiDown, ValueError) as error:
            log.warning("the agent is not rung: %s", error, extra={"call": effect.call})
            self._emit(LegGone(effect.call, "unreachable"))
            return
        self._control.flush()
        call = Call(effect.call, effect.call, "summoning", agent=effect.agent, device=effect.device)
        call.maker = True
        self._book.add(call)
        answer.add_done_callback(lambda done: self._answered(effect.call, done))

    def _answered(self, id: str, answer: asyncio.Future[list[Frame]]) -> None:
        error = None if answer.cancelled() else answer.exception()
        call = self._book.calls.get(id)
        if call is not None and call.place == "summoning" and isinstance(error, AmiRejected):
            self._book.remove(call)
            self._emit(LegGone(id, "refused"))

    def responded(self, frame: Frame) -> bool:
        """OriginateResponse: it only counts when no channel was made, whose end would tell."""
        id = frame.get("Exten", "")
        if not LEG_ID.match(id):
            return False
        call = call_of(self._book, id)
        if call is not None and frame.get("Response") == "Failure" and not call.leg:
            self._book.remove(call)
            self._emit(LegGone(call.id, "unreachable"))
        return True


class SummonReports:
    """What Asterisk's events say of the agent's own leg."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def made(self, frame: Frame) -> None:
        call = call_of(self._book, frame["Uniqueid"])
        if call is not None:
            self._book.set_leg(call, frame["Channel"])

    def ready(self, frame: Frame) -> Iterator[Input]:
        call = call_of(self._book, frame.get("Uniqueid", ""))
        if call is not None and not call.maker_up:
            call.maker_up = True
            self._book.set_leg(call, frame["Channel"])
            yield LegReady(call.id, frame["Channel"])

    def hung_up(self, frame: Frame, cause: int) -> Iterator[Input]:
        """Before the two talked."""
        call = call_of(self._book, frame.get("Uniqueid", ""))
        if call is None:
            return
        was_up, call.maker, call.maker_up = call.maker_up, False, False
        if call.place == "summoning":
            self._book.remove(call)
        else:
            self._book.set_leg(call, "")
        asked = was_up or call.asked_to_end
        yield LegGone(call.id, outcome_of(cause, asked_to_end=asked), cause)
