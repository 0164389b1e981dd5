"""One-time codes of a device (TOTP, RFC 6238) and recovery codes: made, drawn, compared. Pure but
for the random numbers; times are arguments (UNIX seconds). This file must not know who has which.

A code counts in its half minute and in the one before and after it, for clocks that are not quite
right, and each once: the caller keeps the step that was used last (`store.second_factors`).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets

import pyotp
import segno

STEP_SECONDS = 30
STEPS_AROUND = 1
DIGITS = re.compile(r"[0-9]{6}", re.ASCII)
RECOVERY = re.compile(r"[A-Z2-7]{16}", re.ASCII)
RECOVERY_CODES = 10
RECOVERY_BYTES = 10
HOUSE = "Contact centre"


def new_secret() -> str:
    """160 random bits in base 32, as devices take them."""
    return pyotp.random_base32()


def plain(code: str) -> str:
    """What was typed without the spaces and dashes that people put in."""
    return re.sub(r"[\s-]", "", code).upper()


def matching_step(secret: str, code: str, now: float, last_step: int) -> int | None:
    """The time step of this code; None: it is wrong, too old, or not newer than `last_step`."""
    if not DIGITS.fullmatch(code):
        return None
    device, today = pyotp.TOTP(secret), int(now) // STEP_SECONDS
    found = None
    for step in range(today - STEPS_AROUND, today + STEPS_AROUND + 1):
        # All are compared, so that the answer takes as long for each.
        if hmac.compare_digest(device.at(step * STEP_SECONDS), code) and step > last_step:
            found = step
    return found


def address(secret: str, login: str) -> str:
    """What the picture says to the device (otpauth://)."""
    return pyotp.TOTP(secret).provisioning_uri(name=login, issuer_name=HOUSE)


def picture(address: str) -> str:
    """A QR code as a data: address. Black on white, whatever the page looks like."""
    return segno.make(address, error="m").svg_data_uri(scale=5, border=4, light="#ffffff")


def new_recovery_codes() -> list[str]:
    """80 bits each, as four groups of four."""
    codes = []
    for _ in range(RECOVERY_CODES):
        text = base64.b32encode(secrets.token_bytes(RECOVERY_BYTES)).decode()
        codes.append("-".join(text[start : start + 4] for start in range(0, len(text), 4)))
    return codes


def recovery_hash(code: str) -> bytes | None:
    """What is kept of a recovery code; None: it does not look like one."""
    text = plain(code)
    return hashlib.sha256(text.encode()).digest() if RECOVERY.fullmatch(text) else None
