"""Teams: which queues are theirs and who leads them. An agent names his team himself."""

from __future__ import annotations

import uuid

from sqlalchemy import ForeignKey, String, text
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.store.tables.base import ID_MAX, Base, Created

TEAM_ID_MAX = 64


class TeamRecord(Base):
    """`everything`: its leaders look after the whole house. The id of a team that is older than
    this table is the word that stood with its agents."""

    __tablename__ = "teams"

    id: Mapped[str] = mapped_column(String(TEAM_ID_MAX), primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    everything: Mapped[bool] = mapped_column(server_default=text("false"))
    version: Mapped[int] = mapped_column(server_default=text("1"))
    created: Mapped[Created]
    updated: Mapped[Created]


class TeamQueue(Base):
    __tablename__ = "team_queues"

    team_id: Mapped[str] = mapped_column(
        ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True
    )
    queue_id: Mapped[str] = mapped_column(
        String(ID_MAX), ForeignKey("queues.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class TeamLeader(Base):
    __tablename__ = "team_leaders"

    team_id: Mapped[str] = mapped_column(
        ForeignKey("teams.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
