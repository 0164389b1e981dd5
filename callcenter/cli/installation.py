"""The parts of a private installation and how each is brought up: database, Asterisk, service.

Everything lies below one data folder. The service itself is told of the parts by settings, the same
as if they ran on other machines; it never starts or stops them, so it may die without harm. This
file must not talk to the person at the terminal except through `say`, and must not supervise.
"""

from __future__ import annotations

import fcntl
import json
import socket
import struct
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from callcenter import secret_files
from callcenter.asterisk import config as asterisk_config
from callcenter.asterisk import install, process
from callcenter.asterisk.config import AsteriskDatabase, AsteriskSettings
from callcenter.asterisk.install import AsteriskInstall
from callcenter.asterisk.process import AsteriskProcess
from callcenter.cli import ports
from callcenter.settings import Settings
from callcenter.store.grants import ASTERISK_ROLE, grant_asterisk
from callcenter.store.migrations import migrate

Say = Callable[[str], None]
SYSTEM_NAME = "local"
SIOCGIFADDR = 0x8915
REMEMBERED = "service.json"
PORTS = {"ami": 5038, "http": 8588}
CONTROL_PATH_MAX = 100
"""A Unix socket's path has 108 bytes at most (unix(7))."""


class CannotStart(Exception):
    """A part cannot be brought up; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Folders:
    """Where things lie below the data folder."""

    data: Path

    @property
    def database(self) -> Path:
        return self.data / "postgres"

    @property
    def asterisk(self) -> Path:
        return self.data / "asterisk"

    @property
    def asterisk_config(self) -> Path:
        return self.asterisk / "etc" / "asterisk.conf"

    @property
    def logs(self) -> Path:
        return self.data / "log"

    @property
    def run(self) -> Path:
        return self.data / "run"

    def make(self) -> None:
        """Raises CannotStart if the data folder cannot be used."""
        try:
            self.data.mkdir(parents=True, exist_ok=True, mode=0o755)
            for folder in (self.asterisk, self.logs, self.run):
                folder.mkdir(exist_ok=True)
        except OSError as error:
            raise CannotStart(
                f"The data folder {self.data} cannot be used: {error.strerror}."
                " Choose another one with --data, or mend its rights."
            ) from error
        if len(str(self.asterisk / "run" / "asterisk.ctl")) > CONTROL_PATH_MAX:
            raise CannotStart(f"The path of the data folder is too long: {self.data}")


async def prepare_database(url: str, settings: Settings) -> None:
    """Newest tables, and the role with which Asterisk reads the agents' phones."""
    await migrate(url)
    await grant_asterisk(url, asterisk_database_password(settings))


def asterisk_database_password(settings: Settings) -> str:
    return secret_files.read_or_make(settings.secrets_directory, "asterisk-database")


def find_asterisk(settings: Settings, say: Say) -> AsteriskInstall:
    """The one of the settings, else the machine's own or a private one. Raises NoAsterisk."""
    if settings.asterisk_root is None:
        return install.find_or_make(progress=say)
    found = install.in_folder(settings.asterisk_root)
    if found is None:
        raise install.NoAsterisk(
            f"CALLCENTER_ASTERISK_ROOT: {settings.asterisk_root} holds no Asterisk that runs."
        )
    return found


def start_asterisk(
    found: AsteriskInstall, folders: Folders, settings: Settings, url: str, *, keep_running: bool
) -> tuple[AsteriskProcess, dict[str, int]]:
    """Writes the configuration and starts Asterisk, or takes over the one that runs; with its
    ports. Call it from the main thread. Raises process.AsteriskFailed, CannotStart."""
    running = process.is_running(folders.asterisk / "run")
    wanted = PORTS | {"sip": settings.sip_port}
    chosen = ports.choose(folders.run / "ports.json", wanted, in_use=running)
    written = asterisk_config.write(
        asterisk_settings(found, folders, settings, url, chosen), folders.asterisk_config.parent
    )
    started = process.start(
        found,
        written,
        log_file=folders.logs / "asterisk.log",
        account=process.ensure_account(),
        keep_running=keep_running,
        also_writes=(settings.recordings, settings.talks),
    )
    return started, chosen


def asterisk_settings(
    found: AsteriskInstall,
    folders: Folders,
    settings: Settings,
    url: str,
    chosen: Mapping[str, int],
) -> AsteriskSettings:
    """What the private Asterisk is configured with."""
    events, control = manager_secrets(settings)
    local = settings.loopback
    return AsteriskSettings(
        system_name=SYSTEM_NAME,
        modules_directory=found.modules_folder,
        data_directory=found.data_folder,
        music_directory=found.music_folder,
        state_directory=folders.asterisk / "state",
        run_directory=folders.asterisk / "run",
        log_directory=folders.asterisk / "log",
        talks_directory=settings.talks,
        events_secret=events,
        control_secret=control,
        events_user=settings.asterisk_events_user,
        control_user=settings.asterisk_control_user,
        ami_port=chosen["ami"],
        sip_address="127.0.0.1" if local else settings.listen_address,
        sip_port=chosen["sip"],
        http_port=chosen["http"],
        media_address=media_address(settings),
        outbound_trunk=settings.outbound_trunk,
        ice_address_map=tuple((own, "127.0.0.1") for own in own_addresses()) if local else (),
        database=asterisk_database(url, asterisk_database_password(settings)),
    )


