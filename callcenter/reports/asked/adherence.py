"""Adherence: the plan against the states that agents were in, by agent and day, with what was not
as planned.

The plan is `shift_spans` (moments of planned work and breaks), the states are `reports.spells`.
Both are cut against each other in the database, as sets of time: what comes out are stretches, each
of one `plan` (work, break), with what the agent did (`doing`: work, call, paused, away) and where
in the shift it lies (`place`: before he first came, after he last went, never when he did not come
at all, else within). A break is what one takes from work one came to: it is `missed` by who was not
there in the planned work before it. Every figure is a sum over them (`metrics`, kind "plan"). A
shift counts from its beginning until now; one that goes on has nobody who left early.
"""

from __future__ import annotations

from typing import Any

from callcenter.reports.asking import (
    Reading,
    Report,
    Row,
    Table,
    Value,
    Wanted,
    as_sums,
    total,
    values_of,
)
from callcenter.reports.figures import sums_of
from callcenter.reports.metrics import SUMS
from callcenter.reports.periods import PeriodWrong

FIGURES = (
    "adherence",
    "planned",
    "kept",
    "late",
    "left_early",
    "absent",
    "unplanned_break",
    "away",
    "break_planned",
    "break_worked",
    "break_missed",
)
CARDS = ("adherence", "planned", "late", "left_early", "absent", "unplanned_break")
DAYS_MAX = 92
EXCEPTION_SECONDS = 60  # what is shorter is in the figures, and no line of the list
EXCEPTIONS_MAX = 2000
LOOK_BACK = "7 days"  # as in the report of agents: who was in one state for longer counts as away

EXCEPTION = """case
    when plan = 'break' then 'break-worked' when place = 'before' then 'late'
    when place = 'after' then 'left-early' when place = 'never' then 'absent'
    when doing = 'paused' then 'unplanned-break' else 'away' end"""
AMISS = "(plan = 'work' and doing in ('paused', 'away') or plan = 'break' and doing = 'work')"


def stretches_of(wanted: Wanted) -> tuple[str, dict[str, Any]]:
    """The statement, as a table of agent, day, shift, plan, doing, place, since, until."""
    limits, values = wanted.of_agents_alone().limits()
    values |= {"first": wanted.period.first, "last": wanted.period.last}
    return _STRETCHES.format(limits=limits.replace("agent =", "agent_id =")), values


_STRETCHES = f"""
    with spans as (
        select agent_id as agent, day, shift, plan, tstzrange(begins, least(ends, now())) as at,
            max(ends) over (partition by agent_id, day, shift) > now() as going
        from shift_spans where day between :first and :last and begins < now(){{limits}}
    ), shifts as (
        select agent, day, shift, bool_or(going) as going,
            range_agg(at) as whole,
            coalesce(range_agg(at) filter (where plan = 'work'), '{{{{}}}}') as work,
            coalesce(range_agg(at) filter (where plan = 'break'), '{{{{}}}}') as pauses
        from spans group by 1, 2, 3
    ), doings as (
        select s.agent, s.day, s.shift, d.doing, range_agg(tstzrange(
            greatest(p.since, lower(s.whole)),
            least(coalesce(p.until, now()), upper(s.whole)))) as at
        from shifts s join reports.spells p on p.agent = s.agent and p.since < upper(s.whole)
            and p.since > lower(s.whole) - interval '{LOOK_BACK}'
            and coalesce(p.until, now()) > lower(s.whole)
        cross join lateral (select case
            when p.state in ('available', 'offered') then 'work'
            when p.state in ('talking', 'hold', 'wrap-up') then 'call'
            when p.state = 'paused' then 'paused' else 'away' end as doing) d
        where d.doing <> 'away' group by 1, 2, 3, 4
    ), there as (
        select s.*, (select range_agg(r) from doings d, unnest(d.at) r
            where (d.agent, d.day, d.shift) = (s.agent, s.day, s.shift)) as there
        from shifts s
    ), all_doings as (
        select agent, day, shift, doing, at from doings
        union all
        select agent, day, shift, 'away', whole - coalesce(there, '{{{{}}}}') from there
    )
    select a.agent, a.day, a.shift, p.plan, a.doing, lower(r) as since, upper(r) as until,
        case when a.doing <> 'away' then 'within'
            when p.plan = 'break' then case when m.missed then 'missed' else 'within' end
            when t.there is null then case when t.going then 'within' else 'never' end
            when upper(r) <= lower(t.there) then 'before'
            when lower(r) >= upper(t.there) and not t.going then 'after'
            else 'within' end as place
    from all_doings a join there t using (agent, day, shift)
    cross join lateral (values ('work', t.work), ('break', t.pauses)) p (plan, planned)
    cross join lateral unnest(a.at * p.planned) r
    cross join lateral (select case
        when t.there is null then true
        when upper(r) <= lower(t.there)
            then not isempty(t.work * tstzmultirange(tstzrange(null, lower(r))))
        when lower(r) >= upper(t.there)
            then not isempty(t.work * tstzmultirange(tstzrange(upper(t.there), lower(r))))
        else false end as missed) m
"""

