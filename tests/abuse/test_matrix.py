"""A6: every route with a thing in its address, by every role, with an own and with a foreign thing.

The matrix is made from the table of routes: whatever limits an agent to his own is asked here for
somebody else's. Nothing of the other's may come back, and nothing of it may change.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime

import httpx
import pytest
from sqlalchemy import insert, text

from callcenter.core.board import CallRow
from callcenter.core.effects import Show
from callcenter.store import tables
from callcenter.web.policy import POLICY, Role
from tests.abuse.figures import Abuse
from tests.media.test_voicemails import leave_message
from tests.web.place import Place
from tests.web.test_callbacks import kept
from tests.web.test_policy import ROUTES
from tests.web.test_recordings import recorded

pytestmark = [pytest.mark.web, pytest.mark.anyio]

MARK = "foreign-7f3a"
# Each agent writes a page of his own under the id of a call; what another wrote is not touched.
OWN_PAGE = {("PUT", "/api/drafts/{call}"), ("GET", "/api/drafts/{call}")}
BODIES = {
    "/api/callbacks/{callback}/time": {"not_before": "2027-01-01T10:00:00Z"},
    "/api/voicemails/{message}": {"version": 1, "state": "done", "note": "mine now"},
    "/api/recordings/{recording}/comments": {"at_seconds": 1.0, "text": "mine now"},
    "/api/calls/{call}/form": {"disposition": "", "values": {}},
    "/api/calls/{call}/quality/{leg}": {},
    "/api/evaluations/{evaluation}/dispute": {"why": "mine now"},
}
# Of nobody; those of others are tried in the tests of sessions.
SESSION = "00000000-0000-4000-8000-000000000014"
STATE = (
    "select md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from {} t"
    " where t::text like '%{}%'"
)
TABLES = (
    "interactions", "callbacks", "voicemails", "recordings", "recording_comments", "saved_views",
    "drafts", "call_forms", "interaction_parts", "evaluations",
)  # fmt: skip


async def seeded(place: Place, agent: str, user: str) -> dict[str, str]:
    """Things of this agent, each with the mark in a text: the ids by the names in addresses."""
    queue = f"q{agent}"
    async with await place.signed_in("administrator") as admin:
        await admin.put(f"/api/queues/{queue}", json={"name": queue})
        await admin.put(f"/api/queues/{queue}/members", json={"agents": [agent]})
    call = f"17000{agent.removeprefix('agent')}.1"
    now = datetime.now(UTC)
    zeros = dict.fromkeys(
        ("wait_seconds", "ring_seconds", "talk_seconds", "hold_seconds", "wrap_up_seconds"), 1.0
    )
    async with place.engine.begin() as connection:
        await connection.execute(
            insert(tables.Interaction).values(
                call=call, revision=1, started_at=now, ended_at=now, number="+8613900000000",
                did="4000", queue=queue, agent=agent, outcome="answered", ended_by="caller",
                path=[MARK], offers=1, language="en", disposition="", note=MARK, **zeros,
            )
        )  # fmt: skip
        await connection.execute(
            insert(tables.Draft).values(call=call, agent=agent, text=MARK, updated=now)
        )
        view = await connection.scalar(
            insert(tables.SavedView)
            .values(user_id=user, name=MARK, filter={})
            .returning(tables.SavedView.id)
        )
    await recorded(place, f"{call}.1", None, call=call, agents=[agent], queue=queue, number=MARK)
    async with place.engine.begin() as connection:
        comment = await connection.scalar(
            insert(tables.RecordingComment)
            .values(recording_id=f"{call}.1", at_seconds=1.0, text=MARK, author=user, created=now)
            .returning(tables.RecordingComment.id)
        )
    evaluation = await evaluated(place, f"{call}.1", agent, user)
    await leave_message(place.engine, place.folder, f"{call}.9", box=queue, note=MARK)
    callback = await kept(place, queue=queue, name=MARK)
    row = CallRow(call, "talking", 1.0, 1.0, "+8613900000000", MARK, "100", "zh", agent=agent)
    place.hub.perform(Show("calls", call, row))
    return {
        "call": call, "leg": "leg-1", "recording": f"{call}.1", "comment": str(comment),
        "message": f"{call}.9", "callback": callback, "view": str(view),
        "evaluation": evaluation, "session": SESSION,
    }  # fmt: skip


async def evaluated(place: Place, recording: str, agent: str, user: str) -> str:
    """A handed-in evaluation of the agent."""
    section = {"code": "s", "name": "S", "questions": [{"code": "q", "text": "?"}]}
    shape = {"code": agent, "name": MARK, "sections": [section]}
    now = datetime.now(UTC)
    async with place.engine.begin() as connection:
        await connection.execute(insert(tables.EvaluationForm).values(code=agent, draft=shape))
        await connection.execute(
            insert(tables.EvaluationFormVersion).values(code=agent, number=1, body=shape)
        )
        id = await connection.scalar(
            insert(tables.Evaluation)
            .values(
                recording_id=recording, call=recording, agent=agent, began_at=now, form=agent,
                number=1, evaluator=user, state="submitted", comment=MARK, submitted=now,
            )
            .returning(tables.Evaluation.id)
        )  # fmt: skip
    return str(id)


async def marked(place: Place) -> list[str]:
    """What everything of the other's is like."""
    async with place.engine.begin() as connection:
        return [str(await connection.scalar(text(STATE.format(table, MARK)))) for table in TABLES]


