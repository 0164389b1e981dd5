"""Look-up sources: callers' balances, orders and bookings are really read and written, and nothing
but the functions of the schema can be reached."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.store.quick import Quick
from callcenter.store.sources import Sources

pytestmark = [pytest.mark.db, pytest.mark.anyio]


class Asked:
    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.count = 0

    async def __call__(
        self, name: str, request: str = "", **arguments: object
    ) -> tuple[dict[str, object], str]:
        self.count += 1
        deadline = asyncio.get_running_loop().time() + 10
        found, error = await self.sources.ask(
            name, arguments, request or f"r{self.count}", deadline
        )
        return dict(found), error


@pytest.fixture
async def ask(database_url: str, engine: AsyncEngine) -> AsyncIterator[Asked]:
    async with engine.begin() as connection:
        await connection.execute(text("truncate balances, bookings, orders"))
        await connection.execute(
            text(
                "insert into balances (account, pin_salt, pin_digest, amount, currency) values"
                " ('123456', 'salt', flow_sources.pin_digest('salt', '0042'), 1234.50, 'CNY')"
            )
        )
    database = Quick(database_url)
    yield Asked(Sources(database))
    await database.close()


def next_monday() -> str:
    today = date.today()
    return str(today + timedelta(days=7 - today.weekday()))


async def test_a_balance_needs_its_pin(ask: Asked) -> None:
    right = {"account": "123456", "pin": "0042"}
    expected = {"found": True, "amount": 1234.5, "currency": "CNY"}
    assert await ask("balance", **right) == (expected, "")
    for wrong in ({"pin": "42"}, {"pin": "0043"}, {"pin": None}, {"pin": ""}):
        found, error = await ask("balance", **(right | wrong))
        assert (found["found"], error) == (False, "")
    assert (await ask("balance", account="999999", pin="0042"))[0]["found"] is False
    assert (await ask("balance", **right))[0]["found"] is True


async def test_five_wrong_pins_shut_the_account_for_the_right_one_too(ask: Asked) -> None:
    for _ in range(4):
        assert (await ask("balance", account="123456", pin="1"))[0]["locked"] is False
    assert (await ask("balance", account="123456", pin="1"))[0] == {"found": False, "locked": True}
    assert (await ask("balance", account="123456", pin="0042"))[0] == {
        "found": False,
        "locked": True,
    }


async def test_appointments_are_booked_once_and_run_out(ask: Asked) -> None:
    day = next_monday()
    first, _ = await ask("appointment", "call-1", day=day, phone="+8613800138000")
    assert first == {"found": True, "day": day, "time": "09:00"}
    assert (await ask("appointment", "call-1", day=day, phone="+8613800138000"))[0] == first
    times = [(await ask("appointment", day=day, phone="1"))[0].get("time") for _ in range(8)]
    assert times == [f"{hour}:00" for hour in range(10, 17)] + [None]
    sunday = str(date.fromisoformat(day) + timedelta(days=6))
    assert (await ask("appointment", day=sunday, phone="1"))[0] == {"found": False}
    assert (await ask("appointment", day="2001-01-01", phone="1"))[0] == {"found": False}


async def test_two_callers_at_once_get_two_hours(ask: Asked) -> None:
    answers = await asyncio.gather(
        *(ask("appointment", f"c{n}", day=next_monday(), phone=str(n)) for n in range(8))
    )
    assert len({found["time"] for found, _ in answers}) == 8


async def test_an_order_is_placed_and_found(ask: Asked) -> None:
    wanted = {"product": "102 tea", "quantity": 3.0, "phone": "+86138"}
    placed, error = await ask("place_order", "c1", **wanted)
    assert (placed["found"], error) == (True, "")
    assert (await ask("place_order", "c1", **wanted))[0] == placed
    found, _ = await ask("order", number=placed["number"])
    assert (found["state"], found["product"], found["quantity"]) == ("open", "102 tea", 3)
    assert (placed["price"], placed["total"], found["total"]) == (52.5, 157.5, 157.5)
    assert (await ask("ware", code="102"))[0]["price"] == 52.5
    for refused in ({"product": "999 x"}, {"quantity": 0}):
        assert (await ask("place_order", "c2", **wanted | refused))[0] == {"found": False}
    assert (await ask("order", number="0"))[0] == {"found": False}


@pytest.mark.parametrize(
    ("name", "arguments", "error"),
    [
        ("nothing", {}, "there is no data source 'nothing'"),
        ("pin_digest", {"salt": "x", "pin": "1"}, "there is no data source 'pin_digest'"),
        ("pg_sleep", {"seconds": 1}, "there is no data source 'pg_sleep'"),
        ('order" ; drop table orders --', {}, "there is no data source"),
        ("order", {}, "source order takes number; 'number' is missing"),
        ("order", {"number": "1", "x": 1}, "source order takes number; it has no 'x'"),
        (
            "appointment",
            {"day": "2026-02-30", "phone": "1"},
            "an argument of appointment cannot be read as what it should be",
        ),
        (
            "place_order",
            {"product": "x", "quantity": "many", "phone": ""},
            "an argument of place_order cannot be read as what it should be",
        ),
    ],
)
async def test_what_does_not_fit_is_said(
    ask: Asked, name: str, arguments: dict[str, object], error: str
) -> None:
    found, told = await ask(name, "", **arguments)
    assert found == {}
    assert told.startswith(error)


async def test_a_value_is_never_sql(ask: Asked) -> None:
    found, error = await ask("order", number="1'); drop table orders; --")
    assert (found, error) == ({"found": False}, "")
    assert (await ask("order", number="1\0"))[0] == {"found": False}


async def test_an_administrator_adds_a_source(ask: Asked, engine: AsyncEngine) -> None:
    async with engine.begin() as connection:
        await connection.execute(
            text(
                "create function flow_sources.weather(town text, days integer default 1)"
                " returns jsonb language sql as"
                " $$ select jsonb_build_object('in', town, 'd', days) $$"
            )
        )
        await connection.execute(
            text(
                "create function flow_sources.refusing() returns jsonb language plpgsql as"
                " $$ begin raise exception 'not on Sundays'; end $$"
            )
        )
    assert await ask("weather", town="京") == ({"in": "京", "d": 1}, "")
    assert await ask("refusing") == ({}, "refusing refuses: not on Sundays")
    assert (await ask.sources.known())["weather"].asked == ("town", "days")
