"""Scripts: administrators write, check and publish them, agents follow them call by call."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Query
from pydantic import Field

from callcenter.crm.scripts.checking import PLACEHOLDERS, problems_of
from callcenter.crm.scripts.schemas import (
    ANSWER_MAX,
    TRAIL_MAX,
    Run,
    Script,
    ScriptChanged,
    ScriptWrong,
    StoredScript,
)
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import ApiError, Flaw, conflict, not_found
from callcenter.web.routers.call_forms import where_is
from callcenter.web.routers.common import CallId, Code, Served, guarded_router

router = guarded_router("scripts")

CodeText = Annotated[str, Field(pattern=r"^[a-z0-9_-]{1,32}$")]


class ProblemRead(Body):
    """`step` '': of the whole. With an `error` it cannot be published."""

    step: str
    code: str
    error: bool
    text: str


class ScriptRead(Body):
    """`published` null: agents do not see it. `script` is the draft."""

    script: Script
    active: bool
    published: int | None
    draft_ahead: bool
    revision: int
    updated: datetime
    updated_by: str
    problems: list[ProblemRead]


class ScriptPage(Body):
    """`placeholders`: the names that texts may look up."""

    items: list[ScriptRead]
    placeholders: list[str]


class ScriptBody(Body):
    """`revision` 0: a new one."""

    script: Script
    active: bool = True
    revision: Annotated[int, Field(ge=0)] = 0


class PublishScript(Body):
    revision: Annotated[int, Field(ge=1)]
    note: Annotated[str, Field(max_length=300)] = ""


class RestoreScript(Body):
    revision: Annotated[int, Field(ge=1)]
    number: Annotated[int, Field(ge=1)]


class ScriptVersionRead(Body):
    number: int
    note: str
    by: str
    at: datetime


class ScriptVersionPage(Body):
    items: list[ScriptVersionRead]


class StepSaid(Body):
    step: CodeText
    answer: Annotated[str, Field(max_length=ANSWER_MAX)] = ""


class RunBody(Body):
    """`trail`: the steps that were left behind, with what was answered. `revision`: the one that
    was read, 0 at the beginning."""

    script: CodeText
    number: Annotated[int, Field(ge=1)]
    trail: Annotated[list[StepSaid], Field(max_length=TRAIL_MAX)]
    revision: Annotated[int, Field(ge=0)] = 0


class RunRead(Body):
    trail: list[StepSaid]
    revision: int


class CallScript(Body):
    """`script` null: none for this queue."""

    script: Script | None
    number: int
    run: RunRead | None


def _read(stored: StoredScript) -> ScriptRead:
    return ScriptRead(
        script=stored.script,
        active=stored.active,
        published=stored.published,
        draft_ahead=stored.draft_ahead,
        revision=stored.revision,
        updated=stored.updated,
        updated_by=stored.updated_by,
        problems=[ProblemRead(**asdict(problem)) for problem in problems_of(stored.script)],
    )


def _run(run: Run) -> RunRead:
    trail = [StepSaid(step=step, answer=said) for step, said in run.trail]
    return RunRead(trail=trail, revision=run.revision)


@router.get("/api/scripts")
async def list_scripts(served: Served) -> ScriptPage:
    found = await served.crm.scripts.all()
    return ScriptPage(items=[_read(stored) for stored in found], placeholders=list(PLACEHOLDERS))


@router.put("/api/scripts/{code}")
async def save_script(code: Code, body: ScriptBody, caller: Called, served: Served) -> ScriptRead:
    """The draft, with what is wrong with it; calls follow what is published."""
    script = body.script.model_copy(update={"code": code})
    try:
        saved = await served.crm.scripts.save(
            script,
            active=body.active,
            revision=body.revision,
            now=served.clock.now(),
            name=caller.account.name,
        )
    except ScriptChanged as meanwhile:
        raise conflict(str(meanwhile), where="revision", todo="read it again") from None
    return _read(saved)


@router.post("/api/scripts/{code}/publish")
async def publish_script(
    code: Code, body: PublishScript, caller: Called, served: Served
) -> ScriptRead:
    """New calls follow the draft from now on; calls that have begun stay with their version."""
    try:
        done = await served.crm.scripts.publish(
            code,
            body.note,
            revision=body.revision,
            now=served.clock.now(),
            by=caller.account.id,
            name=caller.account.name,
        )
    except ScriptChanged as meanwhile:
        raise conflict(str(meanwhile), where="revision", todo="read it again") from None
    except ScriptWrong as wrong:
        flaws = [Flaw(where=f"steps.{one.step}", message=one.text) for one in wrong.problems]
        raise ApiError(422, "invalid", str(wrong), where=flaws[0].where, flaws=flaws) from None
    if done is None:
        raise not_found("script")
    return _read(done)


@router.post("/api/scripts/{code}/restore")
async def restore_script(
    code: Code, body: RestoreScript, caller: Called, served: Served
) -> ScriptRead:
    """A former version becomes the draft."""
    try:
        done = await served.crm.scripts.restore(
            code,
            body.number,
            revision=body.revision,
            now=served.clock.now(),
            name=caller.account.name,
        )
    except ScriptChanged as meanwhile:
        raise conflict(str(meanwhile), where="revision", todo="read it again") from None
    if done is None:
        raise not_found("version")
    return _read(done)


@router.get("/api/scripts/{code}/versions")
async def list_script_versions(code: Code, served: Served) -> ScriptVersionPage:
    found = await served.crm.scripts.versions(code)
    return ScriptVersionPage(items=[ScriptVersionRead(**asdict(one)) for one in found])


# -- calls --------------------------------------------------------------------------------------
@router.get("/api/calls/{call}/script")
async def read_call_script(
    call: CallId,
    caller: Called,
    served: Served,
    language: Annotated[Literal["en", "zh"], Query()] = "en",
) -> CallScript:
    """The script of an own call and how far it has come. `language`: the caller's."""
    place = await where_is(call, caller, served)
    found = await served.crm.scripts.of_call(call, place.queue, language)
    if found is None:
        return CallScript(script=None, number=0, run=None)
    script, number, run = found
    return CallScript(script=script, number=number, run=_run(run) if run else None)


@router.put("/api/calls/{call}/script")
async def go_on_in_script(call: CallId, body: RunBody, caller: Called, served: Served) -> RunRead:
    """Keep how far an own call has come, for a reload and for whoever gets the call."""
    await where_is(call, caller, served)
    trail = [(one.step, one.answer) for one in body.trail]
    run = Run(body.script, body.number, trail, body.revision)
    try:
        kept = await served.crm.scripts.go(call, caller.agent, run, now=served.clock.now())
    except ScriptChanged as meanwhile:
        raise conflict(str(meanwhile), where="revision", todo="read it again") from None
    if kept is None:
        raise not_found("script")
    return _run(kept)
