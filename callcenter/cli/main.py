"""The command line: `callcenter serve`, and what an operator or a script asks besides.

Mistakes of the operator end with one readable message and status 2; nothing here prints a traceback
for them. Each other file of this folder brings its commands by `register`.
"""

from __future__ import annotations

import json
import sys
from typing import Annotated

import typer

from callcenter.cli import (
    asterisk,
    audit,
    backup,
    doctor,
    flow,
    person,
    replay,
    settings_page,
    simulate,
    staff,
    up,
    users,
    why,
)
from callcenter.cli.program import program_version
from callcenter.cli.serving import run_service

app = typer.Typer(
    name="callcenter",
    help="A contact centre on Asterisk.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command()
def serve(
    spare: Annotated[
        bool, typer.Option("--spare", help='load everything, then wait for "begin" on stdin')
    ] = False,
) -> None:
    """Run the service in the foreground, until SIGTERM or Ctrl-C."""
    raise typer.Exit(run_service(spare=spare))


@app.command(name="version")
def show_version() -> None:
    """Say which version this is."""
    typer.echo(program_version())


@app.command()
def openapi() -> None:
    """Print the OpenAPI document of the HTTP interface."""
    from callcenter.web.app import openapi_document  # every page's code: only when needed

    _print_json(openapi_document())


@app.command(name="wire-schema")
def show_wire_schema() -> None:
    """Print the JSON Schema of the console websocket, for the generator of the console's types."""
    from agent_console import wire_schema

    _print_json(wire_schema.document())


COMMANDS = (up, users, flow, doctor, simulate, staff, replay, settings_page, why, backup, audit)
for module in (*COMMANDS, asterisk, person):
    module.register(app)


def _print_json(document: object) -> None:
    json.dump(document, sys.stdout, indent=2, ensure_ascii=False, sort_keys=True)
    sys.stdout.write("\n")
