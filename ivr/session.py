"""One caller's way through a flow: an answer goes in, the next ask comes out.

Pure and bounded: no clock, no I/O, each node at most once between two asks, ASKS_MAX asks a call. A
mistake in the flow never becomes an exception for a caller: it is noted in `troubles` and the
caller goes to the flow's fallback queue (without one: the call is ended, with the reason).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ivr.asks import Answer, Ask, Disconnect, Enqueue
from ivr.calendar import Calendar
from ivr.flow import Flow, Node
from ivr.nodes import KINDS
from ivr.nodes.ends import QUEUE_KIND, SERVED
from ivr.nodes.kind import Jump, Step
from ivr.nodes.run import Run, Trouble
from ivr.variables import CLOCK, DEFAULTS

ASKS_MAX = 500
VISITS_MAX = 1000
POSITION = re.compile(r"^(\d{1,10}):([A-Za-z_]{0,8}):([A-Za-z0-9_.-]{1,80})$")


@dataclass(frozen=True, slots=True)
class Position:
    """Where a caller was: the flow's version, the language, the node."""

    version: int
    language: str
    node: str


def read_position(text: str) -> Position | None:
    """A position written by `Session.position`; None when it is none."""
    found = POSITION.fullmatch(text)
    return Position(int(found[1]), found[2], found[3]) if found else None


