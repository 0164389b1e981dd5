"""Articles with their versions, what readers said of them, and what was looked for."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Integer, String
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from callcenter.store.tables.base import ID_MAX, Base, CallId, Created, NewUuid
from callcenter.store.tables.routing import EMPTY_TEXTS


class Article(Base):
    """`published`: the version readers see. What is searched is that version's; the draft_ columns
    are what the next version will be. `revision` grows with each change of the draft."""

    __tablename__ = "articles"
    __table_args__ = (
        CheckConstraint("language in ('en', 'zh')", name="language"),
        Index("ix_articles_grams", "grams", postgresql_using="gin"),
    )

    id: Mapped[NewUuid]
    category: Mapped[str] = mapped_column(String(ID_MAX))
    language: Mapped[str] = mapped_column(String(2))
    queues: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    title: Mapped[str] = mapped_column(String(160), server_default="")
    published: Mapped[int | None] = mapped_column(Integer)
    archived: Mapped[bool] = mapped_column(server_default=sql("false"))
    draft_title: Mapped[str] = mapped_column(String(160))
    draft_text: Mapped[str]
    draft_keywords: Mapped[str] = mapped_column(String(400), server_default="")
    draft_ahead: Mapped[bool] = mapped_column(server_default=sql("true"))
    revision: Mapped[int] = mapped_column(Integer, server_default=sql("1"))
    helped: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    not_helped: Mapped[int] = mapped_column(Integer, server_default=sql("0"))
    search_text: Mapped[str] = mapped_column(server_default="")
    grams: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    created: Mapped[Created]
    updated: Mapped[Created]
    user_name: Mapped[str] = mapped_column(String(120), server_default="")


class ArticleVersion(Base):
    """Never changed."""

    __tablename__ = "article_versions"

    article_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    title: Mapped[str] = mapped_column(String(160))
    text: Mapped[str]
    keywords: Mapped[str] = mapped_column(String(400), server_default="")
    note: Mapped[str] = mapped_column(String(300), server_default="")
    user_name: Mapped[str] = mapped_column(String(120), server_default="")
    at: Mapped[datetime]


class ArticleFeedback(Base):
    """What one reader said of an article in one call (`call` '': outside of calls)."""

    __tablename__ = "article_feedback"
    __table_args__ = (Index("ix_article_feedback_call", "call"),)

    article_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("articles.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    call: Mapped[CallId] = mapped_column(primary_key=True)
    helped: Mapped[bool | None]
    query: Mapped[str] = mapped_column(String(100), server_default="")
    at: Mapped[datetime]


class ArticleSearch(Base):
    """One search as it stood for a while, by its folded words."""

    __tablename__ = "article_searches"
    __table_args__ = (Index("ix_article_searches_at", "at"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    at: Mapped[datetime]
    query: Mapped[str] = mapped_column(String(100))
    queue: Mapped[str | None] = mapped_column(String(ID_MAX))
    results: Mapped[int] = mapped_column(Integer)


class ScriptRecord(Base):
    """`draft`: what the next version will be, as `crm.scripts.Script`; `queues` and `language` are
    those of the published version."""

    __tablename__ = "scripts"

    code: Mapped[str] = mapped_column(String(ID_MAX), primary_key=True)
    active: Mapped[bool] = mapped_column(server_default=sql("true"))
    language: Mapped[str] = mapped_column(String(2), server_default="")
    queues: Mapped[list[str]] = mapped_column(server_default=EMPTY_TEXTS)
    published: Mapped[int | None] = mapped_column(Integer)
    draft: Mapped[dict[str, Any]]
    draft_ahead: Mapped[bool] = mapped_column(server_default=sql("true"))
    revision: Mapped[int] = mapped_column(Integer, server_default=sql("1"))
    updated: Mapped[Created]
    user_name: Mapped[str] = mapped_column(String(120), server_default="")


class ScriptVersionRecord(Base):
    """Never changed: calls go on by the version they began with."""

    __tablename__ = "script_versions"

    code: Mapped[str] = mapped_column(
        ForeignKey("scripts.code", ondelete="CASCADE"), primary_key=True
    )
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    body: Mapped[dict[str, Any]]
    note: Mapped[str] = mapped_column(String(300), server_default="")
    user_name: Mapped[str] = mapped_column(String(120), server_default="")
    at: Mapped[datetime]


class ScriptRun(Base):
    """How far a call has come, whoever has it. `trail`: pairs of step and answer."""

    __tablename__ = "script_runs"

    call: Mapped[CallId] = mapped_column(primary_key=True)
    script: Mapped[str] = mapped_column(String(ID_MAX))
    number: Mapped[int] = mapped_column(Integer)
    trail: Mapped[list[Any]]
    agent: Mapped[str] = mapped_column(String(ID_MAX))
    revision: Mapped[int] = mapped_column(Integer, server_default=sql("1"))
    updated: Mapped[datetime]
