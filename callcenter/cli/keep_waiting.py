"""The first thing a starting service does: the callers who wait are told that somebody comes.

Until its code is loaded and it is in step, seconds go by, on a busy machine more than a lease is
long. So each waiting caller's lease is renewed before anything else is imported, and then every few
seconds by a thread, until the service is about to look at its calls: from then on they may be
connected, and a lease would cut a talk. A service that begins again and again without ever being in
step must not keep callers from the fallback queue: when the last sign of life of a real one is too
old, nothing is renewed.

It decides nothing about calls and never fails: without it the dialplan serves the callers. It must
import little.
"""

from __future__ import annotations

import json
import threading
import time
from types import TracebackType
from typing import Self

from callcenter.asterisk import actions
from callcenter.asterisk.config import LEASE_SECONDS
from callcenter.cli.manager_talk import Headers, ManagerRefused, ManagerTalk
from callcenter.settings import Settings

BEAT_SECONDS_MAX = 30
"""How old the last sign of life may be. With the lease, nobody is held longer than 45 s in all."""
EVERY_SECONDS = 3.0
CONTEXTS = frozenset({"acd", "hold"})
APPLICATIONS = frozenset({"AGI", "BackGround", "Playback", "Read", "Record"})
"""What a caller is seen doing who waits for the service, or does what it asked for last."""
TROUBLE = (OSError, ValueError, KeyError, TypeError, ManagerRefused)


class Holding:
    """`with Holding(settings) as holding:` begins with a renewal, and goes on until `let_go`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._hold, name="keep-waiting", daemon=True)

    def __enter__(self) -> Self:
        keep_waiting(self._settings)
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.let_go()

    def let_go(self) -> None:
        """Blocks until nothing is under way any more; the service looks after them now."""
        self._over.set()
        self._thread.join()

    def _hold(self) -> None:
        while not self._over.wait(EVERY_SECONDS):
            keep_waiting(self._settings)


def keep_waiting(settings: Settings) -> int:
    """Renews the leases of the callers in line; how many."""
    try:
        assert settings.asterisk_secrets_file is not None
        secret = json.loads(settings.asterisk_secrets_file.read_text())
        user = settings.asterisk_control_user
        with ManagerTalk(settings.asterisk_host, settings.asterisk_ami_port) as talk:
            talk.ask(
                {"Action": "Login", "Username": user, "Secret": str(secret[user]), "Events": "off"}
            )
            return _renew(talk)
    except (AssertionError, *TROUBLE):
        return 0


def _renew(talk: ManagerTalk) -> int:
    beat = talk.ask(actions.get_global("ACD_BEAT")).get("value", [""])[0]
    if not beat.isdigit() or abs(_now(talk) - int(beat)) > BEAT_SECONDS_MAX:
        return 0
    seen = talk.listed({"Action": "Status"}, "StatusComplete")
    lease = str(LEASE_SECONDS)
    due = [
        actions.set_variable(_one(channel, "channel"), "TIMEOUT(absolute)", lease)
        for channel in seen
        if waits(channel)
    ]
    talk.tell(due)
    return len(due)


def waits(channel: Headers) -> bool:
    """Whether this `Status` event is about a caller who waits for the service."""
    in_place = _one(channel, "context") in CONTEXTS
    return in_place and _one(channel, "application") in APPLICATIONS


def _now(talk: ManagerTalk) -> float:
    """By Asterisk's own clock."""
    said = talk.ask({"Action": "Ping"}).get("timestamp", [""])[0]
    return float(said) if said else time.time()


def _one(frame: Headers, name: str) -> str:
    return frame.get(name, [""])[0]
