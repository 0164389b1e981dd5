"""Reports over HTTP: figures equal to a recount of the raw log, the calls behind them, files,
views, schedules, and long ones in the background."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.reports.asking import EVERYTHING, Report, Scope, Wanted
from callcenter.reports.feeding import Feeder
from callcenter.reports.figures import FIGURES
from callcenter.reports.keeping import Every, Kept, Schedule, due_before, period_of
from callcenter.reports.service import REPORTS
from callcenter.store.engine import make_engine
from callcenter.store.ledger_rows import WRITE, grouped, to_line
from callcenter.store.quick import Quick
from callcenter.web.routers.reports import names_of
from tests.reports import recomputed
from tests.reports.ledgers import records_of
from tests.simulation.play import play
from tests.web.place import Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]

DAY = "2027-01-15"  # of the simulated world
ONE_DAY = {"first": DAY, "last": DAY, "zone": "UTC", "interval": "15min"}


@pytest.fixture(scope="module")
async def filled(database_url: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Two simulated stories in the books, read by the reports."""
    engine, quick = make_engine(database_url), Quick(database_url)
    world = play(22, 600, Path(tmp_path_factory.mktemp("world")), faults=False)
    try:
        records = records_of(world)
        for at in range(0, len(records), 200):
            await quick.fetch(WRITE, *grouped([to_line(r) for r in records[at : at + 200]]))
        await Feeder(engine).feed_all()
    finally:
        await quick.close()
        await engine.dispose()


@pytest.fixture
async def boss(place: Place, filled: None) -> AsyncIterator[httpx.AsyncClient]:
    async with await place.signed_in("supervisor") as client:
        yield client


def table(report: dict[str, Any], name: str) -> dict[tuple[str, ...], dict[str, Any]]:
    found = next(one for one in report["tables"] if one["name"] == name)
    return {
        tuple(row["keys"]): dict(zip(found["figures"], row["values"], strict=True))
        for row in found["rows"]
    }


async def raw(engine: AsyncEngine) -> tuple[dict[str, list[recomputed.Event]], list[Any]]:
    calls = defaultdict(list)
    async with engine.connect() as connection:
        query = "select call, at, kind, data from interaction_events order by call, sequence"
        for call, at, kind, data in await connection.execute(text(query)):
            calls[call].append((at, kind, data))
        callbacks = await connection.execute(text("select * from callbacks"))
        return calls, [dict(row._mapping) for row in callbacks]


async def test_the_report_of_queues_equals_a_recount(boss: httpx.AsyncClient, place: Place) -> None:
    calls, callbacks = await raw(place.engine)
    counted = recomputed.of_queues(calls, callbacks, "UTC")
    for zone in ("UTC", "Asia/Kathmandu"):  # from the sums of days, and from the facts
        told = (await boss.get("/api/reports/queues", params=ONE_DAY | {"zone": zone})).json()
        for (queue,), figures in table(told, "queues").items():
            sums = defaultdict(int, counted[date(2027, 1, 15), queue])
            assert figures["offered"] == sums["offered"]
            assert figures["answered"] == sums["answered"]
            assert figures["abandoned"] == sums["abandoned"]
            assert figures["diverted"] == sums["diverted"]
            assert figures["sl_offered"] == sums["in_target"] / sums["offered"]
            assert figures["asa"] == sums["wait_answered_ms"] / 1000 / sums["answered"]
    level = (await boss.get("/api/reports/service-level", params=ONE_DAY)).json()
    sums = defaultdict(int)
    for one in counted.values():
        for name, value in one.items():
            sums[name] += value
    assert level["cards"] == {
        "sl_offered": sums["in_target"] / sums["offered"],
        "sl_answered": sums["in_target"] / sums["answered"],
        "sl_late_abandons": sums["in_target"] / (sums["answered"] + sums["abandoned_late"]),
        "sl_without_short": sums["in_target"] / (sums["offered"] - sums["abandoned_short"]),
    }
    buckets = table(level, "waited")
    assert sum(row["answered"] for row in buckets.values()) == sums["answered"]
    intervals = table(told, "intervals")
    assert len(intervals) == 96
    assert sum(row["offered"] for row in intervals.values()) == sums["offered"]


KEYS = {"queue": "queues", "agent": "agents", "interval": "since", "bucket": "upto"}
KEYS |= {"ticket_type": "type"}


