"""The figures once more, the slow way: from the rows of the raw event log and nothing else.

Written apart from `callcenter.reports`, with none of its code: each function walks over the events
of one call, or the states of one agent, and counts what the definition of a figure says in words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

Event = tuple[datetime, str, Mapping[str, Any]]
Day = tuple[date, str]
Sums = dict[str, int]


def day_of(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def ms(seconds: float) -> int:
    return round(seconds * 1000)


def of_queues(
    calls: Mapping[str, list[Event]], callbacks: Iterable[Mapping[str, Any]], zone: str
) -> dict[Day, Sums]:
    """Sums of queues by day. A stay is a dictionary; how it ended is found by looking ahead."""
    stays: list[dict[str, Any]] = []
    booked = {row["contact"]: row for row in callbacks}
    for call, events in calls.items():
        stays += _stays(events, call in booked)
    for contact, row in booked.items():
        if row["joined_at"] - row["changed_at"].timestamp() > 0.001:
            continue  # agreed for a time that never came, or has not come yet
        stays.append(_callback_stay(calls.get(contact, []), row))
    found: dict[Day, Sums] = defaultdict(lambda: defaultdict(int))
    for stay in stays:
        _count(found[day_of(stay["at"], zone), stay["queue"]], stay)
    return {key: {k: v for k, v in sums.items() if v} for key, sums in found.items()}


def _count(sums: Sums, stay: Mapping[str, Any]) -> None:
    how, wait = stay["how"], stay.get("wait", 0)
    if stay["again"]:
        sums["given_in"] += 1
        return
    if how == "returned":
        return
    sums["offered"] += 1
    late = wait > stay["target"]
    if how == "answered":
        sums["answered"] += 1
        sums["wait_answered_ms"] += wait
        sums["in_target"] += not late
        sums["by_callback"] += bool(stay.get("callback"))
    elif how == "abandoned":
        sums["abandoned"] += 1
        sums["wait_abandoned_ms"] += wait
        sums["abandoned_late"] += late
        sums["abandoned_short"] += wait <= 5000
    elif how == "waiting":
        sums["waiting"] += 1
    else:
        sums["diverted"] += 1


def _stays(events: list[Event], has_callback: bool) -> list[dict[str, Any]]:
    stays: list[dict[str, Any]] = []
    now: dict[str, Any] | None = None
    first: datetime | None = None
    talked, dialled, queue = False, False, ""

    def leave(at: datetime, how: str, wait: int | None = None, target: float | None = None) -> None:
        nonlocal now
        if now is None:
            return
        now["how"] = how
        now["wait"] = ms((at - (first or at)).total_seconds()) if wait is None else wait
        if target is not None:
            now["target"] = ms(target)
        now = None

    def join(at: datetime, name: str, target: float) -> None:
        nonlocal now, first, queue
        queue = name
        if talked or first is None:
            first = at
        now = {"at": at, "queue": name, "again": talked, "how": "waiting", "target": ms(target)}
        stays.append(now)

    for at, kind, data in events:
        if kind == "dialled":
            dialled = True
        elif kind == "queued":
            same = now is not None and now["queue"] == data["queue"]
            if (dialled and not talked) or same:
                queue = data["queue"]
                continue
            leave(at, "diverted")
            join(at, data["queue"], data["within"])
        elif kind == "place-kept" and now is not None and not now["again"]:
            first = datetime.fromtimestamp(data["joined_at"], UTC)
        elif kind == "moved":
            leave(at, "diverted")
            join(at, data["queue"], data["within"])
        elif kind in ("overflow", "diverted", "blocked"):
            leave(at, "diverted")
        elif kind == "leg-lost":
            join(at, queue, 20.0)
        elif kind == "answered":
            first_talk = now is not None and not now["again"]
            leave(at, "answered", ms(data["waited"]) if first_talk else None, data["within"])
            talked = True
        elif kind == "ended":
            gave_up = data["stage"] in ("waiting", "offered")
            leave(at, "abandoned" if gave_up else "diverted")
    return stays


def _callback_stay(events: list[Event], row: Mapping[str, Any]) -> dict[str, Any]:
    agreed = datetime.fromtimestamp(row["joined_at"], UTC)
    began = max(row["asked_at"], agreed)
    stay: dict[str, Any] = {"at": began, "queue": row["queue"], "again": False}
    target = next((data["within"] for _, kind, data in events if kind == "callback-asked"), 20.0)
    how = {"served": "answered", "returned": "returned", "": "waiting"}.get(row["outcome"])
    if how is None:
        how = "abandoned" if row["outcome"] in ("gave-up", "cancelled") else "diverted"
    wait = ms(row["changed_at"].timestamp() - row["joined_at"])
    if how == "answered":
        dialled = next(n for n, (_, kind, _) in enumerate(events) if kind == "dialled")
        data = next((data for _, kind, data in events[dialled:] if kind == "answered"), None)
        if data is not None:
            wait, target = ms(data["waited"]), data["within"]
    return stay | {"how": how, "wait": wait, "target": ms(target), "callback": True}


def of_agents(calls: Mapping[str, list[Event]], zone: str) -> dict[tuple[date, str], Sums]:
    """Talk, hold, ring and offers of agents by day, from the timelines alone."""
    found: dict[tuple[date, str], Sums] = defaultdict(lambda: defaultdict(int))
    for events in calls.values():
        ringing: dict[str, datetime] = {}
        for at, kind, data in events:
            if kind == "offered":
                ringing |= dict.fromkeys((data["agent"], *data.get("also", ())), at)
            elif kind == "answered":
                rung = at - ringing.pop(data["agent"], at)
                sums = found[day_of(at, zone), data["agent"]]
                sums["handled"] += 1
                sums["ring_ms"] += ms(rung.total_seconds())
            elif kind == "handed-over":
                found[day_of(at, zone), data["agent"]]["handled"] += 1
            elif kind == "offer-ended":
                agent = data["agent"]
                how = {"no-answer": "missed", "busy": "rejected", "refused": "rejected"}
                began = ringing.pop(agent, at)
                found[day_of(began, zone), agent][how.get(data["outcome"], "withdrawn")] += 1
            if kind in ("answered", "overflow", "moved", "diverted", "blocked", "ended"):
                for agent, began in ringing.items():
                    found[day_of(began, zone), agent]["withdrawn"] += 1
                ringing.clear()
            elif kind == "not-connected":
                for agent, began in ringing.items():
                    found[day_of(began, zone), agent]["withdrawn"] += 1
                ringing.clear()
    return {key: {k: v for k, v in sums.items() if v} for key, sums in found.items()}


@dataclass(frozen=True)
class Taken:
    """A line of a trunk; `until` None: it is taken still."""

    trunk: str
    outward: bool
    at: datetime
    until: datetime | None
    answered: datetime | None
    outcome: str


def of_trunks(calls: Mapping[str, list[Event]]) -> list[Taken]:
    """Every event that takes a line; what became of it is looked for in the events after it."""
    found = []
    for call, events in calls.items():
        for number, (_, kind, data) in enumerate(events):
            taking = kind
            if kind == "taken-up" and _holds_none(events[:number]):
                taking = "dialled" if call.startswith("out-") else "arrived"
            if "trunk" in data and taking in LOOK_FOR:
                taken = _taken(taking, events[number], events[number + 1 :])
                found += [taken] if taken is not None else []
    return found


def _holds_none(before: list[Event]) -> bool:
    """Who came while no service was there is found by the next one: his line counts from then."""
    changes = ("arrived", "dialled", "taken-up", "ended", "not-connected")
    last = next((kind for _, kind, _ in reversed(before) if kind in changes), "ended")
    return last in ("ended", "not-connected")


# By the event that takes a line: what answers it, and what sets it free.
LOOK_FOR = {
    "arrived": ((), ("ended",)),
    "dialled": (("reached", "answered", "leg-lost"), ("not-connected", "ended")),
    "consult": (
        ("consult-answered",),
        ("consult-ended", "outside-ended", "outside-failed", "ended"),
    ),
    "transfer": (("transfer-answered",), ("transfer-ended", "ended")),
}
WHY = {"unavailable": "unreachable", "refused": "rejected", "dropped": "cancelled"}
PLAIN = ("busy", "no-answer", "rejected", "invalid", "unreachable", "cancelled")


def _taken(kind: str, taking: Event, after: list[Event]) -> Taken | None:
    answers, frees = LOOK_FOR[kind]
    at, _, data = taking
    free = next((one for one in after if one[1] in frees), None)
    during = after if free is None else after[: after.index(free)]
    until = None if free is None else free[0]
    if kind == "arrived":
        talked = any(one[1] == "answered" for one in during)
        how = "open" if free is None else "answered" if talked else "unanswered"
        return Taken(data["trunk"], False, at, until, at, how)
    answered = next((one[0] for one in during if one[1] in answers), None)
    said = "cancelled" if free is None or free[1] == "ended" else free[2].get("outcome", "")
    if kind == "transfer" and said == "answered":
        answered = answered or at
    if answered is not None:
        how = "answered" if free is not None else "open"
    elif free is None:
        how = "dialling"
    elif kind == "dialled" and said in ("refused", "own-phone"):
        return None
    elif any(one[1] == "action-failed" and one[2]["kind"] == "refused" for one in during):
        return None
    else:
        said = WHY.get(said, said)
        how = said if said in PLAIN else "failed"
    return Taken(data["trunk"], True, at, until, answered, how)


def in_use(taken: Iterable[Taken], since: datetime, until: datetime) -> tuple[int, Any, timedelta]:
    """(most at once, when first, time in use of all lines) in a stretch: at each moment at which a
    line is taken, all are counted."""
    within = [
        (max(one.at, since), min(one.until or until, until))
        for one in taken
        if one.at < until and (one.until or until) > since
    ]
    most, when = 0, None
    for moment in sorted({begins for begins, _ in within}):
        lines = sum(1 for begins, ends in within if begins <= moment < ends)
        if lines > most:
            most, when = lines, moment
    return most, when, sum((ends - begins for begins, ends in within), timedelta())


def talk_and_hold(events: list[Event]) -> tuple[float, float]:
    """Seconds of talk and of hold in one call, all agents together."""
    talk, hold = timedelta(), timedelta()
    state, since = "", datetime.min.replace(tzinfo=UTC)
    changes = {
        "answered": "talk",
        "held": "hold",
        "unheld": "talk",
        "joined": "talk",
        "leg-lost": "",
        "parked": "",
        "ended": "",
        "queued": "",
        "flow": "",
        "diverted": "",
    }
    for at, kind, _ in events:
        if kind not in changes:
            continue
        talk += at - since if state == "talk" else timedelta()
        hold += at - since if state == "hold" else timedelta()
        state, since = changes[kind], at
    return talk.total_seconds(), hold.total_seconds()


def of_states(
    presences: Iterable[tuple[str, datetime, str, str]], zone: str
) -> dict[tuple[date, str, str, str], int]:
    """Milliseconds by day, agent, state and reason; the last state of each has no end yet."""
    by_agent: dict[str, list[tuple[datetime, str, str]]] = defaultdict(list)
    for agent, at, state, reason in presences:
        by_agent[agent].append((at, state, reason))
    found: dict[tuple[date, str, str, str], int] = defaultdict(int)
    for agent, spells in by_agent.items():
        for (since, state, reason), (until, _, _) in pairwise(spells):
            at = since
            while at < until:
                tomorrow = day_of(at, zone) + timedelta(days=1)
                midnight = datetime(
                    tomorrow.year, tomorrow.month, tomorrow.day, tzinfo=ZoneInfo(zone)
                ).astimezone(UTC)
                end = min(until, midnight)
                spent = ms(end.timestamp()) - ms(at.timestamp())
                found[day_of(at, zone), agent, state, reason] += spent
                at = end
    return {key: spent for key, spent in found.items() if spent}


def of_intervals(
    presences: Iterable[tuple[str, datetime, str, str]], edges: list[datetime], until: datetime
) -> list[tuple[int, int, int]]:
    """Milliseconds (signed in, busy, available) of all agents in each interval."""
    by_agent: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for agent, at, state, _ in presences:
        by_agent[agent].append((at, state))
    found = []
    for begins, ends in pairwise((*edges, until)):
        signed_in = busy = available = 0
        for spells in by_agent.values():
            for (since, state), (next_at, _) in pairwise(spells):
                a, b = max(since, begins), min(next_at, ends)
                if a >= b or state == "offline":
                    continue
                spent = ms(b.timestamp()) - ms(a.timestamp())
                signed_in += spent
                busy += spent if state in ("offered", "talking", "hold", "wrap-up") else 0
                available += spent if state == "available" else 0
        found.append((signed_in, busy, available))
    return found


def of_plan(
    days: Iterable[tuple[str, date, str, list[Any]]],
    presences: Iterable[tuple[str, datetime, str, str]],
) -> dict[tuple[str, date], Sums]:
    """Milliseconds of a plan kept and not kept, by agent and day; all of it is over. Each shift is
    cut into pieces at every moment at which the plan or the agent's state changes."""
    by_agent: dict[str, list[tuple[datetime, str]]] = defaultdict(list)
    for agent, at, state, _ in presences:
        by_agent[agent].append((at, state))
    found: dict[tuple[str, date], Sums] = {}
    for agent, day, zone, shifts in days:
        sums: Sums = defaultdict(int)
        for shift in shifts:
            _count_shift(sums, _pieces(day, zone, shift, by_agent[agent]))
        found[agent, day] = {name: spent for name, spent in sums.items() if spent}
    return {key: sums for key, sums in found.items() if sums}


