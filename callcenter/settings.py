"""Every setting of the service, read once from `CALLCENTER_*` variables and checked as a whole.

A start with a wrong setting stops with one message that lists all mistakes: the variable, what was
read (secrets masked) and what is expected. Only `callcenter.bootstrap` and the command line read
settings; everybody else is given values. This file must not open connections or make files.
"""

from __future__ import annotations

import difflib
import ipaddress
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit

import phonenumbers
from pydantic import BeforeValidator, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from callcenter.media.recordings.addresses import read_address
from callcenter.outside.addresses import read_hosts, read_networks

PREFIX = "CALLCENTER_"
# Which variables may hold a secret inside their value; these are masked whole when unreadable.
_SECRET_FIELDS = frozenset({"database_url", "recordings_bucket_url"})
# Read by the scripts around the service, not by it.
_OTHERS = frozenset(PREFIX + name for name in ("PYTHON", "CHROMIUM", "NIGHTLY", "ORIGIN"))
_HOST = re.compile(r"^(?=.{1,253}$)[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?$")
_TRUNK = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(:[0-9]{1,5})?")
_E164 = re.compile(r"\+[1-9][0-9]{5,14}")
_BEGINNING = re.compile(r"\+[1-9][0-9]{0,14}")
_MAIL_ADDRESS = re.compile(r"^[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9][A-Za-z0-9.-]{0,250}$")
_REGION = re.compile(r"[a-z0-9-]{1,40}")
_AMI_USER = re.compile(r"^[A-Za-z0-9_-]{1,40}$")


def default_data_directory() -> Path:
    """/var/lib/callcenter for root; for others the data folder of the XDG base directories."""
    if os.geteuid() == 0:
        return Path("/var/lib/callcenter")
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "callcenter"


def _split_list(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


Port = Annotated[int, Field(ge=1, le=65535)]
ListenPort = Annotated[int, Field(ge=0, le=65535)]
TextList = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_split_list)]


