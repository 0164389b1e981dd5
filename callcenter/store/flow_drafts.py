"""Flows as they are being drawn: each save is a revision, and nobody's save overwrites another's.

A draft may have mistakes; only what is published is looked at closely (`store.flows`).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import String, cast, delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.store.audit import note
from callcenter.store.changes import CODE, Changes
from callcenter.store.config_values import ConfigRefused, NotThere
from callcenter.store.tables import FlowDraft, FlowVersion, User

TEXT_BYTES_MAX = 1_000_000
REVISIONS_KEPT = 100
FLOWS_MAX = 500


@dataclass(frozen=True, slots=True)
class Draft:
    """`author` is a user's id (or the product itself), `by` the name to show."""

    flow: str
    revision: int
    text: str
    at: datetime
    author: str
    by: str


class DraftPassed(Exception):
    """Somebody else saved the flow meanwhile: `theirs`. `base` is the text both began with, None
    when it is too old to be kept. Nothing was overwritten."""

    def __init__(self, theirs: Draft, base: str | None) -> None:
        super().__init__(f"flow {theirs.flow} was changed meanwhile (revision {theirs.revision})")
        self.theirs = theirs
        self.base = base


class FlowTaken(Exception):
    """There is a flow of this name already."""

    def __init__(self, flow: str) -> None:
        super().__init__(f"there is a flow {flow!r} already")
        self.flow = flow


class FlowDrafts(Changes):
    """The part of the directory that is about drafts of flows."""

    async def draft(self, flow: str) -> Draft | None:
        async with self.sessions() as session:
            return await newest_draft(session, flow)

    async def drafts(self) -> list[Draft]:
        """The newest of every flow, by name."""
        newest = (
            select(FlowDraft.flow_id, func.max(FlowDraft.revision).label("revision"))
            .group_by(FlowDraft.flow_id)
            .subquery()
        )
        query = (
            select(FlowDraft, User.name)
            .join(
                newest,
                (newest.c.flow_id == FlowDraft.flow_id) & (newest.c.revision == FlowDraft.revision),
            )
            .outerjoin(User, cast(User.id, String) == FlowDraft.author)
            .order_by(FlowDraft.flow_id)
        )
        async with self.sessions() as session:
            return [_draft(row, name) for row, name in await session.execute(query)]

    async def create_flow(self, flow: str, text: str, *, by: str) -> Draft:
        """A new flow with this first draft. Raises FlowTaken, ConfigRefused."""
        check_text(flow, text)
        async with self.sessions.begin() as session:
            await _one_at_a_time(session)
            if await newest_draft(session, flow) is not None:
                raise FlowTaken(flow)
            flows = await session.scalar(select(func.count(FlowDraft.flow_id.distinct())))
            if (flows or 0) >= FLOWS_MAX:
                raise ConfigRefused(("name", f"there are {flows} flows, the most there can be"))
            await note(session, by, "flow.create", flow, {})
            return await add_draft(session, flow, text, by)

    async def save_draft(self, flow: str, text: str, *, base: int, by: str) -> Draft:
        """The next revision, made from revision `base`. The same text again makes none. Raises
        NotThere, DraftPassed, ConfigRefused."""
        check_text(flow, text)
        async with self.sessions.begin() as session:
            await _one_at_a_time(session)
            present = await newest_draft(session, flow)
            if present is None:
                raise NotThere("flow", flow)
            if present.text == text:
                return present
            if present.revision != base:
                earlier = await session.get(FlowDraft, (flow, base))
                raise DraftPassed(present, earlier.source if earlier else None)
            await note(session, by, "flow.draft", flow, {"revision": base + 1})
            return await add_draft(session, flow, text, by)


def check_text(flow: str, text: str) -> None:
    """Raises ConfigRefused."""
    if not CODE.fullmatch(flow):
        raise ConfigRefused(("id", f"{flow[:40]!r} must match {CODE.pattern}"))
    if len(text.encode("utf-8", "replace")) > TEXT_BYTES_MAX or "\0" in text:
        raise ConfigRefused(("text", "it is longer than 1 MB or has a NUL in it"))


async def newest_draft(session: AsyncSession, flow: str) -> Draft | None:
    query = (
        select(FlowDraft, User.name)
        .outerjoin(User, cast(User.id, String) == FlowDraft.author)
        .where(FlowDraft.flow_id == flow)
        .order_by(FlowDraft.revision.desc())
        .limit(1)
    )
    found = (await session.execute(query)).first()
    return _draft(*found) if found else None


async def add_draft(session: AsyncSession, flow: str, text: str, by: str) -> Draft:
    """The next revision; those long past are forgotten."""
    newest = select(func.max(FlowDraft.revision)).where(FlowDraft.flow_id == flow)
    revision = (await session.scalar(newest) or 0) + 1
    session.add(FlowDraft(flow_id=flow, revision=revision, source=text, author=by[:64]))
    await session.flush()
    old = revision - REVISIONS_KEPT
    await session.execute(
        delete(FlowDraft).where(FlowDraft.flow_id == flow, FlowDraft.revision <= old)
    )
    made = await newest_draft(session, flow)
    assert made is not None, "it was just made"
    return made


async def _one_at_a_time(session: AsyncSession) -> None:
    """Saves of drafts wait for each other, but not for changes of what runs."""
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(FlowVersion.__name__))))


def _draft(row: FlowDraft, name: str | None) -> Draft:
    return Draft(row.flow_id, row.revision, row.source, row.at, row.author, name or row.author)
