"""A caller whom no service took in hand, as the dialplan tells of him: live, or in its journal.

The dialplan knows little of him: the call's id, which holds the second of its beginning, his
number, the number he called, and who served him alone. Calls that we make are not meant; their ids
differ.
"""

from __future__ import annotations

import re
from typing import Literal

from callcenter.core import trunks
from callcenter.core.inputs import CallMissed

CALLERS_ID = re.compile(r"(?:^|-)([0-9]{9,11})\.[0-9]+$")
ServedBy = Literal["fallback", "voicemail"]
PLACES: dict[str, ServedBy] = {
    "fallback": "fallback",
    "voicemail": "voicemail",
}


def missed(
    call: str, number: str, did: str, *, ended_at: float, cause: int, place: str, channel: str
) -> CallMissed | None:
    """None: it is no caller's call. `ended_at` in UNIX seconds, as its beginning in the id."""
    began = CALLERS_ID.search(call)
    if began is None:
        return None
    began_at = min(float(began[1]), ended_at)
    trunk = trunks.of_channel(channel)
    return CallMissed(call, number, did, began_at, ended_at, cause, PLACES.get(place, ""), trunk)
