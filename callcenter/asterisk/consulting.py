"""Three parties: an agent asks another about a caller, gives the call on, or brings all together.

The agent's own leg rings the other while the caller waits in [hold], so that each of the three can
be moved alone: the caller by his channel, the others by theirs. Deeds send actions, events tell
what came of them. Contexts and labels are those of `asterisk-config/extensions.conf`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from callcenter.asterisk import actions
from callcenter.asterisk.actions import Headers
from callcenter.asterisk.book import Book, Call, Consulting
from callcenter.asterisk.errors import Refused
from callcenter.asterisk.outbound import outcome_of
from callcenter.asterisk.parse import Frame
from callcenter.core.effects import (
    AsteriskEffect,
    Consult,
    EndConsult,
    HandOut,
    HandOver,
    Join,
    Recall,
    Swap,
)
from callcenter.core.in_call import Parted
from callcenter.core.inputs import (
    ConsultAnswered,
    ConsultEnded,
    ConsultOutcome,
    ConsultRinging,
    DialOutcome,
    HoldChanged,
    Input,
    Joined,
)

Send = Callable[[Call, Headers, AsteriskEffect | None], None]

# Q.850 causes that say of a number what was wrong with it (see `outbound`).
TELLING = frozenset({1, 17, 21, 22, 28})
ENDED: dict[str, DialOutcome] = {
    "NOANSWER": "no-answer",
    "BUSY": "busy",
    "CHANUNAVAIL": "unavailable",
    "CONGESTION": "unavailable",
    "CANCEL": "cancelled",
    "ABORT": "cancelled",
}


class ConsultDeeds:
    """What the core asks of calls with an agent. Raises Refused where it does not fit. `allowed`:
    an outside number as it may be dialled, raises ValueError where it may not."""

    def __init__(self, book: Book, epoch: int, send: Send, allowed: Callable[[str], str]) -> None:
        self._book, self._epoch, self._send, self._allowed = book, epoch, send, allowed

    def recall(self, call: Call, effect: Recall) -> None:
        """The agent's leg is let go by the dialplan, save in hold, where nobody holds it."""
        if not call.answered:
            raise Refused("the caller is not with an agent")
        leg = call.leg
        apart = call.moved or call.place in ("held", "unheld", "conference")
        self._send(call, actions.redirect(call.channel, "acd", "recalled"), effect)
        if leg and apart:
            self._send(call, actions.hang_up(leg, 16), None)
        self.let_go(call)
        if call.place == "held":
            call.place = "unheld"  # so that the hang-up of the leg is not taken for news
        call.forget_prompts()
        call.in_agi = False

    def consult(self, call: Call, effect: Consult) -> None:
        if not call.answered or not call.leg or call.place not in ("offer", "held"):
            raise Refused("the caller is not with an agent")
        if call.consult is not None:
            raise Refused("another is being consulted already")
        exten, device = self._whom(effect)
        self._send(call, actions.set_variable(call.leg, "ACD_FOR", call.id), None)
        alone = call.place == "held"
        if alone:
            headers = actions.redirect(call.leg, "consult", exten)
        else:
            headers = actions.redirect_both(call.channel, "hold", "s", call.leg, "consult", exten)
        self._send(call, headers, effect)
        outside = bool(effect.number)
        call.consult = Consulting(effect.serial, effect.agent, device, outside=outside, alone=alone)

    def _whom(self, effect: Consult) -> tuple[str, str]:
        """Where the agent's leg goes to ring him, and what he goes by."""
        seconds = actions.ring_time(effect.ring_seconds)
        if not effect.number:
            device = actions.must_match(actions.DEVICE, "device", effect.device)
            return f"c{effect.serial:d}-{device}-{seconds}", device
        number = actions.must_match(actions.E164, "number", self._allowed(effect.number))
        shown = "0"
        if effect.shown:
            shown = actions.must_match(actions.E164, "shown", effect.shown)[1:]
        limit = round(effect.seconds_max * 1000)
        return f"o{effect.serial:d}-{number[1:]}-{seconds}-{shown}-{limit}", number

    def failed(self, call: Call, effect: Consult) -> None:
        """It never began: another may be asked."""
        if call.consult is not None and call.consult.serial == effect.serial:
            self._book.end_consult(call)

    def end(self, call: Call, effect: EndConsult) -> None:
        """His hang-up is the answer; the agent's leg goes on into silence by itself. Before he has
        answered, that it has come there is: until then Asterisk moves it nowhere else (it says
        "channel not up"), and the next colleague could not be asked."""
        consult = call.consult
        if consult is None or consult.serial != effect.serial:
            return  # over by itself; told or on its way
        if consult.leg and consult.answered:
            self._send(call, actions.hang_up(consult.leg, 16), effect)
        else:
            consult.unwanted = True
            self._send(call, actions.redirect(call.leg, "agentleg", "held"), effect)

    def hand_over(self, call: Call, effect: HandOver) -> None:
        device = actions.must_match(actions.DEVICE, "device", effect.device)
        consult = call.consult
        if consult is None or not consult.answered:
            raise Refused("nobody is being consulted")
        if call.place == "held":
            exten = f"e{self._epoch:d}-{effect.attempt:d}-{device}"
            self._send(call, actions.set_variable(call.channel, "ACD_NEXT", consult.leg), None)
            self._send(call, actions.redirect(call.channel, "handover", exten), effect)
            call.forget_prompts()
            call.place, call.in_agi = "unheld", False
        elif call.place == "conference":
            self._send(call, actions.set_variable(call.channel, "ACD_LEG", consult.leg), effect)
            self._send(
                call, actions.set_variable(call.channel, "DIALEDPEERNAME", consult.leg), None
            )
            if call.leg:
                self._send(call, actions.hang_up(call.leg, 16), None)
        else:
            raise Refused("the caller is talking to the agent")
        self._given(call, consult, effect)

    def hand_out(self, call: Call, effect: HandOut) -> None:
        """The agent's leg ends when the other two are together (`giver_is_free`)."""
        consult = call.consult
        if consult is None or not consult.answered or not consult.outside:
            raise Refused("nobody outside is being asked")
        token = actions.must_match(actions.TOKEN, "token", effect.token)
        leg, giver = consult.leg, call.leg
        if call.place == "held":
            exten = f"t{self._epoch:d}-{token}-{round(effect.seconds_max * 1000)}"
            self._send(call, actions.set_variable(call.channel, "ACD_NEXT", leg), None)
            self._send(call, actions.redirect(call.channel, "outside", exten), effect)
            call.giving_leg = giver
        elif call.place == "conference":  # they stay in it, without the agent
            self._send(call, actions.set_variable(call.channel, "ACD_LEG", leg), effect)
            if giver:
                self._send(call, actions.hang_up(giver, 16), None)
            self._book.end_consult(call)
            self._book.set_leg(call, leg)
            call.agent_left = False
            return
        else:
            raise Refused("the caller is talking to the agent")
        self._book.end_consult(call)
        self._book.set_leg(call, "")
        call.forget_prompts()
        call.place, call.in_agi, call.dial_token = "transferred", False, token
        call.answered = call.agent_left = False

    def giver_is_free(self, call: Call) -> None:
        giving, call.giving_leg = call.giving_leg, ""
        self._send(call, actions.hang_up(giving, 16), None)

    def _given(self, call: Call, consult: Consulting, effect: HandOver) -> None:
        call.giving_leg, leg = call.leg, consult.leg
        self._book.end_consult(call)
        self._book.set_leg(call, leg)
        call.attempt, call.agent, call.device = effect.attempt, effect.agent, effect.device
        call.agent_left = False

    def swap(self, call: Call, effect: Swap) -> None:
        consult = call.consult
        if consult is None or not consult.answered or effect.to_caller == consult.aside:
            raise Refused("there is nobody to change to")
        if effect.to_caller:
            aside = actions.redirect_both(
                call.leg, "agentleg", "held", consult.leg, "consult", "aside"
            )
            self._send(call, aside, effect)
            consult.follow = (actions.redirect(call.channel, "unhold", "s"),)
        else:
            self._send(call, actions.set_variable(call.leg, "ACD_ASIDE", consult.leg), None)
            both = actions.redirect_both(call.channel, "hold", "s", call.leg, "consult", "again")
            self._send(call, both, effect)
        consult.aside = effect.to_caller

    def leg_is_held(self, call: Call) -> None:
        """The agent's leg has come to rest: now the caller can be brought to it."""
        consult = call.consult
        if consult is not None and consult.follow:
            follow, consult.follow = consult.follow, ()
            for headers in follow:
                self._send(call, headers, None)
            if len(follow) > 1:
                consult.aside = False  # back to the colleague; the caller goes on hold
                return
            call.forget_prompts()
            call.place, call.in_agi = "unheld", False

    def join(self, call: Call, effect: Join) -> None:
        consult = call.consult
        if consult is None or not consult.answered or call.place not in ("held", "offer"):
            raise Refused("nobody is being consulted")
        room = ("conference", f"c{call.id}")
        caller = ("conference", "s")
        if call.place == "held":
            both = actions.redirect_both(call.leg, *room, consult.leg, *room)
            self._send(call, both, None)
            self._send(call, actions.redirect(call.channel, *caller), effect)
        else:
            both = actions.redirect_both(call.channel, *caller, call.leg, *room)
            self._send(call, both, effect)
            self._send(call, actions.redirect(consult.leg, *room), None)
        call.forget_prompts()
        call.place, call.in_agi, consult.aside = "conference", False, False
        consult.coming = {call.channel, call.leg, consult.leg}
        call.moved = True

    def release(self, call: Call) -> None:
        """The caller is gone: whoever was put aside is in no bridge, nobody else would end it. And
        who came into a conference after the caller had left it would stay there alone."""
        consult = call.consult
        if consult is None or not consult.leg:
            return
        if consult.aside or call.place == "conference":
            self._send(call, actions.hang_up(consult.leg, 16), None)

    def let_go(self, call: Call) -> None:
        """Whatever was asked is over."""
        self.release(call)
        self._book.end_consult(call)


