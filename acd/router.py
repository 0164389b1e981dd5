"""The routing engine: which waiting entry goes to which agent, now.

`Router` is the door to it. It reads no clock: every verb gets `now`. What happens (somebody joins,
an agent becomes free) only changes the state; `match` decides. State is in `acd.floor`, deciding in
`acd.matching`, the rules in `acd.rules`, the reasons in `acd.records`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from math import inf

from acd import (
    agent_story,
    configuring,
    entries,
    matching,
    overflow,
    preferring,
    records,
    saving,
    seating,
    sleeping,
    timing,
)
from acd.agent_story import Stretch
from acd.decisions import Decision
from acd.estimate import EstimateErrors
from acd.floor import Floor
from acd.model import Agent, Entry, Media, Offer, Overflow, Queue
from acd.places import Places
from acd.refusals import Refusal

__all__ = ["Decision", "Refusal", "Router"]


class Router:
    """All queues and agents of one centre. Can be pickled and copied: the copy decides the same."""

    def __init__(self) -> None:
        self._floor = Floor()
        self._records = records.Records()
        self._places = Places()

    def __getstate__(self) -> tuple[saving.Saved, Places]:
        return saving.saved(self._floor), self._places

    def __setstate__(self, state: tuple[saving.Saved, Places]) -> None:
        self._floor = saving.restored(state[0])
        self._records = records.Records()
        self._places = state[1]

    def configure(
        self, queues: Mapping[str, Queue], agents: Mapping[str, Agent], now: float
    ) -> None:
        """Apply a configuration to the running engine: entries and agents' states stay, and the
        next `match` follows it. A queue that is gone stays, closed, until its line is empty."""
        configuring.configure(self._floor, queues, agents, now)

    # -- entries --------------------------------------------------------------------------------
    def join(self, entry: Entry, now: float, *, promised: bool = False) -> Refusal | None:
        """Put an entry in line by its `joined_at` (now, or earlier for who keeps an old place; who
        called before and was cut off gets his place back by `identity` if the queue says so).
        `promised`: he was told before that there is a place for him, however full the line is and
        whether or not the queue takes anybody else now.

        Refusals: already-waiting, unknown-queue, queue-closed, full."""
        if entry.id in self._floor.waiting:
            return Refusal("already-waiting", f"{entry.id} is waiting already.")
        refusal = self._refused(entry.queue)
        if refusal is not None and not (promised and refusal.code != "unknown-queue"):
            return refusal
        state = self._floor.queues[entry.queue]
        entry = self._places.resumed(entry, now)
        entries.enter(self._floor, entry, state, now)
        return None

    def closed(self, queue_id: str) -> Refusal | None:
        """Why nobody may join now, however few wait: unknown-queue, queue-closed."""
        state = self._floor.queues.get(queue_id)
        if state is None:
            return Refusal("unknown-queue", f"There is no queue {queue_id}.")
        if not state.queue.enabled:
            return Refusal("queue-closed", f"Queue {state.queue.name} is closed.")
        return None

    def _refused(self, queue_id: str) -> Refusal | None:
        closed = self.closed(queue_id)
        if closed is not None:
            return closed
        state = self._floor.queues[queue_id]
        if len(state.line) >= state.queue.waiting_max:
            text = f"Queue {state.queue.name} is full ({state.queue.waiting_max} waiting)."
            return Refusal("full", text)
        return None

    def rejoin(self, entry_id: str, now: float, missed_by: str | None = None) -> None:
        """An offer came to nothing: the entry is back at its old place. `missed_by`: this agent let
        it lapse or rejected it; he gets nothing for the queue's back-off time, and this entry only
        if nobody else can take it. Without it, all offers of the entry are void."""
        waiting = self._floor.waiting.get(entry_id)
        if waiting is None:
            return
        if missed_by is None:
            waiting.offered.clear()
        else:
            entries.missed(self._floor, waiting, missed_by, now)
        if not waiting.offered and not waiting.asleep:
            self._floor.step_back(waiting)
            self._floor.stand(waiting, now)

    def spare(self, entry_id: str, agent: str) -> None:
        """Of several agents whom the entry was offered to, this one is not needed: it is no longer
        offered to him, and he has missed nothing. At least one other keeps the offer."""
        offered = self._floor.waiting[entry_id].offered
        assert len(offered) > 1, f"{entry_id} would be offered to nobody"
        offered.remove(agent)

    def leave(self, entry_id: str, now: float) -> None:
        """The entry is gone (abandoned, diverted). Unknown ids are ignored."""
        waiting = self._floor.waiting.get(entry_id)
        if waiting is None:
            return
        entry, queue = waiting.entry, waiting.queue.queue
        waiting.queue.model.abandoned(now - entry.joined_at)
        self._places.keep(entry, queue, now)
        entries.forget(self._floor, waiting)

    def withdraw(self, entry_id: str) -> None:
        """The entry is out of the line as if it had not joined: it will come at another time. No
        place is kept, and nothing is learnt of anybody's patience. Unknown ids are ignored."""
        waiting = self._floor.waiting.get(entry_id)
        if waiting is not None:
            entries.forget(self._floor, waiting)

    def accept(self, entry_id: str, now: float, agent: str | None = None) -> None:
        """The offer was answered, by `agent` (None: the only one, or unknown): the entry leaves the
        line. For others who were rung the time of ringing was no work. Unknown ids are ignored."""
        waiting = self._floor.waiting.get(entry_id)
        if waiting is None:
            return
        waiting.queue.model.served(now - waiting.entry.joined_at, waiting.sight)
        if agent is None and len(waiting.offered) == 1:
            agent = waiting.offered[0]
        if agent is not None:
            for name in waiting.offered:
                if name != agent:
                    seating.rang_for_nothing(self._floor.seat(name), now)
            seat = self._floor.seat(agent)
            seating.end_service(seat, now)
            seat.serving, seat.serving_since = waiting.queue, now
        entries.forget(self._floor, waiting)

    def reprioritise(self, entry_id: str, priority: int, now: float) -> Refusal | None:
        """Change the priority of an entry in line. Refusal: not-waiting."""
        waiting = self._floor.waiting.get(entry_id)
        if waiting is None:
            return Refusal("not-waiting", f"{entry_id} is not waiting.")
        entry = replace(waiting.entry, priority=priority)
        entries.transfer(self._floor, waiting, entry, waiting.queue, now)
        return None

    def learn(
        self,
        entry_id: str,
        now: float,
        *,
        priority: int,
        value_seconds: float,
        preferred_agent: str | None,
    ) -> Refusal | None:
        """Who the entry is has become known while it waits: order and preferred agent follow, the
        place in time stays. Refusal: not-waiting."""
        waiting = self._floor.waiting.get(entry_id)
        if waiting is None:
            return Refusal("not-waiting", f"{entry_id} is not waiting.")
        entry = replace(
            waiting.entry,
            priority=priority,
            value_seconds=value_seconds,
            preferred_agent=preferred_agent,
        )
        entries.transfer(self._floor, waiting, entry, waiting.queue, now)
        return None

    def move(self, entry_id: str, queue: str, now: float) -> Refusal | None:
        """To another queue, with the time already waited; offers of the entry are void.
        Refusals: not-waiting, unknown-queue, queue-closed, full."""
        waiting = self._floor.waiting.get(entry_id)
        if waiting is None:
            return Refusal("not-waiting", f"{entry_id} is not waiting.")
        if queue == waiting.entry.queue:
            return None
        refusal = self._refused(queue)
        if refusal is not None:
            return refusal
        entry = replace(waiting.entry, queue=queue)
        entries.transfer(self._floor, waiting, entry, self._floor.queues[queue], now)
        return None

    # -- callbacks that keep their place (see `acd.callback`) -----------------------------------
    def sleep(self, entry_id: str, now: float) -> Refusal | None:
        """The entry keeps its place but is offered to nobody until `wake`: its caller hung up and
        will be called. Refusal: not-waiting."""
        waiting = self._floor.waiting.get(entry_id)
        if waiting is None:
            return Refusal("not-waiting", f"{entry_id} is not waiting.")
        sleeping.sleep(self._floor, waiting)
        return None

    def wake(self, entry_id: str, now: float) -> Refusal | None:
        """The entry takes part again, at its old place. Refusal: not-waiting."""
        waiting = self._floor.waiting.get(entry_id)
        if waiting is None or not waiting.asleep:
            return Refusal("not-waiting", f"{entry_id} is not asleep.")
        sleeping.wake(self._floor, waiting, now)
        return None

    def due(
        self,
        now: float,
        ahead_seconds: float,
        queue: str | None = None,
        resting: Collection[str] = (),
    ) -> list[str]:
        """The sleeping entries (of one queue, if named) whose turn is expected within
        `ahead_seconds`, about the time it takes to dial. `resting` are not to be called now and
        take nobody's turn. Ask after each change, as with `match`."""
        found = sleeping.due(self._floor, now, ahead_seconds, queue, resting)
        return [one.entry.id for one in found]

    def rename(self, entry_id: str, new_id: str, now: float) -> None:
        """The entry goes by another id from now on, at exactly its place: a call takes the place of
        the callback that it is for, or gives it back. KeyError if it is not in line."""
        sleeping.rename(self._floor, self._floor.waiting[entry_id], new_id, now)

    def identify(self, entry_id: str, identity: str, now: float) -> None:
        """Who the entry is has become known while it waits; a place that was kept for him is his
        again. Unknown ids are ignored."""
        waiting = self._floor.waiting.get(entry_id)
        if waiting is None or waiting.entry.identity == identity:
            return
        entry = self._places.resumed(replace(waiting.entry, identity=identity), now)
        entries.transfer(self._floor, waiting, entry, waiting.queue, now)

    def may_serve(self, agent: str, entry_id: str, now: float) -> bool:
        """Does the agent qualify for the entry as configured now, whatever he is doing?"""
        waiting, seat = self._floor.waiting.get(entry_id), self._floor.seats.get(agent)
        if waiting is None or seat is None:
            return False
        return preferring.may_serve(seat, waiting, now)

    def joined_at(self, entry_id: str) -> float | None:
        """Since when the entry counts as waiting; None if it is not in line."""
        waiting = self._floor.waiting.get(entry_id)
        return None if waiting is None else waiting.entry.joined_at

    def asleep(self, entry_id: str) -> bool:
        """Is the entry in line, and offered to nobody?"""
        waiting = self._floor.waiting.get(entry_id)
        return waiting is not None and waiting.asleep

    def find(self, queue: str, identity: str) -> str | None:
        """The entry of this customer that is asleep in the queue: a second request is the same."""
        state = self._floor.queues.get(queue)
        asleep = state.asleep.values() if state is not None else ()
        return next((one.entry.id for one in asleep if one.entry.identity == identity), None)

    # -- agents ---------------------------------------------------------------------------------
    def agent_free(self, agent: str, now: float, idle_since: float | None = None) -> None:
        """The agent may be offered something. `idle_since`: since when he waits for work (default:
        now, or unchanged if he was free already)."""
        floor = self._floor
        seat = floor.seats.get(agent) or floor.seat(agent)
        if seat.free and idle_since in (None, seat.idle_key[0]):
            return
        if seat.idle:
            seating.rise(seat)
        if seat.serving is not None:
            seating.end_service(seat, now)
        if not seat.free:
            seating.become(floor, seat, now, "free")
        seat.idle_key = (now if idle_since is None else idle_since, floor.serial())
        if now >= seat.back_off_until:
            floor.fresh[seat] = None
        else:
            seating.available(floor, seat, now)

    def agent_busy(self, agent: str, now: float, why: str) -> None:
        """The agent may not be offered anything. `why` is a presence state word (offered, talking,
        hold, wrap-up: he is at work; offline, paused, unreachable: he is not) or a reason code (not
        at work). Leaving work ends a back-off."""
        floor = self._floor
        seat = floor.seat(agent)
        if why == "free":
            raise ValueError("an agent who is free is not busy: use agent_free")
        if why == seat.why:
            return  # said again; since when stays as it was
        seating.rise(seat)
        floor.fresh.pop(seat, None)
        seating.become(floor, seat, now, why)
        if not seat.working:
            seating.end_service(seat, now)
            seating.back_off(floor, seat, -inf)

    def agent_load(self, agent: str, media: Media, count: int, now: float) -> None:
        """The agent handles `count` items of this medium now (see `acd.media`); a free agent may
        then be offered what goes beside them. Calls need not be told: who talks is not free."""
        floor = self._floor
        seat = floor.seat(agent)
        seating.rise_and_refresh(floor, seat)
        if count > 0:
            seat.load[media] = count
        else:
            seat.load.pop(media, None)

    # -- deciding -------------------------------------------------------------------------------
    def match(self, now: float) -> list[Offer]:
        """All offers that can be made now, in the order of the entries' turns. Entry and agent
        count as offered from here on; an offer that comes to nothing is reported by `rejoin` and
        the agent's own `agent_free` or `agent_busy`."""
        offers: list[Offer] = []
        chosen = matching.match(self._floor, now)
        if self._floor.untimed:
            timing.look(self._floor)
        for waiting, seats in chosen:
            queue, name = waiting.queue.queue, waiting.entry.id
            waiting.attempt += 1
            waiting.offered = [seat.id for seat in seats]
            self._records.note(self._floor, waiting, now)
            until = now + queue.ring_seconds
            for seat in seats:
                seating.become(self._floor, seat, now, "offered")
                offers.append(
                    Offer(name, seat.id, queue.id, waiting.attempt, until, queue.auto_answer)
                )
        return offers

    def take(self, entry_id: str, agent: str, now: float) -> Refusal | None:
        """The agent takes this entry himself, whatever order and skills say: it counts as offered
        to him, and he as busy. Refusal: not-waiting (nor if it is being offered, or asleep)."""
        waiting = self._floor.waiting.get(entry_id)
        if waiting is None or waiting.offered or waiting.asleep:
            return Refusal("not-waiting", f"{entry_id} is not waiting.")
        seat = self._floor.seat(agent)
        self._floor.step_back(waiting)
        seating.rise(seat)
        self._floor.fresh.pop(seat, None)
        waiting.attempt += 1
        waiting.offered = [agent]
        seating.become(self._floor, seat, now, "offered")
        return None

    def deadline(self) -> float | None:
        """The earliest moment at which `match` or `overflowed` could decide anew by itself (a ring
        opens, a preference or a back-off ends, a limit is passed), and a second on while callbacks
        sleep. Call both then, and `due`. It may lie in the past when something is due already."""
        return timing.deadline(self._floor)

    def overflowed(self, now: float) -> list[tuple[str, Overflow]]:
        """Entries whose overflow rule applies now, with the rule; they are out of the line. Entries
        being offered are left alone. Call it after `match`."""
        timing.advance(self._floor, now)
        found = overflow.overflowing(self._floor, now)
        for waiting, _ in found:
            entries.forget(self._floor, waiting)
        return [(waiting.entry.id, rule) for waiting, rule in found]

    # -- asking ---------------------------------------------------------------------------------
    def position(self, entry_id: str) -> int | None:
        """1-based place within the queue, by the order in which entries will be served; entries
        being offered count. None if the entry is not in line."""
        return records.place_of(self._floor, entry_id)

    def turn(self, entry_id: str) -> float | None:
        """A number by which the entries of a queue are in the order of their turns, the lowest
        first (where priorities age at their own pace: those of one pace). It changes only with the
        entry or its queue. None if the entry is not in line."""
        waiting = self._floor.waiting.get(entry_id)
        return None if waiting is None else waiting.key

    def waiting(self, queue: str) -> int:
        """How many are in line, those being offered included; 0 for an unknown queue."""
        state = self._floor.queues.get(queue)
        return 0 if state is None else len(state.line)

    def oldest(self, queue: str) -> float | None:
        """When the longest waiting entry of the queue joined."""
        state = self._floor.queues.get(queue)
        return None if state is None else state.oldest()

    def estimate(self, entry_id: str, now: float) -> tuple[float, float] | None:
        """How much longer the entry will wait: low and high, in seconds; None if unknown."""
        waiting = self._floor.waiting.get(entry_id)
        if waiting is None:
            return None
        return self._floor.expected(waiting.queue, self._floor.ahead(waiting))

    def queue_estimate(self, queue: str, now: float) -> tuple[float, float] | None:
        """How long somebody who joined the queue now would wait."""
        state = self._floor.queues.get(queue)
        return None if state is None else overflow.joining_wait(self._floor, state)

    def estimate_errors(self, queue: str) -> EstimateErrors | None:
        """How good the queue's estimates have been; None for an unknown queue."""
        state = self._floor.queues.get(queue)
        if state is None:
            return None
        errors = state.model.errors[state.model.way]
        return EstimateErrors(state.model.way, errors.tests, errors.root_mean_square, errors.bias)

    def why(self, entry_id: str, now: float) -> Decision:
        """Why does the entry wait, or to whom is it offered? KeyError if it is not in line."""
        waiting = self._floor.waiting[entry_id]
        snapshot = records.snapshot_of(self._floor, waiting, now)
        chosen = snapshot.chosen[0] if snapshot.chosen else None
        return records.written(self._floor, snapshot, chosen)

    def decision(self, offer: Offer) -> Decision:
        """The record of an offer made lately. KeyError if it is unknown."""
        return self._records.decision(self._floor, offer)

    def story(self, agent: str, since: float, until: float) -> tuple[Stretch, ...]:
        """What the agent did between two moments and why he got nothing while he was free."""
        return agent_story.stretches(self._floor, agent, since, until)
