"""A private Asterisk with the product's own configuration, telephones, and a switch to drive.

Everything listens on the loopback on ports that were free a moment ago, so several can run side by
side. Waiting is always for something, with a deadline.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import socket
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from callcenter.asterisk import process
from callcenter.asterisk.config import AsteriskDatabase, AsteriskSettings, write
from callcenter.asterisk.install import AsteriskInstall, find_or_make, in_folder
from callcenter.asterisk.playing import Prompts
from callcenter.asterisk.switch import Switch, SwitchSettings
from callcenter.core.inputs import Input
from callcenter.dialling import DialRules
from callcenter.runtime.vault import Vault
from ivr.asks import PromptItem
from tests.asterisk.media import Media
from tests.asterisk.tones import hold_music

SCENARIOS = Path(__file__).with_name("sipp")
AGENTS = ("ada", "bob", "cyd")
CALLER_ADDRESS = "127.0.0.2"
OUTSIDE_ADDRESS = "127.0.0.3"
SECOND_ADDRESS = "127.0.0.4"
"""From here calls come by a trunk of its own, as an administrator adds one."""
SECOND_TRUNK = f"""
[carrier-2](caller)
identify_by = ip
[carrier-2-address]
type = identify
endpoint = carrier-2
match = {SECOND_ADDRESS}/32
"""
EVENTS_SECRET, CONTROL_SECRET = "events-secret-of-the-lab", "control-secret-of-the-lab"
LEASE_SECONDS, BEAT_SECONDS_MAX = 4, 3

I = TypeVar("I", bound=Input)  # noqa: E741


def free_port(kind: int = socket.SOCK_STREAM) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def free_media_ports(count: int = 400) -> int:
    """The first of a block of ports below the ones that the kernel hands out."""
    seed = free_port(socket.SOCK_DGRAM)
    for start in range(12000 + seed % 16000 // 2 * 2, 31000, count):
        with contextlib.suppress(OSError):
            for port in range(start, start + count, 20):
                with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
                    probe.bind(("127.0.0.1", port))
            return start
    raise RuntimeError("no free block of ports for sound")


@dataclass
class LaterCaller:
    media: Media
    dial: Callable[..., None]


def installed() -> AsteriskInstall:
    """The Asterisk that CALLCENTER_ASTERISK_ROOT names, else the one found or made."""
    root = os.environ.get("CALLCENTER_ASTERISK_ROOT")
    if not root:
        return find_or_make()
    found = in_folder(Path(root))
    assert found is not None, f"CALLCENTER_ASTERISK_ROOT: no Asterisk that runs in {root}"
    return found


class Lab:
    """One Asterisk. `agents` have phones with the secret `secret-<name>`, unless a database has
    them."""

    def __init__(self, folder: Path, database: AsteriskDatabase | None = None) -> None:
        self.folder = folder
        self.recordings = folder / "recordings"
        self.talks = self.recordings / "talks"
        self.talks.mkdir(parents=True)
        self.vault = Vault()
        self.install = installed()
        media = free_media_ports()
        self.settings = AsteriskSettings(
            system_name="lab",
            modules_directory=self.install.modules_folder,
            data_directory=self.install.data_folder,
            music_directory=hold_music(folder / "music"),
            state_directory=folder / "state",
            run_directory=folder / "run",
            log_directory=folder / "log",
            talks_directory=self.talks,
            events_secret=EVENTS_SECRET,
            control_secret=CONTROL_SECRET,
            ami_port=free_port(),
            sip_port=free_port(socket.SOCK_DGRAM),
            http_port=free_port(),
            rtp_start=media,
            rtp_end=media + 398,
            media_address="127.0.0.1",
            trunk_addresses=(f"{CALLER_ADDRESS}/32",),
            caller_rtp_timeout_seconds=0,
            outbound_trunk=f"{OUTSIDE_ADDRESS}:{free_port(socket.SOCK_DGRAM)}",
            lease_seconds=LEASE_SECONDS,
            beat_seconds_max=BEAT_SECONDS_MAX,
            fallback_seconds=30,
            database=database,
        )
        self.config = write(self.settings, folder / "etc")
        if database is None:
            phones = "".join(map(_phone, AGENTS)) + SUPERVISOR_PHONE
            (folder / "etc" / "pjsip-local.conf").write_text(phones + SECOND_TRUNK)
        self.epoch = 0
        self._process: process.AsteriskProcess | None = None

    def start(self) -> None:
        self._process = process.start(
            self.install, self.config, log_file=self.folder / "asterisk.out"
        )

    def stop(self) -> None:
        if self._process is not None:
            self._process.stop()

    @property
    def process(self) -> process.AsteriskProcess:
        assert self._process is not None, "not started"
        return self._process

    def ask(self, command: str) -> str:
        """Asterisk's command line."""
        return self.process.ask(command)

    def log(self) -> str:
        return (self.folder / "log" / "messages.log").read_text(errors="replace")

    def switch_settings(self, ami_port: int | None = None, **other: float) -> SwitchSettings:
        return SwitchSettings(
            node="lab",
            host="127.0.0.1",
            ami_port=ami_port or self.settings.ami_port,
            events_secret=EVENTS_SECRET,
            control_secret=CONTROL_SECRET,
            lease_seconds=LEASE_SECONDS,
            beat_seconds=0.7,
            dial_rules=DialRules("CN"),
            **other,  # type: ignore[arg-type]
        )

    # -- telephones ---------------------------------------------------------------------------
    @contextlib.asynccontextmanager
    async def caller(
        self,
        did: str = "4000",
        number: str = "13800138000",
        name: str = "Test Caller",
        talk_ms: int = 60_000,
        tone: float | None = None,
        media: Media | None = None,
        address: str = CALLER_ADDRESS,
    ) -> AsyncIterator[Media]:
        """Dials in. The call lasts until `talk_ms`, its other end, or the end of the block."""
        async with contextlib.AsyncExitStack() as stack:
            if media is None:
                media = await stack.enter_async_context(Media(tone))
            values = {
                "DID": did,
                "NUMBER": number,
                "NAME": name,
                "TALK": str(talk_ms),
                "MEDIA_ADDRESS": media.address,
                "MEDIA_PORT": str(media.port),
            }
            port = str(free_port(socket.SOCK_DGRAM))
            options = ("-m", "1", "-p", port)
            try:
                async with self._sipp("caller", values, address, *options):
                    yield media
            finally:
                # A telephone that vanished: nobody else would end what is left of its call.
                await asyncio.to_thread(self.ask, "channel request hangup all")

    @contextlib.asynccontextmanager
    async def caller_who_stays(
        self, did: str = "4000", tone: float | None = None
    ) -> AsyncIterator[LaterCaller]:
        """A telephone in hand: dials when asked to, and keeps its call beyond services."""
        async with Media(tone) as media, contextlib.AsyncExitStack() as stack:
            calls: list[asyncio.Task[None]] = []

            def dial(talk_ms: int = 60_000) -> None:
                calls.append(asyncio.create_task(one_call(talk_ms)))

            async def one_call(talk_ms: int) -> None:
                async with self.caller(did, talk_ms=talk_ms, media=media):
                    await asyncio.Event().wait()

            async def hang_up() -> None:
                for call in calls:
                    call.cancel()
                await asyncio.gather(*calls, return_exceptions=True)

            stack.push_async_callback(hang_up)
            yield LaterCaller(media, dial)

    @contextlib.asynccontextmanager
    async def agent(
        self,
        device: str,
        ring_ms: int = 100,
        talk_ms: int = 60_000,
        tone: float | None = None,
        refuse: str = "",
        hold_ms: int = 0,
    ) -> AsyncIterator[Media]:
        """A registered phone that takes any number of calls, one after the other. With `refuse`,
        such as "486 Busy Here", it takes none; with `hold_ms` it holds the call by itself."""
        port = free_port(socket.SOCK_DGRAM)
        async with Media(tone) as media:
            values = {
                "RING": str(ring_ms),
                "TALK": str(talk_ms),
                "STATUS": refuse,
                "HOLD": str(hold_ms),
                "MEDIA_ADDRESS": media.address,
                "MEDIA_PORT": str(media.port),
            }
            scenario = "refuse" if refuse else "holding-agent" if hold_ms else "agent"
            async with self._sipp(scenario, values, "127.0.0.1", "-p", str(port)):
                await self.register(device, port)
                try:
                    yield media
                finally:
                    await self.register(device, port, expires=0)

    @contextlib.asynccontextmanager
    async def outside(
        self, ring_ms: int = 100, talk_ms: int = 60_000, tone: float | None = None, refuse: str = ""
    ) -> AsyncIterator[Media]:
        """Every number outside: behind the trunk one telephone answers, or refuses like `agent`."""
        assert self.settings.outbound_trunk is not None
        port = self.settings.outbound_trunk.rpartition(":")[2]
        async with Media(tone) as media:
            values = {
                "RING": str(ring_ms),
                "TALK": str(talk_ms),
                "STATUS": refuse,
                "MEDIA_ADDRESS": media.address,
                "MEDIA_PORT": str(media.port),
            }
            async with self._sipp(
                "refuse" if refuse else "agent", values, OUTSIDE_ADDRESS, "-p", port
            ):
                yield media

    @contextlib.asynccontextmanager
    async def supervisor(
        self, token: str, tone: float | None = None, talk_ms: int = 60_000
    ) -> AsyncIterator[Media]:
        """Dials a token, as a supervisor's browser does."""
        async with Media(tone) as media:
            values = {
                "DID": f"hear{token}",
                "NUMBER": "sue",
                "NAME": "Sue",
                "TALK": str(talk_ms),
                "MEDIA_ADDRESS": media.address,
                "MEDIA_PORT": str(media.port),
            }
            options = ("-m", "1", "-p", str(free_port(socket.SOCK_DGRAM)))
            async with self._sipp("caller", values, "127.0.0.1", *options):
                yield media

    async def register(self, device: str, port: int, expires: int = 300) -> None:
        values = {
            "DEVICE": device,
            "SECRET": f"secret-{device}",
            "CONTACT": f"127.0.0.1:{port}",
            "EXPIRES": str(expires),
        }
        options = ("-m", "1", "-p", str(free_port(socket.SOCK_DGRAM)))
        async with self._sipp("register", values, "127.0.0.1", *options) as sipp:
            async with asyncio.timeout(5):
                code = await sipp.wait()
            if code != 0:
                raise AssertionError(f"{device} was not registered: sipp ended with {code}")

    @contextlib.asynccontextmanager
    async def _sipp(
        self, scenario: str, values: dict[str, str], address: str, *options: str
    ) -> AsyncIterator[asyncio.subprocess.Process]:
        folder = Path(tempfile.mkdtemp(dir=self.folder, prefix=f"{scenario}-"))
        text = (SCENARIOS / f"{scenario}.xml").read_text()
        for name, value in values.items():
            text = text.replace(f"@{name}@", value)
        (folder / "scenario.xml").write_text(text)
        program = shutil.which("sipp")
        assert program, "sipp is not installed (Debian: sip-tester)"
        sipp = await asyncio.create_subprocess_exec(
            program, f"127.0.0.1:{self.settings.sip_port}",
            "-sf", "scenario.xml", "-i", address, "-nostdin",
            "-trace_msg", "-message_file", "messages.log",
            "-trace_err", "-error_file", "errors.log", *options,
            cwd=folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yield sipp
        finally:
            with contextlib.suppress(ProcessLookupError):
                sipp.kill()
            await sipp.wait()

    def sip_messages(self, scenario: str) -> str:
        """All that telephones of this scenario have sent and received so far."""
        files = sorted(self.folder.glob(f"{scenario}-*/messages.log"))
        return "\n".join(file.read_text(errors="replace") for file in files)


SUPERVISOR_PHONE = """
[sue]
type = endpoint
context = hearing
disallow = all
allow = ulaw
direct_media = no
rtp_symmetric = yes
"""


def _phone(name: str) -> str:
    return f"""
[{name}]
type = endpoint
context = agents
disallow = all
allow = ulaw
auth = {name}
aors = {name}
direct_media = no
rtp_symmetric = yes
[{name}]
type = aor
max_contacts = 1
remove_existing = yes
[{name}]
type = auth
auth_type = userpass
username = {name}
password = secret-{name}
"""


def prompt(*names: str) -> tuple[PromptItem, ...]:
    return tuple(PromptItem("prompt", name) for name in names)


class Files:
    """Prompts for tests: a prompt's id is the name of one of Asterisk's own sounds."""

    def __init__(self, sounds: Path) -> None:
        self._sounds = sounds / "en"

    async def files(self, items: Sequence[PromptItem], language: str) -> list[str]:
        return [str(self._sounds / item.value) for item in items]


class Told:
    """What the switch has told, in order. `wait` takes the first that fits and is still there."""

    def __init__(self) -> None:
        self.all: list[Input] = []
        self._fresh: list[Input] = []
        self._more = asyncio.Event()

    def __call__(self, told: Input) -> None:
        self.all.append(told)
        self._fresh.append(told)
        self._more.set()

    async def wait(
        self,
        kind: type[I],
        fits: Callable[[I], bool] = lambda told: True,
        seconds: float = 20.0,
    ) -> I:
        try:
            async with asyncio.timeout(seconds):
                while True:
                    for told in self._fresh:
                        if isinstance(told, kind) and fits(told):
                            self._fresh.remove(told)
                            return told
                    self._more.clear()
                    await self._more.wait()
        except TimeoutError:
            raise AssertionError(f"no {kind.__name__}; told so far: {self.all[-12:]}") from None

    def of(self, kind: type[I]) -> list[I]:
        return [told for told in self.all if isinstance(told, kind)]


@contextlib.asynccontextmanager
async def running(
    lab: Lab,
    *,
    epoch: int | None = None,
    settings: SwitchSettings | None = None,
    prompts: Prompts | None = None,
) -> AsyncIterator[tuple[Switch, Told]]:
    """A switch that is in step with the lab's Asterisk, of a later epoch than those before it."""
    told = Told()
    lab.epoch = epoch or lab.epoch + 1
    switch = Switch(
        settings or lab.switch_settings(),
        told,
        lab.epoch,
        prompts or Files(lab.install.sounds_folder),
        lab.recordings,
        lab.vault,
    )
    task = asyncio.create_task(switch.run())
    try:
        await until(lambda: switch.up or task.done())
        if task.done():
            task.result()
        yield switch, told
        if task.done():
            task.result()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def ready(switch: Switch, *devices: str) -> None:
    """The switch knows that these phones can ring."""
    await until(lambda: all(switch.book.devices.get(each) == "ready" for each in devices))


async def until(true: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            raise AssertionError("it did not happen in time")
        await asyncio.sleep(0.01)
