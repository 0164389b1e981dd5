"""The knowledge base for the web layer: each method is one transaction. Times are arguments, in
UNIX seconds.

Readers see published versions, which never change; who writes has one draft beside them. Raises
OSError or SQLAlchemyError when the database is away.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from callcenter.crm.articles import repository
from callcenter.crm.articles.rendering import difference
from callcenter.crm.articles.repository import Wanted
from callcenter.crm.articles.schemas import (
    KEYWORDS_MAX,
    NOTE_MAX,
    TEXT_MAX,
    TITLE_MAX,
    Article,
    ArticleChanged,
    ArticleDraft,
    ArticleText,
    ArticleVersion,
    ArticleWrong,
    Gap,
    Line,
)
from callcenter.crm.customers.checking import one_line
from callcenter.store import tables
from callcenter.store.accounts import as_uuid, printable
from callcenter.store.audit import note as audit
from callcenter.store.engine import make_sessions
from callcenter.store.searching import fold, grams
from callcenter.store.times import to_datetime

PAGE_MAX = 100
SEARCHED_MAX = 20_000  # of an article; what lies behind is not found by its words
DRAFT = 0  # as a version's number: the draft


class Articles:
    def __init__(self, engine: AsyncEngine) -> None:
        self._sessions = make_sessions(engine)

    async def search(self, wanted: Wanted, limit: int = 30) -> Sequence[Article]:
        async with self._sessions() as session:
            return await repository.search(session, wanted, min(limit, PAGE_MAX))

    async def suggest(self, wanted: Wanted, path: Sequence[str]) -> Sequence[Article]:
        async with self._sessions() as session:
            return await repository.suggest(session, wanted, path, 8)

    async def read(self, id: str, number: int | None = None) -> tuple[Article, ArticleText] | None:
        """A version (None: the published one, `DRAFT`: the draft); None: there is none."""
        async with self._sessions() as session:
            row = await repository.find(session, id)
            text = row and await _text(session, row, row.published if number is None else number)
            return (repository.value_of(row), text) if row and text else None

    async def versions(self, id: str) -> Sequence[ArticleVersion]:
        async with self._sessions() as session:
            key = as_uuid(id)
            return await repository.versions(session, key) if key else []

    async def diff(self, id: str, older: int, newer: int) -> Sequence[Line] | None:
        """Between two versions, `DRAFT` for the draft; None: one of them is not there."""
        async with self._sessions() as session:
            row = await repository.find(session, id)
            before = row and await _text(session, row, older)
            after = row and await _text(session, row, newer)
            if not before or not after:
                return None
            return difference(_whole(before), _whole(after))

    # -- writing ---------------------------------------------------------------------------------
    async def create(self, draft: ArticleDraft, *, now: float, by: str, name: str) -> Article:
        """Raises ArticleWrong."""
        row = tables.Article(created=to_datetime(now), revision=0)
        _put(row, draft, now, name)
        async with self._sessions.begin() as session:
            session.add(row)
            await session.flush()
            await audit(session, by, "article.create", str(row.id), {"title": row.draft_title})
            await session.refresh(row)
            return repository.value_of(row)

    async def save(
        self, id: str, draft: ArticleDraft, *, revision: int, now: float, name: str
    ) -> Article | None:
        """A new state of the draft. None: there is no such article. Raises ArticleChanged,
        ArticleWrong."""
        async with self._sessions.begin() as session:
            row = await _locked(session, id, revision)
            if row is None:
                return None
            _put(row, draft, now, name)
            await session.flush()
            return repository.value_of(row)

    async def publish(
        self, id: str, note: str, *, revision: int, now: float, by: str, name: str
    ) -> Article | None:
        """Make the draft a version that readers see from now on. Raises ArticleChanged."""
        async with self._sessions.begin() as session:
            row = await _locked(session, id, revision)
            if row is None:
                return None
            number = await repository.last_number(session, row.id) + 1
            session.add(
                tables.ArticleVersion(
                    article_id=row.id,
                    number=number,
                    title=row.draft_title,
                    text=row.draft_text,
                    keywords=row.draft_keywords,
                    note=printable(note, NOTE_MAX).strip(),
                    user_name=printable(name, 120),
                    at=to_datetime(now),
                )
            )
            row.published, row.draft_ahead, row.title = number, False, row.draft_title
            words = (row.draft_title, row.draft_keywords, row.draft_text)
            row.search_text = fold(" ".join(words))[:SEARCHED_MAX]
            row.grams = sorted(grams(row.search_text))
            row.archived, row.revision = False, row.revision + 1
            row.updated, row.user_name = to_datetime(now), printable(name, 120)
            await audit(session, by, "article.publish", id, {"version": number})
            await session.flush()
            return repository.value_of(row)

    async def restore(
        self, id: str, number: int, *, revision: int, now: float, name: str
    ) -> Article | None:
        """A former version becomes the draft; it is published again by publishing. Raises
        ArticleChanged."""
        async with self._sessions.begin() as session:
            row = await _locked(session, id, revision)
            version = await repository.version(session, row.id, number) if row else None
            if row is None or version is None:
                return None
            row.draft_title, row.draft_text = version.title, version.text
            row.draft_keywords = version.keywords
            row.draft_ahead, row.revision = number != row.published, row.revision + 1
            row.updated, row.user_name = to_datetime(now), printable(name, 120)
            await session.flush()
            return repository.value_of(row)

    async def archive(self, id: str, archived: bool, *, by: str) -> Article | None:
        """Out of the readers' sight, or back."""
        async with self._sessions.begin() as session:
            row = await repository.find(session, id, lock=True)
            if row is None:
                return None
            row.archived, row.revision = archived, row.revision + 1
            await audit(session, by, "article.archive", id, {"archived": archived})
            await session.flush()
            return repository.value_of(row)

    # -- readers ---------------------------------------------------------------------------------
    async def say(
        self, id: str, *, user: str, call: str, helped: bool | None, query: str, now: float
    ) -> Article | None:
        """What a reader says of an article; said again in the same call, the last word counts.
        `helped` None: it is only linked to the call."""
        key = as_uuid(user)
        async with self._sessions.begin() as session:
            row = await repository.find(session, id, lock=True)
            if row is None or key is None:
                return None
            said = await session.get(tables.ArticleFeedback, (row.id, key, call))
            before = said.helped if said else None
            if said is None:
                said = tables.ArticleFeedback(article_id=row.id, user_id=key, call=call, query="")
                session.add(said)
            said.at = to_datetime(now)
            said.query = _query(query) or said.query
            if helped is not None:
                said.helped = helped
                row.helped += (helped is True) - (before is True)
                row.not_helped += (helped is False) - (before is False)
            await session.flush()
            return repository.value_of(row)

    async def of_call(self, call: str) -> Sequence[Article]:
        async with self._sessions() as session:
            return await repository.of_call(session, call)

    async def searched(self, query: str, queue: str | None, results: int, *, now: float) -> None:
        """Somebody looked for this and saw so many results."""
        words = _query(query)
        if not words:
            return
        async with self._sessions.begin() as session:
            session.add(
                tables.ArticleSearch(at=to_datetime(now), query=words, queue=queue, results=results)
            )

    async def gaps(self, now: float, days: float = 30.0) -> Sequence[Gap]:
        async with self._sessions() as session:
            return await repository.gaps(session, to_datetime(now - days * 86_400.0))


