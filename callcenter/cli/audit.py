"""`callcenter audit verify`: whether every sealed line of the audit is as it was written."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from callcenter.cli.database_at_hand import database_at_hand
from callcenter.cli.installation import CannotStart
from callcenter.secret_files import SecretUnusable
from callcenter.settings import SettingsMistakes, load_settings
from callcenter.store.audit_seals import Verdict, verify
from callcenter.store.embedded import EmbeddedPostgresError
from callcenter.store.engine import make_engine
from callcenter.store.migrations import MigrationError

CHANGED = 1
WRONG = 2
EXPECTED = (
    CannotStart,
    EmbeddedPostgresError,
    MigrationError,
    OSError,
    SecretUnusable,
    SettingsMistakes,
    SQLAlchemyError,
)

audit = typer.Typer(help="The record of who changed what.", no_args_is_help=True)


@audit.command(name="verify")
def verify_audit(
    seal: Annotated[
        str, typer.Option(help="the last seal as the log told it: it must be in the chain's end")
    ] = "",
) -> None:
    """Work out every seal again. Status 0: all as written; 1: not."""
    try:
        found = asyncio.run(_verified())
    except EXPECTED as error:
        typer.echo(str(error) or type(error).__name__, err=True)
        raise typer.Exit(WRONG) from None
    if not found.wrong and seal and seal != found.last:
        typer.echo(f"the chain ends with {found.last}, not with {seal}", err=True)
        raise typer.Exit(CHANGED)
    if found.wrong:
        typer.echo(f"NOT as written: {found.wrong}", err=True)
        raise typer.Exit(CHANGED)
    typer.echo(
        f"{found.lines} lines under {found.seals} seals are as they were written;"
        f" {found.unsealed} lines are not sealed yet. The last seal: {found.last}"
    )


@audit.callback()
def _group() -> None:
    """Keeps `verify` a command of its own name."""


def register(app: typer.Typer) -> None:
    app.add_typer(audit, name="audit")


async def _verified() -> Verdict:
    async with database_at_hand(load_settings()) as url:
        engine = make_engine(url, pool_size=1)
        try:
            return await verify(engine)
        finally:
            await engine.dispose()
