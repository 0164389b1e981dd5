"""The command line: `callcenter serve`, and what an operator or a script asks besides.

Mistakes of the operator end with one readable message and status 2; nothing here prints a traceback
for them. Each other file of this folder brings its commands by `register`.
"""

from __future__ import annotations

import json
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import typer

from agent_console import wire_schema
from callcenter import logs
from callcenter.cli import doctor, up, users
from callcenter.secret_files import SecretUnusable
from callcenter.settings import SettingsMistakes, load_settings
from callcenter.store.outbox import OutboxInUse
from callcenter.web.app import openapi_document
from callcenter.web.server import ListenFailed
from ivr.checking import Known, check
from ivr.reading import read_flow

WRONG = 2  # the operator can mend it

app = typer.Typer(
    name="callcenter",
    help="A contact centre on Asterisk.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
flows = typer.Typer(help="Call flows.", no_args_is_help=True)
app.add_typer(flows, name="flow")


def stop_with(message: object) -> typer.Exit:
    """Say what is wrong, and end."""
    typer.echo(str(message), err=True)
    return typer.Exit(WRONG)


@app.command()
def serve() -> None:
    """Run the service in the foreground, until SIGTERM or Ctrl-C."""
    from callcenter.bootstrap import serve as run  # it imports every part: only when needed

    try:
        settings = load_settings()
        logs.set_up(settings.log_level, settings.log_file)
        status = run(settings)
    except* (SettingsMistakes, ListenFailed, OutboxInUse, SecretUnusable) as group:
        raise stop_with("\n".join(str(error) for error in _leaves(group))) from None
    raise typer.Exit(status)


@app.command(name="version")
def show_version() -> None:
    """Say which version this is."""
    typer.echo(_version())


@app.command()
def openapi() -> None:
    """Print the OpenAPI document of the HTTP interface."""
    _print_json(openapi_document())


@app.command(name="wire-schema")
def show_wire_schema() -> None:
    """Print the JSON Schema of the console websocket, for the generator of the console's types."""
    _print_json(wire_schema.document())


@flows.command(name="check")
def check_flow(file: Path) -> None:
    """Look for mistakes in a call flow; each is told with its line."""
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise stop_with(f"{file} cannot be read: {error}") from None
    flow, problems = read_flow(text)
    if flow is not None:
        problems = check(flow, Known())
    for problem in problems:
        typer.echo(f"{file}: {problem}", err=True)
    if problems:
        raise typer.Exit(WRONG)
    assert flow is not None
    typer.echo(f"{file}: flow {flow.id} with {len(flow.nodes)} nodes, no mistake found")


for module in (users, up, doctor):
    module.register(app)


def _leaves(group: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    out: list[BaseException] = []
    for error in group.exceptions:
        out += _leaves(error) if isinstance(error, BaseExceptionGroup) else [error]
    return out


def _print_json(document: object) -> None:
    json.dump(document, sys.stdout, indent=2, ensure_ascii=False, sort_keys=True)
    sys.stdout.write("\n")


def _version() -> str:
    try:
        return version("callcenter")
    except PackageNotFoundError:
        return "0.1.0 (from a checkout)"
