"""The one loop: the only writer of the centre, the only reader of the clock, the only timer.

`put` may be called by anybody on the event loop's thread; inputs are stepped one after the other,
in the order they came, in the same turn of the event loop. If the core raises, the loop stops
and `run` raises `CoreFailed`: the process is to end, and its next start recovers (`recovery`).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import deque
from collections.abc import Iterable, Sequence
from typing import get_args

from callcenter.core.centre import Centre
from callcenter.core.effects import (
    Alarm,
    AsteriskEffect,
    Connect,
    Effect,
    ScreenEffect,
    StoreEffect,
)
from callcenter.core.inputs import Input, Tick
from callcenter.runtime import collecting
from callcenter.runtime.journal import Journal
from callcenter.runtime.ports import Clock, ScreensPort, StorePort, SwitchPort

log = logging.getLogger(__name__)

INBOX_MAX = 200_000  # about ten seconds of the worst storm measured; beyond it we are not alive
TURN_MAX = 500  # inputs in one turn, then the event loop gets its turn
LAG_ALARM_SECONDS = 0.2
SHARES_KEPT = 2_000

ASTERISK = get_args(AsteriskEffect)
STORE = get_args(StoreEffect)
SCREEN = get_args(ScreenEffect)


class CoreFailed(RuntimeError):
    """A bug of ours: the core raised on an input."""


class Loop:
    def __init__(self, centre: Centre, clock: Clock, journal: Journal) -> None:
        self.centre = centre
        self.clock = clock
        self.journal = journal
        self._inbox: deque[tuple[Input, float]] = deque()
        self._scheduled = False
        self._timer: asyncio.TimerHandle | None = None
        self._failed: asyncio.Future[None] | None = None
        self._switch: SwitchPort | None = None
        self._store: StorePort | None = None
        self._screens: ScreensPort | None = None
        self.steps = 0
        self.slowest_step_seconds = 0.0
        self.lag_seconds = 0.0
        self._journal_trouble = ""
        self.shares: deque[float] = deque(maxlen=SHARES_KEPT)

    def attach(self, switch: SwitchPort, store: StorePort, screens: ScreensPort) -> None:
        self._switch, self._store, self._screens = switch, store, screens

    # -- in -----------------------------------------------------------------------------------
    def put(self, fact: Input) -> None:
        """Take an input; it is stepped soon, after those that came before it."""
        if len(self._inbox) >= INBOX_MAX:
            raise CoreFailed(f"{INBOX_MAX} inputs are waiting: the loop does not keep up")
        self._inbox.append((fact, time.perf_counter()))
        if not self._scheduled and self._failed is not None:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._turn)

    @property
    def waiting(self) -> int:
        return len(self._inbox)

    # -- stepping -----------------------------------------------------------------------------
    def _turn(self) -> None:
        self._scheduled = False
        failed = self._failed
        if failed is None or failed.done():
            return
        try:
            for _ in range(min(TURN_MAX, len(self._inbox))):
                self.step(*self._inbox.popleft())
        except Exception as error:
            log.exception("the core failed")
            failed.set_exception(CoreFailed(f"{type(error).__name__}: {error}"))
            return
        if self._inbox:
            self._scheduled = True
            asyncio.get_running_loop().call_soon(self._turn)
        self._arm()

    def step(self, fact: Input, came: float | None = None) -> None:
        """Journal, decide, act. `came`: when the input was put (`time.perf_counter`)."""
        now = self.clock.now()
        began = time.perf_counter()
        self.journal.begin(fact, now)
        effects = self.centre.step(fact, now)
        self._act_urgently(effects, came)
        for effect in effects:
            if isinstance(effect, STORE):
                self._perform(effect)
        self.journal.end(effects)
        self.steps += 1
        collecting.after(self.steps)
        self.slowest_step_seconds = max(self.slowest_step_seconds, time.perf_counter() - began)
        if self.journal.full:
            self.journal.open_segment(self.centre)
        if self.journal.trouble != self._journal_trouble:
            self._journal_trouble = self.journal.trouble
            self._tell_of_journal()

    def _tell_of_journal(self) -> None:
        """Calls go on without it; a crash now would cost agents' states and what is not on
        channels."""
        trouble = self._journal_trouble
        if trouble:
            log.error("%s", trouble)
            self.act([Alarm("journal", trouble)])
        else:
            log.warning("the journal is written again")

    def _act_urgently(self, effects: Sequence[Effect], came: float | None) -> None:
        """Asterisk, then screens; history comes after. A phone needs milliseconds to ring, a screen
        less than one to be told, so the record is there first all the same (the bench measures it).
        Our share of an offer's delay is noted: from the input's coming to the action's going."""
        offered = False
        for effect in effects:
            if isinstance(effect, ASTERISK):
                self._perform(effect)
                offered = offered or isinstance(effect, Connect)
        if offered and came is not None:
            self.shares.append(time.perf_counter() - came)
        for effect in effects:
            if isinstance(effect, SCREEN):
                self._perform(effect)

    def act(self, effects: Iterable[Effect]) -> None:
        """Hand each effect to its port, in order."""
        for effect in effects:
            self._perform(effect)

    def _perform(self, effect: Effect) -> None:
        assert self._switch is not None
        assert self._store is not None
        assert self._screens is not None
        if isinstance(effect, ASTERISK):
            self._switch.perform(effect)
        elif isinstance(effect, SCREEN):
            self._screens.perform(effect)
        else:
            assert isinstance(effect, STORE)
            self._store.perform(effect)

    def share(self, part: float) -> float:
        """The quantile `part` (0 to 1) of our share of the last offers' delay, in seconds."""
        ordered = sorted(self.shares)
        return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0

    # -- the timer ----------------------------------------------------------------------------
    def _arm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        deadline = self.centre.deadline()
        if deadline is not None:
            wait = max(0.0, deadline - self.clock.now())
            self._timer = asyncio.get_running_loop().call_later(wait, self._tick)

    def _tick(self) -> None:
        self._timer = None
        self.put(Tick())

    # -- life ---------------------------------------------------------------------------------
    async def run(self) -> None:
        """Until cancelled. Raises CoreFailed when the core does."""
        running = asyncio.get_running_loop()
        self._failed = running.create_future()
        if self._inbox:
            self._scheduled = True
            running.call_soon(self._turn)
        self._arm()
        try:
            await self._failed
        finally:
            if self._timer is not None:
                self._timer.cancel()
            self._failed = None
            self.journal.close()


async def watch_lag(loop: Loop) -> None:
    """Say so when the event loop was blocked: calls are late then."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(1.0)
        lag = loop.lag_seconds = max(0.0, time.perf_counter() - began - 1.0)
        if lag > LAG_ALARM_SECONDS:
            log.warning("the event loop was blocked for %.3f s", lag)
