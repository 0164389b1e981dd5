"""Sampling plans, and the list of what they drew: so many recordings of each agent and week.

Drawing is idempotent (`quality.sampling`): it adds what is missing of a week, never more. A job
draws each hour, for the week that goes on and the one before; a person may do so at any time.

Raises OSError or SQLAlchemyError when the database is away. This file must not know HTTP.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from callcenter.core.config import Config
from callcenter.core.teams import Reach, reach_of_teams, within
from callcenter.quality.sampling import Candidate, Week, draw, week_of
from callcenter.store.accounts import as_uuid, printable
from callcenter.store.audit import note as audit
from callcenter.store.config_values import ConfigRefused, NotThere, VersionPassed
from callcenter.store.engine import make_sessions
from callcenter.store.tables import Evaluation, Interaction, Recording, Sample, SamplingPlan
from callcenter.store.times import to_datetime

log = logging.getLogger(__name__)

PLANS_MAX = 100
TODO_MAX = 500
CANDIDATES_MAX = 200_000
HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Todo:
    """One line of the list. `skipped`: it will not be done, for the reason `why`."""

    id: str
    plan: str
    plan_name: str
    form: str
    week: date
    agent: str
    recording: str
    queue: str | None
    began_at: datetime
    seconds: float | None
    state: str
    why: str
    has_sound: bool


class Plans:
    """`config`: the configuration that runs now; agents of a team are those of this moment."""

    def __init__(self, engine: AsyncEngine, config: Callable[[], Config]) -> None:
        self._sessions = make_sessions(engine)
        self._config = config

    async def run(self, now: Callable[[], float]) -> None:
        """Until cancelled."""
        while True:
            try:
                await self.draw_all(now())
            except (SQLAlchemyError, OSError, TimeoutError) as trouble:
                log.warning("samples are drawn later: %s", trouble)
            await asyncio.sleep(HOUR)

    async def all(self) -> Sequence[SamplingPlan]:
        query = select(SamplingPlan).order_by(SamplingPlan.name, SamplingPlan.id)
        async with self._sessions() as session:
            return list(await session.scalars(query))

    async def plan(self, id: str) -> SamplingPlan:
        """Raises NotThere."""
        async with self._sessions() as session:
            return await _plan(session, id)

    async def put(
        self, id: str | None, values: Mapping[str, Any], *, version: int | None, by: str
    ) -> SamplingPlan:
        """Make (None) or change a plan. What it drew stays. Raises ConfigRefused, NotThere,
        VersionPassed."""
        async with self._sessions.begin() as session:
            if id is None:
                if await session.scalar(select(func.count(SamplingPlan.id))) == PLANS_MAX:
                    raise ConfigRefused(("name", f"there are {PLANS_MAX} plans already"))
                row = SamplingPlan(version=0, seed=secrets.randbits(62))
                session.add(row)
            else:
                row = await _plan(session, id, lock=True)
                if version is not None and version != row.version:
                    raise VersionPassed(row.version)
            for name, value in values.items():
                setattr(row, name, value)
            row.version += 1
            await session.flush()
            await audit(session, by, "sampling-plan.put", str(row.id), values)
            await session.refresh(row)
            return row

    async def remove(self, id: str, *, by: str) -> None:
        """With its list; evaluations stay. Raises NotThere."""
        async with self._sessions.begin() as session:
            row = await _plan(session, id, lock=True)
            await audit(session, by, "sampling-plan.remove", id, {"name": row.name})
            await session.execute(delete(SamplingPlan).where(SamplingPlan.id == row.id))

    # -- drawing ----------------------------------------------------------------------------------
    async def draw_all(self, now: float) -> int:
        """Of all plans in use, for the last week and this one; how many lines were added."""
        added = 0
        for plan in await self.all():
            if plan.active:
                added += await self.draw(str(plan.id), now)
        return added

    async def draw(self, id: str, now: float) -> int:
        """Of one plan. Raises NotThere."""
        today = week_of(to_datetime(now), self._config().time_zone)
        before = week_of(today.since - timedelta(days=3), self._config().time_zone)
        async with self._sessions.begin() as session:
            plan = await _plan(session, id, lock=True)
            return sum([await self._draw(session, plan, week) for week in (before, today)])

    async def _draw(self, session: AsyncSession, plan: SamplingPlan, week: Week) -> int:
        had = await session.execute(
            select(Sample.recording_id, Sample.agent).where(
                Sample.plan_id == plan.id, Sample.week == week.monday
            )
        )
        drawn = [Candidate(recording, agent) for recording, agent in had]
        agents = self._agents(plan)
        fitting = await session.execute(_fitting(plan, week))
        candidates = [
            Candidate(recording, agent)
            for recording, heard in fitting
            for agent in heard
            if agents is None or agent in agents
        ]
        found = draw(candidates, plan.per_agent, seed=plan.seed, week=week.monday, drawn=drawn)
        for one in found:
            session.add(
                Sample(
                    plan_id=plan.id, week=week.monday, agent=one.agent, recording_id=one.recording
                )
            )
        return len(found)

    def _agents(self, plan: SamplingPlan) -> frozenset[str] | None:
        """None: everybody."""
        if not plan.team:
            return None
        reach = reach_of_teams(self._config(), [plan.team])
        return None if reach.everything else reach.agents

    # -- the list ---------------------------------------------------------------------------------
    async def todo(self, reach: Reach, *, state: str = "todo") -> Sequence[Todo]:
        """Of the agents within; the oldest week first."""
        query = (
            select(Sample, SamplingPlan, Recording)
            .join(SamplingPlan, SamplingPlan.id == Sample.plan_id)
            .join(Recording, Recording.id == Sample.recording_id)
            .where(Sample.state == state)
            .order_by(Sample.week, Sample.agent, Recording.began_at, Sample.id)
            .limit(TODO_MAX)
        )
        if not reach.everything:
            query = query.where(Sample.agent.in_(reach.agents))
        async with self._sessions() as session:
            return [_todo(*found) for found in await session.execute(query)]

    async def skip(self, id: str, skipped: bool, why: str, *, by: str, reach: Reach) -> None:
        """Leave one out, for a reason, or take it in again. Raises NotThere."""
        async with self._sessions.begin() as session:
            row = await session.get(Sample, as_uuid(id), with_for_update=True)
            if row is None or row.state == "done" or not within(reach, agents=(row.agent,)):
                raise NotThere("sample", id[:40])
            row.state = "skipped" if skipped else "todo"
            row.why = printable(why, 300) if skipped else ""
            await audit(session, by, "sample.skip", id, {"skipped": skipped, "why": why})


def _fitting(plan: SamplingPlan, week: Week) -> Any:
    """What was recorded in the week, is there to be heard, fits the plan and is not evaluated by
    its form yet."""
    done = select(Evaluation.id).where(
        Evaluation.recording_id == Recording.id,
        Evaluation.form == plan.form,
        Evaluation.calibration_id.is_(None),
        Evaluation.state != "draft",
    )
    query = select(Recording.id, Recording.agents).where(
        Recording.wanted,
        Recording.state == "stored",
        Recording.began_at >= week.since,
        Recording.began_at < week.until,
        ~done.exists(),
    )
    if plan.queues:
        query = query.where(Recording.queue.in_(plan.queues))
    if plan.seconds_min:
        query = query.where(Recording.seconds >= plan.seconds_min)
    if plan.seconds_max:
        query = query.where(Recording.seconds <= plan.seconds_max)
    if plan.dispositions:
        ended = select(Interaction.call).where(Interaction.disposition.in_(plan.dispositions))
        query = query.where(Recording.call.in_(ended.where(Interaction.call == Recording.call)))
    return query.order_by(Recording.id).limit(CANDIDATES_MAX)


async def _plan(session: AsyncSession, id: str, *, lock: bool = False) -> SamplingPlan:
    row = await session.get(SamplingPlan, as_uuid(id), with_for_update=lock)
    if row is None:
        raise NotThere("sampling plan", id[:40])
    return row


def _todo(sample: Sample, plan: SamplingPlan, talk: Recording) -> Todo:
    return Todo(
        id=str(sample.id),
        plan=str(plan.id),
        plan_name=plan.name,
        form=plan.form,
        week=sample.week,
        agent=sample.agent,
        recording=talk.id,
        queue=talk.queue,
        began_at=talk.began_at,
        seconds=talk.seconds,
        state=sample.state,
        why=sample.why,
        has_sound=talk.state == "stored",
    )