def asked_of(told: dict[str, Any], table: dict[str, Any], row: list[str], figure: str) -> Any:
    """What the console asks for behind the number of this row: see features/reports/behind.ts."""
    asked = {"report": told["name"], "figure": figure, "zone": told["zone"], "limit": 200}
    asked |= {"since": told["since"], "until": told["until"]}
    begun = ["".join(one["keys"][:1]) for one in table["rows"]]
    begun = list(dict.fromkeys(begun))  # several trunks share an interval
    for kind, key in zip(table["keys"], row, strict=True):
        if kind == "interval":
            later = begun[begun.index(key) + 1 :]
            asked |= {"since": key, "until": later[0] if later else told["until"]}
        elif kind == "bucket":
            before = begun[: begun.index(key)]
            asked |= {"upto": key} if key else {}
            if before and not figure.endswith("_by_then"):
                asked["over"] = before[-1]
        elif key or kind != "question":
            asked[KEYS.get(kind, kind)] = key or "-"
    return asked


def numbers(tables: list[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], list[str], str, Any]]:
    for one in tables:
        for row in one["rows"]:
            for figure, value in zip(one["figures"], row["values"], strict=True):
                yield one, row["keys"], figure, value


@pytest.mark.parametrize("name", list(REPORTS))
async def test_behind_every_number_are_as_many_as_it_says(
    boss: httpx.AsyncClient, place: Place, name: str
) -> None:
    await _menus_and_scores(place)
    await _tickets(place)
    figures = {one["name"]: one for one in (await boss.get("/api/reports")).json()["figures"]}
    linked = 0
    asked = ONE_DAY | {"interval": "hour", "zone": "Asia/Kathmandu"}
    told = (await boss.get(f"/api/reports/{name}", params=asked)).json()
    cards = {"keys": [], "values": list(told["cards"].values())}
    top = {"name": "cards", "keys": [], "figures": list(told["cards"]), "rows": [cards]}
    for one, row, figure, value in numbers([top, *told["tables"]]):
        if not figures[figure]["behind"] or not value:
            continue
        params = asked_of(told, one, row, figure)
        where = one["name"], row, figure
        linked += 1
        if name in ("callbacks", "tickets"):
            page = (await boss.get(f"/api/{name}", params=params | {"limit": 100})).json()
            assert page["counted"]["count"] == len(page["items"]) > 0, where
            if figures[figure]["unit"] == "count":
                assert page["counted"]["count"] == value, where
            continue
        behind = (await boss.get("/api/calls-behind", params=params)).json()
        assert behind["count"] == sum(item["times"] for item in behind["items"]) > 0, where
        assert behind["calls"] == len({item["call"] for item in behind["items"]}), where
        if figures[figure]["unit"] == "count":
            assert behind["count"] == value, where
    lists_nothing = ("adherence", "quality", "staffing")
    assert (linked > 0) == (name not in lists_nothing)


async def _menus_and_scores(place: Place) -> None:
    """The simulated calls came without a menu: some ways and scores of theirs."""
    async with place.engine.begin() as connection:
        await connection.execute(
            text("""
            insert into journeys (call, sequence, flow, version, started_at, ended_at, nodes, ports,
                                  last, ended, contained, language)
            select call, n, 'main', 1, at + n * interval '1 second', at + interval '9 seconds',
                   array['hello', 'menu'], array['next', '1'], 'menu',
                   case when n = 1 then 'served' else 'queue' end, n = 1, 'en'
            from (select call, at from reports.facts where kind = 'call' order by at limit 9) f,
                 generate_series(1, 2) n on conflict do nothing""")
        )
        await connection.execute(
            text("""
            insert into survey_answers (call, sequence, at, question, score, flow, queue, agent)
            select call, n, at, 'helpful', 2 + n, 'main', nullif(queue, 'sales'), nullif(agent, '')
            from (select call, at, queue, agent from reports.facts where kind = 'call'
                  order by at limit 9) f, generate_series(1, 2) n on conflict do nothing""")
        )


async def _tickets(place: Place) -> None:
    """Of two types: solved in time and late, one that nobody answered, one of the day before, and
    one that went into another."""
    async with place.engine.begin() as connection:
        await connection.execute(text("delete from tickets"))
        await connection.execute(
            text("""
            insert into tickets (type, subject, stage, stage_kind, stage_since, created, queue,
                                 owner_agent, first_due, solution_due, solved)
            select case n % 2 when 0 then 'complaint' else 'question' end, 'Ticket ' || n, 'new',
                   'open', at, at, 'sales', nullif('ada', 'ada' || n % 3), at + interval '1 hour',
                   at + interval '2 hours', case when n < 4 then at + n * interval '1 hour' end
            from generate_series(0, 6) n,
                 lateral (select timestamptz '2027-01-15 09:00Z' - n / 6 * interval '1 day' as at)
            """)
        )
        await connection.execute(
            text("""
            update tickets set merged_into = (select id from tickets where subject = 'Ticket 1')
            where subject = 'Ticket 5'""")
        )


