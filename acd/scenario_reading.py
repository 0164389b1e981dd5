"""Plain values (from YAML or JSON) to a scenario: all mistakes at once, each with its place.

A place is a path such as `callers[0].patience.exponential_mean_seconds`; whoever has the text can
turn it into a line. The format itself is written down in `acd.scenario_schema`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from acd import rules
from acd.checked import Mistake, Reader, inside
from acd.model import Queue
from acd.scenario import AgentGroup, CallerClass, Distribution, Scenario, Timed, agent_of
from acd.scenario_queues import read_queues
from acd.scenario_times import distribution, handling_times, part, timed, times

AGENTS_MAX = 20_000
CALLERS_MAX = 10_000_000

TOP = (
    "horizon_seconds",
    "warmup_seconds",
    "replications",
    "busyness",
    "drain",
    "short_abandon_seconds",
    "queues",
    "callers",
    "agents",
)


def read_scenario(data: object) -> tuple[Scenario | None, list[Mistake]]:
    """The scenario, or None with all mistakes."""
    reader = Reader()
    top = reader.table(data, "", TOP)
    for needed in ("horizon_seconds", "queues", "callers", "agents"):
        if isinstance(data, Mapping) and top.get(needed) is None:
            reader.wrong(needed, "is missing")
    horizon = reader.optional(top, "horizon_seconds", "", reader.above_zero) or 1.0
    warmup = reader.optional(top, "warmup_seconds", "", reader.number) or 0.0
    if warmup >= horizon:
        reader.wrong("warmup_seconds", f"must be less than horizon_seconds ({horizon:g})")
    queues = read_queues(reader, top.get("queues"))
    callers = [
        _callers(reader, item, place, queues)
        for place, item in (
            reader.items(top["callers"], "callers") if top.get("callers") is not None else []
        )
    ]
    agents = [
        _agents(reader, item, place, queues)
        for place, item in (
            reader.items(top["agents"], "agents") if top.get("agents") is not None else []
        )
    ]
    _twice(reader, "callers", [one.name for one in callers])
    _twice(reader, "agents", [one.name for one in agents])
    _groups_known(reader, callers, agents, top)
    replications = reader.optional(
        top, "replications", "", lambda value, place: reader.whole(value, place, 1, 100_000)
    )
    drain = reader.optional(top, "drain", "", reader.flag)
    short = reader.optional(top, "short_abandon_seconds", "", reader.number)
    scenario = Scenario(
        queues,
        tuple(callers),
        tuple(agents),
        horizon,
        warmup,
        replications or 20,
        _busyness(reader, top.get("busyness")),
        True if drain is None else drain,
        5.0 if short is None else short,
    )
    _bounded(reader, scenario)
    return (None if reader.mistakes else scenario), reader.mistakes


def unserved(scenario: Scenario) -> list[str]:
    """Classes of callers whom no agent of the scenario may ever serve."""
    return [
        kind.name
        for kind in scenario.callers
        if not any(_serves(group, kind, scenario.queues) for group in scenario.agents)
    ]


def _serves(group: AgentGroup, kind: CallerClass, queues: Mapping[str, Queue]) -> bool:
    """In any ring of the queue, or of one that it flows over into?"""
    if not max(group.count.values):
        return False
    agent = agent_of(group, group.name)
    reached, looked = [kind.queue], set[str]()
    while reached:
        queue = queues[reached.pop()]
        looked.add(queue.id)
        rings = rules.rings_of(queue)
        member = rules.member_ring(agent, queue, rings)
        loosest = rules.requirement(kind.skills, rings, len(rings))
        if member is not None and rules.lacking(agent, loosest) is None:
            return True
        targets = {rule.target for rule in queue.overflow if rule.action == "queue"}
        reached += targets - looked
    return False


def _twice(reader: Reader, place: str, names: Sequence[str]) -> None:
    for n, name in enumerate(names):
        if name and name in names[:n]:
            reader.wrong(f"{place}[{n}]", f"{name!r} is there twice; names must differ")


def _groups_known(
    reader: Reader,
    callers: Sequence[CallerClass],
    agents: Sequence[AgentGroup],
    top: Mapping[str, object],
) -> None:
    """Every group that may answer a class has a handling time, and no other is named."""
    names = {group.name for group in agents}
    for n, kind in enumerate(callers):
        place = f"callers[{n}].handling"
        for name in kind.handling:
            if name and name not in names:
                reader.wrong(inside(place, name), "there is no agent group of this name")
        if "" in kind.handling or not kind.handling:
            continue
        missing = [g.name for g in agents if kind.queue in g.queues and g.name not in kind.handling]
        if missing:
            reader.wrong(place, f"says nothing for the agent groups {', '.join(missing)}")


def _bounded(reader: Reader, scenario: Scenario) -> None:
    rate = sum(max(kind.rate.values) for kind in scenario.callers)
    if rate * scenario.horizon_seconds > CALLERS_MAX:
        reader.wrong("callers", f"more than {CALLERS_MAX} callers in a replication; shorten it")
    if sum(max(group.count.values) for group in scenario.agents) > AGENTS_MAX:
        reader.wrong("agents", f"more than {AGENTS_MAX} agents")


def _busyness(reader: Reader, value: object) -> float | None:
    if value is None:
        return None
    table = reader.table(value, "busyness", ("gamma_shape", "none"))
    if table.get("none") is True and len(table) == 1:
        return None
    if "gamma_shape" not in table or len(table) != 1:
        reader.wrong("busyness", "must be {gamma_shape: NUMBER} or {none: true}")
        return None
    return reader.above_zero(table["gamma_shape"], "busyness.gamma_shape")


# -- callers and agents -------------------------------------------------------------------------
CALLER = (
    "name",
    "queue",
    "arrivals_per_hour",
    "patience",
    "patience_zero_probability",
    "handling",
    "skills",
    "priority",
    "value_seconds",
)


def _callers(reader: Reader, value: object, place: str, queues: Mapping[str, Queue]) -> CallerClass:
    table = reader.table(value, place, CALLER)
    name = reader.word(table.get("name"), f"{place}.name")
    queue = reader.word(table.get("queue"), f"{place}.queue")
    if queue and queue not in queues:
        reader.wrong(f"{place}.queue", f"there is no queue {queue!r}")
    rate = timed(
        reader,
        table.get("arrivals_per_hour"),
        f"{place}.arrivals_per_hour",
        lambda item, at: reader.number(part(item, "per_hour"), at) / 3600.0,
        ("per_hour",),
    )
    patience = Timed((Distribution("none"),))
    if table.get("patience") is not None:
        patience = times(reader, table["patience"], f"{place}.patience", forever=True)
    balking = reader.optional(
        table,
        "patience_zero_probability",
        place,
        lambda item, at: reader.number(item, at, 0.0, 1.0),
    )
    priority = reader.optional(
        table, "priority", place, lambda item, at: reader.whole(item, at, -1000, 1000)
    )
    return CallerClass(
        name,
        queue,
        rate,
        handling_times(reader, table.get("handling"), f"{place}.handling"),
        patience,
        balking or 0.0,
        reader.optional(table, "skills", place, reader.levels) or {},
        priority or 0,
        reader.optional(table, "value_seconds", place, reader.number) or 0.0,
    )


AGENTS = (
    "group",
    "count",
    "queues",
    "skills",
    "groups",
    "weight",
    "answer",
    "miss_probability",
)


def _agents(reader: Reader, value: object, place: str, queues: Mapping[str, Queue]) -> AgentGroup:
    table = reader.table(value, place, AGENTS)
    name = reader.word(table.get("group"), f"{place}.group")
    count = timed(
        reader,
        table.get("count"),
        f"{place}.count",
        lambda item, at: reader.whole(part(item, "count"), at, 0, AGENTS_MAX),
        ("count",),
    )
    served: list[str] = []
    for at, item in reader.items(table.get("queues"), f"{place}.queues"):
        queue = reader.word(item, at)
        if queue and queue not in queues:
            reader.wrong(at, f"there is no queue {queue!r}")
        served.append(queue)
    groups = reader.items(table.get("groups") or [], f"{place}.groups", 0)
    weight = reader.optional(
        table, "weight", place, lambda item, at: reader.whole(item, at, 0, 1_000_000)
    )
    misses = reader.optional(
        table, "miss_probability", place, lambda item, at: reader.number(item, at, 0.0, 1.0)
    )
    return AgentGroup(
        name,
        count,
        tuple(served),
        reader.optional(table, "skills", place, reader.levels) or {},
        frozenset(reader.word(item, at) for at, item in groups),
        1 if weight is None else weight,
        reader.optional(table, "answer", place, lambda item, at: distribution(reader, item, at)),
        misses or 0.0,
    )
