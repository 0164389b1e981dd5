"""Recordings of talks: found, played, remarked on, held, erased; and the rules about them.

Agents see those they are heard in. Every playing and every download is audited with its reason; the
sound is opened part by part on its way out, and no cache keeps it.
"""

from __future__ import annotations

import base64
import logging
import re
from collections.abc import AsyncIterator
from dataclasses import asdict, fields
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Path, Query, Request
from fastapi.responses import StreamingResponse
from pydantic import Field, StringConstraints

from callcenter.core.commands import PauseTalkRecording, RefuseRecording
from callcenter.core.config import RecordingPolicy
from callcenter.core.refusals import TEXTS
from callcenter.core.teams import Reach, within
from callcenter.media.recordings.keeping import KeepingFailed
from callcenter.media.recordings.retention import Held, Rule
from callcenter.media.recordings.service import Wanted, marks
from callcenter.sound.talk_encoding import MEDIA_TYPE, PEAKS_PER_SECOND
from callcenter.store.tables import Recording
from callcenter.web.auth import Called, Caller
from callcenter.web.body import Body
from callcenter.web.borders import outside
from callcenter.web.errors import ApiError
from callcenter.web.moments import Moment
from callcenter.web.routers.common import (
    CallId,
    QueueId,
    Served,
    UuidText,
    guarded_router,
    live_call_within,
)

log = logging.getLogger(__name__)

router = guarded_router("recordings")

SOUND: dict[int | str, dict[str, Any]] = {200: {"content": {MEDIA_TYPE: {}}}}
PAGE_MAX = 200
RANGE = re.compile(r"bytes=([0-9]{0,15})-([0-9]{0,15})")
RecordingId = Annotated[str, Path(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,103}$")]
Reason = Literal["quality", "coaching", "complaint", "evidence", "technical", "own"]
Why = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=300)]


class RecordingRead(Body):
    """`agent_share`: of all that was spoken, 0 to 1. `silent`: the pauses were silent in the file
    already; null: there was none to prove."""

    id: str
    call: str
    part: int
    agents: list[str]
    queue: str | None
    customer_id: str | None
    customer_name: str
    number: str
    reason: str
    began_at: datetime
    ended_at: datetime
    state: Literal["waiting", "stored", "failed", "erased"]
    problem: str
    trouble: str
    seconds: float | None
    agent_share: float | None
    silence_longest: float | None
    agent_interrupts: int | None
    silent: bool | None
    held: bool
    held_why: str
    erased_why: str


class RecordingCommentRead(Body):
    id: str
    at_seconds: float
    text: str
    author: str
    mine: bool
    created: datetime


class RecordingTurn(Body):
    """`at`: seconds of the recording. `agent`: with whom, "": nobody of the house."""

    at: float
    kind: str
    agent: str


class RecordingPart(Body):
    """One recording of the call; each agent's talk is a part of its own."""

    id: str
    part: int
    agents: list[str]
    state: Literal["waiting", "stored", "failed", "erased"]


class RecordingDetail(RecordingRead):
    """`peaks`: base64 of pairs of bytes, caller and agent, `peaks_per_second`. `holds`, `pauses`:
    moments and stretches in seconds of the recording. `turns`: consultations, transfers and the
    like in it; `parts`: all of the call that one may hear, this one among them."""

    sha256: str
    figures: dict[str, Any]
    peaks: str
    peaks_per_second: int
    holds: list[float]
    pauses: list[list[float]]
    turns: list[RecordingTurn]
    parts: list[RecordingPart]
    comments: list[RecordingCommentRead]


class RecordingPage(Body):
    items: list[RecordingRead]
    next: str | None


class NewRecordingComment(Body):
    at_seconds: Annotated[float, Field(ge=0, le=86_400)]
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class HoldRecording(Body):
    held: bool
    why: Annotated[str, StringConstraints(strip_whitespace=True, max_length=300)] = ""


class EraseRecording(Body):
    why: Why


class Erased(Body):
    erased: int
    held: int


class RecordingChange(Body):
    """What shall happen to the recording of a call that goes on. `seconds`: a pause ends by itself
    then."""

    action: Literal["pause", "resume", "stop"]
    card: bool = False
    seconds: Annotated[float, Field(ge=1, le=3600)] | None = None


