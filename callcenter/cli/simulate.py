"""`callcenter simulate`: what would happen in a centre, with the production router deciding.

Each replication has its own generators, named by seed, replication and purpose (`dice_of`), so a
run can be repeated exactly and does not depend on how many processes share the work.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from acd.checked import Mistake
from acd.scenario import Scenario
from acd.scenario_reading import read_scenario, unserved
from acd.scenario_schema import SCHEMA
from acd.simulate import replicate
from acd.tally import Estimate, Figures, figures_of, summarise
from callcenter.cli.yaml_places import Document, UnreadableText, read_document
from callcenter.reports.child import dice_of

MISTAKES = 2
FAILED = 1


@dataclass(frozen=True, slots=True)
class Replication:
    """The figures of one replication, small enough to send between processes."""

    figures: dict[str, Figures]
    decisions: int
    events: int
    seconds: float
    trace: str


def load_scenario(path: Path) -> Scenario:
    """The scenario in a file; all mistakes are told, then the program ends with status 2."""
    try:
        document = read_document(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        typer.echo(f"{path}: cannot be read: {error}", err=True)
        raise typer.Exit(MISTAKES) from None
    except UnreadableText as error:
        typer.echo(f"{path}: {error}", err=True)
        raise typer.Exit(MISTAKES) from None
    scenario, mistakes = read_scenario(document.value)
    mistakes = [Mistake(place, "is there twice") for place in document.doubled] + mistakes
    if scenario is None or mistakes:
        for mistake in sorted(mistakes, key=lambda one: document.line(one.place) or 0):
            typer.echo(f"{path}{_line(document, mistake)}: {mistake}", err=True)
        noun = "mistake" if len(mistakes) == 1 else "mistakes"
        typer.echo(f"{len(mistakes)} {noun}; nothing was simulated.", err=True)
        raise typer.Exit(MISTAKES)
    return scenario


def _line(document: Document, mistake: Mistake) -> str:
    line = document.line(mistake.place)
    return "" if line is None else f", line {line}"


def run_one(scenario: Scenario, seed: int, number: int) -> Replication:
    """Replication `number` of the run with this seed."""
    started = time.perf_counter()
    run = replicate(scenario, dice_of(seed, number))
    seconds = time.perf_counter() - started
    return Replication(figures_of(scenario, run), run.decisions, run.events, seconds, run.trace)


def run_all(scenario: Scenario, seed: int, count: int, jobs: int) -> Iterator[Replication]:
    """All replications in their order, on `jobs` processes."""
    task = partial(run_one, scenario, seed)
    if jobs <= 1 or count == 1:
        yield from map(task, range(count))
        return
    with ProcessPoolExecutor(min(jobs, count)) as pool:
        yield from pool.map(task, range(count))


def result(scenario: Scenario, seed: int, done: list[Replication]) -> dict[str, object]:
    """What `--json` prints."""
    trace = blake2b("".join(one.trace for one in done).encode(), digest_size=16).hexdigest()
    summary = summarise([one.figures for one in done])
    seconds = sum(one.seconds for one in done)
    parts: dict[str, dict[str, object]] = {"classes": {}, "groups": {}}
    for name, figures in summary.items():
        kind, _, rest = name.partition("/")
        values = {figure: one.to_json() for figure, one in figures.items()}
        if kind == "class":
            parts["classes"][rest] = values
        elif kind == "group":
            parts["groups"][rest] = values
        else:
            parts["all"] = values  # type: ignore[assignment]
    return {
        "replications": len(done),
        "seed": seed,
        "confidence": 0.95,
        "horizon_seconds": scenario.horizon_seconds,
        "warmup_seconds": scenario.warmup_seconds,
        **parts,
        "decisions": sum(one.decisions for one in done),
        "events": sum(one.events for one in done),
        "decisions_per_second": round(sum(one.decisions for one in done) / seconds, 1),
        "cpu_seconds": round(seconds, 3),
        "trace_hash": trace,
    }


SHOWN = (
    ("offered", "callers", 1.0, ""),
    ("answered", "answered", 1.0, ""),
    ("abandoned", "gave up", 1.0, ""),
    ("other", "refused, sent on, or waiting in vain", 1.0, ""),
    ("probability_of_abandonment", "gave up, share", 100.0, " %"),
    ("probability_of_waiting", "had to wait", 100.0, " %"),
    ("mean_wait_answered", "mean wait, answered", 1.0, " s"),
    ("mean_wait_all", "mean wait, all", 1.0, " s"),
    ("service_level_of_answered", "in time, of answered", 100.0, " %"),
    ("service_level_of_answered_and_late_abandons", "  of answered + late gave up", 100.0, " %"),
    ("service_level_of_offered", "  of all", 100.0, " %"),
    ("service_level_without_short_abandons", "  of all but short gave up", 100.0, " %"),
    ("wait_p50", "wait, half below", 1.0, " s"),
    ("wait_p90", "wait, 90 % below", 1.0, " s"),
    ("wait_p95", "wait, 95 % below", 1.0, " s"),
    ("wait_p99", "wait, 99 % below", 1.0, " s"),
    ("longest_wait", "longest wait", 1.0, " s"),
)


def _tables(console: Console, scenario: Scenario, done: list[Replication]) -> None:
    summary = summarise([one.figures for one in done])
    names = [name for name in summary if name == "all" or name.startswith("class/")]
    if len(scenario.callers) == 1:
        names = ["all"]
    table = Table(title=f"{len(done)} replications, mean and 95 % half-width")
    table.add_column("")
    for name in names:
        table.add_column(name.removeprefix("class/"), justify="right")
    for key, label, factor, unit in SHOWN:
        table.add_row(label, *(_cell(summary[name][key], factor, unit) for name in names))
    console.print(table)
    agents = Table(title="agents")
    for head in ("group", "busy", "Gini of idle time"):
        agents.add_column(head, justify="left" if head == "group" else "right")
    for group in scenario.agents:
        figures = summary[f"group/{group.name}"]
        agents.add_row(
            group.name,
            _cell(figures["occupancy"], 100.0, " %"),
            _cell(figures["idle_time_gini"], 1.0, ""),
        )
    console.print(agents)


def _cell(one: Estimate, factor: float, unit: str) -> str:
    if one.mean != one.mean:
        return "-"
    digits = 2 if abs(one.mean * factor) < 1000 else 0
    half = "" if one.half_width == float("inf") else f" ± {one.half_width * factor:.{digits}f}"
    return f"{one.mean * factor:.{digits}f}{half}{unit}"


def simulate(
    scenario: Annotated[
        Path | None, typer.Argument(help="The scenario, YAML or JSON.", show_default=False)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the figures as JSON.")] = False,
    replications: Annotated[
        int | None, typer.Option(min=1, max=100_000, help="Instead of the scenario's number.")
    ] = None,
    seed: Annotated[int, typer.Option(help="Another seed, another course of events.")] = 1,
    jobs: Annotated[
        int | None, typer.Option(min=1, max=256, help="Processes (default: one a core).")
    ] = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON schema of a scenario and end.")
    ] = False,
) -> None:
    """Simulate a contact centre, the production router deciding."""
    if schema:
        typer.echo(json.dumps(SCHEMA, indent=2))
        return
    if scenario is None:
        typer.echo("Name a scenario file; `--schema` tells what it may hold.", err=True)
        raise typer.Exit(MISTAKES)
    read = load_scenario(scenario)
    for name in unserved(read):
        typer.echo(f"{scenario}: no agent may serve {name!r}: these callers wait in vain", err=True)
    count = replications or read.replications
    workers = jobs or os.cpu_count() or 1
    try:
        done = list(_with_progress(run_all(read, seed, count, workers), count))
    except RuntimeError as error:
        typer.echo(f"{scenario}: {error}", err=True)
        raise typer.Exit(FAILED) from None
    if as_json:
        typer.echo(json.dumps(result(read, seed, done), indent=2))
        return
    console = Console(file=sys.stdout)
    _tables(console, read, done)
    rate = sum(one.decisions for one in done) / max(sum(one.seconds for one in done), 1e-9)
    typer.echo(f"{sum(one.decisions for one in done)} decisions, {rate:.0f} a second of one core")


def _with_progress(replications: Iterable[Replication], count: int) -> Iterator[Replication]:
    """A bar on a terminal (on the error stream, so that output can be piped)."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("replications", total=count)
        for one in replications:
            bar.advance(task)
            yield one


def register(app: typer.Typer) -> None:
    """Put the command into the program."""
    app.command("simulate")(simulate)
