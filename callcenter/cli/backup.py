"""`callcenter backup` and `callcenter restore`: the whole centre as one file, and back.

A backup may be made while the centre works. It holds the database, prompts, recordings, messages,
what still waits for the database, and the secrets without which recordings cannot be heard: whoever
has the file has everything. A restore goes into an empty place only, and says what it compared.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import asyncpg
import typer
from sqlalchemy.exc import SQLAlchemyError

from callcenter.cli.backup_file import DATABASE, Manifest, NotABackup, Writer, read_manifest, unpack
from callcenter.cli.database_at_hand import database_at_hand
from callcenter.cli.installation import CannotStart, prepare_database
from callcenter.cli.program import program_version
from callcenter.secret_files import SecretUnusable
from callcenter.settings import Settings, SettingsMistakes, load_settings
from callcenter.store.dumping import DumpFailed, NotEmpty, dump, restore
from callcenter.store.embedded import EmbeddedPostgresError
from callcenter.store.migrations import MigrationError

WRONG = 2
FOLDERS = ("secrets", "prompts", "media", "recordings", "kept-recordings", "outbox")
SINGLE_FILES = ("epoch",)

EXPECTED = (
    CannotStart,
    DumpFailed,
    EmbeddedPostgresError,
    MigrationError,
    NotABackup,
    NotEmpty,
    OSError,
    SecretUnusable,
    SettingsMistakes,
    SQLAlchemyError,
    asyncpg.PostgresError,
)

File = Annotated[Path, typer.Argument(help="the backup's file")]


def backup(file: File) -> None:
    """Write everything to FILE (mode 0600); the centre may go on working."""
    if file.exists():
        _stop(f"{file} exists already; choose another name")
    made = _done(_backup(file.absolute()))
    _tell(made, file, "backup of")


def restore_command(
    file: File,
    check: Annotated[bool, typer.Option(help="only look whether FILE is whole")] = False,
) -> None:
    """Bring a backup back into an empty data folder and an empty database."""
    if check:
        found = _done(_checked(file))
        _tell(found, file, "whole backup of")
        return
    found = _done(_restore(file))
    _tell(found, file, "restored, and compared, from")


def register(app: typer.Typer) -> None:
    app.command(name="backup")(backup)
    app.command(name="restore")(restore_command)


async def _backup(file: Path) -> Manifest:
    settings = load_settings()
    async with database_at_hand(settings) as url, _room(file.parent) as room:
        rows = await dump(url, room / DATABASE)
        return await asyncio.to_thread(_written, file, settings, room / DATABASE, rows)


def _written(file: Path, settings: Settings, dumped: Path, rows: Mapping[str, int]) -> Manifest:
    with Writer(file) as archive:
        archive.add(DATABASE, dumped)
        for name, folder in _folders(settings).items():
            archive.add_folder(name, folder)
        for name in SINGLE_FILES:
            archive.add(name, settings.data_directory / name)
        made_at = datetime.now(UTC).isoformat(timespec="seconds")
        return archive.finish(program_version(), made_at, rows)


async def _checked(file: Path) -> Manifest:
    async with _room(None) as room:
        return await asyncio.to_thread(unpack, file, room / "read")


async def _restore(file: Path) -> Manifest:
    await asyncio.to_thread(read_manifest, file)  # before anything is made
    settings = load_settings()
    data = settings.data_directory
    present = [name for name, folder in _folders(settings).items() if _has_files(folder)]
    if present:
        raise NotEmpty(f"{data} is in use (it has {', '.join(present)}); choose an empty --data")
    data.mkdir(parents=True, exist_ok=True, mode=0o755)
    async with _room(data) as room:
        manifest = await asyncio.to_thread(unpack, file, room / "read")
        # The database first: it is loaded whole or not at all, so that one can try again.
        async with database_at_hand(settings, prepared=False) as url:
            rows = await restore(url, room / "read" / DATABASE)
            wrong = sorted(name for name in manifest.rows if rows.get(name) != manifest.rows[name])
            if wrong:
                raise DumpFailed(f"rows are missing after the restore, first in {wrong[0]}")
            await asyncio.to_thread(_put_in_place, room / "read", settings)
            await prepare_database(url, settings)
    return manifest


def _put_in_place(read: Path, settings: Settings) -> None:
    for name, folder in _folders(settings).items():
        if (read / name).is_dir():
            shutil.rmtree(folder, ignore_errors=True)
            folder.parent.mkdir(parents=True, exist_ok=True)
            shutil.move(read / name, folder)
    for name in SINGLE_FILES:
        if (read / name).is_file():
            shutil.move(read / name, settings.data_directory / name)
    for path in settings.secrets_directory.rglob("*"):
        if path.is_file():
            path.chmod(0o400)
    _show_to_asterisk(settings.data_directory / "prompts")


def _show_to_asterisk(folder: Path) -> None:
    """It plays from here, and often runs as a user of its own."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink() and path.exists():
            path.chmod(0o755 if path.is_dir() else 0o644)


def _folders(settings: Settings) -> dict[str, Path]:
    places = {name: settings.data_directory / name for name in FOLDERS}
    return places | {
        "recordings": settings.recordings,
        "kept-recordings": settings.kept_recordings,
        "media": settings.sound_directory,
        "secrets": settings.secrets_directory,
    }


def _has_files(folder: Path) -> bool:
    return folder.is_dir() and any(path.is_file() for path in folder.rglob("*"))


@asynccontextmanager
async def _room(beside: Path | None) -> AsyncIterator[Path]:
    """A folder for a while, on the same disk as `beside`."""
    folder = Path(tempfile.mkdtemp(prefix=".callcenter-backup-", dir=beside))
    try:
        yield folder
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _tell(manifest: Manifest, file: Path, what: str) -> None:
    size = file.stat().st_size
    typer.echo(
        f"{file}: {what} {manifest.made_at} (version {manifest.version}):"
        f" {sum(manifest.rows.values())} rows in {len(manifest.rows)} tables,"
        f" {len(manifest.files)} files, {size / 1e6:.1f} MB"
    )


def _done(work: Coroutine[object, object, Manifest]) -> Manifest:
    try:
        return asyncio.run(work)
    except EXPECTED as error:
        _stop(str(error) or type(error).__name__)


def _stop(message: str) -> NoReturn:
    typer.echo(message, err=True)
    raise typer.Exit(WRONG)
