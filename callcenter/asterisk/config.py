"""Writes every file that Asterisk reads, from the templates in `asterisk-config/`.

A template has `@{name}` where a value goes; an unknown name is our mistake and raises. Values are
checked before they reach a file: none may hold a line break or a `;`, which would begin a comment.
This file must not know how Asterisk is found or started, nor what the dialplan means.
"""

from __future__ import annotations

import os
import re
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from callcenter.asterisk import config_parts

LEASE_SECONDS = 15
"""A waiting caller whose lease is not renewed for so long goes to the fallback queue."""
BEAT_SECONDS_MAX = 15
"""A service that has given no sign of life for so long is dead to new callers."""
HOLD_SECONDS_MAX = 3600
SUMMONED_SECONDS_MAX = 180  # an agent on the line waits so long for the other side
HEARING_SECONDS_MAX = 14_400
FALLBACK_SECONDS = 180
VOICEMAIL_SECONDS_MAX = 420
JOURNAL_SLOTS = 4096
HTTP_SESSIONS_MAX = 2000

_PLACE = re.compile(r"@\{([a-z_]+)\}")
_SECRET = re.compile(r"^[A-Za-z0-9_-]{16,128}$")
_WORD = re.compile(r"^[A-Za-z0-9_-]{1,40}$")
_SYSTEM_NAME = re.compile(r"^[A-Za-z0-9]{1,16}$")
_BOX = re.compile(r"^[a-z0-9]{1,32}$")


@dataclass(frozen=True, slots=True)
class AsteriskDatabase:
    """Where Asterisk reads the agents' phones (tables ps_endpoints, ps_aors, ps_auths). The role
    needs SELECT on these three and nothing else; the tables are found through its search path."""

    host: str
    port: int
    name: str
    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class AsteriskSettings:
    """All that differs between one Asterisk and another. Ports are TCP or UDP numbers, folders
    absolute. `trunk_addresses`: networks whose INVITEs are callers. `anonymous_callers`: so is
    every INVITE of an unknown sender (only sensible where nobody but this machine can send one).
    `media_address`: what phones are told to send their sound to (None: what Asterisk finds).
    `ice_address_map`: local address -> address told to browsers. `database` None: agents' phones
    are in pjsip-local.conf. `outbound_trunk`: host[:port] by which outside numbers are dialled,
    `LOCAL_TRUNK`: the endpoint [trunk] of pjsip-local.conf, None: nothing is dialled, and the
    manager user that acts has no right to. `talks_directory`: where talks are
    recorded into. `caller_rtp_timeout_seconds` 0: a silent caller is
    never given up."""

    system_name: str
    modules_directory: Path
    data_directory: Path
    music_directory: Path
    state_directory: Path
    run_directory: Path
    log_directory: Path
    talks_directory: Path
    events_secret: str = field(repr=False)
    control_secret: str = field(repr=False)
    events_user: str = "acd-events"
    control_user: str = "acd-ctl"
    ami_address: str = "127.0.0.1"
    ami_port: int = 5038
    ami_permit: tuple[str, ...] = ("127.0.0.1/32",)
    sip_address: str = "127.0.0.1"
    sip_port: int = 5060
    http_address: str = "127.0.0.1"
    http_port: int = 8588
    rtp_start: int = 10000
    rtp_end: int = 20000
    media_address: str | None = None
    external_address: str | None = None
    local_networks: tuple[str, ...] = ()
    ice_address_map: tuple[tuple[str, str], ...] = ()
    trunk_addresses: tuple[str, ...] = ("127.0.0.2/32",)
    anonymous_callers: bool = False
    caller_rtp_timeout_seconds: int = 60
    outbound_trunk: str | None = None
    database: AsteriskDatabase | None = None
    voicemail_boxes: tuple[str, ...] = ("general",)
    lease_seconds: int = LEASE_SECONDS
    beat_seconds_max: int = BEAT_SECONDS_MAX
    fallback_seconds: int = FALLBACK_SECONDS


def write(settings: AsteriskSettings, directory: Path) -> Path:
    """Writes all files into `directory` (made if missing, mode 0700; files 0600) and returns the
    path of its asterisk.conf. Files of other names are left alone: `*-local.conf` are the
    operator's. Raises ValueError for a value that must not stand in a configuration file."""
    _check(settings)
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Asterisk complains about a folder for keys that is not there, even when it needs none.
    (settings.state_directory / "lib" / "keys").mkdir(parents=True, exist_ok=True)
    values = _values(settings, directory)
    for template in sorted(_templates().glob("*.conf")):
        text = render(template.read_text(encoding="utf-8"), values)
        _write_private(directory / template.name, text)
    return directory / "asterisk.conf"