async def _locked(session: AsyncSession, id: str, revision: int) -> tables.Article | None:
    row = await repository.find(session, id, lock=True)
    if row is not None and row.revision != revision:
        raise ArticleChanged("somebody else changed this article meanwhile")
    return row


async def _text(
    session: AsyncSession, row: tables.Article, number: int | None
) -> ArticleText | None:
    if number == DRAFT:
        return ArticleText(row.draft_title, row.draft_text, row.draft_keywords)
    version = await repository.version(session, row.id, number) if number else None
    return ArticleText(version.title, version.text, version.keywords) if version else None


def _put(row: tables.Article, draft: ArticleDraft, now: float, name: str) -> None:
    title = one_line(draft.content.title)
    if not title:
        raise ArticleWrong("title", "an article needs a title")
    if len(draft.content.text) > TEXT_MAX:
        raise ArticleWrong("text", f"an article has at most {TEXT_MAX} characters")
    row.category, row.language = draft.category, draft.language
    row.queues = sorted(set(draft.queues))
    row.draft_title, row.draft_text = title[:TITLE_MAX], printable(draft.content.text, TEXT_MAX)
    row.draft_keywords = one_line(draft.content.keywords)[:KEYWORDS_MAX]
    row.draft_ahead, row.revision = True, (row.revision or 0) + 1
    row.updated, row.user_name = to_datetime(now), printable(name, 120)


def _whole(text: ArticleText) -> str:
    return f"{text.title}\n{text.keywords}\n{text.text}"


def _query(query: str) -> str:
    return fold(query.replace("\0", "")[:100])[:100]
