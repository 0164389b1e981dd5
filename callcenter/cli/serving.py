"""`callcenter serve`: what comes before the service's own code is loaded, and how it ends.

Callers wait while this runs, so it loads nothing that it does not need (docs/decisions/0025).
"""

from __future__ import annotations

import sys

from callcenter import logs
from callcenter.cli.keep_waiting import Holding
from callcenter.settings import Settings, SettingsMistakes, load_settings

WRONG = 2  # the operator can mend it


def run_service() -> int:
    """Until SIGTERM or Ctrl-C. The exit status; mistakes of the operator are told on stderr."""
    try:
        settings = load_settings()
        logs.set_up(settings.log_level, settings.log_file)
    except SettingsMistakes as mistakes:
        return _told([mistakes])
    with Holding(settings) as holding:
        return _serve(settings, holding)


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