def render(template: str, values: dict[str, str]) -> str:
    """`template` with each `@{name}` replaced. Raises KeyError for a name without a value."""
    return _PLACE.sub(lambda found: values[found.group(1)], template)


def _templates() -> Path:
    packed = Path(__file__).with_name("config-templates")
    return packed if packed.is_dir() else Path(__file__).parents[2] / "asterisk-config"


def _write_private(path: Path, text: str) -> None:
    """Whole or not at all: Asterisk may be reading the old one."""
    new = path.with_name(path.name + ".new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        file.write(text)
    new.replace(path)


def _check(settings: AsteriskSettings) -> None:
    must_match = [
        ("system_name", settings.system_name, _SYSTEM_NAME),
        ("events_user", settings.events_user, _WORD),
        ("control_user", settings.control_user, _WORD),
        ("events_secret", settings.events_secret, _SECRET),
        ("control_secret", settings.control_secret, _SECRET),
        *(("voicemail_boxes", box, _BOX) for box in settings.voicemail_boxes),
    ]
    for name, value, pattern in must_match:
        if not pattern.match(value):
            shown = "***" if "secret" in name else repr(value)
            raise ValueError(f"{name}: {shown} does not match {pattern.pattern}")
    if settings.events_user == settings.control_user:
        raise ValueError("events_user and control_user must differ")
    if settings.rtp_end - settings.rtp_start < 9:
        raise ValueError("rtp_end must be at least 9 above rtp_start")


def _values(settings: AsteriskSettings, directory: Path) -> dict[str, str]:
    plain: dict[str, object] = {
        "system_name": settings.system_name,
        "etc_directory": directory,
        "modules_directory": settings.modules_directory,
        "data_directory": settings.data_directory,
        "music_directory": settings.music_directory,
        "state_directory": settings.state_directory,
        "run_directory": settings.run_directory,
        "log_directory": settings.log_directory,
        "talks_directory": config_parts.argument("talks_directory", str(settings.talks_directory)),
        "events_user": settings.events_user,
        "events_secret": settings.events_secret,
        "control_user": settings.control_user,
        "control_secret": settings.control_secret,
        "ami_address": settings.ami_address,
        "ami_port": settings.ami_port,
        "sip_address": settings.sip_address,
        "sip_port": settings.sip_port,
        "http_address": settings.http_address,
        "http_port": settings.http_port,
        "http_sessions_max": HTTP_SESSIONS_MAX,
        "rtp_start": settings.rtp_start,
        "rtp_end": settings.rtp_end,
        "caller_rtp_timeout": settings.caller_rtp_timeout_seconds,
        "lease_seconds": settings.lease_seconds,
        "beat_seconds_max": settings.beat_seconds_max,
        "fallback_seconds": settings.fallback_seconds,
        "hold_seconds_max": HOLD_SECONDS_MAX,
        "summoned_seconds_max": SUMMONED_SECONDS_MAX,
        "hearing_seconds_max": HEARING_SECONDS_MAX,
        "voicemail_seconds_max": VOICEMAIL_SECONDS_MAX,
        "journal_slots": JOURNAL_SLOTS,
    }
    values = {name: config_parts.one_line(name, str(value)) for name, value in plain.items()}
    return values | {
        "ami_permits": config_parts.permits(settings.ami_permit),
        "transport_addresses": config_parts.transport_addresses(
            settings.external_address, settings.local_networks
        ),
        "media_address": config_parts.media_address(settings.media_address),
        "trunks": config_parts.trunks(settings.trunk_addresses),
        "outbound_trunk": config_parts.outbound_trunk(settings.outbound_trunk),
        "until_together": config_parts.UNTIL_TOGETHER,
        "anonymous": config_parts.ANONYMOUS if settings.anonymous_callers else "",
        "ice": config_parts.ice(settings.ice_address_map),
        "voicemail_boxes": config_parts.voicemail_boxes(
            settings.voicemail_boxes, lambda: str(secrets.randbelow(10**10)).zfill(10)
        ),
        **_database_values(settings.database),
    }


def _database_values(database: AsteriskDatabase | None) -> dict[str, str]:
    if database is None:
        return dict.fromkeys(("database_modules", "sorcery", "extconfig", "res_pgsql"), "")
    login = {
        "dbhost": database.host,
        "dbport": str(database.port),
        "dbname": database.name,
        "dbuser": database.user,
        "dbpass": database.password,
    }
    return {
        "database_modules": config_parts.DATABASE_MODULES,
        "sorcery": config_parts.SORCERY,
        "extconfig": config_parts.EXTCONFIG,
        "res_pgsql": config_parts.res_pgsql(login),
    }
