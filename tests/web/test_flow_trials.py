"""A draft offered to be heard: who may, what is refused, what the browser is told."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import httpx
import pytest

from callcenter.web.services import TrialAccess
from ivr.flow import Flow
from tests.web.place import Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]

FLOW = {
    "languages": ["en"],
    "start": "bye",
    "nodes": {"bye": {"kind": "hangup", "reason": "served"}},
}


@dataclass
class FakeTrials:
    offers: list[tuple[Flow, str, str]] = field(default_factory=list)

    async def offer(self, flow: Flow, *, user: str, number: str) -> TrialAccess:
        self.offers.append((flow, user, number))
        return TrialAccess("try00ff", "t1234", "secret-word", 1_790_000_120.0)


def with_telephone(place: Place) -> FakeTrials:
    trials = FakeTrials()
    services = replace(place.app.state.services, trials=trials, sip_upstream="ws://127.0.0.1:1/ws")
    place.app.state.services = services
    return trials


async def offer(client: httpx.AsyncClient, flow: object, caller: str = "") -> httpx.Response:
    return await client.post("/api/flows/main/trial", json={"flow": flow, "caller": caller})


async def test_a_flow_without_mistakes_can_be_dialled_once(place: Place) -> None:
    trials = with_telephone(place)
    async with await place.signed_in("administrator") as client:
        answer = await offer(client, FLOW, "+86 138-0013;8000")
    assert answer.status_code == 201, answer.text
    assert answer.json() == {
        "extension": "try00ff",
        "device": "t1234",
        "domain": "callcenter.invalid",
        "password": "secret-word",
        "expires": 1_790_000_120.0,
    }
    ((flow, _, number),) = trials.offers
    assert (flow.id, flow.start, number) == ("main", "bye", "+8613800138000")


async def test_a_flow_with_mistakes_is_not_dialled(place: Place) -> None:
    trials = with_telephone(place)
    async with await place.signed_in("administrator") as client:
        answer = await offer(client, {**FLOW, "start": "nowhere"})
    assert (answer.status_code, answer.json()["code"]) == (422, "flow_has_mistakes")
    assert trials.offers == []


async def test_without_a_telephone_system_it_is_said(place: Place) -> None:
    async with await place.signed_in("administrator") as client:
        answer = await offer(client, FLOW)
    assert (answer.status_code, answer.json()["code"]) == (503, "no_telephone")


async def test_nobody_else_may(place: Place) -> None:
    trials = with_telephone(place)
    async with await place.signed_in("supervisor") as client:
        assert (await offer(client, FLOW)).status_code == 403
    assert trials.offers == []