class Session:
    """`path` are the labels chosen so far; `visits` (node, port taken) in order, for the path
    analytics; `troubles` are mistakes of the flow that this caller ran into."""

    def __init__(
        self,
        flow: Flow,
        variables: Mapping[str, object],
        calendars: Mapping[str, Calendar] | None = None,
    ) -> None:
        """`variables`: what the flow may know of the call (see `ivr.variables.GIVEN`).
        `calendars`: the centre's, by name; they come before the flow's own."""
        wanted = str(variables.get("language", "") or "")
        language = wanted if wanted in flow.languages else flow.languages[0]
        given = {name: value for name, value in variables.items() if name not in CLOCK}
        known = {**flow.calendars, **(calendars or {})} if calendars else flow.calendars
        self.flow = flow
        self.visits: list[tuple[str, str]] = []
        self._run = Run(flow, {**DEFAULTS, **flow.variables, **given}, language, known)
        self._node: Node | None = None
        self._begin = flow.start
        self._asked = 0
        self._stranded = False

    @classmethod
    def resume(
        cls,
        flow: Flow,
        position: str,
        variables: Mapping[str, object],
        calendars: Mapping[str, Calendar] | None = None,
        path: Sequence[str] = (),
    ) -> Session:
        """A session that goes on at `position` (from `position()`): `start` asks again what that
        node asked. What the flow had set is not known any more and reads as null. A position that
        means nothing in this flow begins again at the start."""
        session = cls(flow, variables, calendars)
        session._run.path.extend(path)
        for name in written_by(flow) - session._run.variables.keys():
            session._run.variables[name] = None
        where = read_position(position)
        if where is not None and where.node in flow.nodes:
            session._begin = where.node
            if where.language in flow.languages:
                session._run.language = where.language
        return session

    @property
    def language(self) -> str:
        """The language to speak from now on."""
        return self._run.language

    @property
    def node(self) -> str:
        """The id of the node that asked last, or where the flow begins."""
        return self._node.id if self._node else self._begin

    @property
    def path(self) -> tuple[str, ...]:
        """Labels of what the caller chose so far."""
        return tuple(self._run.path)

    @property
    def variables(self) -> Mapping[str, object]:
        """All variables and their present values."""
        return self._run.variables

    @property
    def stranded(self) -> bool:
        """Whether a mistake of the flow left nothing but the fallback."""
        return self._stranded

    @property
    def after_talk(self) -> bool:
        """Whether the flow wants the caller back when the agent has hung up (answer: Served)."""
        node = self._node
        if node is None or self._stranded:
            return False
        return node.kind == QUEUE_KIND.name and SERVED in node.ports

    @property
    def troubles(self) -> Sequence[Trouble]:
        """Mistakes of the flow met so far: worth an alarm."""
        return self._run.troubles

    def learn(self, variables: Mapping[str, object]) -> None:
        """Facts that came in later (the customer's record). What the flow set itself stays, and so
        does the language: the caller may have chosen it."""
        for name, value in variables.items():
            if name not in self._run.own and name not in CLOCK:
                self._run.variables[name] = value

    def keep_hours(self, calendars: Mapping[str, Calendar]) -> None:
        """The centre's calendars changed; they hold for this caller at once."""
        self._run.calendars = {**self.flow.calendars, **calendars}

    def position(self) -> str:
        """Where the caller is, short enough for a channel variable: VERSION:LANGUAGE:NODE."""
        return f"{self.flow.version}:{self._run.language}:{self.node}"

    def start(self, now: float) -> Ask:
        """The first ask. `now` in UNIX seconds."""
        self._run.now = now
        self._run.seed = f"{self._run.variables.get('caller_number', '')}@{now:.3f}"
        return self._go(self._begin)

    def answer(self, answer: Answer, now: float) -> Ask:
        """The ask that follows `answer`. One of the wrong sort counts as silence, or as an error:
        the driver may have had nothing better to say."""
        run = self._run
        run.now = now
        node = self._node
        if node is None or self._stranded:
            return self._end()
        self._asked += 1
        if self._asked > ASKS_MAX:
            return self._strand("limit", f"more than {ASKS_MAX} questions in one call")
        kind = KINDS[node.kind]
        step = (kind.resume or _enter_again)(node, run, answer)
        if isinstance(step, str):
            return self._leave(node, step)
        return self._go(step.node) if isinstance(step, Jump) else step

    def _leave(self, node: Node, port: str) -> Ask:
        self._note(node.id, port)
        target = node.ports.get(port)
        if target is None:
            return self._strand("dead-end", f"nothing follows at port {port}")
        return self._go(target)

    def _go(self, node_id: str) -> Ask:
        """From node to node until one asks something."""
        run = self._run
        nodes = self.flow.nodes
        for _ in range(len(nodes) + 1):  # more means that one came twice
            node = nodes.get(node_id)
            kind = KINDS.get(node.kind) if node is not None else None
            if node is None or kind is None:
                return self._strand("dead-end", f"there is no node {node_id!r} to go to")
            self._node = node
            run.node = node_id
            run.tries = 0
            run.stage = run.kept = ""
            step: Step = kind.enter(node, run)
            if isinstance(step, str):
                self._note(node_id, step)
                target = node.ports.get(step)
                if target is None:
                    return self._strand("dead-end", f"nothing follows at port {step}")
                node_id = target
            elif isinstance(step, Jump):
                node_id = step.node
            else:
                return step
        return self._strand("endless", "round in a circle without a word to the caller")

    def _note(self, node_id: str, port: str) -> None:
        if len(self.visits) < VISITS_MAX:
            self.visits.append((node_id, port))

    def _strand(self, code: str, why: str) -> Ask:
        """The flow has no answer: keep the caller, say why."""
        self._run.trouble(code, why)
        self._stranded = True
        return self._end()

    def _end(self) -> Ask:
        if self.flow.fallback:
            return Enqueue(self.flow.fallback)
        last = self.troubles[-1] if self.troubles else "an answer came before the first question"
        return Disconnect(f"flow mistake: {last}")


def secrets_of(flow: Flow) -> frozenset[str]:
    """The variables that hold what nobody may see (collect nodes with `secret`)."""
    return frozenset(
        str(node.settings["variable"])
        for node in flow.nodes.values()
        if node.kind == "collect" and node.settings.get("secret") and "variable" in node.settings
    )


def written_by(flow: Flow) -> set[str]:
    """The variables that some node of the flow sets."""
    return {
        name
        for node in flow.nodes.values()
        if node.kind in KINDS
        for names in KINDS[node.kind].writes(node).values()
        for name in names
    }


def _enter_again(node: Node, run: Run, answer: Answer) -> Step:
    return KINDS[node.kind].enter(node, run)