class RecordingPolicyBody(Body):
    """What is not named keeps its value."""

    mode: Literal["never", "always", "percent", "on-demand"] = "never"
    percent: Annotated[float, Field(ge=0, le=100)] = 100.0
    by_hand: bool = False
    notice: bool = True
    refusable: bool = False
    agent_may_pause: bool = True
    agent_may_stop: bool = False
    pause_seconds_max: Annotated[float, Field(ge=0, le=3600)] = 300.0
    listeners_shown: bool = True
    version: Annotated[int, Field(ge=0, le=10**9)] | None = None


class RecordingPolicyRead(RecordingPolicyBody):
    queue: str


class RecordingPolicies(Body):
    items: list[RecordingPolicyRead]


class RetentionRuleBody(Body):
    """How long what fits is kept; the first that fits counts. `days` 0: for ever."""

    days: Annotated[int, Field(ge=0, le=36_500)]
    queue: Annotated[str, StringConstraints(max_length=32)] = ""
    reason: Literal["", "always", "percent", "on-demand"] = ""
    disposition: Annotated[str, StringConstraints(max_length=32)] = ""


class RetentionRules(Body):
    rules: Annotated[list[RetentionRuleBody], Field(max_length=100)]


class RetentionRunRead(Body):
    """One run of the daily job; `freed` in bytes, `held`: due, but under legal hold."""

    at: datetime
    removed: int
    freed: int
    held: int
    failed: int
    detail: dict[str, Any]


class RetentionRuns(Body):
    items: list[RetentionRunRead]


# -- finding --------------------------------------------------------------------------------------
@router.get("/api/recordings")
async def list_recordings(
    caller: Called,
    served: Served,
    agent: Annotated[str | None, Query(pattern=r"^[a-z0-9]{1,32}$")] = None,
    queue: Annotated[str | None, Query(pattern=r"^[a-z0-9]{1,32}$")] = None,
    call: Annotated[str | None, Query(pattern=r"^[A-Za-z0-9_.:-]{1,80}$")] = None,
    text: Annotated[str, Query(max_length=80)] = "",
    since: Moment | None = None,
    until: Moment | None = None,
    seconds_min: Annotated[float | None, Query(ge=0)] = None,
    agent_share_min: Annotated[float | None, Query(ge=0, le=1)] = None,
    agent_share_max: Annotated[float | None, Query(ge=0, le=1)] = None,
    silence_min: Annotated[float | None, Query(ge=0)] = None,
    interruptions_min: Annotated[int | None, Query(ge=0, le=10_000)] = None,
    held: bool | None = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 50,
    cursor: Annotated[str | None, Query(max_length=250)] = None,
) -> RecordingPage:
    """Recordings, newest first."""
    wanted = Wanted(
        agent=agent,
        reach=_reach(caller),
        queue=queue,
        call=call,
        text=text.replace("\0", ""),
        since=since,
        until=until,
        seconds_min=seconds_min,
        agent_share=(agent_share_min, agent_share_max),
        silence_longest=silence_min,
        interruptions_min=interruptions_min,
        held=held,
    )
    found, following = await served.recordings.find(wanted, limit=limit, cursor=cursor)
    return RecordingPage(items=[_read(row, name) for row, name in found], next=following)


@router.get("/api/recordings/{recording}")
async def get_recording(recording: RecordingId, caller: Called, served: Served) -> RecordingDetail:
    row, name = await served.recordings.recording(recording, _reach(caller))
    comments = await served.recordings.comments(recording, caller.account.id)
    turns, parts = await served.recordings.around(row, _reach(caller))
    return RecordingDetail(
        **_read(row, name).model_dump(),
        sha256=row.sha256,
        figures=row.figures,
        peaks=base64.b64encode(row.peaks or b"").decode(),
        peaks_per_second=PEAKS_PER_SECOND,
        comments=[RecordingCommentRead(**asdict(one)) for one in comments],
        turns=[RecordingTurn(**asdict(one)) for one in turns],
        parts=[RecordingPart.model_validate(_part(one)) for one in parts],
        **marks(row),
    )


def _part(row: Recording) -> dict[str, object]:
    return {"id": row.id, "part": row.part, "agents": row.agents, "state": row.state}


