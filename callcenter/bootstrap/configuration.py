"""Brings the configuration from the database to the running centre, at the start and at a change.

While the database is away the centre goes on with what it has (the journal keeps the last one), and
the read is tried again. Prompts of newly published flows are made before callers need them.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import replace

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.asterisk.prompts import PromptLibrary
from callcenter.core.config import Config, DialLimits
from callcenter.core.inputs import ConfigChanged
from callcenter.runtime.ports import Emit
from callcenter.store.config_reading import load_config, stored_mark

log = logging.getLogger(__name__)

AWAY = (SQLAlchemyError, OSError, TimeoutError)
RETRY_SECONDS_MAX = 10.0
LOOK_SECONDS = 5.0


class Configuration:
    """`current` is what runs now. `dialling`: what the settings allow; not kept in the database.
    `changed` is told after each change."""

    def __init__(
        self,
        engine: AsyncEngine,
        emit: Emit,
        prompts: PromptLibrary,
        current: Config,
        dialling: DialLimits | None = None,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self._engine = engine
        self._emit = emit
        self._prompts = prompts
        self._dialling = dialling or DialLimits()
        self._changed = changed
        self._wanted = asyncio.Event()
        self._mark: tuple[int, int] | None = None
        self.current = current
        self.loaded = False
        self.first = asyncio.Event()
        self.prompt_troubles: list[str] = []

    @property
    def library(self) -> PromptLibrary:
        """The prompts that callers hear."""
        return self._prompts

    async def reload(self) -> None:
        """Read it now and hand it to the centre. Raises what the database raises."""
        config = replace(await load_config(self._engine), dialling=self._dialling)
        for flow in config.flows.values():
            self._prompts.learn(flow.prompts)
        self.loaded = True
        if config != self.current:
            self.current = config
            self._emit(ConfigChanged(config))
            self._changed()
        self.first.set()
        self._wanted.set()

    async def _look(self) -> None:
        """Changed by another process (the command line), or a new year with its holidays."""
        try:
            mark = await stored_mark(self._engine)
            if mark != self._mark:
                await self.reload()
                self._mark = mark
        except AWAY as error:
            log.debug("the configuration cannot be looked at: %s", type(error).__name__)

    async def run(self) -> None:
        """Read until it succeeds once; then make the prompts each new configuration needs, and look
        now and then for changes that others made in the database."""
        wait = 0.5
        while not self.loaded:
            try:
                await self.reload()
            except AWAY as error:
                log.warning("the configuration cannot be read yet: %s", type(error).__name__)
                await asyncio.sleep(wait)
                wait = min(RETRY_SECONDS_MAX, wait * 2)
        while True:
            try:
                await asyncio.wait_for(self._wanted.wait(), LOOK_SECONDS)
            except TimeoutError:
                await self._look()
                continue
            self._wanted.clear()
            for flow in self.current.flows.values():
                self.prompt_troubles = await self._prompts.prepare(flow.prompts)
                for trouble in self.prompt_troubles:
                    log.warning("flow %s: %s", flow.id, trouble)
