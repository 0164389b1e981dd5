"""Page cursors: the place after the last row of a page, as opaque text.

A page is asked for by where the one before ended, so that rows that come and go meanwhile neither
repeat nor hide others. A cursor that is damaged or made up starts from the beginning.
"""

from __future__ import annotations

import base64
import json
from datetime import datetime


def write_cursor(*parts: object) -> str:
    """Parts are datetimes, numbers and text."""
    plain = [part.isoformat() if isinstance(part, datetime) else part for part in parts]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def read_cursor(text: str | None, *kinds: type) -> list[object] | None:
    """The parts, each of its kind; None where there is no usable cursor."""
    if not text:
        return None
    try:
        parts = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        if not isinstance(parts, list) or len(parts) != len(kinds):
            return None
        return [_part(part, kind) for part, kind in zip(parts, kinds, strict=True)]
    except (ValueError, TypeError, RecursionError):
        return None


def _part(part: object, kind: type) -> object:
    if kind is datetime:
        moment = datetime.fromisoformat(str(part))
        if moment.tzinfo is None:
            raise ValueError("a time without a zone")
        return moment
    if not isinstance(part, kind) or isinstance(part, bool) or "\0" in str(part):
        raise ValueError("not of the kind")
    return part
