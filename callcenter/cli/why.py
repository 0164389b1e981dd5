"""`callcenter why`: what the engine decided about a call, or about an agent, and its reasons.

Reads what is stored, and for the present the journal of the service on this machine, which may run
or not: neither asks anything of it, and no password is needed beside the right to read its files.
A decision is in the books a moment after it was made.
"""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer
from sqlalchemy.exc import SQLAlchemyError

from acd.agent_story import Stretch
from acd.decisions import Decision, from_json
from callcenter.cli import installation
from callcenter.crm.interactions.schemas import Considering, Spell, TimelineEvent
from callcenter.crm.interactions.service import Interactions
from callcenter.runtime.journal import JournalUnreadable
from callcenter.runtime.recovery import Recovered, as_it_stands
from callcenter.settings import PREFIX, SettingsMistakes, default_data_directory, load_settings
from callcenter.store.engine import make_engine

WRONG = 2
SPAN_USUAL = timedelta(hours=1)
T = TypeVar("T")

why = typer.Typer(help="Why did a call wait, why did an agent get nothing?", no_args_is_help=True)

AsJson = Annotated[bool, typer.Option("--json", help="print JSON for a machine")]


@why.command()
def call(
    call: Annotated[str, typer.Argument(help="the call's id, as the console and the logs show it")],
    as_json: AsJson = False,
) -> None:
    """What happened to a call, with the reasons of each offer."""
    events = _ask(lambda stored: stored.timeline(call))
    present = _present()
    now = None if present is None else _waiting(present, call)
    if not events and now is None:
        _stop(f"nothing is stored of call {call}, and it is in no line")
    if as_json:
        as_of = None if now is None else datetime.fromtimestamp(now.at, UTC)
        decision = None if now is None else now.to_json() | {"text": now.to_text()}
        steps = [asdict(event) for event in events]
        _print({"call": call, "as_of": as_of, "now": decision, "steps": steps})
        return
    for event in events:
        for line in _told(event):
            typer.echo(line)
    if now is not None:
        typer.echo(f"{_clock(datetime.fromtimestamp(now.at, UTC))} in line, by the journal:")
        for line in now.to_text().splitlines():
            typer.echo(f"    {line}")


@why.command()
def agent(
    agent: Annotated[str, typer.Argument(help="the agent's id")],
    since: Annotated[str, typer.Option(help="as 2026-03-09T14:00, local time or with a zone")] = "",
    until: Annotated[str, typer.Option(help="likewise; now, if not given")] = "",
    as_json: AsJson = False,
) -> None:
    """What an agent did in a time, and which calls went to others. Usual: the last hour."""
    end = _moment("--until", until) if until else datetime.now(UTC)
    begin = _moment("--since", since) if since else end - SPAN_USUAL
    if end <= begin:
        _stop(f"--until {end.isoformat()} is not after --since {begin.isoformat()}")

    async def both(stored: Interactions) -> tuple[Sequence[Spell], Sequence[Considering]]:
        spells = await stored.spells(agent, begin, end)
        return spells, await stored.considered(agent, begin, end)

    spells, decisions = _ask(both)
    lately = _lately(_present(), agent, begin, end)
    if not spells and not decisions and not lately:
        _stop(f"nothing is known of agent {agent} in that time")
    if as_json:
        told = {"presence": list(map(asdict, spells)), "lately": list(map(asdict, lately))}
        _print(told | {"decisions": list(map(asdict, decisions))})
        return
    for spell in spells:
        state = f"{spell.state} ({spell.reason})" if spell.reason else spell.state
        seconds = (spell.until - spell.since).total_seconds()
        typer.echo(f"{_clock(spell.since)} {state} for {seconds:.0f} s {spell.call}".rstrip())
    for stretch in lately:
        since_then = _clock(datetime.fromtimestamp(stretch.since, UTC))
        typer.echo(f"{since_then} for {stretch.until - stretch.since:.0f} s: {stretch.text}")
    typer.echo(f"{len(decisions)} decisions looked at {agent}:")
    for one in decisions:
        other = "" if one.code == "chosen" else f" (to {one.chosen or 'nobody'})"
        typer.echo(f"{_clock(one.at)} {one.queue} {one.call}{other}: {one.text}")


def register(app: typer.Typer) -> None:
    app.add_typer(why, name="why")


def _present() -> Recovered | None:
    """The centre by the journal on this machine; None when there is none that can be read."""
    try:
        return as_it_stands(_data_folder() / "journal")
    except (JournalUnreadable, OSError) as error:
        typer.echo(f"the journal cannot be read, only what is stored is told: {error}", err=True)
        return None


def _waiting(present: Recovered, call: str) -> Decision | None:
    """Why the call is still in line, at the journal's last moment."""
    router = present.centre.state.router
    return None if router.position(call) is None else router.why(call, present.stopped_at)


def _lately(
    present: Recovered | None, agent: str, begin: datetime, end: datetime
) -> tuple[Stretch, ...]:
    if present is None:
        return ()
    until = min(end.timestamp(), present.stopped_at)
    told = present.centre.state.router.story(agent, begin.timestamp(), until)
    return tuple(one for one in told if one.state != "unknown")


def _told(event: TimelineEvent) -> list[str]:
    """An event in a line; an offer with its reasons below."""
    data = dict(event.data)
    reasons = data.pop("why", None)
    words = " ".join(f"{name}={value}" for name, value in data.items())
    lines = [f"{_clock(event.at)} {event.kind} {words}".rstrip()]
    if isinstance(reasons, dict):
        lines += [f"    {line}" for line in from_json(reasons).to_text().splitlines()]
    return lines


def _clock(moment: datetime) -> str:
    return moment.astimezone().isoformat(sep=" ", timespec="milliseconds")


def _moment(option: str, text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        _stop(f"{option} {text}: write a time as 2026-03-09T14:00")


def _ask(question: Callable[[Interactions], Awaitable[T]]) -> T:
    for name, value in installation.remembered(_data_folder()).items():
        os.environ.setdefault(name, value)
    try:
        url = load_settings().database_url
        if url is None:
            _stop(f"no centre ever ran here; set {PREFIX}DATABASE_URL to the one to ask")
        return asyncio.run(_asked(url, question))
    except (SettingsMistakes, OSError, SQLAlchemyError) as error:
        detail = str(error) if isinstance(error, SettingsMistakes) else type(error).__name__
        _stop(f"the database cannot be read: {detail}")


def _data_folder() -> Path:
    return Path(os.environ.get(f"{PREFIX}DATA_DIRECTORY") or default_data_directory())


async def _asked(url: str, question: Callable[[Interactions], Awaitable[T]]) -> T:
    engine = make_engine(url, pool_size=1)
    try:
        return await question(Interactions(engine))
    finally:
        await engine.dispose()


def _print(document: object) -> None:
    typer.echo(json.dumps(document, ensure_ascii=False, indent=1, default=str))


def _stop(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(WRONG)
