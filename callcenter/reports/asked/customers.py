"""Callers and what they left: repeat calls, menus, callbacks, scores, tickets."""

from __future__ import annotations

from typing import Any

from callcenter.reports.asking import (
    Reading,
    Report,
    Row,
    Table,
    Value,
    Wanted,
    adding,
    as_sums,
    values_of,
)
from callcenter.reports.figures import sums_of
from callcenter.reports.measures import RETURN_DAYS
from callcenter.store.counted import CALLBACKS, TICKETS, columns_of

TOP = 50
CALL_FIGURES = (
    "calls",
    "calls_answered",
    "calls_abandoned",
    "calls_served",
    "calls_diverted",
    "mean_talked",
)
KNOWN_NUMBER = "number ~ '^\\+?[0-9]{5,}$'"


async def callers(reading: Reading, wanted: Wanted) -> Report:
    """`repeat`: the number had called in the days before; `came_again`: it does in those after."""
    where, values = wanted.between()
    sums = sums_of(CALL_FIGURES)
    span = f"interval '{RETURN_DAYS} days'"
    looked = f"""
        with looked as (
            select *, lag(at) over w as earlier, lead(at) over w as later
            from reports.facts where kind = 'call'
              and at >= cast(:since as timestamptz) - {span}
              and at < cast(:until as timestamptz) + {span} and {KNOWN_NUMBER}
            window w as (partition by number order by at, call)
        )"""
    (row,) = await reading.rows(
        f"""{looked}
        select count(distinct number) as callers,
               count(*) filter (where earlier > at - {span}) as again,
               count(*) filter (where outcome = 'answered') as talked,
               count(*) filter (where outcome = 'answered'
                                and (later is null or later > at + {span})) as done
        from looked where {where}""",
        **values,
    )
    (whole,) = await reading.rows(
        f"select {adding(sums)} from reports.facts where kind = 'call' and {where}", **values
    )
    most = await reading.rows(
        f"""select number, max(customer::text) as customer, {adding(sums)} from reports.facts
            where kind = 'call' and {KNOWN_NUMBER} and {where}
            group by number having count(*) > 1 order by calls desc, number limit {TOP}""",
        **values,
    )
    cards: dict[str, Value] = dict(
        zip(CALL_FIGURES[:2], values_of(CALL_FIGURES[:2], as_sums(whole, sums)), strict=True)
    )
    cards |= {
        "callers": row.callers,
        "repeat_calls": row.again,
        "first_contact": row.done / row.talked if row.talked else None,
    }
    rows: list[Row] = [((one.number,), values_of(CALL_FIGURES, as_sums(one, sums))) for one in most]
    table = Table("callers", ("number",), CALL_FIGURES, rows)
    return Report("callers", wanted, cards, [table, await _calls(reading, wanted)])


async def _calls(reading: Reading, wanted: Wanted) -> Table:
    sums = sums_of(CALL_FIGURES)
    where, values = wanted.between()
    edges = wanted.edges()
    found = await reading.rows(
        f"select width_bucket(at, cast(:edges as timestamptz[])) as number, {adding(sums)}"
        f" from reports.facts where kind = 'call' and {where} group by 1",
        edges=edges,
        **values,
    )
    counted = {row.number: as_sums(row, sums) for row in found}
    none = dict.fromkeys(sums, 0)
    rows: list[Row] = [
        ((edge.isoformat(),), values_of(CALL_FIGURES, counted.get(number, none)))
        for number, edge in enumerate(edges, 1)
    ]
    return Table("intervals", ("interval",), CALL_FIGURES, rows)


async def menus(reading: Reading, wanted: Wanted) -> Report:
    """Ways through flows. A way belongs to when it began, and to the queues and agents of its call:
    where these limit what is seen, a call that ended in the menu is nobody's."""
    figures = ("journeys", "contained", "containment", "journey_seconds")
    limits, values = wanted.limits()
    values |= {"since": wanted.period.since, "until": wanted.period.until}
    where = "started_at >= :since and started_at < :until"
    if limits:
        where += f" and exists (select 1 from reports.facts f where f.call = journeys.call{limits})"
    columns = (
        "count(*) as journeys, count(*) filter (where contained) as contained,"
        " sum(extract(epoch from ended_at - started_at))::float8 as seconds"
    )
    flows = await reading.rows(
        f"select flow, {columns} from journeys where {where} group by flow order by flow", **values
    )
    ends = await reading.rows(
        f"select flow, ended, {columns} from journeys where {where}"
        " group by 1, 2 order by 1, journeys desc, 2",
        **values,
    )
    ways = await reading.rows(
        f"select flow, array_to_string(nodes, ' › ') as way, ended, {columns} from journeys"
        f" where {where} group by 1, 2, 3 order by journeys desc, 1, 2, 3 limit {TOP}",
        **values,
    )

    def shown(row: Any) -> tuple[Value, ...]:
        calls, served = int(row.journeys), int(row.contained)
        seconds = float(row.seconds)
        return calls, served, served / calls, seconds / calls

    calls, served = sum(row.journeys for row in flows), sum(row.contained for row in flows)
    seconds = sum(row.seconds for row in flows)
    sums = (calls, served, served / calls, seconds / calls) if calls else (0, 0, None, None)
    return Report(
        "menus",
        wanted,
        dict(zip(figures, sums, strict=True)),
        [
            Table("flows", ("flow",), figures, [((r.flow,), shown(r)) for r in flows], sums),
            Table(
                "ends", ("flow", "ended"), figures, [((r.flow, r.ended), shown(r)) for r in ends]
            ),
            Table(
                "ways",
                ("flow", "way", "ended"),
                figures,
                [((row.flow, row.way, row.ended), shown(row)) for row in ways],
            ),
        ],
    )


