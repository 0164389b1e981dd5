"""Secrets that have to be read again (to sign with them) lie sealed in the database.

The key is a file of its own (`secret_files`), so that a copy of the database alone opens nothing.
AES-256-GCM; what a secret belongs to is sealed in with it, so that it opens nowhere else.
"""

from __future__ import annotations

import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class SealBroken(Exception):
    """It was sealed with another key, for something else, or was altered."""


class Seal:
    """`key`: the text of the key's file."""

    def __init__(self, key: str) -> None:
        self._cipher = AESGCM(hashlib.sha256(key.encode()).digest())

    def close(self, secret: str, about: str) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), about.encode())

    def open(self, sealed: bytes, about: str) -> str:
        """Raises SealBroken."""
        nonce, content = sealed[:NONCE_BYTES], sealed[NONCE_BYTES:]
        try:
            return self._cipher.decrypt(nonce, content, about.encode()).decode()
        except (InvalidTag, ValueError):
            raise SealBroken(about) from None
