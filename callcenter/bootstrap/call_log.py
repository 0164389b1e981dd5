"""A line of the log for each line of a call's timeline, so that what happened to a call is found in
the log by its id, also when the database is away.

Names, queues and outcomes only: what callers said, pressed, or are called from is in the database,
where it can be erased. It stands before the store and changes nothing.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from callcenter.core.effects import RecordEvent, StoreEffect
from callcenter.runtime.ports import StorePort

log = logging.getLogger(__name__)

TOLD = ("queue", "agent", "outcome", "reason", "place")
VALUE_MAX = 64


@dataclass(slots=True)
class CallLog:
    store: StorePort

    def perform(self, effect: StoreEffect) -> None:
        self.store.perform(effect)
        if isinstance(effect, RecordEvent) and log.isEnabledFor(logging.INFO):
            data = effect.data
            said = [f"{name}={data[name]!s:.{VALUE_MAX}}" for name in TOLD if data.get(name)]
            log.info("%s", " ".join([effect.kind, *said]), extra={"call": effect.call})

    async def run(self) -> None:
        await self.store.run()
