"""Evaluations: begun as a draft, handed in, acknowledged or disputed by the agent, answered.

Which step may follow which is one table, STEPS. Whoever is evaluated sees an evaluation once it is
handed in, and never one of a calibration. Nobody evaluates himself. The border goes by the agent:
what is said about somebody is for those who lead him.

Each method is one transaction. Raises OSError or SQLAlchemyError when the database is away. This
file must not know HTTP.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select, true, tuple_, update
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from callcenter.core.teams import EVERYTHING, Reach, within
from callcenter.quality.forms import Form
from callcenter.quality.kept_forms import current, version_of
from callcenter.quality.scoring import Answers, flaws_of_answers, score
from callcenter.store.accounts import Account, as_uuid, printable
from callcenter.store.audit import note as audit
from callcenter.store.config_values import ConfigRefused, NotThere, VersionPassed
from callcenter.store.engine import make_sessions
from callcenter.store.tables import Calibration, Evaluation, Recording, Sample

TEXT_MAX = 4000
REMARK_MAX = 1000

STEPS: Mapping[tuple[str, str], str] = {
    ("draft", "hand in"): "submitted",
    ("submitted", "acknowledge"): "acknowledged",
    ("submitted", "dispute"): "disputed",
    ("disputed", "answer"): "answered",
    ("answered", "acknowledge"): "acknowledged",
}
"""(state, step) -> state. What is absent cannot happen."""


class NotNow(Exception):
    """The evaluation is not in a state in which this can be done."""


class Oneself(Exception):
    """Nobody evaluates himself."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for. `reach`: agents within; `agent_alone`: what this agent may see of himself.
    `user`: whose drafts are shown."""

    reach: Reach = EVERYTHING
    agent_alone: str | None = None
    user: str = ""
    agent: str | None = None
    form: str | None = None
    state: str | None = None
    recording: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """What an evaluator says: answers by question, words to some, words to the whole."""

    answers: Answers
    remarks: Mapping[str, str]
    comment: str


class Evaluations:
    def __init__(self, engine: AsyncEngine) -> None:
        self._sessions = make_sessions(engine)

    # -- finding ----------------------------------------------------------------------------------
    async def find(
        self, wanted: Wanted, *, limit: int, cursor: str | None
    ) -> tuple[Sequence[Evaluation], str | None]:
        """By the time of the call, newest first; `cursor` is opaque."""
        query = _seen(wanted)
        place = _place(cursor)
        if place is not None:
            query = query.where(tuple_(Evaluation.began_at, Evaluation.id) < tuple_(*place))
        query = query.order_by(Evaluation.began_at.desc(), Evaluation.id.desc()).limit(limit + 1)
        async with self._sessions() as session:
            rows = list(await session.scalars(query))
        last = rows[limit - 1] if len(rows) > limit else None
        return rows[:limit], f"{last.began_at.isoformat()}|{last.id}" if last else None

    async def evaluation(self, id: str, wanted: Wanted) -> tuple[Evaluation, Form]:
        """With the version of the form it was begun by. Raises NotThere, also for one that may not
        be seen."""
        async with self._sessions() as session:
            row = await _one(session, id, wanted)
            return row, await version_of(session, row.form, row.number)

    # -- writing ----------------------------------------------------------------------------------
    async def begin(self, recording: str, agent: str, form: str, by: Account, reach: Reach) -> str:
        """A new draft, or the one that this evaluator has begun already. Raises NotThere,
        ConfigRefused, Oneself."""
        async with self._sessions.begin() as session:
            talk = await talk_of(session, recording, agent, reach)
            number = await current(session, form)
            return await draft(session, talk, agent, form, number, by)

    async def save(self, id: str, written: Written, *, revision: int, by: Account) -> int:
        """A state of one's own draft; answers the new revision. Raises NotThere, NotNow,
        VersionPassed, ConfigRefused for answers that the form does not know."""
        async with self._sessions.begin() as session:
            row = await _own_draft(session, id, by)
            if row.revision != revision:
                raise VersionPassed(row.revision)
            form = await version_of(session, row.form, row.number)
            _checked(form, written, whole=False)
            _write(row, written)
            row.revision += 1
            return row.revision

    async def hand_in(self, id: str, *, revision: int, by: Account) -> None:
        """The score is worked out; from now on the agent sees it. A sample of the same recording
        and agent is done. Raises as `save` does."""
        async with self._sessions.begin() as session:
            row = await _own_draft(session, id, by)
            if row.revision != revision:
                raise VersionPassed(row.revision)
            if row.calibration_id is not None:
                calibration = await session.get(
                    Calibration, row.calibration_id, with_for_update=True
                )
                if calibration is None or calibration.closed is not None:
                    raise NotNow
            _step(row, "hand in")
            row.submitted = func.now()
            form = await version_of(session, row.form, row.number)
            _judge(row, form)
            row.revision += 1
            await audit(session, by.id, "evaluation.hand-in", str(row.id), {"agent": row.agent})
            if row.calibration_id is None:
                await session.execute(
                    update(Sample)
                    .where(
                        Sample.recording_id == row.recording_id,
                        Sample.agent == row.agent,
                        Sample.state == "todo",
                    )
                    .values(state="done")
                )
            else:
                await _close_when_all_are_in(session, row)

    async def discard(self, id: str, *, by: Account) -> None:
        """One's own draft is gone. Raises NotThere, NotNow."""
        async with self._sessions.begin() as session:
            await session.delete(await _own_draft(session, id, by))

    # -- the agent's word, and the answer ---------------------------------------------------------
    async def acknowledge(self, id: str, agent: str, *, by: str) -> None:
        """Raises NotThere, NotNow."""
        async with self._sessions.begin() as session:
            row = await _one(session, id, Wanted(agent_alone=agent), lock=True)
            _step(row, "acknowledge")
            row.acknowledged = func.now()
            await audit(session, by, "evaluation.acknowledge", id, {})

    async def dispute(self, id: str, agent: str, why: str, *, by: str) -> None:
        """Raises NotThere, NotNow."""
        async with self._sessions.begin() as session:
            row = await _one(session, id, Wanted(agent_alone=agent), lock=True)
            _step(row, "dispute")
            row.disputed, row.dispute = func.now(), printable(why, TEXT_MAX)
            await audit(session, by, "evaluation.dispute", id, {})

    async def answer(
        self, id: str, text: str, written: Written | None, *, by: Account, reach: Reach
    ) -> None:
        """What a supervisor says to a dispute; `written`: the answers as they shall be now, the
        score follows. Raises NotThere, NotNow, ConfigRefused, Oneself."""
        async with self._sessions.begin() as session:
            row = await _one(session, id, Wanted(reach=reach, user=by.id), lock=True)
            if row.agent == by.agent:
                raise Oneself
            _step(row, "answer")
            before = row.score
            if written is not None:
                form = await version_of(session, row.form, row.number)
                _checked(form, written, whole=True)
                _write(row, written)
                row.first_score = before
                _judge(row, form)
            row.answered, row.answer = func.now(), printable(text, TEXT_MAX)
            row.answered_name = printable(by.name, 120)
            detail = {"before": before, "after": row.score}
            await audit(session, by.id, "evaluation.answer", id, detail)


