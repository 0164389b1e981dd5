"""Runs the parts in scripts/bench_parts, one after the other, and prints figures beside goals.

A part is a program that prints one JSON object; its progress goes to standard error. Goals stand
here, by part and path within that object, so that a part only measures. A goal that is missed is
said; it does not fail the run: a slow machine is no mistake.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = ROOT / "scripts" / "bench_parts"
RESULTS = ROOT / "var" / "bench"
PART_SECONDS_MAX = 1200


@dataclass(frozen=True, slots=True)
class Goal:
    """`path` within the part's JSON, dots between; `limit` is reached at or `above`, or below."""

    part: str
    path: str
    name: str
    limit: float
    unit: str
    above: bool = False

    def met(self, value: float) -> bool:
        return value >= self.limit if self.above else value <= self.limit


GOALS = (
    Goal("queueing", "free_to_invite.ours.p50_ms", "agent free -> next INVITE, p50", 8, "ms"),
    Goal("queueing", "free_to_invite.ours.p99_ms", "agent free -> next INVITE, p99", 25, "ms"),
    Goal(
        "queueing",
        "free_to_invite.times_faster",
        "  times faster than app_queue (p50)",
        30,
        "x",
        above=True,
    ),
    Goal(
        "queueing",
        "join_to_invite.later_ms",
        "join, idle agent -> INVITE: p50 later than app_queue",
        5,
        "ms",
    ),
    Goal("queueing", "cpu_ms_a_call", "CPU of the service, a call", 3, "ms"),
    Goal("queueing", "our_share.p99_ms", "our share: event read -> action written, p99", 1, "ms"),
    Goal("ami_parser", "times_panoramisk", "AMI parser, times panoramisk", 4, "x", above=True),
    Goal(
        "ami_parser",
        "ours.good_delivered",
        "good frames among as many bad, in order",
        10_000,
        "",
        above=True,
    ),
    Goal(
        "painting",
        "record_first",
        "record visible before the phone rings, of 100",
        100,
        "",
        above=True,
    ),
    Goal("painting", "invite_to_painted.p99_ms", "INVITE at browser -> painted, p99", 60, "ms"),
    Goal("opening", "placed.p50_ms", "a flow of 500 nodes opens in the designer, p50", 1000, "ms"),
    Goal("menus", "one.p50_ms", "key -> next prompt's first RTP packet, p50", 60, "ms"),
    Goal("menus", "one.p99_ms", "key -> next prompt's first RTP packet, p99", 150, "ms"),
    Goal("menus", "crowd.lost", "200 callers in menus: who lost a key", 0, ""),
    Goal("menus", "crowd.service_cpu_percent", "200 callers in menus: CPU of the service", 25, "%"),
    Goal("survival", "callers_lost", "callers lost in kill -9, 5 times", 0, ""),
    Goal("survival", "interactions_lost_or_doubled", "  interactions lost or doubled", 0, ""),
    Goal("survival", "overtaken", "  callers overtaken", 0, ""),
    Goal("live", "event_to_painted.p50_ms", "event -> painted at a supervisor, p50", 40, "ms"),
    Goal("live", "event_to_painted.p99_ms", "  p99, 200 agents, 20 calls/s", 150, "ms"),
    Goal("consoles", "p99_ms", "1,000 consoles, 20 updates/s: delivery p99", 50, "ms"),
    Goal("consoles", "core_percent", "  of one core", 25, "%"),
    Goal("desk", "first_paint.p50_ms", "console: first paint on the loopback, p50", 1000, "ms"),
    Goal("desk", "fetched.gzip_kb", "  JavaScript until the desk stands idle, gzip", 320, "kB"),
    Goal("desk", "fetched.kb", "    as this browser fetched it", 320, "kB"),
    Goal(
        "desk",
        "frames.agents.frames_a_second",
        "  frames/s while 200 agents change each second",
        59,
        "/s",
        above=True,
    ),
    Goal("desk", "frames.agents.cpu_percent", "    CPU of the page for that", 50, "%"),
    Goal("desk", "frames.queues.cpu_percent", "    and of the page of queues", 50, "%"),
    Goal("desk", "frames.desk.cpu_percent", "    and of an agent's desk", 50, "%"),
    Goal("desk", "resume.agent_hears_p50_s", "  loaded anew in a talk: agent hears, p50", 2, "s"),
    Goal("customers", "open_customer.p99_ms", "customer with 5,000 entries opens, p99", 100, "ms"),
    Goal("customers", "pop.p99_ms", "  and the caller's record (pop), p99", 20, "ms"),
    Goal(
        "ivr", "node_steps_per_second.decisions", "menu steps a second", 100_000, "/s", above=True
    ),
    Goal("ivr", "fuzz.disagreements", "  flows that checker and session disagree on", 0, ""),
    Goal(
        "routing",
        "agent_free.cpu.per_second",
        "routing: agent free, decisions a second",
        50_000,
        "/s",
        above=True,
    ),
    Goal(
        "routing",
        "caller_joins.cpu.per_second",
        "  caller joins, decisions a second",
        50_000,
        "/s",
        above=True,
    ),
    Goal("routing", "agent_free.wall.p99_us", "  agent free, p99 by the wall", 100, "us"),
    Goal("routing", "caller_joins.wall.p99_us", "  caller joins, p99 by the wall", 100, "us"),
    Goal("routing", "agent_free.wall.worst_us", "  agent free, worst by the wall", 5000, "us"),
    Goal("routing", "caller_joins.wall.worst_us", "  caller joins, worst by the wall", 5000, "us"),
    Goal("routing", "times_faster", "  times an exhaustive scan", 1000, "x", above=True),
    Goal("routing", "records_cost_percent", "  decision records cost", 30, "%"),
    Goal("routing", "simulated_day.seconds", "  a day of 200 agents simulated", 5, "s"),
    Goal("routing", "equal_agents_idle_time.gini", "  Gini of equal agents' idle time", 0.02, ""),
    Goal("recordings", "in_all", "100 talks recorded and encoded: cores in all", 1.5, ""),
    Goal("recordings", "wrong", "  files without all of both sides", 0, ""),
    Goal("reports", "interactions", "reports: interactions of a year", 10_000_000, "", above=True),
    Goal("reports", "year_by_queue.ms", "  a year by queue", 200, "ms"),
    Goal("reports", "day_by_quarter.ms", "  a day by 15 minutes", 50, "ms"),
    Goal("reports", "agent_year.ms", "  percentile of an agent's year", 2000, "ms"),
    Goal("search", "interactions", "search: interactions of a year", 10_000_000, "", above=True),
    Goal("search", "p95_ms", "  a page by number, name, text, agent, time; p95", 300, "ms"),
    Goal("search", "worst_kind_p95_ms", "    of the slowest kind", 300, "ms"),
    Goal("reports", "unequal", "  of these, not equal to a recount of the raw rows", 0, ""),
)

