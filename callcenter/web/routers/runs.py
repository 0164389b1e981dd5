"""Runs in the background (`reports.background`), as routes name them: everybody has his own."""

from __future__ import annotations

from typing import Annotated, TypeVar

from fastapi import Path

from callcenter.reports.background import Background, Run
from callcenter.web.auth import Caller
from callcenter.web.errors import not_found

Question = TypeVar("Question")
Answer = TypeVar("Answer")

RunId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$")]


def own_run(runs: Background[Question, Answer], run: str, caller: Caller) -> Run[Question, Answer]:
    """Raises not_found for another's, and for one that is gone."""
    found = runs.run(run, user=caller.account.id)
    if found is None:
        raise not_found("run")
    return found
