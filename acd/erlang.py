"""The formulas of waiting: Erlang B, C and A, priorities, and how many agents for a target.

Units: rates per second, times in seconds, `load` in Erlang (calls arriving during one handling
time). Sources: Erlang 1917 (B, C); Palm 1957 and Garnett, Mandelbaum, Reiman, "Designing a call
center with impatient customers", 2002 (A); Cobham 1954 (priorities); Halfin and Whitt 1981
(square-root staffing). All callers count for probabilities unless a name says otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, exp, expm1, fsum, inf, log, sqrt

AGENTS_MAX = 100_000
QUEUE_MAX = 5_000_000
STEPS_MAX = 50_000


def erlang_b(agents: int, load: float) -> float:
    """The share of calls lost when nobody may wait. B(0) = 1, B(k) = aB(k-1) / (k + aB(k-1))."""
    _check(agents, load)
    blocked = 1.0
    for k in range(1, agents + 1):
        blocked = load * blocked / (k + load * blocked)
    return blocked


def erlang_c(agents: int, load: float) -> float:
    """The probability of having to wait when nobody gives up; 1 when agents are too few."""
    _check(agents, load)
    if agents <= load:
        return 1.0
    blocked = erlang_b(agents, load)
    return agents * blocked / (agents - load * (1.0 - blocked))


def _check(agents: int, load: float) -> None:
    if not 0 <= agents <= AGENTS_MAX:
        raise ValueError(f"agents must be between 0 and {AGENTS_MAX}, not {agents}")
    if not 0.0 <= load < inf:
        raise ValueError(f"the load must be a number of Erlang, 0 or more, not {load}")


@dataclass(frozen=True, slots=True)
class Waiting:
    """What callers meet. `mean_wait` of all callers, `mean_wait_answered` of the answered."""

    agents: int
    probability_of_waiting: float
    probability_of_abandonment: float
    mean_wait: float
    mean_wait_answered: float
    service_level: float
    occupancy: float
    mean_queue: float


def without_abandonment(agents: int, rate: float, handling: float, within: float) -> Waiting:
    """M/M/n (Erlang C). `service_level`: the share answered within `within` seconds. With too few
    agents the line grows without end: infinite wait, service level 0."""
    load = rate * handling
    if agents <= load:
        return Waiting(agents, 1.0, 0.0, inf, inf, 0.0, 1.0, inf)
    waits = erlang_c(agents, load)
    spare = agents / handling - rate
    mean = waits / spare
    level = 1.0 - waits * exp(-spare * within)
    return Waiting(agents, waits, 0.0, mean, mean, level, load / agents, rate * mean)


def with_abandonment(
    agents: int, rate: float, handling: float, patience: float, within: float
) -> Waiting:
    """M/M/n+M (Erlang A), callers' patience exponential with mean `patience`.

    By the stationary distribution of the number in the system (birth and death), which is finite
    for any load. `service_level`: answered within `within`, of all offered."""
    load = rate * handling
    _check(agents, load)
    if rate <= 0.0:
        return Waiting(agents, 0.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0)
    if rate * patience > QUEUE_MAX / 2:
        raise ValueError(f"too many callers to reckon with: {rate * patience:.3g} would wait")
    mu, theta = 1.0 / handling, 1.0 / patience
    # States n, n+1, ... relative to the likeliest of them; `first` is that of state n.
    queue, log_first = _queue_states(rate, agents * mu, theta)
    # p_n / (p_0 + ... + p_n) is the blocking of Erlang B: the states below, relative to state n.
    blocked = erlang_b(agents, load)
    below = (1.0 - blocked) / blocked * exp(log_first) if blocked > 0.0 else inf
    if below == inf:
        return Waiting(agents, 0.0, 0.0, 0.0, 0.0, 1.0, load / agents, 0.0)
    total = below + fsum(queue)
    length = fsum(i * weight for i, weight in enumerate(queue)) / total
    mean = length / rate
    abandoned = min(theta * mean, 1.0)
    waited_answered = _answered_wait(queue, total, agents * mu, theta)
    answered = 1.0 - abandoned
    log_density = log_first - log(total) + log(agents * mu) if agents else -inf
    level = below / total + _served_after_waiting(log_density, rate, agents * mu, theta, within)
    return Waiting(
        agents,
        fsum(queue) / total,
        abandoned,
        mean,
        waited_answered / answered if answered > 0.0 else inf,
        min(level, 1.0),
        rate * answered * handling / agents if agents else 0.0,
        length,
    )


def _queue_states(rate: float, capacity: float, theta: float) -> tuple[list[float], float]:
    """p_(n+i) = p_n prod rate / (capacity + k theta), k = 1..i, divided by the largest of them; and
    the logarithm of the first, since that may be too small to write down."""
    logs = [0.0]
    most = 0.0
    while len(logs) < QUEUE_MAX:
        logs.append(logs[-1] + log(rate / (capacity + len(logs) * theta)))
        most = max(most, logs[-1])
        if logs[-1] < most - 45.0:
            break
    return [exp(value - most) for value in logs], -most


def _answered_wait(queue: Sequence[float], total: float, capacity: float, theta: float) -> float:
    """E[wait; answered]: a caller who finds i waiting needs i+1 departures of the line before him
    and is answered unless his own patience ends first. With r_k = capacity + k theta, the time to
    service V is the sum of Exp(r_k), k = 0..i, and E[V e^(-theta V)] is a product times a sum."""
    out = 0.0
    product, slope = 1.0, 0.0
    for i, weight in enumerate(queue):
        step = capacity + i * theta
        product *= step / (step + theta)
        slope += 1.0 / (step + theta)
        out += weight / total * product * slope
    return out


def _served_after_waiting(
    log_density: float, rate: float, capacity: float, theta: float, within: float
) -> float:
    """P(answered after a wait of 0 to `within`): the virtual wait has the density
    p_n capacity exp(rate (1 - e^(-theta x)) / theta - capacity x) (Garnett et al.), and the caller
    is still there with probability e^(-theta x). Simpson's rule, 64 steps a scale."""
    if within <= 0.0 or log_density == -inf:
        return 0.0

    def density(x: float) -> float:
        return exp(log_density + rate * -expm1(-theta * x) / theta - (capacity + theta) * x)

    scale = 1.0 / (abs(rate - capacity) + theta + sqrt(theta * max(rate, capacity)))
    steps = 2 * min(max(ceil(32.0 * within / scale), 100), STEPS_MAX)
    h = within / steps
    odd = fsum(density(h * k) for k in range(1, steps, 2))
    even = fsum(density(h * k) for k in range(2, steps, 2))
    return h / 3.0 * (density(0.0) + density(within) + 4.0 * odd + 2.0 * even)


