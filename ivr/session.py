"""One caller's way through a flow: an answer goes in, the next ask comes out.

Pure and bounded: no clock, no I/O, at most STEPS_MAX nodes between two asks. A mistake in the flow
never becomes an exception for a caller: it is noted in `troubles` and the caller goes to the flow's
fallback queue, or hears a goodbye.
"""

from __future__ import annotations

from collections.abc import Mapping

from ivr.asks import Answer, Ask, Disconnect, Enqueue
from ivr.flow import Flow, Node
from ivr.nodes import KINDS
from ivr.nodes.kind import ASKS, Run, Step

STEPS_MAX = 200
PATH_MAX = 50
POSITION_MAX = 100


class Session:
    """`language` changes when the caller chooses one; `path` are the labels chosen so far;
    `troubles` are mistakes of the flow that this caller ran into (for the log and an alarm)."""

    def __init__(self, flow: Flow, variables: Mapping[str, object]) -> None:
        """`variables`: what the flow may know of the call (caller, did, language, customer...)."""
        wanted = str(variables.get("language", "") or "")
        language = wanted if wanted in flow.languages else flow.languages[0]
        self.flow = flow
        self.troubles: list[str] = []
        self._run = Run(flow, dict(variables), language)
        self._own: set[str] = set()
        self._node: Node | None = None
        self._begin = flow.start

    @classmethod
    def resume(cls, flow: Flow, position: str, variables: Mapping[str, object]) -> Session:
        """A session that goes on at `position` (from `position()`): `start` replays that node. A
        position that means nothing in this flow begins again at the start."""
        session = cls(flow, variables)
        parts = position.split(":")
        if len(parts) == 3 and parts[2] in flow.nodes:
            session._begin = parts[2]
            if parts[1] in flow.languages:
                session._run.language = parts[1]
        return session

    @property
    def language(self) -> str:
        return self._run.language

    @property
    def path(self) -> tuple[str, ...]:
        return tuple(self._run.path[:PATH_MAX])

    @property
    def variables(self) -> Mapping[str, object]:
        return self._run.variables

    def learn(self, values: Mapping[str, object]) -> None:
        """Facts that came to light on the way, e.g. who the caller is."""
        self._run.variables.update(values)

    def learn(self, variables: Mapping[str, object]) -> None:
        """Facts that came in later (the customer's record). What the flow set itself stays, and so
        does the language: the caller may have chosen it."""
        for name, value in variables.items():
            if name not in self._own:
                self._run.variables[name] = value

    def position(self) -> str:
        """Where the caller is, short enough for a channel variable: VERSION:LANGUAGE:NODE."""
        node = self._node.id if self._node else self._begin
        return f"{self.flow.version}:{self._run.language}:{node}"[:POSITION_MAX]

    def start(self, now: float) -> Ask:
        """The first ask. `now` in UNIX seconds."""
        self._run.now = now
        return self._go(self._begin)

    def answer(self, answer: Answer, now: float) -> Ask:
        """The ask that follows `answer`."""
        self._run.now = now
        node = self._node
        if node is None:
            return self._strand("an answer came before anything was asked")
        step = KINDS[node.kind].resume(node, self._run, answer)
        return step if isinstance(step, ASKS) else self._leave(node, str(step))

    def _leave(self, node: Node, port: str) -> Ask:
        target = node.ports.get(port)
        if target is None:
            return self._strand(f"node {node.id} has nothing at port {port}")
        return self._go(target)

    def _go(self, node_id: str) -> Ask:
        """From node to node until one asks something."""
        for _ in range(STEPS_MAX):
            node = self.flow.nodes.get(node_id)
            if node is None or node.kind not in KINDS:
                return self._strand(f"there is no node {node_id}")
            self._node = node
            self._run.tries = 0
            step: Step = KINDS[node.kind].enter(node, self._run)
            if not isinstance(step, str):
                return step
            after = node.ports.get(step)
            if after is None:
                return self._strand(f"node {node.id} has nothing at port {step}")
            node_id = after
        return self._strand(f"more than {STEPS_MAX} nodes without a word to the caller")

    def _strand(self, why: str) -> Ask:
        """The flow has no answer: keep the caller, say why."""
        self.troubles.append(why)
        if self.flow.fallback:
            return Enqueue(self.flow.fallback)
        return Disconnect(f"flow mistake: {why}")
