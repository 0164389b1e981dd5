"""The calls behind a number: those whose facts made it, by the condition of its definition."""

from __future__ import annotations

from datetime import datetime

from callcenter.reports.asking import Reading, Side, Wanted, figure_of
from callcenter.reports.metrics import SUMS

PAGE_MAX = 200


class NothingBehind(ValueError):
    """There is no figure of that name, or it has no calls."""


def condition_of(figure: str) -> str:
    """What a fact must be, to be behind the figure. Raises NothingBehind."""
    try:
        source = figure_of(figure).behind
    except KeyError:
        source = ""
    if source not in SUMS or SUMS[source].kind in ("state", "plan"):
        raise NothingBehind(figure)
    one = SUMS[source]
    return f"kind = '{one.kind}' and ({one.sql}) <> 0"


def _side(figure: str) -> Side:
    """As the report has it that shows the figure."""
    kind = SUMS[figure_of(figure).behind].kind
    return "queue" if kind == "line" else "agent" if kind in ("part", "offer") else "either"


async def calls_behind(
    reading: Reading,
    wanted: Wanted,
    figure: str,
    since: datetime,
    until: datetime,
    *,
    limit: int,
    after: tuple[datetime, str] | None,
    disposition: str | None = None,
    number: str | None = None,
    trunk: str | None = None,
    cause: str | None = None,
) -> tuple[list[tuple[datetime, str]], int]:
    """(when, call), newest first, and how many there are in all. Raises NothingBehind."""
    condition = condition_of(figure)
    limits, values = wanted.seen_by(_side(figure)).limits()
    where = f"{condition} and at >= :since and at < :until{limits}"
    parts = {"disposition": disposition, "number": number, "trunk": trunk, "outcome": cause}
    for column, value in parts.items():
        if value is not None:
            where += f" and {column} = :{column}"
            values[column] = value
    values |= {"since": since, "until": until}
    (count,) = await reading.rows(
        f"select count(distinct call) as calls from reports.facts where {where}", **values
    )
    having = ""
    if after is not None:
        having = " having (max(at), call) < (:at, :call)"
        values |= {"at": after[0], "call": after[1]}
    rows = await reading.rows(
        f"select max(at) as at, call from reports.facts where {where} group by call{having}"
        " order by 1 desc, 2 desc limit :most",
        most=limit,
        **values,
    )
    return [(row.at, row.call) for row in rows], int(count.calls)
