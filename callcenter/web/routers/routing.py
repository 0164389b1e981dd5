"""Why did this caller wait? Why did this agent get nothing? What the engine decided, and why.

The present comes from the running engine, the past from what is stored with the calls.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

from acd.decisions import Decision
from acd.estimate import Way
from callcenter.core.teams import within
from callcenter.store.times import to_datetime, to_seconds
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.borders import outside
from callcenter.web.errors import ApiError, not_found
from callcenter.web.moments import Moment
from callcenter.web.routers.common import AgentId, CallId, Served, guarded_router, live_call_within

router = guarded_router("routing")

SPAN_MAX = timedelta(days=7)
SPAN_USUAL = timedelta(hours=1)
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)
# What happened to a call that says something of its waiting.
STEPS = frozenset(
    "arrived queued not-queued offered ringing offer-ended answered answered-late leg-lost"
    " overflow priority moved diverted taken-up ended".split()
)


class ConsideredRead(Body):
    agent: str
    code: str
    text: str


class DecisionRead(Body):
    """`text` is the same in words. `chosen` null: nobody could take it. `also`: whose phones ring
    at the same time."""

    entry: str
    queue: str
    at: float
    chosen: str | None
    attempt: int
    ring: int
    strategy: str
    waited_seconds: float
    position: int | None
    considered: list[ConsideredRead]
    counts: dict[str, int]
    note: str
    also: list[str]
    text: str


class StepRead(Body):
    at: datetime
    kind: str
    data: dict[str, Any]


class WhyCall(Body):
    """`now`: why it waits at this moment; null when it is not in a line. `steps`: what is stored,
    with the decision (`why`) of each offer."""

    call: str
    now: DecisionRead | None
    steps: list[StepRead]


class SpellRead(Body):
    since: datetime
    until: datetime
    state: str
    reason: str
    call: str


class StretchRead(Body):
    since: datetime
    until: datetime
    state: str
    text: str


class ConsideringRead(Body):
    at: datetime
    call: str
    queue: str
    chosen: str | None
    code: str
    text: str


class WhyAgent(Body):
    """`presence`: the stored states. `lately`: the engine's own account, which reaches back a few
    dozen states only. `decisions`: the calls for which the agent was looked at."""

    agent: str
    since: datetime
    until: datetime
    presence: list[SpellRead]
    lately: list[StretchRead]
    decisions: list[ConsideringRead]


class EstimateRead(Body):
    """How long somebody who joined the queue now would wait, in seconds (null: nothing is known
    yet, or nobody works), and how good such words have been: `way` is what they are made by
    (exact: the formula for agents of one queue; last: the last caller's wait; learned: fitted to
    this queue's own calls), tested on so many served callers, with the root of the mean squared
    error and the bias (positive: it says too much), in seconds."""

    queue: str
    name: str
    low_seconds: float | None
    high_seconds: float | None
    way: Way
    tests: int
    error_seconds: float
    bias_seconds: float


class Estimates(Body):
    items: list[EstimateRead]


def _decision(decision: Decision) -> DecisionRead:
    return DecisionRead.model_validate(decision.to_json() | {"text": decision.to_text()})


@router.get("/api/routing/estimates")
async def estimates(caller: Called, served: Served) -> Estimates:
    """The wait expected in each queue, as callers are told it, with its measured error."""
    queues = served.config().queues
    items = []
    for queue, (wait, errors) in sorted(served.routing.estimates().items()):
        if not within(caller.reach, queues=(queue,)):
            continue
        low, high = wait if wait is not None else (None, None)
        items.append(
            EstimateRead(
                queue=queue,
                name=queues[queue].name if queue in queues else queue,
                low_seconds=low,
                high_seconds=high,
                way=errors.way if errors else "exact",
                tests=errors.tests if errors else 0,
                error_seconds=errors.root_mean_square if errors else 0.0,
                bias_seconds=errors.bias if errors else 0.0,
            )
        )
    return Estimates(items=items)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


@router.get("/api/routing/why/call/{call}")
async def why_call(call: CallId, caller: Called, served: Served) -> WhyCall:
    """Why a call waits, or how it came to its agent."""
    now = served.routing.why(call)
    events = await served.interactions.timeline(call)
    if now is None and not events:
        raise not_found("call")
    named = [event.data for event in events]
    if not live_call_within(caller, served, call) and not within(
        caller.reach,
        agents=[_text(data.get("agent")) for data in named],
        queues=[_text(data.get("queue")) for data in named],
    ):
        raise outside()
    steps = [StepRead(at=e.at, kind=e.kind, data=dict(e.data)) for e in events if e.kind in STEPS]
    return WhyCall(call=call, now=None if now is None else _decision(now), steps=steps)


@router.get("/api/routing/why/agent/{agent}")
async def why_agent(
    agent: AgentId,
    served: Served,
    since: Moment | None = None,
    until: Moment | None = None,
) -> WhyAgent:
    """What an agent did between two moments, and which calls went to others and why. Without them:
    the last hour."""
    now = to_datetime(served.clock.now())
    end = max(EARLIEST, min(until or now, now + SPAN_MAX))
    begin = max(EARLIEST, since or end - SPAN_USUAL)
    _check_span(begin, end)
    presence = await served.interactions.spells(agent, begin, end)
    if not presence and agent not in served.config().agents:
        raise not_found("agent")
    decisions = await served.interactions.considered(
        agent, begin, end, going_on=served.routing.in_line()
    )
    return WhyAgent(
        agent=agent,
        since=begin,
        until=end,
        presence=[SpellRead.model_validate(asdict(one)) for one in presence],
        lately=_lately(served, agent, begin, end),
        decisions=[ConsideringRead.model_validate(asdict(one)) for one in decisions],
    )


def _check_span(since: datetime, until: datetime) -> None:
    if until <= since:
        raise ApiError(
            422, "invalid", "until is not after since", where="until", todo="ask for a later end"
        )
    if until - since > SPAN_MAX:
        raise ApiError(
            422, "invalid", f"at most {SPAN_MAX.days} days at once", where="since",
            todo="ask for a shorter time",
        )  # fmt: skip


def _lately(served: Served, agent: str, since: datetime, until: datetime) -> list[StretchRead]:
    """The engine knows nothing of the future."""
    end = min(to_seconds(until), served.clock.now())
    return [
        StretchRead(
            since=to_datetime(one.since),
            until=to_datetime(one.until),
            state=one.state,
            text=one.text,
        )
        for one in served.routing.story(agent, to_seconds(since), end)
        if one.state != "unknown"
    ]
