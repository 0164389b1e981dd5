"""A real Asterisk with a configuration of a few lines: starting, asking, stopping, taking over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from callcenter.asterisk import process
from callcenter.asterisk.install import AsteriskInstall, find_or_make
from callcenter.asterisk.process import AsteriskFailed

pytestmark = pytest.mark.asterisk


@pytest.fixture(scope="module")
def install() -> AsteriskInstall:
    return find_or_make()


@pytest.fixture
def folder() -> Iterator[Path]:
    """Where another account may look, too: in pytest's own folders it may not."""
    with tempfile.TemporaryDirectory(prefix="asterisk-", ignore_cleanup_errors=True) as made:
        Path(made).chmod(0o755)
        yield Path(made)


@pytest.fixture
def started() -> Iterator[list[process.AsteriskProcess]]:
    running: list[process.AsteriskProcess] = []
    yield running
    for one in running:
        one.stop()


def write_config(folder: Path, install: AsteriskInstall, modules: str = "") -> Path:
    """The least that Asterisk boots with; its folders below `folder`."""
    etc = folder / "etc"
    etc.mkdir()
    places = "\n".join(f"{name} => {folder}/{name}" for name in process.WRITTEN_BY_ASTERISK)
    (etc / "asterisk.conf").write_text(
        f"[directories]\nastetcdir => {etc}\nastmoddir => {install.modules_folder}\n"
        f"astdatadir => {install.data_folder}\n{places}\n"
    )
    (etc / "modules.conf").write_text(f"[modules]\nautoload=no\n{modules}")
    (etc / "logger.conf").write_text("[logfiles]\nconsole => warning,error\n")
    return etc / "asterisk.conf"


def until(true: Callable[[], bool], seconds: float = 15) -> bool:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(0.05)
    return true()


def gone(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


def test_it_boots_answers_and_stops(
    install: AsteriskInstall, folder: Path, started: list[process.AsteriskProcess]
) -> None:
    asterisk = process.start(install, write_config(folder, install), log_file=folder / "log")
    started.append(asterisk)
    assert asterisk.ask("core show version").startswith(f"Asterisk {install.version}")
    asterisk.stop()
    assert not asterisk.alive()
    assert gone(asterisk.pid)
    assert not asterisk.pid_file.exists()


def test_two_run_side_by_side(
    install: AsteriskInstall,
    tmp_path_factory: pytest.TempPathFactory,
    started: list[process.AsteriskProcess],
) -> None:
    for _ in range(2):
        folder = tmp_path_factory.mktemp("asterisk")
        config = write_config(folder, install)
        started.append(process.start(install, config, log_file=folder / "log"))
    one, other = started
    one.stop()
    assert other.alive()
    assert "Asterisk" in other.ask("core show version")


def test_a_second_start_takes_over_the_running_one(
    install: AsteriskInstall, folder: Path, started: list[process.AsteriskProcess]
) -> None:
    config = write_config(folder, install)
    first = process.start(install, config, log_file=folder / "log", keep_running=True)
    started.append(first)
    second = process.start(install, config, log_file=folder / "log", keep_running=True)
    assert (second.pid, second.started_ticks) == (first.pid, first.started_ticks)
    assert second.child is None
    assert second.alive()


def test_a_pid_file_of_another_process_is_not_believed(
    install: AsteriskInstall, folder: Path, started: list[process.AsteriskProcess]
) -> None:
    config = write_config(folder, install)
    run = folder / "astrundir"
    run.mkdir()
    (run / "callcenter-asterisk.json").write_text(f'{{"pid": {os.getpid()}, "started_ticks": 1}}')
    asterisk = process.start(install, config, log_file=folder / "log")
    started.append(asterisk)
    assert asterisk.pid != os.getpid()


@pytest.mark.parametrize(("keep_running", "survives"), [("False", False), ("True", True)])
def test_it_dies_with_its_parent_unless_it_shall_keep_running(
    install: AsteriskInstall, folder: Path, keep_running: str, survives: bool
) -> None:
    config = write_config(folder, install)
    text = (
        "import sys, pathlib\n"
        "from callcenter.asterisk import install, process\n"
        "config, log = map(pathlib.Path, sys.argv[1:3])\n"
        f"running = process.start(install.find_or_make(), config, log_file=log,"
        f" keep_running={keep_running}, account=process.ensure_account())\n"
        "print(running.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    parent_process = subprocess.Popen(
        [sys.executable, "-c", text, str(config), str(folder / "log")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert parent_process.stdin
    assert parent_process.stdout
    with parent_process.stdin, parent_process.stdout:
        pid = int(parent_process.stdout.readline())
        try:
            parent_process.kill()
            parent_process.wait()
            if survives:
                again = process.start(install, config, log_file=folder / "log", keep_running=True)
                assert again.pid == pid
                assert again.alive()
                if os.geteuid() == 0:
                    assert Path(f"/proc/{pid}").stat().st_uid != 0
                again.stop()
            assert until(lambda: gone(pid))
        finally:
            if not gone(pid):
                os.kill(pid, signal.SIGKILL)


def test_a_configuration_that_does_not_boot_says_why(
    install: AsteriskInstall, folder: Path
) -> None:
    config = write_config(folder, install, modules="require = no_such_module.so\n")
    with pytest.raises(AsteriskFailed, match="no_such_module"):
        process.start(install, config, log_file=folder / "log")


def test_folders_that_are_missing_in_the_configuration_are_named(tmp_path: Path) -> None:
    config = tmp_path / "asterisk.conf"
    config.write_text("[directories]\nastrundir => relative\n")
    with pytest.raises(AsteriskFailed, match="astrundir"):
        process.read_directories(config)
