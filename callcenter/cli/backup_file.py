"""A backup as a file: a tar archive with the files' checksums and the rows' counts in it.

The archive ends with its own list (`manifest.json`), written last, so an archive that was cut off
has none and is refused. Files that vanish while it is made (people work meanwhile) are left out.
Reading it never writes outside the folder it is told. This file knows nothing of databases.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO, Self

FORMAT = 1
MANIFEST = "manifest.json"
DATABASE = "database.dump"
MANIFEST_BYTES_MAX = 200_000_000
BLOCK = 1 << 20


class NotABackup(Exception):
    """The file is no backup, or not a whole one; the text says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """`files`: SHA-256 by name in the archive. `rows`: by `schema.table`. `made_at`: ISO 8601."""

    version: str
    made_at: str
    rows: Mapping[str, int]
    files: Mapping[str, str] = field(default_factory=dict)
    format: int = FORMAT


class Writer:
    """`with Writer(path) as archive: archive.add(...); archive.finish(...)`. The file has its name
    only when it is whole."""

    def __init__(self, path: Path) -> None:
        self._path, self._beside = path, path.with_name(f".{path.name}.part")
        self._sums: dict[str, str] = {}

    def __enter__(self) -> Self:
        descriptor = os.open(self._beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        self._tar = tarfile.open(fileobj=self._file, mode="w", format=tarfile.PAX_FORMAT)
        return self

    def __exit__(self, *failed: object) -> None:
        self._tar.close()
        self._file.close()
        self._beside.unlink(missing_ok=True)

    def add(self, name: str, path: Path) -> None:
        """One file under a name. It may grow while it is read: what it had is kept."""
        try:
            file = path.open("rb")
        except FileNotFoundError:
            return
        with file:
            info = tarfile.TarInfo(name)
            info.size, info.mode = os.fstat(file.fileno()).st_size, 0o600
            reading = _Summed(file, info.size)
            self._tar.addfile(info, reading)
            self._sums[name] = reading.sum.hexdigest()

    def add_folder(self, name: str, folder: Path) -> None:
        for path in sorted(folder.rglob("*")):
            if path.is_file() and not path.is_symlink():
                self.add(f"{name}/{path.relative_to(folder).as_posix()}", path)

    def finish(self, version: str, made_at: str, rows: Mapping[str, int]) -> Manifest:
        manifest = Manifest(version, made_at, rows, self._sums)
        content = json.dumps(asdict(manifest), ensure_ascii=False, sort_keys=True).encode()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(content), 0o600
        self._tar.addfile(info, io.BytesIO(content))
        self._tar.close()
        self._file.flush()
        os.fsync(self._file.fileno())
        self._beside.replace(self._path)
        return manifest


class _Summed(io.RawIOBase):
    """A file that is added up as it is read, and filled with zeros if it became shorter."""

    def __init__(self, file: io.BufferedReader, size: int) -> None:
        self._file, self._left = file, size
        self.sum = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        wanted = self._left if size < 0 else min(size, self._left)
        block = self._file.read(wanted).ljust(wanted, b"\0")
        self._left -= len(block)
        self.sum.update(block)
        return block


def read_manifest(path: Path) -> Manifest:
    """What the archive says it holds. Raises NotABackup, OSError."""
    with _opened(path) as archive:
        for info in _members(archive):
            if info.name != MANIFEST:
                continue
            if info.size > MANIFEST_BYTES_MAX:
                raise NotABackup("its list of contents is too long")
            file = archive.extractfile(info)
            assert file is not None
            return _understood(file.read())
    raise NotABackup("its list of contents is missing: it was cut off, or it is something else")


def unpack(path: Path, folder: Path) -> Manifest:
    """Writes all files below `folder` (made, mode 0700) and compares every checksum.
    Raises NotABackup, OSError."""
    manifest = read_manifest(path)
    folder.mkdir(mode=0o700, parents=True)
    found: dict[str, str] = {}
    with _opened(path) as archive:
        for info in _members(archive):
            if info.name == MANIFEST:
                continue
            target = folder / _inside(info.name)
            file = archive.extractfile(info) if info.isreg() else None
            if file is None:
                raise NotABackup(f"{info.name} is no file")
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            found[info.name] = _copied(file, target)
    wrong = sorted(
        name for name in {**manifest.files, **found} if manifest.files.get(name) != found.get(name)
    )
    if wrong:
        raise NotABackup(f"{len(wrong)} files are not as they were, the first: {wrong[0]}")
    return manifest


def _inside(name: str) -> PurePosixPath:
    """The name of a file below the folder it is put in. (No link is ever made there. The filters of
    `tarfile` are newer than the Python of Debian 12.)"""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts or "\0" in name:
        raise NotABackup(f"it wants to write elsewhere: {name!r}")
    return path


def _copied(file: IO[bytes], target: Path) -> str:
    summed = hashlib.sha256()
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        while block := file.read(BLOCK):
            summed.update(block)
            out.write(block)
    return summed.hexdigest()


def _opened(path: Path) -> tarfile.TarFile:
    try:
        return tarfile.open(path, "r:")
    except tarfile.TarError as error:
        raise NotABackup(f"it cannot be read: {error}") from error


def _members(archive: tarfile.TarFile) -> Iterator[tarfile.TarInfo]:
    try:
        yield from archive
    except (tarfile.TarError, EOFError) as error:
        raise NotABackup(f"it cannot be read: {error}") from error


def _understood(content: bytes) -> Manifest:
    try:
        read = json.loads(content)
        if read["format"] != FORMAT:
            raise NotABackup(f"it is of the form {read['format']}, this program knows {FORMAT}")
        return Manifest(
            str(read["version"]),
            str(read["made_at"]),
            {str(name): int(count) for name, count in read["rows"].items()},
            {str(name): str(value) for name, value in read["files"].items()},
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise NotABackup("its list of contents cannot be read") from error
