"""How fast the routing engine decides, against going through everything each time.

A centre of 10,000 agents and 100,000 waiting entries, 50 skills and 200 queues of three rings each:
every agent knows 8 skills at levels 3-10 and serves about 22 queues; every entry asks for its
queue's skill. Figures, decision records being kept as always:

* agent free: an agent becomes free, `match` finds him the best of all waiting entries;
* caller joins: an entry arrives while agents are idle, `match` finds it the best of them;
* agent sits down: an agent becomes free and nobody waits whom he may serve.

Each is told twice, since a machine shared with others makes the two differ: "wall" by the clock,
with percentiles and the worst; "cpu" by the share of a core that the process was given meanwhile
("core_percent"; the processor's clock is not read for single decisions: that is a system call,
which makes the next decision slower by half). The exhaustive scan is timed on the same centre in
the same way, and "times_faster" compares processor times.

The garbage collector is set as in production (`callcenter.runtime.collecting`); "collector" says
how long its longest pause was, by processor time. "undisturbed", from a run of its own, is of those
decisions during which the system took the core away for nobody else.
"""

from __future__ import annotations

import gc
import json
import random
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from math import pi

from acd import rules
from acd.model import Agent, Entry, Queue, Ring
from acd.router import Router
from acd.scenario import AgentGroup, CallerClass, Distribution, Scenario, Timed
from acd.simulate import replicate
from acd.tally import figures_of
from callcenter.runtime import collecting

WARM_UP = 5_000
Figure = dict[str, dict[str, float]]
SKILLS = 50
QUEUES = 200


@dataclass(frozen=True)
class Centre:
    queues: dict[str, Queue]
    agents: dict[str, Agent]
    skill_of: dict[str, str]


def centre(agents: int, chance: random.Random) -> Centre:
    """The centre described above, with queues that admit more agents ring by ring."""
    skill_of = {f"q{n}": f"s{n % SKILLS}" for n in range(QUEUES)}
    queues = {
        name: Queue(
            name,
            name,
            waiting_max=10_000_000,
            rings=(Ring(60.0, {skill: 5}), Ring(120.0, {skill: 3})),
        )
        for name, skill in skill_of.items()
    }
    people: dict[str, Agent] = {}
    for n in range(agents):
        known = {f"s{k}": chance.randint(3, 10) for k in chance.sample(range(SKILLS), 8)}
        mine = [name for name, skill in skill_of.items() if skill in known]
        served = {name: 0 for name in mine if chance.random() < 0.7}
        people[f"a{n}"] = Agent(f"a{n}", f"Agent {n}", known, served)
    return Centre(queues, people, skill_of)


def entry(n: int, place: Centre, chance: random.Random, now: float) -> Entry:
    queue = f"q{chance.randrange(QUEUES)}"
    return Entry(
        f"c{n}", queue, now, {place.skill_of[queue]: 8}, priority=chance.choice((0, 0, 0, 1))
    )


class Core:
    """How much of one core we had since this was made. (The processor time of a single decision is
    not measured: asking for it is a system call, which makes the next decision slower by half.)"""

    def __init__(self) -> None:
        self.clock, self.mine = time.perf_counter(), time.process_time()

    def percent(self) -> float:
        spent = time.perf_counter() - self.clock
        return round(100 * (time.process_time() - self.mine) / spent, 1)


def percentiles(seconds: list[float]) -> dict[str, float]:
    """Microseconds by the wall."""
    ordered = sorted(seconds)

    def at(share: float) -> float:
        return round(1e6 * ordered[min(int(share * len(ordered)), len(ordered) - 1)], 1)

    return {
        "per_second": round(len(ordered) / sum(ordered)),
        "p50_us": at(0.50),
        "p99_us": at(0.99),
        "p999_us": at(0.999),
        "worst_us": at(1.0),
    }


def both(seconds: list[float], core: Core) -> Figure:
    """The figure by the wall and by the processor."""
    share = core.percent()
    wall = percentiles(seconds)
    cpu = {"per_second": float(round(100 * wall["per_second"] / share))}
    return {"wall": wall, "cpu": cpu, "core_percent": {"mean": share}}


