"""Carries out the core's effects: each becomes one or a few actions, sent at once and in order.

All actions of a node go over one connection, and Asterisk carries them out one after the other;
that alone keeps the effects on a call in order. What cannot be done comes back as `ActionFailed`.
When it is not known whether something was done, Asterisk is looked at before anything is told.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from dataclasses import replace
from functools import partial
from pathlib import Path

from callcenter.asterisk import actions
from callcenter.asterisk.actions import Headers
from callcenter.asterisk.book import Book, Call
from callcenter.asterisk.conferring import ConferenceDeeds
from callcenter.asterisk.consulting import ConsultDeeds
from callcenter.asterisk.errors import AmiDown, AmiError, AmiRejected, AmiUnknown, Refused
from callcenter.asterisk.hearing import HearingDeeds
from callcenter.asterisk.link import Link
from callcenter.asterisk.outbound import Dialler
from callcenter.asterisk.parse import Frame
from callcenter.asterisk.playing import Player, Prompts
from callcenter.asterisk.resync import look_at
from callcenter.asterisk.summoning import Summoner, leg_id
from callcenter.core.effects import (
    AsteriskEffect,
    CallEffect,
    Connect,
    ConnectLeg,
    Consult,
    DialOut,
    Divert,
    EndConsult,
    HandOut,
    HandOver,
    HangUp,
    Hold,
    Join,
    MuteRecording,
    NameRecording,
    Originate,
    PlayPrompt,
    Recall,
    RecordCaller,
    SetMusic,
    StopRecording,
    StopRinging,
    Summon,
    Swap,
    TagCall,
    Withdraw,
)
from callcenter.core.in_call import Mute, Part, PlayDigits
from callcenter.core.inputs import ActionFailed
from callcenter.core.monitoring import DropHearer, TakeOver, TuneIn, TuneOut
from callcenter.runtime.ports import Emit
from callcenter.runtime.vault import Vault

log = logging.getLogger(__name__)

CAUSE_CALL_REJECTED = 21
LEAVES_NO_TRACE = (
    PlayPrompt,
    RecordCaller,
    TagCall,
    SetMusic,
    NameRecording,
    MuteRecording,
    StopRecording,
)
"""Where the caller stands does not tell whether these were carried out."""
Spawn = Callable[[Coroutine[object, object, None]], None]


class Deeds:
    """`perform` never waits and never raises for the world's mistakes. `spawn` runs a task."""

    def __init__(
        self,
        book: Book,
        control: Link,
        prompts: Prompts,
        recordings: Path,
        vault: Vault,
        emit: Emit,
        epoch: int,
        spawn: Spawn,
        dialler: Dialler,
    ) -> None:
        self._book, self._control, self._emit = book, control, emit
        self._epoch, self._spawn, self._dialler = epoch, spawn, dialler
        self.player = Player(book, prompts, recordings, vault, emit, self.send)
        self.consults = ConsultDeeds(book, epoch, self.send, dialler.allowed)
        self.summoner = Summoner(book, control, emit)
        self._conference = ConferenceDeeds(self.send)
        self._hearing = HearingDeeds(book, control, emit, epoch, self.send)

    def perform(self, effect: AsteriskEffect) -> None:
        if isinstance(effect, Originate):
            self._dialler.originate(effect)
            return
        if isinstance(effect, Summon):
            self.summoner.summon(effect)
            return
        if isinstance(effect, TuneIn | TuneOut | DropHearer):
            self._hearing.perform(effect)
            return
        call = self._book.calls.get(effect.call)
        try:
            if call is None:
                raise Refused("there is no such call")
            self._do(call, effect)
        except Refused as error:
            self._tell(effect, "refused", str(error))
        except ValueError as error:
            what, told = type(effect).__name__, {"call": effect.call}
            log.error("%s cannot be sent: %s", what, error, extra=told)
            self._tell(effect, "refused", str(error))
        except AmiDown as error:
            self._tell(effect, "not-sent", str(error))

    def caller_waits(self, call: Call) -> None:
        """The caller can take commands again: an offer or a prompt that came too early is carried
        out now."""
        call.withdrawn, offer, call.next_connect = False, call.next_connect, None
        if offer is not None:
            self._connect(call, offer)
            return
        waiting, call.next_prompt = call.next_prompt, None
        if isinstance(waiting, RecordCaller):
            self.player.record(call, waiting)
        elif waiting is not None:
            self._spawn(self._play(call, waiting))

    def _do(self, call: Call, effect: CallEffect) -> None:
        match effect:
            case PlayPrompt() if call.in_agi:
                self._spawn(self._play(call, effect))
            case RecordCaller() if call.in_agi:
                self.player.record(call, effect)
            case PlayPrompt() | RecordCaller():
                call.next_prompt = effect
            case SetMusic():
                music = actions.must_match(actions.MUSIC_CLASS, "music", effect.music_class)
                self.player.music(call, music if effect.on else "")
            case TagCall():
                for headers in actions.tags(call.channel, effect.facts):
                    self.send(call, headers, effect)
            case Connect():
                self._connect(call, effect)
            case DialOut():
                self._dial_out(call, effect)
            case StopRinging():
                self._stop_ringing(call, effect)
            case Withdraw():
                self._withdraw(call, effect)
            case Divert():
                self._divert(call, effect)
            case HangUp():
                self._hang_up(call, effect)
            case Hold():
                self._hold(call, effect)
            case Recall():
                self.consults.recall(call, effect)
            case Consult():
                self.consults.consult(call, effect)
            case EndConsult():
                self.consults.end(call, effect)
            case HandOver():
                self.consults.hand_over(call, effect)
            case HandOut():
                self.consults.hand_out(call, effect)
            case ConnectLeg():
                self._connect_leg(call, effect)
            case Swap():
                self.consults.swap(call, effect)
            case Join():
                self.consults.join(call, effect)
            case NameRecording():
                named = actions.name_recording(call.channel, effect.attempt, effect.id)
                self.send(call, named, effect)
            case MuteRecording():
                self.send(call, actions.mute_recording(call.channel, effect.muted), effect)
                self._control.flush()
            case StopRecording():
                self.send(call, actions.stop_recording(call.channel), effect)
                self._control.flush()
            case Mute():
                self._conference.mute(call, effect)
            case Part():
                self._conference.part(call, effect)
            case PlayDigits():
                self._conference.digits(call, effect)
            case TakeOver():
                self.consults.let_go(call)
                self._hearing.take_over(call, effect)

    async def _play(self, call: Call, effect: PlayPrompt) -> None:
        try:
            await self.player.play(call, effect)
        except AmiDown as error:
            self._tell(effect, "not-sent", str(error))
        except ValueError as error:
            log.error("the prompt cannot be sent: %s", error, extra={"call": effect.call})
            self._tell(effect, "refused", str(error))

    def together(self, call: Call | None) -> None:
        """A bridge was entered; keys pressed before both were in it go now."""
        if call is not None and call.keys and not call.apart:
            self._conference.together(call)

    # -- one method an effect -----------------------------------------------------------------
    def _connect(self, call: Call, effect: Connect) -> None:
        if call.withdrawn and not call.in_agi:
            call.next_connect = effect  # on the way back from the offer before
            return
        if not call.in_agi:
            raise Refused(f"the caller is not waiting ({call.place})")
        if effect.others:
            more = actions.also_ring(call.channel, effect.attempt, list(effect.others.values()))
            self.send(call, more, effect)
        headers = actions.connect(
            call.channel,
            self._epoch,
            effect.attempt,
            effect.device,
            effect.ring_seconds,
            effect.auto_answer,
        )
        self.send(call, headers, effect)
        self._control.flush()
        # From here on no lease: it would cut the conversation.
        call.begin_offer(effect.attempt, effect.agent, effect.device, effect.others)

    def _connect_leg(self, call: Call, effect: ConnectLeg) -> None:
        """Who was dialled comes to the agent who waits on the line."""
        device = actions.must_match(actions.DEVICE, "device", effect.device)
        if not call.in_agi or not call.maker_up or not call.leg:
            raise Refused(f"the agent is not there, or the other is not waiting ({call.place})")
        exten = f"e{self._epoch:d}-{effect.attempt:d}-{device}"
        self.send(call, actions.set_variable(call.channel, "ACD_NEXT", call.leg), None)
        self.send(call, actions.redirect(call.channel, "handover", exten), effect)
        self._control.flush()
        call.forget_prompts()
        call.attempt, call.agent, call.device = effect.attempt, effect.agent, device
        call.place, call.in_agi = "unheld", False
        call.joining = call.moved = True
        call.leg_said_bye = False

    def rings_outside(self, call: Call | None) -> None:
        """The agent on the line hears that it rings."""
        if call is not None and call.maker_up and call.leg:
            self.send(call, actions.redirect(call.leg, "summoned", "rings"), None)

    def _dial_out(self, call: Call, effect: DialOut) -> None:
        """An extension is a device of that name; all other numbers go by the rules."""
        if not call.in_agi:
            raise Refused(f"the caller is not waiting ({call.place})")
        device = effect.number in self._book.devices
        number = effect.number if device else self._dialler.allowed(effect.number)
        headers = actions.dial_out(
            call.channel, self._epoch, effect.token, device, number, effect.ring_seconds
        )
        self.send(call, headers, effect)
        self._control.flush()
        call.forget_prompts()
        call.typed.clear()
        call.place, call.in_agi, call.dial_token = "transferred", False, effect.token

    def _stop_ringing(self, call: Call, effect: StopRinging) -> None:
        later = call.next_connect
        if later is not None and later.attempt == effect.attempt:
            call.next_connect = _without(later, effect.agent)
        elif call.place == "offer" and call.attempt == effect.attempt and not call.answered:
            call.unwanted.add(effect.device)
            self.stop_unwanted(call)

    def stop_unwanted(self, call: Call) -> None:
        """Phones that must ring no longer; one whose ringing has not begun is stopped when it
        does."""
        for leg, device in call.legs.items():
            if device in call.unwanted:
                call.unwanted.discard(device)
                self.send(call, actions.hang_up(leg, CAUSE_CALL_REJECTED), None)

    def _withdraw(self, call: Call, effect: Withdraw) -> None:
        if call.next_connect is not None and call.next_connect.attempt == effect.attempt:
            call.next_connect = None  # it never began
            return
        if call.in_agi or effect.attempt != call.attempt or call.place != "offer":
            return  # over by itself; the caller's return is told or on its way
        if call.answered:
            raise Refused("the agent has answered")
        self.send(call, actions.redirect(call.channel, "acd", "withdrawn"), effect)
        call.withdrawn = True

    def _divert(self, call: Call, effect: Divert) -> None:
        if effect.place == "fallback":
            headers = actions.redirect(call.channel, "fallback", "s")
        else:
            box = actions.must_match(actions.BOX, "mailbox", effect.box or "general")
            headers = actions.redirect(call.channel, "voicemail", f"v{box}")
        self.send(call, headers, effect)
        call.forget_prompts()
        call.in_agi = False

    def _hang_up(self, call: Call, effect: HangUp) -> None:
        channel = call.channel
        if call.place == "summoning":
            channel = call.leg or leg_id(call.id)
        self.send(call, actions.hang_up(channel, effect.cause), effect)
        call.asked_to_end = True
        call.in_agi = False
        call.withdrawn, call.next_connect = False, None
        self.release_leg(call)

    def release_leg(self, call: Call) -> None:
        """A leg in hold is in no bridge; nobody else would end it. One that was brought back from
        there goes on where it stood in the dialplan, which may be the waiting."""
        self.consults.release(call)
        if call.leg and (call.moved or call.maker or call.place in ("held", "unheld")):
            self.send(call, actions.hang_up(call.leg, 16), None)

    def _hold(self, call: Call, effect: Hold) -> None:
        if not call.answered or not call.leg:
            raise Refused("the caller is not talking to an agent")
        if effect.hold:
            if call.place == "held":
                return
            self.send(call, actions.hold(call.channel, call.leg), effect)
            return
        if call.consult is not None:
            raise Refused("the agent is consulting another")
        if call.place != "held":
            raise Refused("the call is not held")
        self.send(call, actions.redirect(call.channel, "unhold", "s"), effect)
        call.forget_prompts()
        call.place, call.in_agi = "unheld", False

    def talk_again(self, call: Call | None) -> None:
        """After a hold: the leg's time limit there must not cut the talk, and the leg of an agent
        who has given the call on is over."""
        if call is None or not call.leg:
            return
        self.send(call, actions.set_variable(call.leg, "TIMEOUT(absolute)", "0"), None)
        giving, call.giving_leg = call.giving_leg, ""
        if giving:
            self.send(call, actions.hang_up(giving, 16), None)

    # -- sending ------------------------------------------------------------------------------
    def send(self, call: Call, headers: Headers, effect: AsteriskEffect | None) -> None:
        """Sends for a call; with an `effect`, a failure is told. Raises AmiDown, ValueError."""
        answer = self._control.send(headers)
        answer.add_done_callback(partial(self._answered, call, effect))

    def _answered(
        self, call: Call, effect: AsteriskEffect | None, answer: asyncio.Future[list[Frame]]
    ) -> None:
        error = None if answer.cancelled() else answer.exception()
        if error is None or effect is None or self._book.calls.get(call.id) is not call:
            return  # done, or of no consequence, or the caller has gone, which is told
        if isinstance(error, AmiRejected | AmiUnknown):
            call.unsure.append(effect)
            self._spawn(self._look(call, effect, error))

    async def _look(self, call: Call, effect: AsteriskEffect, error: AmiError) -> None:
        """Tells what became of `effect`. Without a link this is left to the next snapshot."""
        try:
            seen = await look_at(self._control, call.channel)
        except AmiError:
            return
        if effect in call.unsure:
            call.unsure.remove(effect)
            if seen is not None and self._book.calls.get(call.id) is call:
                self.settle(call, effect, seen, error)

    def settle(
        self, call: Call, effect: AsteriskEffect, seen: Call, error: AmiError | None = None
    ) -> None:
        """`seen` is where the call stands now: was `effect` carried out?"""
        refused = isinstance(error, AmiRejected)
        if _took_place(effect, seen) and not (refused and _alone(call, effect)):
            return
        call.place, call.in_agi = seen.place, seen.in_agi
        if isinstance(effect, Consult):
            self.consults.failed(call, effect)
        kind = "refused" if refused else "not-sent"
        if isinstance(effect, LEAVES_NO_TRACE) and kind == "not-sent":
            kind = "unknown"
        self._tell(effect, kind, str(error or "Asterisk did not answer"))

    def _tell(self, effect: AsteriskEffect, kind: str, reason: str) -> None:
        attempt = effect.attempt if isinstance(effect, Connect | Withdraw) else 0
        failed = ActionFailed(
            effect.call,
            type(effect).__name__,
            attempt,
            kind,  # type: ignore[arg-type]
            reason,
        )
        log.info("%s", failed, extra={"call": effect.call})
        self._emit(failed)


