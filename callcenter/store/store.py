"""The store as the loop sees it (`runtime.ports.StorePort`): effects in, inputs out.

Records go to the ledger. Look-ups run side by side, each with its own deadline, on connections the
ledger cannot starve. Nothing here decides anything about a call.
"""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.core.effects import (
    AskData,
    History,
    LookUpCaller,
    StoreEffect,
)
from callcenter.core.inputs import CallerKnown, DataLookedUp
from callcenter.dialling import DialRules
from callcenter.runtime.ports import Emit
from callcenter.store.engine import make_engine
from callcenter.store.ledger import Alarm, Ledger, LedgerHealth
from callcenter.store.lookup import dialable, look_up_caller, look_up_data
from callcenter.store.numbers import read_number
from callcenter.store.outbox import Outbox
from callcenter.store.quick import Quick
from callcenter.store.sources import Sources
from callcenter.store.upkeep import keep_tidy

LOOK_UP_SECONDS_MAX = 1.0
DATA_SECONDS_MAX = 3.0
LOOK_UPS_WAITING_MAX = 1000
LOOK_UPS_BEGUN_MAX = 500


@dataclass(frozen=True, slots=True)
class _Question:
    effect: LookUpCaller | AskData
    deadline: float


def _no_alarm(code: str, text: str) -> None:
    """Alarms are in the log already."""


class Store:
    """Build it within the running event loop; `perform` may be called at once. `recordings`: the
    folder of callers' recordings. `dial_rules`: which numbers may be called back, None: none.

    Raises OutboxInUse, OSError (the outbox folder) or ValueError (URL, country)."""

    def __init__(
        self,
        url: str,
        outbox_dir: Path,
        emit: Emit,
        country: str,
        *,
        alarm: Alarm = _no_alarm,
        recordings: Path = Path("recordings"),
        dial_rules: DialRules | None = None,
    ) -> None:
        read_number("", country)
        self._emit = emit
        self._country = country
        self._recordings = recordings
        self._dial_rules = dial_rules
        self.engine: AsyncEngine = make_engine(url)  # for everybody else
        self._look_ups = Quick(url)
        self.sources = Sources(self._look_ups)
        self._writing = Quick(url, connections_max=1)
        self._outbox = Outbox(outbox_dir)
        self._outbox.open()
        self._ledger = Ledger(self._writing, self._outbox, alarm)
        self._questions: asyncio.Queue[_Question] = asyncio.Queue(LOOK_UPS_WAITING_MAX)

    def perform(self, effect: StoreEffect) -> None:
        """Take `effect` in hand and return at once. Call it in the event loop's thread."""
        if isinstance(effect, History):
            self._ledger.append(effect)
            return
        if isinstance(effect, AskData) and effect.source == "dialable":
            # No data: answered also while the database is away, from the loop's next round.
            answer = dialable(effect, self._dial_rules)
            asyncio.get_running_loop().call_soon(self._emit, answer)
            return
        longest = DATA_SECONDS_MAX if isinstance(effect, AskData) else LOOK_UP_SECONDS_MAX
        deadline = asyncio.get_running_loop().time() + longest
        try:
            self._questions.put_nowait(_Question(effect, deadline))
        except asyncio.QueueFull:
            # Answered from the loop's next round: `perform` is called within the core's step.
            late = _Question(effect, 0.0)
            asyncio.get_running_loop().call_soon(self._answer_unknown, late)

    def forget(self) -> None:
        """What is safe in the database goes from the disk now, not when its file is full."""
        self._outbox.turn()

    def health(self) -> LedgerHealth:
        """Depth of the outbox and whether the database answers."""
        return self._ledger.health()

    async def run(self) -> None:
        """Work until cancelled."""
        begun = asyncio.Semaphore(LOOK_UPS_BEGUN_MAX)
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._ledger.run())
            tasks.create_task(keep_tidy(self.engine, self._recordings))
            while True:
                question = await self._questions.get()
                await begun.acquire()
                task = tasks.create_task(self._answer(question))
                task.add_done_callback(lambda _: begun.release())

    async def close(self) -> None:
        """After `run` was cancelled: one more flush if the database is there, then close."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_UP_SECONDS_MAX * 2):
                while self._outbox.depth and await self._ledger.flush():
                    pass
        self._outbox.close()
        await self._writing.close()
        await self._look_ups.close()
        await self.engine.dispose()

    # -- look-ups -----------------------------------------------------------------------------
    async def _answer(self, question: _Question) -> None:
        effect, deadline = question.effect, question.deadline
        if isinstance(effect, LookUpCaller):
            self._emit(await look_up_caller(self._look_ups, effect, self._country, deadline))
        else:
            found = await look_up_data(
                self._look_ups, self.sources, effect, self._country, deadline
            )
            self._emit(found)

    def _answer_unknown(self, question: _Question) -> None:
        effect = question.effect
        if isinstance(effect, LookUpCaller):
            self._emit(CallerKnown(effect.call, read_number(effect.number, self._country).number))
        else:
            self._emit(DataLookedUp(effect.call, effect.token, {}, "too many look-ups at once"))