def own_routes() -> list[tuple[str, str]]:
    """Those that limit an agent to what is his, with something in their address."""
    return [
        route
        for route, rule in POLICY.items()
        if rule.scopes.get("agent") == "own" and "{" in route[1]
    ]


async def ask(
    client: httpx.AsyncClient, method: str, path: str, ids: dict[str, str]
) -> httpx.Response:
    address = re.sub(r"{(\w+)}", lambda found: ids[found[1]], path)
    body = BODIES.get(path, {}) if method in {"POST", "PUT"} else None
    return await client.request(method, address, json=body)


async def test_a6_own_and_foreign_things(place: Place, abuse: Abuse) -> None:
    wrong, asked, reached = list[str](), 0, 0
    other = await place.agent()
    owner = await place.user("agent", other)
    ids = await seeded(place, other, owner.id)
    before = await marked(place)
    roles: list[tuple[Role, str | None]] = [
        ("agent", await place.agent()), ("agent", None), ("supervisor", None),
    ]  # fmt: skip
    for role, agent in roles:
        async with await place.client(await place.user(role, agent)) as client:
            for method, path in own_routes():
                rule = POLICY[method, path]
                if role != "agent" and rule.scopes.get(role) == "all":
                    continue
                answer = await ask(client, method, path, ids)
                asked += 1
                leaks = MARK in answer.text
                accepted = answer.status_code < 400 and (method, path) not in OWN_PAGE
                if leaks or accepted or answer.status_code >= 500:
                    wrong.append(f"{role} {method} {path}: {answer.status_code}")
    changed = [
        table
        for table, one, two in zip(TABLES, before, await marked(place), strict=True)
        if one != two
    ]
    async with await place.client(owner) as client:
        for method, path in own_routes():
            if method == "GET":
                answer = await ask(client, method, path, ids)
                # A recording without a file, a call without a script: still his.
                reached += answer.status_code == 200
                asked += 1
    in_table = len([route for route in ROUTES if route in POLICY])
    gets = sum(method == "GET" for method, _ in own_routes())
    abuse.reached(
        "A6",
        f"{in_table} routes by role (tests/web/test_policy.py, with keys); {asked} requests for "
        "own and foreign things",
        "100 % of routes in the table, 0 unexpected 2xx, nothing of others seen or changed",
        f"{100 * in_table // len(ROUTES)} % of routes, {len(wrong)} unexpected, "
        f"{len(changed)} tables changed; the owner reached {reached} of his {gets}",
        not wrong and not changed and reached >= gets - 3 and in_table == len(POLICY),
        "; ".join([*wrong, *changed])[:400],
    )
