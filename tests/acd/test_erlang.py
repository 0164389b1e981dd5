"""The formulas against values published by others, and against a second way of working them out."""

from __future__ import annotations

from math import exp, expm1, inf

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acd import erlang
from acd.erlang import Target
from acd.student import t_quantile
from tests.acd.references import erlang_a_numbers, integral

pytestmark = pytest.mark.pure


@pytest.mark.parametrize(
    ("agents", "load", "blocked"),
    [
        (10, 20.0, 0.5379631686320729),
        (190, 200.0, 0.08869684386923561),
        (15, 8.108, 0.01),
        (100, 84.06, 0.01),
        (10, 4.461, 0.01),
        (0, 5.0, 1.0),
        (5, 0.0, 0.0),
    ],
)
def test_erlang_b(agents: int, load: float, blocked: float) -> None:
    assert erlang.erlang_b(agents, load) == pytest.approx(blocked, rel=2e-3)


def test_erlang_c_of_the_r_package() -> None:
    """100 calls in 30 minutes of 180 s; 14 agents; 20 s."""
    waiting = erlang.without_abandonment(14, 100 / 1800, 180, 20)
    assert waiting.probability_of_waiting == pytest.approx(0.1741319, abs=1e-7)
    assert waiting.service_level == pytest.approx(0.88835, abs=1e-5)
    assert waiting.mean_wait == pytest.approx(7.83593701177724, rel=1e-11)
    assert erlang.erlang_c(11, 10.0) == pytest.approx(0.6821182, abs=1e-7)
    assert waiting.occupancy == pytest.approx(10 / 14)


def test_garnett_mandelbaum_reiman_example() -> None:
    """50 agents, 48 calls a minute of one minute each, patience of two minutes (their table)."""
    without = erlang.without_abandonment(50, 48 / 60, 60, 20)
    assert without.mean_wait == pytest.approx(20.8, abs=0.05)
    with_them = erlang.with_abandonment(50, 48 / 60, 60, 120, 20)
    assert with_them.probability_of_abandonment == pytest.approx(0.031, abs=5e-4)
    assert with_them.mean_wait == pytest.approx(3.7, abs=0.05)
    assert with_them.occupancy == pytest.approx(0.93, abs=5e-3)


def test_halfin_whitt_limit() -> None:
    """n = a + b sqrt(a): the probability of waiting tends to .5045 (b = .5) and .2234 (b = 1)."""
    for beta, limit in ((0.5, 0.5045), (1.0, 0.2234)):
        agents = erlang.square_root_staffing(90_000.0, beta)
        assert erlang.erlang_c(agents, 90_000.0) == pytest.approx(limit, rel=0.01)


@pytest.mark.parametrize(
    ("agents", "rate", "handling", "patience", "within"),
    [
        (50, 0.8, 60.0, 120.0, 20.0),
        (12, 0.125, 100.0, 60.0, 20.0),
        (5, 0.1, 100.0, 30.0, 10.0),
        (20, 0.05, 200.0, 600.0, 5.0),
    ],
)
def test_two_ways_to_erlang_a_agree(
    agents: int, rate: float, handling: float, patience: float, within: float
) -> None:
    mine = erlang.with_abandonment(agents, rate, handling, patience, within)
    other = erlang_a_numbers(agents, rate, handling, patience, within)
    assert mine.probability_of_waiting == pytest.approx(other["waits"], rel=1e-6)
    assert mine.probability_of_abandonment == pytest.approx(other["abandons"], rel=1e-4)
    assert mine.mean_wait == pytest.approx(other["mean_wait"], rel=1e-6)
    # answered within t, plus everybody who waits longer, plus who gave up sooner, are all
    answered_at_once = erlang.with_abandonment(agents, rate, handling, patience, 0.0)
    assert answered_at_once.service_level == pytest.approx(1 - other["waits"], rel=1e-6)
    late = erlang.with_abandonment(agents, rate, handling, patience, 30 * patience)
    assert late.service_level == pytest.approx(1 - other["abandons"], rel=1e-6)
    # between: by the density of the virtual wait, integrated from the other end
    left = integral_of_answered(agents, rate, handling, patience, within)
    assert late.service_level - mine.service_level == pytest.approx(left, abs=1e-7)


