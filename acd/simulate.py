"""A contact centre lived through on a virtual clock, with the production router deciding.

`replicate` runs one replication of a scenario. Nothing here routes: callers join, leave and are
answered, agents become free and busy, and `Router` is asked what to do, exactly as in production.
Chance is injected: one stream of numbers per purpose, so this file draws from what it is given.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import blake2b
from heapq import heappop, heappush
from math import inf, log1p

from acd.happened import Caller, Run, Streams, Worker
from acd.model import Agent, Entry, Offer, Overflow
from acd.router import Router
from acd.scenario import CallerClass, Scenario, agent_of

# A replication stops when it has seen so many events: a scenario that would never end is reported.
EVENTS_MAX = 50_000_000


def replicate(
    scenario: Scenario, streams: Streams, make_router: Callable[[], Router] = Router
) -> Run:
    """Live through one replication. `streams(purpose)` gives the chance for a purpose."""
    return _Day(scenario, streams, make_router()).live()


class _Day:
    def __init__(self, scenario: Scenario, streams: Streams, router: Router) -> None:
        self.scenario = scenario
        self.router = router
        self.run = Run()
        self.events: list[tuple[float, int, Callable[[float, object], None], object]] = []
        self.numbered = 0
        self.waiting: dict[str, Caller] = {}
        self.teams: dict[str, list[Worker]] = {}
        self.wanted: dict[str, int] = {}  # on duty, by group
        self.on_duty = dict.fromkeys((group.name for group in scenario.agents), 0)
        self.hash = blake2b(digest_size=16)
        shape = scenario.busyness
        self.factor = 1.0 if shape is None else streams("busyness").gammavariate(shape, 1.0 / shape)
        self.arrivals = {kind.name: streams(f"arrivals/{kind.name}") for kind in scenario.callers}
        self.patience = {kind.name: streams(f"patience/{kind.name}") for kind in scenario.callers}
        self.handling = {kind.name: streams(f"handling/{kind.name}") for kind in scenario.callers}
        self.answering = streams("answering")
        self.timed = any(
            queue.rings or queue.overflow or queue.wait_max_seconds is not None
            for queue in scenario.queues.values()
        ) or any(group.misses > 0.0 for group in scenario.agents)
        self.overflows = any(
            queue.overflow or queue.wait_max_seconds is not None
            for queue in scenario.queues.values()
        )

    # -- the course of time ---------------------------------------------------------------------
    def live(self) -> Run:
        self._open()
        events, run = self.events, self.run
        while events or self.timed:
            tick = self.router.deadline() if self.timed else None
            if events and (tick is None or events[0][0] <= tick):
                now, _, happen, what = heappop(events)
            elif tick is not None and (events or self.waiting):
                now, happen, what = max(tick, run.ended_at), self._tick, None
            else:
                break
            if not self.scenario.drain and now > self.scenario.horizon_seconds:
                break
            run.ended_at = now
            run.events += 1
            if run.events > EVENTS_MAX:
                raise RuntimeError("the replication does not end: too little staff, no patience?")
            happen(now, what)
        self._close()
        return run

    def _at(self, when: float, happen: Callable[[float, object], None], what: object) -> None:
        if when < inf:
            self.numbered += 1
            heappush(self.events, (when, self.numbered, happen, what))

    def _open(self) -> None:
        agents: dict[str, Agent] = {}
        for group in self.scenario.agents:
            for number in range(max(group.count.values)):
                worker = Worker(group, f"{group.name}-{number}")
                self.run.workers.append(worker)
                agents[worker.id] = agent_of(group, worker.id)
        self.workers = {worker.id: worker for worker in self.run.workers}
        self.teams = {
            group.name: [worker for worker in self.run.workers if worker.group is group]
            for group in self.scenario.agents
        }
        self.router.configure(self.scenario.queues, agents, 0.0)
        self._staff(0.0, None)
        ends = {end for group in self.scenario.agents for end in group.count.ends}
        for end in sorted(ends):
            if end < self.scenario.horizon_seconds:
                self._at(end, self._staff, None)
        for kind in self.scenario.callers:
            self._at(self._next_arrival(kind, 0.0), self._arrive, kind)

    def _close(self) -> None:
        """Who is on duty is so to the horizon, also when nothing happens any more. Who still waits
        then (without drain) has waited until then."""
        end = max(self.run.ended_at, self.scenario.horizon_seconds)
        for worker in self.run.workers:
            self._account(worker, end)
        for caller in self.waiting.values():
            caller.outcome, caller.wait = "unfinished", end - caller.arrived_at
        self.run.trace = self.hash.hexdigest()

    def _tick(self, now: float, _: object) -> None:
        self._decide(now)

    # -- callers --------------------------------------------------------------------------------
    def _next_arrival(self, kind: CallerClass, now: float) -> float:
        """The next event of a Poisson process whose rate is constant between `ends`."""
        work = -log1p(-self.arrivals[kind.name].random())
        horizon = self.scenario.horizon_seconds
        for end in (*(e for e in kind.rate.ends if e > now), horizon):
            stop = min(end, horizon)
            rate = kind.rate.at(now) * self.factor
            if rate > 0.0 and work <= rate * (stop - now):
                return now + work / rate
            work -= rate * (stop - now)
            now = stop
            if now >= horizon:
                break
        return inf

    def _arrive(self, now: float, what: object) -> None:
        assert isinstance(what, CallerClass)
        kind = what
        self._at(self._next_arrival(kind, now), self._arrive, kind)
        self.numbered += 1
        caller = Caller(
            kind, f"{kind.name}-{self.numbered}", now, self.handling[kind.name].random()
        )
        impatience = self.patience[kind.name].random()
        if now >= self.scenario.warmup_seconds:
            self.run.callers.append(caller)
        entry = Entry(caller.id, kind.queue, now, kind.skills, kind.priority, kind.value_seconds)
        if self.router.join(entry, now) is not None:
            caller.outcome = "refused"
            return
        self.waiting[caller.id] = caller
        self._decide(now)
        if caller.outcome != "waiting":
            return
        if impatience < kind.balking:
            self._give_up(now, caller)
            return
        # What is left of the uniform number is uniform again.
        rest = (impatience - kind.balking) / (1.0 - kind.balking)
        self._at(now + kind.patience.at(now).at(rest), self._give_up, caller)

    def _give_up(self, now: float, what: object) -> None:
        assert isinstance(what, Caller)
        if what.outcome != "waiting":
            return
        what.outcome, what.wait = "abandoned", now - what.arrived_at
        del self.waiting[what.id]
        self._note(now, "-", what.id, "")
        self.router.leave(what.id, now)
        if what.agent is not None:
            worker = self.workers[what.agent]
            worker.ringing = False
            self._next_or_home(now, worker)
            self._decide(now)

    # -- agents ---------------------------------------------------------------------------------
    def _staff(self, now: float, _: object) -> None:
        """As many on duty as there should be. When they become fewer the idle go at once, then
        whoever is done first (the usual model of a multi-server queue whose servers vary)."""
        for name, team in self.teams.items():
            wanted = self.wanted[name] = team[0].group.count.at(now) if team else 0
            for worker in team:
                if self.on_duty[name] < wanted and not worker.on_duty:
                    self._duty(now, worker, True)
                    self.router.agent_free(worker.id, now)
            for worker in reversed(team):
                if self.on_duty[name] > wanted and worker.on_duty:
                    if not worker.busy and not worker.ringing:
                        self._next_or_home(now, worker)
        self._decide(now)

    def _next_or_home(self, now: float, worker: Worker) -> None:
        """The agent has nothing to do: he takes the next call, or leaves if he is one too many."""
        name = worker.group.name
        if self.on_duty[name] > self.wanted[name]:
            self._duty(now, worker, False)
            self.router.agent_busy(worker.id, now, "offline")
        else:
            self.router.agent_free(worker.id, now)

    def _duty(self, now: float, worker: Worker, on_duty: bool) -> None:
        self._account(worker, now)
        worker.on_duty = on_duty
        self.on_duty[worker.group.name] += 1 if on_duty else -1

    def _account(self, worker: Worker, now: float) -> None:
        """Add up the time since the last change, inside the window that counts."""
        start = max(worker.since, self.scenario.warmup_seconds)
        spent = max(min(now, self.scenario.horizon_seconds) - start, 0.0)
        if worker.on_duty or worker.busy:
            worker.staffed_seconds += spent
        if worker.busy:
            worker.busy_seconds += spent
        if self.scenario.edges and spent > 0.0 and (worker.on_duty or worker.busy):
            worker.spells.append((start, start + spent, worker.busy))
        worker.since = now

    def _hang_up(self, now: float, what: object) -> None:
        assert isinstance(what, Worker)
        self._account(what, now)
        what.busy = False
        self._next_or_home(now, what)
        self._decide(now)

    # -- decisions ------------------------------------------------------------------------------
    def _decide(self, now: float) -> None:
        for offer in self.router.match(now):
            self.run.decisions += 1
            caller, worker = self.waiting[offer.entry], self.workers[offer.agent]
            group = worker.group
            if group.misses > 0.0 and self.answering.random() < group.misses:
                caller.agent, worker.ringing = worker.id, True
                self._at(offer.expires_at, self._missed, (caller, worker, offer))
            elif group.answer is not None:
                caller.agent, worker.ringing = worker.id, True
                delay = group.answer.at(self.answering.random())
                self._at(now + delay, self._answered, (caller, worker, offer))
            else:
                self._answer(now, caller, worker)
        if self.overflows:
            for name, rule in self.router.overflowed(now):
                self._overflow(now, name, rule)

    def _overflow(self, now: float, name: str, rule: Overflow) -> None:
        """To another queue with the time already waited, or out of the simulation."""
        caller = self.waiting[name]
        self._note(now, ">", name, rule.action)
        if rule.action == "queue":
            kind = caller.kind
            entry = Entry(
                name, rule.target, caller.arrived_at, kind.skills, kind.priority, kind.value_seconds
            )
            if self.router.join(entry, now) is None:
                self._decide(now)
                return
        del self.waiting[name]
        caller.outcome, caller.wait = f"overflow-{rule.action}", now - caller.arrived_at

    def _answered(self, now: float, what: object) -> None:
        caller, worker, _ = _offered(what)
        if caller.outcome == "waiting":
            self._answer(now, caller, worker)

    def _missed(self, now: float, what: object) -> None:
        caller, worker, offer = _offered(what)
        if caller.outcome != "waiting":
            return
        caller.agent, worker.ringing = None, False
        self.router.rejoin(offer.entry, now, missed_by=worker.id)
        self._next_or_home(now, worker)
        self._decide(now)

    def _answer(self, now: float, caller: Caller, worker: Worker) -> None:
        kind = caller.kind
        handling = kind.handling.get(worker.group.name) or kind.handling[""]
        caller.outcome, caller.wait, caller.agent = "answered", now - caller.arrived_at, worker.id
        del self.waiting[caller.id]
        self._note(now, "+", caller.id, worker.id)
        self.router.accept(caller.id, now)
        self.router.agent_busy(worker.id, now, "talking")
        self._account(worker, now)
        worker.busy, worker.ringing = True, False
        self._at(now + handling.at(now).at(caller.handling), self._hang_up, worker)

    def _note(self, now: float, sign: str, caller: str, agent: str) -> None:
        self.hash.update(f"{now!r}{sign}{caller}/{agent}\n".encode())


def _offered(what: object) -> tuple[Caller, Worker, Offer]:
    assert isinstance(what, tuple)
    caller, worker, offer = what
    return caller, worker, offer
