"""`callcenter flow`: look at call flows on disk: check them, run their test cases, compare them
(the flows of a centre: `cli.flow_stored`).

Needs neither the service nor Asterisk nor a database. Files named together are each other's
sub-flows. Status 0: all is well; 1: a mistake or a failed test; 2: a file cannot be read.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from callcenter.calendars import HolidaysUnknown, all_with_holidays
from callcenter.cli import flow_stored
from ivr.checking import Known, check
from ivr.flow import Flow
from ivr.linking import link
from ivr.problems import Problem
from ivr.reading import located, read_flow
from ivr.schema import schema_text
from ivr.story import ANY_DAY
from ivr.text import TEXT_MAX
from ivr.trying import Tried, coverage, try_all
from ivr.writing import Change, changes

MISTAKE = 1
UNREADABLE = 2
FILE_MAX = 4 * TEXT_MAX  # bytes; a character has at most four
MISSED_SHOWN = 20

Files = Annotated[list[Path], typer.Argument(help="Flow files (YAML or JSON).")]

flows = typer.Typer(help="Check, test, compare, publish call flows.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Put the commands into the program."""
    flow_stored.register(flows)
    app.add_typer(flows, name="flow")


@dataclass(frozen=True, slots=True)
class _File:
    path: Path
    text: str
    flow: Flow | None
    problems: list[Problem]


def _read(path: Path) -> _File:
    """The file, or the command's end. Bounded: a device or a pipe has no size to ask for."""
    try:
        with path.open("rb") as file:
            raw = file.read(FILE_MAX + 1)
        text = raw.decode("utf-8")
    except OSError as error:
        _unreadable(path, error.strerror or str(error))
    except UnicodeDecodeError:
        _unreadable(path, "it is not UTF-8 text")
    if len(raw) > FILE_MAX:
        _unreadable(path, "the file is too large for a flow")
    flow, problems = read_flow(text)
    return _File(path, text, flow, problems)


def _unreadable(path: Path, why: str) -> NoReturn:
    typer.echo(f"{path} cannot be read: {why}", err=True)
    raise typer.Exit(UNREADABLE)


def _read_all(paths: Iterable[Path]) -> tuple[list[_File], dict[str, Flow]]:
    """The files, and their flows by id; two of one id are a mistake of the operator."""
    files = [_read(path) for path in paths]
    library: dict[str, Flow] = {}
    for file in files:
        if file.flow is None:
            continue
        if file.flow.id in library:
            typer.echo(f"{file.path}: another file has the flow {file.flow.id} too", err=True)
            raise typer.Exit(UNREADABLE)
        library[file.flow.id] = file.flow
    return files, library


@flows.command(name="check")
def check_flows(files: Files) -> None:
    """Look for mistakes; each is told with its line."""
    read, library = _read_all(files)
    found: list[Problem] = []
    for file in read:
        problems = file.problems
        if file.flow is not None:
            problems = located(check(file.flow, Known(flows=library)), file.text)
        for problem in problems:
            typer.echo(f"{file.path}: {problem}", err=True)
        found += problems
        if file.flow is not None and not problems:
            count = len(file.flow.nodes)
            nodes = "1 node" if count == 1 else f"{count} nodes"
            typer.echo(f"{file.path}: flow {file.flow.id} with {nodes}, no mistake found")
    _tell_of_sub_flows(found)
    if found:
        raise typer.Exit(MISTAKE)


@flows.command(name="test")
def test_flows(files: Files) -> None:
    """Run the test cases inside the flows, and say which ways out no case has gone."""
    read, library = _read_all(files)
    failed, lost = False, list[Problem]()
    for file in read:
        if file.flow is None:
            for problem in file.problems:
                typer.echo(f"{file.path}: {problem}", err=True)
            failed = True
            continue
        linked, problems = link(file.flow, library)
        for problem in problems:
            typer.echo(f"{file.path}: {problem}", err=True)
        tried = try_all(_filled(linked, file.path))
        _tell(file.path, linked, tried)
        lost += problems
        failed = failed or any(not result.passed for result in tried)
    _tell_of_sub_flows(lost)
    if failed or lost:
        raise typer.Exit(MISTAKE)


def _tell_of_sub_flows(problems: Iterable[Problem]) -> None:
    if any(problem.code == "sub-flow" for problem in problems):
        typer.echo("(Sub-flows are looked for in the files named in one command.)", err=True)


def _filled(flow: Flow, path: Path) -> Flow:
    """The flow with public holidays for the years its test cases play in."""
    years = {int(str(test.get("at", ANY_DAY))[:4]) for test in flow.tests if _has_year(test)}
    try:
        calendars = all_with_holidays(flow.calendars, {*years, int(ANY_DAY[:4])})
    except HolidaysUnknown as unknown:
        typer.echo(f"{path}: {unknown}", err=True)
        raise typer.Exit(MISTAKE) from None
    return replace(flow, calendars=calendars)


def _has_year(test: object) -> bool:
    return isinstance(test, dict) and str(test.get("at", ""))[:4].isdecimal()


def _tell(path: Path, flow: Flow, tried: list[Tried]) -> None:
    if not tried:
        typer.echo(f"{path}: no test cases; write them under 'tests:' (docs/flows.md)")
        return
    passed = sum(result.passed for result in tried)
    for result in tried:
        if result.passed:
            continue
        typer.echo(f"{path}: FAILED {result.name}", err=True)
        for problem in result.problems:
            typer.echo(f"    {problem}", err=True)
    covered = coverage(flow, tried)
    typer.echo(
        f"{path}: {passed} passed, {len(tried) - passed} failed;"
        f" {len(covered.taken)} of {len(covered.ports)} ways out gone ({covered.percent:.0f} %)"
    )
    for node, port in covered.missed[:MISSED_SHOWN]:
        typer.echo(f"    no test leaves node {node} by {port}")
    if len(covered.missed) > MISSED_SHOWN:
        typer.echo(f"    and {len(covered.missed) - MISSED_SHOWN} more")


@flows.command(name="diff")
def diff_flows(before: Path, after: Path) -> None:
    """Say what the second flow has differently from the first."""
    old, new = _read(before), _read(after)
    for file in (old, new):
        for problem in file.problems:
            typer.echo(f"{file.path}: {problem}", err=True)
    if old.flow is None or new.flow is None:
        raise typer.Exit(MISTAKE)
    found = changes(old.flow, new.flow)
    for change in found:
        typer.echo(_line(change))
    if not found:
        typer.echo("no difference")


def _line(change: Change) -> str:
    match change.what:
        case "added":
            return f"+ {change.where}: {change.after!r}"
        case "removed":
            return f"- {change.where}: {change.before!r}"
        case _:
            return f"~ {change.where}: {change.before!r} -> {change.after!r}"


@flows.command(name="schema")
def print_schema() -> None:
    """Print the JSON schema of the flow format."""
    typer.echo(schema_text(), nl=False)
