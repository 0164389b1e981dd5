"""Plays a caller through a flow, step by step, for the designer: nothing is kept between requests.

All steps are played again each time; it takes no time. What the flow asks is answered by the next
step; where that does not fit, or there is none, the transcript ends with what it waits for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ivr.asks import (
    Answer,
    Ask,
    Collect,
    Disconnect,
    Enqueue,
    Found,
    LeaveMessage,
    LookUp,
    Overflowed,
    Play,
    Played,
    PromptItem,
    Record,
    Recorded,
    Served,
    Transfer,
    Transferred,
)
from ivr.calendar import Calendar
from ivr.flow import Flow
from ivr.session import Session, secrets_of
from ivr.variables import GIVEN

StepKind = Literal[
    "press",
    "silence",
    "wait",
    "found",
    "error",
    "overflow",
    "served",
    "recorded",
    "transfer",
    "hangup",
]
Waiting = Literal["press", "lookup", "record", "transfer", "queue", "nothing"]
TURNS_MAX = 500
SECONDS_A_TURN = 1.0


@dataclass(frozen=True, slots=True)
class Step:
    """What the caller (or the world) does; the kinds of a test case, and `hangup`."""

    kind: StepKind
    value: object = None


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing said. `text` are its words where the flow has them."""

    kind: str
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Turn:
    """`passed`: the ways gone since the last turn, silent nodes among them. `port`: by which way
    this node was left (empty: not yet). `variables` are the flow's own after it was asked; secret
    ones read as stars. `at` in UNIX seconds."""

    node: str
    kind: str
    ask: Ask
    said: tuple[Heard, ...]
    answer: Step | None
    port: str
    passed: tuple[tuple[str, str], ...]
    variables: Mapping[str, object]
    language: str
    at: float


@dataclass(frozen=True, slots=True)
class Transcript:
    """The whole way so far. `unfit`: the number of the step that did not fit what was asked."""

    turns: tuple[Turn, ...]
    waits_for: Waiting
    hung_up: bool
    unfit: int | None
    troubles: tuple[str, ...]
    path: tuple[str, ...]


@dataclass(slots=True)
class _Player:
    steps: Sequence[Step]
    data: Mapping[str, object]
    now: float
    place: int = 0
    typed_ahead: str = ""
    hung_up: bool = False
    unfit: int | None = None
    shown: list[Step | None] = field(default_factory=list)

    def next(self) -> Step | None:
        """The step that comes now; waiting is done on the way."""
        while self.place < len(self.steps) and self.steps[self.place].kind == "wait":
            self.now += _seconds(self.steps[self.place].value)
            self.place += 1
        return self.steps[self.place] if self.place < len(self.steps) else None

    def take(self, *kinds: StepKind) -> Step | None:
        """The next step when it is one of these; a hang-up always is."""
        step = self.next()
        if step is None:
            return None
        if step.kind == "hangup":
            self.hung_up = True
        elif step.kind in kinds:
            self.place += 1
            return step
        else:
            self.unfit = self.place
        return None

    def answer(self, ask: Ask) -> tuple[Answer, Step | None] | None:
        """None: it is not answered (yet)."""
        match ask:
            case Play(collect=None):
                step = self.next()
                if step is not None and step.kind == "hangup":
                    self.hung_up = True
                    return None
                return Played(), None
            case Play(collect=Collect() as wanted):
                return self._keys(wanted)
            case LookUp():
                return self._found(ask)
            case Record():
                return _with(self.take("recorded"), lambda one: Recorded(_seconds(one.value)))
            case Transfer():
                return _with(self.take("transfer"), _transferred)
            case Enqueue():
                return _with(self.take("overflow", "served"), _waited)
            case _:
                self.take()
                return None

    def _keys(self, wanted: Collect) -> tuple[Answer, Step | None] | None:
        keys = self.typed_ahead
        step: Step | None = None
        if not keys:
            step = self.take("press", "silence")
            if step is None:
                return None
            keys = str(step.value or "") if step.kind == "press" else ""
        taken, self.typed_ahead = _split(keys, wanted)
        shown = Step("press", "*" * len(taken) if wanted.secret else taken) if keys else step
        return Played(taken, "done" if keys else "timeout"), shown

    def _found(self, ask: LookUp) -> tuple[Answer, Step | None] | None:
        step = self.next()
        if step is not None and step.kind in ("found", "error"):
            self.place += 1
            if step.kind == "error":
                return Found({}, str(step.value or "error")), step
            return Found(step.value if isinstance(step.value, Mapping) else {}), step
        known = self.data.get(ask.source)
        if isinstance(known, Mapping):
            return Found(known), None
        self.take("found", "error")
        return None


