"""An import of customers as values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args

State = Literal["mapping", "waiting", "running", "finished", "cancelled", "failed"]
Duplicates = Literal["skip", "update", "create"]
DUPLICATES: tuple[Duplicates, ...] = get_args(Duplicates)


@dataclass(frozen=True, slots=True)
class Table:
    """A file as text: the first row's names, and the rows below, each as long as the names."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """`target`: the field it goes to (`imports.mapping`), '' for none; `samples`: the first few
    values."""

    name: str
    target: str
    samples: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowFlaw:
    """What is wrong with a row; `row` counts as a spreadsheet does, the names being row 1."""

    row: int
    where: str
    message: str


@dataclass(frozen=True, slots=True)
class Import:
    """`done` of `total` rows are through. In a dry run nothing is kept and the counts say what
    would be."""

    id: str
    file_name: str
    created: datetime
    by: str
    state: State
    columns: tuple[Column, ...]
    duplicates: Duplicates
    dry_run: bool
    total: int
    done: int
    made: int
    changed: int
    skipped: int
    failed: int
    flaws: tuple[RowFlaw, ...]
    message: str


class FileWrong(Exception):
    """The file cannot be read as a table; the text says why and what to do."""


class NotRunnable(Exception):
    """The import cannot be started now; the text says why."""
