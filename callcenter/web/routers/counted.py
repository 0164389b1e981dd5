"""What asks a list for the rows behind a number of the reports, and what the list then says of it.

The caller's teams narrow these as they narrow the number itself.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import Query

from callcenter.reports.asking import figure_of
from callcenter.store.counted import Counted
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import ApiError
from callcenter.web.moments import Moment

Keys = Annotated[list[str] | None, Query(max_length=500)]


class CountedRead(Body):
    """`title`: of what is listed, in English and Chinese. `count`: how many on all pages."""

    title: list[str]
    count: int


def counted_among(known: Mapping[str, str]) -> Callable[..., Counted | None]:
    """A dependency: `figure` with its period, queues and agents; nothing where none is asked for.
    `known`: what the list can show."""

    def counted(
        caller: Called,
        figure: Annotated[str | None, Query(max_length=40)] = None,
        since: Moment | None = None,
        until: Moment | None = None,
        queues: Keys = None,
        agents: Keys = None,
    ) -> Counted | None:
        if figure is None:
            return None
        name = _listed(figure)
        if name not in known:
            raise ApiError(422, "invalid", "this figure has nothing in this list", where="figure")
        if since is None or until is None:
            where = "since" if since is None else "until"
            raise ApiError(422, "invalid", "a figure has a period", where=where)
        return Counted(name, since, until, tuple(queues or ()), tuple(agents or ()), caller.reach)

    return counted


def _listed(figure: str) -> str:
    try:
        return figure_of(figure).behind
    except KeyError:
        return ""


def counted_read(counted: Counted, count: int) -> CountedRead:
    return CountedRead(title=list(figure_of(counted.figure).title), count=count)