SPENT = (
    "(round(extract(epoch from until) * 1000) - round(extract(epoch from since) * 1000))::bigint"
)


async def adherence(reading: Reading, wanted: Wanted) -> Report:
    if wanted.period.days > DAYS_MAX:
        raise PeriodWrong(f"adherence is told of at most {DAYS_MAX} days: ask for fewer")
    by_day = await _by_day(reading, wanted)
    sums = sums_of(FIGURES)
    agents: dict[str, list[dict[str, int]]] = {}
    for (agent, _), one in by_day.items():
        agents.setdefault(agent, []).append(one)
    whole = total(list(by_day.values()), sums)
    earlier = wanted.earlier()
    before: dict[str, Value] | None = None
    if earlier is not None:
        then = total(list((await _by_day(reading, earlier)).values()), sums)
        before = dict(zip(CARDS, values_of(CARDS, then), strict=True))
    days: list[Row] = [
        ((agent, day.isoformat()), values_of(FIGURES, one)) for (agent, day), one in by_day.items()
    ]
    by_agent: list[Row] = [
        ((agent,), values_of(FIGURES, total(some, sums))) for agent, some in agents.items()
    ]
    return Report(
        "adherence",
        wanted,
        dict(zip(CARDS, values_of(CARDS, whole), strict=True)),
        [
            Table("agents", ("agent",), FIGURES, by_agent, values_of(FIGURES, whole)),
            Table("agent-days", ("agent", "day"), FIGURES, days),
            await _exceptions(reading, wanted),
        ],
        before,
    )


async def _by_day(reading: Reading, wanted: Wanted) -> dict[tuple[str, Any], dict[str, int]]:
    statement, values = stretches_of(wanted)
    sums = sums_of(FIGURES)
    columns = ", ".join(f"coalesce(sum({SUMS[one].sql}), 0)::bigint as {one}" for one in sums)
    rows = await reading.rows(
        f"select agent, day, {columns} from (select *, {SPENT} as spent_ms from ({statement}) s) t"
        " group by agent, day order by agent, day",
        **values,
    )
    return {(row.agent, row.day): as_sums(row, sums) for row in rows}


async def _exceptions(reading: Reading, wanted: Wanted) -> Table:
    """What was not as planned, stretch by stretch, the longest first where there are too many."""
    statement, values = stretches_of(wanted)
    rows = await reading.rows(
        f"select agent, exception, since, until, spent from"
        f" (select agent, {EXCEPTION} as exception, since, until, {SPENT}::float8 / 1000 as spent"
        f" from ({statement}) s where {AMISS} and until - since >= interval"
        f" '{EXCEPTION_SECONDS} seconds' order by spent desc limit {EXCEPTIONS_MAX}) t"
        " order by since, agent",
        **values,
    )
    made: list[Row] = [
        ((row.agent, row.exception, row.since.isoformat(), row.until.isoformat()), (row.spent,))
        for row in rows
    ]
    return Table("exceptions", ("agent", "exception", "moment", "until"), ("not_as_planned",), made)
