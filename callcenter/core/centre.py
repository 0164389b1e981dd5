"""The contact centre as one value and one function: `Centre.step(input, now) -> effects`.

Pure: no I/O, no clock, no randomness; the same inputs at the same times give the same effects:
live, in a simulation, in the replay of a journal. What can happen is a closed union, and the
one match below is the table of contents. If `step` raises, that is our bug: the process stops.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from callcenter.core import (
    arrival,
    callbacks,
    callbacks_found,
    calling_back,
    conferring,
    consulting,
    desk,
    dialled,
    giving,
    handing_out,
    hearing,
    leaving,
    outgoing,
    overflow,
    parking,
    parties,
    picking,
    queueing,
    resync,
    seats,
    supervision,
    talking,
    taping,
    transferring,
    trials,
    writing,
)
from callcenter.core.board import Board
from callcenter.core.config import Config
from callcenter.core.effects import Effect
from callcenter.core.in_call import Parted
from callcenter.core.inputs import (
    ActionFailed,
    AgentAnswered,
    AgentDid,
    AgentLeft,
    AgentRingEnded,
    AgentRinging,
    CallArrived,
    CallbacksFound,
    CallDiverted,
    CallEnded,
    CallerKnown,
    CallMissed,
    CallReturned,
    ConfigChanged,
    ConsoleChanged,
    ConsultAnswered,
    ConsultEnded,
    ConsultRinging,
    DataLookedUp,
    DeviceChanged,
    DialledAnswered,
    DialledOut,
    EpochTaken,
    HoldChanged,
    Input,
    Joined,
    LegGone,
    LegReady,
    LinkChanged,
    NumberAnswered,
    NumberFailed,
    NumberRinging,
    PromptEnded,
    Quarantined,
    RecordingChanged,
    RecordingEnded,
    Snapshot,
    SupervisorDid,
    Tick,
    TrialOffered,
)
from callcenter.core.monitoring import HearerGone, HearerReady
from callcenter.core.screens import Screens
from callcenter.core.state import QUARANTINE_MAX, State, remember


@dataclass(slots=True)
class Centre:
    state: State = field(default_factory=State)
    screens: Screens = field(default_factory=Screens)

    def step(self, fact: Input, now: float) -> list[Effect]:
        """What to do about `fact` at `now` (UNIX seconds). Rows of the board come first; within
        a kind the order counts, between kinds the loop decides who goes before whom."""
        state = self.state
        state.blame = ""
        self._new_day(now)
        # First, and whatever the fact is: after a stop of the process it may come before the Tick.
        for agent in state.timers.due_of("back-off", now):
            seats.back_off_over(state, agent, now)
        self._take(fact, now)
        overflow.apply(state, now)
        queueing.match(state, now)  # whatever it was may have brought two together
        calling_back.work(state, now)
        if state.removed:
            seats.dismiss(state, now)
        taping.follow(state, now)
        hearing.follow(state, now)
        shows = self.screens.changes(state)
        effects: list[Effect] = [*shows, *state.out]
        state.out.clear()
        return effects

    def deadline(self) -> float | None:
        """When the centre wants a Tick, UNIX seconds."""
        times = [self.state.timers.next()]
        if self.state.day:  # the day's figures begin anew even when nothing happens all night
            times.append(self.state.config.day_begins(self.state.day + 1))
        if self.state.linked:  # without a link nothing can come of what the router would decide
            times.append(self.state.router.deadline())
        return min((at for at in times if at is not None), default=None)

    def board(self) -> Board:
        return self.screens.board()

    def _take(self, fact: Input, now: float) -> None:
        state = self.state
        match fact:
            case CallArrived():
                arrival.arrived(state, fact, now)
            case PromptEnded():
                arrival.prompt_ended(state, fact, now)
            case DialledOut():
                hearing.dialled_out(state, fact, now)
            case DialledAnswered():
                transferring.answered(state, fact, now)
            case RecordingEnded():
                arrival.recording_ended(state, fact, now)
            case CallerKnown():
                arrival.caller_known(state, fact, now)
            case DataLookedUp():
                arrival.data_found(state, fact, now)
            case TrialOffered():
                trials.offered(state, fact, now)
            case CallbacksFound():
                callbacks_found.found(state, fact, now)
            case AgentRinging():
                talking.ringing(state, fact, now)
            case AgentRingEnded():
                talking.ring_ended(state, fact, now)
            case AgentAnswered():
                talking.answered(state, fact, now)
            case HoldChanged():
                talking.hold_changed(state, fact, now)
            case ConsultRinging():
                consulting.ringing(state, fact, now)
            case ConsultAnswered():
                consulting.answered(state, fact, now)
            case ConsultEnded():
                consulting.ended(state, fact, now)
            case LegReady():
                outgoing.leg_ready(state, fact, now)
            case LegGone():
                outgoing.leg_gone(state, fact, now)
            case Joined():
                consulting.joined(state, fact, now)
            case Parted():
                conferring.parted(state, fact, now)
            case AgentLeft():
                consulting.agent_left(state, fact, now)
            case RecordingChanged():
                taping.changed(state, fact, now)
            case HearerReady():
                hearing.ready(state, fact, now)
            case HearerGone():
                hearing.gone(state, fact, now)
            case CallReturned():
                talking.returned(state, fact, now)
            case CallEnded():
                talking.ended(state, fact, now)
            case CallDiverted():
                self._diverted(fact, now)
            case NumberRinging():
                dialled.ringing(state, fact, now)
            case NumberAnswered():
                dialled.answered(state, fact, now)
            case NumberFailed():
                dialled.failed(state, fact, now)
            case DeviceChanged():
                seats.device_changed(state, fact, now)
            case ConsoleChanged():
                seats.console_changed(state, fact, now)
            case AgentDid():
                desk.did(state, fact, now)
            case SupervisorDid():
                supervision.did(state, fact, now)
            case Tick():
                self._tick(now)
            case LinkChanged():
                resync.link_changed(state, fact, now)
            case CallMissed():
                resync.missed(state, fact, now)
            case Snapshot():
                resync.snapshot(state, fact, now)
            case ActionFailed():
                self._action_failed(fact, now)
            case ConfigChanged():
                self._configure(fact.config, now)
            case EpochTaken():
                state.epoch = fact.epoch
                state.linked = False
                seats.expect_consoles(state, now)
            case Quarantined():
                self._quarantine(fact, now)

    def _tick(self, now: float) -> None:
        state = self.state
        due = state.timers.due(now)
        due.sort(key=lambda key: key[0] != "console")  # nobody is offered to who is found gone
        for what, whose in due:
            state.blame = whose if whose in state.calls else ""
            match what:
                case "prompt":
                    arrival.prompt_lost(state, whose, now)
                case "announce":
                    queueing.announce(state, whose, now)
                case "offer":
                    queueing.offer_overdue(state, whose, now)
                case "dial":
                    dialled.lost(state, whose, now)
                case "limit":
                    outgoing.limit_reached(state, whose, now)
                case "callback":
                    calling_back.rested(state, whose, now)
                case "leave":
                    leaving.insist_when_due(state, whose, now)
                case "wrap-up":
                    writing.expired(state, whose, now)
                case taping.CONFIRM_TIMER:
                    taping.overdue(state, whose, now)
                case taping.RESUME_TIMER:
                    taping.resume_due(state, whose, now)
                case hearing.TIMER:
                    hearing.due(state, whose, now)
                case parties.TIMER:
                    consulting.overdue(state, whose, now)
                case parking.TIMER:
                    picking.overdue(state, whose, now)
                case "device":
                    seats.device_retry(state, whose, now)
                case "console":
                    seats.console_missing(state, whose, now)
                case "log-out":
                    desk.shift_forgotten(state, whose, now)
                case _:
                    raise AssertionError(f"a timer nobody knows: {what}")
        state.blame = ""
        queueing.match(state, now)

    def _diverted(self, fact: CallDiverted, now: float) -> None:
        """The dialplan took the caller (our own Divert comes back like this, too)."""
        call = self.state.calls.get(fact.call)
        if call is None or call.stage in ("wrap-up", "closed"):
            return
        leaving.found_there(self.state, call)
        if call.stage != "diverted":
            leaving.diverted(self.state, call, fact.place, "", now, reason="dialplan")

    def _action_failed(self, fact: ActionFailed, now: float) -> None:
        """Something we asked of Asterisk did not happen, or we do not know. An offer that did not
        start is over; a prompt that was refused is passed over; what was asked for to let the
        caller go is asked again (`leaving`). The rest is settled by the events of the call or by
        the next snapshot."""
        state = self.state
        call = state.calls.get(fact.call)
        if call is None:
            return
        state.record(call, "action-failed", now, {"what": fact.what, "kind": fact.kind})
        if not state.linked:
            return
        if fact.what == "Connect" and call.stage == "offered" and call.attempt == fact.attempt:
            queueing.connect_refused(state, call, now)
        elif fact.what == "DialOut":
            arrival.dial_out_failed(state, call, now)
        elif fact.what in ("PlayPrompt", "RecordCaller") and fact.kind == "refused":
            arrival.prompt_failed(state, call, now)
        elif fact.what in taping.EFFECTS:
            taping.failed(state, call, fact.what, now)
        elif fact.what == "Recall" and call.giving_on is not None:
            giving.failed(state, call, now)
        elif fact.what == "Consult" and call.consult is not None:
            consulting.over(state, call, "unavailable", now)
        elif fact.what == "Summon" and call.stage == "dialling":
            outgoing.leg_gone(state, LegGone(call.id, "refused"), now)
        elif fact.what == "ConnectLeg" and call.stage == "dialling":
            outgoing.into_line(state, call, now)
        elif fact.what in ("HandOut", "TakeOver") and call.stage == "outside":
            handing_out.came_back(state, call, now)
        elif fact.what == "HandOver" and call.stage in ("talking", "held"):
            giving.take_back(state, call, now)

    def _configure(self, config: Config, now: float) -> None:
        """A new configuration; waiting callers and working agents stay where they are."""
        state = self.state
        before = state.config
        for agent in state.seats:
            if agent not in config.agents and agent in before.agents:
                state.removed[agent] = before.agents[agent]
        for queue in before.queues:
            if queue not in config.queues:
                state.orphaned[queue] = None
        state.config = config
        if config.utc_offsets != before.utc_offsets and state.day:
            state.day = config.day(now)  # another zone is no new day: that begins at its midnight
        state.router.configure(config.queues, config.agents, now)
        self.screens.configured(state)
        for agent in config.agents:
            seats.configured(state, agent, now)
        for agent in {**before.agents, **config.agents}:
            state.touch_agent(agent)
        for queue in {**before.queues, **config.queues}:
            state.touch_queue(queue)
            if queue in config.queues:
                state.orphaned.pop(queue, None)
        callbacks.hours_changed(state, before.callbacks, now)
        for call in state.calls.values():
            state.touch_call(call.id)
            if call.session is not None:
                call.session.keep_hours(config.calendars)
        self._close_for_removed(now)

    def _close_for_removed(self, now: float) -> None:
        """An agent who is no longer configured cannot finish his writing."""
        state = self.state
        for agent in list(state.removed):
            call = state.calls.get(state.seats[agent].call or "")
            if call is not None and call.stage == "wrap-up":
                writing.close(state, call, now)

    def _quarantine(self, fact: Quarantined, now: float) -> None:
        """Remembered even if we do not know the call: it may be found in the next snapshot."""
        state = self.state
        state.alarm("quarantine", f"call {fact.call} goes to the fallback queue: {fact.reason}")
        if fact.call:
            remember(state.quarantined, fact.call, QUARANTINE_MAX)
        call = state.calls.get(fact.call)
        if call is None:
            return
        if call.stage == "wrap-up":
            writing.close(state, call, now)
        elif call.stage == "dialling" and call.by_hand:
            leaving.hang_up(state, call, "system", now)
        elif call.stage == "dialling":
            calling_back.break_off(state, call, now)
        elif call.stage not in ("diverted", "closed"):
            leaving.divert(state, call, "fallback", "", now, reason="quarantine")

    def _new_day(self, now: float) -> None:
        """Counters of the day start again at the centre's midnight. Who waits over midnight is
        counted among the callers of the new day, too, so that its figures add up. Clocks that are
        set back at midnight do not bring the old day again."""
        state = self.state
        day = state.config.day(now)
        if day in (state.day, state.day - 1):
            return
        first, state.day = state.day == 0, day
        if first:
            return
        state.days.clear()
        for call in state.calls.values():
            if call.stage in ("waiting", "offered") and call.answered_at is None:
                state.queue_day(call.queue or "").offered += 1
        for queue in callbacks.queues_waited_for(state):
            state.queue_day(queue).offered += 1
        for queue in state.config.queues:
            state.touch_queue(queue)
        for seat in state.seats.values():
            seat.handled = seat.missed = 0
            seat.talk_seconds = seat.wrap_up_seconds = 0.0
            state.touch_agent(seat.agent)
