"""What the flows' endpoints share: looking at a flow, and its values as the API tells them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping

from fastapi.responses import JSONResponse

from callcenter.flows.drafts import NoDraft, text_of, values_of
from callcenter.flows.gate import Examined, examine, find_mistakes, uses_of
from callcenter.flows.known import known_in
from callcenter.flows.mistakes import cure_in_chinese, reason_in_chinese
from callcenter.flows.outcomes import result_in_chinese
from callcenter.store.flow_drafts import Draft, DraftPassed
from callcenter.web.errors import ApiError, Flaw
from callcenter.web.routers import flow_schemas as shapes
from callcenter.web.services import WebServices
from ivr.asks import (
    Answer,
    Ask,
    Disconnect,
    Enqueue,
    Found,
    LeaveMessage,
    LookUp,
    Play,
    Played,
    Record,
    Recorded,
    Served,
    Transfer,
    Transferred,
)
from ivr.checking import Known
from ivr.flow import Flow
from ivr.problems import Problem
from ivr.reading import read_draft
from ivr.trying import Coverage, Tried, Turn
from ivr.writing import Change, value_changes

MISTAKES_SHOWN = 200
CHANGES_SHOWN = 500


# -- mistakes -----------------------------------------------------------------------------------
def mistakes_of(problems: Iterable[Problem]) -> list[shapes.Mistake]:
    return [_mistake(problem) for problem in list(problems)[:MISTAKES_SHOWN]]


def _mistake(problem: Problem) -> shapes.Mistake:
    """A node inside a sub-flow is shown at the node that calls it."""
    node, _, part = problem.node.partition(".")
    return shapes.Mistake(
        node=node,
        port=problem.port,
        field=problem.setting,
        part=part,
        code=problem.code or "form",
        message=problem.reason,
        cure=problem.cure,
        message_zh=reason_in_chinese(problem.reason),
        cure_zh=cure_in_chinese(problem.cure),
        line=problem.line,
    )


def flaws_of(problems: Iterable[Problem]) -> list[Flaw]:
    """The problems as every error tells them, each with its place."""
    return [
        Flaw(
            where=_place(problem),
            message=problem.reason,
            line=problem.line,
            todo=problem.cure or None,
        )
        for problem in list(problems)[:MISTAKES_SHOWN]
    ]


def _place(problem: Problem) -> str:
    place = [f"line {problem.line}"] if problem.line is not None else []
    place += [f"node {problem.node}"] if problem.node else []
    place += [f"port {problem.port}"] if problem.port else []
    return ", ".join(place) or "the flow"


def text_for(flow: str, values: Mapping[str, object]) -> str:
    """The text a draft is kept as. Raises ApiError."""
    try:
        return text_of(flow, values)
    except NoDraft as wrong:
        raise no_flow(wrong) from None


def no_flow(wrong: NoDraft) -> ApiError:
    flaws = flaws_of(wrong.problems)
    where = flaws[0].where if flaws else None
    refused = ApiError(422, "no_flow", str(wrong), where=where, flaws=flaws)
    mistakes = mistakes_of(wrong.problems)
    refused.body = shapes.NoFlow(**refused.body.model_dump(), mistakes=mistakes)
    return refused


def values_or_none(text: str) -> dict[str, object] | None:
    try:
        return values_of(text)
    except NoDraft:
        return None


# -- looking at a flow --------------------------------------------------------------------------
async def known_now(served: WebServices) -> Known:
    """What a flow is checked against at this moment."""
    library = await served.flows.library()
    return known_in(served.config(), served.surroundings(), library)


async def mistakes_in(served: WebServices, text: str) -> list[Problem]:
    """In a thread: a large flow takes a while, and calls are served by this one."""
    known = await known_now(served)
    _, problems = await asyncio.to_thread(find_mistakes, text, known)
    return problems


async def examined(served: WebServices, text: str, *, tests: bool = True) -> Examined:
    known = await known_now(served)
    calendars = served.config().calendars
    return await asyncio.to_thread(examine, text, known, calendars, tests=tests)


def title_of(text: str, name: str) -> str:
    values = values_or_none(text) or {}
    title = values.get("name")
    return title if isinstance(title, str) and title else name


async def used_by(served: WebServices, name: str) -> list[shapes.UsedBy]:
    """What leads to the flow."""
    config = served.config()
    _, rows = await served.routes.routes()
    out = [
        shapes.UsedBy(what="route", id=row.route.id, title=row.note or row.route.id)
        for row in rows
        if row.route.flow == name
    ]
    drafts: dict[str, Flow | None] = {}
    for draft in await served.flows.drafts():
        drafts[draft.flow], _ = read_draft(draft.text)
    published = await served.flows.library()
    for flow in sorted({*drafts, *published} - {name}):
        versions = [one for one in (drafts.get(flow), published.get(flow)) if one is not None]
        if any(name in uses_of(one) for one in versions):
            out.append(shapes.UsedBy(what="flow", id=flow, title=versions[0].name))
    return out + [
        shapes.UsedBy(what="queue", id=queue.id, title=queue.name)
        for queue in config.queues.values()
        if queue.after_talk_flow == name
        or any(rule.action == "flow" and rule.target == name for rule in queue.overflow)
    ]


# -- changes ------------------------------------------------------------------------------------
def change_of(change: Change) -> shapes.Change:
    parts = change.where.split("/")
    node = parts[1] if len(parts) > 1 and parts[0] == "nodes" else ""
    return shapes.Change(
        what=change.what,
        where=change.where,
        node=node,
        before=change.before,
        after=change.after,
    )


def changes_between(
    before: Mapping[str, object] | None, after: Mapping[str, object] | None
) -> list[shapes.Change]:
    found = value_changes(before or {}, after or {})
    return [change_of(change) for change in found[:CHANGES_SHOWN]]


def conflict_of(passed: DraftPassed, mine: str) -> shapes.DraftConflict:
    """Their draft, and how it differs from what was sent."""
    theirs: Draft = passed.theirs
    draft, sent = values_or_none(theirs.text), values_or_none(mine)
    base = values_or_none(passed.base) if passed.base is not None else None
    return shapes.DraftConflict(
        code="draft_changed",
        message=f"{theirs.by or 'somebody'} changed this flow meanwhile; nothing was overwritten",
        where="base_revision",
        todo="look at the difference, then save on top of the newer revision",
        draft=draft,
        draft_revision=theirs.revision,
        draft_at=theirs.at,
        draft_by=theirs.by,
        changes=changes_between(draft, sent),
        their_changes=None if base is None else changes_between(base, draft),
    )


# -- asks and answers ---------------------------------------------------------------------------
def ask_name(ask: Ask) -> str:
    match ask:
        case Play(collect=None):
            return "play"
        case Play():
            return "collect"
        case LookUp():
            return "lookup"
        case Record():
            return "record"
        case Transfer():
            return "transfer"
        case Enqueue():
            return "queue"
        case LeaveMessage():
            return "voicemail"
        case Disconnect():
            return "hangup"


def ask_detail(ask: Ask) -> dict[str, object]:
    """What an ask says beside its prompts."""
    match ask:
        case Play(collect=collect, interruptible=interruptible):
            out: dict[str, object] = {"interruptible": interruptible}
            if collect is not None:
                out |= {name: getattr(collect, name) for name in type(collect).__slots__}
            return out
        case LookUp(source=source, arguments=arguments):
            return {"source": source, "arguments": dict(arguments)}
        case Record():
            return {"name": ask.name, "seconds_max": ask.seconds_max}
        case Transfer():
            return {"number": ask.number, "ring_seconds": ask.ring_seconds}
        case Enqueue():
            return {"queue": ask.queue, "skills": dict(ask.skills), "priority": ask.priority}
        case LeaveMessage():
            return {"box": ask.box}
        case Disconnect():
            return {"reason": ask.reason}


def _answer_text(answer: Answer | None) -> str:
    match answer:
        case None:
            return ""
        case Played():
            return answer.digits or ("" if answer.outcome == "done" else answer.outcome)
        case Found():
            return answer.error or "found"
        case Recorded():
            return f"{answer.seconds:g} s"
        case Transferred():
            return answer.outcome
        case Served():
            return "served"
        case _:
            return answer.reason


# -- tests --------------------------------------------------------------------------------------
def _test_step(turn: Turn) -> shapes.TestStep:
    return shapes.TestStep(
        node=turn.node,
        ask=ask_name(turn.ask),
        answer=_answer_text(turn.answer),
        variables=dict(turn.variables),
    )


def test_of(tried: Tried) -> shapes.TestResult:
    return shapes.TestResult(
        name=tried.name,
        passed=tried.passed,
        problems=list(tried.problems),
        problems_zh=[result_in_chinese(problem) for problem in tried.problems],
        visits=list(tried.visits),
        steps=[_test_step(turn) for turn in tried.turns],
    )


def results_of(found: Examined) -> shapes.TestResults:
    covered: Coverage = found.coverage
    return shapes.TestResults(
        passed=found.passed,
        mistakes=mistakes_of(found.problems),
        tests=[test_of(tried) for tried in found.tried],
        ports=len(covered.ports),
        covered=len(covered.taken),
        percent=round(covered.percent, 1),
        missed=covered.missed,
    )


def refused(found: Examined) -> JSONResponse:
    """Why a flow is not put to use."""
    results = results_of(found)
    flaws = flaws_of(found.problems)
    if flaws:
        code, message = "flow_has_mistakes", f"{flaws[0].where}: {flaws[0].message}"
        where = flaws[0].where
    else:
        failed = found.failed[0]
        code, message = "tests_failed", f"test case {failed.name}: {failed.problems[0]}"
        where = f"test case {failed.name}"
    body = shapes.PublishRefused(
        code=code,
        message=message,
        where=where,
        todo="mend it and publish it again; the version that is published stays as it is",
        flaws=flaws,
        mistakes=results.mistakes,
        tests=[test for test in results.tests if not test.passed],
    )
    return JSONResponse(body.model_dump(mode="json"), 422)
