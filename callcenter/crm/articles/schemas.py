"""Articles as values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from callcenter.crm.definitions.schemas import Code, Defined, Name, OtherName

Language = Literal["en", "zh"]
TITLE_MAX = 160
TEXT_MAX = 60_000
NOTE_MAX = 300
KEYWORDS_MAX = 400


class ArticleCategory(Defined):
    code: Code
    name: Name
    name_zh: OtherName = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class ArticleText:
    """What is written: `text` is Markdown, `keywords` other words by which it is found, those of
    menus among them."""

    title: str
    text: str
    keywords: str = ""


@dataclass(frozen=True, slots=True)
class ArticleDraft:
    """A new state of an article before it is published. `queues`: whose calls it is suggested in,
    none: in all."""

    content: ArticleText
    category: str
    language: Language
    queues: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Article:
    """`published`: the number of the version readers see, None: none yet. `draft_ahead`: the draft
    has something that is not published. `revision` grows with every change of the draft."""

    id: str
    category: str
    language: str
    queues: Sequence[str]
    title: str
    published: int | None
    draft_ahead: bool
    archived: bool
    helped: int
    not_helped: int
    revision: int
    updated: datetime
    updated_by: str


@dataclass(frozen=True, slots=True)
class ArticleVersion:
    number: int
    title: str
    note: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a difference: in both, only in the older, only in the newer."""

    kind: Literal["same", "gone", "new"]
    text: str


@dataclass(frozen=True, slots=True)
class Gap:
    """What people looked for and did not get, by the words they typed."""

    query: str
    searches: int
    without_result: int
    not_helped: int
    last_at: datetime


class ArticleChanged(Exception):
    """Somebody else changed the article since it was read."""


class ArticleWrong(Exception):
    """(where, sentence): what cannot be kept."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(reason)
        self.where = where


CategoryCode = Annotated[str, Field(pattern=r"^[a-z0-9_-]{0,32}$")]
