"""Beside the flows themselves: checking, trying, test cases, the catalogue of nodes, counters.

Nothing here changes anything.
"""

from __future__ import annotations

import asyncio
from dataclasses import asdict, replace
from datetime import timedelta
from typing import Annotated

from fastapi import Query

from callcenter.calendars import all_with_holidays
from callcenter.core.config import Config
from callcenter.flows import words
from callcenter.flows.catalogue import given_variables, node_kinds
from callcenter.flows.drafts import TEMPLATES
from callcenter.flows.known import skills_of
from callcenter.flows.outcomes import trouble_in_chinese
from callcenter.flows.simulator import Step, Transcript, play
from callcenter.flows.simulator import Turn as SimTurn
from callcenter.store.journeys import JourneyCounts
from callcenter.store.times import to_datetime
from callcenter.web.errors import ApiError, not_found
from callcenter.web.moments import Moment
from callcenter.web.routers import flow_schemas as shapes
from callcenter.web.routers.common import FlowId, Served, guarded_router
from callcenter.web.routers.flow_views import (
    ask_detail,
    ask_name,
    examined,
    mistakes_in,
    mistakes_of,
    results_of,
    text_for,
    title_of,
)
from ivr.flow import Flow
from ivr.localtime import clock, local_time

router = guarded_router("flow tools")

UNNAMED = "flow"
SINCE_USUAL = timedelta(days=7)


def _text_of(values: shapes.FlowValues) -> str:
    name = values.get("id")
    return text_for(name if isinstance(name, str) and name else UNNAMED, values)


@router.post("/api/flows/check")
async def check_flow(body: shapes.FlowBody, served: Served) -> shapes.Checked:
    """Look for mistakes in a flow as it is drawn."""
    problems = await mistakes_in(served, _text_of(body.flow))
    return shapes.Checked(ok=not problems, mistakes=mistakes_of(problems))


@router.post("/api/flows/{name}/tests/run")
async def run_tests(
    name: FlowId, served: Served, body: shapes.FlowBody | None = None
) -> shapes.TestResults:
    """Run the test cases of the draft, or of the flow that is sent."""
    if body is not None:
        text = text_for(name, body.flow)
    else:
        draft = await served.flows.draft(name)
        if draft is None:
            raise not_found("flow")
        text = draft.text
    return results_of(await examined(served, text))


# -- the simulator ------------------------------------------------------------------------------
@router.post("/api/flows/try")
async def try_flow(body: shapes.TryBody, served: Served) -> shapes.Tried:
    """Send a made-up caller through a flow; all steps are played again from the start."""
    found = await examined(served, _text_of(body.flow), tests=False)
    if found.linked is None:
        return _not_played(mistakes_of(found.problems))
    now = body.clock.timestamp() if body.clock is not None else served.clock.now()
    played = await asyncio.to_thread(_play, found.linked, served.config(), body, now)
    return _tried(found.linked, played)


def _play(flow: Flow, config: Config, body: shapes.TryBody, now: float) -> Transcript:
    """Public holidays of the flow's own calendars are filled in for the year that is tried."""
    year = int(local_time(now, flow.timezone).date[:4])
    calendars = all_with_holidays({**flow.calendars, **config.calendars}, (year,))
    if body.emergency:
        calendars = {name: replace(one, emergency=True) for name, one in calendars.items()}
    variables = {**body.variables, "caller_number": body.caller, "did": body.called}
    steps = [Step(step.kind, step.value) for step in body.steps]
    return play(flow, variables, steps, now, data=body.data, calendars=calendars)


def _not_played(mistakes: list[shapes.Mistake]) -> shapes.Tried:
    return shapes.Tried(
        turns=[],
        waits_for="nothing",
        end=None,
        unfit=None,
        troubles=[],
        troubles_zh=[],
        path=[],
        variables={},
        mistakes=mistakes,
    )


def _tried(flow: Flow, played: Transcript) -> shapes.Tried:
    last = played.turns[-1]
    return shapes.Tried(
        turns=[_turn(flow, turn) for turn in played.turns],
        waits_for=played.waits_for,
        end=_end(played),
        unfit=played.unfit,
        troubles=list(played.troubles),
        troubles_zh=[trouble_in_chinese(trouble) for trouble in played.troubles],
        path=list(played.path),
        variables=dict(last.variables),
        mistakes=[],
    )


def _end(played: Transcript) -> shapes.TryEnd | None:
    ask = played.turns[-1].ask
    detail = ask_detail(ask)
    if played.hung_up:
        return shapes.TryEnd(how="abandoned", target=played.turns[-1].node, detail={})
    match ask_name(ask):
        case "queue":
            return shapes.TryEnd(how="queue", target=str(detail["queue"]), detail=detail)
        case "voicemail":
            return shapes.TryEnd(how="voicemail", target=str(detail["box"]), detail=detail)
        case "hangup":
            return shapes.TryEnd(how="hangup", target=str(detail["reason"]), detail=detail)
    return None


