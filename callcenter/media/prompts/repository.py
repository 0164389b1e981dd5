"""Prompts in the database: each change is counted and audited like every other configuration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import cast

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from callcenter.media.prompts.schemas import (
    LANGUAGE,
    PROMPT_ID,
    Catalogue,
    Kind,
    Prompt,
    Shelved,
    Version,
)
from callcenter.sound.converting import Converted
from callcenter.store import tables
from callcenter.store.accounts import as_uuid, printable
from callcenter.store.changes import Changes
from callcenter.store.config_values import ConfigRefused, NotThere
from callcenter.store.engine import make_sessions

VERSIONS_KEPT = 50
PROMPTS_MAX = 5_000
TEXT_MAX = 2_000


async def read_catalogue(engine: AsyncEngine) -> Catalogue:
    """What callers shall hear. Raises OSError or SQLAlchemyError."""
    row = tables.PromptVersion
    query = (
        select(row.prompt_id, row.language, row.file, row.text)
        .join(tables.Prompt, tables.Prompt.id == row.prompt_id)
        .where(row.active, tables.Prompt.deleted.is_(None))
        .order_by(row.prompt_id, row.language)
    )
    found: dict[str, dict[str, Shelved]] = {}
    async with make_sessions(engine)() as session:
        for id, language, file, text in await session.execute(query):
            found.setdefault(id, {})[language] = Shelved(file, text)
    return found


class PromptRecords(Changes):
    """Raises ConfigRefused and NotThere; OSError or SQLAlchemyError when the database is away."""

    async def prompts(self, *, id: str | None = None) -> Sequence[Prompt]:
        """All of them by id (also deleted ones), or the one asked for."""
        prompt, version = tables.Prompt, tables.PromptVersion
        some = prompt.id == id if id is not None else prompt.id != ""
        async with self.sessions() as session:
            heads = list(await session.scalars(select(prompt).where(some).order_by(prompt.id)))
            query = select(version).join(prompt, prompt.id == version.prompt_id).where(some)
            rows = await session.scalars(
                query.order_by(version.prompt_id, version.language, version.version.desc())
            )
            made: dict[str, dict[str, list[Version]]] = {}
            for row in rows:
                by_language = made.setdefault(row.prompt_id, {})
                by_language.setdefault(row.language, []).append(_version(row))
        return [
            Prompt(
                head.id,
                head.name,
                head.deleted,
                {lang: tuple(some) for lang, some in made.get(head.id, {}).items()},
            )
            for head in heads
        ]

    async def put(self, id: str, name: str, *, by: str) -> None:
        """Make a prompt (without sound yet), or change what it is called."""
        _check(id)
        name = printable(name.strip(), 200)
        async with self.change("prompt.put", id, by, {"name": name}) as session:
            row = await session.get(tables.Prompt, id)
            if row is None:
                count = await session.scalar(select(func.count()).select_from(tables.Prompt))
                if (count or 0) >= PROMPTS_MAX:
                    raise ConfigRefused(("prompt", f"there are {PROMPTS_MAX} prompts already"))
                session.add(tables.Prompt(id=id, name=name))
            else:
                row.name, row.deleted = name, None

    async def add(
        self,
        id: str,
        language: str,
        made: Converted,
        *,
        file: str,
        kind: Kind,
        text: str,
        note: str,
        source_name: str,
        active: bool,
        by: str,
    ) -> tuple[int, list[str]]:
        """A new version; its number, and the files of versions that are too old to be kept."""
        _check(id, language)
        detail = {"language": language, "kind": kind, "seconds": made.seconds, "active": active}
        async with self.change("prompt.version", id, by, detail) as session:
            if await session.get(tables.Prompt, id) is None:
                raise NotThere("prompt", id)
            row = tables.PromptVersion
            newest = select(func.max(row.version)).where(
                row.prompt_id == id, row.language == language
            )
            version = (await session.scalar(newest) or 0) + 1
            if active:
                await _deactivate(session, id, language)
            session.add(
                row(
                    prompt_id=id,
                    language=language,
                    version=version,
                    active=active,
                    kind=kind,
                    text=printable(text, TEXT_MAX),
                    note=printable(note, 300),
                    source_name=printable(source_name, 255),
                    codec=made.codec,
                    file=file,
                    sha256=made.sha256,
                    seconds=made.seconds,
                    loudness_before=made.loudness_before,
                    loudness=made.loudness,
                    true_peak=made.true_peak,
                    warnings=list(made.warnings),
                    created_by=as_uuid(by),
                )
            )
            await session.flush()
            old = await _too_old(session, id, language)
        return version, old

    async def activate(self, id: str, language: str, version: int, *, by: str) -> None:
        """Callers hear this version from now on."""
        detail = {"language": language, "version": version}
        async with self.change("prompt.activate", id, by, detail) as session:
            row = await session.get(tables.PromptVersion, (id, language, version))
            if row is None:
                raise NotThere("prompt version", f"{id} {language} {version}")
            await _deactivate(session, id, language)
            row.active = True

    async def withdraw(self, id: str, language: str, *, by: str) -> None:
        """No version of this language is active: its words are spoken instead."""
        async with self.change("prompt.withdraw", id, by, {"language": language}) as session:
            await _deactivate(session, id, language)

    async def set_deleted(self, id: str, deleted: bool, *, by: str) -> None:
        action = "prompt.delete" if deleted else "prompt.restore"
        async with self.change(action, id, by, {}) as session:
            row = await session.get(tables.Prompt, id)
            if row is None:
                raise NotThere("prompt", id)
            row.deleted = func.now() if deleted else None


def _check(id: str, language: str = "en") -> None:
    if not PROMPT_ID.fullmatch(id):
        raise ConfigRefused(("id", f"{id[:40]!r} must match {PROMPT_ID.pattern}"))
    if not LANGUAGE.fullmatch(language):
        raise ConfigRefused(("language", f"{language[:12]!r} is not of the form en or zh-CN"))


async def _deactivate(session: AsyncSession, id: str, language: str) -> None:
    row = tables.PromptVersion
    await session.execute(
        update(row)
        .where(row.prompt_id == id, row.language == language, row.active)
        .values(active=False)
    )


async def _too_old(session: AsyncSession, id: str, language: str) -> list[str]:
    """Rows beyond what is kept go; the active one never does. The files they had."""
    row = tables.PromptVersion
    query = select(row).where(row.prompt_id == id, row.language == language, ~row.active)
    old = await session.scalars(query.order_by(row.version.desc()).offset(VERSIONS_KEPT))
    files = []
    for one in old:
        files.append(one.file)
        await session.delete(one)
    return files


def _version(row: tables.PromptVersion) -> Version:
    return Version(
        version=row.version,
        active=row.active,
        kind=cast(Kind, row.kind),
        text=row.text,
        note=row.note,
        source_name=row.source_name,
        codec=row.codec,
        file=row.file,
        sha256=row.sha256,
        seconds=row.seconds,
        loudness_before=row.loudness_before,
        loudness=row.loudness,
        true_peak=row.true_peak,
        warnings=tuple(row.warnings),
        by=str(row.created_by) if row.created_by else None,
        created=row.created,
    )