class Settings(BaseSettings):
    """One value with everything the start needs. Each field is `CALLCENTER_<FIELD>`."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="forbid"
    )

    listen_address: str = Field(default="127.0.0.1", description="an IP address to listen on")
    listen_port: ListenPort = Field(default=8080, description="a TCP port, 0 for any free one")
    origins: TextList = Field(
        default=(), description="further addresses of the console, as https://name:port, by comma"
    )
    tls_certificate: Path | None = Field(
        default=None, description="a PEM file with the certificate chain"
    )
    tls_key: Path | None = Field(default=None, description="a PEM file with the private key")
    data_directory: Path = Field(
        default_factory=default_data_directory, description="a folder the service may write to"
    )
    media_directory: Path | None = Field(
        default=None,
        description="a folder for recorded prompts (none: media in the data folder)",
    )
    database_url: str | None = Field(
        default=None,
        description="postgresql://user:password@host:port/name (none: our own PostgreSQL)",
    )
    spare_service: bool = Field(
        default=True,
        description="keep a second service loaded, 150 MB, that takes the place of one that dies",
    )
    asterisk_mode: Literal["private", "remote"] = Field(
        default="private", description='"private" (we start it) or "remote" (it runs elsewhere)'
    )
    asterisk_host: str = Field(
        default="127.0.0.1", description="the host name or address of Asterisk"
    )
    asterisk_ami_port: Port = Field(
        default=5038, description="the TCP port of the manager interface"
    )
    asterisk_events_user: str = Field(default="acd-events", description="a manager user that reads")
    asterisk_control_user: str = Field(default="acd-ctl", description="a manager user that acts")
    asterisk_secrets_file: Path | None = Field(
        default=None, description="a JSON file, mode 0400, with one secret for each manager user"
    )
    asterisk_sip_ws_url: str | None = Field(
        default=None,
        description="ws://host:port/ws or wss://host:port/ws of Asterisk's SIP websocket",
    )
    asterisk_root: Path | None = Field(
        default=None, description="the folder of a private Asterisk root (none: found or made)"
    )
    asterisk_sounds_directory: Path = Field(
        default=Path("/usr/share/asterisk/sounds"),
        description="the folder of Asterisk's own sounds, with one folder a language in it",
    )
    sip_port: ListenPort = Field(default=5060, description="the SIP port of a private Asterisk")
    media_address: str | None = Field(
        default=None, description="the IP address that phones send their sound to"
    )
    outbound_trunk: str | None = Field(
        default=None,
        description="host or host:port of the SIP trunk that calls go out by, or local: the"
        " endpoint [trunk] of pjsip-local.conf (none: outside numbers are never dialled)",
    )
    outbound_caller_id: str | None = Field(
        default=None, description="the number shown to who is called, as +8621..., E.164"
    )
    outbound_countries: TextList = Field(
        default=(),
        description="two-letter codes of the countries that may be called beside our own, by comma",
    )
    outbound_blocked: TextList = Field(
        default=(), description="beginnings of numbers never called, as +86400, by comma"
    )
    outbound_at_once_max: int = Field(
        default=20, ge=0, le=1000, description="calls out at once, 0 to 1000, answered ones too"
    )
    outbound_number_per_day_max: int = Field(
        default=6, ge=1, le=100, description="how often one number is dialled in 24 hours, 1 to 100"
    )
    flow_hosts: TextList = Field(
        default=(),
        description="hosts that flows may call over HTTP, by comma, as api.example.com,"
        " *.example.com or api.example.com:8443",
    )
    flow_networks: TextList = Field(
        default=(),
        description="networks of our own where these hosts may be, by comma, as 10.1.2.0/24",
    )
    flow_secrets_file: Path | None = Field(
        default=None,
        description="a JSON file, mode 0400, of credentials: name, then host, header and value",
    )
    embed_origins: TextList = Field(
        default=(),
        description="web sites of our own that may show the callback form and talk to the"
        " console, as https://crm.example.com, by comma",
    )
    screen_pop_hosts: TextList = Field(
        default=(),
        description="hosts of our own CRM whose pages may open with a call, by https, by comma, as"
        " crm.example.com or *.example.com",
    )
    proxies: TextList = Field(
        default=(),
        description="addresses of the reverse proxies in front, by comma, whose X-Forwarded-For"
        " and -Proto are believed",
    )
    webhook_hosts: TextList = Field(
        default=(),
        description="hosts that webhooks may go to, by comma, as api.example.com or"
        " *.example.com (none: any public one)",
    )
    webhook_networks: TextList = Field(
        default=(),
        description="networks of our own where webhooks may go, by comma, as 10.1.2.0/24; http"
        " without TLS is possible there",
    )
    sso_networks: TextList = Field(
        default=(),
        description="networks of our own where the provider of single sign-on may be, by comma, as"
        " 10.1.2.0/24; http without TLS is possible there",
    )
    recordings_directory: Path | None = Field(
        default=None,
        description="the folder of callers' recordings, the same path for Asterisk and the service",
    )
    recordings_bucket_url: str | None = Field(
        default=None,
        description="https://host:port/bucket/folder of an S3-compatible store that recordings of"
        " talks are moved to (none: they stay on the disk)",
    )
    recordings_bucket_region: str = Field(
        default="us-east-1", description="the region of that bucket"
    )
    recordings_bucket_secrets_file: Path | None = Field(
        default=None,
        description='a JSON file, mode 0400, with the keys of the bucket: {"access_key": "...",'
        ' "secret_key": "..."}',
    )
    recordings_bucket_authority_file: Path | None = Field(
        default=None,
        description="a PEM file of an authority of our own that vouches for the store (none: those"
        " that this machine trusts)",
    )
    smtp_host: str | None = Field(
        default=None, description="the mail server for notices (none: no e-mail is sent)"
    )
    smtp_port: Port = Field(default=587, description="the TCP port of the mail server")
    smtp_security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description='"starttls", "tls" (from the first byte) or "none"'
    )
    smtp_user: str | None = Field(default=None, description="the login at the mail server")
    smtp_password_file: Path | None = Field(
        default=None, description="a file, mode 0400, with the password of the mail login"
    )
    smtp_sender: str | None = Field(
        default=None, description="the address that notices come from, as calls@example.com"
    )
    country: str = Field(default="CN", description="a two-letter country code, as CN or GB")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="info", description="debug, info, warning or error"
    )
    log_file: Path | None = Field(
        default=None, description="a file for the log (none: standard error)"
    )

    @field_validator("log_level", mode="before")
    @classmethod
    def _lower_case_level(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("listen_address", "media_address")
    @classmethod
    def _must_be_an_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if value == "localhost":
            return "127.0.0.1"
        return str(ipaddress.ip_address(value))

    @field_validator("asterisk_host")
    @classmethod
    def _must_be_a_host(cls, value: str) -> str:
        if not _HOST.fullmatch(value):
            ipaddress.ip_address(value)
        return value

    @field_validator("asterisk_events_user", "asterisk_control_user")
    @classmethod
    def _must_be_a_manager_user(cls, value: str) -> str:
        if not _AMI_USER.fullmatch(value):
            raise ValueError("letters, digits, _ and - only, at most 40")
        return value

    @field_validator("origins", "embed_origins")
    @classmethod
    def _must_be_origins(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(_read_origin(value) for value in values)

    @field_validator("proxies")
    @classmethod
    def _must_be_addresses(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(str(ipaddress.ip_address(value)) for value in values)

    @field_validator("flow_hosts", "webhook_hosts", "screen_pop_hosts")
    @classmethod
    def _must_be_hosts(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        read_hosts(values)
        return values

    @field_validator("flow_networks", "webhook_networks", "sso_networks")
    @classmethod
    def _must_be_networks(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        read_networks(values)
        return values

    @field_validator("database_url")
    @classmethod
    def _must_be_postgresql(cls, value: str | None) -> str | None:
        if value is None:
            return None
        parts = urlsplit(value)
        if parts.scheme not in {"postgresql", "postgres", "postgresql+asyncpg"}:
            raise ValueError("only PostgreSQL is supported")
        if len(parts.path) < 2:
            raise ValueError("the name of the database is missing")
        return value

    @field_validator("asterisk_sip_ws_url")
    @classmethod
    def _must_be_a_websocket(cls, value: str | None) -> str | None:
        if value is not None:
            parts = urlsplit(value)
            if parts.scheme not in {"ws", "wss"} or not parts.hostname:
                raise ValueError("a ws:// or wss:// address with a host")
        return value

    @field_validator("outbound_trunk")
    @classmethod
    def _must_be_a_trunk(cls, value: str | None) -> str | None:
        if value is not None and not _TRUNK.fullmatch(value):
            raise ValueError("a host name or address, with a port or without, or local")
        return value

    @field_validator("outbound_caller_id")
    @classmethod
    def _must_be_e164(cls, value: str | None) -> str | None:
        if value is not None and not _E164.fullmatch(value):
            raise ValueError("a plus and 6 to 15 digits")
        return value

    @field_validator("outbound_countries")
    @classmethod
    def _must_be_countries(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(cls._must_be_a_country(value) for value in values)

    @field_validator("outbound_blocked")
    @classmethod
    def _must_be_beginnings(cls, values: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [value for value in values if not _BEGINNING.fullmatch(value)]
        if wrong:
            raise ValueError(f"{wrong[0]!r} is not a plus and 1 to 15 digits")
        return values

    @field_validator("recordings_bucket_url")
    @classmethod
    def _must_be_a_bucket(cls, value: str | None) -> str | None:
        if value is not None:
            read_address(value)
            if urlsplit(value).scheme == "http" and not _is_near(urlsplit(value).hostname or ""):
                raise ValueError("http only to this machine or a private address")
        return value

    @field_validator("recordings_bucket_region")
    @classmethod
    def _must_be_a_region(cls, value: str) -> str:
        if not _REGION.fullmatch(value):
            raise ValueError("small letters, digits and dashes, as eu-central-1")
        return value

    @field_validator("country")
    @classmethod
    def _must_be_a_country(cls, value: str) -> str:
        value = value.upper()
        if value not in phonenumbers.SUPPORTED_REGIONS:
            raise ValueError("no numbering plan is known for it")
        return value

    @field_validator("smtp_sender")
    @classmethod
    def _must_be_an_address_of_mail(cls, value: str | None) -> str | None:
        if value is not None and not _MAIL_ADDRESS.fullmatch(value):
            raise ValueError("an e-mail address without a name")
        return value

    @field_validator("smtp_host")
    @classmethod
    def _must_be_a_mail_host(cls, value: str | None) -> str | None:
        return None if value is None else cls._must_be_a_host(value)

    @field_validator(
        "tls_certificate",
        "tls_key",
        "asterisk_secrets_file",
        "smtp_password_file",
        "flow_secrets_file",
        "recordings_bucket_secrets_file",
        "recordings_bucket_authority_file",
    )
    @classmethod
    def _must_be_readable(cls, value: Path | None) -> Path | None:
        if value is not None and not (value.is_file() and os.access(value, os.R_OK)):
            raise ValueError("there is no readable file of this name")
        return value

    @model_validator(mode="after")
    def _must_fit_together(self) -> Settings:
        mistakes = list(_contradictions(self))
        if mistakes:
            raise SettingsMistakes(mistakes)
        return self

    @property
    def loopback(self) -> bool:
        """True when only this machine can connect."""
        return ipaddress.ip_address(self.listen_address).is_loopback

    @property
    def tls(self) -> bool:
        """True when the service speaks https: demanded for all but loopback addresses."""
        return self.tls_certificate is not None or not self.loopback

    @property
    def sound_directory(self) -> Path:
        """Where the sound of prompts is kept."""
        return self.media_directory or self.data_directory / "media"

    @property
    def recordings(self) -> Path:
        return self.recordings_directory or self.data_directory / "recordings"

    @property
    def talks(self) -> Path:
        """Where Asterisk records talks into, before they are encoded and stored."""
        return self.recordings / "talks"

    @property
    def kept_recordings(self) -> Path:
        """Where recordings of talks are kept, encrypted."""
        return self.data_directory / "kept-recordings"

    @property
    def secrets_directory(self) -> Path:
        return self.data_directory / "secrets"


@dataclass(frozen=True, slots=True)
class Mistake:
    """`variable` was read as `value` (masked; None: not set), but `expected` is needed."""

    variable: str
    value: str | None
    expected: str
    reason: str = ""

    def __str__(self) -> str:
        read = "is not set" if self.value is None else f"was read as {self.value!r}"
        why = f" ({self.reason})" if self.reason else ""
        return f"{self.variable} {read}{why}; expected: {self.expected}"


class SettingsMistakes(Exception):
    """The settings cannot be used; `str()` is the message for the operator, with all mistakes."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        lines = [f"  {number}. {mistake}" for number, mistake in enumerate(mistakes, 1)]
        count = "1 setting is" if len(mistakes) == 1 else f"{len(mistakes)} settings are"
        super().__init__("\n".join([f"callcenter cannot start: {count} wrong.", *lines]))


