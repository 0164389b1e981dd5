"""The whole configuration out of the database as the one value the core takes.

Read in one snapshot. What this program cannot understand (a flow written for a newer one) is left
out and logged, never a reason not to start.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

import ivr.routes as ivr_routes
from acd.groups import Group, with_groups
from acd.model import Agent, Queue
from callcenter.calendars import HolidaysUnknown, all_with_holidays
from callcenter.clock_changes import utc_offsets
from callcenter.core.config import (
    CallbackPolicy,
    Config,
    Disposition,
    PauseReason,
    RecordingPolicy,
)
from callcenter.core.toll import OutboundRules
from callcenter.flows.hours import CalendarWrong, calendar_of
from callcenter.store.callback_values import policy_of
from callcenter.store.config_values import ConfigRefused, agent_of, group_of, queue_of
from callcenter.store.engine import make_sessions
from callcenter.store.outbound_values import rules_of
from callcenter.store.recording_values import policy_of as recording_policy_of
from callcenter.store.tables import (
    AgentRecord,
    CalendarRecord,
    CallbackPolicyRecord,
    ConfigState,
    DispositionRecord,
    FlowVersion,
    GroupRecord,
    NumberList,
    NumberListEntry,
    OutboundRulesRecord,
    PauseReasonRecord,
    QueueMember,
    QueueRecord,
    RecordingPolicyRecord,
    Route,
)
from callcenter.store.team_reading import read_teams
from ivr.calendar import Calendar
from ivr.flow import Flow
from ivr.linking import has_sub_flows, link
from ivr.localtime import is_zone
from ivr.reading import read_flow

log = logging.getLogger(__name__)

YEARS_AHEAD = 2


async def load_config(engine: AsyncEngine) -> Config:
    """Raises OSError or SQLAlchemyError when the database is away or not migrated."""
    async with make_sessions(engine)() as session:
        await session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
        return await read_config(session)


async def stored_mark(engine: AsyncEngine) -> tuple[int, int]:
    """(version, year): what `load_config` would read is another when this is."""
    async with make_sessions(engine)() as session:
        version = await session.scalar(select(ConfigState.version))
        return version or 0, (await _years(session))[0]


async def read_config(session: AsyncSession) -> Config:
    state = await session.get(ConfigState, 1, populate_existing=True)
    assert state is not None, "the migration makes this row"
    years = await _years(session)
    queues, queue_versions = await _queues(session)
    agents, (groups, group_versions) = await _agents(session), await _groups(session)
    teams, team_versions = await read_teams(session)
    return Config(
        version=state.version,
        queues=queues,
        queue_versions=queue_versions,
        agents=with_groups(agents, groups, queues),
        agents_as_set=agents,
        groups=groups,
        group_versions=group_versions,
        teams=teams,
        team_versions=team_versions,
        flows=await _flows(session, years),
        routes=await _routes(session),
        calendars=await _calendars(session, years),
        lists=await _lists(session),
        pause_reasons=await _pause_reasons(session),
        dispositions=await _dispositions(session),
        callbacks=await _callbacks(session),
        recording=await _recording(session),
        outbound=await _outbound(session),
        announce_position_seconds=state.announce_position_seconds,
        time_zone=state.time_zone,
        utc_offsets=_utc_offsets(state.time_zone, years),
    )


def _utc_offsets(zone: str, years: Sequence[int]) -> tuple[tuple[float, float], ...]:
    if not is_zone(zone):  # stored on a machine that knew it
        log.error("the time zone %s is not known on this machine: the day begins at UTC's", zone)
        return ()
    return utc_offsets(zone, years)


async def _queues(session: AsyncSession) -> tuple[dict[str, Queue], dict[str, int]]:
    """The queues and their versions."""
    queues: dict[str, Queue] = {}
    versions: dict[str, int] = {}
    rows = await session.scalars(select(QueueRecord).order_by(QueueRecord.id))
    for row in rows:
        values = row.settings | {"name": row.name, "media": row.media, "enabled": row.enabled}
        try:
            queues[row.id] = queue_of(row.id, values)
            versions[row.id] = row.version
        except ConfigRefused as problem:
            log.error("queue %s is left out, its settings cannot be read: %s", row.id, problem)
    return queues, versions


async def _groups(session: AsyncSession) -> tuple[dict[str, Group], dict[str, int]]:
    """The groups and their versions."""
    groups: dict[str, Group] = {}
    versions: dict[str, int] = {}
    for row in await session.scalars(select(GroupRecord).order_by(GroupRecord.id)):
        try:
            groups[row.id] = group_of(row.id, {"name": row.name} | row.condition)
            versions[row.id] = row.version
        except ConfigRefused as problem:
            log.error("group %s is left out, its condition cannot be read: %s", row.id, problem)
    return groups, versions


async def _agents(session: AsyncSession) -> dict[str, Agent]:
    queues: dict[str, dict[str, int]] = {}
    members = await session.scalars(select(QueueMember).order_by(QueueMember.queue_id))
    for member in members:
        queues.setdefault(member.agent_id, {})[member.queue_id] = member.position
    agents: dict[str, Agent] = {}
    query = select(AgentRecord).where(AgentRecord.active).order_by(AgentRecord.id)
    for row in await session.scalars(query):
        values = {
            "name": row.name,
            "team": row.team,
            "skills": row.skills,
            "groups": row.groups,
            "weight": row.weight,
            "capacity": row.capacity,
            "queues": queues.get(row.id, {}),
        }
        try:
            agents[row.id] = agent_of(row.id, values)
        except ConfigRefused as problem:
            log.error("agent %s is left out, the row cannot be read: %s", row.id, problem)
    return agents


async def _years(session: AsyncSession) -> tuple[int, ...]:
    """The years whose public holidays callers may meet, by the database's clock."""
    now = (await session.execute(select(func.now()))).scalar_one()
    return tuple(range(now.year - 1, now.year + YEARS_AHEAD + 1))


