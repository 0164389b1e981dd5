"""The ports of a private installation: chosen once, kept, and chosen anew when somebody took one.

A running Asterisk that is taken over keeps its ports, so they are written beside the data. This
file must not know what a port is for.
"""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from pathlib import Path

TRIES_MAX = 20


def choose(file: Path, wanted: Mapping[str, int], *, in_use: bool = False) -> dict[str, int]:
    """A port of the loopback for each name: that of the last time, else the wanted one (0: any),
    else any. `in_use`: what is written in `file` is being used by our own, so take it as it is."""
    before = _read(file)
    if in_use and set(before) >= set(wanted):
        return before
    chosen: dict[str, int] = {}
    for name, port in wanted.items():
        candidates = [c for c in (before.get(name), port) if c and c not in chosen.values()]
        chosen[name] = next((c for c in candidates if is_free(c)), 0) or _any_free(chosen)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(chosen))
    return chosen


def is_free(port: int, address: str = "127.0.0.1") -> bool:
    """Whether nobody listens there, on TCP and UDP."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        with socket.socket(family, kind) as probe:
            if kind == socket.SOCK_STREAM:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((address, port))
            except OSError:
                return False
    return True


def _any_free(taken: Mapping[str, int]) -> int:
    for _ in range(TRIES_MAX):
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            found = int(probe.getsockname()[1])
        if found not in taken.values() and is_free(found):
            return found
    raise OSError("no free port was found")


def _read(file: Path) -> dict[str, int]:
    try:
        read = json.loads(file.read_text())
    except (OSError, ValueError):
        return {}
    if not isinstance(read, dict):
        return {}
    return {n: p for n, p in read.items() if isinstance(p, int) and 0 < p < 65536}
