"""What must be true after every step, whatever happened.

Written against the board, the records and the effects as far as they show it, and against the state
where they do not; the rules of routing are stated here anew, not borrowed from the engine.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from acd.callback import NOT_YET
from acd.presence import State as PresenceState
from callcenter.core.board import Board
from callcenter.core.call import Call, Consultation
from callcenter.core.callback import Request
from callcenter.core.effects import Connect, Effect, RecordEvent
from callcenter.core.inputs import EpochTaken, Input
from callcenter.core.screens import agent_row, call_row, queue_row
from callcenter.core.state import Seat, State
from tests.world.world import World

STAGE_OF_AGENT = {
    "offered": {PresenceState.OFFERED},
    "talking": {PresenceState.TALKING},
    "held": {PresenceState.HOLD},
    "wrap-up": {PresenceState.WRAP_UP},
}
CALL_TIMERS = {"announce", "offer", "prompt", "leave", "wrap-up", "consult", "dial", "park"}
TAPE_TIMERS = {"tape", "tape-resume"}


class Invariants:
    """Call it as a watch of the world; it raises AssertionError."""

    def __init__(self) -> None:
        self.missed: dict[str, set[str]] = {}
        self.resting: dict[str, float] = {}
        self.took_place: dict[str, None] = {}

    def __call__(self, world: World, fact: Input, effects: Sequence[Effect]) -> None:
        state = world.centre.state
        calls = list(state.calls.values())
        if isinstance(fact, EpochTaken):
            # The end of a journal may be lost with the process, and with it who missed whom.
            line = state.router._floor.waiting
            remembered = {call: set(entry.missed) for call, entry in line.items()}
            for call, agents in self.missed.items():
                agents &= remembered.get(call, set())
        self._note(state, effects, world.now)
        agents_and_calls_agree(state, calls)
        line_and_router_agree(state, calls)
        nobody_is_forgotten(state, calls)
        timers_have_owners(state)
        figures_add_up(state, calls)
        self._offers_are_right(state, calls, effects, world.now)
        due = world.centre.deadline()
        if state.linked and (due is None or due > world.now):
            self._nobody_waits_in_vain(state, calls, world.now)
        callbacks_are_kept(world)
        nobody_is_dialled_twice(world)
        presence_is_recorded(world)
        board_is_true(world)
        silence_is_true(world)

    # -- what happened ------------------------------------------------------------------------
    def _note(self, state: State, effects: Sequence[Effect], now: float) -> None:
        for effect in effects:
            if isinstance(effect, RecordEvent):
                self._note_event(state, effect, now)

    def _note_event(self, state: State, event: RecordEvent, now: float) -> None:
        # A callback is in the books of the call that asked for it, also when its talk is over.
        of_call = {one.books: one.id for one in state.calls.values() if one.books != one.id}
        event = replace(event, call=of_call.get(event.call, event.call))
        if event.kind == "offer-ended":
            agent = str(event.data["agent"])
            if event.data["outcome"] == "elsewhere":
                return
            if event.data["outcome"] == "cancelled":
                self.resting[agent] = max(self.resting.get(agent, 0.0), now + 10.0)
            else:
                self.missed.setdefault(event.call, set()).add(agent)
                self.resting[agent] = now + 10.0
        elif event.kind == "queued":
            self.missed.pop(event.call, None)
        elif event.kind == "place-kept" and event.call in state.router._floor.waiting:
            # The place of a callback: whom it missed before this call was there came with it.
            self.missed[event.call] = set(state.router._floor.waiting[event.call].missed)
        elif event.kind == "callback-returned":
            self.took_place[event.call] = None
        elif event.kind == "leg-lost":
            self.missed.pop(event.call, None)
        if event.call not in state.calls:
            self.missed.pop(event.call, None)

    # -- offers -------------------------------------------------------------------------------
    def _offers_are_right(
        self, state: State, calls: Sequence[Call], effects: Sequence[Effect], now: float
    ) -> None:
        offers = [effect for effect in effects if isinstance(effect, Connect)]
        events = [effect for effect in effects if isinstance(effect, RecordEvent)]
        reserved = any(event.data.get("reserved") for event in events)
        taken = {event.call for event in events if event.data.get("taken")}
        for offer in offers:
            call = state.calls.get(offer.call)
            assert call is not None, f"{offer} is for a call that is not there"
            if call.stage != "offered" or call.attempt != offer.attempt:
                continue  # it was over before the step was
            rung = {offer.agent: offer.device, **offer.others}
            if call.books in taken:  # by the agent himself, whoever was next
                assert len(rung) == 1, f"{offer}: one has taken it"
                assert state.seats[offer.agent].presence.device_ready
                continue
            queue = state.config.queues.get(call.queue or "")
            assert queue is None or len(rung) <= queue.broadcast, f"{offer}: too many"
            for agent, device in rung.items():
                # Who was kept for a callback keeps it, also if he serves the queue no longer.
                assert reserved or can_serve(state, agent, call), f"{offer}: {agent} may not"
                self._may_ring(state, offer, agent, device, now)
            if not reserved:  # an agent who was kept for a callback is not asked anew
                self._was_next(call, calls, offer, now)
            self._had_not_missed(state, call, offer, now)

    def _may_ring(self, state: State, offer: Connect, agent: str, device: str, now: float) -> None:
        seat = state.seats[agent]
        assert seat.presence.device_ready, f"{offer}: the phone of {agent} is not there"
        assert seat.presence.console, f"{offer}: there is no console of {agent}"
        assert device == seat.device
        assert seat.back_off_until <= now, f"{offer}: {agent} is left alone until later"

    def _was_next(self, call: Call, calls: Sequence[Call], offer: Connect, now: float) -> None:
        """First come, first served, among callers who ask for the same."""
        for other in calls:
            if (
                other.stage == "waiting"
                and other.since < now
                and other.queue == call.queue
                and other.skills == call.skills
                and not chosen_by_hand(other, call)
                and not {other.id, call.id} & self.took_place.keys()  # with its importance
                and importance(other) == importance(call)
                and other.answered_at is None
                and call.answered_at is None
                and offer.agent not in self.missed.get(other.id, set())
            ):
                assert joined(other) >= joined(call), f"{offer} passes over {other.id}"

    def _had_not_missed(self, state: State, call: Call, offer: Connect, now: float) -> None:
        missed = self.missed.get(call.id, set())
        if offer.agent not in missed:
            return
        for seat in state.seats.values():
            if self._idle(seat, now) and seat.agent not in missed:
                assert not can_serve(state, seat.agent, call), (
                    f"{offer}: he missed this caller before, and {seat.agent} is free"
                )

    def _idle(self, seat: Seat, now: float) -> bool:
        return (
            seat.presence.state is PresenceState.AVAILABLE
            and seat.back_off_until <= now
            and self.resting.get(seat.agent, 0.0) <= now
        )

    def _nobody_waits_in_vain(self, state: State, calls: Sequence[Call], now: float) -> None:
        idle = [seat.agent for seat in state.seats.values() if self._idle(seat, now)]
        if not idle:
            return
        for call in calls:
            if call.stage == "waiting":
                for agent in idle:
                    known = agent not in self.missed.get(call.id, set())
                    assert not (known and can_serve(state, agent, call)), (
                        f"{call.id} waits in {call.queue} while {agent} is free"
                    )


def presence_is_recorded(world: World) -> None:
    """The books know in which state each agent is."""
    for seat in world.centre.state.seats.values():
        told = world.store.presence_now[seat.agent].state
        assert told == seat.presence.state.value, f"{seat.agent}: the books say {told}"


def can_serve(state: State, agent_id: str, call: Call) -> bool:
    agent = state.config.agents.get(agent_id)
    if agent is None or call.queue not in agent.queues:
        return False
    return all(agent.skills.get(name, 0) >= level for name, level in call.skills.items())


def chosen_by_hand(*calls: Call) -> bool:
    """The agent said who it is; that no longer changes how soon the call is served."""
    return any(call.customer is not None and call.customer.id == "u9" for call in calls)


def joined(call: Call) -> float:
    assert call.joined_at is not None
    return call.joined_at


def importance(call: Call) -> tuple[float, float]:
    customer = call.customer
    own, value = (customer.priority, customer.value_seconds) if customer else (0, 0.0)
    by_hand = call.set_priority
    return call.asked_priority + own if by_hand is None else by_hand, value


# -- who is with whom ---------------------------------------------------------------------------
def agents_and_calls_agree(state: State, calls: Sequence[Call]) -> None:
    """Ringing calls and offered agents are the same set; so are talking calls and busy agents."""
    of_agent: dict[str, Call] = {}
    for call in calls:
        if call.stage in STAGE_OF_AGENT or (call.stage == "dialling" and call.agent):
            assert call.agent is not None, f"{call.id} is {call.stage} with nobody"
            with_it = call.ringing if call.stage == "offered" else (call.agent,)
            assert call.agent in with_it, f"{call.id}: {call.agent} does not ring"
            assert not set(with_it) & set(call.stopped) or call.stage != "offered"
            for agent in with_it:
                assert agent not in of_agent, f"{agent} has two calls"
                of_agent[agent] = call
                seat = state.seats[agent]
                assert seat.call == call.id, f"{agent} is with {seat.call}, not with {call.id}"
                expected = STAGE_OF_AGENT.get(call.stage, {PresenceState.OFFERED})
                assert seat.presence.state in expected, (
                    f"{call.id} is {call.stage}, but {agent} is {seat.presence.state.value}"
                )
        if call.stage != "offered":
            assert not call.ringing, f"{call.id} is {call.stage}, and rings at {call.ringing}"
        if call.stage not in STAGE_OF_AGENT and call.stage != "dialling":
            assert call.agent is None or call.stage in ("diverted", "closed"), (
                f"{call.id} is {call.stage}, and still with {call.agent}"
            )
        if call.consult is not None:
            consulted_agent_is_there(state, call, call.consult, of_agent)
    for seat in state.seats.values():
        busy = seat.presence.busy
        assert busy == (seat.agent in of_agent), f"{seat.agent} is busy with nobody"
        assert busy or seat.call is None, f"{seat.agent} is not busy, and has {seat.call}"


def consulted_agent_is_there(
    state: State, call: Call, consult: Consultation, of_agent: dict[str, Call]
) -> None:
    """Who is asked about a call is at that call and no other."""
    assert call.stage in ("talking", "held"), f"{call.id} is {call.stage}, and somebody is asked"
    assert consult.by == call.agent, f"{call.id} is with {call.agent}, {consult.by} asks"
    assert consult.agent not in of_agent, f"{consult.agent} has two calls"
    of_agent[consult.agent] = call
    seat = state.seats[consult.agent]
    assert seat.call == call.id, f"{consult.agent} is with {seat.call}, asked about {call.id}"
    ringing = seat.presence.state is PresenceState.OFFERED
    assert ringing == (consult.stage == "ringing"), f"{consult}: {seat.presence.state.value}"
    if consult.stage == "ringing" and state.linked:
        assert ("consult", call.id) in state.timers._at, f"{call.id}: he is asked for ever"


def line_and_router_agree(state: State, calls: Sequence[Call]) -> None:
    counts = Counter(call.queue for call in calls if call.stage in ("waiting", "offered"))
    counts.update(_waiting_callbacks(state))
    for call in calls:
        position = state.router.position(call.id)
        in_line = call.stage in ("waiting", "offered") or bool(call.callback)
        assert (position is not None) == in_line, f"{call.id} is {call.stage}, at {position}"
    for queue in {*state.config.queues, *counts}:
        assert state.router.waiting(queue or "") == counts[queue], f"queue {queue}: not as many"


def silence_is_true(world: World) -> None:
    """Who is told that nothing is written now can rely on it."""
    if not (world.wire and world.centre.state.linked):
        return
    for row in world.screens.calls.values():
        line = world.asterisk.lines.get(row.call)
        if line is not None and row.recording is not None and row.recording.state == "paused":
            assert line.muted or not line.taped, f"{row.call} is said to be silent"


# -- nobody is left alone -----------------------------------------------------------------------
def nobody_is_forgotten(state: State, calls: Sequence[Call]) -> None:
    """While Asterisk is there, each call has somebody or something that will go on with it."""
    timers = state.timers._at
    for call in calls:
        assert call.stage != "closed", f"{call.id} is closed, and still here"
        if call.stage == "wrap-up":
            on = ("wrap-up", call.id) in timers or state.seats[call.agent or ""].presence.console
            on = on or ("log-out", call.agent) in timers
            assert on, f"nobody will ever close {call.id}"
        if not state.linked:
            continue
        key = call.id
        match call.stage:
            case "menu":
                asked = bool(call.token) and ("prompt", key) in timers
                asked = asked or call.dial_out is not None
                assert asked or call.leaving is not None, f"{key} hears nothing in the menu"
            case "waiting":
                if call.announcing:
                    assert ("prompt", key) in timers, f"{key}: an announcement without an end"
                else:
                    assert ("announce", key) in timers, f"{key} will hear no position"
            case "dialling":
                on = ("dial", key) in timers or call.leaving is not None
                assert on, f"{key} is dialled for ever"
            case "offered":
                assert ("offer", key) in timers, f"{key} rings for ever"
            case "parked":
                assert ("park", key) in timers, f"{key} is parked for ever"
                assert call.parking is not None, f"{key} is parked nowhere"
            case _:
                pass
        if call.leaving is not None and call.leave_tries <= 5:
            assert ("leave", key) in timers, f"{key}: nobody insists on {call.leaving}"


def timers_have_owners(state: State) -> None:
    for what, whose in state.timers._at:
        if what in CALL_TIMERS:
            call = state.calls.get(whose)
            assert call is not None, f"the timer {what} of {whose} is left over"
            assert (what == "wrap-up") == (call.stage == "wrap-up"), f"{what} in {call.stage}"
            assert what != "offer" or call.stage == "offered", f"offer timer in {call.stage}"
            assert what != "consult" or call.consult is not None, f"{what} in {call.stage}"
            assert what != "park" or call.stage == "parked", f"park timer in {call.stage}"
            assert what != "announce" or call.stage == "waiting", f"announce in {call.stage}"
            assert what != "dial" or call.stage == "dialling", f"dial timer in {call.stage}"
        elif what in TAPE_TIMERS:
            taped = state.calls.get(whose)
            assert taped is not None, f"the timer {what} of {whose} is left over"
            assert taped.tape is not None, f"the timer {what} of {whose}: nothing is recorded"
        elif what == "callback":
            assert whose in state.callbacks, f"the timer of callback {whose} is left over"
        else:
            assert whose in state.seats, f"the timer {what} of {whose} is left over"
    assert not state.out, "effects were left for the next step"


# -- callbacks ----------------------------------------------------------------------------------
def _waiting_callbacks(state: State) -> list[str]:
    """Those whose time has come, and whose customer is in no call that is in the line itself."""
    return [
        request.queue
        for request in state.callbacks.values()
        if request.turn.state.value not in NOT_YET
        if not request.call or state.calls[request.call].stage not in ("waiting", "offered")
    ]


def callbacks_are_kept(world: World) -> None:
    """Each has its place, one customer has one in a queue, something will go on with each, and the
    books know it."""
    state = world.centre.state
    timers = state.timers._at
    keys = [request.key for request in state.callbacks.values()]
    assert len(keys) == len(set(keys)), "a customer waits twice for a callback"
    assert dict(state.callers_back) == {r.key: id for id, r in state.callbacks.items()}
    for id, request in state.callbacks.items():
        entry = request.call or id
        stands = request.turn.state.value
        if stands in NOT_YET:
            _is_scheduled(world, request)
        else:
            assert state.router.position(entry) is not None, f"{id} lost its place"
            assert state.router.joined_at(entry) == request.joined_at, f"{id} was moved"
        call = state.calls.get(request.call)
        if request.call:
            assert call is not None, f"{id}: {request.call} is not there"
            assert call.callback == id
            expected = "dialling" if call.stage == "dialling" else "reached"
            assert stands == expected, f"{id} is {stands}, its call {call.stage}"
        else:
            alone = ("waiting", "resting", *NOT_YET)
            assert stands in alone, f"{id} is {stands}, and nobody is called"
            awake = stands == "waiting" and request.turn.mode == "agent-first"
            awake = (awake and not request.origin) or stands in NOT_YET
            assert state.router.asleep(entry) != awake, f"{id} is {stands}, asleep: {not awake}"
        assert stands != "resting" or ("callback", id) in timers, f"{id} rests for ever"
        assert not request.origin or request.origin in state.calls, f"{id} waits for nobody"
        kept = world.store.callbacks[id]
        assert kept.revision >= request.written, f"{id} is not in the books"
        if kept.revision == request.written:  # else the machine died with its last second
            known = (stands, request.call, request.turn.tries, request.joined_at)
            written = (kept.state, kept.call, kept.tries, kept.joined_at)
            assert written == known, f"{id} is {known}, in the books {written}"
    for queue, row in world.screens.queues.items():
        times = [r.joined_at for r in state.callbacks.values() if r.scheduled and r.queue == queue]
        shown = (row.scheduled, row.next_scheduled_at, row.callbacks_due)
        due = sum(1 for r in state.callbacks.values() if not r.scheduled and r.queue == queue)
        assert shown == (len(times), min(times, default=None), due), f"{queue} shows {shown}"
    _in_the_order_of_asking(state)


def _in_the_order_of_asking(state: State) -> None:
    """Those for whom the hours have begun at one moment, as after a night."""
    alike: defaultdict[tuple[object, ...], list[tuple[float, int]]] = defaultdict(list)
    for id, request in state.callbacks.items():
        place, found = state.router.position(id), state.router._floor.waiting.get(id)
        if place is not None and found is not None and request.joined_at > request.asked_at:
            entry = found.entry
            key = (request.queue, request.joined_at, entry.priority, entry.value_seconds)
            alike[key].append((request.asked_at, place))
    for together in alike.values():
        places = [place for _, place in sorted(together)]
        assert places == sorted(places), f"not in the order of asking: {together}"


def _is_scheduled(world: World, request: Request) -> None:
    """It waits for its time alone, in no line, and something will come of it then."""
    state = world.centre.state
    assert state.router.position(request.id) is None, f"{request.id} waits before its time"
    assert not request.call, f"{request.id} is called before its time"
    assert request.joined_at == request.turn.rested_at
    at = state.timers._at.get(("callback", request.id))
    assert at == request.joined_at, f"{request.id} will wait from {at} on"


def nobody_is_dialled_twice(world: World) -> None:
    """At any moment one call at most goes out to a number for a queue."""
    out = Counter(
        (line.number, line.facts.get("queue"))
        for line in world.asterisk.lines.values()
        if line.place == "dialling"
    )
    double = [key for key, count in out.items() if count > 1]
    assert not double, f"dialled twice at the same time: {double}"


# -- figures and screens ------------------------------------------------------------------------
def figures_add_up(state: State, calls: Sequence[Call]) -> None:
    waiting = Counter(
        call.queue
        for call in calls
        if call.stage in ("waiting", "offered") and call.answered_at is None
    )
    waiting.update(_waiting_callbacks(state))
    for queue, day in state.days.items():
        gone = day.answered + day.abandoned + day.diverted
        assert day.offered == gone + waiting[queue], f"{queue}: {day}, {waiting[queue]} waiting"
        assert day.answered_in_target <= day.answered


def board_is_true(world: World) -> None:
    """What the screens have been told, row by row, is what a fresh look gives."""
    state = world.centre.state
    screens = world.centre.screens
    calls = {key: call_row(state, call) for key, call in state.calls.items()}
    agents = {key: agent_row(state, key) for key in {**state.config.agents, **state.removed}}
    queues = {
        key: queue_row(
            state, key, {agent: state.seats.get(agent) for agent in screens.members.get(key, ())}
        )
        for key in state.config.queues
    }
    fresh = Board(calls, agents, queues)  # type: ignore[arg-type]
    told = world.screens.board()
    _same(told.calls, fresh.calls)
    _same(told.agents, fresh.agents)
    _same(told.queues, fresh.queues)


def _same(told: Mapping[str, object], fresh: Mapping[str, object]) -> None:
    for key in {**told, **fresh}:
        shown, true = told.get(key), fresh.get(key)
        assert shown == true, f"the screens show {shown}, true is {true}"
