"""Calibration: several judges of one agent in one recording, by the same version of a form.

Blind: what a judge gave is shown to nobody but himself before all are done, or whoever began it
closes it. Then everybody who took part sees all, with how far they lie apart. Calibrations count
in no report and are not shown to the agent.

Raises OSError or SQLAlchemyError when the database is away. This file must not know HTTP.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from callcenter.core.teams import Reach
from callcenter.quality.evaluations import NotNow, draft, talk_of
from callcenter.quality.forms import Form
from callcenter.quality.kept_forms import current, version_of
from callcenter.quality.scoring import Spread, agreement, spread
from callcenter.store.accounts import Account, as_uuid, printable
from callcenter.store.audit import note as audit
from callcenter.store.config_values import ConfigRefused, NotThere
from callcenter.store.engine import make_sessions
from callcenter.store.tables import Calibration, Evaluation, Recording

JUDGES_MIN, JUDGES_MAX = 2, 20
SHOWN_MAX = 200


@dataclass(frozen=True, slots=True)
class Judged:
    """What came of it. `evaluations`: those that may be seen. `handed_in`: by whom, always known.
    `total` and `agreements` (by question) None before it is closed."""

    calibration: Calibration
    form: Form
    evaluations: Sequence[Evaluation]
    handed_in: frozenset[str]
    total: Spread | None
    agreements: dict[str, float] | None


class Calibrations:
    def __init__(self, engine: AsyncEngine) -> None:
        self._sessions = make_sessions(engine)

    async def all(self, user: str, reach: Reach) -> Sequence[Calibration]:
        """Those one takes part in, has begun, or whose agent is within; newest first."""
        query = select(Calibration).order_by(Calibration.created.desc()).limit(SHOWN_MAX)
        async with self._sessions() as session:
            return list(await session.scalars(query.where(_seen(user, reach))))

    async def begin(
        self,
        recording: str,
        agent: str,
        form: str,
        title: str,
        judges: Sequence[Account],
        *,
        by: Account,
        reach: Reach,
    ) -> str:
        """Raises NotThere, ConfigRefused."""
        ids = sorted({judge.id for judge in judges})
        if not JUDGES_MIN <= len(ids) <= JUDGES_MAX:
            raise ConfigRefused(("judges", f"{JUDGES_MIN} to {JUDGES_MAX} judges are needed"))
        if any(judge.agent == agent for judge in judges):
            raise ConfigRefused(("judges", "the agent cannot judge himself"))
        async with self._sessions.begin() as session:
            talk = await talk_of(session, recording, agent, reach)
            row = Calibration(
                title=printable(title, 120),
                recording_id=talk.id,
                agent=agent,
                form=form,
                number=await current(session, form),
                judges=[as_uuid(id) for id in ids],
                by_user=as_uuid(by.id),
                by_name=printable(by.name, 120),
            )
            session.add(row)
            await session.flush()
            detail = {"recording": talk.id, "judges": len(ids)}
            await audit(session, by.id, "calibration.begin", str(row.id), detail)
            return str(row.id)

    async def judge(self, id: str, by: Account) -> str:
        """A judge's own evaluation, begun if need be; its id. Raises NotThere, NotNow."""
        async with self._sessions.begin() as session:
            row = await session.get(Calibration, as_uuid(id))
            if row is None or by.id not in {str(judge) for judge in row.judges}:
                raise NotThere("calibration", id[:40])
            if row.closed is not None:
                raise NotNow
            talk = await session.get(Recording, row.recording_id)
            if talk is None:
                raise NotThere("recording", row.recording_id)
            return await draft(session, talk, row.agent, row.form, row.number, by, row)

    async def close(self, id: str, *, by: Account, reach: Reach) -> None:
        """Who has not handed in by now is left out. Raises NotThere."""
        async with self._sessions.begin() as session:
            row = await _one(session, id, by.id, reach, lock=True)
            if row.closed is None:
                row.closed = func.now()
                await audit(session, by.id, "calibration.close", id, {})

    async def judged(self, id: str, user: str, reach: Reach) -> Judged:
        """Raises NotThere."""
        async with self._sessions() as session:
            row = await _one(session, id, user, reach)
            form = await version_of(session, row.form, row.number)
            query = (
                select(Evaluation)
                .where(Evaluation.calibration_id == row.id)
                .order_by(Evaluation.evaluator_name, Evaluation.id)
            )
            made = list(await session.scalars(query))
        done = [one for one in made if one.state != "draft"]
        handed_in = frozenset(str(one.evaluator) for one in done)
        if row.closed is None:
            own = [one for one in made if str(one.evaluator) == user]
            return Judged(row, form, own, handed_in, None, None)
        agreements = {
            question.code: agreement([one.answers.get(question.code) for one in done])
            for question in form.questions()
            if done
        }
        return Judged(row, form, done, handed_in, spread([one.score for one in done]), agreements)


def _seen(user: str, reach: Reach) -> Any:
    mine = or_(Calibration.by_user == as_uuid(user), Calibration.judges.contains([as_uuid(user)]))
    if reach.everything:
        return or_(mine, Calibration.agent.is_not(None))
    return or_(mine, Calibration.agent.in_(reach.agents))


async def _one(
    session: AsyncSession, id: str, user: str, reach: Reach, *, lock: bool = False
) -> Calibration:
    query = select(Calibration).where(Calibration.id == as_uuid(id), _seen(user, reach))
    row = await session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotThere("calibration", id[:40])
    return row