class Pauses:
    """How long the collector has worked each time, in seconds of processor time."""

    def __init__(self) -> None:
        self.seconds: list[float] = []
        self._began = 0.0

    def __call__(self, phase: str, _: dict[str, int]) -> None:
        if phase == "start":
            self._began = time.thread_time()
        else:
            self.seconds.append(time.thread_time() - self._began)

    def figure(self) -> dict[str, float]:
        return {"times": len(self.seconds), "worst_us": round(1e6 * max(self.seconds, default=0.0))}


class NoRecords(Router):
    """To see what the decision records cost: nothing is noted of an offer."""

    def __init__(self) -> None:
        super().__init__()
        self._records.note = lambda *_: None  # type: ignore[method-assign]


def agent_free(
    place: Centre,
    waiting: int,
    rounds: int,
    make: Callable[[], Router] = Router,
    taken_away: Callable[[], int] = int,
) -> Figure:
    """All agents busy, `waiting` entries in line: one agent after the other becomes free. Each
    answered entry is replaced by a new one, so the line stays as long as it is. The first rounds
    are not timed: an agent's list of queues is put together when he is first free. Decisions during
    which `taken_away` changes are left out."""
    chance = random.Random(2)
    router, now = make(), 0.0
    router.configure(place.queues, place.agents, now)
    names = list(place.agents)
    for name in names:
        router.agent_busy(name, now, "talking")
    for n in range(waiting):
        now += 1000.0 / waiting
        router.join(entry(n, place, chance, now), now)
    router.match(now)
    collecting.begin()
    pauses = Pauses()
    gc.callbacks.append(pauses)
    core = Core()
    times: list[float] = []
    for n in range(len(names) + rounds):
        if n == len(names):
            times.clear()
            pauses.seconds.clear()
            core = Core()
        now += 0.01
        name = names[n] if n < len(names) else chance.choice(names)
        router.match(now)  # rings that open do so in a tick of their own
        before = taken_away()
        started = time.perf_counter()
        router.agent_free(name, now)
        offers = router.match(now)
        collecting.after(n)
        spent = time.perf_counter() - started
        if taken_away() == before:
            times.append(spent)
        for offer in offers:
            router.accept(offer.entry, now)
            router.agent_busy(offer.agent, now, "talking")
            router.join(entry(waiting + n, place, chance, now), now)
        router.match(now)
    gc.callbacks.remove(pauses)
    gc.unfreeze()
    return both(times, core) | {"collector": pauses.figure()}


def taken_away() -> int:
    """How often the system has given this thread's core to another one so far."""
    return resource.getrusage(resource.RUSAGE_THREAD).ru_nivcsw


def caller_joins(place: Centre, rounds: int) -> tuple[Figure, Figure]:
    """Half of the agents idle, nobody waits: one caller after the other arrives, and another agent
    becomes free for each and sits down. The first callers with each requirement are not timed (see
    `new_requirement`)."""
    chance = random.Random(3)
    router, now = Router(), 0.0
    router.configure(place.queues, place.agents, now)
    names = list(place.agents)
    busy = names[::2]
    for name in names[1::2]:
        now += 0.001
        router.agent_free(name, now)
    for name in busy:
        router.agent_busy(name, now, "talking")
    router.match(now)
    collecting.begin()
    core = Core()
    times: list[float] = []
    sitting: list[float] = []
    for n in range(WARM_UP + rounds):
        if n == WARM_UP:
            times.clear()
            sitting.clear()
            core = Core()
        now += 0.01
        arriving = entry(n, place, chance, now)
        started = time.perf_counter()
        router.join(arriving, now)
        offers = router.match(now)
        collecting.after(n)
        times.append(time.perf_counter() - started)
        for offer in offers:
            router.accept(offer.entry, now)
            router.agent_busy(offer.agent, now, "talking")
            at = chance.randrange(len(busy))
            started = time.perf_counter()
            router.agent_free(busy[at], now)
            router.match(now)
            sitting.append(time.perf_counter() - started)
            busy[at] = offer.agent
    gc.unfreeze()
    return both(times, core), both(sitting, core)


