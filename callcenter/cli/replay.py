"""`callcenter replay`: step a journal's inputs once more and see that the same is decided.

Reads only; the service may run meanwhile. Status 0: the same; 1: something else was decided, which
is a mistake of ours worth a report with the journal; 2: nothing there that this version can read.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, NoReturn

import typer

from callcenter.runtime.journal import JournalUnreadable
from callcenter.runtime.recovery import replay
from callcenter.settings import SettingsMistakes, load_settings

DIFFERENT = 1
WRONG = 2
SHOWN_MAX = 10


def replay_journal(
    folder: Annotated[
        Path | None, typer.Argument(help="the journal's folder; if not given, the service's own")
    ] = None,
) -> None:
    """Step the inputs of a journal once more, and compare what is decided with what was."""
    if folder is None:
        folder = _own_folder()
    if not folder.is_dir():
        _stop(f"{folder} is no folder: name the journal of a service (data folder, journal)")
    try:
        report = replay(folder)
    except JournalUnreadable as error:
        _stop(f"the journal has a line that cannot be read: {error}")
    if report.inputs == 0:
        _stop(f"{folder} holds no inputs that this version of the program wrote")
    same = "all as before" if not report.different else "NOT all as before"
    typer.echo(f"{report.inputs} inputs, {report.effects} effects decided: {same}")
    if report.different:
        numbers = ", ".join(str(number) for number in report.different[:SHOWN_MAX])
        more = "" if len(report.different) <= SHOWN_MAX else f" and {len(report.different)} in all"
        typer.echo(f"another decision at input {numbers}{more} (counted from 0)", err=True)
        raise typer.Exit(DIFFERENT)


def register(app: typer.Typer) -> None:
    app.command(name="replay")(replay_journal)


def _own_folder() -> Path:
    try:
        return load_settings().data_directory / "journal"
    except SettingsMistakes as mistakes:
        _stop(str(mistakes))


def _stop(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(WRONG)
