"""The doctor's look at this machine: data folder, disk, database, prompts, certificate."""

from __future__ import annotations

import asyncio
import os
import shutil
import ssl
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from cryptography import x509
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from callcenter.asterisk import process
from callcenter.asterisk.install import NoAsterisk
from callcenter.asterisk.prompts import PromptLibrary, programs_missing
from callcenter.asterisk.saying import OWN_SOUNDS_EN
from callcenter.bootstrap.bucket import make_bucket
from callcenter.cli import installation
from callcenter.cli.doctor_asterisk import Ask
from callcenter.cli.findings import Finding, bad, look, ok
from callcenter.media.recordings.keeping import KeepingFailed
from callcenter.settings import PREFIX, Settings, SettingsMistakes, masked
from callcenter.store.engine import checked_url
from callcenter.store.migrations import alembic_config
from ivr.asks import PromptItem

DISK_FREE_BAD = 200_000_000
DISK_FREE_LOOK = 2_000_000_000
DATABASE_SECONDS = 5.0
CERTIFICATE_DAYS_LOOK = 21
SPEECH_SECONDS_MAX = 30.0
SPEECHES = (("English", "en", "One moment."), ("Chinese", "zh", "请稍候。"))


def disk(folder: Path) -> Iterator[Finding]:
    todo = f"Give it to the account the service runs as, or set {PREFIX}DATA_DIRECTORY."
    if not folder.is_dir():
        yield bad("Data folder", f"{folder} is not there", "Start the centre once: scripts/run")
        return
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"x")
            os.fsync(probe.fileno())
    except OSError as error:
        yield bad("Data folder", f"{folder} cannot be written: {error.strerror}", todo)
        return
    yield ok("Data folder", f"{folder} can be written")
    if folder.stat().st_uid == 0:
        todo = "In production let systemd start it as a user of its own: deploy/systemd."
        yield look("Account", "the service runs as root", todo)
    free = shutil.disk_usage(folder).free
    said = f"{free / 1e9:.1f} GB free"
    if free < DISK_FREE_BAD:
        yield bad("Disk", said, "Make room: recordings and the database stop when it is full.")
    elif free < DISK_FREE_LOOK:
        yield look("Disk", said, "Make room soon.")
    else:
        yield ok("Disk", said)


async def bucket(settings: Settings) -> list[Finding]:
    """Whether recordings can be written there, read and removed; nothing where there is none."""
    part, todo = "Bucket for recordings", f"Check {PREFIX}RECORDINGS_BUCKET_* and the store itself."
    try:
        there = make_bucket(settings)
        if there is None:
            return []
        await there.probe()
    except SettingsMistakes as wrong:
        return [bad(part, str(wrong.mistakes[0]), todo)]
    except KeepingFailed as problem:
        return [bad(part, str(problem), todo)]
    return [ok(part, f"{there.address}: written, read and removed")]


async def database(settings: Settings) -> Finding:
    part = "Database"
    if settings.database_url is None:
        todo = "Start the centre with scripts/run, or set CALLCENTER_DATABASE_URL."
        return bad(part, "there is none: the private one is not set up", todo)
    shown = masked(settings.database_url)
    loop = asyncio.get_running_loop()
    try:
        engine = create_async_engine(checked_url(settings.database_url), poolclass=NullPool)
        async with asyncio.timeout(DATABASE_SECONDS), engine.connect() as connection:
            began = loop.time()
            await connection.execute(text("select 1"))
            took = (loop.time() - began) * 1000
            server = (await connection.execute(text("show server_version"))).scalar_one()
            version = await connection.run_sync(
                lambda there: MigrationContext.configure(there).get_current_revision()
            )
    except (OSError, SQLAlchemyError, TimeoutError, ValueError) as error:
        reason = str(getattr(error, "orig", None) or error) or "no answer in time"
        return bad(part, f"{shown}: {reason}", "Start PostgreSQL; check address and password.")
    newest = ScriptDirectory.from_config(alembic_config()).get_current_head()
    if version != newest:
        return bad(
            part,
            f"{shown}: its tables have version {version or 'none'}, ours is {newest}",
            "Start the centre: it brings the tables up to date. If they are newer, so must it be.",
        )
    return ok(part, f"PostgreSQL {server}, answers in {took:.1f} ms, tables up to date")


def prompts(settings: Settings) -> Iterator[Finding]:
    """Asterisk's own sounds, and speech in both languages, really made."""
    missing = programs_missing()
    if missing:
        yield bad("Speech", f"missing: {', '.join(missing)}", "apt-get install espeak-ng sox")
    sounds = settings.asterisk_sounds_directory
    names = [*OWN_SOUNDS_EN.values(), "beep", *(f"digits/{digit}" for digit in range(10))]
    absent = [name for name in names if not list((sounds / "en").glob(f"{name}.*"))]
    if absent:
        yield bad(
            "English sounds",
            f"{len(absent)} of {len(names)} are not in {sounds}/en, such as {absent[0]}",
            "Install asterisk-core-sounds-en-wav, or set CALLCENTER_ASTERISK_SOUNDS_DIRECTORY.",
        )
    else:
        yield ok("English sounds", f"in {sounds}")
    if not missing:
        yield from _speech(sounds)


def _speech(sounds: Path) -> Iterator[Finding]:
    with tempfile.TemporaryDirectory(prefix="callcenter-doctor-") as folder:
        library = PromptLibrary(Path(folder), sounds, patience_seconds=SPEECH_SECONDS_MAX)
        for name, language, words in (
            ("English", "en", "One moment."),
            ("Chinese", "zh", "请稍候。"),
        ):
            made = asyncio.run(library.files([PromptItem("text", words)], language))
            if made[0].startswith(folder):
                yield ok(f"Speech in {name}", "can be made")
            else:
                todo = "Run it by hand: echo hello | espeak-ng --stdin; see the log."
                yield bad(f"Speech in {name}", "cannot be made", todo)


def tls(settings: Settings) -> Finding:
    part = "Certificate"
    if not settings.tls:
        return ok(part, "none needed: only this machine can connect")
    if settings.tls_certificate is None:
        return look(
            part,
            "made on the spot; browsers warn about it",
            f"Set {PREFIX}TLS_CERTIFICATE and {PREFIX}TLS_KEY to one that browsers trust.",
        )
    try:
        ssl.create_default_context(ssl.Purpose.CLIENT_AUTH).load_cert_chain(
            settings.tls_certificate, settings.tls_key
        )
        found = x509.load_pem_x509_certificate(settings.tls_certificate.read_bytes())
    except (OSError, ValueError) as error:
        return bad(part, f"{settings.tls_certificate}: {error}", "Certificate and key must fit.")
    days = (found.not_valid_after_utc - datetime.now(UTC)).days
    if days < 0:
        return bad(part, f"ended {-days} days ago", "Renew it and restart the service.")
    if days < CERTIFICATE_DAYS_LOOK:
        return look(part, f"ends in {days} days", "Renew it soon.")
    return ok(part, f"valid for {days} days")


def command_line(settings: Settings) -> Ask | None:
    """The private Asterisk's own command line; None if it cannot be reached."""
    config = installation.Folders(settings.data_directory).asterisk_config
    try:
        found = installation.find_asterisk(settings, lambda _: None)
    except NoAsterisk:
        return None

    def ask(words: str) -> str:
        return process.ask(found, config, words)

    return ask
