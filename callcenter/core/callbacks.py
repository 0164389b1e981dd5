"""The book of callbacks: in line, given back to who calls again, postponed, ended.

An entry of the router stands for the customer while nobody is on the line; it sleeps under the
callback's own id at the place he had. A callback that was agreed for a later time is *scheduled*:
it has no entry, stands in no line and in no figure of those who wait, until its time has come; its
wait is counted from then. So is one that was asked for *after hours*, until they begin: those of
one night come into the line then, in the order in which they were asked for. Flows ask in
`callbacks_asked`; dialling is `calling_back`'s, finding again `callbacks_found`'s. What is kept
here is written to the database with every change (`record`), so that it outlives even a lost
journal.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from acd.callback import (
    Callback,
    Event,
    after_hours,
    agreed,
    next_allowed,
    postponed,
    step,
)
from acd.callback import State as Turn
from acd.model import Entry
from acd.refusals import Refusal
from callcenter.core.call import Call
from callcenter.core.callback import Request, Schedule, record, windows_of
from callcenter.core.commands import CustomerCard
from callcenter.core.config import CallbackPolicy
from callcenter.core.effects import CallbackOutcome
from callcenter.core.state import GONE_MAX, State, remember

CALLBACKS_MAX: Final = 20_000
WRITING_UP: Final = 20  # lines that an agent may still write of the call that asked

OFF = "this queue calls nobody back"
FULL = "enough callbacks are open already"


def policy_of(state: State, queue: str) -> CallbackPolicy:
    """What the queue says, or the usual for what was asked for before it said otherwise."""
    return state.config.callbacks.get(queue) or CallbackPolicy()


# -- what a queue takes ---------------------------------------------------------------------------
def refusal(state: State, queue: str) -> str | None:
    """Why this queue takes no callback now."""
    policy = state.config.callbacks.get(queue)
    if policy is None or not policy.enabled or not state.config.dialling.enabled:
        return OFF
    full = state.callbacks_open[queue] >= policy.waiting_max
    full |= len(state.callbacks) >= CALLBACKS_MAX
    return FULL if full else None


def turn_of(state: State, id: str, queue: str, number: str, time_zone: str, now: float) -> Callback:
    policy = policy_of(state, queue)
    return Callback(
        entry=id,
        queue=queue,
        identity=number,
        mode=policy.mode,
        tries_max=policy.tries_max,
        retry_seconds=policy.retry_seconds,
        windows=windows_of(policy, time_zone, now),
        since=now,
    )


# -- in the line --------------------------------------------------------------------------------
def take_in(state: State, request: Request, now: float) -> str | None:
    """Just asked for: into the line, or outside the hours into it when they begin. Returns why
    not."""
    if not _closed(state, request, now):
        return enter(state, request, now)
    refused = state.router.closed(request.queue)
    if refused is not None:
        return refused.text
    _wait_for_hours(state, request, now)
    return None


def _closed(state: State, request: Request, now: float) -> bool:
    """Whether he has to wait for hours, by those of now. Who has none to come has not: he is given
    up at once."""
    fresh_hours(state, request, now)
    return next_allowed(request.turn.windows, now) not in (None, now)


def enter(
    state: State,
    request: Request,
    now: float,
    not_before: float | None = None,
    *,
    promised: bool = False,
) -> str | None:
    """Into the line at the request's place, asleep. Returns why not."""
    refused = _join(state, request, now, promised=promised)
    if refused is not None:
        return refused
    _known(state, request)
    begins = max(now, not_before or now)
    fresh_hours(state, request, begins)
    open_at = next_allowed(request.turn.windows, begins)
    if open_at is None or open_at > now:
        postpone(state, request, open_at or now, now)
    else:
        stand_by(state, request, now)
    return None


def _join(state: State, request: Request, now: float, *, promised: bool = False) -> str | None:
    if request.queue not in state.config.queues:
        return "unknown-queue"
    entry = Entry(
        id=request.id,
        queue=request.queue,
        joined_at=request.joined_at,
        skills=dict(request.skills),
        priority=request.priority,
        value_seconds=request.value_seconds,
        preferred_agent=_preferred(request),
        identity=request.number,
        stays=True,
    )
    refused = state.router.join(entry, now, promised=promised)
    if refused is not None:
        return refused.text
    state.router.sleep(request.id, now)
    request.joined_at = state.router.joined_at(request.id) or request.joined_at
    state.queue_day(request.queue).offered += 1
    state.touch_queue(request.queue)
    return None


def _known(state: State, request: Request) -> None:
    if request.id not in state.callbacks:
        state.callbacks_open[request.queue] += 1
    state.callbacks[request.id] = request
    state.touch_queue(request.queue)
    state.callers_back[request.key] = request.id


def _preferred(request: Request) -> str | None:
    card = request.cards[0] if len(request.cards) == 1 else None
    return (card.owner_agent or card.last_agent) if card else None