async def draft(
    session: AsyncSession,
    talk: Recording,
    agent: str,
    form: str,
    number: int,
    by: Account,
    calibration: Calibration | None = None,
) -> str:
    """The evaluator's draft, made if need be; its id. Raises Oneself."""
    if by.agent == agent:
        raise Oneself
    shared = calibration.id if calibration else None
    words = f"draft {talk.id} {agent} {form} {by.id} {shared}"
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtext(words))))
    query = select(Evaluation).where(
        Evaluation.recording_id == talk.id,
        Evaluation.agent == agent,
        Evaluation.form == form,
        Evaluation.evaluator == as_uuid(by.id),
        Evaluation.calibration_id.is_not_distinct_from(shared),
    )
    if shared is None:
        query = query.where(Evaluation.state == "draft")
    found = await session.scalar(query.with_for_update())
    if found is None:
        found = Evaluation(
            recording_id=talk.id,
            call=talk.call,
            agent=agent,
            queue=talk.queue,
            began_at=talk.began_at,
            form=form,
            number=number,
            evaluator=as_uuid(by.id),
            evaluator_name=printable(by.name, 120),
            calibration_id=shared,
        )
        session.add(found)
        await session.flush()
    return str(found.id)


async def talk_of(session: AsyncSession, recording: str, agent: str, reach: Reach) -> Recording:
    row = await session.get(Recording, recording)
    if row is None or not row.wanted or agent not in row.agents:
        raise NotThere("recording of the agent", recording[:80])
    if not within(reach, agents=(agent,)):
        raise NotThere("recording of the agent", recording[:80])
    return row


