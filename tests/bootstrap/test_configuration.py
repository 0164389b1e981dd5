"""The running centre takes what the database says, also what another process wrote there."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.asterisk.prompts import PromptLibrary
from callcenter.bootstrap.configuration import Configuration
from callcenter.core.config import Config
from callcenter.core.inputs import ConfigChanged, Input
from callcenter.store.directory import Directory

pytestmark = pytest.mark.db

FLOW = "id: seen\nname: Seen\nstart: end\nnodes: {end: {kind: hangup}}\n"


@pytest.mark.anyio
async def test_a_change_by_another_process_is_noticed(engine: AsyncEngine, tmp_path: Path) -> None:
    emitted: list[Input] = []
    configuration = Configuration(
        engine, emitted.append, PromptLibrary(tmp_path, tmp_path), Config()
    )
    running = asyncio.create_task(configuration.run())
    try:
        async with asyncio.timeout(40):
            await configuration.first.wait()
            await Directory(engine).publish_flow("seen", FLOW, by="another process")
            while "seen" not in configuration.current.flows:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
    finally:
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running
    assert isinstance(emitted[-1], ConfigChanged)
    assert "seen" in emitted[-1].config.flows
