"""Where sealed recordings lie: one small interface; a local disk, and what is both disk and bucket.

`name` is made by us from the recording's id; a store sees nothing but sealed bytes.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Iterable
from pathlib import Path
from typing import Literal, Protocol


class KeepingFailed(Exception):
    """The place cannot be used now; the text says why."""


class NotKept(KeepingFailed):
    """There is nothing of this name."""


class Keeping(Protocol):
    """Raises KeepingFailed for everything the world does. `put` replaces what is there, whole or
    not at all; `remove` of what is gone is no trouble."""

    place: str

    async def put(self, name: str, parts: Iterable[bytes]) -> int: ...
    async def read(self, name: str, offset: int, length: int) -> bytes: ...
    async def remove(self, name: str) -> None: ...


class OnDisk:
    """Files in one folder, spread over 256 more by the last letters of their names."""

    place = "disk"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    async def put(self, name: str, parts: Iterable[bytes]) -> int:
        try:
            return await asyncio.to_thread(self._put, self._path(name), parts)
        except OSError as error:
            raise KeepingFailed(f"{self.folder}: {error.strerror or error}") from error

    async def read(self, name: str, offset: int, length: int) -> bytes:
        try:
            return await asyncio.to_thread(self._read, self._path(name), offset, length)
        except FileNotFoundError as error:
            raise NotKept(f"{self.folder}: it is not there") from error
        except OSError as error:
            raise KeepingFailed(f"{self.folder}: {error.strerror or error}") from error

    async def remove(self, name: str) -> None:
        try:
            await asyncio.to_thread(self._path(name).unlink, missing_ok=True)
        except OSError as error:
            raise KeepingFailed(f"{self.folder}: {error.strerror or error}") from error

    def _path(self, name: str) -> Path:
        if not name.replace("-", "").replace(".", "").replace("_", "").isalnum():
            raise KeepingFailed(f"{name[:80]!r} is no name of a recording")
        return self.folder / name[-2:].replace(".", "_") / f"{name}.talk"

    @staticmethod
    def _put(path: Path, parts: Iterable[bytes]) -> int:
        path.parent.mkdir(exist_ok=True, mode=0o700)
        beside = path.with_name(f".{secrets.token_hex(8)}")
        size = 0
        try:
            with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as f:
                for part in parts:
                    size += f.write(part)
                f.flush()
                os.fsync(f.fileno())
            beside.replace(path)
        finally:
            beside.unlink(missing_ok=True)
        return size

    @staticmethod
    def _read(path: Path, offset: int, length: int) -> bytes:
        with path.open("rb") as file:
            file.seek(offset)
            return file.read(length)


# Where a stored recording lies (`Recording.place`). One on its way is *copying* from before the
# first byte goes until the bucket has confirmed all of it, then *copied* until the file is gone.
Place = Literal["disk", "copying", "copied", "bucket"]
ON_DISK: tuple[Place, ...] = ("disk", "copying")
IN_BUCKET: tuple[Place, ...] = ("copying", "copied", "bucket")
NO_BUCKET = "it was moved to a bucket, and none is set (CALLCENTER_RECORDINGS_BUCKET_URL)"


class DiskAndBucket:
    """Recordings wherever they lie: new ones on the disk, and in the `bucket`, if there is one,
    what was moved there."""

    def __init__(self, disk: OnDisk, bucket: Keeping | None = None) -> None:
        self.disk, self.bucket = disk, bucket

    async def put(self, name: str, parts: Iterable[bytes]) -> tuple[int, Place]:
        """Bytes, and where they are now. Raises KeepingFailed."""
        return await self.disk.put(name, parts), "disk"

    async def read(self, name: str, place: str, offset: int, length: int) -> bytes:
        """Raises NotKept, KeepingFailed. `place` may be old: it may have been moved since, or have
        been on its way when a backup was made."""
        if place in ON_DISK:
            try:
                return await self.disk.read(name, offset, length)
            except NotKept:
                if self.bucket is None:
                    raise
        if self.bucket is None:
            raise KeepingFailed(NO_BUCKET)
        return await self.bucket.read(name, offset, length)

    async def remove(self, name: str, place: str) -> None:
        """Everywhere. Raises KeepingFailed, and then it may be called again."""
        if place in IN_BUCKET:
            if self.bucket is None:
                raise KeepingFailed(NO_BUCKET)
            await self.bucket.remove(name)
        await self.disk.remove(name)
