"""The public form: for everybody, by the administrator's rules, with clear answers and no abuse."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest

from callcenter.core import refusals
from callcenter.core.commands import AskCallback
from callcenter.core.config import DialLimits
from callcenter.web.embed_routes import embed_routes
from callcenter.web.form_door import FILL_SECONDS_MIN, OF_ADDRESS_PER_HOUR, FormDoor
from callcenter.web.routers.callback_form import KEPT_SECONDS
from tests.web.place import Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]

NUMBER = "138 0013 8000"
CLOSED = {"mon-sun": "03:00-03:01"}


class Form:
    """A stranger at the form, and the administrator who set it up."""

    def __init__(self, place: Place, stranger: httpx.AsyncClient) -> None:
        self.place, self.stranger = place, stranger
        self.queue = f"web{uuid.uuid4().hex[:6]}"

    async def set_up(self, hours: dict[str, str] | None = None, **rules: Any) -> None:
        place = self.place
        async with await place.signed_in("administrator") as boss:
            await boss.put(f"/api/queues/{self.queue}", json={"name": "Support"})
            policy = {"enabled": True, "hours": hours or {}}
            answer = await boss.put(f"/api/callback-policies/{self.queue}", json=policy)
            assert answer.status_code == 200, answer.text
            version = (await boss.get("/api/callback-form")).json()["version"]
            queues = [{"queue": self.queue, "name": "Help", "name_zh": "帮助"}]
            body = {"enabled": True, "queues": queues, "version": version} | rules
            answer = await boss.put("/api/callback-form", json=body)
            assert answer.status_code == 200, answer.text
        place.config = replace(place.config, dialling=DialLimits(enabled=True))
        place.commands.clear()

    async def opened(self) -> dict[str, Any]:
        page: dict[str, Any] = (await self.stranger.get("/api/public/callback-form")).json()
        self.place.clock.ahead += FILL_SECONDS_MIN + 1
        return page

    async def send(self, **values: Any) -> httpx.Response:
        token = values.pop("token", None) or (await self.opened())["token"]
        body = {
            "token": token,
            "queue": self.queue,
            "number": NUMBER,
            "name": "Li Hua",
            "language": "zh",
            "consent": True,
        }
        return await self.stranger.post("/api/public/callbacks", json=body | values)


@pytest.fixture
async def form(place: Place) -> AsyncIterator[Form]:
    async with await place.client() as stranger:
        yield Form(place, stranger)


async def test_without_rules_there_is_no_form(form: Form) -> None:
    page = await form.opened()
    assert (page["enabled"], page["queues"], page["token"]) == (False, [], "")
    answer = await form.send(token="x")
    assert (answer.status_code, answer.json()["code"]) == (409, "form_off")


async def test_a_stranger_is_called_back_in_his_language(form: Form) -> None:
    await form.set_up(consent="You may call me.")
    page = await form.opened()
    assert page["queues"] == [
        {
            "queue": form.queue,
            "name": "Help",
            "name_zh": "帮助",
            "open": True,
            "open_at": None,
        }
    ]
    answer = await form.send()
    assert (answer.status_code, answer.json()) == (201, {"state": "asked", "at": None})
    [(by, action)] = form.place.commands
    assert by == "web-form"
    assert isinstance(action, AskCallback)
    asked = (action.queue, action.number, action.name, action.language, action.customer)
    assert asked == (form.queue, "+8613800138000", "Li Hua", "zh", None)


async def test_the_answers_are_clear(form: Form) -> None:
    await form.set_up(consent="You may call me.")
    form.place.refusal = refusals.CALLBACK_KNOWN
    assert (await form.send()).json()["state"] == "known"
    form.place.refusal = refusals.CALLBACKS_FULL
    answer = await form.send(number="139 1111 0003")
    assert (answer.status_code, answer.json()["code"]) == (409, refusals.CALLBACKS_FULL)
    form.place.refusal = None
    for number, code in (
        ("12", "incomplete"),
        ("hello", "unreadable"),
        ("+442079460000", "country"),
    ):
        answer = await form.send(number=number)
        assert (answer.status_code, answer.json()["code"]) == (422, f"not-dialable-{code}")
    assert (await form.send(consent=False)).json()["code"] == "consent_missing"
    assert (await form.send(queue="other")).json()["code"] == "form_off"


@pytest.mark.parametrize("when_closed", ["refuse", "accept"])
async def test_outside_the_hours_it_is_refused_or_kept_for_later(
    form: Form, when_closed: str
) -> None:
    await form.set_up(hours=CLOSED, when_closed=when_closed)
    page = await form.opened()
    assert page["queues"][0]["open"] is False
    assert page["queues"][0]["open_at"] is not None
    answer = await form.send()
    if when_closed == "refuse":
        assert (answer.status_code, answer.json()["code"]) == (409, "form_closed")
        assert form.place.commands == []
    else:
        assert (answer.json()["state"], len(form.place.commands)) == ("later", 1)


async def test_a_page_is_good_once_not_too_soon_and_not_for_ever(form: Form) -> None:
    await form.set_up()
    fresh = (await form.stranger.get("/api/public/callback-form")).json()["token"]
    assert (await form.send(token=fresh)).json()["code"] == "form_too_fast"
    form.place.clock.ahead += FILL_SECONDS_MIN
    assert (await form.send(token=fresh)).status_code == 201
    assert (await form.send(token=fresh)).json()["code"] == "form_expired"
    old = (await form.opened())["token"]
    form.place.clock.ahead += 3601
    for token in (old, old[:-1] + "x", "1.2.3", "nonsense"):
        assert (await form.send(token=token)).json()["code"] == "form_expired"


async def test_a_machine_that_fills_in_every_field_is_thanked_and_not_called(form: Form) -> None:
    await form.set_up()
    answer = await form.send(website="https://spam.example")
    assert (answer.status_code, answer.json()["state"]) == (201, "asked")
    assert form.place.commands == []


async def test_numbers_addresses_and_all_together_have_their_limits(form: Form) -> None:
    await form.set_up(per_hour=5)
    seen = [(await form.send()).status_code for _ in range(4)]
    assert seen == [201, 201, 201, 429], "three a day for one number"
    others = [(await form.send(number=f"139111100{n:02d}")).status_code for n in range(4)]
    assert others == [201, 201, 429, 429], "five an hour in all"
    answer = await form.send(number="13911110099")
    assert int(answer.headers["retry-after"]) > 0
    door = FormDoor()
    waits = [door.wait_seconds("10.0.0.1", 0.0) for _ in range(OF_ADDRESS_PER_HOUR + 1)]
    assert [wait > 0 for wait in waits] == [False] * OF_ADDRESS_PER_HOUR + [True]
    assert door.wait_seconds("10.0.0.2", 0.0) == 0


async def test_the_rules_are_checked_and_kept_by_version(form: Form) -> None:
    await form.set_up()
    async with await form.place.signed_in("administrator") as boss:
        rules = (await boss.get("/api/callback-form")).json()
        body = {name: value for name, value in rules.items() if name != "dialling"}
        wrong = await boss.put("/api/callback-form", json=body | {"queues": [{"queue": "none"}]})
        assert (wrong.status_code, wrong.json()["where"]) == (422, "queues.0.queue")
        assert (await boss.put("/api/callback-form", json=body | {"queues": []})).status_code == 422
        off = await boss.put("/api/callback-form", json=body | {"enabled": False})
        assert off.json()["enabled"] is False
        assert (await boss.put("/api/callback-form", json=body)).status_code == 409
    form.place.clock.ahead += KEPT_SECONDS
    assert (await form.opened())["enabled"] is False


async def test_only_named_sites_may_show_the_form_and_the_script_may_be_loaded_by_all(
    place: Place,
) -> None:
    async with await place.client() as client:
        page = await client.get("/callback-form")
        assert page.status_code == 200
        assert "frame-ancestors 'self'" in page.headers["content-security-policy"]
        script = await client.get("/embed/callback.js")
        assert script.headers["cross-origin-resource-policy"] == "cross-origin"
        inner = await client.get("/embed/callback-form.js")
        assert inner.headers["cross-origin-resource-policy"] == "same-origin"
        for path in ("/embed/none.js", "/embed/..%2Fapp.py", "/embed/callback-form.html"):
            assert (await client.get(path)).status_code == 404, path
    assert embed_routes(["https://www.example.com"])
