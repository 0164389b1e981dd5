"""Wait estimates: the formula, what is known when, and how good each way is in simulation."""

from __future__ import annotations

from math import sqrt
from random import Random

import pytest

from acd.estimate import TESTS_MIN, Sight, WaitModel, moments
from acd.model import Entry
from acd.refusals import Refusal
from acd.router import Router
from acd.scenario import Scenario
from acd.simulate import replicate
from tests.acd.centre import Story, agent
from tests.acd.proving import agents, callers, centre

pytestmark = [pytest.mark.pure, pytest.mark.timeout(600)]


def test_the_moments_are_those_of_a_sum_of_exponential_times() -> None:
    assert moments(0, 0.5, 0.1) == (2.0, 4.0)
    mean, variance = moments(3, 0.5, 0.25)
    rates = [0.5, 0.75, 1.0, 1.25]
    assert mean == pytest.approx(sum(1 / r for r in rates))
    assert variance == pytest.approx(sum(1 / r**2 for r in rates))


@pytest.mark.parametrize("theta", [0.0, 0.001, 0.1])
def test_a_long_line_is_added_up_quickly_and_rightly(theta: float) -> None:
    rates = [2.0 + i * theta for i in range(5001)]
    mean, variance = moments(5000, 2.0, theta)
    assert mean == pytest.approx(sum(1 / r for r in rates), rel=1e-5)
    assert variance == pytest.approx(sum(1 / r**2 for r in rates), rel=1e-5)


def test_nothing_is_said_before_anything_is_known() -> None:
    story = Story(agent("ada"))
    story.join("c1", 0.0)
    assert story.router.estimate("c1", 0.0) is None  # nobody works
    story.router.agent_busy("ada", 0.0, "talking")
    assert story.router.estimate("c1", 0.0) is None  # nothing seen yet
    story.free("ada", at=40.0)
    assert story.offers(40.0) == "c1>ada"
    story.answered("c1", "ada", 40.0)
    story.join("c2", 50.0)
    assert story.router.estimate("c2", 50.0) == (20.0, 60.0)  # the last one waited 40 s
    story.free("ada", at=100.0)  # the first call took 60 s
    story.router.agent_busy("ada", 100.0, "talking")
    assert story.router.estimate("c2", 100.0) == (0.0, 120.0)
    assert story.router.estimate_errors("nowhere") is None


def test_that_the_last_one_was_served_at_once_does_not_mean_that_the_next_will_be() -> None:
    story = Story(agent("ada"))
    story.free("ada")
    story.join("c1", 0.0)
    assert story.offers(0.0) == "c1>ada"
    story.answered("c1", "ada", 0.2)
    story.router.agent_busy("ada", 0.2, "talking")
    story.join("c2", 1.0)
    assert story.offers(1.0) == ""
    assert story.router.queue_estimate("q", 1.0) is None  # how long a call takes nobody has seen
    assert story.offers(31.0) == ""
    assert story.router.queue_estimate("q", 31.0) == (15.0, 45.0)  # c2 has waited 30 s so far
    errors = story.router.estimate_errors("q")
    assert errors is not None
    assert errors.way == "last"


def test_a_free_agent_means_no_wait_for_who_joins_now() -> None:
    story = Story(agent("ada"))
    story.free("ada")
    assert story.offers(0.0) == ""
    assert story.router.queue_estimate("q", 0.0) == (0.0, 0.0)


def test_abandonment_shortens_the_estimate() -> None:
    model = WaitModel()
    for _ in range(50):
        model.handled(100.0)
    patient = model.wait(Sight(20, 10.0, 20, None))
    for _ in range(50):
        model.abandoned(50.0)
    hasty = model.wait(Sight(20, 10.0, 20, None))
    assert patient is not None
    assert hasty is not None
    assert sum(hasty) < sum(patient)
    assert sum(patient) / 2 == pytest.approx(210.0)


class Watched(Router):
    """Notes what was estimated for each caller who had to wait, and what came true."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: dict[str, tuple[float, float]] = {}
        self.came: list[tuple[float, float, float, Sight]] = []

    def join(self, entry: Entry, now: float, *, promised: bool = False) -> Refusal | None:
        refusal = super().join(entry, now)
        estimate = self.estimate(entry.id, now)
        if estimate is not None:
            self.asked[entry.id] = estimate
        return refusal

    def accept(self, entry_id: str, now: float, agent: str | None = None) -> None:
        waiting = self._floor.waiting[entry_id]
        waited, sight = now - waiting.entry.joined_at, waiting.sight
        super().accept(entry_id, now, agent)
        if entry_id in self.asked and waited > 0.0 and sight and sight.last_wait is not None:
            self.came.append((waited, *self.asked[entry_id], sight))


def watched(scenario: Scenario, seed: int = 3) -> Watched:
    router = Watched()
    replicate(scenario, lambda name: Random(f"{seed}/{name}"), lambda: router)
    return router


def test_the_exact_formula_is_twice_as_good_as_the_last_wait(nightly: bool) -> None:
    """Ibrahim and Whitt: the mean squared error of LES is about 2 times that of QLm."""
    hours = 400.0 if nightly else 40.0
    router = watched(centre((callers("c", 500, 150, patience=300),), (agents("g", 20),), hours))
    exact = last = 0.0
    inside = 0
    for waited, low, high, sight in router.came:
        mean, _ = moments(sight.ahead, 20 / 150, 1 / 300)
        exact += (mean - waited) ** 2
        last += ((sight.last_wait or 0.0) - waited) ** 2
        inside += low <= waited <= high
    assert last / exact == pytest.approx(2.0, abs=0.15 if nightly else 0.35)
    # plus and minus a standard deviation of a nearly normal sum: about two thirds
    assert 0.55 <= inside / len(router.came) <= 0.8
    errors = router.estimate_errors("q")
    assert errors is not None
    assert errors.way == "exact"
    assert errors.tests > 1000
    assert errors.root_mean_square == pytest.approx(sqrt(exact / len(router.came)), rel=0.5)


def test_with_several_queues_the_learned_way_is_chosen_and_is_better() -> None:
    """Two queues share most agents: the formula for one queue alone says far too little."""
    kinds = (
        callers("a", 300, 150, queue="q", patience=400),
        callers("b", 300, 150, queue="r", patience=400),
    )
    staff = (agents("both", 20, queues="q r"), agents("only", 3, queues="q"))
    router = watched(centre(kinds, staff, 30))
    for queue in ("q", "r"):
        used = router.estimate_errors(queue)
        assert used is not None
        assert used.way == "learned"
        assert used.tests > TESTS_MIN
        every = router._floor.queues[queue].model.errors
        assert used.root_mean_square < 0.8 * every["exact"].root_mean_square
        assert used.root_mean_square < 0.9 * every["last"].root_mean_square
        assert abs(used.bias) < 0.3 * used.root_mean_square
