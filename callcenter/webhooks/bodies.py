"""What a subscriber is sent: one JSON object, the same shape for every event. Pure."""

from __future__ import annotations

import json
from datetime import UTC

from callcenter.webhooks.schemas import Happened

# By the first word of the kind: under which name the subject stands in `data`.
SUBJECTS = {
    "call": "call",
    "interaction": "call",
    "voicemail": "voicemail",
    "callback": "callback",
    "ticket": "ticket_id",
    "task": "task_id",
    "customer": "customer_id",
    "alert": "alert",
    "webhook": "webhook",
}


def body_of(happened: Happened) -> str:
    """`id` is the event's, the same in each try; `timestamp` when it happened (RFC 3339, UTC)."""
    subject = SUBJECTS[happened.kind.partition(".")[0]]
    body = {
        "id": happened.event,
        "type": happened.kind,
        "timestamp": happened.at.astimezone(UTC).isoformat(timespec="milliseconds"),
        "data": {subject: happened.subject, **happened.data},
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"), default=str)
