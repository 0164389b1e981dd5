"""The service as the supervisor's child: started, started again when it ends; and a spare one.

What takes time at a start is Python that reads code: a second for calls, another for pages. A spare
has read all of it and waits for a word (`callcenter serve --spare`). When the service dies the
spare takes its place, and the calls are looked after in a third of a second. Then comes another
spare, but not at once: the consoles come back first. One that dies itself, or is not ready yet,
costs nothing: a new process is started as ever, or the spare begins when it has read the rest.
"""

from __future__ import annotations

import signal
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from callcenter.cli.children import Restarts, start_child, stop_child
from callcenter.cli.installation import SERVICE
from callcenter.cli.serving import BEGIN

SPARE_AFTER_SECONDS = 10.0
SPARE_AGAIN_SECONDS = 60.0  # after one that did not live


@dataclass(frozen=True, slots=True)
class Spare:
    process: subprocess.Popen[bytes]
    environment: Mapping[str, str]

    def begin(self) -> bool:
        """Whether it lives and was told to begin."""
        assert self.process.stdin is not None
        try:
            with self.process.stdin as word:
                word.write(BEGIN)
        except OSError:
            return False
        return self.process.poll() is None


class ServiceChild:
    """`environment`: what the service is told, asked anew at each start. `say`: to the operator."""

    def __init__(
        self,
        environment: Callable[[], Mapping[str, str]],
        log: Path,
        say: Callable[[str], None],
        *,
        with_spare: bool,
        command: Sequence[str] = SERVICE,
    ) -> None:
        self._command = command
        self._environment = environment
        self._log = log
        self._say = say
        self._with_spare = with_spare
        self._restarts = Restarts()
        self._spare: Spare | None = None
        self._spare_due = 0.0
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, now: float) -> None:
        self.process = self._from_spare() or start_child(
            self._command, log=self._log, environment=self._environment()
        )
        self._restarts.started(now)
        self._spare_due = now + SPARE_AFTER_SECONDS

    def look(self, now: float) -> None:
        """Call this again and again, with the time in seconds."""
        if self.process is None:
            return
        if self.process.poll() is None:
            if self._with_spare:
                self._keep_a_spare(now)
            return
        if self._restarts.due_at is None:
            delay = self._restarts.has_ended(now)
            when = "now" if delay == 0 else f"in {delay:g} s"
            how = _how(self.process.returncode)
            self._say(f"  The service ended ({how}); starting it again {when}")
        if self._restarts.due(now):
            self.start(now)

    def stop(self) -> None:
        self._drop_spare()
        if self.process is not None:
            stop_child(self.process)

    # -- the spare ------------------------------------------------------------------------------
    def _keep_a_spare(self, now: float) -> None:
        if self._spare is not None and self._spare.process.poll() is not None:
            self._drop_spare()
            self._spare_due = now + SPARE_AGAIN_SECONDS
        if self._spare is None and now >= self._spare_due:
            environment = dict(self._environment())
            command = (*self._command, "--spare")
            process = start_child(command, log=self._log, environment=environment, told=True)
            self._spare = Spare(process, environment)

    def _from_spare(self) -> subprocess.Popen[bytes] | None:
        """None where there is no spare that knows what the service is to be told now."""
        spare = self._spare
        if spare is None:
            return None
        if spare.environment == self._environment() and spare.begin():
            self._spare = None
            return spare.process
        self._drop_spare()
        return None

    def _drop_spare(self) -> None:
        if self._spare is not None:
            stop_child(self._spare.process)
            assert self._spare.process.stdin is not None
            self._spare.process.stdin.close()
            self._spare = None


def _how(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"
