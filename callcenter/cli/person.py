"""`callcenter person`: what is kept about a customer, found, given out and erased by hand.

For the day somebody asks by letter and nobody with a browser is there. Erasing without `--yes` says
what would go and touches nothing. Beside a running service only with `--beside`: the person may be
on the telephone with it, and it remembers past calls on its disk until its next start.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import shutil
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer
from sqlalchemy.exc import SQLAlchemyError

from callcenter import secret_files
from callcenter.bootstrap.bucket import make_kept
from callcenter.cli.database_at_hand import database_at_hand
from callcenter.cli.installation import CannotStart
from callcenter.crm.customers.service import Customers
from callcenter.media.recordings.keeping import KeepingFailed
from callcenter.media.recordings.retention import Retention
from callcenter.media.recordings.sealing import master_key
from callcenter.media.recordings.service import Recordings
from callcenter.persons.service import Persons
from callcenter.secret_files import SecretUnusable
from callcenter.settings import Settings, SettingsMistakes, load_settings
from callcenter.store.config_values import NotThere
from callcenter.store.embedded import EmbeddedPostgresError
from callcenter.store.engine import make_engine
from callcenter.store.migrations import MigrationError

WRONG = 2
FOUND_MAX = 20
BY = "callcenter person"
T = TypeVar("T")

person = typer.Typer(help="What is kept about a customer.", no_args_is_help=True)


class Refused(Exception):
    """It is not done; the text says why and what to do."""


EXPECTED = (
    CannotStart,
    EmbeddedPostgresError,
    KeepingFailed,
    MigrationError,
    NotThere,
    OSError,
    Refused,
    SecretUnusable,
    SettingsMistakes,
    SQLAlchemyError,
)

Id = Annotated[str, typer.Argument(metavar="CUSTOMER", help="the id, as `person find` says it")]


@person.command()
def find(
    words: Annotated[str, typer.Argument(help="a name, a number, an e-mail address")],
) -> None:
    """Say which customers fit, with their ids."""

    async def found() -> list[tuple[str, str, str]]:
        settings = load_settings()
        async with database_at_hand(settings) as url:
            engine = make_engine(url, pool_size=1)
            try:
                items, _ = await Customers(engine, settings.country).search(words, limit=FOUND_MAX)
            finally:
                await engine.dispose()
        return [(one.id, one.name, " ".join(n.e164 for n in one.numbers)) for one in items]

    rows = _done(found())
    if not rows:
        _stop(f"nobody fits {words!r}")
    for id, name, numbers in rows:
        typer.echo(f"{id}  {name}  {numbers}".rstrip())
    if len(rows) == FOUND_MAX:
        typer.echo(f"the first {FOUND_MAX}; say more of the name or number", err=True)


@person.command()
def export(
    customer: Id,
    file: Annotated[Path, typer.Argument(help="the ZIP file that is made (mode 0600)")],
) -> None:
    """Write everything that is kept about CUSTOMER, with all sound, to FILE."""
    if file.exists():
        _stop(f"{file} exists already; choose another name")
    size = _done(_exported(customer, file))
    typer.echo(f"{file}: {size / 1e6:.1f} MB, with data.json and the sound. That is in the audit.")


@person.command()
def erase(
    customer: Id,
    why: Annotated[str, typer.Option(help="the reason, for the audit")] = "",
    name: Annotated[str, typer.Option(help="the customer's name, as proof")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="do it; without, nothing is touched")] = False,
    beside: Annotated[bool, typer.Option(help="also while the service runs here")] = False,
) -> None:
    """Erase CUSTOMER from every store, for good. Without --yes: only say what would go."""
    if yes and not (why.strip() and name.strip()):
        _stop("--yes needs --why REASON and --name NAME: it cannot be undone")
    for line in _done(_erased(customer, why.strip(), name.strip(), yes=yes, beside=beside)):
        typer.echo(line)


def register(app: typer.Typer) -> None:
    app.add_typer(person, name="person")


async def _exported(customer: str, file: Path) -> int:
    async with _persons(load_settings()) as persons:
        with await persons.export(customer, by=BY) as made:
            return await asyncio.to_thread(_written, made, file)


def _written(made: Any, file: Path) -> int:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        shutil.copyfileobj(made, out)
        return out.tell()


async def _erased(customer: str, why: str, name: str, *, yes: bool, beside: bool) -> list[str]:
    settings = load_settings()
    async with _persons(settings) as persons:
        who = await persons.person(customer)
        counts = await persons.counted(customer)
        told = [
            f"{who.name}: {len(who.calls)} calls, {len(who.messages)} messages",
            *(f"  {count:6d}  {table}" for table, count in sorted(counts.items()) if count),
        ]
        if not yes:
            todo = "Nothing was touched. To do it: --yes --why REASON --name NAME"
            return [*told, todo]
        if name != who.name:
            raise Refused(f"{name!r} is not the customer's name, which is {who.name!r}")
        running = _service_runs(settings)
        if running and not beside:
            raise Refused(
                "the service runs here: erase in the console, where a call that goes on is seen,"
                " or say --beside and restart the service afterwards"
            )
        done = await persons.erase(customer, by=BY, why=why)
        held = f", {done.held} stay under legal hold" if done.held else ""
        after = (
            "Restart the service: until then its journal still has past calls."
            if running
            else "The next start of the service lets go of past calls in its journal."
        )
        return [
            f"erased: {sum(done.rows.values())} rows in {len(done.rows)} tables,"
            f" {done.recordings} recordings, {done.messages} messages{held}",
            after,
        ]


@asynccontextmanager
async def _persons(settings: Settings) -> AsyncIterator[Persons]:
    async with database_at_hand(settings) as url:
        engine = make_engine(url, pool_size=2)
        keeping = make_kept(settings)
        secret = secret_files.read_or_make(settings.secrets_directory, "recordings-master")
        recordings = Recordings(engine, keeping, master_key(secret), Retention(engine, keeping))
        try:
            yield Persons(engine, recordings, settings.recordings, lambda: None)
        finally:
            await engine.dispose()


def _service_runs(settings: Settings) -> bool:
    """A service locks its outbox as long as it lives."""
    lock = settings.data_directory / "outbox" / "lock"
    if not lock.exists():
        return False
    with lock.open("rb+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


def _done(work: Coroutine[object, object, T]) -> T:
    try:
        return asyncio.run(work)
    except EXPECTED as error:
        _stop(str(error) or type(error).__name__)


def _stop(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(WRONG)
