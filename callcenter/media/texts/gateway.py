"""The webhook by which text messages go out: its settings, and the secrets it signs with.

Secrets are files of the secrets' folder (mode 0400) and are told once, when they are made; the
database knows their names. Who replaces one has a day to tell the receiver: both sign meanwhile.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from callcenter import secret_files
from callcenter.outside.addresses import NotAllowed
from callcenter.outside.delivery import new_secret
from callcenter.store import tables
from callcenter.store.audit import note as audit
from callcenter.store.config_values import ConfigRefused, VersionPassed
from callcenter.store.engine import make_sessions

URL_MAX = 500
OLD_SIGNS_FOR = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Gateway:
    """`has_secret`: without one nothing is sent. `version` 0: never set up."""

    url: str = ""
    enabled: bool = False
    timeout_seconds: float = 5.0
    keep_hours: int = 24
    has_secret: bool = False
    version: int = 0

    @property
    def ready(self) -> bool:
        return self.enabled and bool(self.url) and self.has_secret


class Gateways:
    """`check`: raises NotAllowed for an address that this centre may not call."""

    def __init__(self, engine: AsyncEngine, folder: Path, check: Callable[[str], None]) -> None:
        self._sessions = make_sessions(engine)
        self._folder, self._check = folder, check

    async def read(self) -> Gateway:
        async with self._sessions() as session:
            row = await session.get(tables.TextGateway, 1)
        return _gateway(row) if row is not None else Gateway()

    async def put(self, wanted: Gateway, *, by: str) -> Gateway:
        """`wanted.version`: that which was read. Raises ConfigRefused, VersionPassed."""
        self._look_at(wanted)
        async with self._sessions.begin() as session:
            row = await _locked(session)
            if wanted.version != row.version:
                raise VersionPassed(row.version)
            row.url, row.enabled = wanted.url, wanted.enabled
            row.timeout_seconds, row.keep_hours = wanted.timeout_seconds, wanted.keep_hours
            if wanted.enabled and not row.secret:
                flaw = "make a signing secret first, and give it to the gateway"
                raise ConfigRefused(("enabled", flaw))
            row.version, row.updated = row.version + 1, func.now()
            detail = {"url": wanted.url, "enabled": wanted.enabled}
            await audit(session, by, "text-gateway.put", "", detail)
            return _gateway(row)

    def _look_at(self, wanted: Gateway) -> None:
        if not wanted.url:
            if wanted.enabled:
                raise ConfigRefused(("url", "where shall the messages go?"))
            return
        try:
            self._check(wanted.url)
        except NotAllowed as error:
            raise ConfigRefused(("url", str(error))) from None

    async def replace_secret(self, *, by: str) -> str:
        """A new secret, told this once; the old one signs as well for a day."""
        name, value = self._make()
        async with self._sessions.begin() as session:
            row = await _locked(session)
            row.old_secret, row.old_until = row.secret, datetime.now(UTC) + OLD_SIGNS_FOR
            row.secret, row.version, row.updated = name, row.version + 1, func.now()
            await audit(session, by, "text-gateway.secret", "", {})
        return value

    def _make(self) -> tuple[str, str]:
        name = f"text-gateway-{secrets.token_hex(8)}"
        return name, secret_files.read_or_make(self._folder, name, value=new_secret().encode())

    async def keys(self, now: datetime) -> list[str]:
        """What signs now, the newest first. Raises SecretUnusable."""
        async with self._sessions() as session:
            row = await session.get(tables.TextGateway, 1)
        if row is None or not row.secret:
            return []
        names = [row.secret]
        if row.old_secret and row.old_until is not None and row.old_until > now:
            names.append(row.old_secret)
        return [secret_files.read(self._folder / name) for name in names]


async def _locked(session: AsyncSession) -> tables.TextGateway:
    row = await session.get(tables.TextGateway, 1, with_for_update=True)
    if row is None:
        row = tables.TextGateway(
            id=1,
            url="",
            enabled=False,
            timeout_seconds=5.0,
            keep_hours=24,
            secret="",
            old_secret="",
            version=0,
        )
        session.add(row)
    return row


def _gateway(row: tables.TextGateway) -> Gateway:
    return Gateway(
        row.url, row.enabled, row.timeout_seconds, row.keep_hours, bool(row.secret), row.version
    )
