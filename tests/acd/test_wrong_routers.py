"""Wrong routers must be caught: if one of these passes, the tests prove nothing.

Each is the production router with one thing wrong. Each is caught twice, on different ways: by the
comparison with the exhaustive scan, and by what it does to callers or agents in a simulation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

import pytest

from acd import dice, entries, erlang
from acd.model import Agent, Entry, Offer, Queue
from acd.refusals import Refusal
from acd.router import Router
from tests.acd.history import History
from tests.acd.proving import HOUR, Z_MAX, Proof, agents, callers, centre, simulated
from tests.acd.test_simulate import GRAPHS, graph_centre, graph_proofs

pytestmark = [pytest.mark.pure, pytest.mark.timeout(600)]


class NewestIdle(Router):
    def agent_free(self, agent: str, now: float, idle_since: float | None = None) -> None:
        super().agent_free(agent, now, -(now if idle_since is None else idle_since))


class RandomIdle(Router):
    def agent_free(self, agent: str, now: float, idle_since: float | None = None) -> None:
        super().agent_free(agent, now, dice.draw(agent, int(now * 1000)))


class FirstQueue(Router):
    """Serves the queues one after the other."""

    def join(self, entry: Entry, now: float, *, promised: bool = False) -> Refusal | None:
        rank = int(entry.queue.lstrip("q") or 0)
        return super().join(replace(entry, priority=entry.priority - 100_000 * rank), now)


class IgnoresSkills(Router):
    def join(self, entry: Entry, now: float, *, promised: bool = False) -> Refusal | None:
        return super().join(replace(entry, skills={}), now)


class IgnoresPriority(Router):
    def join(self, entry: Entry, now: float, *, promised: bool = False) -> Refusal | None:
        return super().join(replace(entry, priority=0), now)


class ForgetsWhoMissed(Router):
    def rejoin(self, entry_id: str, now: float, missed_by: str | None = None) -> None:
        super().rejoin(entry_id, now)


class LosesThePlace(Router):
    """A caller who comes back stands at the end."""

    def rejoin(self, entry_id: str, now: float, missed_by: str | None = None) -> None:
        waiting = self._floor.waiting.get(entry_id)
        super().rejoin(entry_id, now, missed_by)
        if waiting is not None:
            late = replace(waiting.entry, joined_at=now)
            entries.transfer(self._floor, waiting, late, waiting.queue, now)


class ForgetsNewConfiguration(Router):
    configured = False

    def configure(
        self, queues: Mapping[str, Queue], agents: Mapping[str, Agent], now: float
    ) -> None:
        if not self.configured:
            super().configure(queues, agents, now)
        self.configured = True


class OneOfferATime(Router):
    """Leaves idle agents beside waiting callers."""

    def match(self, now: float) -> list[Offer]:
        offers = super().match(now)
        for offer in offers[1:]:
            self.rejoin(offer.entry, now)
            self.agent_free(offer.agent, now)
        return offers[:1]


WRONG = [
    NewestIdle,
    RandomIdle,
    FirstQueue,
    IgnoresSkills,
    IgnoresPriority,
    ForgetsWhoMissed,
    LosesThePlace,
    ForgetsNewConfiguration,
    OneOfferATime,
]


@pytest.mark.parametrize("wrong", WRONG)
def test_the_exhaustive_scan_catches(wrong: Callable[[], Router]) -> None:
    for seed in range(30):
        history = History(seed, wrong())
        try:
            for _ in range(300):
                history.step()
        except AssertionError:
            return
    pytest.fail("never caught")


def furthest(proofs: list[Proof]) -> float:
    return max(abs(proof.z) for proof in proofs)


@pytest.mark.parametrize("wrong", [NewestIdle, RandomIdle, IgnoresSkills])
def test_the_product_form_catches(wrong: Callable[[], Router]) -> None:
    graph = GRAPHS["idle"]
    summary = simulated(graph_centre(graph, 60), 6, wrong)
    assert furthest(graph_proofs(graph, summary)) > Z_MAX  # type: ignore[arg-type]


def test_the_gini_of_idle_time_catches_the_newest_idle() -> None:
    scenario = centre((callers("c", 250, 180),), (agents("g", 25),), 20)
    assert simulated(scenario, 2, NewestIdle)["group/g"]["idle_time_gini"].mean > 0.02


def test_strict_priority_catches_who_ignores_priority() -> None:
    kinds = (callers("gold", 40, 200, priority=1), callers("rest", 40, 200))
    scenario = centre(kinds, (agents("g", 5),), 30, priority_seconds=1e6)
    summary = simulated(scenario, 6, IgnoresPriority)
    exact = erlang.priority_waits(5, [40 / HOUR, 40 / HOUR], 200)
    assert furthest([Proof("gold", summary["class/gold"]["mean_wait_all"], exact[0])]) > Z_MAX


def test_one_order_over_queues_catches_who_serves_the_first_queue_first() -> None:
    kinds = (callers("a", 40, 200, queue="q0"), callers("b", 40, 200, queue="q1"))
    scenario = centre(kinds, (agents("g", 5, queues="q0 q1"),), 20)
    exact = erlang.without_abandonment(5, 80 / HOUR, 200, 20).mean_wait

    def off(make: Callable[[], Router]) -> float:
        summary = simulated(scenario, 6, make)
        return furthest(
            [Proof(k, summary[f"class/{k}"]["mean_wait_all"], exact) for k in ("a", "b")]
        )

    assert off(Router) <= Z_MAX
    assert off(FirstQueue) > Z_MAX
