"""The address of a bucket, as an administrator writes it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,150}")


@dataclass(frozen=True, slots=True)
class Address:
    """Of a bucket: `https://host:port/bucket/folder`, the folder may be missing."""

    endpoint: str
    bucket: str
    folder: str

    def __str__(self) -> str:
        return "/".join(part for part in (self.endpoint, self.bucket, self.folder) if part)


def read_address(url: str) -> Address:
    """Raises ValueError."""
    parts = urlsplit(url)
    names = [name for name in parts.path.split("/") if name]
    if parts.scheme not in {"http", "https"} or not parts.hostname or not names:
        raise ValueError("https://host/bucket or https://host:port/bucket/folder")
    if parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError("keys belong into the secrets file, and nothing may follow the folder")
    if not all(SAFE.fullmatch(name) for name in names):
        raise ValueError("bucket and folders: letters, digits, dots, dashes and underscores")
    return Address(f"{parts.scheme}://{parts.netloc}", names[0], "/".join(names[1:]))
