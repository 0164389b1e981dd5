"""The knowledge base: readers search and say what helped, supervisors and administrators write."""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal, TypeVar

from fastapi import Query
from pydantic import Field

from callcenter.crm.articles.rendering import to_html
from callcenter.crm.articles.repository import Wanted
from callcenter.crm.articles.schemas import (
    KEYWORDS_MAX,
    NOTE_MAX,
    TEXT_MAX,
    TITLE_MAX,
    Article,
    ArticleCategory,
    ArticleChanged,
    ArticleDraft,
    ArticleText,
    ArticleWrong,
    CategoryCode,
    Language,
)
from callcenter.crm.articles.service import DRAFT
from callcenter.crm.call_forms.schemas import QueueCode
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import ApiError, Flaw, conflict, not_found
from callcenter.web.routers.common import Code, Served, UuidText, guarded_router, plain_text
from callcenter.web.routers.defined import (
    DefinedBody,
    DefinedPage,
    DefinedRead,
    all_defined,
    put_defined,
)

router = guarded_router("knowledge")

T = TypeVar("T")
Revision = Annotated[int, Field(ge=1)]
QueueParam = Annotated[str | None, Query(pattern=r"^[a-z0-9]{1,32}$")]
LanguageParam = Annotated[Literal["", "en", "zh"], Query()]
CategoryParam = Annotated[str, Query(pattern=r"^[a-z0-9_-]{0,32}$")]
PathParam = Annotated[list[Annotated[str, Field(max_length=80)]] | None, Query(max_length=20)]
VersionParam = Annotated[int, Query(ge=0, le=100_000)]


class ArticleRead(Body):
    """`published` null: readers do not see it yet. `draft_ahead`: something is not published."""

    id: str
    category: str
    language: str
    queues: list[str]
    title: str
    published: int | None
    draft_ahead: bool
    archived: bool
    helped: int
    not_helped: int
    revision: int
    updated: datetime
    updated_by: str


class ArticlePage(Body):
    items: list[ArticleRead]


class ArticleWhole(ArticleRead):
    """`text` is Markdown, `html` what may stand in a page."""

    text: str
    keywords: str
    html: str


class ArticleBody(Body):
    title: Annotated[str, Field(min_length=1, max_length=TITLE_MAX)]
    text: Annotated[str, Field(max_length=TEXT_MAX)] = ""
    keywords: Annotated[str, Field(max_length=KEYWORDS_MAX)] = ""
    category: CategoryCode = ""
    language: Language = "en"
    queues: Annotated[list[QueueCode], Field(max_length=200, default_factory=list)]

    def draft(self) -> ArticleDraft:
        content = ArticleText(self.title, self.text, self.keywords)
        return ArticleDraft(content, self.category, self.language, self.queues)


class ArticleDraftBody(ArticleBody):
    revision: Revision


class ArticlePublishBody(Body):
    revision: Revision
    note: Annotated[str, Field(max_length=NOTE_MAX)] = ""


class ArticleRestoreBody(Body):
    revision: Revision
    number: Annotated[int, Field(ge=1)]


class ArticleArchivedBody(Body):
    archived: bool


class ArticleVersionRead(Body):
    number: int
    title: str
    note: str
    by: str
    at: datetime


class ArticleVersionPage(Body):
    items: list[ArticleVersionRead]


class ArticleLineRead(Body):
    kind: Literal["same", "gone", "new"]
    text: str


class ArticleDifference(Body):
    lines: list[ArticleLineRead]


class ArticlePreviewBody(Body):
    text: Annotated[str, Field(max_length=TEXT_MAX)]


class ArticlePreview(Body):
    html: str


class ArticleFeedbackBody(Body):
    """`helped` null: only link the article to the call. `query`: what had been typed."""

    helped: bool | None = None
    call: Annotated[str, Field(pattern=r"^[A-Za-z0-9_.:-]{0,80}$")] = ""
    query: Annotated[str, Field(max_length=100)] = ""


