"""`callcenter up`: everything on this machine, in the foreground, until Ctrl-C.

The supervisor owns PostgreSQL and Asterisk, and starts the service again when it dies; calls live
in Asterisk and do not notice. It holds no call, no state and no rule of the centre.
"""

from __future__ import annotations

import asyncio
import fcntl
import os
import signal
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TextIO

import typer
from sqlalchemy.exc import SQLAlchemyError

from callcenter.asterisk.install import NoAsterisk
from callcenter.asterisk.process import AsteriskFailed, AsteriskProcess
from callcenter.cli import demo, installation, ports
from callcenter.cli.children import Restarts, stop_child
from callcenter.cli.database_watch import DatabaseWatch
from callcenter.cli.doctor_web import own_address, trusting
from callcenter.cli.installation import CannotStart, Folders
from callcenter.cli.log_files import LogFiles
from callcenter.cli.service_child import ServiceChild
from callcenter.secret_files import SecretUnusable
from callcenter.settings import (
    PREFIX,
    Settings,
    SettingsMistakes,
    default_data_directory,
    load_settings,
    masked,
)
from callcenter.store.embedded import EmbeddedPostgres, EmbeddedPostgresError
from callcenter.store.migrations import MigrationError

READY_SECONDS_MAX = 60.0
WATCH_SECONDS = 0.1
DEMO_PORT_TRIES = 20
LINES_SHOWN = 15
ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
EXPECTED_FAILURES = (
    AsteriskFailed,
    CannotStart,
    EmbeddedPostgresError,
    MigrationError,
    NoAsterisk,
    OSError,
    SecretUnusable,
    SQLAlchemyError,
)


def say(line: str = "") -> None:
    print(line, flush=True)


