"""Children of the supervisor: when they are started again, and that none outlives it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from callcenter.cli.children import DELAY_MAX, STEADY_SECONDS, Restarts, start_child, stop_child

pytestmark = pytest.mark.web


def until(true: Callable[[], bool], seconds: float = 10) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.02)
    return true()


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_the_first_death_is_answered_at_once() -> None:
    restarts = Restarts()
    restarts.started(100.0)
    assert restarts.has_ended(100.5) == 0.0
    assert restarts.due(100.5)


def test_one_that_dies_again_and_again_is_started_less_and_less_often() -> None:
    restarts = Restarts()
    now = 0.0
    delays = []
    for _ in range(9):
        restarts.started(now)
        delay = restarts.has_ended(now + 0.1)
        delays.append(delay)
        assert not restarts.due(now + delay)
        now += 0.1 + delay
        assert restarts.due(now)
    assert delays == [0.0, 0.5, 1.0, 2.0, 4.0, 8.0, DELAY_MAX, DELAY_MAX, DELAY_MAX]


def test_a_steady_time_is_forgiven() -> None:
    restarts = Restarts(ended=5)
    restarts.started(0.0)
    assert restarts.has_ended(STEADY_SECONDS) == 0.0


def test_a_child_that_does_not_listen_is_killed(tmp_path: Path) -> None:
    deaf = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "print('x', flush=True); time.sleep(60)"
    )
    child = start_child([sys.executable, "-c", deaf], log=tmp_path / "log")
    assert until(lambda: (tmp_path / "log").read_text() == "x\n")
    stop_child(child, seconds=0.3)
    assert child.returncode == -signal.SIGKILL


def test_no_child_outlives_a_killed_supervisor(tmp_path: Path) -> None:
    text = (
        "import sys, pathlib, time\n"
        "from callcenter.cli.children import start_child\n"
        "child = start_child(['sleep', '60'], log=pathlib.Path(sys.argv[1]))\n"
        "print(child.pid, flush=True); time.sleep(60)\n"
    )
    supervisor = subprocess.Popen(
        [sys.executable, "-c", text, str(tmp_path / "log")], stdout=subprocess.PIPE
    )
    assert supervisor.stdout
    with supervisor.stdout:
        pid = int(supervisor.stdout.readline())
    assert until(lambda: Path(f"/proc/{pid}/comm").read_text() == "sleep\n")
    supervisor.kill()
    supervisor.wait()
    try:
        assert until(lambda: gone(pid))
    finally:
        if not gone(pid):
            os.kill(pid, signal.SIGKILL)