def media_address(settings: Settings) -> str | None:
    """The address phones send their sound to; None: the one that Asterisk finds."""
    if settings.media_address is not None:
        return settings.media_address
    if settings.loopback:
        return "127.0.0.1"
    return None if settings.listen_address in ("0.0.0.0", "::") else settings.listen_address


def asterisk_database(url: str, password: str) -> AsteriskDatabase:
    parts = urlsplit(url)
    return AsteriskDatabase(
        host=parts.hostname or "127.0.0.1",
        port=parts.port or 5432,
        name=unquote(parts.path.lstrip("/")),
        user=ASTERISK_ROLE,
        password=password,
    )


def manager_secrets(settings: Settings) -> tuple[str, str]:
    folder = settings.secrets_directory
    return (
        secret_files.read_or_make(folder, "asterisk-events"),
        secret_files.read_or_make(folder, "asterisk-control"),
    )


def manager_secrets_file(settings: Settings) -> Path:
    """The manager users' secrets in the one file that the service reads them from."""
    events, control = manager_secrets(settings)
    content = json.dumps(
        {settings.asterisk_events_user: events, settings.asterisk_control_user: control}
    )
    path = settings.secrets_directory / "asterisk.json"
    if not path.exists() or path.read_text() != content:
        path.unlink(missing_ok=True)
        secret_files.write_once(path, content.encode())
    return path


def service_settings(
    found: AsteriskInstall, settings: Settings, url: str, chosen: Mapping[str, int]
) -> dict[str, str]:
    """The variables that tell the service where the private parts are."""
    media = media_address(settings)
    flows = {
        "CALLCENTER_FLOW_HOSTS": ",".join(settings.flow_hosts),
        "CALLCENTER_FLOW_NETWORKS": ",".join(settings.flow_networks),
        "CALLCENTER_FLOW_SECRETS_FILE": str(settings.flow_secrets_file or ""),
    }
    outbound = {
        "CALLCENTER_OUTBOUND_TRUNK": settings.outbound_trunk or "",
        "CALLCENTER_OUTBOUND_CALLER_ID": settings.outbound_caller_id or "",
        "CALLCENTER_OUTBOUND_COUNTRIES": ",".join(settings.outbound_countries),
        "CALLCENTER_OUTBOUND_BLOCKED": ",".join(settings.outbound_blocked),
        "CALLCENTER_OUTBOUND_AT_ONCE_MAX": str(settings.outbound_at_once_max),
        "CALLCENTER_OUTBOUND_NUMBER_PER_DAY_MAX": str(settings.outbound_number_per_day_max),
    }
    bucket = {
        "CALLCENTER_RECORDINGS_BUCKET_URL": settings.recordings_bucket_url or "",
        "CALLCENTER_RECORDINGS_BUCKET_REGION": settings.recordings_bucket_region,
        "CALLCENTER_RECORDINGS_BUCKET_SECRETS_FILE": str(
            settings.recordings_bucket_secrets_file or ""
        ),
        "CALLCENTER_RECORDINGS_BUCKET_AUTHORITY_FILE": str(
            settings.recordings_bucket_authority_file or ""
        ),
    }
    return (
        outbound
        | flows
        | bucket
        | ({"CALLCENTER_MEDIA_ADDRESS": media} if media else {})
        | {
            "CALLCENTER_DATA_DIRECTORY": str(settings.data_directory),
            "CALLCENTER_LISTEN_ADDRESS": settings.listen_address,
            "CALLCENTER_LISTEN_PORT": str(settings.listen_port),
            "CALLCENTER_DATABASE_URL": url,
            "CALLCENTER_RECORDINGS_DIRECTORY": str(settings.recordings),
            "CALLCENTER_ASTERISK_MODE": "remote",
            "CALLCENTER_ASTERISK_HOST": "127.0.0.1",
            "CALLCENTER_ASTERISK_AMI_PORT": str(chosen["ami"]),
            "CALLCENTER_ASTERISK_SECRETS_FILE": str(manager_secrets_file(settings)),
            "CALLCENTER_ASTERISK_SIP_WS_URL": f"ws://127.0.0.1:{chosen['http']}/ws",
            "CALLCENTER_ASTERISK_SOUNDS_DIRECTORY": str(found.sounds_folder),
        }
    )


def remember(settings: Settings, variables: Mapping[str, str]) -> None:
    """Keeps what the service was told, for commands that look at it from outside (doctor). It
    holds a password, so it lies with the secrets."""
    path = settings.secrets_directory / REMEMBERED
    path.unlink(missing_ok=True)
    secret_files.write_once(path, json.dumps(dict(variables)).encode())


def remembered(data: Path) -> dict[str, str]:
    """What `remember` kept; nothing if the private installation never ran there."""
    try:
        read = json.loads((data / "secrets" / REMEMBERED).read_text())
    except (OSError, ValueError):
        return {}
    return {str(name): str(value) for name, value in read.items()}


SERVICE = (sys.executable, "-m", "callcenter", "serve")


def own_addresses() -> list[str]:
    """This machine's IPv4 addresses but the loopback's, one for each interface (netdevice(7))."""
    found = []
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        for _, name in socket.if_nameindex():
            asked = struct.pack("256s", name.encode()[:15])
            try:
                answer = fcntl.ioctl(probe.fileno(), SIOCGIFADDR, asked)
            except OSError:
                continue  # an interface without an address
            address = socket.inet_ntoa(answer[20:24])
            if not address.startswith("127."):
                found.append(address)
    return found
