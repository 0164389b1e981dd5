"""Tasks as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

TaskKind = Literal["task", "call"]
Result = Literal["done", "reached", "no_answer", "busy", "wrong_number", "refused"]
RESULTS: tuple[Result, ...] = get_args(Result)


@dataclass(frozen=True, slots=True)
class TaskDraft:
    """`due` in UNIX seconds."""

    title: str
    due: float
    kind: TaskKind = "task"
    note: str = ""
    customer: str | None = None
    ticket: str | None = None
    number: str = ""
    owner_agent: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    id: str
    kind: str
    title: str
    note: str
    customer: str | None
    customer_name: str
    ticket: str | None
    ticket_number: int | None
    number: str
    owner_agent: str | None
    due: datetime
    state: str
    result: str
    result_note: str
    attempts: int
    plan: str
    created: datetime
    done: datetime | None
    by: str
    version: int


class TaskChanged(Exception):
    """Somebody else changed the task since it was read."""


class TaskWrong(Exception):
    """(where, sentence): what cannot be kept of a task."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(reason)
        self.where = where