class ConsultReports:
    """What Asterisk's events say of consultations."""

    def __init__(self, book: Book) -> None:
        self._book = book

    def dial_began(self, call: Call, frame: Frame) -> None:
        if call.consult is not None and not call.consult.answered:
            self._book.set_consulted(call, frame["DestChannel"])

    def rings(self, call: Call, frame: Frame) -> Iterator[Input]:
        consult = call.consult
        if consult is None or consult.ringing or consult.answered:
            return
        if frame.get("DialStatus") in ("RINGING", "PROGRESS"):
            consult.ringing = True
            yield ConsultRinging(call.id, consult.serial)

    def dial_ended(self, call: Call, frame: Frame) -> Iterator[Input]:
        consult = call.consult
        if consult is None or consult.answered or frame["DestChannel"] != consult.leg:
            return
        if consult.outside and frame.get("DialStatus") != "ANSWER":
            consult.status = frame.get("DialStatus")  # the cause, which follows, says more exactly
            return
        status = frame.get("DialStatus")
        if status == "ANSWER":
            consult.answered = True
            yield ConsultAnswered(call.id, consult.serial, consult.leg)
        elif not consult.unwanted:
            self._book.end_consult(call)
            yield ConsultEnded(call.id, consult.serial, ENDED.get(status, "unavailable"))

    def leg_held(self, frame: Frame) -> Iterator[Input]:
        """The agent's leg has come to rest; from a consultation that could not even be dialled, or
        that he has given up, when its serial says so."""
        call = self._book.of_leg(frame.get("Channel", ""))
        consult = call.consult if call is not None else None
        if call is None or consult is None or consult.answered:
            return
        if consult.unwanted or frame.get("Serial") == str(consult.serial):
            self._book.end_consult(call)
            cause = frame.get("Cause", "")
            why = int(cause) if cause.isdigit() else 0
            outcome: ConsultOutcome = "cancelled" if consult.unwanted else "unavailable"
            if consult.outside:
                outcome = _outside(consult, why)
            yield ConsultEnded(call.id, consult.serial, outcome, why)

    def asker_left(self, call: Call) -> Iterator[Input]:
        """The agent's leg is gone, and comes to rest no more."""
        consult = call.consult
        if consult is not None and consult.unwanted and not consult.answered:
            self._book.end_consult(call)
            yield ConsultEnded(call.id, consult.serial, "cancelled")

    def held(self, call: Call) -> Input:
        """The caller hears music now; out of a conference, when we have parted it."""
        return self._parted(call, False) or HoldChanged(call.id, True)

    def together(self, call: Call) -> Input:
        """The caller and his agent are in a bridge again."""
        return self._parted(call, True) or HoldChanged(call.id, False)

    def _parted(self, call: Call, to_caller: bool) -> Input | None:
        if call.consult is None or not call.consult.parting:
            return None
        call.consult.parting = False
        return Parted(call.id, to_caller)

    def hung_up(self, call: Call, cause: int) -> Iterator[Input]:
        """The consulted one's channel is gone."""
        consult = call.consult
        assert consult is not None
        if consult.unwanted and not consult.answered:
            return  # told when the agent's leg has come to rest
        self._book.end_consult(call)
        outcome: ConsultOutcome = "answered" if consult.answered else "cancelled"
        if consult.outside and not consult.answered:
            outcome = _outside(consult, cause)
        yield ConsultEnded(call.id, consult.serial, outcome, cause)

    def joined(self, frame: Frame) -> Iterator[Input]:
        """One of them is in the conference. Told with the last one: until then Asterisk does not
        move those who are on their way ("channel not up"), and they could not be parted again."""
        channel = frame.get("Channel", "")
        book = self._book
        call = book.of_caller(channel) or book.of_leg(channel) or book.of_consulted(channel)
        if call is None:
            return
        consult = call.consult
        if consult is not None and consult.coming:
            consult.coming.discard(channel)
            last = not consult.coming
        else:
            last = channel == call.channel  # sent there before we were started
        if last:
            yield Joined(call.id)


def _outside(consult: Consulting, cause: int) -> ConsultOutcome:
    """Why somebody outside was not reached: by the cause where it says something, else by Dial's
    word (which is no-answer for all that it does not know)."""
    if consult.unwanted or cause in TELLING:
        return outcome_of(cause, asked_to_end=consult.unwanted)
    if consult.status == "NOANSWER":
        return "no-answer"
    return "busy" if consult.status == "BUSY" else "unreachable"