# -- hearing --------------------------------------------------------------------------------------
@router.get("/api/recordings/{recording}/audio", response_class=StreamingResponse, responses=SOUND)
async def hear_recording(
    recording: RecordingId, reason: Reason, request: Request, caller: Called, served: Served
) -> StreamingResponse:
    """To listen to in the page, parts by Range. Audited with the reason."""
    row = await served.recordings.listen(
        recording, _reach(caller), by=caller.account.id, action="recording.play", reason=reason
    )
    return await _sound(served, row, request)


@router.get("/api/recordings/{recording}/file", response_class=StreamingResponse, responses=SOUND)
async def download_recording(
    recording: RecordingId, reason: Reason, request: Request, caller: Called, served: Served
) -> StreamingResponse:
    """To keep. A right of its own, audited as such."""
    row = await served.recordings.listen(
        recording, _reach(caller), by=caller.account.id, action="recording.download", reason=reason
    )
    answer = await _sound(served, row, request)
    name = f"call-{row.began_at:%Y%m%d-%H%M%S}-{row.part}.mp3"
    answer.headers["content-disposition"] = f'attachment; filename="{name}"'
    return answer


async def _sound(served: Any, row: Recording, request: Request) -> StreamingResponse:
    size = served.recordings.plain_size(row)
    begin, end = 0, size
    asked = RANGE.fullmatch(request.headers.get("range", ""))
    if asked is not None and (asked[1] or asked[2]):
        if asked[1]:
            begin = int(asked[1])
            end = min(size, int(asked[2]) + 1) if asked[2] else size
        else:
            begin = max(0, size - int(asked[2]))
        if begin >= size or begin >= end:
            raise ApiError(416, "invalid", "the recording has no such part", where="range")
    headers = {
        "accept-ranges": "bytes",
        "content-length": str(end - begin),
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
    }
    if asked is not None:
        headers["content-range"] = f"bytes {begin}-{end - 1}/{size}"
    parts: AsyncIterator[bytes] = served.recordings.sound(row, begin, end)
    try:
        first = await anext(parts, b"")  # what is away is told while there is still a status
    except KeepingFailed as error:
        log.warning("recording %s cannot be played: %s", row.id, error)
        raise _away("the place where the recording is kept does not answer") from None
    status = 206 if asked is not None else 200
    return StreamingResponse(_all(first, parts), status, headers, media_type=MEDIA_TYPE)