class Supervisor:
    """The parts that were started, and the order in which they are stopped."""

    def __init__(self, settings: Settings, *, with_demo: bool, keep_calls: bool) -> None:
        self.settings = settings
        self.folders = Folders(settings.data_directory)
        self._with_demo = with_demo
        self._keep_calls = keep_calls
        self._database: EmbeddedPostgres | None = None
        self._database_watch: DatabaseWatch | None = None
        self._asterisk: AsteriskProcess | None = None
        self._service = ServiceChild(
            lambda: self._environment, self._service_log, say, with_spare=settings.spare_service
        )
        self._callers: subprocess.Popen[bytes] | None = None
        self._logs = LogFiles([self.folders.logs, self.folders.asterisk / "log"])
        self._asterisk_restarts = Restarts()
        self._start_asterisk: Callable[[], AsteriskProcess] | None = None
        self._environment: dict[str, str] = {}
        self._only_one: TextIO | None = None
        self.url = ""

    # -- start ----------------------------------------------------------------------------------
    def start(self) -> None:
        """Everything up, or one of EXPECTED_FAILURES; what was started is for `stop`."""
        self.folders.make()
        self._lock()
        began = time.monotonic()
        self._start_database()
        began = _done("Database", "ready", began)
        lines = demo.prepare(self.url, self.settings, self.folders) if self._with_demo else []
        if lines:
            began = _done("Demo", "people, customers and queues are in place", began)
        if self.settings.asterisk_mode == "private":
            self._start_private_asterisk()
            began = _done("Asterisk", self._asterisk_line(), began)
        else:
            self._environment = dict(os.environ) | {f"{PREFIX}DATABASE_URL": self.url}
        self._service.start(time.monotonic())
        self._wait_until_ready()
        _done("Service", "ready", began)
        self._welcome(lines)
        if self._with_demo:
            self._callers = demo.start_callers(self.folders, self._sip_address())

    def _lock(self) -> None:
        self._only_one = (self.folders.run / "supervisor.lock").open("w")
        try:
            fcntl.flock(self._only_one, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise CannotStart(
                f"A contact centre is already running on {self.folders.data}."
                " Stop it first, or choose another folder with --data."
            ) from None

    def _start_database(self) -> None:
        if self.settings.database_url is not None:
            self.url = self.settings.database_url
            say(f"  Database    {masked(self.url)}")
        else:
            self._database = EmbeddedPostgres(self.folders.database)
            asyncio.run(self._database.start())
            self._database_watch = DatabaseWatch(self._database, say)
            self.url = self._database.url
        asyncio.run(installation.prepare_database(self.url, self.settings))

    def _start_private_asterisk(self) -> None:
        found = installation.find_asterisk(self.settings, lambda line: say(f"  {line}"))

        def start() -> AsteriskProcess:
            asterisk, chosen = installation.start_asterisk(
                found, self.folders, self.settings, self.url, keep_running=self._keep_calls
            )
            self.ports = chosen
            told = installation.service_settings(found, self.settings, self.url, chosen)
            installation.remember(self.settings, told)
            self._environment = dict(os.environ) | told | {"PYTHONUNBUFFERED": "1"}
            return asterisk

        self._start_asterisk = start
        self._asterisk = start()
        self._asterisk_restarts.started(time.monotonic())

    def _asterisk_line(self) -> str:
        assert self._asterisk is not None
        taken = "taken over with its calls" if self._asterisk.child is None else "ready"
        return f"{self._asterisk.install.version}, {taken}, SIP on {self._sip_address()}"

    def _sip_address(self) -> str:
        host = "127.0.0.1" if self.settings.loopback else self.settings.listen_address
        return f"{host}:{self.ports['sip']}"

    def _wait_until_ready(self) -> None:
        assert self._service.process is not None
        deadline = time.monotonic() + READY_SECONDS_MAX
        while not self._answers():
            if self._service.process.poll() is not None:
                raise CannotStart(f"The service ended while starting. {self._last_words()}")
            if time.monotonic() > deadline:
                raise CannotStart(
                    f"The service does not answer at {self.address()} after"
                    f" {READY_SECONDS_MAX:g} s. {self._last_words()}"
                )
            time.sleep(WATCH_SECONDS)

    def _answers(self) -> bool:
        context = trusting() if self.settings.tls else None
        try:
            with urllib.request.urlopen(f"{self.address()}/healthz", timeout=2, context=context):
                return True
        except (OSError, urllib.error.URLError):
            return False

    @property
    def _service_log(self) -> Path:
        return self.folders.logs / "service.log"

    def _last_words(self) -> str:
        log = self._service_log
        lines = log.read_text(errors="replace").splitlines()[-LINES_SHOWN:]
        return "\n".join([f"Its last lines ({log}):", *lines])

    def address(self) -> str:
        return own_address(self.settings)

    def _welcome(self, lines: list[str]) -> None:
        say()
        say(f"  The contact centre runs:  {self.address()}")
        link = asyncio.run(demo.first_run_link(self.url, self.address()))
        if link:
            say(f"  Make the first administrator (this link works once, for a day):  {link}")
        for line in lines:
            say(f"  {line}")
        say(f"  Logs: {self.folders.logs}")
        if os.geteuid() == 0:
            say("  It runs as root: for trying it out. docs/production.md has a user for it.")
        say("  Ctrl-C stops it.")
        say()

    # -- watch ----------------------------------------------------------------------------------
    def watch(self) -> None:
        """Keeps the parts alive until interrupted."""
        while True:
            now = time.monotonic()
            self._service.look(now)
            if self._asterisk is not None and not self._asterisk.alive():
                self._watch_asterisk(now)
            if self._database_watch is not None:
                self._database_watch.look(now)
            self._logs.look(now)
            time.sleep(WATCH_SECONDS)

    def _watch_asterisk(self, now: float) -> None:
        if self._asterisk_restarts.due_at is None:
            delay = self._asterisk_restarts.has_ended(now)
            say(f"  Asterisk ended, its calls are lost; starting it again in {delay:g} s")
        if self._asterisk_restarts.due(now) and self._start_asterisk is not None:
            try:
                self._asterisk = self._start_asterisk()
                self._asterisk_restarts.started(time.monotonic())
                say("  Asterisk runs again")
            except (AsteriskFailed, OSError) as error:
                say(f"  {error}")
                self._asterisk_restarts.has_ended(time.monotonic())

    # -- stop -----------------------------------------------------------------------------------
    def stop(self) -> None:
        """In the order that loses nothing: no new callers, the service, Asterisk, the database."""
        if self._callers is not None:
            stop_child(self._callers)
        self._service.stop()
        if self._keep_calls:
            say("  Asterisk and the database go on running (--keep-calls)")
            return
        if self._asterisk is not None:
            self._asterisk.stop()
        if self._database is not None:
            try:
                asyncio.run(self._database.stop())
            except EmbeddedPostgresError as error:
                say(f"  {error}")


def _done(part: str, what: str, began: float) -> float:
    now = time.monotonic()
    say(f"  {part:<11} {what} ({now - began:.1f} s)")
    return now


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def up(
    with_demo: Annotated[bool, typer.Option("--demo", help="people, customers, callers")] = False,
    data: Annotated[Path | None, typer.Option(help="where everything is kept")] = None,
    listen: Annotated[str | None, typer.Option(help="let other machines connect here")] = None,
    port: Annotated[int | None, typer.Option(help="the console's port")] = None,
    keep_calls: Annotated[bool, typer.Option(help="leave Asterisk running at the end")] = False,
) -> None:
    """Run the whole contact centre on this machine, in the foreground, until Ctrl-C."""
    if data is None and with_demo and f"{PREFIX}DATA_DIRECTORY" not in os.environ:
        data = default_data_directory().with_name("callcenter-demo")
    if data is not None:
        os.environ[f"{PREFIX}DATA_DIRECTORY"] = str(data.absolute())
    if listen is not None:
        os.environ[f"{PREFIX}LISTEN_ADDRESS"] = listen
    if port is not None:
        os.environ[f"{PREFIX}LISTEN_PORT"] = str(port)
    try:
        settings = load_settings()
    except SettingsMistakes as mistakes:
        say(str(mistakes))
        raise typer.Exit(2) from None
    raise typer.Exit(run(settings, with_demo=with_demo, keep_calls=keep_calls))


def run(settings: Settings, *, with_demo: bool, keep_calls: bool) -> int:
    """The exit code: 0 after Ctrl-C, 1 if something did not start."""
    for sign in ENDING:
        signal.signal(sign, _interrupt)
    settings = _with_free_port(settings)
    supervisor = Supervisor(settings, with_demo=with_demo, keep_calls=keep_calls)
    code = 0
    try:
        supervisor.start()
        supervisor.watch()
    except KeyboardInterrupt:
        say("\n  Stopping ...")
    except EXPECTED_FAILURES as error:
        say(f"\n{error}")
        code = 1
    finally:
        for sign in ENDING:
            signal.signal(sign, signal.SIG_IGN)
        supervisor.stop()
    say("  Stopped.")
    return code


def _with_free_port(settings: Settings) -> Settings:
    """If nobody chose the port and it is taken, the next free one."""
    if "listen_port" in settings.model_fields_set and settings.listen_port != 0:
        return settings
    first = settings.listen_port or Settings.model_fields["listen_port"].default
    for port in range(first, first + DEMO_PORT_TRIES):
        if ports.is_free(port, settings.listen_address):
            return settings.model_copy(update={"listen_port": port})
    return settings


def register(app: typer.Typer) -> None:
    app.command(name="up")(up)
