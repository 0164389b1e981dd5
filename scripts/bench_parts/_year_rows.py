"""The rows of the year that `_year` makes: who calls, when, whom, and what is noted of it.

Whatever is not worked out here (names of customers, rare words) PostgreSQL makes itself: every
value is a hash of the call's number and of what it is for.
"""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from uuid import UUID

QUEUES, AGENTS, CUSTOMERS, RARE, SEED = 200, 1000, 50_000, 5000, 11
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
DAYS = 365
NAMES = UUID("7c3f1c52-0a53-4b56-9a0e-5a64f3a3d9c1")

FREQUENT = "refund delivery invoice address password contract renewal order complaint".split()
CHINESE = [
    "客户申请退款",
    "询问快递单号",
    "发票抬头有误",
    "要求更改地址",
    "投诉配送延迟",
    "续签合同",
]
FAMILY = list("王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗")
GIVEN = list("伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国文辉力生龙")
FIRST_NAMES = "Ada Ben Cleo Dora Emil Fritz Gwen Hugo Iris Jonas Kira Leon Mara Nils Olga".split()
LAST_NAMES = "Byrne Carter Dupont Eriksen Fischer Garcia Hansen Ivanova Jansen Kowalski".split()
SYLLABLES = "ba ke li mo nu pa ri so ta vu zo che dru fli gra".split()
HOURS = [1] * 8 + [6, 9, 10, 8, 6, 7, 8, 7, 6, 4] + [2] * 6  # calls in each, of a day
BEFORE = [sum(HOURS[:hour]) / sum(HOURS) for hour in range(25)]  # share of the day until then