# Parts by one name: what a person sees of the console.
FAMILIES = {"console": ("desk", "customers")}


def main() -> int:
    known = sorted(path.stem for path in PARTS.glob("[a-z]*.py"))
    arguments = argparse.ArgumentParser(description="Measures, and prints figures beside goals.")
    arguments.add_argument(
        "parts", nargs="*", metavar="PART", help=f"of: {', '.join([*known, *FAMILIES])}"
    )
    named = arguments.parse_args().parts or known
    chosen = [part for name in named for part in FAMILIES.get(name, (name,))]
    unknown = set(chosen) - set(known)
    if unknown:
        arguments.error(f"there is no part {', '.join(sorted(unknown))}; parts: {', '.join(known)}")
    figures: dict[str, object] = {}
    failed = []
    for name in chosen:
        print(f"== {name}", file=sys.stderr, flush=True)
        result = measure(name)
        if result is None:
            failed.append(name)
        else:
            figures[name] = result
    file = write(figures)
    print("\n".join(table(figures)))
    print(f"\nAll figures: {file}")
    if failed:
        print(f"Failed: {', '.join(failed)} (what they said stands above)")
    return 1 if failed else 0


def measure(name: str) -> object | None:
    """What the part printed; None if it failed."""
    began = time.monotonic()
    try:
        done = subprocess.run(
            [sys.executable, "-m", f"scripts.bench_parts.{name}"],
            cwd=ROOT,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            timeout=PART_SECONDS_MAX,
            check=False,
        )
        result: object = json.loads(done.stdout)
    except (subprocess.TimeoutExpired, ValueError) as error:
        print(f"   {name}: {error}", file=sys.stderr)
        return None
    print(f"   {time.monotonic() - began:.0f} s", file=sys.stderr)
    return result if done.returncode == 0 else None


def write(figures: dict[str, object]) -> Path:
    RESULTS.mkdir(parents=True, exist_ok=True)
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    file = RESULTS / f"{stamp}.json"
    file.write_text(json.dumps({"machine": machine(), "figures": figures}, indent=2))
    return file


def machine() -> dict[str, object]:
    """What the figures depend on."""
    model = ""
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.partition(":")[2].strip()
            break
    return {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "cores": os.cpu_count(),
        "processor": model,
        "load_before_and_after": os.getloadavg(),
        "python": platform.python_version(),
        "system": platform.platform(),
    }


def table(figures: dict[str, object]) -> Iterator[str]:
    load = os.getloadavg()[0]
    yield f"{os.cpu_count()} cores, load now {load:.1f}"
    yield f"{'figure':<52} {'measured':>12} {'goal':>12}"
    for goal in GOALS:
        if goal.part not in figures:
            continue
        value = look_up(figures[goal.part], goal.path)
        sign = ">=" if goal.above else "<="
        wanted = f"{sign} {goal.limit:,g} {goal.unit}".rstrip()
        if value is None:
            yield f"{goal.name:<52} {'not measured':>12} {wanted:>12}"
            continue
        verdict = "met" if goal.met(value) else "MISSED"
        measured = f"{_number(value)} {goal.unit}".rstrip()
        yield f"{goal.name:<52} {measured:>12} {wanted:>12}   {verdict}"


def look_up(value: object, path: str) -> float | None:
    for name in path.split("."):
        if not isinstance(value, dict) or name not in value:
            return None
        value = value[name]
    return float(value) if isinstance(value, int | float) else None


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.3g}"


if __name__ == "__main__":
    sys.exit(main())
