"""Call flows in their versions: texts never change, one version of a flow is published.

A text is read before it is kept: one with a mistake is refused with its lines, and the published
version stays. What a flow refers to outside itself (queues) is checked above (`callcenter.flows`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, cast, delete, func, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.store.config_reading import read_library
from callcenter.store.config_values import ConfigRefused, NotThere
from callcenter.store.flow_drafts import (
    DraftPassed,
    FlowDrafts,
    add_draft,
    check_text,
    newest_draft,
)
from callcenter.store.tables import FlowDraft, FlowPublication, FlowVersion, User
from ivr.flow import Flow
from ivr.reading import read_flow


@dataclass(frozen=True, slots=True)
class FlowEntry:
    """Which version of a flow callers hear (None: none), since when and by whom; the newest."""

    id: str
    published: int | None
    newest: int
    since: datetime | None
    by: str


@dataclass(frozen=True, slots=True)
class VersionEntry:
    """One version. `since`: when it was last put to use (None: never), `kind` how, `used_by` whom
    by, `used_note` why."""

    version: int
    published: bool
    note: str
    created: datetime
    by: str
    since: datetime | None
    kind: str
    parts: Mapping[str, int]
    used_by: str = ""
    used_note: str = ""


class Flows(FlowDrafts):
    """The part of the directory that is about flows."""

    async def flows(self) -> Sequence[FlowEntry]:
        """All flows that have versions."""
        newest = select(FlowVersion.id, func.max(FlowVersion.version)).group_by(FlowVersion.id)
        shown = select(FlowVersion.id, FlowVersion.version).where(FlowVersion.published)
        latest = (
            select(FlowPublication.flow_id, FlowPublication.at, User.name, FlowPublication.author)
            .outerjoin(User, cast(User.id, String) == FlowPublication.author)
            .ext(distinct_on(FlowPublication.flow_id))
            .order_by(FlowPublication.flow_id, FlowPublication.id.desc())
        )
        async with self.sessions() as session:
            published = {id: version for id, version in await session.execute(shown)}
            since = {row.flow_id: row for row in await session.execute(latest)}
            found = sorted((id, top) for id, top in await session.execute(newest))
        out = []
        for id, top in found:
            row = since.get(id)
            by = (row.name or row.author) if row else ""
            out.append(FlowEntry(id, published.get(id), top, row.at if row else None, by))
        return out

    async def versions(self, id: str) -> list[VersionEntry]:
        """Newest first; empty: it was never published."""
        latest = (
            select(FlowPublication, User.name)
            .outerjoin(User, cast(User.id, String) == FlowPublication.author)
            .where(FlowPublication.flow_id == id)
            .ext(distinct_on(FlowPublication.version))
            .order_by(FlowPublication.version, FlowPublication.id.desc())
        )
        query = (
            select(FlowVersion, User.name)
            .outerjoin(User, cast(User.id, String) == FlowVersion.author)
            .where(FlowVersion.id == id)
            .order_by(FlowVersion.version.desc())
        )
        async with self.sessions() as session:
            used = {row.version: (row, name) for row, name in await session.execute(latest)}
            rows = list(await session.execute(query))
        return [_version(row, name, used.get(row.version)) for row, name in rows]

    async def flow_text(self, id: str, version: int | None = None) -> tuple[int, str] | None:
        """Number and text of a version; None asks for the published one, else the newest."""
        query = select(FlowVersion.version, FlowVersion.source).where(FlowVersion.id == id)
        if version is not None:
            query = query.where(FlowVersion.version == version)
        query = query.order_by(FlowVersion.published.desc(), FlowVersion.version.desc()).limit(1)
        async with self.sessions() as session:
            row = (await session.execute(query)).first()
        return (row.version, row.source) if row else None

    async def library(self) -> dict[str, Flow]:
        """The published flows as they were drawn, sub-flows not put in."""
        async with self.sessions() as session:
            return await read_library(session)

    async def publish_flow(
        self,
        id: str,
        text: str,
        *,
        note: str = "",
        by: str,
        parts: Mapping[str, int] | None = None,
        revision: int | None = None,
    ) -> int:
        """Keep `text` as a new version and publish it; its number. The same text (and `parts`) as
        the published one makes no new version. `revision`: the draft it is; without one the text
        becomes the draft too. Raises ConfigRefused with the reader's problems, DraftPassed."""
        check_text(id, text)
        flow, problems = read_flow(text)
        if flow is None:
            raise ConfigRefused(*(("text", str(problem)) for problem in problems[:50]))
        async with self.change("flow.publish", id, by, {"note": note}) as session:
            await _settle_draft(session, id, text, revision, by)
            present = await session.scalar(
                select(FlowVersion).where(FlowVersion.id == id, FlowVersion.published)
            )
            wanted = dict(parts or {})
            if present is not None and present.source == text and present.parts == wanted:
                return present.version
            newest = select(func.max(FlowVersion.version)).where(FlowVersion.id == id)
            version = (await session.scalar(newest) or 0) + 1
            await _unpublish(session, id)
            said = {"author": by[:64], "note": note[:300]}
            session.add(
                FlowVersion(
                    id=id, version=version, source=text, published=True, parts=wanted, **said
                )
            )
            session.add(FlowPublication(flow_id=id, version=version, kind="publish", **said))
        return version

    async def publish_version(self, id: str, version: int, *, note: str = "", by: str) -> None:
        """Put an earlier version to use again. Raises NotThere."""
        detail = {"version": version, "note": note}
        async with self.change("flow.rollback", id, by, detail) as session:
            row = await session.get(FlowVersion, (id, version))
            if row is None:
                raise NotThere("flow version", f"{id} {version}")
            if row.published:
                return
            await _unpublish(session, id)
            row.published = True
            session.add(
                FlowPublication(
                    flow_id=id, version=version, kind="rollback", author=by[:64], note=note[:300]
                )
            )

    async def remove_flow(self, id: str, *, by: str) -> bool:
        """No call begins in it any more and its draft is gone; its versions stay in the books.
        Whether something still leads to it is asked above. False: there was none."""
        async with self.change("flow.remove", id, by, {}) as session:
            await _unpublish(session, id)
            gone = await session.execute(
                delete(FlowDraft).where(FlowDraft.flow_id == id).returning(FlowDraft.revision)
            )
            return gone.first() is not None


async def _settle_draft(
    session: AsyncSession, id: str, text: str, revision: int | None, by: str
) -> None:
    """What is published is also the draft."""
    draft = await newest_draft(session, id)
    if revision is None:
        if draft is None or draft.text != text:
            await add_draft(session, id, text, by)
    elif draft is None:
        raise NotThere("flow", id)
    elif draft.revision != revision:
        base = await session.get(FlowDraft, (id, revision))
        raise DraftPassed(draft, base.source if base else None)


async def _unpublish(session: AsyncSession, id: str) -> None:
    await session.execute(
        update(FlowVersion)
        .where(FlowVersion.id == id, FlowVersion.published)
        .values(published=False)
    )


def _version(
    row: FlowVersion, name: str | None, use: tuple[FlowPublication, str | None] | None
) -> VersionEntry:
    used, user = use or (None, None)
    return VersionEntry(
        version=row.version,
        published=row.published,
        note=row.note,
        created=row.created,
        by=name or row.author,
        since=used.at if used else None,
        kind=used.kind if used else "",
        parts=row.parts,
        used_by=(user or used.author) if used else "",
        used_note=used.note if used else "",
    )
