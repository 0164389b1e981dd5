"""`callcenter staff --simulated`: the agents each interval requires, by simulation.

The same as the page of staffing has beside the formula: `callcenter.reports.needed`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from acd.erlang import Target
from acd.required import REPLICATIONS, Assumed
from acd.staffing import Interval, rostered
from callcenter.reports.needed.task import Task, answer, to_json


def simulated_rows(
    intervals: Sequence[Interval],
    target: Target,
    assumed: Assumed,
    shrinkage: float,
    replications: int | None,
    seed: int,
) -> list[dict[str, Any]]:
    """`agents` None: no number of agents meets the target."""
    count = replications or REPLICATIONS
    task = Task(tuple(intervals), target, assumed, float("inf"), count, seed)
    rows = []
    for number, interval in enumerate(intervals, 1):
        typer.echo(f"interval {number} of {len(intervals)}", err=True)
        told = to_json(answer(task, interval)) or {"agents": None}
        agents = told["agents"]
        rows.append(
            {
                "start_seconds": interval.start,
                "calls": interval.calls,
                "handling_seconds": round(interval.handling, 3),
                "rostered": None if agents is None else rostered(agents, shrinkage),
                **told,
            }
        )
    return rows


def show_simulated(rows: Sequence[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(rows, indent=2))
        return
    table = Table()
    for head in ("from", "agents", "service level", "mean wait", "gave up", "busy"):
        table.add_column(head, justify="right")
    for row in rows:
        start = clock_of(row["start_seconds"])
        if row["agents"] is None:
            table.add_row(start, "none is enough", "", "", "", "")
            continue
        shares = [_share(row[name]) for name in ("service_level", "abandonment", "occupancy")]
        wait = _said(row["mean_wait"], 1.0, "s")
        table.add_row(start, str(row["agents"]), shares[0], wait, *shares[1:])
    Console(file=sys.stdout).print(table)


def clock_of(seconds: float) -> str:
    """Seconds from midnight as 09:30."""
    day = int(seconds) % 86_400
    return f"{day // 3600:02d}:{day % 3600 // 60:02d}"


def _share(pair: Sequence[float | None]) -> str:
    return _said(pair, 100.0, "%")


def _said(pair: Sequence[float | None], times: float, unit: str) -> str:
    mean, half = pair
    if mean is None:
        return "-"
    width = "" if half is None else f" ± {times * half:.1f}"
    return f"{times * mean:.1f} {unit}{width}"