def stand_by(state: State, request: Request, now: float) -> None:
    """It may be his turn from now on. With the agent first, the entry takes part like a caller."""
    awake = request.turn.mode == "agent-first" and not request.origin
    if awake and request.turn.state is Turn.WAITING:
        state.router.wake(request.id, now)
    write(state, request)


def postpone(state: State, request: Request, until: float, now: float) -> Refusal | None:
    """Not before `until`, nor outside the hours of the days from then on."""
    fresh_hours(state, request, max(until, now))
    turn = postponed(request.turn, until, now)
    if isinstance(turn, Refusal):
        return turn
    request.turn = turn
    state.router.sleep(request.id, now)
    rest(state, request, now)
    return None


# -- agreed for later ---------------------------------------------------------------------------
def agree(state: State, request: Request, until: float, now: float) -> Refusal | None:
    """He is to be called at that time, or as soon as the hours allow it then: until it has come he
    is in no line. What he has waited so far is nobody's wait."""
    fresh_hours(state, request, max(until, now))
    return _set_aside(state, request, agreed(request.turn, until, now), until, now)


def await_hours(state: State, request: Request, now: float) -> Refusal | None:
    """Nobody can call him before the hours begin, and he waits from then on."""
    fresh_hours(state, request, now)
    return _wait_for_hours(state, request, now)


def _wait_for_hours(state: State, request: Request, now: float) -> Refusal | None:
    """By hours that were looked at just now."""
    return _set_aside(state, request, after_hours(request.turn, now), now, now)


def _set_aside(
    state: State, request: Request, turn: Callback | Refusal, until: float, now: float
) -> Refusal | None:
    if isinstance(turn, Refusal):
        return turn
    if state.router.position(request.id) is not None:
        state.router.withdraw(request.id)
        state.queue_day(request.queue).offered -= 1
    _known(state, request)
    request.turn = turn
    request.joined_at = turn.rested_at or until
    if turn.rested_at is not None:
        state.schedules.setdefault(request.queue, Schedule()).put(request.id, turn.rested_at)
    state.touch_queue(request.queue)
    rest(state, request, now)
    return None


def due(state: State, queue: str, now: float) -> None:
    """Those of this queue whose time has come, the first first; of one moment, as of the morning
    after a night, in the order in which they were asked for."""
    schedule = state.schedules.get(queue)
    if schedule is None or schedule.next_at is None or schedule.next_at > now:
        return
    ready = [state.callbacks[id] for id, at in schedule.times.items() if at <= now]
    for request in sorted(ready, key=lambda one: (one.joined_at, one.asked_at)):
        _begin_to_wait(state, request, now)


def _begin_to_wait(state: State, request: Request, now: float) -> None:
    """From when its time came, unless the hours have been changed meanwhile."""
    fresh_hours(state, request, now)
    open_at = next_allowed(request.turn.windows, now)
    if open_at is not None and open_at > now:
        if request.turn.state is Turn.AFTER_HOURS:
            _wait_for_hours(state, request, now)
        else:
            agree(state, request, open_at, now)
    elif line_up(state, request, now, request.joined_at):
        if open_at is None:
            postpone(state, request, now, now)  # there is no such hour any more: given up
        else:
            stand_by(state, request, now)


def as_soon_as_possible(state: State, request: Request, now: float, since: float) -> bool:
    """In the line as of `since`, or outside the hours when they begin. False: it is over."""
    if not _closed(state, request, now):
        return line_up(state, request, now, since)
    if request.turn.state is not Turn.AFTER_HOURS:
        _wait_for_hours(state, request, now)
    return True


def hours_changed(state: State, before: Mapping[str, CallbackPolicy], now: float) -> None:
    """Who waits for the hours to begin waits for those of now: `before` are the rules of until
    now."""
    for queue in list(state.schedules):
        if state.config.callbacks.get(queue) == before.get(queue):
            continue
        for id in list(state.schedules[queue].times):
            request = state.callbacks[id]
            if request.turn.state is not Turn.AFTER_HOURS:
                continue
            fresh_hours(state, request, now)
            if next_allowed(request.turn.windows, now) not in (None, request.joined_at):
                _wait_for_hours(state, request, now)


def line_up(state: State, request: Request, now: float, since: float) -> bool:
    """A scheduled callback is in the line, asleep, and has waited `since` then. False: there is no
    line any more, and it is over."""
    turn = step(request.turn, Event.DUE, now)
    assert not isinstance(turn, Refusal), turn.text
    request.turn, request.joined_at = turn, since
    _off_schedule(state, request)
    state.timers.clear("callback", request.id)
    if _join(state, request, now, promised=True) is None:
        return True
    day = state.queue_day(request.queue)
    day.offered += 1
    day.diverted += 1
    over(state, request, "queue-gone", now)
    return False


def _off_schedule(state: State, request: Request) -> None:
    schedule = state.schedules.get(request.queue)
    if schedule is None:
        return
    schedule.drop(request.id)
    if not schedule.times:
        del state.schedules[request.queue]
    state.touch_queue(request.queue)


