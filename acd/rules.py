"""The rules of routing as small pure functions: who may serve whom, and in which order.

Each rule is stated once, here, without any data structure; `acd.router` only makes them fast. This
file must not know what is waiting or who is free.
"""

from __future__ import annotations

from collections.abc import Mapping

from acd.model import Agent, Entry, Queue, Ring

# Where a member by group (not named in the queue) stands in the linear order: after all others.
GROUP_POSITION = 1_000_000

# Agents in these states are at work: they will be free again without anybody's decision.
WORKING = frozenset({"free", "offered", "talking", "hold", "wrap-up", "back-off"})


def rings_of(queue: Queue) -> tuple[Ring, ...]:
    """The queue's rings in the order in which they open."""
    return tuple(sorted(queue.rings, key=lambda ring: ring.after_seconds))


def ring_at(rings: tuple[Ring, ...], joined_at: float, now: float) -> int:
    """How many rings are open for an entry that joined at `joined_at` (0: only the inner one)."""
    count = 0
    for ring in rings:
        if now < joined_at + ring.after_seconds:
            break
        count += 1
    return count


def requirement(skills: Mapping[str, int], rings: tuple[Ring, ...], ring: int) -> dict[str, int]:
    """The minima that hold in `ring`. A ring only ever relaxes: a minimum above the entry's own,
    or for a skill the entry does not ask for, changes nothing."""
    minima = {name: level for name, level in skills.items() if level > 0}
    for opened in rings[:ring]:
        for name, level in opened.minima.items():
            if name in minima and level < minima[name]:
                minima[name] = level
    return {name: level for name, level in minima.items() if level > 0}


def member_ring(agent: Agent, queue: Queue, rings: tuple[Ring, ...]) -> int | None:
    """The first ring in which the agent belongs to the queue; None if in no ring."""
    if queue.id in agent.queues or agent.groups & queue.groups:
        return 0
    for number, ring in enumerate(rings, start=1):
        if agent.groups & ring.groups:
            return number
    return None


def lacking(agent: Agent, minima: Mapping[str, int]) -> tuple[str, int] | None:
    """The first skill (by name) in which the agent is below the minimum, with the minimum."""
    for name in sorted(minima):
        if agent.skills.get(name, 0) < minima[name]:
            return name, minima[name]
    return None


def proficiency(agent: Agent, skills: Mapping[str, int]) -> int:
    """The agent's levels in the skills the entry asked for at first, added up."""
    return sum(agent.skills.get(name, 0) for name in skills)


def place_in(agent: Agent, queue: str) -> tuple[int, str]:
    """The agent's place in the fixed order of the queue's members."""
    return agent.queues.get(queue, GROUP_POSITION), agent.id


def order_key(entry: Entry, queue: Queue) -> float:
    """The static key of an entry: who has the lower one is served first.

    Ageing and priority in one number: a point of priority is worth `priority_seconds` of waiting,
    customer value a bounded number of seconds, and with deadline order the key is the moment at
    which the service level would be missed (earliest deadline first). Since everybody's key is
    fixed while time runs, nobody can be passed for ever. Where priorities age at different paces
    (`slope`) the order is static among entries of one pace only; see `aged`."""
    offset = queue.priority_seconds * entry.priority
    if entry.value_seconds > 0.0:
        offset += min(entry.value_seconds, queue.value_offset_max_seconds)
    if queue.ageing:
        offset /= slope(entry, queue)
    if queue.order == "deadline":
        return entry.joined_at + queue.service_level_seconds - offset
    return entry.joined_at - offset


def slope(entry: Entry, queue: Queue) -> float:
    """For how many seconds a second of waiting counts. Deadlines do not age."""
    if not queue.ageing or queue.order != "fcfs":
        return 1.0
    return queue.ageing.get(entry.priority, 1.0)


def aged(key: float, slope: float, now: float) -> float:
    """The key that an entry of pace 1 would have who stands level with this one at `now`
    (accumulating priority: Kleinrock 1964; Stanford, Taylor and Ziedins 2014)."""
    return key if slope == 1.0 else now - slope * (now - key)


def target_seconds(queue: Queue) -> float:
    """What deadline order adds to the moment of joining; 0 for first come, first served."""
    return queue.service_level_seconds if queue.order == "deadline" else 0.0


Turn = tuple[int, float, float]


def turn(key: float, target: float, slope: float, now: float) -> Turn:
    """The order between queues at `now`: late entries by how long they wait, before those whose
    deadline is still to come. So a late call is never put off in favour of one that can still be
    in time, and with first come, first served it is plainly the (aged) key. The key itself comes
    last, so that rounding never turns round the order of two entries of one queue."""
    if slope != 1.0:
        key_now = now - slope * (now - key)
        return 0 if key <= now else 1, key_now, key
    if key <= now:
        return 0, key - target, key
    return 1, key, key
