"""`callcenter flow list | export | import | publish | rollback`: the flows of a centre, as text.

For keeping flows beside other files, and for the day when the console cannot be reached. Works on
the database of the settings; a service that runs notices within seconds. Nothing with a mistake or
a failed test case is published. Status 1: a mistake; 2: it cannot be done.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer
from sqlalchemy.exc import SQLAlchemyError

from callcenter.cli import installation
from callcenter.flows.drafts import NoDraft, text_of, values_of
from callcenter.flows.gate import Examined, examine
from callcenter.flows.known import Surroundings, known_in
from callcenter.media.prompts.repository import read_catalogue
from callcenter.settings import PREFIX, SettingsMistakes, default_data_directory, load_settings
from callcenter.store.config_values import ConfigRefused, NotThere
from callcenter.store.directory import Directory
from callcenter.store.engine import make_engine
from callcenter.store.flow_drafts import DraftPassed, FlowTaken
from ivr.text import TEXT_MAX
from ivr.writing import write_values

MISTAKE = 1
WRONG = 2
BY = "command line"
T = TypeVar("T")

Name = Annotated[str, typer.Argument(help="the flow's name")]
Note = Annotated[str, typer.Option(help="why, for the list of versions")]


class Stored(Directory):
    """The directory of a centre, and what has been recorded there."""

    async def recorded(self) -> dict[str, frozenset[str]]:
        """Prompt ids by language."""
        found: dict[str, set[str]] = {}
        for prompt, by_language in (await read_catalogue(self._engine)).items():
            for language in by_language:
                found.setdefault(language, set()).add(prompt)
        return {language: frozenset(prompts) for language, prompts in found.items()}


class Mistakes(Exception):
    """The flow cannot be published; one line for each reason."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__(lines[0])
        self.lines = lines


def register(flows: typer.Typer) -> None:
    """Put the commands beside those for files."""
    for name, command in (
        ("list", list_flows),
        ("export", export_flow),
        ("import", import_flow),
        ("publish", publish_flow),
        ("rollback", roll_back),
    ):
        flows.command(name=name)(command)


def list_flows() -> None:
    """Say which flows there are, and which version callers hear."""

    async def listed(stored: Stored) -> list[str]:
        versions = {entry.id: entry for entry in await stored.flows()}
        out = []
        for draft in await stored.drafts():
            entry = versions.get(draft.flow)
            heard = f"version {entry.published}" if entry and entry.published else "not published"
            out.append(f"{draft.flow}: {heard}, draft {draft.revision} by {draft.by}")
        return out

    for line in _with_store(listed) or ["no flows"]:
        typer.echo(line)


def export_flow(
    name: Name,
    version: Annotated[int | None, typer.Option(help="which version; else the published")] = None,
    draft: Annotated[bool, typer.Option("--draft", help="what is being drawn")] = False,
    output: Annotated[Path | None, typer.Option(help="a file; else it is printed")] = None,
) -> None:
    """Write a flow as YAML."""

    async def exported(stored: Stored) -> str:
        if draft:
            found = await stored.draft(name)
            if found is None:
                raise NotThere("flow", name)
            return write_values(values_of(found.text))
        stored_text = await stored.flow_text(name, version)
        if stored_text is None:
            raise NotThere("flow version", f"{name} {version or ''}".strip())
        return write_values(values_of(stored_text[1]) | {"version": stored_text[0]})

    text = _with_store(exported)
    if output is None:
        typer.echo(text, nl=False)
    else:
        output.write_text(text, "utf-8")
        typer.echo(f"{name} written to {output}")


def import_flow(
    file: Annotated[Path, typer.Argument(help="a flow file (YAML or JSON)")],
    name: Annotated[str, typer.Option(help="another name than the one in the file")] = "",
    overwrite: Annotated[
        bool, typer.Option("--replace", help="replace the draft there is")
    ] = False,
) -> None:
    """Make a file the draft of a new flow, or with --replace of one that is there."""
    values = _values(file)
    flow = name or str(values.get("id", ""))
    text = text_of(flow, values)

    async def imported(stored: Stored) -> int:
        present = await stored.draft(flow)
        if present is None:
            return (await stored.create_flow(flow, text, by=BY)).revision
        if not overwrite:
            raise FlowTaken(flow)
        return (await stored.save_draft(flow, text, base=present.revision, by=BY)).revision

    typer.echo(f"{flow}: draft {_with_store(imported)}")