def play(
    flow: Flow,
    variables: Mapping[str, object],
    steps: Sequence[Step],
    now: float,
    *,
    data: Mapping[str, object] | None = None,
    calendars: Mapping[str, Calendar] | None = None,
) -> Transcript:
    """Send a caller through a linked flow. `data`: what look-ups of a source find."""
    player = _Player(steps, data or {}, now)
    session = Session(flow, variables, calendars)
    hidden = secrets_of(flow)
    turns: list[Turn] = []
    seen = 0
    ask = session.start(now)
    while True:
        passed = tuple(session.visits[seen:])
        seen = len(session.visits)
        node, asked_at, language = session.node, player.now, session.language
        own = _own(session, hidden)
        answered = player.answer(ask) if len(turns) < TURNS_MAX else None
        turn = Turn(
            node=node,
            kind=_kind(flow, node),
            ask=ask,
            said=_said(flow, ask, language),
            answer=answered[1] if answered else None,
            port="",
            passed=passed,
            variables=own,
            language=language,
            at=asked_at,
        )
        turns.append(turn)
        if answered is None:
            break
        player.now += SECONDS_A_TURN
        ask = session.answer(answered[0], player.now)
        turns[-1] = _left_by(turn, session.visits[seen:])
    return Transcript(
        tuple(turns),
        "nothing" if player.hung_up else _waits_for(ask),
        player.hung_up,
        player.unfit,
        tuple(map(str, session.troubles)),
        session.path,
    )


def _left_by(turn: Turn, visits: Sequence[tuple[str, str]]) -> Turn:
    port = visits[0][1] if visits and visits[0][0] == turn.node else ""
    values = {name: getattr(turn, name) for name in Turn.__slots__}
    return Turn(**values | {"port": port})


def _waits_for(ask: Ask) -> Waiting:
    match ask:
        case Play():
            return "press"
        case LookUp():
            return "lookup"
        case Record():
            return "record"
        case Transfer():
            return "transfer"
        case Enqueue():
            return "queue"
        case LeaveMessage() | Disconnect():
            return "nothing"


def _with(step: Step | None, make: object) -> tuple[Answer, Step | None] | None:
    if step is None:
        return None
    assert callable(make)
    return make(step), step


def _transferred(step: Step) -> Transferred:
    outcomes = ("answered", "busy", "no-answer", "failed")
    wanted = str(step.value or "answered")
    return Transferred(wanted if wanted in outcomes else "failed")  # type: ignore[arg-type]


def _waited(step: Step) -> Answer:
    return Served() if step.kind == "served" else Overflowed("simulator")


def _split(keys: str, wanted: Collect) -> tuple[str, str]:
    """What this question takes of the keys, and what is left for the next (type-ahead)."""
    taken = ""
    for place, key in enumerate(keys):
        if wanted.terminator and key == wanted.terminator:
            return taken, keys[place + 1 :]
        taken += key
        if len(taken) >= wanted.digits_max:
            return taken, keys[place + 1 :]
    return taken, ""


def _seconds(value: object) -> float:
    try:
        seconds = float(str(value))
    except ValueError:
        return 0.0
    return min(max(seconds, 0.0), 7 * 86_400.0)


def _kind(flow: Flow, node: str) -> str:
    found = flow.nodes.get(node)
    return found.kind if found else ""


def _own(session: Session, hidden: frozenset[str]) -> dict[str, object]:
    return {
        name: "****" if name in hidden and value is not None else value
        for name, value in session.variables.items()
        if name not in GIVEN
    }


def _said(flow: Flow, ask: Ask, language: str) -> tuple[Heard, ...]:
    if not isinstance(ask, Play):
        return ()
    return tuple(Heard(item.kind, item.value, _words(flow, item, language)) for item in ask.items)


def _words(flow: Flow, item: PromptItem, language: str) -> str:
    if item.kind != "prompt":
        return item.value
    words = flow.prompts.get(item.value, {})
    return words.get(language) or next(iter(words.values()), "")
