"""The log: one JSON object a line, in UTC, safe to read in a terminal and to search by call.

Line breaks and control characters of what strangers sent are escaped by JSON, so nobody can forge a
line. The call is taken from the record (`extra={"call": ...}`) or from `current_call`. Secrets are
never handed to a logger; this file must not try to find them afterwards.
"""

from __future__ import annotations

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from logging.handlers import WatchedFileHandler
from pathlib import Path

MESSAGE_MAX = 4000

current_call: ContextVar[str | None] = ContextVar("current_call", default=None)


class JsonLines(logging.Formatter):
    """A record as one line of JSON: time, level, logger, message, and call or traceback if any."""

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, object] = {
            "time": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage()[:MESSAGE_MAX],
        }
        call = getattr(record, "call", None) or current_call.get()
        if call:
            line["call"] = call
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        # ASCII alone: terminals obey some characters beyond the control range too.
        return json.dumps(line, ensure_ascii=True)


def set_up(level: str, file: Path | None = None) -> None:
    """Send everything to `file` (opened anew when it is rotated away) or standard error.

    Raises OSError when the file cannot be written."""
    handler: logging.Handler
    if file is None:
        handler = logging.StreamHandler(sys.stderr)
    else:
        handler = WatchedFileHandler(file, encoding="utf-8")
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    for old in root.handlers[:]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    root.setLevel(level.upper())
    # A line for each request and each websocket is ours to write (`web.guard`), not uvicorn's.
    logging.getLogger("uvicorn.error").setLevel(max(logging.WARNING, root.level))
    logging.getLogger("websockets").setLevel(max(logging.WARNING, root.level))
    logging.captureWarnings(True)