async def _routes(session: AsyncSession) -> tuple[ivr_routes.Route, ...]:
    query = select(Route).where(Route.enabled).order_by(Route.position, Route.id)
    return tuple(route_of(row) for row in await session.scalars(query))


def route_of(row: Route) -> ivr_routes.Route:
    """A row as the core compares it."""
    return ivr_routes.Route(
        id=row.id,
        flow=row.flow_id,
        did=row.did,
        callers=tuple(row.callers),
        regions=frozenset(row.regions),
        lists=frozenset(row.lists),
        calendar=row.calendar,
        while_="closed" if row.while_state == "closed" else "open",
        percent=row.percent,
    )


async def _lists(session: AsyncSession) -> dict[str, frozenset[str]]:
    lists: dict[str, set[str]] = {}
    for list_id in await session.scalars(select(NumberList.id).order_by(NumberList.id)):
        lists[list_id] = set()
    query = select(NumberListEntry.list_id, NumberListEntry.number)
    for list_id, number in await session.execute(query):
        lists[list_id].add(number)
    return {list_id: frozenset(numbers) for list_id, numbers in lists.items()}


async def _calendars(session: AsyncSession, years: Sequence[int]) -> dict[str, Calendar]:
    calendars: dict[str, Calendar] = {}
    for row in await session.scalars(select(CalendarRecord).order_by(CalendarRecord.id)):
        try:
            calendar = calendar_of(row.settings)
        except CalendarWrong as wrong:
            log.error("calendar %s is left out: %s", row.id, wrong)
            continue
        calendar = replace(calendar, emergency=row.emergency, message=row.message)
        calendars[row.id] = _filled(f"calendar {row.id}", {row.id: calendar}, years)[row.id]
    return calendars


def _filled(
    what: str, calendars: Mapping[str, Calendar], years: Sequence[int]
) -> Mapping[str, Calendar]:
    """With public holidays; as they are when these are not known (then callers are heard)."""
    try:
        return all_with_holidays(calendars, years)
    except HolidaysUnknown as unknown:
        log.error("%s has no public holidays: %s", what, unknown)
        return calendars


