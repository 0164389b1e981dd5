"""`callcenter staff`: how many agents for a target, by formula or by simulation."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from acd.erlang import Target, Waiting, with_abandonment, without_abandonment
from acd.required import Assumed, Required, Summary, required
from acd.scenario import Scenario
from acd.staffing import Interval, Staffing, intervals_of, staffing
from acd.tally import summarise
from callcenter.cli.simulate import load_scenario, run_all
from callcenter.cli.staff_simulated import clock_of, show_simulated, simulated_rows

MISTAKES = 2
FAILED = 1
PLOT_WIDTH = 24
NEIGHBOURS = 4
MOST = 20_000
REPLICATIONS = 10


class Mistaken(ValueError):
    """What was typed makes no sense; the message says what to do."""


def read_traffic(path: Path, interval_seconds: float) -> list[Interval]:
    """Traffic from CSV with a header: either `calls, handling_seconds` (and `start_seconds`, else
    one row after the other), an interval a row; or `arrived_at, handled_seconds`, a call a row."""
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
        if not rows:
            raise Mistaken(f"{path}: no row of traffic; a header and at least one row are needed")
    names = set(rows[0])
    if {"arrived_at", "handled_seconds"} <= names:
        calls = [
            (_number(path, n, row, "arrived_at"), _number(path, n, row, "handled_seconds"))
            for n, row in enumerate(rows, start=2)
        ]
        return intervals_of(calls, interval_seconds)
    if {"calls", "handling_seconds"} <= names:
        return [
            Interval(
                _number(path, n, row, "start_seconds")
                if "start_seconds" in names
                else (n - 2) * interval_seconds,
                interval_seconds,
                _number(path, n, row, "calls"),
                _number(path, n, row, "handling_seconds", 0.001),
            )
            for n, row in enumerate(rows, start=2)
        ]
    raise Mistaken(
        f"{path}: the header must have calls and handling_seconds (an interval a row), or "
        f"arrived_at and handled_seconds (a call a row); it has {', '.join(sorted(names))}"
    )


def _number(path: Path, line: int, row: dict[str, str], column: str, least: float = 0.0) -> float:
    try:
        number = float(row[column])
    except (TypeError, ValueError):
        raise Mistaken(f"{path}, line {line}, {column}: not a number: {row[column]!r}") from None
    if not least <= number < 1e12:
        raise Mistaken(f"{path}, line {line}, {column}: must be {least:g} or more, not {number}")
    return number


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options that say what is wanted."""

    target: Target
    patience: float | None
    shrinkage: float


def _row(one: Staffing) -> dict[str, float | int]:
    waiting = one.waiting
    return {
        "start_seconds": one.interval.start,
        "calls": one.interval.calls,
        "handling_seconds": round(one.interval.handling, 3),
        "erlang": round(one.interval.load, 3),
        "agents": waiting.agents,
        "rostered": one.rostered,
        "service_level": round(waiting.service_level, 5),
        "probability_of_waiting": round(waiting.probability_of_waiting, 5),
        "mean_wait": round(waiting.mean_wait, 3),
        "mean_wait_answered": round(waiting.mean_wait_answered, 3),
        "probability_of_abandonment": round(waiting.probability_of_abandonment, 5),
        "occupancy": round(waiting.occupancy, 5),
    }


def _around(interval: Interval, wanted: Wanted, agents: int) -> list[Waiting]:
    """A few agents fewer and more."""
    within = wanted.target.within
    return [
        without_abandonment(n, interval.rate, interval.handling, within)
        if wanted.patience is None
        else with_abandonment(n, interval.rate, interval.handling, wanted.patience, within)
        for n in range(max(agents - NEIGHBOURS, 1), agents + NEIGHBOURS + 1)
    ]


def _show(rows: list[Staffing], wanted: Wanted) -> None:
    console = Console(file=sys.stdout)
    if len(rows) == 1:
        interval, agents = rows[0].interval, rows[0].waiting.agents
        table = _table("service level", "had to wait", "mean wait", "gave up", "busy")
        for waiting in _around(interval, wanted, agents):
            chosen = " <-" if waiting.agents == agents else ""
            table.add_row(f"{waiting.agents}{chosen}", *_cells(waiting), _bar(waiting))
        console.print(table)
        typer.echo(f"{agents} agents on the phone, {rows[0].rostered} on the roster.")
        return
    table = _table(
        "agents", "service level", "had to wait", "mean wait", "gave up", "busy", first="from"
    )
    most = max(one.waiting.agents for one in rows) or 1
    for one in rows:
        bar = "#" * round(PLOT_WIDTH * one.waiting.agents / most)
        count = str(one.waiting.agents)
        table.add_row(clock_of(one.interval.start), count, *_cells(one.waiting), bar)
    console.print(table)
    hours = sum(one.rostered * one.interval.seconds for one in rows) / 3600
    typer.echo(f"{hours:.1f} paid hours in all.")


def _table(*heads: str, first: str = "agents") -> Table:
    table = Table()
    table.add_column(first)
    for head in heads:
        table.add_column(head, justify="right")
    table.add_column("")
    return table


def _cells(waiting: Waiting) -> list[str]:
    return [
        f"{100 * waiting.service_level:.1f} %",
        f"{100 * waiting.probability_of_waiting:.1f} %",
        f"{waiting.mean_wait:.1f} s",
        f"{100 * waiting.probability_of_abandonment:.1f} %",
        f"{100 * waiting.occupancy:.1f} %",
    ]


def _bar(waiting: Waiting) -> str:
    return "#" * round(PLOT_WIDTH * waiting.service_level)


# -- by simulation ------------------------------------------------------------------------------
def _simulated(scenario: Scenario, count: int, seed: int) -> Summary:
    jobs = os.cpu_count() or 1
    done = list(run_all(scenario, seed, count, jobs))
    return summarise([one.figures for one in done])


