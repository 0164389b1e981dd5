"""Trial calls: an administrator hears a flow that callers do not hear yet.

A flow is offered under a one-time token; the next call that dials it goes through that flow as any
caller would. It ends where others would be concerned (a queue, a mailbox, an outside number), and
it is in no figures: no timeline, no interaction, no row on the screens. Look-ups are real, but what
would be booked, sent or kept is only said to be.
"""

from __future__ import annotations

from callcenter.core.inputs import TrialOffered
from callcenter.core.state import State, Trial
from ivr.asks import (
    Answer,
    Ask,
    Enqueue,
    Found,
    LeaveMessage,
    LookUp,
    Record,
    Recorded,
    Transfer,
)

PREFIX = "trial_"  # no number that is dialled from outside has an underscore: see extensions.conf
TRIALS_MAX = 50
ACTS = frozenset({"callback", "survey", "text"})  # sources by which something is done or kept


def offered(state: State, fact: TrialOffered, now: float) -> None:
    """Wait for the call. The oldest offer makes room when there are too many."""
    for token in [token for token, trial in state.trials.items() if trial.until <= now]:
        del state.trials[token]
    while len(state.trials) >= TRIALS_MAX:
        del state.trials[next(iter(state.trials))]
    state.trials[fact.token] = Trial(fact.flow, fact.number, fact.until)


def is_trial(did: str) -> bool:
    """Whether this was dialled as a trial, known or not."""
    return did.startswith(PREFIX)


def take(state: State, did: str, now: float) -> Trial | None:
    """The flow offered under what was dialled; good for one call."""
    trial = state.trials.pop(did.removeprefix(PREFIX), None) if is_trial(did) else None
    return trial if trial is not None and trial.until > now else None


def ends_at(ask: Ask) -> bool:
    """Whether a trial call goes no further than this."""
    return isinstance(ask, Enqueue | LeaveMessage | Transfer)


def pretended(ask: Ask) -> Answer | None:
    """The answer to what a trial call only seems to do; None: it is done as for any caller."""
    match ask:
        case Record():
            return Recorded(1.0)
        case LookUp(source=source) if source in ACTS:
            return Found({"kept": True})
    return None