async def _own_draft(session: AsyncSession, id: str, by: Account) -> Evaluation:
    row = await session.get(Evaluation, as_uuid(id), with_for_update=True)
    if row is None or str(row.evaluator) != by.id:
        raise NotThere("evaluation", id[:40])
    if row.state != "draft":
        raise NotNow
    return row


async def _one(session: AsyncSession, id: str, wanted: Wanted, *, lock: bool = False) -> Evaluation:
    query = _seen(wanted).where(Evaluation.id == as_uuid(id))
    row = await session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotThere("evaluation", id[:40])
    return row


def _seen(wanted: Wanted) -> Select[Evaluation]:
    """Handed-in ones within the border, and one's own drafts; of calibrations one's own alone."""
    seen: ColumnElement[bool] = Evaluation.calibration_id.is_(None) & (Evaluation.state != "draft")
    if wanted.agent_alone is not None:
        seen = seen & (Evaluation.agent == wanted.agent_alone)
    elif not wanted.reach.everything:
        seen = seen & Evaluation.agent.in_(wanted.reach.agents)
    if wanted.user and wanted.agent_alone is None:
        seen = or_(seen, Evaluation.evaluator == as_uuid(wanted.user))
    chosen = {
        Evaluation.agent: wanted.agent,
        Evaluation.form: wanted.form,
        Evaluation.state: wanted.state,
        Evaluation.recording_id: wanted.recording,
    }
    query = select(Evaluation).where(seen)
    for column, value in chosen.items():
        query = query.where(column == value if value is not None else true())
    if wanted.since is not None:
        query = query.where(Evaluation.began_at >= wanted.since)
    if wanted.until is not None:
        query = query.where(Evaluation.began_at < wanted.until)
    return query


def _checked(form: Form, written: Written, *, whole: bool) -> None:
    flaws = flaws_of_answers(form, written.answers, whole=whole)
    asked = {question.code for question in form.questions()}
    flaws += [(code, "the form has no such question") for code in written.remarks.keys() - asked]
    if flaws:
        raise ConfigRefused(*((f"answers.{code}", what) for code, what in flaws))


def _write(row: Evaluation, written: Written) -> None:
    row.answers = dict(written.answers)
    row.remarks = {
        code: printable(text, REMARK_MAX) for code, text in written.remarks.items() if text.strip()
    }
    row.comment = printable(written.comment, TEXT_MAX)


def _judge(row: Evaluation, form: Form) -> None:
    """Raises ConfigRefused when something is not answered."""
    _checked(form, Written(row.answers, {}, ""), whole=True)
    found = score(form, row.answers)
    row.score, row.sections = found.total, dict(found.sections)
    row.failed, row.passed = list(found.failed), found.passed


def _step(row: Evaluation, step: str) -> None:
    after = STEPS.get((row.state, step))
    if after is None or (row.calibration_id is not None and step != "hand in"):
        raise NotNow
    row.state = after


async def _close_when_all_are_in(session: AsyncSession, row: Evaluation) -> None:
    await session.flush()
    calibration = await session.get_one(Calibration, row.calibration_id)
    handed_in = await session.scalar(
        select(func.count(Evaluation.evaluator.distinct())).where(
            Evaluation.calibration_id == calibration.id, Evaluation.state != "draft"
        )
    )
    if calibration.closed is None and handed_in == len(calibration.judges):
        calibration.closed = func.now()


def _place(cursor: str | None) -> tuple[datetime, Any] | None:
    moment, bar, id = (cursor or "").partition("|")
    try:
        at = datetime.fromisoformat(moment)
    except ValueError:
        return None
    key = as_uuid(id)
    return (at, key) if bar and at.tzinfo is not None and key else None