def rest(state: State, request: Request, now: float) -> None:
    """Until the turn's next moment, or for ever."""
    if request.turn.rested_at is None:
        over(state, request, "gave-up", now)
        return
    state.timers.set("callback", request.id, request.turn.rested_at)
    write(state, request)


def fresh_hours(state: State, request: Request, now: float) -> None:
    """Hours are moments of the days after `now` only, and may have been changed meanwhile."""
    policy = policy_of(state, request.queue)
    windows = windows_of(policy, request.time_zone, now)
    request.turn = replace(request.turn, windows=windows)


def origin_over(state: State, call: Call, now: float) -> None:
    """Who asked for a callback has hung up: from now on he can be called."""
    request = state.callbacks.get(call.booked)
    if request is None or request.origin != call.id:
        return
    request.origin = ""
    if request.contact == call.books:
        more = WRITING_UP if call.stage == "wrap-up" else 0
        request.sequence, request.revision = call.sequence + more, call.revision + more
        request.wait_seconds = call.seconds.wait
    stand_by(state, request, now)


# -- the end ------------------------------------------------------------------------------------
def over(state: State, request: Request, outcome: CallbackOutcome, now: float) -> None:
    """The callback has come to its end. Who never talked counts as one who gave up."""
    request.outcome = outcome
    ended = {"served": Turn.DONE, "returned": Turn.DONE, "diverted": Turn.DONE}
    final = ended.get(outcome, Turn.GIVEN_UP if outcome == "gave-up" else Turn.CANCELLED)
    request.turn = replace(request.turn, state=final, since=now, rested_at=None)
    state.timers.clear("callback", request.id)
    _off_schedule(state, request)
    if state.callbacks.pop(request.id, None) is not None:
        state.callbacks_open[request.queue] -= 1
    remember(state.callbacks_gone, request.id, GONE_MAX)
    if state.callers_back.get(request.key) == request.id:
        del state.callers_back[request.key]
    if state.router.position(request.id) is not None:
        state.router.leave(request.id, now)
        day = state.queue_day(request.queue)
        if outcome == "queue-gone":
            day.diverted += 1
        else:
            day.abandoned += 1
    state.touch_queue(request.queue)
    write(state, request)


def diverted(state: State, call: Call, now: float) -> None:
    """A customer whom we had called back is in the dialplan's care."""
    request = state.callbacks.get(call.callback)
    call.callback = ""
    if request is None or request.call != call.id:
        return
    if state.router.position(call.id) is not None:  # he had not joined the line yet
        state.router.leave(call.id, now)
        state.queue_day(request.queue).diverted += 1
    request.call = ""
    over(state, request, "diverted", now)


def queue_gone(state: State, queue: str, now: float) -> None:
    """The queue is not configured any more; who is on the line is sent on with the callers."""
    for request in list(state.callbacks.values()):
        if request.queue == queue and not request.call:
            over(state, request, "queue-gone", now)


def queues_waited_for(state: State) -> list[str]:
    """The queue of each callback that waits and whose customer is in no call that stands in the
    line itself."""
    calls = state.calls
    return [
        request.queue
        for request in state.callbacks.values()
        if not request.scheduled
        and (not request.call or calls[request.call].stage not in ("waiting", "offered"))
    ]


# -- who calls by himself -----------------------------------------------------------------------
def place_of(state: State, call: Call, queue: str) -> Request | None:
    """The callback whose place the call takes when it joins the queue: its own, or the one that
    the same number has asked for. One for a later time has no place yet, and stays agreed."""
    if call.callback:
        request = state.callbacks.get(call.callback)
        return request if request is not None and request.queue == queue else None
    id = state.callers_back.get((queue, call.number))
    request = state.callbacks.get(id or "")
    taken = request is None or request.scheduled or request.turn.state is Turn.REACHED
    return None if taken else request


def not_needed(state: State, call: Call, queue: str, now: float) -> None:
    """Who asked after hours stands in that line by himself now: he need not be called. (Who agreed
    to a time may call about something else, and is called then.)"""
    request = state.callbacks.get(state.callers_back.get((queue, call.number), ""))
    if request is None or call.callback or request.turn.state is not Turn.AFTER_HOURS:
        return
    state.record(call, "callback-returned", now, {"callback": request.id})
    over(state, request, "returned", now)


# -- the books ----------------------------------------------------------------------------------
def write(state: State, request: Request) -> None:
    request.written = max(request.written + 1, state.epoch * 1_000_000)
    state.ask(record(request, request.written))


def cards_of(state: State, call: Call, cards: tuple[CustomerCard, ...]) -> tuple[CustomerCard, ...]:
    """Who was dialled is the customer that the callback is for, if his number finds him."""
    request = state.callbacks.get(call.callback)
    if request is None or request.customer is None:
        return cards
    return tuple(card for card in cards if card.id == request.customer) or cards