async def _all(first: bytes, others: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for part in others:
        yield part


def _away(text: str) -> ApiError:
    todo = "try again later; the page of the system's health tells administrators more"
    return ApiError(503, "recordings_away", text, todo=todo)


# -- remarks --------------------------------------------------------------------------------------
@router.post("/api/recordings/{recording}/comments", status_code=204)
async def comment_recording(
    recording: RecordingId, body: NewRecordingComment, caller: Called, served: Served
) -> None:
    await served.recordings.comment(
        recording, body.at_seconds, body.text, by=caller.account.id, reach=_reach(caller)
    )


@router.delete("/api/recordings/{recording}/comments/{comment}", status_code=204)
async def uncomment_recording(
    recording: RecordingId, comment: UuidText, caller: Called, served: Served
) -> None:
    """One's own remark; administrators anybody's."""
    await served.recordings.recording(recording, _reach(caller))
    await served.recordings.uncomment(
        recording,
        comment,
        by=caller.account.id,
        any_author=caller.account.role == "administrator",
    )


# -- keeping and erasing --------------------------------------------------------------------------
@router.put("/api/recordings/{recording}/hold", status_code=204)
async def hold_recording(
    recording: RecordingId, body: HoldRecording, caller: Called, served: Served
) -> None:
    """Legal hold: no rule and nobody erases it until it is lifted."""
    await served.recordings.retention.hold(recording, body.held, by=caller.account.id, why=body.why)


@router.post("/api/recordings/{recording}/erase", status_code=204)
async def erase_recording(
    recording: RecordingId, body: EraseRecording, caller: Called, served: Served
) -> None:
    """For good: the sound, its key, the picture, the remarks and the number."""
    try:
        await served.recordings.retention.erase(recording, by=caller.account.id, why=body.why)
    except Held:
        raise ApiError(
            409, "held", "the recording is under legal hold", todo="lift the hold first"
        ) from None
    except KeepingFailed as error:
        raise _away(str(error)) from None


@router.post("/api/customers/{customer}/recordings/erase")
async def erase_customer_recordings(
    customer: UuidText, body: EraseRecording, caller: Called, served: Served
) -> Erased:
    """All recordings of a customer; those under legal hold stay."""
    gone, held = await served.recordings.retention.erase_customer(
        customer, by=caller.account.id, why=body.why
    )
    return Erased(erased=gone, held=held)


@router.get("/api/retention-rules")
async def get_retention_rules(served: Served) -> RetentionRules:
    rules = await served.recordings.retention.rules()
    return RetentionRules(rules=[RetentionRuleBody.model_validate(asdict(rule)) for rule in rules])


@router.put("/api/retention-rules", status_code=204)
async def put_retention_rules(body: RetentionRules, caller: Called, served: Served) -> None:
    """All rules, in their order. The daily job goes by them from its next run on."""
    rules = [Rule(**rule.model_dump()) for rule in body.rules]
    await served.recordings.retention.put_rules(rules, by=caller.account.id)


@router.get("/api/retention-runs")
async def list_retention_runs(served: Served) -> RetentionRuns:
    """What the daily job removed, newest first."""
    names = [name for name in RetentionRunRead.model_fields]
    runs = await served.recordings.retention.runs()
    return RetentionRuns(
        items=[
            RetentionRunRead.model_validate({name: getattr(run, name) for name in names})
            for run in runs
        ]
    )


# -- the queues' rules, and calls that go on ------------------------------------------------------
@router.get("/api/recording-policies")
async def list_recording_policies(caller: Called, served: Served) -> RecordingPolicies:
    """One for each queue; those never set record nothing."""
    kept = await served.recordings.policies()
    found = []
    for queue in served.config().queues:
        if not within(caller.reach, queues=(queue,)):
            continue
        policy, version = kept.get(queue, (RecordingPolicy(), 0))
        values = {one.name: getattr(policy, one.name) for one in fields(policy)}
        found.append(RecordingPolicyRead(queue=queue, version=version, **values))
    return RecordingPolicies(items=found)


@router.put("/api/recording-policies/{queue}", status_code=204)
async def put_recording_policy(
    queue: QueueId, body: RecordingPolicyBody, caller: Called, served: Served
) -> None:
    values = {name: getattr(body, name) for name in body.model_fields_set}
    await served.recordings.put_policy(queue, values, by=caller.account.id)
    await served.reload()


@router.post("/api/calls/{call}/recording", status_code=204)
async def change_recording(
    call: CallId, body: RecordingChange, caller: Called, served: Served
) -> None:
    """Pause, resume or end the recording of a call that goes on: for a payment page, which shall
    keep card data out of it."""
    if not live_call_within(caller, served, call):
        raise outside()
    if body.action == "stop":
        action: PauseTalkRecording | RefuseRecording = RefuseRecording(call)
    else:
        action = PauseTalkRecording(call, body.action == "pause", body.card, body.seconds)
    refusal = await served.callbacks.command(caller.account.id, action)
    if refusal is not None:
        raise ApiError(409, refusal, TEXTS.get(refusal, refusal))


# -- parts ----------------------------------------------------------------------------------------
def _reach(caller: Caller) -> Reach:
    """Whose recordings are seen: those of the border, or the own ones alone."""
    if caller.scope == "all":
        return caller.reach
    return Reach(agents=frozenset((caller.account.agent,)) if caller.account.agent else frozenset())


def _read(row: Recording, customer: str) -> RecordingRead:
    figures = row.figures
    return RecordingRead(
        id=row.id,
        call=row.call,
        part=row.part,
        agents=row.agents,
        queue=row.queue,
        customer_id=str(row.customer_id) if row.customer_id else None,
        customer_name=customer,
        number=row.number,
        reason=row.reason,
        began_at=row.began_at,
        ended_at=row.ended_at,
        state=row.state,  # type: ignore[arg-type]
        problem=row.problem,
        trouble=row.trouble,
        seconds=row.seconds,
        agent_share=figures.get("agent_share"),
        silence_longest=figures.get("silence_longest"),
        agent_interrupts=figures.get("agent_interrupts"),
        silent=row.silent,
        held=row.held,
        held_why=row.held_why,
        erased_why=row.erased_why,
    )
