"""A whole centre on this machine: PostgreSQL, Asterisk, and the service as a process to kill.

The parts are brought up by the same functions as `callcenter up`; only the supervisor is missing,
since tests want to decide when the service dies and comes back.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import httpx

from callcenter.asterisk.install import AsteriskInstall
from callcenter.asterisk.process import AsteriskProcess
from callcenter.cli import installation
from callcenter.cli.installation import Folders
from callcenter.cli.service_child import Spare
from callcenter.settings import Settings
from callcenter.store.demo import seed_demo
from callcenter.store.directory import Directory
from callcenter.store.embedded import EmbeddedPostgres
from callcenter.store.engine import make_engine
from callcenter.store.phones import Phones
from callcenter.web.passwords import Passwords
from tests.asterisk.lab import OUTSIDE_ADDRESS, free_port
from tests.ready_made import lay_cluster, spoken

PASSWORD = "a-demo-password-long-enough"
DIRECT_DID = "4001"
DIRECT_FLOW = """
id: direct
name: Straight to support
languages: [en]
start: support
fallback: support
nodes:
  support: {kind: queue, queue: support, ports: {}}
"""
READY_SECONDS = 90.0
SPARE_LOADED = "a spare service is loaded"


class House:
    """`url` is the console's address. Built by `house`."""

    def __init__(self, folder: Path, own_hosts: tuple[str, ...] = ()) -> None:
        self.settings = Settings(
            listen_port=free_port(),
            data_directory=folder,
            sip_port=free_port(),
            outbound_trunk=f"{OUTSIDE_ADDRESS}:{free_port(socket.SOCK_DGRAM)}",
            flow_hosts=own_hosts,
            flow_networks=("127.0.0.0/8",) if own_hosts else (),
        )
        self.folders = Folders(folder)
        self.url = f"http://127.0.0.1:{self.settings.listen_port}"
        self.database = EmbeddedPostgres(
            self.folders.database, settings={"fsync": "off", "max_connections": "100"}
        )
        self.asterisk: AsteriskProcess | None = None
        self.ports: dict[str, int] = {}
        self.service: subprocess.Popen[bytes] | None = None
        self._spare: Spare | None = None
        self._environment: dict[str, str] = {}

    async def prepare(self) -> None:
        """Database with the demo's people and one flow more; Asterisk."""
        self.folders.make()
        # Ports of its own from the start: two houses that begin at once would both find the usual
        # ones free, and one's service would speak to the other's Asterisk.
        own = {name: free_port() for name in installation.PORTS}
        (self.folders.run / "ports.json").write_text(json.dumps(own))
        await asyncio.to_thread(lay_cluster, self.folders.database)
        await self.database.start()
        await installation.prepare_database(self.database.url, self.settings)
        passwords = Passwords()
        hashed = await passwords.hash(PASSWORD)
        passwords.close()
        await seed_demo(self.database.url, password_hash=hashed, now=time.time())
        await self._publish()
        found = await asyncio.to_thread(installation.find_asterisk, self.settings, print)
        self.start_asterisk(found)
        told = installation.service_settings(found, self.settings, self.database.url, self.ports)
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        self._environment = kept | told

    def start_asterisk(self, found: AsteriskInstall) -> None:
        """Also after it was killed; on the same ports."""
        self.asterisk, self.ports = installation.start_asterisk(
            found, self.folders, self.settings, self.database.url, keep_running=False
        )

    async def _publish(self) -> None:
        engine = make_engine(self.database.url)
        directory = Directory(engine)
        await directory.publish_flow("direct", DIRECT_FLOW, note="for tests", by="tests")
        await directory.put_route(DIRECT_DID, "direct", by="tests")
        await engine.dispose()

    async def desk_phone(self, agent: str) -> str:
        """Makes the endpoint d<agent>; its SIP secret."""
        engine = make_engine(self.database.url)
        try:
            return await Phones(engine).desk_phone(agent)
        finally:
            await engine.dispose()

    @property
    def environment(self) -> dict[str, str]:
        """The service's."""
        return dict(self._environment)

    def tell(self, **settings: str) -> None:
        """Further settings of the service, or other ones, from its next start."""
        self._environment |= {f"CALLCENTER_{name.upper()}": text for name, text in settings.items()}

    # -- the service ----------------------------------------------------------------------------
    def start_service(self) -> None:
        """A new process, or the spare one that was loaded for it."""
        spare, self._spare = self._spare, None
        if spare is not None:
            assert spare.begin()
            self.service = spare.process
        else:
            self.service = self._process()

    async def load_spare(self) -> None:
        """As the supervisor does; returns when it waits to be told."""
        before = self.log().count(SPARE_LOADED)
        self._spare = Spare(self._process("--spare", stdin=subprocess.PIPE), self._environment)
        async with asyncio.timeout(READY_SECONDS):
            while self.log().count(SPARE_LOADED) == before:  # noqa: ASYNC110 - it tells nobody else
                await asyncio.sleep(0.05)

    def _process(self, *words: str, stdin: int = subprocess.DEVNULL) -> subprocess.Popen[bytes]:
        with (self.folders.logs / "service.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "callcenter", "serve", *words],
                stdin=stdin,
                stdout=log,
                stderr=log,
                env=self._environment,
            )

    def kill_service(self) -> None:
        """kill -9: no chance to say goodbye."""
        assert self.service is not None
        self.service.send_signal(signal.SIGKILL)
        self.service.wait(timeout=10)

    async def ready(self, seconds: float = READY_SECONDS) -> float:
        """Wait until /readyz is green, no longer than `seconds`; how long it took."""
        began = time.monotonic()
        async with httpx.AsyncClient() as client:
            while True:
                try:
                    if (await client.get(f"{self.url}/readyz", timeout=2)).status_code == 200:
                        return time.monotonic() - began
                except httpx.HTTPError:
                    pass
                if self.service is not None and self.service.poll() not in (None, -9):
                    raise AssertionError(f"the service ended:\n{self.log()[-3000:]}")
                if time.monotonic() - began > seconds:
                    raise AssertionError(f"not ready:\n{self.log()[-3000:]}")
                await asyncio.sleep(0.05)

    def log(self) -> str:
        return (self.folders.logs / "service.log").read_text(errors="replace")

    async def rows(self, query: str) -> list[asyncpg.Record]:
        connection = await asyncpg.connect(self.database.url.replace("+asyncpg", "", 1))
        try:
            found: list[asyncpg.Record] = await connection.fetch(query)
            return found
        finally:
            await connection.close()

    def channels(self) -> int:
        """Calls of callers that are up in Asterisk now."""
        assert self.asterisk is not None
        lines = self.asterisk.ask("core show channels concise").splitlines()
        return sum(1 for line in lines if line.startswith("PJSIP/callers"))

    async def close(self) -> None:
        if self._spare is not None:
            self._spare.process.kill()
            self._spare.process.communicate()
        if self.service is not None and self.service.poll() is None:
            self.service.terminate()
            try:
                await asyncio.to_thread(self.service.wait, 10)
            except subprocess.TimeoutExpired:
                self.kill_service()
        if self.asterisk is not None:
            await asyncio.to_thread(self.asterisk.stop)
        await self.database.stop()


def _folder() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="cc-house-"))
    folder.chmod(0o755)  # PostgreSQL and Asterisk run as users of their own
    return folder


@asynccontextmanager
async def house(
    *,
    start: bool = True,
    volume: Callable[[Path], None] = lambda folder: None,
    own_hosts: tuple[str, ...] = (),
) -> AsyncIterator[House]:
    """A running centre in a folder of its own, gone afterwards. `volume` is shown the folder
    before anything is in it. `own_hosts`: those on this machine that flows may ask."""
    made = House(_folder(), own_hosts)
    try:
        volume(made.folders.data)
        await made.prepare()
        with spoken(made.folders.data / "prompts"):
            if start:
                made.start_service()
                await made.ready()
            yield made
    except Exception as error:
        error.add_note(f"the service's log:\n{made.log()[-4000:]}")
        raise
    finally:
        await made.close()
        shutil.rmtree(made.folders.data, ignore_errors=True)
