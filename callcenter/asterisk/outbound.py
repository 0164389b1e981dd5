"""Dials outside numbers: the effect `Originate` to one action, and its fate to typed inputs.

The channel gets an id of ours (ChannelId); Asterisk refuses a second one while the first lives, and
all later actions find the channel by it. What becomes of an attempt is said once: by the channel's
end, or by Asterisk's answer to the action when no channel was ever made. The number is checked
here, last of all, whoever asked; Context, endpoint and label are constants.

Source: main/manager.c (action_originate, fast_originate), main/pbx.c (pbx_outgoing_attempt),
res/res_pjsip_session.c and main/hangup causes of Asterisk 22; Q.850 for the causes.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import re
from typing import Final

from callcenter.asterisk import actions
from callcenter.asterisk.actions import Headers
from callcenter.asterisk.book import Book, Call
from callcenter.asterisk.errors import AmiDown, AmiRejected
from callcenter.asterisk.link import Link
from callcenter.asterisk.parse import Frame
from callcenter.core import trunks
from callcenter.core.effects import Originate
from callcenter.core.inputs import NumberFailed, NumberOutcome
from callcenter.dialling import Dialable, DialRules
from callcenter.runtime.ports import Emit

log = logging.getLogger(__name__)

CALL_ID: Final = re.compile(r"^out-[0-9]{1,12}\.[0-9]{1,9}$")
RING_SECONDS: Final = (5.0, 120.0)
AT_ONCE_MAX: Final = 100
CHANNEL_SECONDS: Final = 0.5
"""Asterisk's answer to the action may be this much ahead of the events of the channel."""

_OUTCOMES: Final[dict[int, NumberOutcome]] = {
    1: "invalid",
    22: "invalid",
    28: "invalid",
    17: "busy",
    0: "no-answer",
    16: "no-answer",
    18: "no-answer",
    19: "no-answer",
    21: "rejected",
}
# `Reason` of OriginateResponse: a control frame (include/asterisk/frame.h).
_REASONS: Final[dict[str, NumberOutcome]] = {"3": "no-answer", "5": "busy", "8": "unreachable"}


def outcome_of(cause: int, *, asked_to_end: bool) -> NumberOutcome:
    """What a channel that was never answered and ended with this Q.850 cause means."""
    if asked_to_end:
        return "cancelled"
    return _OUTCOMES.get(cause, "unreachable")


class Dialler:
    """`rules` None: no number may be dialled at all."""

    def __init__(
        self,
        book: Book,
        control: Link,
        emit: Emit,
        rules: DialRules | None,
        at_once_max: int = AT_ONCE_MAX,
    ) -> None:
        self._book, self._control, self._emit = book, control, emit
        self._rules, self._at_once_max = rules, at_once_max

    def originate(self, effect: Originate) -> None:
        """Never waits, never raises for the world's mistakes."""
        made = self._book.calls.get(effect.call)
        if made is not None and made.place != "summoning":
            return  # asked twice: it is being dialled
        try:
            headers = self._to_colleague(effect) if effect.device else self._headers(effect)
            answer = self._control.send(headers)
        except (_NotAllowed, ValueError) as error:
            log.warning("it is not dialled: %s", error, extra={"call": effect.call})
            self._failed(effect.call, "refused", str(error))
            return
        except AmiDown as error:
            self._failed(effect.call, "unreachable", str(error))
            return
        self._control.flush()
        if made is not None:
            made.place = "dialling"
        else:
            self._book.add(Call(effect.call, effect.call, "dialling"))
        answer.add_done_callback(lambda done: self._answered(effect.call, done))

    def allowed(self, number: str) -> str:
        """The number as it is dialled. Raises ValueError with the reason why it is not."""
        if self._rules is None:
            raise ValueError("no outside numbers are dialled here (CALLCENTER_OUTBOUND_TRUNK)")
        checked = self._rules.check(number)
        if not isinstance(checked, Dialable):
            raise ValueError(checked.text)
        return checked.number

    def _headers(self, effect: Originate) -> Headers:
        if self._rules is None:
            raise _NotAllowed("no outside numbers are dialled here (CALLCENTER_OUTBOUND_TRUNK)")
        checked = self._rules.check(effect.number)
        if not isinstance(checked, Dialable):
            raise _NotAllowed(checked.text)
        if checked.number != effect.number:
            raise ValueError(f"not E.164: {effect.number!r}")
        # Calls that were dialled keep their id when answered, so they count until they end.
        under_way = sum(1 for call in self._book.calls.values() if CALL_ID.match(call.id))
        if under_way >= self._at_once_max:
            raise _NotAllowed(f"{under_way} calls out at once are enough")
        return actions.originate(
            actions.must_match(CALL_ID, "call", effect.call),
            trunks.OUT,
            checked.number,
            min(max(effect.ring_seconds, RING_SECONDS[0]), RING_SECONDS[1]),
            shown=effect.shown,
            did=effect.did,
            facts=effect.facts,
            detect_machine=effect.detect_machine,
            seconds_max=effect.seconds_max,
        )

    def _to_colleague(self, effect: Originate) -> Headers:
        """Inside the house there are no rules of money."""
        return actions.originate(
            actions.must_match(CALL_ID, "call", effect.call),
            "",
            "",
            min(max(effect.ring_seconds, RING_SECONDS[0]), RING_SECONDS[1]),
            shown="",
            did="",
            facts=effect.facts,
            detect_machine=False,
            device=effect.device,
        )

    def _answered(self, id: str, answer: asyncio.Future[list[Frame]]) -> None:
        """Queued, as a rule. Without an answer the channel's events or a snapshot will tell."""
        error = None if answer.cancelled() else answer.exception()
        call = self._book.of_dialled(id)
        if call is not None and isinstance(error, AmiRejected):
            self._failed(id, "refused", str(error))

    def responded(self, frame: Frame) -> None:
        """OriginateResponse: it only counts when no channel was made, whose end tells more. What
        is told of that may still be on its way."""
        call = self._book.of_dialled(frame.get("Exten", ""))
        if call is not None and frame.get("Response") == "Failure":
            loop = asyncio.get_running_loop()
            loop.call_later(CHANNEL_SECONDS, self._no_channel, call, frame.get("Reason"))

    def _no_channel(self, call: Call, reason: str) -> None:
        if self._book.of_dialled(call.id) is call:
            self._failed(call.id, _REASONS.get(reason, "unreachable"), f"reason {reason}")

    def _failed(self, id: str, outcome: NumberOutcome, reason: str) -> None:
        made = self._book.calls.get(id)
        if made is not None:
            self._book.remove(made)
            self.let_go(made)
        self._emit(NumberFailed(id, outcome, 0, reason))

    def let_go(self, call: Call) -> None:
        """The agent who wanted this call, and waits on the line for nobody."""
        if call.maker and call.leg:
            with contextlib.suppress(AmiDown):
                answer = self._control.send(actions.hang_up(call.leg, 16))
                # Refused: he has hung up himself in this moment.
                answer.add_done_callback(lambda done: done.cancelled() or done.exception())
            call.maker = False


class _NotAllowed(Exception):
    """By our own rules."""