def load_settings() -> Settings:
    """Read and check the environment.

    Raises SettingsMistakes with every mistake found, also misspelt names of variables."""
    mistakes = _unknown_variables(os.environ)
    try:
        settings = Settings()  # the environment gives every value
    except ValidationError as error:
        mistakes += [_mistake(dict(problem)) for problem in error.errors()]
        raise SettingsMistakes(mistakes) from None
    except SettingsMistakes as error:
        raise SettingsMistakes([*mistakes, *error.mistakes]) from None
    if mistakes:
        raise SettingsMistakes(mistakes)
    return settings


def masked(url: str) -> str:
    """A database or websocket address without its password, fit for a log line."""
    return re.sub(r"(://[^:/@]*):.*@", r"\1:***@", url)


def _read_origin(value: str) -> str:
    parts = urlsplit(value)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
        raise ValueError(f"{value!r} is not of the form https://name or https://name:port")
    default = 443 if parts.scheme == "https" else 80
    port = "" if parts.port in {None, default} else f":{parts.port}"
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}{port}"


def _variable(field: str) -> str:
    return PREFIX + field.upper()


def _shown(field: str, value: object) -> str:
    text = str(value)
    if field in _SECRET_FIELDS:
        return masked(text) if "://" in text else "***"
    return text if len(text) <= 100 else text[:97] + "..."


