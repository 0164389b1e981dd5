"""The whole stage: the real core between a fake Asterisk, a fake store and fake screens.

Everything runs on a virtual clock. What the core asks takes a moment to arrive, what happens takes
a moment to be told; for one call the order is kept, between calls nothing is promised. The link can
be cut (what was on its way is lost), the process can die at any point and comes back through the
real journal, or with nothing but what Asterisk knows.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import get_args

from callcenter.core.board import AgentRow, CallRow
from callcenter.core.call import Call
from callcenter.core.centre import Centre
from callcenter.core.commands import AgentAction, GoAvailable, LogIn, SupervisorAction
from callcenter.core.config import Config
from callcenter.core.effects import AsteriskEffect, Effect, Originate, ScreenEffect, StoreEffect
from callcenter.core.inputs import (
    ActionFailed,
    AgentDid,
    CallEnded,
    ConfigChanged,
    ConsoleChanged,
    EpochTaken,
    Input,
    LinkChanged,
    NumberFailed,
    Snapshot,
    SupervisorDid,
    Tick,
)
from callcenter.core.state import Seat
from callcenter.runtime.journal import Journal
from callcenter.runtime.recovery import recover
from tests.world.agenda import Agenda
from tests.world.asterisk import LEASE_SECONDS, Asterisk, Refused
from tests.world.screens import FakeScreens
from tests.world.store import FakeStore

START = 1_800_000_000.0
SAME_MOMENT_STEPS_MAX = 500  # more steps without time passing: the core runs round in a circle

ASTERISK = get_args(AsteriskEffect)
STORE = get_args(StoreEffect)
SCREEN = get_args(ScreenEffect)

Watch = Callable[["World", Input, Sequence[Effect]], None]


class Spinning(AssertionError):
    """The core asked for tick after tick of the same moment."""


class World:
    def __init__(
        self, config: Config, *, journal: Journal | None = None, centre: Centre | None = None
    ) -> None:
        self.config = config
        self.agenda = Agenda(START)
        self.centre = Centre() if centre is None else centre
        self.journal = journal
        self.asterisk = Asterisk(self.agenda, self._happened)
        self.store = FakeStore(self.agenda, self._answered)
        self.screens = FakeScreens()
        self.latency: Callable[[], float] = lambda: 0.002
        self.doubled: Callable[[], bool] = lambda: False
        self.watches: list[Watch] = []
        self.effects: list[Effect] = []
        self.steps = 0
        self.alive = False
        self.wire = False
        self.epoch = 0
        self.forgotten: set[str] = set()  # ended while nobody remembered them
        self._looked = False  # has this process seen what is there?
        self._life = 0  # of the process: what was on its way to an earlier one is lost
        self._link = 0  # of the link: likewise
        self._not_before: dict[str, float] = {}
        self._commands = itertools.count(1)
        self._same_moment = (START, 0)

    @property
    def now(self) -> float:
        return self.agenda.now

    # -- the process --------------------------------------------------------------------------
    def start(self, *, link: bool = True) -> World:
        """The process begins: epoch, configuration, then the link."""
        self.epoch += 1
        self.alive = True
        self._looked = False
        self._life += 1
        if self.journal is not None:
            self.journal.open_segment(self.centre)
        self.step(EpochTaken(self.epoch))
        self.step(ConfigChanged(self.config))
        if link:
            self.link_up()
        return self

    def die(self) -> None:
        """kill -9: the link dies with it."""
        self.alive = False
        self._life += 1
        self._cut()

    def come_back(self, *, cold: bool = False, link: bool = True) -> None:
        """The next process: from the journal, or from nothing at all."""
        known = set(self.centre.state.calls)
        self.centre = Centre()
        quarantine: Sequence[Input] = ()
        if self.journal is not None:
            self.journal.close()
            if not cold:
                recovered = recover(self.journal)
                self.centre, quarantine = recovered.centre, recovered.quarantine
                for record in recovered.history:
                    self.store.perform(record)
        kept = self.asterisk.lines.keys() | self.centre.state.calls.keys()
        known = {call for call in known if not call.startswith("out-")}
        self.forgotten |= known - kept - self.store.interactions.keys()
        self.screens.take_snapshot(self.centre.board())
        self.start(link=False)
        self.step(self.store.open_callbacks())
        for fact in quarantine:
            self.step(fact)
        if link:
            self.link_up()

    # -- the link -----------------------------------------------------------------------------
    def link_up(self, snapshot_after: float = 0.01) -> None:
        """Connected again: what is there is read now, and told before anything that follows."""
        self.wire = True
        self._link += 1
        self.asterisk.epoch = self.epoch
        self._not_before = {"": self.now + snapshot_after}
        self.step(LinkChanged("node", True))
        seen = self.asterisk.snapshot()
        self._on_its_way(seen, self.now + snapshot_after)

    def link_down(self) -> None:
        """Cut, and noticed at once."""
        self._cut()
        if self.alive:
            self.step(LinkChanged("node", False))

    def link_silent(self, notice_after: float) -> None:
        """Cut, and noticed later; what is asked meanwhile is never answered."""
        self._cut()
        life, link = self._life, self._link
        self.agenda.after(
            notice_after,
            lambda: (
                self.step(LinkChanged("node", False))
                if (life, link) == (self._life, self._link) and self.alive
                else None
            ),
        )

    def _cut(self) -> None:
        if self.wire:
            self.wire = False
            self._link += 1
            link = self._link
            self.agenda.after(
                LEASE_SECONDS - 1.0,
                lambda: self.asterisk.leases_lapse() if link == self._link else None,
            )

    # -- stepping -----------------------------------------------------------------------------
    def step(self, fact: Input) -> Sequence[Effect]:
        """Journal, decide, act: as `callcenter.runtime.loop` does."""
        moment, count = self._same_moment
        self._same_moment = (self.now, count + 1 if moment == self.now else 0)
        if count > SAME_MOMENT_STEPS_MAX:
            raise Spinning(f"{count} steps at {self.now}, the last one {fact}")
        if self.journal is not None:
            self.journal.begin(fact, self.now)
        effects = self.centre.step(fact, self.now)
        self._looked = self._looked or isinstance(fact, Snapshot)
        self.steps += 1
        self.act(effects)
        if self.journal is not None:
            self.journal.end(effects)
        for watch in self.watches:
            watch(self, fact, effects)
        return effects

    def act(self, effects: Sequence[Effect]) -> None:
        self.effects = list(effects)
        for effect in effects:
            if isinstance(effect, ASTERISK):
                self._send(effect)
            elif isinstance(effect, STORE):
                self.store.perform(effect)
            else:
                assert isinstance(effect, SCREEN)
                self.screens.perform(effect)

    def _send(self, effect: AsteriskEffect) -> None:
        if not self.wire:
            self._failed(effect, "not-sent", 0.0)
            return
        key = f"to {effect.call}"
        when = max(self.now + self.latency(), self._not_before.get(key, 0.0))
        self._not_before[key] = when
        self.agenda.at(when, lambda link=self._link: self._arrives(effect, link))  # type: ignore[misc]

    def _arrives(self, effect: AsteriskEffect, link: int) -> None:
        if link != self._link:
            self._failed(effect, "unknown", 0.0)
            return
        try:
            self.asterisk.execute(effect)
        except Refused as refused:
            self._failed(effect, "refused", self.latency(), str(refused))

    def _failed(self, effect: AsteriskEffect, kind: str, after: float, reason: str = "") -> None:
        attempt = getattr(effect, "attempt", 0)
        failed: Input = ActionFailed(effect.call, type(effect).__name__, attempt, kind, reason)  # type: ignore[arg-type]
        if isinstance(effect, Originate):
            if kind == "unknown":
                return  # the next snapshot shows whether he is being dialled
            failed = NumberFailed(effect.call, "unreachable")
        life = self._life
        self.agenda.after(
            after, lambda: self.step(failed) if self.alive and life == self._life else None
        )

    def _happened(self, fact: Input) -> None:
        """Asterisk tells; nobody hears it while the link is away. Who leaves before a process
        without a memory of him has looked for the first time was never there for it."""
        if isinstance(fact, CallEnded) and not self._looked:
            if fact.call not in self.centre.state.calls and not fact.call.startswith("out-"):
                self.forgotten.add(fact.call)
        if not (self.wire and self.alive):
            return
        key = str(getattr(fact, "call", getattr(fact, "device", "")))
        earliest = max(self._not_before.get(key, 0.0), self._not_before.get("", 0.0))
        when = max(self.now + self.latency(), earliest)
        self._not_before[key] = when
        self._on_its_way(fact, when)
        if self.doubled():
            self._on_its_way(fact, when)

    def _on_its_way(self, fact: Input, when: float) -> None:
        link = self._link
        self.agenda.at(when, lambda: self.step(fact) if self.alive and link == self._link else None)

    def _answered(self, fact: Input) -> None:
        """The store answers the process that asked."""
        if self.alive:
            self.step(fact)

    # -- time ---------------------------------------------------------------------------------
    def run(self, seconds: float) -> None:
        self.run_until(self.now + seconds)

    def run_until(self, moment: float) -> None:
        while self.advance(moment):
            pass
        self.agenda.now = max(self.now, moment)

    def advance(self, limit: float) -> bool:
        """The next thing that happens up to `limit`; False when there is none."""
        deed = self.agenda.next_at()
        wish = self.centre.deadline() if self.alive else None
        if wish is not None and wish <= limit and (deed is None or wish <= deed):
            self.agenda.now = max(self.now, wish)
            self.step(Tick())
            return True
        if deed is None or deed > limit:
            return False
        self.agenda.do_next()
        return True

    # -- what tests say -----------------------------------------------------------------------
    def click(self, agent: str, action: AgentAction) -> str | None:
        """One click; the refusal's code, or None when it was accepted."""
        command = f"k{next(self._commands)}"
        self.step(AgentDid(agent, command, action))
        return self.screens.replies.pop(command)

    def supervise(self, action: SupervisorAction, by: str = "sofia") -> str | None:
        """One click of a supervisor, as `click`."""
        command = f"k{next(self._commands)}"
        self.step(SupervisorDid(by, command, action))
        return self.screens.replies.pop(command)

    def on_duty(self, *agents: str, device: str = "") -> None:
        """Browser open, phone registered, logged in, available."""
        for agent in agents:
            phone = device or f"{agent}web"
            self.asterisk.set_device(phone, "ready")
            self.step(ConsoleChanged(agent, True))
            assert self.click(agent, LogIn(phone)) is None
        self.run(0.1)
        for agent in agents:
            assert self.click(agent, GoAvailable()) is None

    def call(self, call: str) -> Call:
        return self.centre.state.calls[call]

    def seat(self, agent: str) -> Seat:
        return self.centre.state.seats[agent]

    def agent_row(self, agent: str) -> AgentRow:
        return self.screens.agents[agent]

    def call_row(self, call: str) -> CallRow:
        return self.screens.calls[call]

    def alarms(self) -> list[str]:
        return [alarm.code for alarm in self.screens.alarms]
