"""Bringing the centre back after the process died: checkpoint, then the inputs written since.

The effects of those inputs are thrown away but for the history (`RecordEvent` and its kin): those
carry ids, so writing them again changes nothing, and what had not reached the outbox does now.
An input that makes the core fail again is left out and its call put in quarantine: one bad call
must not become a crash loop.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from callcenter.core.centre import Centre
from callcenter.core.effects import Effect, History
from callcenter.core.inputs import Input, Quarantined
from callcenter.runtime.journal import Journal, JournalUnreadable, Line, effects_mark, read_lines

log = logging.getLogger(__name__)

QUARANTINES_MAX = 50
LOOKS_MAX = 3


@dataclass(slots=True)
class Recovered:
    """`history` is to be written again, before the journal begins a new segment; `quarantine` are
    the inputs to step first; `stopped_at` is the time of the last input (for `SystemClock`)."""

    centre: Centre
    history: list[History] = field(default_factory=list)
    quarantine: list[Quarantined] = field(default_factory=list)
    inputs: int = 0
    cold: bool = True
    stopped_at: float = 0.0


@dataclass(slots=True)
class Replay:
    """What `callcenter replay` reports."""

    inputs: int = 0
    effects: int = 0
    different: list[int] = field(default_factory=list)


def recover(journal: Journal) -> Recovered:
    """The centre as it was, or a new one when there is nothing this code can read."""
    poisoned: dict[int, Quarantined] = {}
    while len(poisoned) <= QUARANTINES_MAX:
        centre, segment = journal.latest()
        if centre is None or segment is None:
            return Recovered(Centre())
        try:
            found = _replay(centre, read_lines(segment), poisoned)
        except JournalUnreadable:
            log.exception("starting without the journal: Asterisk's channels tell where calls are")
            return Recovered(Centre())
        if found is not None:
            found.quarantine = list(poisoned.values())
            return found
    log.error("too many inputs make the core fail: starting without the journal")
    return Recovered(Centre())


def _replay(
    centre: Centre, lines: Iterable[Line], poisoned: dict[int, Quarantined]
) -> Recovered | None:
    """None when one more input turned out to be poisoned (it is noted)."""
    found = Recovered(centre, cold=False)
    for index, line in enumerate(lines):
        if index in poisoned:
            continue
        try:
            effects = centre.step(line.fact, line.at)
        except Exception as error:
            log.exception("input %d of the journal makes the core fail", index)
            blamed = centre.state.blame or _call(line.fact)
            poisoned[index] = Quarantined(blamed, f"{type(error).__name__}: {error}")
            return None
        found.inputs += 1
        found.stopped_at = line.at
        found.history += [effect for effect in effects if isinstance(effect, History)]
    return found


def _call(fact: Input) -> str:
    call = getattr(fact, "call", None)
    if call is None:
        call = getattr(getattr(fact, "action", None), "call", "")
    return str(call)


def replay(folder: Path) -> Replay:
    """Step the inputs of a journal once more, and compare what is decided with what was."""
    centre, segment = Journal(folder).latest()
    report = Replay()
    if centre is None or segment is None:
        return report
    for index, line in enumerate(read_lines(segment)):
        effects: list[Effect] = centre.step(line.fact, line.at)
        report.inputs += 1
        report.effects += len(effects)
        if line.mark is not None and line.mark != effects_mark(effects):
            report.different.append(index)
    return report


def as_it_stands(folder: Path) -> Recovered | None:
    """The centre as the journal of a service, which may be running, tells it up to now; None
    when there is nothing this code can read. Reads only. Raises JournalUnreadable."""
    if not folder.is_dir():
        return None
    for _ in range(LOOKS_MAX):
        centre, segment = Journal(folder).latest()
        if centre is None or segment is None:
            return None
        try:
            found = _replay(centre, read_lines(segment), {})
        except FileNotFoundError:
            continue  # the service has just begun another segment
        if found is None:
            raise JournalUnreadable(f"{segment}: an input makes the core fail")
        return found
    return None
