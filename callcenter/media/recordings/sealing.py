"""Recordings encrypted at rest: AES-256-GCM in chunks, a key a file, wrapped by a master key.

Chunks of 64 KiB let a player ask for a part of a long recording without reading all of it. Each is
bound to its recording, its place and to being the last or not, so that none can be moved, left out
or put in from elsewhere without notice. A key that is forgotten makes its file unreadable wherever
copies of it may be.

    8 bytes magic and version | chunks of (up to 65,536 bytes + 16 bytes tag)

The nonce of a chunk is its number (12 bytes, big-endian); a key is used for one file only.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Iterator

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

MAGIC = b"CCTALK\x00\x01"
CHUNK_BYTES = 1 << 16
TAG_BYTES = 16
KEY_BYTES = 32
NONCE_BYTES = 12


class SealBroken(Exception):
    """The file, or its key, is not what was stored."""


def master_key(text: str) -> bytes:
    """The master key out of its secret file (URL-safe base64 of 32 bytes). Raises ValueError."""
    key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    if len(key) != KEY_BYTES:
        raise ValueError("the master key of recordings must be 32 bytes in base64")
    return key


def wrap(master: bytes, id: str, key: bytes) -> bytes:
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(master).encrypt(nonce, key, id.encode())


def unwrap(master: bytes, id: str, wrapped: bytes) -> bytes:
    """Raises SealBroken."""
    try:
        return AESGCM(master).decrypt(wrapped[:NONCE_BYTES], wrapped[NONCE_BYTES:], id.encode())
    except InvalidTag:
        raise SealBroken(f"the key of recording {id} cannot be opened") from None


def seal(id: str, key: bytes, sound: bytes) -> Iterator[bytes]:
    """The file's parts, one after the other."""
    cipher = AESGCM(key)
    yield MAGIC
    count = max(1, -(-len(sound) // CHUNK_BYTES))
    for number in range(count):
        part = sound[number * CHUNK_BYTES : (number + 1) * CHUNK_BYTES]
        yield cipher.encrypt(_nonce(number), part, _bound(id, number, number == count - 1))


def place_of(number: int) -> tuple[int, int]:
    """Where chunk `number` lies in the file: (offset, length at most)."""
    return len(MAGIC) + number * (CHUNK_BYTES + TAG_BYTES), CHUNK_BYTES + TAG_BYTES


def unseal(id: str, key: bytes, number: int, chunk: bytes, *, last: bool) -> bytes:
    """The sound of one chunk. Raises SealBroken."""
    try:
        return AESGCM(key).decrypt(_nonce(number), chunk, _bound(id, number, last))
    except InvalidTag:
        raise SealBroken(f"recording {id} is damaged in part {number}") from None


def _nonce(number: int) -> bytes:
    return number.to_bytes(NONCE_BYTES, "big")


def _bound(id: str, number: int, last: bool) -> bytes:
    return f"{id}|{number}|{int(last)}".encode()
