"""Business hours over HTTP: kept, looked ahead, closed by one switch, used at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.web.place import Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]

OFFICE: dict[str, Any] = {
    "name": "办公室 Office",
    "timezone": "Asia/Shanghai",
    "week": {"mon-fri": "09:00-12:00, 13:30-18:00", "sat": "10:00-16:00"},
    "country": "CN",
    "holidays": {"2026-11-30": "Stocktaking"},
    "overrides": {"2026-12-31": "09:00-12:00"},
}


@pytest.fixture
async def client(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    for one in await place.directory.calendars():
        await place.directory.remove_calendar(one.id, by="tests")
    await place.reload()
    async with await place.signed_in("administrator") as client:
        yield client


async def put(client: httpx.AsyncClient, base: int | None = None, **more: Any) -> httpx.Response:
    return await client.put("/api/calendars/office", json=OFFICE | {"base_version": base} | more)


async def test_a_calendar_is_kept_and_used_with_its_holidays(
    place: Place, client: httpx.AsyncClient
) -> None:
    (made,) = (await put(client)).json()["items"]
    assert {name: made[name] for name in OFFICE} == OFFICE
    running = place.config.calendars["office"]
    assert running.holidays["2026-11-30"] == "Stocktaking"
    assert "2026-10-01" in running.holidays  # National Day comes from the country
    changed = await put(client, made["version"], week={"mon-sun": "00:00-24:00"}, country="")
    assert changed.json()["items"][0]["now"]["state"] in ("open", "holiday")
    stale = await put(client, made["version"], name="Mine")
    assert (stale.status_code, stale.json()["code"]) == (409, "conflict")
    assert (await put(client)).status_code == 409  # a new one of the same id


@pytest.mark.parametrize(
    ("more", "where"),
    [({"timezone": "Mars/Olympus"}, "timezone"), ({"timezone": ""}, "timezone"),
     ({"week": {"mon": "9 to 5"}}, "week"), ({"week": {"someday": "09:00-10:00"}}, "week"),
     ({"week": {"mon": "22:00-06:00"}}, "week"), ({"overrides": {"2026-02-30": ""}}, "overrides"),
     ({"country": "XX"}, "country"), ({"country": "china"}, "country")],
)  # fmt: skip
async def test_hours_that_make_no_sense_are_refused_with_their_place(
    client: httpx.AsyncClient, more: dict[str, Any], where: str
) -> None:
    refused = await put(client, **more)
    assert (refused.status_code, refused.json()["where"]) == (422, where)
    assert (await client.get("/api/calendars")).json()["items"] == []


async def test_looking_ahead_shows_holidays_overrides_and_the_next_change(
    client: httpx.AsyncClient,
) -> None:
    hours = {name: value for name, value in OFFICE.items() if name != "name"}

    async def at(moment: str, days: int = 1) -> dict[str, Any]:
        asked = {**hours, "at": moment, "days": days}
        answer: dict[str, Any] = (await client.post("/api/calendars/preview", json=asked)).json()
        return answer

    monday = (await at("2026-11-23T09:05:00+08:00"))["now"]
    assert (monday["state"], monday["local_time"]) == ("open", "2026-11-23 09:05")
    assert monday["next_change"] == "2026-11-23T04:00:00Z"
    lunch = (await at("2026-11-23T12:00:00+08:00"))["now"]
    assert (lunch["state"], lunch["next_change"]) == ("closed", "2026-11-23T05:30:00Z")
    assert (await at("2026-11-30T10:00:00+08:00"))["now"]["reason"] == "Stocktaking"
    days = (await at("2026-12-30T10:00:00+08:00", 3))["days"]
    assert [(day["day"], day["state"], day["why"]) for day in days] == [
        ("2026-12-30", "open", "week"),
        ("2026-12-31", "open", "override"),
        ("2027-01-01", "holiday", "holiday"),
    ]
    assert days[1]["spans"] == [["09:00", "12:00"]]


async def test_one_switch_closes_everything_at_once_and_an_edit_does_not_undo_it(
    place: Place, client: httpx.AsyncClient
) -> None:
    (made,) = (await put(client)).json()["items"]
    async with await place.signed_in("supervisor") as supervisor:
        body = {"on": True, "message": "水管破裂"}
        closed = await supervisor.post("/api/calendars/emergency", json=body)
        assert closed.status_code == 200
    (shown,) = closed.json()["items"]
    assert (shown["emergency"], shown["now"]["state"], shown["now"]["reason"]) == (
        True, "emergency", "水管破裂"
    )  # fmt: skip
    assert shown["emergency_by"].startswith("supervisor")
    assert place.config.calendars["office"].emergency
    assert (await put(client, made["version"], name="Renamed")).status_code == 200
    assert place.config.calendars["office"].emergency
    for no_yes in (0, "on", "false"):
        refused = await client.post("/api/calendars/office/emergency", json={"on": no_yes})
        assert (refused.status_code, refused.json()["where"]) == (422, "body.on")
    open_again = await client.post("/api/calendars/office/emergency", json={"on": False})
    assert open_again.json()["items"][0]["emergency"] is False
    assert not place.config.calendars["office"].emergency


async def test_a_calendar_that_is_asked_is_not_removed(
    place: Place, client: httpx.AsyncClient
) -> None:
    await put(client)
    flow = (
        "id: asks\nname: Asks\nlanguages: [en]\nstart: hours\nnodes:\n"
        "  hours: {kind: hours, calendar: office, ports: {open: end, closed: end}}\n"
        "  end: {kind: hangup}\n"
    )
    imported = (await client.post("/api/flows/import", json={"text": flow})).json()
    assert imported["mistakes"] == []
    refused = await client.delete("/api/calendars/office")
    assert (refused.status_code, refused.json()["code"]) == (409, "in_use")
    listed = (await client.get("/api/calendars")).json()["items"][0]
    assert [(use["what"], use["id"]) for use in listed["used_by"]] == [("flow", "asks")]
    assert (await client.delete("/api/flows/asks")).status_code == 204
    assert (await client.delete("/api/calendars/office")).status_code == 204
    unknown = (await client.post("/api/flows/import", json={"text": flow})).json()
    assert [(one["code"], one["field"]) for one in unknown["mistakes"]] == [
        ("stranger", "calendar")
    ]
    assert (await client.delete("/api/flows/asks")).status_code == 204


async def test_a_calendar_file_is_read_before_it_is_kept(client: httpx.AsyncClient) -> None:
    text = (
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20261224\r\n"
        "DTEND;VALUE=DATE:20261226\r\nSUMMARY:假期\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    read = (await client.post("/api/calendars/ics", json={"text": text})).json()
    assert read == {"days": {"2026-12-24": "假期", "2026-12-25": "假期"}, "skipped": []}
    refused = await client.post("/api/calendars/ics", json={"text": "no"})
    assert (refused.status_code, refused.json()["code"]) == (422, "no_ics")
    countries = (await client.get("/api/calendars/countries")).json()["items"]
    germany = next(one for one in countries if one["code"] == "DE")
    assert "BY" in germany["parts"]
    assert {len(one["code"]) for one in countries} == {2}
