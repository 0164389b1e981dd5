"""Random flows and random callers: nothing raises, every call ends somewhere, and the checker and
the interpreter agree on what a mistake is."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivr.checking import Known, check
from ivr.flow import Node
from ivr.linking import link
from ivr.reading import read_flow
from ivr.session import ASKS_MAX, Session
from ivr.writing import as_values, write_flow
from tests.ivr.random_flows import is_outcome, lead_through, random_caller, random_flow

pytestmark = pytest.mark.pure

CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
STRUCTURAL = {"dead-end", "endless", "undefined"}
CHANCE = st.randoms(use_true_random=False)
NOW = 1_800_000_000.0


@CALM
@given(CHANCE)
def test_any_flow_leads_any_caller_to_an_outcome(rnd: Random) -> None:
    flow = random_flow(rnd, tidy=False)
    session = Session(flow, random_caller(rnd))
    assert is_outcome(lead_through(rnd, session, NOW))


@CALM
@given(CHANCE)
def test_a_flow_without_mistakes_strands_nobody(rnd: Random) -> None:
    flow = random_flow(rnd, tidy=True)
    mistakes = check(flow, Known())
    session = Session(flow, random_caller(rnd))
    lead_through(rnd, session, NOW, answers=ASKS_MAX // 2)
    codes = {trouble.code for trouble in session.troubles} & STRUCTURAL
    assert not codes or mistakes, [str(trouble) for trouble in session.troubles]


@pytest.mark.parametrize("batch", range(10))
def test_ten_thousand_flows_and_callers_leave_nobody_behind(batch: int) -> None:
    """The same by seed, in bulk; and a caller who has fallen silent is not kept for long."""
    sound = 0
    for seed in range(batch * 1000, (batch + 1) * 1000):
        rnd = Random(seed)
        flow = random_flow(rnd, tidy=seed % 2 == 0)
        session = Session(flow, random_caller(rnd))
        lead_through(rnd, session, NOW)
        if not check(flow, Known()):
            sound += 1
            codes = {trouble.code for trouble in session.troubles}
            assert not codes & {*STRUCTURAL, "limit"}, f"seed {seed}: {session.troubles}"
    assert sound > 300, "too few flows without a mistake to say anything"


@CALM
@given(CHANCE)
def test_a_sound_flow_with_a_sub_flow_strands_nobody(rnd: Random) -> None:
    """The flow calls the sub-flow first, and again wherever one of its own nodes leads there."""
    sub, main = random_flow(rnd, tidy=True), random_flow(rnd, tidy=True)
    call = Node("call", "subflow", {"flow": "sub"}, {"next": main.start})
    flow = replace(main, start="call", nodes={**main.nodes, "call": call})
    library = {"sub": replace(sub, id="sub")}
    linked, problems = link(flow, library)
    assert problems == []
    session = Session(linked, random_caller(rnd))
    lead_through(rnd, session, NOW, answers=ASKS_MAX // 2)
    codes = {trouble.code for trouble in session.troubles} & STRUCTURAL
    assert not codes or check(flow, Known(flows=library)), session.troubles


@CALM
@given(CHANCE)
def test_a_session_taken_up_again_after_a_restart_ends_somewhere(rnd: Random) -> None:
    """A restart at any moment: the session goes on at its position and still ends somewhere."""
    flow = random_flow(rnd, tidy=True)
    session = Session(flow, random_caller(rnd))
    session.start(NOW)
    position = session.position()
    assert len(position) <= 100
    again = Session.resume(flow, position, {}, path=["before"])
    assert is_outcome(lead_through(rnd, again, NOW))
    assert again.path[:1] == ("before",)
    codes = {trouble.code for trouble in again.troubles}
    assert "undefined" not in codes or check(flow, Known())


@CALM
@given(CHANCE)
def test_a_flow_written_and_read_is_the_same_flow(rnd: Random) -> None:
    flow = random_flow(rnd, tidy=True)
    again, problems = read_flow(write_flow(flow))
    assert problems == []
    assert again is not None
    assert as_values(again) == as_values(flow)


@CALM
@given(st.text(max_size=400))
def test_any_text_is_read_or_explained(text: str) -> None:
    flow, problems = read_flow(text)
    assert (flow is None) == bool(problems)


@CALM
@given(CHANCE, st.data())
def test_a_flow_with_a_piece_cut_out_is_read_or_explained(rnd: Random, data: st.DataObject) -> None:
    text = write_flow(random_flow(rnd, tidy=True))
    begin = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(begin, min(len(text), begin + 60)))
    flow, problems = read_flow(text[:begin] + text[end:])
    assert (flow is None) == bool(problems)
    for problem in problems:
        assert str(problem).endswith(".")