def by_simulation(
    scenario: Scenario, group: str, target: Target, replications: int, seed: int
) -> Required | None:
    """The fewest agents in `group` with which the simulated centre meets the target, the other
    groups as they are. The same callers are used for each try."""

    def told(trial: Scenario) -> Summary:
        count = next(one for one in trial.agents if one.name == group).count.values[0]
        typer.echo(f"trying {count} in {group}", err=True)
        return _simulated(trial, replications, seed)

    now = next(one for one in scenario.agents if one.name == group)
    return required(scenario, group, target, told, max(now.count.values), MOST)


def _search(
    scenario_file: Path,
    group: str | None,
    target: Target,
    replications: int,
    seed: int,
    as_json: bool,
) -> None:
    scenario = load_scenario(scenario_file)
    names = [one.name for one in scenario.agents]
    if group is None and len(names) == 1:
        group = names[0]
    if group not in names:
        raise Mistaken(f"say with --group which to change: {', '.join(names)}")
    found = by_simulation(scenario, group, target, replications, seed)
    if found is None:
        typer.echo("No number of agents in this group meets the target.", err=True)
        raise typer.Exit(FAILED)
    count, figures = found.agents, found.figures
    if as_json:
        values = {name: one.to_json() for name, one in figures.items()}
        typer.echo(json.dumps({"group": group, "agents": count, "figures": values}, indent=2))
        return
    level = figures["service_level_of_offered"]
    typer.echo(
        f"{count} agents in {group}: {100 * level.mean:.1f} % (± {100 * level.half_width:.1f}) of "
        f"all callers answered in time, mean wait {figures['mean_wait_all'].mean:.1f} s, "
        f"{100 * figures['probability_of_abandonment'].mean:.1f} % gave up."
    )


def staff(
    calls_per_hour: Annotated[float | None, typer.Option(min=0.0, max=1e7)] = None,
    handling: Annotated[
        float | None, typer.Option(min=0.1, max=1e6, help="Talking and wrap-up, mean seconds.")
    ] = None,
    traffic: Annotated[
        Path | None, typer.Option(help="CSV: an interval a row, or a logged call a row.")
    ] = None,
    interval: Annotated[float, typer.Option(min=60.0, help="Seconds of an interval.")] = 1800.0,
    patience: Annotated[
        float | None, typer.Option(min=0.1, help="Mean seconds until a caller gives up (Erlang A).")
    ] = None,
    level: Annotated[
        float | None, typer.Option(min=0.0, max=100.0, help="Per cent answered in time (80).")
    ] = None,
    within: Annotated[float, typer.Option(min=0.0, help="What in time means, seconds.")] = 20.0,
    mean_wait: Annotated[float | None, typer.Option(min=0.0, help="At most, seconds.")] = None,
    abandonment: Annotated[
        float | None, typer.Option(min=0.0, max=100.0, help="At most, per cent.")
    ] = None,
    occupancy_max: Annotated[
        float | None, typer.Option(min=1.0, max=100.0, help="Agents busy at most, per cent.")
    ] = None,
    shrinkage: Annotated[
        float, typer.Option(min=0.0, max=95.0, help="Paid time off the phone, per cent.")
    ] = 0.0,
    scenario: Annotated[
        Path | None, typer.Option(help="Search by simulation in this scenario (with skills).")
    ] = None,
    group: Annotated[str | None, typer.Option(help="The agent group to change.")] = None,
    simulated: Annotated[
        bool, typer.Option("--simulated", help="Traffic by simulation, as the page does.")
    ] = False,
    ringing: Annotated[
        float, typer.Option(min=0.0, max=120.0, help="With --simulated: seconds a phone rings.")
    ] = 0.0,
    spread: Annotated[
        float,
        typer.Option(min=0.1, max=3.0, help="With --simulated: deviation of handling by its mean."),
    ] = 1.0,
    replications: Annotated[
        int | None, typer.Option(min=2, max=10_000, help="10; with --simulated 20.")
    ] = None,
    seed: Annotated[int, typer.Option()] = 1,
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """How many agents are needed: by Erlang C, by Erlang A (--patience), or by simulation."""
    if level is None and mean_wait is None and abandonment is None:
        level = 80.0
    target = Target(
        None if level is None else level / 100,
        within,
        mean_wait,
        None if abandonment is None else abandonment / 100,
        None if occupancy_max is None else occupancy_max / 100,
    )
    try:
        if scenario is not None:
            _search(scenario, group, target, replications or REPLICATIONS, seed, as_json)
            return
        intervals = _intervals(calls_per_hour, handling, traffic, interval)
        if simulated:
            assumed = Assumed(patience, ringing, spread)
            found = simulated_rows(intervals, target, assumed, shrinkage / 100, replications, seed)
            show_simulated(found, as_json)
            return
        wanted = Wanted(target, patience, shrinkage / 100)
        rows = staffing(intervals, target, patience, wanted.shrinkage)
    except (ValueError, OSError) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(MISTAKES) from None
    if as_json:
        typer.echo(json.dumps([_row(one) for one in rows], indent=2))
    else:
        _show(rows, wanted)


def _intervals(
    calls: float | None, handling: float | None, traffic: Path | None, seconds: float
) -> Sequence[Interval]:
    if traffic is not None:
        return read_traffic(traffic, seconds)
    if calls is None or handling is None:
        raise Mistaken(
            "Say --calls-per-hour and --handling, or --traffic FILE.csv, or --scenario FILE.yaml."
        )
    return [Interval(0.0, 3600.0, calls, handling)]


def register(app: typer.Typer) -> None:
    """Put the command into the program."""
    app.command("staff")(staff)
