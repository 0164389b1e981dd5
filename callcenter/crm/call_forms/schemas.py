"""Forms of calls as values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from callcenter.crm.definitions.schemas import Code, Defined, Name, OtherName
from callcenter.crm.fields.schemas import OwnField

FIELDS_MAX = 50
RECENT_MAX = 3
LAST_SECONDS = 10.0  # so shortly before the time to write is over, a form may lack something
QueueCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,32}$")]
FollowUpKind = Literal["task", "call", "callback"]


class CallFormDefinition(Defined):
    """Own fields that are asked for at the end of a call. `queues`, `dispositions`: where; none:
    everywhere. A disposition stands for everything below it, too."""

    code: Code
    name: Name
    name_zh: OtherName = ""
    active: bool = True
    queues: Annotated[tuple[QueueCode, ...], Field(max_length=200)] = ()
    dispositions: Annotated[tuple[Code, ...], Field(max_length=200)] = ()
    fields: Annotated[tuple[OwnField, ...], Field(min_length=1, max_length=FIELDS_MAX)]


@dataclass(frozen=True, slots=True)
class Step:
    """One code of the way to a disposition, by the names it has now."""

    code: str
    name: str
    name_zh: str


@dataclass(frozen=True, slots=True)
class FollowUp:
    """What is to be done after the call. `due` in UNIX seconds. A *callback* keeps a place in
    `queue`, a *task* or *call* (a follow-up call) is `owner_agent`'s, or anybody's."""

    kind: FollowUpKind
    due: float
    title: str = ""
    note: str = ""
    owner_agent: str | None = None
    queue: str | None = None


@dataclass(frozen=True, slots=True)
class Filing:
    """`path`: the disposition, last, with what stands above it. `may_lack`: the time is over, what
    is required may be missing."""

    call: str
    agent: str
    queue: str | None
    customer: str | None
    number: str
    path: Sequence[Step]
    values: Mapping[str, object]
    follow_up: FollowUp | None = None
    may_lack: bool = False


@dataclass(frozen=True, slots=True)
class FiledForm:
    """As it was filed: `path` and `fields` by the names of that time."""

    agent: str
    queue: str | None
    disposition: str
    path: Sequence[Mapping[str, Any]]
    fields: Sequence[Mapping[str, Any]]
    values: Mapping[str, Any]
    follow_up: Mapping[str, Any]
    complete: bool
    filed: datetime


class FormWrong(Exception):
    """(place, sentence) of everything that cannot be filed."""

    def __init__(self, flaws: Sequence[tuple[str, str]]) -> None:
        super().__init__(flaws[0][1])
        self.flaws = flaws
