"""Articles in the database, in the session that is given."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, literal, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.crm.articles.schemas import Article, ArticleVersion, Gap
from callcenter.store import tables
from callcenter.store.accounts import as_uuid
from callcenter.store.searching import fold, like_pattern, query_grams, query_words

Row = tables.Article
Version = tables.ArticleVersion
GAPS_MAX = 100


@dataclass(frozen=True, slots=True)
class Wanted:
    """`unpublished`: drafts and archived ones, too (for those who write). `queue` and `language`
    order what is found, they hide nothing."""

    q: str = ""
    category: str = ""
    queue: str | None = None
    language: str = ""
    unpublished: bool = False
    archived: bool = False


async def find(session: AsyncSession, id: str, *, lock: bool = False) -> Row | None:
    key = as_uuid(id)
    return await session.get(Row, key, with_for_update=lock) if key else None


async def search(session: AsyncSession, wanted: Wanted, limit: int) -> list[Article]:
    """The best first: the words in the title, then the queue, the language, and whom it helped."""
    words = query_words(wanted.q)
    pieces = query_grams(words)
    query = _visible(wanted)
    if pieces:
        query = query.where(Row.grams.contains(pieces))
    in_title: ColumnElement[int] = literal(0)
    for word in words:
        pattern = like_pattern(word)
        query = query.where(Row.search_text.like(pattern))
        in_title = in_title + case((func.lower(Row.title).like(pattern), 1), else_=0)
    order = [in_title.desc(), *_fitting(wanted), Row.updated.desc(), Row.id]
    rows = await session.scalars(query.order_by(*order).limit(limit))
    return [value_of(row) for row in rows]


async def suggest(
    session: AsyncSession, wanted: Wanted, path: Sequence[str], limit: int
) -> list[Article]:
    """For a call before anybody typed: of its queue, and of what was chosen in the menu."""
    score: ColumnElement[int] = case((_serves(wanted), 4), else_=0)
    for words in filter(None, map(choice_of, path)):
        pattern = like_pattern(words)
        score = score + case((Row.search_text.like(pattern), 3), else_=0)
    query = _visible(wanted).where(score > 0)
    order = [score.desc(), *_fitting(wanted), Row.updated.desc(), Row.id]
    rows = await session.scalars(query.order_by(*order).limit(limit))
    return [value_of(row) for row in rows]


def choice_of(step: str) -> str:
    """What was chosen at one step of a menu, folded, without the menu's name and the key pressed:
    'Main menu: 1 Sales' is 'sales'."""
    words = fold(step.rsplit(":", 1)[-1]).split()
    if len(words) > 1 and len(words[0]) == 1 and words[0] in "0123456789*#":
        del words[0]
    return " ".join(words)


def _visible(wanted: Wanted) -> Select[Row]:
    query = select(Row)
    if not wanted.unpublished:
        query = query.where(Row.published.is_not(None), ~Row.archived)
    else:
        query = query.where(Row.archived if wanted.archived else ~Row.archived)
    if wanted.category:
        query = query.where(Row.category == wanted.category)
    return query


def _fitting(wanted: Wanted) -> list[ColumnElement[Any]]:
    return [
        case((_serves(wanted), 1), else_=0).desc(),
        case((Row.language == wanted.language, 1), else_=0).desc(),
        (Row.helped - Row.not_helped).desc(),
    ]


def _serves(wanted: Wanted) -> ColumnElement[bool]:
    return Row.queues.contains([wanted.queue or ""])


async def version(session: AsyncSession, id: uuid.UUID, number: int) -> Version | None:
    return await session.get(Version, (id, number))


async def versions(session: AsyncSession, id: uuid.UUID) -> list[ArticleVersion]:
    """Newest first."""
    query = select(Version).where(Version.article_id == id).order_by(Version.number.desc())
    return [
        ArticleVersion(row.number, row.title, row.note, row.user_name, row.at)
        for row in await session.scalars(query)
    ]


async def last_number(session: AsyncSession, id: uuid.UUID) -> int:
    query = select(func.max(Version.number)).where(Version.article_id == id)
    return await session.scalar(query) or 0


async def of_call(session: AsyncSession, call: str) -> list[Article]:
    """The articles that somebody linked to the call, or said something of in it."""
    said = tables.ArticleFeedback
    query = select(Row).join(said, said.article_id == Row.id).where(said.call == call)
    rows = await session.scalars(query.order_by(said.at))
    return list({row.id: value_of(row) for row in rows}.values())


async def gaps(session: AsyncSession, since: datetime) -> list[Gap]:
    """Searches that found nothing, or nothing that helped; the most frequent first."""
    search, said = tables.ArticleSearch, tables.ArticleFeedback
    looked = (
        select(
            search.query.label("query"),
            func.count().label("searches"),
            func.count().filter(search.results == 0).label("without_result"),
            literal(0).label("not_helped"),
            func.max(search.at).label("last_at"),
        )
        .where(search.at >= since)
        .group_by(search.query)
    )
    unhelped = (
        select(
            said.query.label("query"),
            literal(0).label("searches"),
            literal(0).label("without_result"),
            func.count().label("not_helped"),
            func.max(said.at).label("last_at"),
        )
        .where(said.at >= since, said.query != "", said.helped.is_(False))
        .group_by(said.query)
    )
    both = looked.union_all(unhelped).subquery()
    without, bad = func.sum(both.c.without_result), func.sum(both.c.not_helped)
    query = (
        select(both.c.query, func.sum(both.c.searches), without, bad, func.max(both.c.last_at))
        .group_by(both.c.query)
        .having(or_(without > 0, bad > 0))
        .order_by((without + bad).desc(), both.c.query)
        .limit(GAPS_MAX)
    )
    rows = await session.execute(query)
    return [Gap(q, int(s), int(w), int(n), at) for q, s, w, n, at in rows]


def value_of(row: Row) -> Article:
    return Article(
        id=str(row.id),
        category=row.category,
        language=row.language,
        queues=row.queues,
        title=row.title or row.draft_title,
        published=row.published,
        draft_ahead=row.draft_ahead,
        archived=row.archived,
        helped=row.helped,
        not_helped=row.not_helped,
        revision=row.revision,
        updated=row.updated,
        updated_by=row.user_name,
    )
