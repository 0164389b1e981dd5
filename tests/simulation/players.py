"""Callers and agents with a will of their own, drawn from the seed."""

from __future__ import annotations

import random
from collections.abc import Callable

from callcenter.core.commands import (
    AgentAction,
    AskCallback,
    CancelCallback,
    ChooseCustomer,
    ConsultAgent,
    CustomerCard,
    DialCallbackNow,
    EndConsultation,
    ExtendWrapUp,
    FinishWrapUp,
    GoAvailable,
    HandOverCall,
    HangUpCall,
    HoldCall,
    JoinParties,
    LogIn,
    LogOut,
    MoveCaller,
    Pause,
    PauseTalkRecording,
    PostponeCallback,
    RefuseRecording,
    RejectOffer,
    Reprioritise,
    ReturnToCall,
    SupervisorAction,
    SwapParties,
    TransferCall,
)
from callcenter.core.effects import PlayPrompt
from callcenter.core.in_call import MutePerson, ParkCall, PartParties, PickUpCall, SendDigits
from callcenter.core.inputs import ConsoleChanged, NumberOutcome, SupervisorDid
from tests.world.asterisk import Line
from tests.world.world import World

NUMBERS = [f"+86138001380{n:02d}" for n in range(12)] + ["", "anonymous"]
DIDS = ["4000"] * 12 + ["4999"] + ["4001"] * 6
TIRED_SECONDS = 300.0


def cards_of(rng: random.Random) -> dict[str, tuple[CustomerCard, ...]]:
    """Some numbers are known, some belong to two people, one is blocked, some come first."""
    cards: dict[str, tuple[CustomerCard, ...]] = {}
    for n, number in enumerate(NUMBERS[:6]):
        priority = rng.choice((0, 0, 0, 1))
        cards[number] = (CustomerCard(f"u{n}", f"Customer {n}", priority=priority),)
    cards[NUMBERS[6]] = (CustomerCard("u6a", "Anna"), CustomerCard("u6b", "Bert"))
    cards[NUMBERS[7]] = (CustomerCard("u7", "Pest", blocked=True),)
    return cards


class Callers:
    """They dial in, press keys or not, lose patience, talk and hang up."""

    def __init__(self, world: World, rng: random.Random, every_seconds: float) -> None:
        self.world, self.rng, self.every_seconds = world, rng, every_seconds
        self.open = True
        world.asterisk.speaks = self.hears
        self._next()

    def _next(self) -> None:
        self.world.agenda.after(self.rng.expovariate(1 / self.every_seconds), self._dial)

    def _dial(self) -> None:
        if not self.open:
            return
        line = self.world.asterisk.dial_in(
            self.rng.choice(NUMBERS), self.rng.choice(DIDS), self.rng.choice(("", "李明", "Bo"))
        )
        patience = self.rng.choice((3.0, 20.0, 60.0, TIRED_SECONDS, TIRED_SECONDS))
        self.world.agenda.after(
            self.rng.uniform(0, patience), lambda: self._tired(line, talking_too=False)
        )
        self.world.agenda.after(
            self.rng.uniform(0, 2 * TIRED_SECONDS), lambda: self._tired(line, talking_too=True)
        )
        self._next()

    def _tired(self, line: Line, *, talking_too: bool) -> None:
        if talking_too or line.place not in ("talking", "held"):
            self.world.asterisk.caller_hangs_up(line)

    def hears(self, line: Line, prompt: PlayPrompt) -> None:
        if prompt.collect is not None and self.rng.random() < 0.85:
            digits = self.rng.choice("1122229")
            self.world.agenda.after(
                self.rng.uniform(0.2, 4.0), lambda: self.world.asterisk.press(line, digits)
            )


PATIENCE_SECONDS = 1800.0  # who was called back does not wait for ever for somebody to come to work