async def test_what_is_behind_a_number_comes_page_by_page(boss: httpx.AsyncClient) -> None:
    told = (await boss.get("/api/reports/queues", params=ONE_DAY)).json()
    asked: dict[str, Any] = {"figure": "offered", "limit": 7}
    asked |= {"since": told["since"], "until": told["until"]}
    found: list[tuple[Any, ...]] = []
    cursor: str | None = ""
    while cursor is not None:
        more = {"cursor": cursor} if cursor else {}
        page = (await boss.get("/api/calls-behind", params=asked | more)).json()
        found += [(one["at"], one["call"], one["leg"]) for one in page["items"]]
        cursor = page["next"]
    assert len(found) == len(set(found)) == page["count"] == told["cards"]["offered"]
    assert found == sorted(found, reverse=True)
    assert page["title"] == ["Offered", "进入队列"]
    mistakes: list[tuple[dict[str, Any], str]] = [
        ({"figure": "occupancy"}, "figure"),
        ({"flow": "main"}, "figure"),
        ({"zone": "Mars/Olympus", "hour": 3}, "zone"),
    ]
    for wrong, where in mistakes:
        refused = await boss.get("/api/calls-behind", params=asked | wrong)
        assert (refused.status_code, refused.json()["where"]) == (422, where)
    for elsewhere, wrong, where in (
        ("callbacks", asked, "figure"),
        ("tickets", asked | {"figure": "callbacks_open"}, "figure"),
        ("tickets", {"figure": "tickets_late", "since": told["since"]}, "until"),
    ):
        refused = await boss.get(f"/api/{elsewhere}", params=wrong)
        assert (refused.status_code, refused.json()["where"]) == (422, where)


@pytest.mark.parametrize("name", list(REPORTS))
async def test_every_report_answers_and_makes_files(boss: httpx.AsyncClient, name: str) -> None:
    asked = ONE_DAY | {"compare": "before", "interval": "hour"}
    for zone in ("UTC", "America/St_Johns"):
        answer = await boss.get(f"/api/reports/{name}", params=asked | {"zone": zone})
        assert answer.status_code == 200, answer.text
        told = answer.json()
        assert all(
            len(row["values"]) == len(one["figures"])
            for one in told["tables"]
            for row in one["rows"]
        )
    for language in ("en", "zh"):
        file = await boss.get(f"/api/reports/{name}/file", params=asked | {"language": language})
        book = openpyxl.load_workbook(io.BytesIO(file.content))
        assert len(book.sheetnames) == 1 + len(told["tables"])
    csv = await boss.get(f"/api/reports/{name}/file", params=asked | {"form": "csv"})
    assert csv.text.startswith("\ufeff")


async def test_the_peak_of_a_trunk_stands_against_the_lines_that_it_has(
    boss: httpx.AsyncClient, place: Place
) -> None:
    async def told() -> dict[str, Any]:
        answer = await boss.get("/api/reports/trunks", params=ONE_DAY | {"interval": "hour"})
        found: dict[str, Any] = answer.json()
        return found

    before = await told()
    assert "lines_share" not in before["cards"]
    assert "lines" not in before["tables"][0]["figures"]
    peak = before["cards"]["most_at_once"]
    async with await place.signed_in("administrator") as client:
        noted = (await client.get("/api/trunk-lines")).json()
        assert (noted["together"], noted["trunks"], noted["known"]) == (None, [], noted["known"])
        assert "callers" in noted["known"]
        first = {"version": noted["version"], "trunks": [{"trunk": "callers", "lines": 100}]}
        assert (await client.put("/api/trunk-lines", json=first)).status_code == 200
        late = await client.put("/api/trunk-lines", json=first | {"together": 7})
        assert late.status_code == 409
        for trunk, where in (("a b", "trunks.0.trunk"), ("callers", "trunks.1.trunk")):
            some = [{"trunk": trunk, "lines": 1}, {"trunk": "callers", "lines": 1}]
            wrong = await client.put("/api/trunk-lines", json=first | {"trunks": some})
            assert (wrong.status_code, where in wrong.text) == (422, True)
        again = first | {"version": noted["version"] + 1, "together": peak}
        assert (await client.put("/api/trunk-lines", json=again)).status_code == 200
    after = await told()
    assert after["cards"]["lines_share"] == 1  # all were in use
    shares = table(after, "trunks")
    assert shares["callers",]["lines"] == 100
    assert shares["callers",]["lines_share"] == shares["callers",]["most_at_once"] / 100
    assert shares["trunk",]["lines_share"] is None  # nobody said how many it has
    assert all(row["lines"] == peak for row in table(after, "intervals").values())