def _without(offer: Connect, agent: str) -> Connect:
    """The same offer without this agent's phone; there are others."""
    phones = {offer.agent: offer.device, **offer.others}
    del phones[agent]
    first = next(iter(phones))
    device = phones.pop(first)
    return replace(offer, agent=first, device=device, others=phones)


def _alone(call: Call, effect: AsteriskEffect) -> bool:
    """Whether the caller was in hold before, so that where he stands says nothing."""
    return isinstance(effect, Consult) and call.consult is not None and call.consult.alone


def _took_place(effect: AsteriskEffect, seen: Call) -> bool:
    """Whether the effect can be seen in where the call stands. PlayPrompt and the like leave no
    trace there."""
    match effect:
        case Connect():
            return seen.place != "agi" and seen.attempt == effect.attempt
        case Withdraw():
            return seen.place == "agi"
        case DialOut():
            return seen.place == "transferred" or seen.dial_token == effect.token
        case Divert():
            return seen.place == "diverted"
        case Hold():
            return (seen.place == "held") == effect.hold
        case Consult():
            return seen.place == "held"
        case Recall():
            return seen.place == "agi"
        case HandOver() | ConnectLeg():
            return seen.attempt == effect.attempt
        case HandOut() | TakeOver():
            return seen.place == "transferred"
        case Join():
            return seen.place == "conference"
        case Part():
            return seen.place != "conference"
        case _:
            return False