FUNCTIONS = (
    "create schema if not exists bench",
    "create table if not exists bench.made (phase text primary key, seconds float8, calls bigint)",
    # Evenly from 0 to 1, of a call's number and what it is for.
    """
    create or replace function bench.u(n bigint, what bigint) returns float8
    language sql immutable parallel safe as $$
        select ((hashint8extended(n, what) >> 11) & 9007199254740991)::float8 / 9007199254740992
    $$
    """,
    """
    create or replace function bench.number_of(customer bigint) returns text
    language sql immutable parallel safe as $$
        select '+861' || lpad((3000000000 + customer * 37717 % 9999991 * 100
            + customer % 100)::text, 10, '0')
    $$
    """,
)
CALLS = """
    insert into interactions (call, revision, started_at, ended_at, number, did, customer_id, queue,
        agent, flow, outcome, ended_by, path, wait_seconds, ring_seconds, talk_seconds,
        hold_seconds, wrap_up_seconds, offers, language, disposition, note)
    select 'b' || lpad(n::text, 8, '0'), 1, at, at + (wait + talk) * interval '1 s',
        bench.number_of(z.caller), '4000', c.id, 'q' || queue,
        case when answered then 'a' || (queue * 5 + trunc(25 * bench.u(n, 7))::int) % $3 end,
        'main', case when answered then 'answered' else 'abandoned' end, 'caller', '{}',
        wait, 3, talk, 0, case when answered then 20 else 0 end, 1, 'en',
        case when answered then 'resolved' else '' end,
        case when not answered or bench.u(n, 8) < 0.2 then ''
            when bench.u(n, 9) < 0.4 then cn[1 + trunc(6 * bench.u(n, 10))::int] || '，'
                || cn[1 + trunc(6 * bench.u(n, 11))::int] || '，工单' || lpad(n::text, 8, '0')
            else 'asked for ' || en[1 + trunc(9 * bench.u(n, 10))::int]
                || ' ' || en[1 + trunc(9 * bench.u(n, 11))::int]
                || ' ' || en[1 + trunc(9 * bench.u(n, 12))::int]
                || ' ' || en[1 + trunc(9 * bench.u(n, 13))::int]
                || ', ' || r.word || ' ' || lpad(n::text, 8, '0') end
    from (
        select n, $5::timestamptz + interval '1 day' * day + interval '1 hour' * (hour - 1
                + (f - before[hour]) / (before[hour + 1] - before[hour])) as at,
            bench.u(n, 1) > 0.07 as answered, least(-18 * ln(1 - bench.u(n, 2)), 900) as wait,
            case when bench.u(n, 1) > 0.07 then exp(5.2 + 0.6 * sqrt(-2 * ln(1 - bench.u(n, 3)))
                * cos(2 * pi() * bench.u(n, 4))) else 0 end as talk,
            trunc($4 * bench.u(n, 5) ^ 1.7)::int as queue,
            trunc(2 * $6::int * bench.u(n, 6))::bigint as caller,
            $7::text[] as en, $8::text[] as cn
        from (
            select n, day, f, width_bucket(f, $9::float8[]) as hour, $9::float8[] as before
            from (
                select n, trunc(place) as day, place - trunc(place) as f
                from generate_series($1::bigint, $2::bigint) n,
                    lateral (select (n - 1 + bench.u(n, 0)) * 365 / $10::float8 as place) p) x) y
    ) z left join bench.callers c on c.caller = z.caller
        join bench.rare r on r.place = n % $11
"""
PARTS = """
    insert into interaction_parts (call, part, revision, agent, queue, began_at, ended_at, ended,
        ring_seconds, talk_seconds, hold_seconds, consult_seconds, wrap_up_seconds, disposition,
        note)
    select call, 1, 1, agent, queue, started_at + wait_seconds * interval '1 s', ended_at, 'ended',
        ring_seconds, talk_seconds, 0, 0, wrap_up_seconds, disposition, note
    from interactions where agent is not null and started_at >= $1 and started_at < $2
"""
FACTS = """
    insert into reports.facts (at, call, leg, kind, until, queue, agent, outcome, ended_by, flow,
        did, number, customer, disposition, language, target_ms, wait_ms, ring_ms, talk_ms, hold_ms,
        wrap_ms, trunk)
    select started_at, call, leg, kind, ended_at, queue,
        case when kind = 'line' and outcome <> 'answered' then '' else coalesce(agent, '') end,
        case kind when 'part' then 'ended' when 'trunk' then case outcome when 'answered' then
            'answered' else 'unanswered' end else outcome end, ended_by, flow, did, number,
        customer_id, disposition, language, 20000, round(wait_seconds * 1000),
        round(ring_seconds * 1000), round(talk_seconds * 1000), round(hold_seconds * 1000),
        round(wrap_up_seconds * 1000), case kind when 'trunk' then 'callers' else '' end
    from interactions,
        (values (0, 'call'), (1, 'line'), (2, 'part'), (3, 'trunk')) as legs(leg, kind)
    where (kind <> 'part' or agent is not null) and started_at >= $1 and started_at < $2
"""
# What the feed would write for these.
FOUND_BY = """
    insert into search.calls (at, call, number, customer_id, queue, agents, outcome, direction,
        words)
    select started_at, call, number, customer_id, queue,
        case when agent is null then '{}' else array[agent] end, outcome, direction,
        substr(number, 2) || ' ' || lower(note)
    from interactions where started_at >= $1 and started_at < $2
"""


def rare(number: int) -> str:
    """A word that one note in RARE has."""
    rng = random.Random(number % RARE)
    return "".join(rng.choice(SYLLABLES) for _ in range(4))


def number_of(customer: int) -> str:
    return f"+861{3_000_000_000 + customer * 37_717 % 9_999_991 * 100 + customer % 100:010}"


def names() -> list[str]:
    """Of the customers, in their order."""
    rng = random.Random(SEED)
    return [
        rng.choice(FAMILY) + rng.choice(GIVEN) + rng.choice(GIVEN)
        if customer % 3
        else f"{rng.choice(FIRST_NAMES)} {rng.choice(LAST_NAMES)} {rare(customer)}"
        for customer in range(CUSTOMERS)
    ]


def months() -> list[tuple[datetime, datetime]]:
    starts = [FIRST.replace(month=month) for month in range(1, 13)]
    return list(zip(starts, [*starts[1:], FIRST + timedelta(days=DAYS)], strict=True))
