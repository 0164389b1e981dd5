"""`callcenter user`: make a user, or give one a new password, when no administrator can.

Works beside a running service and without one; the database is the one of the settings. A password
is random, printed once, and stored as a hash alone.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Annotated, TypeVar

import typer
from sqlalchemy.exc import SQLAlchemyError

from callcenter.cli.database_at_hand import database_at_hand
from callcenter.cli.installation import CannotStart
from callcenter.secret_files import SecretUnusable
from callcenter.settings import SettingsMistakes, load_settings
from callcenter.store.accounts import Account, Accounts, Role, Taken
from callcenter.store.embedded import EmbeddedPostgresError
from callcenter.store.engine import make_engine
from callcenter.store.migrations import MigrationError
from callcenter.web.passwords import Passwords, new_password

WRONG = 2
T = TypeVar("T")

users = typer.Typer(help="Users of the console.", no_args_is_help=True)


class Unknown(Exception):
    """There is no such user."""


EXPECTED = (
    SettingsMistakes,
    CannotStart,
    EmbeddedPostgresError,
    MigrationError,
    SecretUnusable,
    Taken,
    Unknown,
    OSError,
    SQLAlchemyError,
)

Login = Annotated[str, typer.Argument(help="the name to sign in with")]


@users.command()
def add(
    login: Login,
    role: Annotated[str, typer.Option(help="agent, supervisor or administrator")] = "agent",
    name: Annotated[str, typer.Option(help="the name people see; the login if not given")] = "",
    agent: Annotated[str | None, typer.Option(help="the agent this user works as")] = None,
    locale: Annotated[str, typer.Option(help="en or zh")] = "en",
) -> None:
    """Make a user; the first password is printed."""
    roles: dict[str, Role] = {one: one for one in ("agent", "supervisor", "administrator")}
    if role not in roles or locale not in ("en", "zh"):
        _stop(f"--role {role} --locale {locale}: use {', '.join(roles)}; and en or zh")
    account = Account("", login, name or login, roles[role], locale, agent)
    password = new_password()

    async def make(accounts: Accounts, hashed: str) -> None:
        await accounts.create(account, hashed)

    _run(make, password)
    typer.echo(f"user {login} ({role}) made, first password: {password}")


@users.command()
def reset(login: Login) -> None:
    """A new password for a user; the old one and all sessions end."""
    password = new_password()

    async def renew(accounts: Accounts, hashed: str) -> None:
        found = await accounts.credentials(login)
        if found is None:
            raise Unknown(f"there is no user {login}")
        await accounts.set_password(found[0].id, hashed)
        await accounts.close_sessions(found[0].id)

    _run(renew, password)
    typer.echo(f"new password of {login}: {password}")


def register(app: typer.Typer) -> None:
    app.add_typer(users, name="user")


def _run(act: Callable[[Accounts, str], Awaitable[None]], password: str) -> None:
    async def all_of_it() -> None:
        passwords = Passwords()
        hashed = await passwords.hash(password)
        passwords.close()
        settings = load_settings()
        async with database_at_hand(settings) as url:
            engine = make_engine(url, pool_size=1)
            try:
                await act(Accounts(engine), hashed)
            finally:
                await engine.dispose()

    try:
        asyncio.run(all_of_it())
    except EXPECTED as error:
        _stop(str(error) or type(error).__name__)


def _stop(message: str) -> None:
    typer.echo(message, err=True)
    raise typer.Exit(WRONG)
