"""`callcenter serve`: what comes before the service's own code is loaded, and how it ends.

Callers wait while this runs, so it loads nothing that it does not need (docs/decisions/0025). As a
spare it loads everything, and waits until it is told that the service is gone (0030).
"""

from __future__ import annotations

import logging
import os
import sys

from callcenter import logs
from callcenter.cli.keep_waiting import Holding
from callcenter.settings import Settings, SettingsMistakes, load_settings

WRONG = 2  # the operator can mend it
BEGIN = b"begin\n"
"""What a spare is told on its standard input; when that is closed instead, it ends."""

log = logging.getLogger(__name__)


def run_service(*, spare: bool = False) -> int:
    """Until SIGTERM or Ctrl-C. The exit status; mistakes of the operator are told on stderr."""
    try:
        settings = load_settings()
        logs.set_up(settings.log_level, settings.log_file)
    except SettingsMistakes as mistakes:
        return _told([mistakes])
    if spare and not _wanted():
        return 0
    with Holding(settings) as holding:
        return _serve(settings, holding)


def _wanted() -> bool:
    """Loads all that a service needs, and waits to be told to be one."""
    from callcenter.bootstrap import serve, web_side

    log.info("a spare service is loaded: %s, %s", serve.__name__, web_side.__name__)
    if sys.stdin.buffer.readline() != BEGIN:
        return False
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, sys.stdin.fileno())
    os.close(nothing)
    return True


def _serve(settings: Settings, holding: Holding) -> int:
    from callcenter.bootstrap.serve import serve
    from callcenter.secret_files import SecretUnusable
    from callcenter.store.outbox import OutboxInUse
    from callcenter.web.listening import ListenFailed

    status = 0
    wrong: list[BaseException] = []
    try:
        status = serve(settings, holding.let_go)
    except* (SettingsMistakes, ListenFailed, OutboxInUse, SecretUnusable) as group:
        wrong = _leaves(group)
    return _told(wrong) if wrong else status


def _told(mistakes: list[BaseException]) -> int:
    print(*mistakes, sep="\n", file=sys.stderr)
    return WRONG


def _leaves(group: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    out: list[BaseException] = []
    for error in group.exceptions:
        out += _leaves(error) if isinstance(error, BaseExceptionGroup) else [error]
    return out