class Customers:
    """Whom we call back: they answer, or not, or a machine does, or they hang up again."""

    def __init__(self, world: World, rng: random.Random) -> None:
        self.world, self.rng = world, rng
        world.asterisk.rings_outside = self.rings

    def rings(self, line: Line) -> None:
        asterisk, draw = self.world.asterisk, self.rng.random()
        after = self.rng.uniform(0.1, 8.0)
        if draw < 0.55:
            self.world.agenda.after(after, lambda: asterisk.customer_answers(line))
            self.world.agenda.after(PATIENCE_SECONDS, lambda: asterisk.caller_hangs_up(line))
            if self.rng.random() < 0.3:
                late = after + self.rng.uniform(0.0, 40.0)
                self.world.agenda.after(late, lambda: asterisk.caller_hangs_up(line))
        elif draw < 0.6:
            self.world.agenda.after(after, lambda: asterisk.customer_answers(line, machine=True))
        elif draw < 0.85:
            outcomes: tuple[NumberOutcome, ...] = ("busy", "rejected", "invalid", "unreachable")
            outcome = self.rng.choice(outcomes)
            self.world.agenda.after(after, lambda: asterisk.not_reached(line, outcome))


class Agents:
    """Each does something now and then; mostly what makes sense, sometimes anything."""

    def __init__(self, world: World, rng: random.Random, every_seconds: float) -> None:
        self.world, self.rng, self.every_seconds = world, rng, every_seconds
        self.wild = True
        self.asked = 0
        self.phones = {agent: f"{agent}web" for agent in world.config.agents}
        world.asterisk.rings = self.rings
        for agent in self.phones:
            self._plan(agent)

    def rings(self, line: Line, device: str) -> None:
        """At the phone: most answer, some reject, some do not notice."""
        draw = self.rng.random()
        after = self.rng.uniform(0.1, 6.0)
        if draw < 0.7 or not self.wild:
            self.world.agenda.after(after, lambda: self._answer(line, device))
        elif draw < 0.8:
            self.world.agenda.after(after, lambda: self.world.asterisk.reject(device))

    def _answer(self, line: Line, device: str) -> None:
        line_of, side_of = self.world.asterisk.line_of, self.world.asterisk.side_of
        mine = line in (line_of(device), side_of(device))
        if mine and self.world.asterisk.answer(device):
            ends = self.rng.uniform(0.0, 90.0)
            deed: Callable[[str], None] = self.world.asterisk.agent_hangs_up
            if self.wild and self.rng.random() < 0.15:
                deed = self.world.asterisk.leg_dies
            self.world.agenda.after(ends, lambda: deed(device))

    def _plan(self, agent: str) -> None:
        self.world.agenda.after(
            self.rng.expovariate(1 / self.every_seconds), lambda: self._act(agent)
        )

    def _act(self, agent: str) -> None:
        self._plan(agent)
        if not self.world.alive:
            return
        if self.wild and self.rng.random() < 0.3:
            self._anything(agent)
        else:
            self._sensible(agent)

    def come_in(self, agent: str) -> None:
        """The browser is open again."""
        if self.world.alive:
            self.world.step(ConsoleChanged(agent, True))

    def _sensible(self, agent: str) -> None:
        row = self.world.screens.agents.get(agent)
        if row is None:
            return
        if not row.console:
            self.come_in(agent)
        if self.world.asterisk.devices.get(self.phones[agent]) != "ready":
            self.world.asterisk.set_device(self.phones[agent], "ready")
        match row.state:
            case "offline":
                self.click(agent, LogIn(self.phones[agent]))
            case "paused":
                self.click(agent, GoAvailable())
            case "wrap-up":
                self.click(agent, FinishWrapUp(row.call or "", "solved", "note"))
            case "hold":
                call = row.call or ""
                if self.click(agent, HoldCall(call, False)) == "consulting":
                    ends = (EndConsultation(call), HandOverCall(call), JoinParties(call))
                    self.click(agent, self.rng.choice(ends))
            case "talking" if self.rng.random() < 0.3:
                self._with_others(agent, row.call or "")
            case "talking" if self.rng.random() < 0.5:
                self.click(agent, HangUpCall(row.call or ""))
            case _:
                pass

    def _with_others(self, agent: str, call: str) -> None:
        others = [other for other in self.phones if other != agent]
        queues = list(self.world.config.queues)
        actions: list[AgentAction] = [
            ConsultAgent(call, self.rng.choice(others)),
            ConsultAgent(call, self.rng.choice(others)),
            TransferCall(call, "agent", self.rng.choice(others)),
            TransferCall(call, "queue", self.rng.choice(queues)),
            TransferCall(call, "flow", "main"),
            ParkCall(call),
        ]
        self.click(agent, self.rng.choice(actions))

    def _anything(self, agent: str) -> None:
        calls = [*self.world.screens.calls, "nonsense"]
        row = self.world.screens.agents.get(agent)
        call = row.call if row is not None and row.call and self.rng.random() < 0.7 else None
        call = call or self.rng.choice(calls)
        actions: list[AgentAction] = [
            LogIn(self.phones[agent]),
            LogOut(),
            GoAvailable(),
            Pause(self.rng.choice(("lunch", "nonsense"))),
            RejectOffer(call),
            HangUpCall(call),
            HoldCall(call, self.rng.random() < 0.5),
            ChooseCustomer(call, CustomerCard("u9", "Chosen")),
            FinishWrapUp(call, self.rng.choice(("solved", "sold", "")), "", "pause"),
            FinishWrapUp(call, "solved"),
            ExtendWrapUp(call),
            ConsultAgent(call, self.rng.choice([*self.phones, "nobody"])),
            EndConsultation(call),
            HandOverCall(call),
            SwapParties(call),
            SwapParties(call),
            JoinParties(call),
            ReturnToCall(call),
            PauseTalkRecording(call, self.rng.random() < 0.5, card=self.rng.random() < 0.5),
            PauseTalkRecording(call, self.rng.random() < 0.5, seconds=3.0),
            RefuseRecording(call),
            ParkCall(call),
            PickUpCall(call),
            PickUpCall(self.rng.choice(calls)),
            MutePerson(call, "caller", self.rng.random() < 0.5),
            MutePerson(call, "colleague", self.rng.random() < 0.5),
            PartParties(call, self.rng.choice(("caller", "colleague"))),
            SendDigits(call, "12#"),
            TransferCall(call, "agent", self.rng.choice([*self.phones, "nobody"])),
            TransferCall(call, "queue", self.rng.choice(("support", "sales", "nowhere"))),
        ]
        draw = self.rng.random()
        if draw < 0.1:
            self.world.step(ConsoleChanged(agent, self.rng.random() < 0.5))
        elif draw < 0.2:
            device = self.phones[agent]
            states = ("ready", "in-use", "unreachable")
            self.world.asterisk.set_device(device, self.rng.choice(states))  # type: ignore[arg-type]
        elif draw < 0.3:
            self._supervise(call)
        else:
            self.click(agent, self.rng.choice(actions))

    def click(self, agent: str, action: AgentAction) -> str | None:
        return self.world.click(agent, action)

    def _supervise(self, call: str) -> None:
        ids = [*self.world.centre.state.callbacks, "nonsense"]
        id, now = self.rng.choice(ids), self.world.now
        self.asked += 1
        number = self.rng.choice(NUMBERS[:5])
        later = self.rng.choice((None, now + 100.0))
        action: SupervisorAction = self.rng.choice(
            (
                Reprioritise(call, self.rng.choice((-3, 0, 2, 9))),
                MoveCaller(call, self.rng.choice(("support", "sales", "nowhere"))),
                CancelCallback(id),
                PostponeCallback(id, now + self.rng.choice((0.0, 50.0, 4000.0))),
                DialCallbackNow(id),
                AskCallback(f"cb-staff{self.asked}", "support", number, not_before=later),
            )
        )
        self.world.step(SupervisorDid("sofia", "p", action))