def _pieces(
    day: date, zone: str, shift: Mapping[str, Any], spells: list[tuple[datetime, str]]
) -> list[tuple[str, str, int]]:
    """(plan, state, milliseconds) in the order of time."""

    def at(minute: int) -> datetime:
        there = datetime.combine(day, datetime.min.time()) + timedelta(minutes=minute)
        return there.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)

    begins, ends = at(shift["begins"]), at(shift["ends"])
    pauses = [(at(one), at(other)) for one, other in shift["breaks"]]
    cuts = {begins, ends, *(moment for pause in pauses for moment in pause)}
    cuts |= {moment for moment, _ in spells if begins < moment < ends}
    pieces = []
    for one, other in pairwise(sorted(cuts)):
        plan = "break" if any(a <= one < b for a, b in pauses) else "work"
        state = next((state for moment, state in reversed(spells) if moment <= one), "offline")
        pieces.append((plan, state, ms(other.timestamp()) - ms(one.timestamp())))
    return pieces


def _count_shift(sums: Sums, pieces: list[tuple[str, str, int]]) -> None:
    gone = ("offline", "unreachable")
    there = [number for number, (_, state, _) in enumerate(pieces) if state not in gone]
    for number, (plan, state, spent) in enumerate(pieces):
        away = state in gone
        with_call = state in ("talking", "hold", "wrap-up")
        if plan == "break":
            sums["planned_break_ms"] += spent
            worked = state in ("available", "offered")
            # Out of planned work that came before: since the shift began, or since he was there.
            since = there[-1] + 1 if there and number > there[-1] else 0
            before = any(kind == "work" for kind, _, _ in pieces[since:number])
            within = bool(there) and there[0] < number < there[-1]
            missed = away and not within and (before or not there)
            sums["break_worked_ms" if worked else "break_missed_ms" if missed else "kept_ms"] += (
                spent
            )
            continue
        sums["planned_ms"] += spent
        if state in ("available", "offered") or with_call:
            sums["kept_ms"] += spent
        elif not away:
            sums["unplanned_break_ms"] += spent
        elif not there:
            sums["absent_ms"] += spent
        elif number < there[0]:
            sums["late_ms"] += spent
        elif number > there[-1]:
            sums["left_early_ms"] += spent
        else:
            sums["away_ms"] += spent