def _mistake(problem: Mapping[str, object]) -> Mistake:
    location = problem["loc"]
    field = str(location[0]) if isinstance(location, tuple) and location else ""
    known = Settings.model_fields.get(field)
    expected = (known.description if known else None) or "a known setting"
    reason = str(problem["msg"]).removeprefix("Value error, ")
    if field in _SECRET_FIELDS:
        reason = masked(reason)
    return Mistake(_variable(field), _shown(field, problem.get("input")), expected, reason)


def _unknown_variables(environ: Mapping[str, str]) -> list[Mistake]:
    known = {_variable(name) for name in Settings.model_fields}
    found = []
    for name in sorted(environ):
        if name.startswith(PREFIX) and name not in known | _OTHERS:
            near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
            expected = f"perhaps {near[0]}" if near else "no variable of this name"
            found.append(Mistake(name, "***", expected, "there is no such setting"))
    return found


def _contradictions(settings: Settings) -> list[Mistake]:
    found = []
    for one, other in (("tls_certificate", "tls_key"), ("tls_key", "tls_certificate")):
        if getattr(settings, one) is not None and getattr(settings, other) is None:
            reason = f"{_variable(one)} is set and needs it"
            found.append(_absent(settings, other, reason))
    if settings.asterisk_mode == "remote":
        reason = f"{_variable('asterisk_mode')} is remote and needs it"
        needed = ("asterisk_host", "asterisk_secrets_file", "asterisk_sip_ws_url")
        absent = [name for name in needed if name not in settings.model_fields_set]
        found.extend(_absent(settings, name, reason) for name in absent)
    private = ("asterisk_secrets_file", "smtp_password_file", "recordings_bucket_secrets_file")
    for name in private:
        secrets = getattr(settings, name)
        if secrets is not None and secrets.stat().st_mode & 0o077:
            found.append(
                Mistake(
                    _variable(name),
                    str(secrets),
                    "a file only its owner can read: chmod 0400",
                    f"its mode is {secrets.stat().st_mode & 0o777:04o}",
                )
            )
    return found + _mail_contradictions(settings) + _bucket_contradictions(settings)


