"""Long work for a person in the background: with progress, and broken off when asked.

It is done in a process of its own, one at a time in the house, so that calls do not wait for it. A
run is gone after a restart, and when others took its place. Everybody has one of a kind; a new one
ends the one before.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import pickle
import secrets
import sys
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from sqlalchemy.exc import SQLAlchemyError

log = logging.getLogger(__name__)

RUNS_KEPT = 100
LINE_BYTES = 2**24

State = Literal["waiting", "running", "done", "failed", "cancelled"]
Trouble = Literal["", "database", "too-many-calls", "no-calls", "nobody", "too-long"]
Question = TypeVar("Question")
Answer = TypeVar("Answer")


@dataclass(slots=True)
class Run(Generic[Question, Answer]):
    """`progress` from 0 to 1; `trouble`: why it failed."""

    id: str
    user: str
    question: Question
    state: State = "waiting"
    progress: float = 0.0
    answer: Answer | None = None
    trouble: Trouble = ""
    task: asyncio.Task[None] | None = field(default=None, repr=False)


class Refused(Exception):
    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble)
        self.trouble = trouble


class Background(ABC, Generic[Question, Answer]):
    """`place`: what has it works; the others wait. `wait_seconds`: for all of a run."""

    def __init__(self, place: asyncio.Semaphore, wait_seconds: float) -> None:
        self._runs: dict[str, Run[Question, Answer]] = {}
        self._place = place
        self._wait_seconds = wait_seconds

    @abstractmethod
    async def _answered(self, run: Run[Question, Answer]) -> Answer:
        """The work. It sets the run's progress, and may raise Refused."""

    async def close(self) -> None:
        for run in self._runs.values():
            await self.cancel(run)

    async def begin(self, question: Question, *, user: str) -> Run[Question, Answer]:
        """The one before ends."""
        for before in list(self._runs.values()):
            if before.user == user:
                await self.cancel(before)
        run = Run[Question, Answer](secrets.token_hex(8), user, question)
        self._runs[run.id] = run
        over = [one.id for one in self._runs.values() if one.state not in ("waiting", "running")]
        for id in over[: max(0, len(self._runs) - RUNS_KEPT)]:
            del self._runs[id]
        run.task = asyncio.create_task(self._work(run))
        return run

    def run(self, id: str, *, user: str) -> Run[Question, Answer] | None:
        """One's own."""
        run = self._runs.get(id)
        return run if run is not None and run.user == user else None

    async def cancel(self, run: Run[Question, Answer]) -> None:
        """Its process ends at once."""
        if run.state in ("waiting", "running"):
            run.state = "cancelled"
            if run.task is not None:
                run.task.cancel()
                with contextlib.suppress(asyncio.CancelledError):
                    await run.task

    async def _work(self, run: Run[Question, Answer]) -> None:
        try:
            async with self._place:
                run.state = "running"
                async with asyncio.timeout(self._wait_seconds):
                    run.answer = await self._answered(run)
                run.state, run.progress = "done", 1.0
        except Refused as refused:
            run.state, run.trouble = "failed", refused.trouble
        except TimeoutError:
            run.state, run.trouble = "failed", "too-long"
        except (SQLAlchemyError, OSError) as problem:
            log.warning("work in the background failed: %s", problem)
            run.state, run.trouble = "failed", "database"


async def lines_of(module: str, task: object) -> AsyncGenerator[bytes, None]:
    """What a process that runs this module writes about the task, line by line; it ends with us
    whatever happens. Refused (too-long) if it dies without a word."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        module,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LINE_BYTES,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    said = False
    try:
        with contextlib.suppress(ConnectionError):  # it died: its end says so
            process.stdin.write(pickle.dumps(task))
            await process.stdin.drain()
            process.stdin.close()
        async for line in process.stdout:
            said = True
            yield line
        if await process.wait() != 0 and not said:
            raise Refused("too-long")
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
