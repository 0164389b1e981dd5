"""Runs one Asterisk with a given configuration: start, wait until it is fully up, ask, stop.

Any number may run side by side, since each has its own folders (`[directories]` of its
asterisk.conf, all absolute). Asterisk outlives the service on purpose: calls live in it. It dies
with whoever started it unless `keep_running` is asked for; then a later start finds it by its pid
file and leaves its calls alone.

This file must not know what the configuration says (`config` writes it) nor where Asterisk comes
from (`install`).
"""

from __future__ import annotations

import json
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from callcenter.asterisk.install import AsteriskInstall

BOOT_SECONDS = 60.0
STOP_SECONDS = 10.0
ASK_SECONDS = 10.0
POLL_SECONDS = 0.05
LOG_LINES_SHOWN = 15
ACCOUNT = "callcenter-asterisk"
PID_FILE = "callcenter-asterisk.json"
WRITTEN_BY_ASTERISK = (
    "astcachedir",
    "astvarlibdir",
    "astdbdir",
    "astkeydir",
    "astspooldir",
    "astrundir",
    "astlogdir",
)


class AsteriskFailed(Exception):
    """Asterisk did not start, or does not answer. The text ends with its last log lines."""


@dataclass(frozen=True, slots=True)
class AsteriskProcess:
    """A running Asterisk. `child` is None if it was found running rather than started by us."""

    install: AsteriskInstall
    config_file: Path
    log_file: Path
    pid_file: Path
    pid: int
    started_ticks: int
    child: subprocess.Popen[bytes] | None

    def alive(self) -> bool:
        if self.child is not None:
            return self.child.poll() is None
        return _start_ticks(self.pid) == self.started_ticks

    def ask(self, command: str) -> str:
        """What Asterisk's command line answers to `command`. Raises AsteriskFailed."""
        return ask(self.install, self.config_file, command)

    def stop(self, seconds: float = STOP_SECONDS) -> None:
        """Ends it and every call in it; kills it if it has not gone after `seconds`."""
        for sign in (signal.SIGTERM, signal.SIGKILL):
            if not self.alive():
                break
            os.kill(self.pid, sign)
            _wait_until(lambda: not self.alive(), seconds)
        self.pid_file.unlink(missing_ok=True)


def start(
    install: AsteriskInstall,
    config_file: Path,
    *,
    log_file: Path,
    account: str | None = None,
    keep_running: bool = False,
    also_writes: Sequence[Path] = (),
    boot_seconds: float = BOOT_SECONDS,
) -> AsteriskProcess:
    """Starts Asterisk with `config_file` (an asterisk.conf) and returns once it has fully booted.

    One that already runs with this configuration is taken over as it is. `account`: run as this
    user (we must be root); its folders, and those that it `also_writes`, are then given to it.
    Raises AsteriskFailed.
    """
    folders = read_directories(config_file)
    pid_file = Path(folders["astrundir"]) / PID_FILE
    _prepare(folders, config_file, account, also_writes)
    running = _find_running(install, config_file, log_file, pid_file)
    if running is not None:
        return running
    log_file.parent.mkdir(parents=True, exist_ok=True)
    with log_file.open("ab") as log:
        child = subprocess.Popen(
            [*_wrap(account, keep_running), *install.command, "-f", "-C", str(config_file)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            cwd="/",
            start_new_session=True,
            env=_environment(),
        )
    ticks = _start_ticks(child.pid) or 0
    started = AsteriskProcess(install, config_file, log_file, pid_file, child.pid, ticks, child)
    try:
        _wait_for_boot(started, boot_seconds)
    except BaseException:
        started.stop()
        raise
    pid_file.write_text(json.dumps({"pid": child.pid, "started_ticks": ticks}))
    return started


def ask(install: AsteriskInstall, config_file: Path, command: str) -> str:
    """What the command line of the Asterisk that runs with `config_file` answers. Raises
    AsteriskFailed."""
    done = _ask(install, config_file, command)
    if done.returncode != 0:
        raise AsteriskFailed(f"Asterisk does not answer: {done.stderr.strip()}")
    return done.stdout


def ensure_account(name: str = ACCOUNT) -> str | None:
    """The account that Asterisk shall run as, made if it is missing. None when we are not root:
    then Asterisk runs as we do."""
    if os.geteuid() != 0:
        return None
    try:
        pwd.getpwnam(name)
    except KeyError:
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--user-group",
             "--shell", "/usr/sbin/nologin", name],
            check=True,
            capture_output=True,
        )  # fmt: skip
    return name


def read_directories(config_file: Path) -> dict[str, str]:
    """The `[directories]` of an asterisk.conf. Raises AsteriskFailed if they are not all there."""
    values: dict[str, str] = {}
    section = ""
    for line in config_file.read_text().splitlines():
        text = line.split(";", 1)[0].strip()
        if text.startswith("["):
            section = text[1:].split("]", 1)[0]
        elif section == "directories" and "=" in text:
            name, _, value = text.partition("=")
            values[name.strip()] = value.removeprefix(">").strip()
    wrong = [n for n in WRITTEN_BY_ASTERISK if not values.get(n, "").startswith("/")]
    if wrong:
        raise AsteriskFailed(
            f"{config_file}: [directories] needs an absolute path for {', '.join(wrong)}"
        )
    return values


