"""What goes wrong, drawn from the seed: links, processes, Asterisk itself, the clock, the database,
the administrator who changes everything at noon."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

from callcenter.core.config import Config
from callcenter.core.inputs import ConfigChanged, ConsoleChanged, Quarantined, Tick
from tests.simulation.players import Agents
from tests.world.houses import house
from tests.world.world import World


class Faults:
    def __init__(
        self, world: World, rng: random.Random, agents: Agents, every_seconds: float
    ) -> None:
        self.world, self.rng, self.agents = world, rng, agents
        self.every_seconds = every_seconds
        self.open = True
        self.memory_lost = False  # of what is kept in the journal alone: figures of today
        self.kinds: list[tuple[int, Callable[[], None]]] = [
            (4, self._link_cut),
            (3, self._link_silent),
            (3, self._crash),
            (1, self._machine_crash),
            (1, self._cold_restart),
            (1, self._asterisk_restart),
            (2, self._clock_jump),
            (3, self._reconfigure),
            (1, self._quarantine),
            (3, self._idle_ticks),
            (2, self._browser_dies),
        ]
        self._next()

    def _next(self) -> None:
        self.world.agenda.after(self.rng.expovariate(1 / self.every_seconds), self._strike)

    def _strike(self) -> None:
        if not self.open:
            return
        weights = [weight for weight, _ in self.kinds]
        _, deed = self.rng.choices(self.kinds, weights)[0]
        deed()
        self._next()

    # -- the link -----------------------------------------------------------------------------
    def _link_cut(self) -> None:
        if self.world.alive and self.world.wire:
            self.world.link_down()
            self._mend_later()

    def _link_silent(self) -> None:
        if self.world.alive and self.world.wire:
            self.world.link_silent(self.rng.uniform(0.1, 6.0))
            self._mend_later(7.0)

    def _mend_later(self, least: float = 0.0) -> None:
        after = least + self.rng.choice((0.0, 0.5, 3.0, 40.0))
        self.world.agenda.after(after, self.mend)

    def mend(self) -> None:
        if self.world.alive and not self.world.wire:
            self.world.link_up(self.rng.uniform(0.0, 0.5))

    # -- the process --------------------------------------------------------------------------
    def _crash(self) -> None:
        """Between two inputs, or after the input was journalled and before, or in the midst of,
        what was decided."""
        world = self.world
        if not world.alive:
            return
        if self.rng.random() < 0.7:
            self._crash_inside_a_step()
        world.die()
        world.agenda.after(self.rng.choice((0.0, 1.0, 30.0)), self._come_back)

    def _crash_inside_a_step(self) -> None:
        world = self.world
        assert world.journal is not None
        fact = Tick()
        world.journal.begin(fact, world.now)
        if self.rng.random() < 0.5:
            effects = world.centre.step(fact, world.now)
            world.act(effects[: self.rng.randrange(len(effects) + 1)])
            if self.rng.random() < 0.5:
                world.journal.end(effects)

    def _machine_crash(self) -> None:
        """The last inputs never reached the disk, and the very last was torn apart."""
        world = self.world
        if not world.alive:
            return
        self.memory_lost = True
        world.die()
        assert world.journal is not None
        world.journal.close()
        (segment,) = world.journal.folder.glob("inputs-*.jsonl")
        text = segment.read_bytes()
        segment.write_bytes(text[: max(0, len(text) - self.rng.randrange(4_000))])
        world.agenda.after(1.0, self._come_back)

    def _cold_restart(self) -> None:
        if self.world.alive:
            self.memory_lost = True
            self.world.die()
            self.world.agenda.after(0.5, lambda: self._come_back(cold=True))

    def _come_back(self, *, cold: bool = False) -> None:
        self.world.come_back(cold=cold)
        for agent in self.agents.phones:
            if self.rng.random() < 0.7:
                self.world.agenda.after(
                    self.rng.uniform(0.0, 12.0),
                    lambda agent=agent: self.agents.come_in(agent),  # type: ignore[misc]
                )

    def _asterisk_restart(self) -> None:
        if self.world.alive and self.world.wire:
            self.world.link_down()
            self.world.asterisk.restart()
            self.world.agenda.after(3.0, self.mend)

    # -- the rest -----------------------------------------------------------------------------
    def _clock_jump(self) -> None:
        """The machine slept: everything due is overdue."""
        self.world.agenda.now += self.rng.choice((30.0, 3600.0))

    def _idle_ticks(self) -> None:
        for _ in range(self.rng.randint(1, 3)):
            if self.world.alive:
                self.world.step(Tick())

    def _browser_dies(self) -> None:
        """In the midst of a call, phone and console together."""
        agent = self.rng.choice(list(self.agents.phones))
        device = self.agents.phones[agent]
        self.world.asterisk.leg_dies(device)
        self.world.asterisk.phone_dies(device)
        self.world.asterisk.set_device(device, "unreachable")
        if self.world.alive:
            self.world.step(ConsoleChanged(agent, False))

    def _quarantine(self) -> None:
        calls = [*self.world.centre.state.calls, "nonsense"]
        if self.world.alive:
            self.world.step(Quarantined(self.rng.choice(calls), "the simulation says so"))

    def _reconfigure(self) -> None:
        if self.world.alive:
            before = self.world.config.agents
            self.world.config = changed(self.world.config, self.rng)
            self.memory_lost |= not before.keys() <= self.world.config.agents.keys()
            self.world.step(ConfigChanged(self.world.config))


def changed(config: Config, rng: random.Random) -> Config:
    """Somebody or something is taken out, put back, or changed."""
    whole = house()
    agents, queues = dict(config.agents), dict(config.queues)
    match rng.randrange(5):
        case 0 if len(agents) > 1:
            del agents[rng.choice(list(agents))]
        case 1 if len(queues) > 1:
            del queues[rng.choice(list(queues))]
        case 2:
            agents = dict(whole.agents)
        case 3:
            queues = {**{key: queue for key, queue in whole.queues.items()}, **queues}
        case _:
            key = rng.choice(list(queues))
            queues[key] = replace(
                queues[key],
                name=f"{key} {rng.randrange(100)}",
                enabled=rng.random() < 0.8,
                waiting_max=rng.choice((1, 3, 500)),
                broadcast=rng.choice((1, 1, 2)),
                wrap_up_mode=rng.choice(("optional", "mandatory", "timed", "timed-extendable")),
            )
    policy = config.callbacks["support"]
    if policy.hours and rng.random() < 0.5:
        hours = rng.choice(("08:05-24:00", "00:00-08:01, 08:20-24:00", "00:00-24:00"))
        policy = replace(policy, hours={"mon-sun": hours})
    return replace(
        config,
        version=config.version + 1,
        agents=agents,
        queues=queues,
        callbacks={**config.callbacks, "support": policy},
    )
