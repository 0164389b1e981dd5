"""What callers left behind in menus: messages, the ways they took, their answers to surveys.

The ledger writes these from its outbox, so nothing here has a foreign key (see `interactions`).
`journey_counts` is added up from `journeys` in the statement that writes them, once for each
journey: figures of any stretch of time come from a few hundred rows, however many calls there were.
"""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, SmallInteger, String, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.store.tables.base import CALL_ID_MAX, ID_MAX, Base, CallId, Created

RECORDING_MAX = CALL_ID_MAX + 24
NODE_MAX = 80


class Voicemail(Base):
    """A message that a caller left, for a queue's or an agent's mailbox, or the general one.

    `id` is the recording's name, made by the service; `file` lies in the folder of recordings.
    `seconds` null: the caller was recorded while nobody watched; it is measured later. `version`
    grows with each change by a person."""

    __tablename__ = "voicemails"
    __table_args__ = (
        CheckConstraint("state in ('new', 'heard', 'done')", name="state"),
        CheckConstraint("box_kind in ('queue', 'agent', 'general')", name="box_kind"),
        Index("ix_voicemails_box", "box_kind", "box", text("created DESC")),
        Index("ix_voicemails_open", text("created DESC"), postgresql_where=text("state <> 'done'")),
    )

    id: Mapped[str] = mapped_column(String(RECORDING_MAX), primary_key=True)
    call: Mapped[CallId] = mapped_column(index=True)
    box_kind: Mapped[str] = mapped_column(String(16))
    box: Mapped[str] = mapped_column(String(80))
    number: Mapped[str]
    name: Mapped[str]
    customer_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    language: Mapped[str] = mapped_column(String(16))
    file: Mapped[str]
    seconds: Mapped[float | None]
    created: Mapped[datetime]
    state: Mapped[str] = mapped_column(String(8), server_default="new")
    assigned_to: Mapped[str | None] = mapped_column(String(ID_MAX))
    note: Mapped[str] = mapped_column(server_default="")
    transcript: Mapped[str | None]
    deleted: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    written: Mapped[Created]


class Journey(Base):
    """One call's way through one flow, as `ivr.analytics.Journey`. A call that went through several
    flows has several, in the order of `sequence`. `nodes[i]` was left by `ports[i]`; `last` is
    where it ended and `ended` how. `contained`: the caller was served without an agent."""

    __tablename__ = "journeys"
    __table_args__ = (Index("ix_journeys_flow", "flow", "version", "started_at"),)

    call: Mapped[CallId] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    flow: Mapped[str] = mapped_column(String(80))
    version: Mapped[int]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    nodes: Mapped[list[str]]
    ports: Mapped[list[str]]
    last: Mapped[str] = mapped_column(String(NODE_MAX))
    ended: Mapped[str] = mapped_column(String(16))
    contained: Mapped[bool]
    language: Mapped[str] = mapped_column(String(16))


class JourneyCount(Base):
    """How often, in the hour (UTC) in which the caller entered the flow. `what` and `name`:
    entered '' (visits of the node), left PORT (ways taken), ended END (where and how calls came to
    their end; 'abandoned' is the drop-off). `times` counts visits, `callers` journeys."""

    __tablename__ = "journey_counts"
    __table_args__ = (CheckConstraint("what in ('entered', 'left', 'ended')", name="what"),)

    flow: Mapped[str] = mapped_column(String(80), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    node: Mapped[str] = mapped_column(String(NODE_MAX), primary_key=True)
    what: Mapped[str] = mapped_column(String(8), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    times: Mapped[int] = mapped_column(BigInteger)
    callers: Mapped[int] = mapped_column(BigInteger)


class SurveyAnswer(Base):
    """A caller's score. `agent` and `queue`: who had served the call before, if anybody."""

    __tablename__ = "survey_answers"
    __table_args__ = (Index("ix_survey_answers_question", "question", "at"),)

    call: Mapped[CallId] = mapped_column(primary_key=True)
    sequence: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    question: Mapped[str] = mapped_column(String(80))
    score: Mapped[int] = mapped_column(SmallInteger)
    flow: Mapped[str] = mapped_column(String(80))
    customer_id: Mapped[uuid.UUID | None]
    queue: Mapped[str | None]
    agent: Mapped[str | None]
