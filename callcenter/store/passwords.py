"""Secrets the product makes for itself: random, kept in files only their owner can read.

PostgreSQL is given a SCRAM verifier (RFC 5802, RFC 7677) instead of the password, so that no
statement, and so no server log, ever carries a plain one. This file knows nothing of servers.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
from pathlib import Path

SCRAM_ITERATIONS = 4096
SECRET_BYTES = 32


def new_secret() -> str:
    """A random secret of 256 bits, letters, digits, `-` and `_` only."""
    return secrets.token_urlsafe(SECRET_BYTES)


def secret_file(path: Path) -> str:
    """The secret in `path`; made at the first call, mode 0400. Safe against two makers at once.

    Raises OSError when the folder cannot be written, ValueError when the file is empty."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    if not path.exists():
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
        try:
            os.write(descriptor, new_secret().encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
        try:
            os.link(draft, path)
        except FileExistsError:
            pass  # another process was first; its secret counts
        finally:
            draft.unlink()
    secret = path.read_text().strip()
    if not secret:
        raise ValueError(f"{path} is empty; delete it to have a new secret made")
    return secret


def scram_verifier(password: str) -> str:
    """What PostgreSQL stores for `password` (pg_authid.rolpassword, SCRAM-SHA-256).

    `password` must be ASCII (ours are), so that SASLprep (RFC 4013) changes nothing."""
    if not password.isascii():
        raise ValueError("only ASCII passwords are supported here")
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode(), salt, SCRAM_ITERATIONS)
    client_key = hmac.digest(salted, b"Client Key", "sha256")
    stored_key = hashlib.sha256(client_key).digest()
    server_key = hmac.digest(salted, b"Server Key", "sha256")

    def text(raw: bytes) -> str:
        return base64.b64encode(raw).decode()

    keys = f"{text(stored_key)}:{text(server_key)}"
    return f"SCRAM-SHA-256${SCRAM_ITERATIONS}:{text(salt)}${keys}"