class ArticleSearchBody(Body):
    """A search that stood for a while, for the report of gaps."""

    query: Annotated[str, Field(min_length=1, max_length=100)]
    queue: QueueCode | None = None
    results: Annotated[int, Field(ge=0, le=1000)]


class GapRead(Body):
    query: str
    searches: int
    without_result: int
    not_helped: int
    last_at: datetime


class GapPage(Body):
    items: list[GapRead]


def _read(article: Article) -> ArticleRead:
    return ArticleRead.model_validate(asdict(article))


def _whole(article: Article, text: ArticleText) -> ArticleWhole:
    shown = {"title": text.title, "text": text.text, "keywords": text.keywords}
    return ArticleWhole.model_validate(asdict(article) | shown | {"html": to_html(text.text)})


async def _taken(asked: Awaitable[Article | None]) -> ArticleRead:
    try:
        done = await asked
    except ArticleChanged as meanwhile:
        raise conflict(str(meanwhile), where="revision", todo="read it again") from None
    except ArticleWrong as wrong:
        flaws = [Flaw(where=wrong.where, message=str(wrong))]
        raise ApiError(422, "invalid", str(wrong), where=wrong.where, flaws=flaws) from None
    return _read(_found(done))


def _found(thing: T | None) -> T:
    if thing is None:
        raise not_found("article")
    return thing


# -- categories ---------------------------------------------------------------------------------
@router.get("/api/article-categories")
async def list_article_categories(served: Served) -> DefinedPage[ArticleCategory]:
    return await all_defined(served, "article_category", ArticleCategory)


@router.put("/api/article-categories/{code}")
async def put_article_category(
    code: Code, body: DefinedBody[ArticleCategory], caller: Called, served: Served
) -> DefinedRead[ArticleCategory]:
    return await put_defined(served, caller, "article_category", code, body, ArticleCategory)


@router.delete("/api/article-categories/{code}", status_code=204)
async def remove_article_category(code: Code, caller: Called, served: Served) -> None:
    """Its articles stay, without a category."""
    await served.crm.definitions.remove("article_category", code, by=caller.account.id)


# -- reading ------------------------------------------------------------------------------------
@router.get("/api/articles")
async def search_articles(
    caller: Called,
    served: Served,
    q: Annotated[str, Query(max_length=100)] = "",
    category: CategoryParam = "",
    queue: QueueParam = None,
    language: LanguageParam = "",
    unpublished: bool = False,
    archived: bool = False,
    limit: Annotated[int, Query(ge=1, le=100)] = 30,
) -> ArticlePage:
    """The best first. `unpublished` and `archived`: for those who write."""
    writes = caller.account.role != "agent"
    wanted = Wanted(
        q=plain_text(q) or "",
        category=category,
        queue=queue,
        language=language,
        unpublished=writes and (unpublished or archived),
        archived=archived,
    )
    found = await served.crm.articles.search(wanted, limit)
    return ArticlePage(items=[_read(article) for article in found])


@router.get("/api/articles/suggested")
async def suggest_articles(
    served: Served,
    queue: QueueParam = None,
    path: PathParam = None,
    language: LanguageParam = "",
) -> ArticlePage:
    """For a call before anybody typed: by its queue, and what the caller chose in the menu."""
    words = [plain_text(word) or "" for word in path or () if word.strip()]
    found = await served.crm.articles.suggest(Wanted(queue=queue, language=language), words)
    return ArticlePage(items=[_read(article) for article in found])


@router.get("/api/articles/gaps")
async def list_gaps(served: Served, days: Annotated[float, Query(ge=1, le=365)] = 30.0) -> GapPage:
    """What was looked for in the last days and not found, or did not help."""
    found = await served.crm.articles.gaps(served.clock.now(), days)
    return GapPage(items=[GapRead.model_validate(asdict(gap)) for gap in found])