def priority_waits(agents: int, rates: Sequence[float], handling: float) -> list[float]:
    """Mean waits of classes under strict priority without interruption, the first class served
    first, all with the same exponential handling (Cobham): W_k = C/(n mu) / ((1-s_(k-1))(1-s_k))
    with s_k the load of classes 1..k per agent."""
    load = sum(rates) * handling
    base = erlang_c(agents, load) * handling / agents
    waits: list[float] = []
    before = 0.0
    for rate in rates:
        upto = before + rate * handling / agents
        waits.append(base / ((1.0 - before) * (1.0 - upto)) if upto < 1.0 else inf)
        before = upto
    return waits


def square_root_staffing(load: float, beta: float) -> int:
    """Halfin and Whitt: load plus `beta` times its square root, rounded up."""
    whole = load + beta * sqrt(load)
    return int(whole) + (whole > int(whole))


@dataclass(frozen=True, slots=True)
class Target:
    """What is wanted; None: not asked for. `service_level` is a share within `within` seconds."""

    service_level: float | None = None
    within: float = 20.0
    mean_wait: float | None = None
    abandonment: float | None = None
    occupancy_max: float | None = None

    def met(self, waiting: Waiting) -> bool:
        return (
            (self.service_level is None or waiting.service_level >= self.service_level)
            and (self.mean_wait is None or waiting.mean_wait <= self.mean_wait)
            and (self.abandonment is None or waiting.probability_of_abandonment <= self.abandonment)
            and (self.occupancy_max is None or waiting.occupancy <= self.occupancy_max)
        )


def staff(rate: float, handling: float, target: Target, patience: float | None = None) -> Waiting:
    """The fewest agents that meet the target (Erlang A if `patience` is given, else Erlang C).
    ValueError if no number up to 100,000 does."""

    def waiting(agents: int) -> Waiting:
        if patience is None:
            return without_abandonment(agents, rate, handling, target.within)
        return with_abandonment(agents, rate, handling, patience, target.within)

    low, high = 0, max(1, int(rate * handling) + 1)
    while not target.met(waiting(high)):
        low, high = high, high * 2
        if high > AGENTS_MAX:
            raise ValueError("no number of agents meets the target; is it possible at all?")
    while low < high:
        middle = (low + high) // 2
        if target.met(waiting(middle)):
            high = middle
        else:
            low = middle + 1
    return waiting(low)
