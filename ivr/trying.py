"""Carries out a flow's test cases: a made-up caller goes through the flow in no time at all.

No Asterisk, no clock, no data base: prompts end at once, look-ups find what the case says. Also
adds up which ports all cases together went through (`Coverage`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from ivr.asks import (
    Answer,
    Ask,
    Disconnect,
    Enqueue,
    Found,
    LeaveMessage,
    LookUp,
    Overflowed,
    Play,
    Played,
    Record,
    Recorded,
    Served,
    Transfer,
    Transferred,
)
from ivr.calendar import Calendar
from ivr.flow import Flow
from ivr.localtime import moment
from ivr.nodes import KINDS
from ivr.nodes.kind import Wrong
from ivr.session import Session, secrets_of
from ivr.story import Expected, Story, StoryStep, read_story
from ivr.variables import GIVEN

TURNS_MAX = 500
TURN_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Turn:
    """One ask and what was answered, for the simulator and for the message of a failed case.
    `variables` are the flow's own at that moment; secret ones read as stars."""

    node: str
    ask: Ask
    answer: Answer | None
    at: float
    language: str
    variables: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of one case. `problems` empty: it came out as expected."""

    name: str
    problems: tuple[str, ...]
    turns: tuple[Turn, ...] = ()
    visits: tuple[tuple[str, str], ...] = ()

    @property
    def passed(self) -> bool:
        """Whether it came out as expected."""
        return not self.problems


@dataclass(frozen=True, slots=True)
class Coverage:
    """`taken` of `ports` ways out (node, port) were gone by some case."""

    ports: frozenset[tuple[str, str]]
    taken: frozenset[tuple[str, str]]

    @property
    def missed(self) -> list[tuple[str, str]]:
        """The ways no case went."""
        return sorted(self.ports - self.taken)

    @property
    def percent(self) -> float:
        """Share of the ways gone, 0 to 100."""
        return 100.0 if not self.ports else 100.0 * len(self.taken) / len(self.ports)


@dataclass(slots=True)
class _Caller:
    """Plays the case's part: takes its steps in order, then stays silent."""

    story: Story
    now: float
    steps: list[StoryStep]
    problems: list[str] = field(default_factory=list)

    def answer(self, ask: Ask) -> Answer | None:
        """The answer to an ask; None when the caller stays where they are."""
        self.now += TURN_SECONDS
        while self.steps and self.steps[0].kind == "wait":
            self.now += float(str(self.steps.pop(0).value))
        match ask:
            case Play(collect=None):
                return Played()
            case Play():
                return self._press()
            case LookUp():
                return self._look_up(ask)
            case Record():
                step = self._next("recorded")
                return Recorded(float(str(step.value)) if step else 0.0)
            case Transfer():
                step = self._next("transfer")
                return Transferred(step.value if step else "no-answer")  # type: ignore[arg-type]
            case Enqueue():
                step = self._next("overflow", "served")
                if step is None:
                    return None
                return Served() if step.kind == "served" else Overflowed("test")
            case _:
                return None

    def _press(self) -> Answer:
        step = self._next("press", "silence")
        if step is None or step.kind == "silence":
            return Played("", "timeout")
        return Played(str(step.value))

    def _look_up(self, ask: LookUp) -> Answer:
        step = self._next("found", "error")
        if step is not None and step.kind == "error":
            return Found({}, str(step.value or "error"))
        values = step.value if step is not None else self.story.data.get(ask.source)
        if isinstance(values, Mapping):
            return Found(values)
        self.problems.append(
            f"the flow looked up {ask.source!r}, for which the test has nothing: write "
            f"'data: {{{ask.source}: {{...}}}}' or a step 'found: {{...}}'"
        )
        return Found({}, "not in the test")

    def _next(self, *kinds: str) -> StoryStep | None:
        if self.steps and self.steps[0].kind in kinds:
            return self.steps.pop(0)
        return None


def try_story(flow: Flow, story: Story, calendars: Mapping[str, Calendar] | None = None) -> Tried:
    """Sends the case's caller through the flow."""
    began = moment(story.day, story.minute, flow.timezone)
    caller = _Caller(story, began, list(story.steps))
    session = Session(flow, story.variables, _calendars(flow, story, calendars))
    turns: list[Turn] = []
    hidden = secrets_of(flow)
    ask = session.start(began)
    while len(turns) < TURNS_MAX:
        answer = caller.answer(ask)
        turns.append(_turn(session, ask, answer, caller.now, hidden))
        if answer is None:
            break
        ask = session.answer(answer, caller.now)
    problems = caller.problems
    if len(turns) >= TURNS_MAX:
        problems.append(f"the call came to no end within {TURNS_MAX} questions")
    if caller.steps:
        left = ", ".join(_shown(step) for step in caller.steps[:5])
        problems.append(f"the call was over, or asked for something else, before: {left}")
    problems += [f"mistake in the flow: {trouble}" for trouble in session.troubles]
    problems += _compare(story.expected, session, turns)
    return Tried(story.name, tuple(problems), tuple(turns), tuple(session.visits))


