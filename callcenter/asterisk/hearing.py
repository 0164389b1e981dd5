"""A supervisor's channel at a live call: moved with Redirect, reported by the dialplan's word.

His browser dials a token and waits in [hearing]; from there he is sent to hear the agent's channel
(ChanSpy), into a conference, or to the caller he takes over. When there is nothing to hear any more
the dialplan brings him back and says so. Contexts and labels are those of
`asterisk-config/extensions.conf`.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Iterator
from typing import Final

from callcenter.asterisk import actions
from callcenter.asterisk.actions import Headers
from callcenter.asterisk.book import Book, Call
from callcenter.asterisk.consulting import Send
from callcenter.asterisk.errors import AmiDown, AmiRejected, Refused
from callcenter.asterisk.link import Link
from callcenter.asterisk.parse import Frame
from callcenter.core.inputs import Input
from callcenter.core.monitoring import (
    DropHearer,
    HearerGone,
    HearerReady,
    HearerSeen,
    Mode,
    MonitoringEffect,
    TakeOver,
    TuneIn,
    TuneOut,
)
from callcenter.runtime.ports import Emit

log = logging.getLogger(__name__)

CONTEXT: Final = "hearing"
TOKEN: Final = re.compile(r"^[0-9a-f]{8,64}$")
CHANNEL: Final = re.compile(r"^[A-Za-z0-9_.:;/+@-]{1,200}$")
MODES: dict[Mode, str] = {"listen": "l", "whisper": "w", "barge": "b"}


class HearingDeeds:
    """What the core asks of supervisors' channels. One that is not there is told as gone."""

    def __init__(self, book: Book, control: Link, emit: Emit, epoch: int, send: Send) -> None:
        self._book, self._control, self._emit = book, control, emit
        self._epoch, self._send_for_call = epoch, send

    def perform(self, effect: MonitoringEffect) -> None:
        """Never waits, never raises for the world's mistakes: what cannot be sent without a link is
        made good by the next look."""
        try:
            match effect:
                case TuneIn():
                    self._tune_in(effect)
                case TuneOut():
                    self._redirect(effect.token, effect.channel, "wait")
                case DropHearer():
                    self._send(effect.token, actions.hang_up(effect.channel, 16))
        except AmiDown:
            return
        except ValueError as error:
            log.error("a supervisor's channel cannot be moved: %s", error)

    def _tune_in(self, effect: TuneIn) -> None:
        call = self._book.calls.get(effect.call)
        leg = call.leg if call is not None and call.answered else ""
        if call is None or not leg:
            self._redirect(effect.token, effect.channel, "wait")
        elif effect.together:
            room = actions.must_match(CHANNEL, "conference", call.id)
            self._redirect(effect.token, effect.channel, f"j{self._epoch:d}-{room}")
        else:
            spied = actions.must_match(CHANNEL, "channel", leg)
            named = actions.set_variable(effect.channel, "ACD_SPIED", spied)
            self._send(effect.token, named)
            exten = f"m{self._epoch:d}-{MODES[effect.mode]}"
            self._redirect(effect.token, effect.channel, exten)
        self._control.flush()

    def take_over(self, call: Call, effect: TakeOver) -> None:
        """The agent's leg is let go by the dialplan, save where nobody holds it."""
        token = actions.must_match(actions.TOKEN, "token", effect.transfer)
        if not call.answered:
            raise Refused("the caller is not with an agent")
        taker = actions.must_match(CHANNEL, "channel", effect.channel)
        leg = call.leg
        apart = call.moved or call.place in ("held", "unheld", "conference")
        exten = f"t{self._epoch:d}-{token}-{round(effect.seconds_max * 1000)}"
        self._send_for_call(call, actions.set_variable(call.channel, "ACD_NEXT", taker), None)
        self._send_for_call(call, actions.redirect(call.channel, "outside", exten), effect)
        if leg and apart:
            self._send_for_call(call, actions.hang_up(leg, 16), None)
        self._control.flush()
        self._book.set_leg(call, "")
        call.forget_prompts()
        call.place, call.in_agi, call.dial_token = "transferred", False, token
        call.answered = call.agent_left = False

    def _redirect(self, token: str, channel: str, exten: str) -> None:
        self._send(token, actions.redirect(channel, CONTEXT, exten))

    def _send(self, token: str, headers: Headers) -> None:
        answer = self._control.send(headers)

        def answered(done: asyncio.Future[list[Frame]]) -> None:
            error = None if done.cancelled() else done.exception()
            if isinstance(error, AmiRejected) and token not in self._book.hearers.values():
                self._emit(HearerGone(token))

        answer.add_done_callback(answered)


class HearingReports:
    """What Asterisk's events say of supervisors' channels."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def ready(self, frame: Frame) -> Iterator[Input]:
        token = frame.get("Token", "")
        if TOKEN.match(token):
            self._book.hearers[frame["Channel"]] = token
            yield HearerReady(token, frame["Channel"])

    def hung_up(self, frame: Frame, cause: int) -> Iterator[Input]:
        token = self._book.hearers.pop(frame["Channel"], None)
        if token is not None:
            yield HearerGone(token, cause)


def seen(frames: list[Frame]) -> tuple[HearerSeen, ...]:
    """The supervisors' channels among all of a node."""
    found = (_read(frame) for frame in frames if frame.get("Event") == "Status")
    return tuple(one for one in found if one is not None)


def _read(frame: Frame) -> HearerSeen | None:
    pairs = (line.partition("=") for line in frame.all("Variable"))
    token = next((value for name, _, value in pairs if name == "ACD_HEAR"), "")
    if not TOKEN.match(token):
        return None
    return HearerSeen(token, frame["Channel"], _has_caller(frame))


def _has_caller(frame: Frame) -> bool:
    """In a bridge that is no conference: with the caller he has taken over."""
    return bool(frame.get("BridgeID")) and frame.get("Application") != "ConfBridge"
