"""The engine's promises, as stories of a few calls."""

from __future__ import annotations

import pytest

from acd.model import Agent, Entry, Queue, Ring
from acd.router import Router

pytestmark = pytest.mark.pure


def engine(*agents: Agent, **queue: object) -> Router:
    router = Router()
    router.configure(
        {"q": Queue("q", "Support", **queue)},  # type: ignore[arg-type]
        {a.id: a for a in agents},
        0.0,
    )
    return router


def agent(name: str, place: int = 0, **skills: int) -> Agent:
    return Agent(name, name.title(), skills=skills, queues={"q": place})


def pairs(router: Router, now: float) -> list[tuple[str, str]]:
    return [(o.entry, o.agent) for o in router.match(now)]


def test_the_longest_waiting_caller_goes_to_the_longest_idle_agent() -> None:
    router = engine(agent("ada"), agent("bob"))
    router.agent_free("bob", 1.0)
    router.agent_free("ada", 2.0)
    assert router.join(Entry("c1", "q", 3.0), 3.0) is None
    assert router.join(Entry("c2", "q", 4.0), 4.0) is None
    assert pairs(router, 4.0) == [("c1", "bob"), ("c2", "ada")]
    assert pairs(router, 5.0) == []


def test_a_missed_offer_goes_back_to_its_place_and_to_another_agent() -> None:
    router = engine(agent("ada"), agent("bob"))
    router.agent_free("ada", 0.0)
    router.join(Entry("c1", "q", 1.0), 1.0)
    router.join(Entry("c2", "q", 2.0), 2.0)
    assert pairs(router, 2.0) == [("c1", "ada")]
    router.rejoin("c1", 22.0, missed_by="ada")
    assert router.position("c1") == 1
    router.agent_free("ada", 22.0)
    router.agent_free("bob", 22.0)
    assert pairs(router, 22.0) == [("c1", "bob")]
    assert router.deadline() == 32.0
    assert pairs(router, 32.0) == [("c2", "ada")]


def test_rings_relax_the_skill_after_a_while() -> None:
    router = engine(agent("ada", en=3), rings=(Ring(10.0, {"en": 2}),))
    router.agent_free("ada", 0.0)
    router.join(Entry("c1", "q", 0.0, skills={"en": 5}), 0.0)
    assert pairs(router, 9.0) == []
    assert "lacks skill en:5" in router.why("c1", 9.0).to_text()
    assert pairs(router, 10.0) == [("c1", "ada")]


def test_joining_is_refused_with_a_reason() -> None:
    router = engine(agent("ada"), waiting_max=1)
    router.join(Entry("c1", "q", 0.0), 0.0)
    codes = [
        refusal.code
        for refusal in (
            router.join(Entry("c1", "q", 0.0), 0.0),
            router.join(Entry("c2", "q", 0.0), 0.0),
            router.join(Entry("c3", "x", 0.0), 0.0),
        )
        if refusal is not None
    ]
    assert codes == ["already-waiting", "full", "unknown-queue"]