async def callbacks(reading: Reading, wanted: Wanted) -> Report:
    figures = (*CALLBACKS, "callback_tries", "callback_wait")
    limits, values = wanted.of_queues_alone().limits()
    found = await reading.rows(
        f"""
        select case when grouping(queue) = 1 then null else queue end as queue,
               {columns_of(CALLBACKS)},
               sum(tries)::float8 as tries,
               sum(greatest(0, extract(epoch from changed_at)
                   - greatest(extract(epoch from asked_at), joined_at))) filter
                   (where {CALLBACKS["callbacks_served"]})::float8 as waited
        from callbacks where asked_at >= :since and asked_at < :until{limits}
        group by grouping sets ((queue), ()) order by 1""",
        since=wanted.period.since,
        until=wanted.period.until,
        **values,
    )

    def shown(row: Any) -> tuple[Value, ...]:
        counts = as_sums(row, tuple(CALLBACKS))
        asked, served = counts["callbacks_asked"], counts["callbacks_served"]
        return (
            *counts.values(),
            row.tries / asked if asked else None,
            row.waited / served if served else None,
        )

    rows: list[Row] = [((row.queue,), shown(row)) for row in found if row.queue is not None]
    whole = next(shown(row) for row in found if row.queue is None)
    table = Table("callbacks", ("queue",), figures, rows, whole)
    return Report("callbacks", wanted, dict(zip(figures, whole, strict=True)), [table])


async def satisfaction(reading: Reading, wanted: Wanted) -> Report:
    figures = ("answers", "score", "satisfied")
    where, values = wanted.between()
    tables = []
    whole: tuple[Value, ...] = (0, None, None)
    for name, keys in (
        ("questions", ("question",)),
        ("queues", ("question", "queue")),
        ("agents", ("question", "agent")),
    ):
        columns = ", ".join(f"coalesce({key}, '') as {key}" for key in keys)
        found = await reading.rows(
            f"select {columns}, count(*) as answers, sum(score)::float8 as score,"
            " count(*) filter (where score >= 4) as satisfied from survey_answers"
            f" where {where} group by {', '.join(str(n) for n in range(1, len(keys) + 1))}"
            f" order by {', '.join(str(n) for n in range(1, len(keys) + 1))}",
            **values,
        )
        rows: list[Row] = [
            (
                tuple(str(getattr(row, key)) for key in keys),
                (row.answers, row.score / row.answers, row.satisfied / row.answers),
            )
            for row in found
        ]
        if name == "questions" and found:
            count = sum(row.answers for row in found)
            score, satisfied = sum(r.score for r in found), sum(r.satisfied for r in found)
            whole = (count, score / count, satisfied / count)
        tables.append(Table(name, keys, figures, rows, whole if name == "questions" else None))
    return Report("satisfaction", wanted, dict(zip(figures, whole, strict=True)), tables)


async def tickets(reading: Reading, wanted: Wanted) -> Report:
    """By type; owners stand for agents where these are asked for."""
    figures = (*TICKETS, "ticket_hours")
    limits, values = wanted.limits()
    limits = limits.replace(" agent =", " owner_agent =")
    found = await reading.rows(
        f"""
        select case when grouping(type) = 1 then null else type end as type,
               {columns_of(TICKETS)},
               sum(extract(epoch from solved - created))::float8 as seconds
        from tickets where created >= :since and created < :until and merged_into is null{limits}
        group by grouping sets ((type), ()) order by 1""",
        since=wanted.period.since,
        until=wanted.period.until,
        **values,
    )

    def shown(row: Any) -> tuple[Value, ...]:
        counts = as_sums(row, tuple(TICKETS))
        solved = counts["tickets_solved"]
        return (*counts.values(), row.seconds / solved if solved else None)

    rows: list[Row] = [((row.type,), shown(row)) for row in found if row.type is not None]
    whole = next(shown(row) for row in found if row.type is None)
    table = Table("tickets", ("ticket_type",), figures, rows, whole)
    return Report("tickets", wanted, dict(zip(figures, whole, strict=True)), [table])
