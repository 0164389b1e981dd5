"""Child processes of the supervisor: they die with it, and a service that ends is started again.

A service that is killed comes back at once, since callers are waiting in Asterisk; one that ends
again and again is started less and less often. Time is asked of a clock that is handed in. This
file must not know what the children do.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

STOP_SECONDS = 10.0
DELAY_MAX = 10.0
STEADY_SECONDS = 60.0


def start_child(
    command: Sequence[str],
    *,
    log: Path,
    environment: Mapping[str, str] | None = None,
    told: bool = False,
) -> subprocess.Popen[bytes]:
    """Starts `command` in a session of its own (Ctrl-C at the terminal is for the supervisor
    alone), its output to `log`; it is ended when the thread that called this dies. `told`: it is
    told something on its standard input."""
    log.parent.mkdir(parents=True, exist_ok=True)
    setpriv = shutil.which("setpriv") or "setpriv"
    with log.open("ab") as file:
        return subprocess.Popen(
            [setpriv, "--pdeathsig=TERM", "--", *command],
            stdin=subprocess.PIPE if told else subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            env=dict(environment) if environment is not None else None,
            start_new_session=True,
        )


def stop_child(child: subprocess.Popen[bytes], seconds: float = STOP_SECONDS) -> None:
    """Asks it to end, then makes it; with all it started."""
    for sign in (signal.SIGTERM, signal.SIGKILL):
        if child.poll() is None:
            try:
                os.killpg(child.pid, sign)
                child.wait(timeout=seconds)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                continue


@dataclass(slots=True)
class Restarts:
    """When to start again. Pure: every method is told the time (seconds, any scale)."""

    ended: int = 0
    started_at: float = 0.0
    due_at: float | None = None

    def started(self, now: float) -> None:
        self.started_at = now
        self.due_at = None

    def has_ended(self, now: float) -> float:
        """Notes an end; gives the seconds to wait. The first end after a steady time: none."""
        if now - self.started_at >= STEADY_SECONDS:
            self.ended = 0
        delay = 0.0 if self.ended == 0 else min(DELAY_MAX, 0.25 * 2**self.ended)
        self.ended += 1
        self.due_at = now + delay
        return delay

    def due(self, now: float) -> bool:
        return self.due_at is not None and now >= self.due_at