def _prepare(
    folders: dict[str, str], config_file: Path, account: str | None, also_writes: Sequence[Path]
) -> None:
    own = sorted({*(Path(folders[name]) for name in WRITTEN_BY_ASTERISK), *also_writes})
    for folder in own:
        folder.mkdir(parents=True, exist_ok=True)
    if account is None:
        return
    person = pwd.getpwnam(account)
    for folder in own:
        _check_reachable(folder, person)
        if folder.stat().st_uid != person.pw_uid:
            _give(folder, person, may_write=True)
    _check_reachable(config_file.parent, person)
    _give(config_file.parent, person, may_write=False)


def _give(folder: Path, person: pwd.struct_passwd, *, may_write: bool) -> None:
    """`folder` and all in it to the account: as owner, or as a group that may read."""
    for path in [folder, *folder.rglob("*")]:
        if path.is_symlink():
            continue
        os.chown(path, person.pw_uid if may_write else 0, person.pw_gid)
        group = 0o050 if path.is_dir() else 0o040
        path.chmod((path.stat().st_mode & 0o7700) | group)


def _check_reachable(folder: Path, person: pwd.struct_passwd) -> None:
    for parent in folder.parents:
        mode = parent.stat()
        if not (mode.st_mode & 0o001 or mode.st_uid == person.pw_uid):
            raise AsteriskFailed(
                f"The account {person.pw_name}, which Asterisk runs as, cannot enter {parent}"
                f" (mode {mode.st_mode & 0o777:o}), so it cannot reach {folder}."
                " Choose a data folder elsewhere."
            )


def _wrap(account: str | None, keep_running: bool) -> list[str]:
    """setpriv does both jobs that must happen between fork and exec."""
    wrap = [shutil.which("setpriv") or "setpriv"]
    if account is not None:
        person = pwd.getpwnam(account)
        wrap += [f"--reuid={person.pw_uid}", f"--regid={person.pw_gid}", "--clear-groups"]
    if not keep_running:
        wrap.append("--pdeathsig=TERM")
    return [*wrap, "--"] if len(wrap) > 1 else []


def _environment() -> dict[str, str]:
    """Asterisk is given nothing of ours: secrets of the service may stand in the environment."""
    kept = ("PATH", "TZ", "LANG")
    return {name: os.environ[name] for name in kept if name in os.environ} | {
        "HOME": "/nonexistent"
    }


def is_running(run_folder: Path) -> bool:
    """Whether the Asterisk whose `astrundir` this is runs already."""
    return _read_pid_file(run_folder / PID_FILE) is not None


def _read_pid_file(pid_file: Path) -> tuple[int, int] | None:
    """The process and its start time, if it is still that process."""
    try:
        written = json.loads(pid_file.read_text())
        pid, ticks = int(written["pid"]), int(written["started_ticks"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return (pid, ticks) if _start_ticks(pid) == ticks else None


def _find_running(
    install: AsteriskInstall, config_file: Path, log_file: Path, pid_file: Path
) -> AsteriskProcess | None:
    known = _read_pid_file(pid_file)
    if known is None:
        return None
    pid, ticks = known
    found = AsteriskProcess(install, config_file, log_file, pid_file, pid, ticks, None)
    _wait_for_boot(found, BOOT_SECONDS)
    return found


def _wait_for_boot(process: AsteriskProcess, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if not process.alive():
            raise AsteriskFailed(f"Asterisk ended while starting.{_last_lines(process.log_file)}")
        asked = _ask(process.install, process.config_file, "core waitfullybooted")
        if "fully booted" in asked.stdout:
            return
        time.sleep(POLL_SECONDS)
    raise AsteriskFailed(
        f"Asterisk has not booted after {seconds:g} s.{_last_lines(process.log_file)}"
    )


def _ask(
    install: AsteriskInstall, config_file: Path, command: str
) -> subprocess.CompletedProcess[str]:
    argv = [*install.command, "-C", str(config_file), "-rx", command]
    try:
        return subprocess.run(
            argv, capture_output=True, text=True, errors="replace", timeout=ASK_SECONDS
        )
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(argv, 1, "", f"no answer in {ASK_SECONDS:g} s")


def _start_ticks(pid: int) -> int | None:
    """When the process started, in clock ticks since boot (proc(5), field 22): a pid that was
    given to another process meanwhile has another value. None: no such process, or a dead one."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] == "Z" else int(fields[19])


def _last_lines(log_file: Path) -> str:
    try:
        lines = log_file.read_text(errors="replace").splitlines()[-LOG_LINES_SHOWN:]
    except OSError:
        return ""
    return "\n".join([f" Its last words ({log_file}):", *lines])


def _wait_until(true: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not true() and time.monotonic() < deadline:
        time.sleep(POLL_SECONDS)
