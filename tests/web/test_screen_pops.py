"""Pages of an own CRM that open with a call: to named hosts, by https, filled in harmlessly."""

from __future__ import annotations

import pytest

from callcenter.web.errors import ApiError
from callcenter.web.routers.screen_pops import check_template
from tests.web.place import Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]

HOSTS = frozenset({"crm.example.com", "*.shop.example"})
GOOD = (
    "https://crm.example.com/find?number={number}&queue={queue}",
    "https://a.shop.example/c/{customer}#top",
)
BAD = (
    "http://crm.example.com/{number}",
    "javascript:alert({number})",
    "https://other.example/{number}",
    "https://{number}.shop.example/",
    "https://crm.example.com:{number}/",
    "https://crm.example.com@evil.example/",
    "https://evil.example\\@crm.example.com/",
    "https://crm.example.com/{password}",
    "https://crm.example.com/{number",
    "//crm.example.com/",
)


@pytest.mark.parametrize("url", GOOD)
def test_an_address_of_a_named_host_will_do(url: str) -> None:
    check_template(url, HOSTS)


@pytest.mark.parametrize("url", BAD)
def test_any_other_will_not(url: str) -> None:
    with pytest.raises(ApiError):
        check_template(url, HOSTS)


async def test_administrators_define_what_agents_read(place: Place) -> None:
    body = {"name": "Our CRM", "url": GOOD[0], "when": "offered"}
    async with await place.signed_in("administrator") as boss:
        made = await boss.put("/api/screen-pops/crm", json=body)
        assert made.status_code == 200, made.text
        assert (await boss.put("/api/screen-pops/crm", json=body)).status_code == 409
        wrong = await boss.put("/api/screen-pops/other", json=body | {"queues": ["none"]})
        assert wrong.json()["where"] == "queues.0"
        async with await place.signed_in("agent") as agent:
            seen = (await agent.get("/api/screen-pops")).json()
            assert [one["url"] for one in seen["items"]] == [GOOD[0]]
            assert seen["hosts"] == ["crm.example.com"]
        assert (await boss.delete("/api/screen-pops/crm")).status_code == 204
        assert (await boss.delete("/api/screen-pops/crm")).status_code == 404


async def test_the_console_may_frame_these_hosts_alone(place: Place) -> None:
    async with await place.client() as client:
        policy = (await client.get("/desk")).headers["content-security-policy"]
    assert "frame-src 'self' https://crm.example.com;" in policy