async def test_the_last_hour_of_a_queue_adds_up_to_the_report(
    boss: httpx.AsyncClient, place: Place
) -> None:
    told = (await boss.get("/api/reports/queues", params=ONE_DAY | {"interval": "hour"})).json()
    (begun, busy) = next(
        (datetime.fromisoformat(keys[0]), row["offered"])
        for keys, row in table(told, "intervals").items()
        if row["offered"]
    )
    found = await place.reports.last_hour(EVERYTHING, begun + timedelta(hours=1))
    assert sum(map(sum, found.values())) == busy
    assert {len(minutes) for minutes in found.values()} == {60}
    nobody = await place.reports.last_hour(Scope(frozenset(), frozenset()), begun)
    assert nobody == {}
    now = (await boss.get("/api/queue-minutes")).json()
    assert (datetime.fromisoformat(now["until"]).second, now["offered"]) == (0, {})


async def test_wrong_questions_get_clear_answers(boss: httpx.AsyncClient) -> None:
    async def refused(**changes: Any) -> tuple[int, str]:
        answer = await boss.get("/api/reports/queues", params=ONE_DAY | changes)
        return answer.status_code, answer.json().get("where") or answer.json()["code"]

    assert await refused(zone="Mars/Olympus") == (422, "zone")
    assert await refused(last="2027-01-14") == (422, "first")
    assert await refused(last="2029-01-01") == (422, "first")
    assert await refused(first="9999-12-31", last="9999-12-31") == (422, "first")
    assert await refused(queues="a' or 1=1") == (422, "queues")
    assert (await boss.get("/api/reports/nothing", params=ONE_DAY)).status_code == 404


async def test_a_long_report_runs_in_the_background(boss: httpx.AsyncClient, place: Place) -> None:
    begun = (await boss.post("/api/report-jobs/agents", params=ONE_DAY)).json()
    job = place.reports._jobs[begun["id"]]
    assert job.task is not None
    await job.task
    done = (await boss.get(f"/api/report-jobs/{begun['id']}")).json()
    assert (done["state"], done["progress"]) == ("done", 1.0)
    at_once = (await boss.get("/api/reports/agents", params=ONE_DAY)).json()
    assert done["result"]["tables"][0] == at_once["tables"][0]
    async with await place.signed_in("supervisor") as other:
        assert (await other.get(f"/api/report-jobs/{begun['id']}")).status_code == 404