def _mail_contradictions(settings: Settings) -> list[Mistake]:
    """A password goes to a mail server only where nobody can read it on the way."""
    found = []
    if settings.smtp_host is not None and settings.smtp_sender is None:
        found.append(_absent(settings, "smtp_sender", f"{_variable('smtp_host')} needs it"))
    if settings.smtp_user is not None and settings.smtp_password_file is None:
        found.append(_absent(settings, "smtp_password_file", f"{_variable('smtp_user')} needs it"))
    near = settings.smtp_host in (None, "localhost", "127.0.0.1", "::1")
    if settings.smtp_user is not None and settings.smtp_security == "none" and not near:
        reason = "the password would be sent for everybody to read"
        expected = "starttls or tls when there is a login"
        found.append(Mistake(_variable("smtp_security"), "none", expected, reason))
    return found


def _bucket_contradictions(settings: Settings) -> list[Mistake]:
    url, secrets = "recordings_bucket_url", "recordings_bucket_secrets_file"
    if settings.recordings_bucket_url is not None:
        if settings.recordings_bucket_secrets_file is None:
            return [_absent(settings, secrets, f"{_variable(url)} needs it")]
    elif settings.recordings_bucket_secrets_file is not None:
        return [_absent(settings, url, f"{_variable(secrets)} is set and needs it")]
    return []


def _is_near(host: str) -> bool:
    """This machine, or an address that nobody reaches from outside."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False


def _absent(settings: Settings, field: str, reason: str) -> Mistake:
    description = type(settings).model_fields[field].description or ""
    return Mistake(_variable(field), None, description, reason)
