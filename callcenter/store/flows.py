"""Call flows in their versions: texts never change, one version of a flow is published.

A text is read before it is kept: one with a mistake is refused with its lines, and the published
version stays. What a flow refers to outside itself (queues) is checked above.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.store.changes import CODE, Changes
from callcenter.store.config_values import ConfigRefused, NotThere
from callcenter.store.tables import FlowVersion
from ivr.reading import read_flow

TEXT_BYTES_MAX = 1_000_000


@dataclass(frozen=True, slots=True)
class FlowEntry:
    """One flow in the list: the published version (None: none is) and the newest."""

    id: str
    name: str
    published: int | None
    newest: int
    changed: datetime | None


class Flows(Changes):
    """The part of the directory that is about flows."""

    async def flows(self) -> Sequence[FlowEntry]:
        async with self.sessions() as session:
            rows = await session.scalars(
                select(FlowVersion).order_by(FlowVersion.id, FlowVersion.version)
            )
            entries: dict[str, FlowEntry] = {}
            for row in rows:
                before = entries.get(row.id)
                shown = row.version if row.published else before.published if before else None
                flow, _ = read_flow(row.source)
                name = flow.name if flow else before.name if before else row.id
                entries[row.id] = FlowEntry(row.id, name, shown, row.version, row.created)
        return list(entries.values())

    async def flow_text(self, id: str, version: int | None = None) -> tuple[int, str] | None:
        """Number and text of a version; None asks for the published one, else the newest."""
        query = select(FlowVersion.version, FlowVersion.source).where(FlowVersion.id == id)
        if version is not None:
            query = query.where(FlowVersion.version == version)
        query = query.order_by(FlowVersion.published.desc(), FlowVersion.version.desc()).limit(1)
        async with self.sessions() as session:
            row = (await session.execute(query)).first()
        return (row.version, row.source) if row else None

    async def publish_flow(self, id: str, text: str, *, note: str = "", by: str) -> int:
        """Keep `text` as a new version and publish it; its number. The same text as the published
        one makes no new version. Raises ConfigRefused with the reader's problems."""
        if not CODE.fullmatch(id):
            raise ConfigRefused(("id", f"{id[:40]!r} must match {CODE.pattern}"))
        if len(text.encode("utf-8", "replace")) > TEXT_BYTES_MAX or "\0" in text:
            raise ConfigRefused(("text", "it is longer than 1 MB or has a NUL in it"))
        flow, problems = read_flow(text)
        if flow is None:
            raise ConfigRefused(*(("text", str(problem)) for problem in problems[:50]))
        async with self.change("flow.publish", id, by, {"note": note}) as session:
            present = await session.scalar(
                select(FlowVersion).where(FlowVersion.id == id, FlowVersion.published)
            )
            if present is not None and present.source == text:
                return present.version
            newest = select(func.max(FlowVersion.version)).where(FlowVersion.id == id)
            version = (await session.scalar(newest) or 0) + 1
            await _unpublish(session, id)
            session.add(
                FlowVersion(id=id, version=version, source=text, published=True, note=note[:300])
            )
        return version

    async def publish_version(self, id: str, version: int, *, by: str) -> None:
        """Publish an earlier version again. Raises NotThere."""
        detail = {"version": version}
        async with self.change("flow.publish", id, by, detail) as session:
            row = await session.get(FlowVersion, (id, version))
            if row is None:
                raise NotThere("flow version", f"{id} {version}")
            await _unpublish(session, id)
            row.published = True


async def _unpublish(session: AsyncSession, id: str) -> None:
    await session.execute(
        update(FlowVersion)
        .where(FlowVersion.id == id, FlowVersion.published)
        .values(published=False)
    )
