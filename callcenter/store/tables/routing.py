"""The configuration of the centre: agents, queues, reasons, flows, routes.

All settings of a queue are one JSON value with a version; columns repeat only what is searched by.
`config_state` counts every change, so that the running centre can tell a new configuration.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Integer,
    SmallInteger,
    String,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.store.tables.base import ID_MAX, AgentId, Base, Created

ID_CHECK = "id ~ '^[a-z0-9]{1,32}$'"
CODE_CHECK = "code ~ '^[a-z0-9_-]{1,32}$'"
EMPTY_OBJECT = text("'{}'::jsonb")
EMPTY_TEXTS = text("'{}'::text[]")


class AgentRecord(Base):
    """`desk_phone`: the agent has a SIP desk phone (endpoint `d` + id)."""

    __tablename__ = "agents"
    __table_args__ = (CheckConstraint(ID_CHECK, name="id"),)

    id: Mapped[str] = mapped_column(String(ID_MAX), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    team: Mapped[str] = mapped_column(String(64), server_default="")
    skills: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)
    groups: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    weight: Mapped[int] = mapped_column(Integer, server_default=text("1"))
    capacity: Mapped[dict[str, Any]] = mapped_column(server_default=text("'{\"voice\": 1}'::jsonb"))
    desk_phone: Mapped[bool] = mapped_column(server_default=text("false"))
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    created: Mapped[Created]
    updated: Mapped[Created]


class QueueRecord(Base):
    __tablename__ = "queues"
    __table_args__ = (CheckConstraint(ID_CHECK, name="id"),)

    id: Mapped[str] = mapped_column(String(ID_MAX), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    media: Mapped[str] = mapped_column(String(16), server_default="voice")
    enabled: Mapped[bool] = mapped_column(server_default=text("true"))
    settings: Mapped[dict[str, Any]]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    created: Mapped[Created]
    updated: Mapped[Created]


class QueueMember(Base):
    """`position` orders agents in a linear queue; lower is earlier."""

    __tablename__ = "queue_members"

    queue_id: Mapped[str] = mapped_column(
        ForeignKey("queues.id", ondelete="CASCADE"), primary_key=True
    )
    agent_id: Mapped[AgentId] = mapped_column(
        ForeignKey("agents.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    position: Mapped[int] = mapped_column(server_default=text("0"))


class GroupRecord(Base):
    """Agents by condition, as `acd.groups.Group`; who is put in by hand stands with the agent."""

    __tablename__ = "agent_groups"
    __table_args__ = (CheckConstraint(ID_CHECK, name="id"),)

    id: Mapped[str] = mapped_column(String(ID_MAX), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    condition: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)
    version: Mapped[int] = mapped_column(server_default=text("1"))
    created: Mapped[Created]
    updated: Mapped[Created]


class PauseReasonRecord(Base):
    __tablename__ = "pause_reasons"
    __table_args__ = (CheckConstraint(CODE_CHECK, name="code"),)

    code: Mapped[str] = mapped_column(String(ID_MAX), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    name_zh: Mapped[str] = mapped_column(String(80), server_default="")
    limit_seconds: Mapped[float | None]
    position: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    version: Mapped[int] = mapped_column(server_default=text("1"))


class DispositionRecord(Base):
    """`queues` empty: valid in every queue. `parent` '': at the root of the tree. Rows are retired,
    never removed: interactions name them."""

    __tablename__ = "dispositions"
    __table_args__ = (CheckConstraint(CODE_CHECK, name="code"),)

    code: Mapped[str] = mapped_column(String(ID_MAX), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    name_zh: Mapped[str] = mapped_column(String(80), server_default="")
    queues: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    is_default: Mapped[bool] = mapped_column(server_default=text("false"))
    parent: Mapped[str] = mapped_column(String(ID_MAX), server_default="")
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    keywords: Mapped[str] = mapped_column(String(200), server_default="")
    position: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    version: Mapped[int] = mapped_column(server_default=text("1"))


class FlowVersion(Base):
    """One version of a flow's text; texts never change, at most one version is published. `parts`
    are the versions of the sub-flows that belong to it: flow -> version."""

    __tablename__ = "flows"
    __table_args__ = (
        CheckConstraint("id ~ '^[a-z0-9_-]{1,32}$'", name="id"),
        Index("uq_flows_published", "id", unique=True, postgresql_where=text("published")),
    )

    id: Mapped[str] = mapped_column(String(ID_MAX), primary_key=True)
    version: Mapped[int] = mapped_column(Integer, primary_key=True)
    source: Mapped[str] = mapped_column("text")
    published: Mapped[bool] = mapped_column(server_default=text("false"))
    note: Mapped[str] = mapped_column(String(300), server_default="")
    author: Mapped[str] = mapped_column(String(64), server_default="")
    parts: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)
    created: Mapped[Created]


class FlowDraft(Base):
    """A flow as it is being drawn, mistakes and all; each save is a revision of its own, so that
    two people who draw at the same time can be shown what the other did."""

    __tablename__ = "flow_drafts"
    __table_args__ = (CheckConstraint("flow_id ~ '^[a-z0-9_-]{1,32}$'", name="flow_id"),)

    flow_id: Mapped[str] = mapped_column(String(ID_MAX), primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)
    source: Mapped[str]
    author: Mapped[str] = mapped_column(String(64), server_default="")
    at: Mapped[Created]


class FlowPublication(Base):
    """When which version was put to use, by whom and why. `kind`: publish or rollback."""

    __tablename__ = "flow_publications"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    flow_id: Mapped[str] = mapped_column(String(ID_MAX), index=True)
    version: Mapped[int] = mapped_column(Integer)
    at: Mapped[Created]
    author: Mapped[str] = mapped_column(String(64), server_default="")
    note: Mapped[str] = mapped_column(String(300), server_default="")
    kind: Mapped[str] = mapped_column(String(16), server_default="publish")


class Route(Base):
    """Which calls begin with which flow, as `ivr.routes.Route`; looked through by `position`, one
    that is not `enabled` takes no call."""

    __tablename__ = "routes"
    __table_args__ = (CheckConstraint("id ~ '^[a-z0-9_-]{1,32}$'", name="id"),)

    id: Mapped[str] = mapped_column(String(ID_MAX), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    flow_id: Mapped[str] = mapped_column(String(ID_MAX))
    did: Mapped[str] = mapped_column(String(40), server_default="*")
    callers: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    regions: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    lists: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    calendar: Mapped[str] = mapped_column(String(ID_MAX), server_default="")
    while_state: Mapped[str] = mapped_column(String(8), server_default="open")
    percent: Mapped[int] = mapped_column(SmallInteger, server_default=text("100"))
    note: Mapped[str] = mapped_column(String(200), server_default="")
    enabled: Mapped[bool] = mapped_column(server_default=text("true"))


class NumberList(Base):
    """A list of callers (vip, blocked, ...)."""

    __tablename__ = "number_lists"
    __table_args__ = (CheckConstraint("id ~ '^[a-z0-9_-]{1,32}$'", name="id"),)

    id: Mapped[str] = mapped_column(String(ID_MAX), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    created: Mapped[Created]


class NumberListEntry(Base):
    """`number`: E.164, an internal extension, or the beginning of a number with a *."""

    __tablename__ = "number_list_entries"

    list_id: Mapped[str] = mapped_column(
        ForeignKey("number_lists.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[str] = mapped_column(String(40), primary_key=True)
    note: Mapped[str] = mapped_column(String(200), server_default="")
    author: Mapped[str] = mapped_column(String(64), server_default="")
    at: Mapped[Created]


class CalendarRecord(Base):
    """Business hours, as `ivr.calendar.Calendar`. The switch stands beside the settings: who turns
    it in an emergency shall not be kept by somebody's edit."""

    __tablename__ = "calendars"
    __table_args__ = (CheckConstraint("id ~ '^[a-z0-9_-]{1,32}$'", name="id"),)

    id: Mapped[str] = mapped_column(String(ID_MAX), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    settings: Mapped[dict[str, Any]] = mapped_column(server_default=EMPTY_OBJECT)
    emergency: Mapped[bool] = mapped_column(server_default=text("false"))
    message: Mapped[str] = mapped_column(String(300), server_default="")
    emergency_by: Mapped[str] = mapped_column(String(64), server_default="")
    emergency_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default=text("1"))
    created: Mapped[Created]
    updated: Mapped[Created]


class ConfigState(Base):
    """One row. `version` grows with every change of the tables above, `routes_version` with those
    of the routes."""

    __tablename__ = "config_state"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(server_default=text("0"))
    routes_version: Mapped[int] = mapped_column(server_default=text("0"))
    announce_position_seconds: Mapped[float] = mapped_column(server_default=text("45"))
    time_zone: Mapped[str] = mapped_column(String(64), server_default=text("'UTC'"))
    changed: Mapped[datetime | None]
