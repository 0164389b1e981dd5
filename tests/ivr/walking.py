"""Short ways to write a flow and to lead a caller through it, so that a test is a few lines."""

from __future__ import annotations

from textwrap import dedent, indent

from ivr.asks import Ask, Play, Played
from ivr.checking import Known, check
from ivr.flow import Flow
from ivr.localtime import moment
from ivr.reading import read_flow
from ivr.session import Session

HEAD = """\
id: test
start: first
languages: [en, zh]
timezone: Asia/Shanghai
prompts:
  ask: {en: ask, zh: ask}
  wrong: {en: wrong, zh: wrong}
  silent: {en: silent, zh: silent}
  more: {en: more, zh: more}
"""
ENDS = """\
done: {kind: hangup, reason: done}
other: {kind: hangup, reason: other}
third: {kind: hangup, reason: third}
"""
TUESDAY = moment("2026-11-24", 10 * 60, "Asia/Shanghai")


def flow_text(nodes: str, head: str = "") -> str:
    """A flow of these nodes, with `done`, `other` and `third` to end in."""
    return f"{HEAD}{dedent(head)}nodes:\n{indent(dedent(nodes) + ENDS, '  ')}"


def flow_of(nodes: str, head: str = "") -> Flow:
    flow, problems = read_flow(flow_text(nodes, head))
    assert problems == [], "\n".join(map(str, problems))
    assert flow is not None
    return flow


def session_of(nodes: str, head: str = "", **variables: object) -> Session:
    return Session(flow_of(nodes, head), variables)


def reading_problems(nodes: str, head: str = "") -> list[str]:
    """What is wrong with the text of these nodes."""
    return [str(problem) for problem in read_flow(flow_text(nodes, head))[1]]


def checking_problems(nodes: str, head: str = "", known: Known | None = None) -> list[str]:
    """What the checker says of these nodes; unused ends are left out."""
    said = [str(problem) for problem in check(flow_of(nodes, head), known or Known())]
    unused = tuple(f"node {end}: no caller" for end in ("done", "other", "third"))
    return [text for text in said if not text.startswith(unused)]


def keys(session: Session, *pressed: str, now: float = TUESDAY) -> Ask:
    """Presses one after the other ('' is silence) and returns the last ask."""
    ask: Ask | None = None
    for key in pressed:
        ask = session.answer(Played(key, "done" if key else "timeout"), now)
    assert ask is not None
    return ask


def said(ask: Ask) -> list[str]:
    assert isinstance(ask, Play), ask
    return [item.value for item in ask.items]