def _turn(
    session: Session, ask: Ask, answer: Answer | None, at: float, hidden: frozenset[str]
) -> Turn:
    """A snapshot; what was pressed for a secret reads as stars too."""
    if isinstance(ask, Play) and ask.collect and ask.collect.secret and isinstance(answer, Played):
        answer = Played("*" * len(answer.digits), answer.outcome)
    own = {
        name: "****" if name in hidden and value is not None else value
        for name, value in session.variables.items()
        if name not in GIVEN
    }
    return Turn(session.node, ask, answer, at, session.language, own)


def _calendars(
    flow: Flow, story: Story, calendars: Mapping[str, Calendar] | None
) -> Mapping[str, Calendar] | None:
    if not story.emergency:
        return calendars
    known = {**flow.calendars, **(calendars or {})}
    return {name: replace(calendar, emergency=True) for name, calendar in known.items()}


def _shown(step: StoryStep) -> str:
    return step.kind if step.value is None else f"{step.kind} {step.value}"


# -- what was expected --------------------------------------------------------------------------
def _compare(expected: Expected, session: Session, turns: Sequence[Turn]) -> Iterable[str]:
    yield from _compare_end(expected, turns[-1].ask)
    if expected.language is not None and session.language != expected.language:
        yield f"the language is {session.language}, expected was {expected.language}"
    heard = [item.value for turn in turns if isinstance(turn.ask, Play) for item in turn.ask.items]
    yield from _in_order("hears", expected.hears, heard)
    passed = [node for node, _ in session.visits] + [turns[-1].node]
    yield from _in_order("passes", expected.passes, passed)
    yield from _in_order("path", expected.path, session.path)
    for name, value in expected.variables.items():
        if session.variables.get(name) != value:
            is_ = session.variables.get(name)
            yield f"variable {name} is {is_!r}, expected was {value!r}"


def _compare_end(expected: Expected, ask: Ask) -> Iterable[str]:
    end, target = _end(ask)
    if expected.ends is not None and end != expected.ends:
        yield f"the call ended in {end} {target}".rstrip() + f", expected was {expected.ends}"
    elif expected.target is not None and target != expected.target:
        yield f"the {end} is {target!r}, expected was {expected.target!r}"
    if isinstance(ask, Enqueue):
        for skill, least in expected.skills.items():
            if ask.skills.get(skill, 0) < least:
                has = ask.skills.get(skill, 0)
                yield f"skill {skill} is asked for at {has}, expected was at least {least}"
        if expected.priority is not None and ask.priority != expected.priority:
            yield f"the priority is {ask.priority}, expected was {expected.priority}"
    elif expected.skills or expected.priority is not None:
        yield f"skills and priority were expected, but the call ended in {end}"


def _end(ask: Ask) -> tuple[str, str]:
    match ask:
        case Enqueue():
            return "queue", ask.queue
        case LeaveMessage():
            return "voicemail", ask.box
        case Disconnect():
            return "hangup", ask.reason
        case _:
            return "a question without end", ""


def _in_order(what: str, wanted: Sequence[str], has: Iterable[str]) -> Iterable[str]:
    """All of `wanted`, in this order; others may come between."""
    rest = iter(has)
    for item in wanted:
        if item not in rest:
            yield f"{what}: {item!r} did not come" + ("" if item == wanted[0] else " (in order)")
            return


# -- all cases ----------------------------------------------------------------------------------
def try_all(flow: Flow, calendars: Mapping[str, Calendar] | None = None) -> list[Tried]:
    """All test cases of a flow (link it first). One that cannot be read is one that failed."""
    out = []
    for raw in flow.tests:
        try:
            out.append(try_story(flow, read_story(raw), calendars))
        except Wrong as wrong:
            out.append(Tried(str(raw.get("name", "?")), (f"{wrong.reason}; {wrong.cure}",)))
    return out


def coverage(flow: Flow, tried: Iterable[Tried]) -> Coverage:
    """Which ways out the cases went. Ports that lead nowhere are not counted."""
    ports = {
        (node.id, port.name)
        for node in flow.nodes.values()
        if node.kind in KINDS
        for port in KINDS[node.kind].ports_of(node)
        if port.name in node.ports
    }
    taken = {visit for result in tried for visit in result.visits}
    return Coverage(frozenset(ports), frozenset(ports & taken))