def new_requirement(place: Centre) -> dict[str, float]:
    """What the first entry of a queue with a requirement not seen before costs: the engine looks
    once at all members of the queue."""
    router = Router()
    router.configure(place.queues, place.agents, 0.0)
    collecting.begin()
    times: list[float] = []
    for n, (queue, skill) in enumerate(place.skill_of.items()):
        arriving = Entry(f"c{n}", queue, 0.0, {skill: 8})
        started = time.perf_counter()
        router.join(arriving, 0.0)
        router.match(0.0)
        times.append(time.perf_counter() - started)
    gc.unfreeze()
    return percentiles(times)


def records_written(place: Centre, rounds: int = 300) -> dict[str, float]:
    """A record written out in full, with the reason of each of the queue's 1,100 members."""
    chance = random.Random(4)
    router = Router()
    router.configure(place.queues, place.agents, 0.0)
    for n, name in enumerate(place.agents):
        if n % 3:
            router.agent_free(name, 0.0)
        else:
            router.agent_busy(name, 0.0, "talking")
    times: list[float] = []
    for n in range(rounds):
        router.join(entry(n, place, chance, float(n)), float(n))
        for offer in router.match(float(n)):
            started = time.perf_counter()
            router.decision(offer).to_json()
            times.append(time.perf_counter() - started)
    return percentiles(times)


def simulated_day() -> dict[str, float]:
    """A day of a centre of 200 agents, four queues with skills and callers who give up."""
    exponential = Timed((Distribution("exponential", 300.0),))
    patience = Timed((Distribution("exponential", 240.0),))
    kinds = tuple(
        CallerClass(
            f"class {n}", f"q{n}", Timed((0.15,)), {"": exponential}, patience, skills={f"s{n}": 2}
        )
        for n in range(4)
    )
    groups = tuple(
        AgentGroup(
            f"g{n}",
            Timed((50,)),
            (f"q{n}", f"q{(n + 1) % 4}"),
            {f"s{n}": 5, f"s{(n + 1) % 4}": 3},
        )
        for n in range(4)
    )
    queues = {f"q{n}": Queue(f"q{n}", f"q{n}") for n in range(4)}
    scenario = Scenario(queues, kinds, groups, 86_400.0)
    cpu, started = time.process_time(), time.perf_counter()
    run = replicate(scenario, lambda name: random.Random(f"1/{name}"))
    seconds, spent = time.perf_counter() - started, time.process_time() - cpu
    figures = figures_of(scenario, run)
    return {
        "callers": len(run.callers),
        "decisions": run.decisions,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(spent, 2),
        "gini": round(
            max(figures[f"group/{one.name}"]["idle_time_gini"].value for one in groups), 4
        ),
    }


def idle_gini() -> dict[str, float]:
    """How equally agents with the same skills idle under longest-idle: 50 of them, one queue, 90 %
    busy, for five days of 24 hours.

    `by_chance`: what equal idle spells would still give, since who happens to have longer calls has
    fewer spells in the same time. A renewal process has in time T calls of deviation
    sqrt(T s^2 / c^3) about T / c (c: mean call and spell, s: deviation of a call), and the Gini
    coefficient of a normal figure is its relative deviation by sqrt(pi)."""
    handling, seconds, agents = 300.0, 5 * 86_400.0, 50
    kind = CallerClass(
        "all",
        "q",
        Timed((0.9 * agents / handling,)),
        {"": Timed((Distribution("exponential", handling),))},
        Timed((Distribution("none"),)),
    )
    group = AgentGroup("g", Timed((agents,)), ("q",), {})
    scenario = Scenario({"q": Queue("q", "q", waiting_max=10**7)}, (kind,), (group,), seconds)
    run = replicate(scenario, lambda name: random.Random(f"3/{name}"))
    figures = figures_of(scenario, run)["group/g"]
    cycle = handling / figures["occupancy"].value
    return {
        "gini": round(figures["idle_time_gini"].value, 4),
        "by_chance": round(handling / (seconds * cycle * pi) ** 0.5, 4),
        "gini_of_one_day_by_chance": round(handling / (86_400.0 * cycle * pi) ** 0.5, 4),
    }


