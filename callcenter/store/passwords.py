"""What is stored instead of a password, for PostgreSQL and for SIP, so that no statement and no
server log ever carries a plain one. Pure but for the random numbers.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

SCRAM_ITERATIONS = 4096
SECRET_BYTES = 32


def new_secret() -> str:
    """A random secret of 256 bits, letters, digits, `-` and `_` only."""
    return secrets.token_urlsafe(SECRET_BYTES)


def scram_verifier(password: str) -> str:
    """What PostgreSQL stores for `password` (pg_authid.rolpassword, SCRAM-SHA-256; RFC 5802, 7677).

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


def sip_digest(user: str, realm: str, password: str) -> str:
    """HA1 of SIP's digest authentication (RFC 2617, 3.2.2.2), as Asterisk's `md5_cred` wants it."""
    return hashlib.md5(f"{user}:{realm}:{password}".encode(), usedforsecurity=False).hexdigest()