def publish_flow(name: Name, note: Note = "") -> None:
    """Check the draft, run its test cases, and let new callers have it."""

    async def published(stored: Stored) -> tuple[int, Examined]:
        draft = await stored.draft(name)
        if draft is None:
            raise NotThere("flow", name)
        found = await _examined(stored, draft.text, tests=True)
        text = write_values(values_of(draft.text))
        revision, parts = draft.revision, found.parts
        version = await stored.publish_flow(
            name, text, note=note, by=BY, parts=parts, revision=revision
        )
        return version, found

    version, found = _with_store(published)
    typer.echo(
        f"{name}: version {version} is published;"
        f" {len(found.tried)} test cases passed, {found.coverage.percent:.0f} % of the ways gone"
    )


def roll_back(
    name: Name,
    version: Annotated[int, typer.Argument(help="the version to go back to")],
    note: Note = "",
) -> None:
    """Put an earlier version to use again."""

    async def back(stored: Stored) -> None:
        found = await stored.flow_text(name, version)
        if found is None:
            raise NotThere("flow version", f"{name} {version}")
        await _examined(stored, found[1], tests=False)
        await stored.publish_version(name, version, note=note, by=BY)

    _with_store(back)
    typer.echo(f"{name}: version {version} is in use again")


async def _examined(stored: Stored, text: str, *, tests: bool) -> Examined:
    """Raises Mistakes."""
    config = await stored.config()
    around = Surroundings(prompts=await stored.recorded())
    known = known_in(config, around, await stored.library())
    found = examine(text, known, config.calendars, tests=tests)
    lines = [str(replace(problem, line=None)) for problem in found.problems]
    lines += [f"test case {one.name}: {why}" for one in found.failed for why in one.problems]
    if lines or not found.passed:
        raise Mistakes(lines or ["this is no flow"])
    return found


def _values(file: Path) -> dict[str, object]:
    try:
        if file.stat().st_size > 4 * TEXT_MAX:
            _stop(f"{file} is too large for a flow")
        return values_of(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        _stop(f"{file} cannot be read: {error}")
    except NoDraft as wrong:
        for problem in wrong.problems:
            typer.echo(f"{file}: {problem}", err=True)
        raise typer.Exit(MISTAKE) from None


def _with_store(act: Callable[[Stored], Awaitable[T]]) -> T:
    folder = os.environ.get(f"{PREFIX}DATA_DIRECTORY") or default_data_directory()
    for name, value in installation.remembered(Path(folder)).items():
        os.environ.setdefault(name, value)
    try:
        url = load_settings().database_url
        if url is None:
            _stop(f"no centre ever ran here; set {PREFIX}DATABASE_URL to the one to ask")
        return asyncio.run(_done(url, act))
    except Mistakes as mistakes:
        for line in mistakes.lines:
            typer.echo(line, err=True)
        typer.echo("nothing was published", err=True)
        raise typer.Exit(MISTAKE) from None
    except FlowTaken as taken:
        _stop(f"{taken}; --replace makes the file its draft")
    except DraftPassed as passed:
        _stop(f"{passed}; try again")
    except (ConfigRefused, NoDraft, NotThere, SettingsMistakes) as error:
        _stop(str(error))
    except (OSError, SQLAlchemyError) as error:
        _stop(f"the database cannot be used: {type(error).__name__}")


async def _done(url: str, act: Callable[[Stored], Awaitable[T]]) -> T:
    engine = make_engine(url, pool_size=1)
    try:
        return await act(Stored(engine))
    finally:
        await engine.dispose()


def _stop(message: str) -> NoReturn:
    typer.echo(message, err=True)
    sys.stderr.flush()
    raise typer.Exit(WRONG)