def _turn(flow: Flow, turn: SimTurn) -> shapes.TryTurn:
    there = local_time(turn.at, flow.timezone)
    answer = turn.answer
    return shapes.TryTurn(
        node=turn.node,
        kind=turn.kind,
        ask=ask_name(turn.ask),
        detail=ask_detail(turn.ask),
        said=[shapes.HeardRead.model_validate(asdict(one)) for one in turn.said],
        answer=None if answer is None else shapes.TryStep(kind=answer.kind, value=answer.value),
        port=turn.port,
        passed=list(turn.passed),
        variables=dict(turn.variables),
        language=turn.language,
        at=to_datetime(turn.at),
        local_time=f"{there.date} {clock(there.minute)}",
    )


# -- the catalogue ------------------------------------------------------------------------------
@router.get("/api/flows/nodes")
async def list_nodes() -> shapes.Catalogue:
    """Every kind of node with its settings and ways out, from the interpreter's own table."""
    kinds = []
    for kind in node_kinds():
        values = asdict(kind)
        for setting in values["settings"]:
            setting["value_schema"] = setting.pop("schema")
        kinds.append(shapes.NodeKindRead.model_validate(values))
    return shapes.Catalogue(
        groups=[
            shapes.GroupRead(name=name, title=shapes.Said(en=en, zh=zh))
            for name, (en, zh) in words.GROUPS.items()
        ],
        kinds=kinds,
        variables=[
            shapes.VariableRead(name=name, default=value, about=shapes.Said(en=a.en, zh=a.zh))
            for name, (value, a) in given_variables().items()
        ],
        templates=list(TEMPLATES),
    )


@router.get("/api/flows/names")
async def list_names(served: Served) -> shapes.Names:
    """What settings may name at this centre."""
    config, around = served.config(), served.surroundings()
    drafts = await served.flows.drafts()
    queues = sorted(config.queues.values(), key=lambda queue: (queue.name, queue.id))

    def listed(names: frozenset[str] | None) -> list[str] | None:
        return None if names is None else sorted(names)

    return shapes.Names(
        queues=[shapes.Named(id=queue.id, title=queue.name) for queue in queues],
        skills=sorted(skills_of(config)),
        flows=[shapes.Named(id=one.flow, title=title_of(one.text, one.flow)) for one in drafts],
        calendars=[
            shapes.Named(id=one.id, title=one.name) for one in await served.calendars.calendars()
        ],
        boxes=listed(around.boxes),
        sources=listed(around.sources),
        secrets=listed(around.secrets),
        hosts=listed(around.hosts),
        prompts={language: sorted(ids) for language, ids in around.prompts.items()},
    )


# -- counters -----------------------------------------------------------------------------------
@router.get("/api/flows/{name}/counters")
async def read_counters(
    name: FlowId,
    served: Served,
    since: Moment | None = None,
    until: Moment | None = None,
    version: Annotated[int | None, Query(ge=1, le=10**9)] = None,
) -> shapes.Counters:
    """How many callers went each way. Without times: the last seven days."""
    if await served.flows.draft(name) is None:
        raise not_found("flow")
    end = until or to_datetime(served.clock.now())
    begin = since or end - SINCE_USUAL
    if begin >= end:
        raise ApiError(422, "invalid", "since is not before until", where="since")
    zone = _zone_of(served.config().flows.get(name))
    found = await served.journeys.counts(name, begin, end, version=version, zone=zone)
    return shapes.Counters(
        name=name,
        version=version,
        since=begin,
        until=end,
        calls=found.calls,
        ends=dict(found.ends),
        nodes={
            node: shapes.NodeCounters(
                entered=one.entered,
                callers=one.callers,
                dropped=one.dropped,
                left_by=dict(one.left_by),
            )
            for node, one in found.nodes.items()
        },
        milestones=_milestones(served.config().flows.get(name), found),
        containment=found.containment,
        days=[
            shapes.DayCounters(
                day=day.day, calls=day.calls, served=day.served, containment=day.containment
            )
            for day in found.days
        ],
    )


def _zone_of(flow: Flow | None) -> str:
    return flow.timezone if flow is not None else "UTC"


def _milestones(flow: Flow | None, found: JourneyCounts) -> dict[str, int]:
    """Calls per milestone; two nodes of one name may both count a call that passed both."""
    out: dict[str, int] = {}
    for node in flow.nodes.values() if flow is not None else ():
        if node.kind == "milestone":
            name = str(node.settings.get("name", node.id))
            one = found.nodes.get(node.id)
            out[name] = out.get(name, 0) + (one.callers if one else 0)
    return out