async def test_a_cancelled_report_ends_in_the_database_too(
    boss: httpx.AsyncClient, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def endless(reading: Any, wanted: Wanted) -> Report:
        await reading.rows("select 'endless report', pg_sleep(60)")
        raise AssertionError("it was not cancelled")

    async def asleep() -> int:
        async with place.engine.connect() as connection:
            query = "select count(*) from pg_stat_activity where query like '%endless report%'"
            found = await connection.execute(
                text(query + " and state = 'active' and pid <> pg_backend_pid()")
            )
            return int(found.scalar_one())

    monkeypatch.setitem(REPORTS, "queues", endless)
    begun = (await boss.post("/api/report-jobs/queues", params=ONE_DAY)).json()
    while not await asleep():
        pass
    told = (await boss.delete(f"/api/report-jobs/{begun['id']}")).json()
    assert told["state"] == "cancelled"
    while await asleep():
        pass


async def test_views_are_kept_shared_and_removed_by_their_owner(
    boss: httpx.AsyncClient, place: Place
) -> None:
    body = {"name": "早班", "report": "queues", "filter": {"queues": ["sales"]}, "shared": True}
    made = (await boss.post("/api/report-views", json=body)).json()
    async with await place.signed_in("supervisor") as other:
        (seen,) = (await other.get("/api/report-views")).json()["items"]
        assert (seen["name"], seen["mine"]) == ("早班", False)
        assert (await other.delete(f"/api/report-views/{made['id']}")).status_code == 404
    assert (await boss.delete(f"/api/report-views/{made['id']}")).status_code == 204
    assert (await boss.get("/api/report-views")).json()["items"] == []


SCHEDULE = {
    "name": "Morning",
    "report": "queues",
    "every": "day",
    "at_minute": 420,
    "time_zone": "UTC",
    "recipients": ["boss@example.com", "other@example.com"],
}


async def test_a_scheduled_report_is_sent_once(boss: httpx.AsyncClient, place: Place) -> None:
    made = (await boss.post("/api/report-schedules", json=SCHEDULE)).json()
    bad = await boss.post("/api/report-schedules", json=SCHEDULE | {"recipients": ["nobody"]})
    assert (bad.status_code, bad.json()["where"]) == (422, "recipients")
    async with place.engine.begin() as connection:
        await connection.execute(
            text("update reports.schedules set created = '2027-01-10', sent_for = null")
        )
    kept, names = Kept(place.engine, place.reports), names_of(place.config)

    def seen(role: str, user: str) -> Scope:
        return EVERYTHING

    at = datetime(2027, 1, 16, 7, 0, 30, tzinfo=UTC)
    assert await kept.send_due(at - timedelta(minutes=1), names, seen) == 2  # for the 14th
    assert await kept.send_due(at, names, seen) == 2
    assert await kept.send_due(at + timedelta(hours=3), names, seen) == 0
    async with place.engine.begin() as connection:  # the service died before it could note it
        await connection.execute(text("update reports.schedules set sent_for = null"))
    await kept.send_due(at, names, seen)
    async with place.engine.connect() as connection:
        letters = (
            await connection.execute(text("select * from letters where key like '%01-16%'"))
        ).all()
    assert sorted(letter.recipient for letter in letters) == SCHEDULE["recipients"]
    book = openpyxl.load_workbook(io.BytesIO(letters[0].content))
    assert book.sheetnames[0] == "Queues"
    assert (await boss.delete(f"/api/report-schedules/{made['id']}")).status_code == 204


async def test_staffing_is_a_forecast_with_agents_for_it(
    boss: httpx.AsyncClient, place: Place
) -> None:
    asked = {"first": "2027-02-01", "last": "2027-02-01", "zone": "UTC", "interval": "30min"}
    told = (await boss.get("/api/reports/staffing", params=asked)).json()
    assert len(table(told, "intervals")) == 48
    long = asked | {"last": "2027-05-01"}
    refused = await boss.get("/api/reports/staffing", params=long)
    assert (refused.status_code, refused.json()["code"]) == (422, "period_wrong")


def test_a_schedule_follows_the_clock_on_the_wall() -> None:
    def of(every: Every, zone: str) -> Schedule:
        return Schedule(
            "1",
            "n",
            "queues",
            (),
            (),
            every,
            150,
            zone,
            ("a@b.c",),
            "csv",
            "en",
            True,
        )

    berlin = of("day", "Europe/Berlin")
    before = datetime(2026, 3, 29, 0, 0, tzinfo=UTC)  # half past two does not exist that day
    assert due_before(berlin, before + timedelta(hours=12)).date() == date(2026, 3, 29)
    monday = due_before(of("week", "Asia/Shanghai"), datetime(2026, 3, 1, tzinfo=UTC))
    assert monday == datetime(2026, 2, 22, 18, 30, tzinfo=UTC)
    assert period_of(of("week", "Asia/Shanghai"), monday).first == date(2026, 2, 16)
    first = due_before(of("month", "UTC"), datetime(2026, 3, 1, 2, 0, tzinfo=UTC))
    assert first == datetime(2026, 2, 1, 2, 30, tzinfo=UTC)
    told = period_of(of("month", "UTC"), first)
    assert (told.first, told.last) == (date(2026, 1, 1), date(2026, 1, 31))


def test_every_figure_has_words_in_both_languages() -> None:
    for figure in FIGURES.values():
        assert all((*figure.title, *figure.text))


async def test_odd_moments_and_texts_are_refused_and_never_fail(place: Place) -> None:
    """Years where sums and offsets leave the calendar, and a NUL, which PostgreSQL cannot keep."""
    good = {"since": "2026-01-01T00:00:00Z", "until": "2026-02-01T00:00:00Z"}
    odd: list[dict[str, Any]] = [
        {"since": "0255-02-17T06:55:08.940631-12:07"},
        {"until": "9999-12-31T23:59:59-12:00"},
        {"agents": ["\x00"]},
    ]
    async with await place.signed_in("supervisor") as client:
        for change in odd:
            asked = {"figure": "calls", **good, **change}
            answer = await client.get("/api/calls-behind", params=asked)
            assert (answer.status_code, answer.json()["code"]) == (422, "invalid"), change