async def _flows(session: AsyncSession, years: Sequence[int]) -> dict[str, Flow]:
    """The published flows, ready to run: public holidays filled in, and the sub-flows put in that
    belonged to them when they were published."""
    flows: dict[str, Flow] = {}
    query = select(FlowVersion).where(FlowVersion.published).order_by(FlowVersion.id)
    for row in await session.scalars(query):
        flow = _flow_of(row)
        if flow is None:
            continue
        if has_sub_flows(flow):
            flow, problems = link(flow, await _parts(session, row.parts))
            if problems:
                log.error("flow %s version %d: %s", row.id, row.version, problems[0])
        calendars = _filled(f"flow {row.id}", flow.calendars, years)
        flows[row.id] = replace(flow, calendars=calendars)
    return flows


def _flow_of(row: FlowVersion) -> Flow | None:
    flow, problems = read_flow(row.source)
    if flow is None:
        reasons = " ".join(map(str, problems[:5]))
        log.error("flow %s version %d is left out: %s", row.id, row.version, reasons)
        return None
    return replace(flow, id=row.id, version=row.version)


async def _parts(session: AsyncSession, parts: Mapping[str, int]) -> dict[str, Flow]:
    rows = [await session.get(FlowVersion, (id, version)) for id, version in parts.items()]
    found = [flow for row in rows if row is not None and (flow := _flow_of(row)) is not None]
    return {flow.id: flow for flow in found}


async def read_library(session: AsyncSession) -> dict[str, Flow]:
    """The published flows as they were drawn, by id."""
    query = select(FlowVersion).where(FlowVersion.published).order_by(FlowVersion.id)
    found = [_flow_of(row) for row in await session.scalars(query)]
    return {flow.id: flow for flow in found if flow is not None}


async def _callbacks(session: AsyncSession) -> dict[str, CallbackPolicy]:
    policies: dict[str, CallbackPolicy] = {}
    for row in await session.scalars(select(CallbackPolicyRecord)):
        try:
            policies[row.queue_id] = policy_of(row.settings)
        except ConfigRefused as problem:
            log.error("queue %s calls nobody back, its rules are wrong: %s", row.queue_id, problem)
    return policies


async def _recording(session: AsyncSession) -> dict[str, RecordingPolicy]:
    policies: dict[str, RecordingPolicy] = {}
    for row in await session.scalars(select(RecordingPolicyRecord)):
        try:
            policies[row.queue_id] = recording_policy_of(row.settings)
        except ConfigRefused as problem:
            log.error("queue %s records nothing, its rule is wrong: %s", row.queue_id, problem)
    return policies


async def _outbound(session: AsyncSession) -> OutboundRules:
    row = await session.get(OutboundRulesRecord, 1)
    try:
        return rules_of(row.settings) if row is not None else OutboundRules()
    except ConfigRefused as problem:
        log.error("nobody dials by hand, the rules for it are wrong: %s", problem)
        return OutboundRules()


async def _pause_reasons(session: AsyncSession) -> tuple[PauseReason, ...]:
    query = select(PauseReasonRecord).order_by(PauseReasonRecord.position, PauseReasonRecord.code)
    return tuple(
        PauseReason(row.code, row.name, row.name_zh, row.limit_seconds)
        for row in await session.scalars(query)
    )


async def _dispositions(session: AsyncSession) -> tuple[Disposition, ...]:
    query = select(DispositionRecord).order_by(DispositionRecord.position, DispositionRecord.code)
    return tuple(
        Disposition(
            code=row.code,
            name=row.name,
            name_zh=row.name_zh,
            queues=frozenset(row.queues),
            default=row.is_default,
            parent=row.parent,
            active=row.active,
            keywords=row.keywords,
        )
        for row in await session.scalars(query)
    )


async def published(session: AsyncSession, id: str) -> bool:
    """Whether flow `id` has a published version."""
    query = select(FlowVersion.version).where(FlowVersion.id == id, FlowVersion.published)
    return await session.scalar(query) is not None