@router.post("/api/article-searches", status_code=204)
async def note_search(body: ArticleSearchBody, served: Served) -> None:
    await served.crm.articles.searched(body.query, body.queue, body.results, now=served.clock.now())


@router.get("/api/articles/{article}")
async def read_article(article: UuidText, served: Served) -> ArticleWhole:
    """The published version."""
    return _whole(*_found(await served.crm.articles.read(article)))


@router.post("/api/articles/{article}/feedback")
async def say_of_article(
    article: UuidText, body: ArticleFeedbackBody, caller: Called, served: Served
) -> ArticleRead:
    """It helped or it did not; said again in the same call, the last word counts."""
    return await _taken(
        served.crm.articles.say(
            article,
            user=caller.account.id,
            call=body.call,
            helped=body.helped,
            query=body.query,
            now=served.clock.now(),
        )
    )


# -- writing ------------------------------------------------------------------------------------
@router.post("/api/articles", status_code=201)
async def create_article(body: ArticleBody, caller: Called, served: Served) -> ArticleRead:
    """A draft; readers see nothing of it before it is published."""
    made = served.crm.articles.create(
        body.draft(), now=served.clock.now(), by=caller.account.id, name=caller.account.name
    )
    return await _taken(made)


@router.post("/api/articles/preview")
async def preview_article(body: ArticlePreviewBody) -> ArticlePreview:
    """How Markdown will look."""
    return ArticlePreview(html=to_html(body.text))


@router.get("/api/articles/{article}/draft")
async def read_article_draft(article: UuidText, served: Served) -> ArticleWhole:
    return _whole(*_found(await served.crm.articles.read(article, DRAFT)))


@router.put("/api/articles/{article}/draft")
async def save_article_draft(
    article: UuidText, body: ArticleDraftBody, caller: Called, served: Served
) -> ArticleRead:
    saved = served.crm.articles.save(
        article,
        body.draft(),
        revision=body.revision,
        now=served.clock.now(),
        name=caller.account.name,
    )
    return await _taken(saved)


@router.post("/api/articles/{article}/publish")
async def publish_article(
    article: UuidText, body: ArticlePublishBody, caller: Called, served: Served
) -> ArticleRead:
    """The draft becomes the version that readers see."""
    published = served.crm.articles.publish(
        article,
        body.note,
        revision=body.revision,
        now=served.clock.now(),
        by=caller.account.id,
        name=caller.account.name,
    )
    return await _taken(published)


@router.post("/api/articles/{article}/restore")
async def restore_article(
    article: UuidText, body: ArticleRestoreBody, caller: Called, served: Served
) -> ArticleRead:
    """A former version becomes the draft."""
    restored = served.crm.articles.restore(
        article,
        body.number,
        revision=body.revision,
        now=served.clock.now(),
        name=caller.account.name,
    )
    return await _taken(restored)


@router.put("/api/articles/{article}/archived")
async def archive_article(
    article: UuidText, body: ArticleArchivedBody, caller: Called, served: Served
) -> ArticleRead:
    """Out of the readers' sight, or back."""
    asked = served.crm.articles.archive(article, body.archived, by=caller.account.id)
    return await _taken(asked)


@router.get("/api/articles/{article}/versions")
async def list_article_versions(article: UuidText, served: Served) -> ArticleVersionPage:
    """Newest first."""
    found = await served.crm.articles.versions(article)
    return ArticleVersionPage(
        items=[ArticleVersionRead.model_validate(asdict(one)) for one in found]
    )


@router.get("/api/articles/{article}/diff")
async def compare_article_versions(
    article: UuidText, served: Served, older: VersionParam, newer: VersionParam = DRAFT
) -> ArticleDifference:
    """Line by line; 0 is the draft."""
    lines = _found(await served.crm.articles.diff(article, older, newer))
    return ArticleDifference(lines=[ArticleLineRead.model_validate(asdict(line)) for line in lines])