def integral_of_answered(
    agents: int, rate: float, handling: float, patience: float, start: float
) -> float:
    """P(answered after more than `start`) by the formula of Garnett et al. and plain Simpson."""
    mu, theta = 1 / handling, 1 / patience
    below = 1 / erlang.erlang_b(agents - 1, rate / mu)

    def f(x: float) -> float:
        return exp(rate * -expm1(-theta * x) / theta - agents * mu * x)

    total = below + rate * integral(f, 0, 20 * patience)
    served = integral(lambda x: exp(-theta * x) * f(x), start, 20 * patience, 60_000)
    return rate * served / total


@settings(deadline=None)
@given(
    st.integers(1, 60),
    st.floats(0.001, 2.0),
    st.floats(1.0, 500.0),
    st.floats(1.0, 2000.0),
)
def test_erlang_a_keeps_its_identities(
    agents: int, rate: float, handling: float, patience: float
) -> None:
    waiting = erlang.with_abandonment(agents, rate, handling, patience, 20.0)
    assert waiting.probability_of_abandonment == pytest.approx(
        waiting.mean_wait / patience, rel=1e-9
    )
    assert 0.0 <= waiting.service_level <= 1.0
    assert waiting.occupancy <= 1.0 + 1e-9
    more = erlang.with_abandonment(agents + 1, rate, handling, patience, 20.0)
    assert more.mean_wait <= waiting.mean_wait + 1e-9
    assert more.service_level >= waiting.service_level - 1e-6


def test_strict_priority_adds_up_to_the_common_wait() -> None:
    rates = [0.01, 0.02, 0.015]
    waits = erlang.priority_waits(10, rates, 180.0)
    together = erlang.without_abandonment(10, sum(rates), 180.0, 20.0).mean_wait
    weighted = sum(rate * wait for rate, wait in zip(rates, waits, strict=True))
    assert weighted / sum(rates) == pytest.approx(together)
    assert waits == sorted(waits)
    assert erlang.priority_waits(2, [0.01, 0.02], 180.0)[1] == inf


def test_staffing_finds_the_fewest() -> None:
    target = Target(service_level=0.8, within=20.0)
    needed = erlang.staff(100 / 1800, 180.0, target)
    assert needed.agents == 14
    fewer = erlang.without_abandonment(13, 100 / 1800, 180.0, 20.0)
    assert fewer.service_level < 0.8 <= needed.service_level
    assert erlang.staff(100 / 1800, 180.0, target, patience=120.0).agents == 12
    assert erlang.staff(0.0, 180.0, target).agents == 1
    calm = Target(service_level=0.8, occupancy_max=0.6)
    assert erlang.staff(100 / 1800, 180.0, calm).agents == 17
    with pytest.raises(ValueError, match="no number of agents"):
        erlang.staff(1.0, 180.0, Target(mean_wait=-1.0))


def test_no_agents_and_senseless_numbers() -> None:
    nobody = erlang.with_abandonment(0, 0.1, 100.0, 60.0, 20.0)
    assert nobody.probability_of_abandonment == pytest.approx(1.0)
    assert erlang.without_abandonment(3, 0.1, 100.0, 20.0).mean_wait == inf
    for agents, load in ((-1, 1.0), (1, -1.0), (1, inf)):
        with pytest.raises(ValueError, match="must be"):
            erlang.erlang_b(agents, load)


@pytest.mark.parametrize(
    ("p", "degrees", "t"),
    [(0.975, 1, 12.7062), (0.975, 19, 2.0930), (0.975, 9, 2.2622), (0.95, 30, 1.6973)],
)
def test_students_t_table(p: float, degrees: int, t: float) -> None:
    assert t_quantile(p, degrees) == pytest.approx(t, abs=1e-4)
    assert t_quantile(1 - p, degrees) == pytest.approx(-t, abs=1e-4)
