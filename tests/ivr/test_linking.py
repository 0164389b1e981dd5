"""Sub-flows put in: names, exits, starts that return, circles, limits."""

from __future__ import annotations

import pytest

from ivr.asks import Disconnect, Played
from ivr.checking import Known, check
from ivr.flow import Flow
from ivr.linking import link
from ivr.reading import read_flow
from ivr.session import Session
from tests.ivr.walking import TUESDAY, flow_of, said

pytestmark = pytest.mark.pure

MAIN = """
first: {kind: subflow, flow: card, exits: {paid: "", failed: ""},
        ports: {paid: again, failed: other}}
again: {kind: subflow, flow: card, exits: {paid: "", failed: ""},
        ports: {paid: done, failed: third}}
"""


def sub(nodes: str, flow_id: str = "card", head: str = "") -> Flow:
    flow, problems = read_flow(
        f"id: {flow_id}\nlanguages: [en, zh]\n{head}nodes:\n{nodes}"
        "prompts: {card: {en: card, zh: card}}\n"
    )
    assert problems == []
    assert flow is not None
    return flow


CARD = sub(
    "  start: {kind: play, prompt: card, next: try}\n"
    "  try: {kind: condition, when: did == '1', ports: {yes: ok, no: bad}}\n"
    "  ok: {kind: return, exit: paid}\n"
    "  bad: {kind: return, exit: failed}\n"
)


def test_a_sub_flow_becomes_part_of_the_flow() -> None:
    linked, problems = link(flow_of(MAIN), {"card": CARD})
    assert problems == []
    assert linked.start == "first.start"
    assert set(linked.nodes) == {
        "first.start",
        "first.try",
        "again.start",
        "again.try",
        "done",
        "other",
        "third",
    }
    assert linked.nodes["first.try"].ports == {"yes": "again.start", "no": "other"}
    assert linked.prompts["card"] == {"en": "card", "zh": "card"}
    assert check(flow_of(MAIN), Known(flows={"card": CARD})) == []


@pytest.mark.parametrize(("did", "end"), [("1", "done"), ("2", "other")])
def test_a_caller_goes_through_and_comes_back(did: str, end: str) -> None:
    linked, _ = link(flow_of(MAIN), {"card": CARD})
    session = Session(linked, {"did": did})
    ask = session.start(TUESDAY)
    while not isinstance(ask, Disconnect):
        assert said(ask) == ["card"]
        ask = session.answer(Played(), TUESDAY)
    assert ask == Disconnect(end)
    assert Session.resume(linked, "1:en:again.start", {}).node == "again.start"


def test_sub_flows_that_only_return_leave_nothing_behind() -> None:
    empty = sub("  start: {kind: return, exit: paid}\n")
    linked, _ = link(flow_of(MAIN), {"card": empty})
    assert linked.start == "done"


def test_a_sub_flow_within_a_sub_flow() -> None:
    outer = sub(
        "  start: {kind: subflow, flow: inner, ports: {next: out}}\n"
        "  out: {kind: return, exit: paid}\n"
    )
    inner = sub(
        "  start: {kind: play, prompt: card, next: back}\n  back: {kind: return}\n", "inner"
    )
    linked, problems = link(flow_of(MAIN), {"card": outer, "inner": inner})
    assert problems == []
    assert linked.nodes["first.start.start"].ports == {"next": "again.start.start"}
    assert linked.nodes["again.start.start"].ports == {"next": "done"}


def mistakes(library: dict[str, Flow], nodes: str = MAIN) -> list[str]:
    return [str(problem) for problem in link(flow_of(nodes), library)[1]]


def test_what_cannot_be_linked_is_said() -> None:
    assert mistakes({}) == [
        "node first: there is no flow 'card'; make it first, or name another.",
        "node again: there is no flow 'card'; make it first, or name another.",
    ]
    circle = sub(
        "  start: {kind: subflow, flow: card, ports: {next: end}}\n  end: {kind: hangup}\n"
    )
    assert "sub-flows may not go in circles or so deep (test -> card -> card)" in str(
        mistakes({"card": circle})
    )
    stranger = sub("  start: {kind: return, exit: lost}\n")
    assert (
        "flow 'card' returns by 'lost', which is none of the exits"
        in mistakes({"card": stranger})[0]
    )


def test_names_that_grow_too_long() -> None:
    long = "n" * 32
    inner = sub(f"  {long}: {{kind: hangup}}\n", "inner", f"start: {long}\n")
    middle = sub(f"  {long}: {{kind: subflow, flow: inner}}\n", "middle", f"start: {long}\n")
    nodes = (
        f"{long}: {{kind: subflow, flow: card}}\nfirst: {{kind: play, prompt: ask, next: {long}}}\n"
    )
    said_ = mistakes({"card": middle, "inner": inner}, nodes)
    assert any("too long together" in text for text in said_)


def test_an_exit_that_leads_nowhere_is_found_by_the_checker() -> None:
    open_end = MAIN.replace("ports: {paid: done, failed: third}", "ports: {paid: done}")
    problems = [str(p) for p in check(flow_of(open_end), Known(flows={"card": CARD}))]
    assert (
        "node again.try, port no: nothing follows when it is not; connect it to a node." in problems
    )
