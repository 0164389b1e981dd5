"""Evaluation forms in the database: one draft each, and versions that stay as they were published.

Each method is one transaction. Raises OSError or SQLAlchemyError when the database is away. This
file must not know HTTP.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from callcenter.quality.forms import Form, flaws_of
from callcenter.store.accounts import printable
from callcenter.store.audit import note as audit
from callcenter.store.config_values import ConfigRefused, NotThere, VersionPassed
from callcenter.store.engine import make_sessions
from callcenter.store.ledger_rows import plain
from callcenter.store.tables import EvaluationForm, EvaluationFormVersion

FORMS_MAX = 200


@dataclass(frozen=True, slots=True)
class StoredForm:
    """`form` is the draft; `published` None: nothing can be evaluated by it yet."""

    form: Form
    active: bool
    published: int | None
    draft_ahead: bool
    revision: int
    updated: datetime
    updated_by: str


@dataclass(frozen=True, slots=True)
class FormVersion:
    number: int
    note: str
    by: str
    at: datetime


class Forms:
    def __init__(self, engine: AsyncEngine) -> None:
        self._sessions = make_sessions(engine)

    async def all(self) -> Sequence[StoredForm]:
        async with self._sessions() as session:
            rows = await session.scalars(select(EvaluationForm).order_by(EvaluationForm.code))
            return [_stored(row) for row in rows]

    async def save(
        self, form: Form, *, active: bool, revision: int, by: str, name: str
    ) -> StoredForm:
        """A new state of the draft; `revision` 0: a new form. Raises ConfigRefused,
        VersionPassed."""
        async with self._sessions.begin() as session:
            row = await _locked(session, form.code, revision)
            if row is None:
                if await session.scalar(select(func.count(EvaluationForm.code))) == FORMS_MAX:
                    raise ConfigRefused(("code", f"there are {FORMS_MAX} forms already"))
                row = EvaluationForm(code=form.code, revision=0)
                session.add(row)
            row.draft, row.active = plain(form.model_dump(mode="json")), active
            _touched(row, name, ahead=True)
            await session.flush()
            await audit(session, by, "evaluation-form.save", form.code, {"active": active})
            await session.refresh(row)
            return _stored(row)

    async def publish(
        self, code: str, note: str, *, revision: int, by: str, name: str
    ) -> StoredForm:
        """The draft becomes the version of evaluations from now on. Raises NotThere,
        VersionPassed, ConfigRefused with the flaws."""
        async with self._sessions.begin() as session:
            row = await _there(session, code, revision)
            flaws = flaws_of(Form.model_validate(row.draft))
            if flaws:
                raise ConfigRefused(*((flaw.where, flaw.what) for flaw in flaws))
            number = (await _last(session, code)) + 1
            version = EvaluationFormVersion(
                code=code,
                number=number,
                body=row.draft,
                note=printable(note, 300),
                user_name=printable(name, 120),
            )
            session.add(version)
            row.published = number
            _touched(row, name, ahead=False)
            await audit(session, by, "evaluation-form.publish", code, {"version": number})
            await session.flush()
            await session.refresh(row)
            return _stored(row)

    async def restore(self, code: str, number: int, *, revision: int, name: str) -> StoredForm:
        """A former version becomes the draft. Raises NotThere, VersionPassed."""
        async with self._sessions.begin() as session:
            row = await _there(session, code, revision)
            row.draft = plain((await version_of(session, code, number)).model_dump(mode="json"))
            _touched(row, name, ahead=number != row.published)
            await session.flush()
            await session.refresh(row)
            return _stored(row)

    async def versions(self, code: str) -> Sequence[FormVersion]:
        """Newest first."""
        table = EvaluationFormVersion
        query = select(table).where(table.code == code).order_by(table.number.desc())
        async with self._sessions() as session:
            rows = await session.scalars(query)
            return [FormVersion(row.number, row.note, row.user_name, row.at) for row in rows]

    async def published(self) -> Mapping[str, Form]:
        """The versions that new evaluations are made by: of forms in use."""
        table = EvaluationFormVersion
        query = select(table).join(
            EvaluationForm,
            (EvaluationForm.code == table.code) & (EvaluationForm.published == table.number),
        )
        async with self._sessions() as session:
            rows = await session.scalars(query.where(EvaluationForm.active).order_by(table.code))
            return {row.code: Form.model_validate(row.body) for row in rows}


async def version_of(session: AsyncSession, code: str, number: int) -> Form:
    """Raises NotThere."""
    row = await session.get(EvaluationFormVersion, (code, number))
    if row is None:
        raise NotThere("version of the form", f"{code} {number}")
    return Form.model_validate(row.body)


async def current(session: AsyncSession, code: str) -> int:
    """The number that new evaluations are made by. Raises ConfigRefused: there is none."""
    row = await session.get(EvaluationForm, code)
    if row is None or row.published is None or not row.active:
        raise ConfigRefused(("form", "this form is not published, or not in use"))
    return row.published


async def _locked(session: AsyncSession, code: str, revision: int) -> EvaluationForm | None:
    row = await session.get(EvaluationForm, code, with_for_update=True)
    if (row.revision if row else 0) != revision:
        raise VersionPassed(row.revision if row else 0)
    return row


async def _there(session: AsyncSession, code: str, revision: int) -> EvaluationForm:
    if await session.get(EvaluationForm, code) is None:
        raise NotThere("evaluation form", code)
    row = await _locked(session, code, revision)
    assert row is not None
    return row


async def _last(session: AsyncSession, code: str) -> int:
    table = EvaluationFormVersion
    query = select(func.max(table.number)).where(table.code == code)
    return await session.scalar(query) or 0


def _touched(row: EvaluationForm, name: str, *, ahead: bool) -> None:
    row.draft_ahead, row.revision = ahead, row.revision + 1
    row.updated, row.user_name = func.now(), printable(name, 120)


def _stored(row: EvaluationForm) -> StoredForm:
    return StoredForm(
        form=Form.model_validate(row.draft),
        active=row.active,
        published=row.published,
        draft_ahead=row.draft_ahead,
        revision=row.revision,
        updated=row.updated,
        updated_by=row.user_name,
    )
