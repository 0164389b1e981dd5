"""By which trunk a call comes or goes: the name of its endpoint in pjsip.conf.

The timeline says it where a line of a trunk is taken (`arrived`, `taken-up`, `dialled`, `consult`,
`transfer`), so that the reports can tell which lines were in use, and when (`reports.trunk_legs`).
"""

from __future__ import annotations

import re

OUT = "trunk"
"""The endpoint by which calls go out; the dialplan and `asterisk.outbound` name the same."""
_CHANNEL = re.compile(r"PJSIP/([A-Za-z0-9_.-]{1,64})-[^-]*")


def of_channel(channel: str) -> str:
    """The endpoint of "PJSIP/<endpoint>-<number>", "" for what is no channel of a trunk."""
    found = _CHANNEL.fullmatch(channel)
    return found[1] if found is not None else ""