def scan_free(place: Centre, waiting: int, rounds: int, shortcut: bool = False) -> Figure:
    """The naive way: by the rules, which of all waiting entries may the free agent take, and which
    of them comes first? With the `shortcut` the rules are asked only of those who come before the
    best one found so far; it still goes through all."""
    chance = random.Random(2)
    line = [entry(n, place, chance, n * 1000.0 / waiting) for n in range(waiting)]
    keyed = [(rules.order_key(one, place.queues[one.queue]), n) for n, one in enumerate(line)]
    rings = {name: rules.rings_of(queue) for name, queue in place.queues.items()}
    names = list(place.agents)
    now = 1000.0

    def best(agent: Agent) -> int | None:
        found: tuple[float, int] | None = None
        for n, one in enumerate(line):
            if one.queue not in agent.queues:
                continue
            if shortcut and found is not None and keyed[n] > found:
                continue
            ring = rules.ring_at(rings[one.queue], one.joined_at, now)
            if rules.lacking(agent, rules.requirement(one.skills, rings[one.queue], ring)) is None:
                found = keyed[n] if found is None else min(found, keyed[n])
        return None if found is None else found[1]

    core = Core()
    times: list[float] = []
    for _ in range(rounds):
        agent = place.agents[chance.choice(names)]
        started = time.perf_counter()
        best(agent)
        times.append(time.perf_counter() - started)
    return both(times, core)


def run(agents: int = 10_000, waiting: int = 100_000, rounds: int = 50_000) -> dict[str, object]:
    """All figures as one JSON-able value."""
    place = centre(agents, random.Random(1))
    say: Callable[[str], object] = lambda text: print(text, file=sys.stderr)  # noqa: E731
    say(f"routing: {agents} agents, {waiting} waiting, {QUEUES} queues, {SKILLS} skills")
    free = agent_free(place, waiting, rounds)
    say(f"  agent free    {free}")
    alone = agent_free(place, waiting, rounds // 2, taken_away=taken_away)
    say(f"  undisturbed   {alone}")
    bare = agent_free(place, waiting, rounds, NoRecords)
    say(f"  without recs  {bare}")
    joins, sits = caller_joins(place, rounds)
    say(f"  caller joins  {joins}")
    say(f"  sits down     {sits}")
    first = new_requirement(place)
    say(f"  new requirem. {first}")
    scan = scan_free(place, waiting, max(20, rounds // 2000))
    say(f"  exhaustive    {scan}")
    short = scan_free(place, waiting, max(20, rounds // 2000), shortcut=True)
    say(f"  with shortcut {short}")
    written = records_written(place)
    say(f"  record in full {written}")
    day = simulated_day()
    say(f"  simulated day {day}")
    equal = idle_gini()
    say(f"  idle time     {equal}")
    return {
        "agents": agents,
        "waiting": waiting,
        "queues_per_agent": round(sum(len(a.queues) for a in place.agents.values()) / agents, 1),
        "agent_free": free,
        "agent_free_undisturbed": alone,
        "agent_free_without_records": bare,
        "records_cost_percent": round(
            100 * (bare["cpu"]["per_second"] / free["cpu"]["per_second"] - 1), 1
        ),
        "caller_joins": joins,
        "agent_sits_down": sits,
        "record_written_in_full": written,
        "simulated_day": day,
        "equal_agents_idle_time": equal,
        "goal": {
            "per_second": 50_000,
            "p99_us": 100,
            "worst_us": 5_000,
            "times_faster": 1_000,
            "records_cost_percent": 30,
            "simulated_day_seconds": 5,
            "equal_agents_gini": 0.02,
        },
        "new_requirement": first,
        "exhaustive_scan": scan,
        "scan_with_shortcut": short,
        "times_faster": round(free["cpu"]["per_second"] / scan["cpu"]["per_second"]),
        "times_faster_than_with_shortcut": round(
            free["cpu"]["per_second"] / short["cpu"]["per_second"]
        ),
        "gc_thresholds": collecting.THRESHOLDS,
    }


if __name__ == "__main__":
    print(json.dumps(run(), indent=2))
