"""The border of a team: made of its agents and queues, asked in one function, kept everywhere."""

from __future__ import annotations

import pytest

from acd.model import Agent, Queue
from callcenter.core.config import Config
from callcenter.core.teams import EVERYTHING, NOTHING, Reach, Team, reach_of, within
from callcenter.web.borders import BORDERS, border_kept
from callcenter.web.policy import POLICY

pytestmark = pytest.mark.pure

CONFIG = Config(
    agents={
        "ada": Agent("ada", "Ada", team="blue"),
        "ben": Agent("ben", "Ben", team="red"),
        "cy": Agent("cy", "Cy"),
    },
    queues={id: Queue(id, id.title()) for id in ("sales", "support", "billing")},
    teams={
        "blue": Team("blue", "Blue", frozenset({"sales"}), frozenset({"sofia"})),
        "red": Team("red", "红队", frozenset({"sales", "support"}), frozenset({"sofia", "wei"})),
        "house": Team("house", "House", leaders=frozenset({"boss"}), everything=True),
    },
)


def test_a_supervisor_reaches_what_his_teams_are_made_of() -> None:
    both = Reach(
        False,
        frozenset({"blue", "red"}),
        frozenset({"ada", "ben"}),
        frozenset({"sales", "support"}),
    )
    assert reach_of(CONFIG, "supervisor", "sofia") == both
    assert reach_of(CONFIG, "supervisor", "wei").agents == {"ben"}


def test_who_leads_no_team_and_who_is_an_agent_reach_nothing() -> None:
    assert reach_of(CONFIG, "supervisor", "nobody") == NOTHING
    assert reach_of(CONFIG, "agent", "sofia") == NOTHING
    assert NOTHING.nothing


def test_administrators_and_who_leads_the_whole_house_reach_everything() -> None:
    assert reach_of(CONFIG, "administrator", "anybody") == EVERYTHING
    assert reach_of(CONFIG, "supervisor", "boss") == EVERYTHING


def test_one_agent_or_queue_inside_is_enough_and_what_belongs_to_nobody_lies_outside() -> None:
    red = reach_of(CONFIG, "supervisor", "wei")
    assert within(red, agents=("ada", "ben"))
    assert within(red, agents=("ada",), queues=("support",))
    assert within(red, teams=("red",))
    assert not within(red, agents=("ada", "cy", None), queues=("billing", None), teams=("blue",))
    assert not within(red)
    assert within(EVERYTHING)


def test_every_route_that_supervisors_and_not_agents_may_call_has_a_border() -> None:
    bordered = {route for route, rule in POLICY.items() if rule.bordered}
    assert set(BORDERS) == bordered


@pytest.mark.parametrize(("method", "path"), sorted(BORDERS))
def test_a_thing_in_the_path_is_let_through_inside_the_border_and_refused_outside(
    method: str, path: str
) -> None:
    red = reach_of(CONFIG, "supervisor", "wei")
    own = {"agent": "ben", "queue": "support", "team": "red"}
    foreign = {"agent": "ada", "queue": "billing", "team": "blue"}
    kind = BORDERS[method, path]
    assert border_kept(red, method, path, own)
    assert border_kept(red, method, path, foreign) == (kind in ("open", "narrowed"))
    assert border_kept(EVERYTHING, method, path, foreign)
    if kind in own:
        assert f"{{{kind}}}" in path


def test_a_route_without_a_border_is_open_to_those_alone_who_have_none() -> None:
    red = reach_of(CONFIG, "supervisor", "wei")
    assert not border_kept(red, "GET", "/api/forgotten", {})
    assert border_kept(EVERYTHING, "GET", "/api/forgotten", {})
