"""Secrets the service makes for itself at the first run: one file each, mode 0400.

A secret is made once and then only read. Values never appear in messages or logs. This file must
not know what a secret is for.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from pathlib import Path

SECRET_BYTES = 32
_NAME = re.compile(r"^[a-z0-9][a-z0-9.-]{0,63}$")


class SecretUnusable(Exception):
    """A secret's file cannot be used; the text says which and what to do, not what is in it."""


def read_or_make(directory: Path, name: str, *, value: bytes | None = None) -> str:
    """The secret `name`; made at the first call (or set to `value`), the same ever after.

    Raises SecretUnusable when the file is empty, unreadable, or readable by others."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a name for a secret: {name!r}")
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = directory / name
    with contextlib.suppress(FileExistsError):
        write_once(path, value or secrets.token_urlsafe(SECRET_BYTES).encode())
    return read(path)


def read(path: Path) -> str:
    """The secret in `path`. Raises SecretUnusable."""
    try:
        mode = path.stat().st_mode & 0o777
        text = path.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SecretUnusable(f"{path} cannot be read: {error}") from error
    if mode & 0o077:
        raise SecretUnusable(f"{path} can be read by others (mode {mode:04o}): chmod 0400 {path}")
    if not text:
        raise SecretUnusable(f"{path} is empty: delete it and a new one is made at the next start")
    return text


def write_once(path: Path, content: bytes, *, mode: int = 0o400) -> None:
    """Write a file that only its owner can read; whole or not at all.

    Raises FileExistsError when it is there already."""
    beside = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(beside, path)  # fails when `path` exists, also when two starts run at once
    finally:
        beside.unlink()
