"""Voicemail: messages that callers left, listening with seek, hand-over, notes, and mailboxes.

Agents see the messages of their own mailbox, of their queues, and those given to them; supervisors
and administrators see all. Each listening is audited.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import Path as InPath
from fastapi import Query
from fastapi.responses import FileResponse
from pydantic import Field, StringConstraints

from callcenter.core.teams import Reach, within
from callcenter.media.voicemail.schemas import BoxKind, Mailbox, Message, Scope
from callcenter.web.auth import Called, Caller
from callcenter.web.body import Body
from callcenter.web.errors import ApiError
from callcenter.web.routers.common import Served, guarded_router
from callcenter.web.services import WebServices

router = guarded_router("voicemails")

SOUND: dict[int | str, dict[str, Any]] = {200: {"content": {"audio/wav": {}}}}
PAGE_MAX = 200

MessageId = Annotated[str, InPath(pattern=r"^[A-Za-z0-9_.:-]{1,104}$")]
Kind = Annotated[BoxKind, InPath()]
Box = Annotated[str, InPath(pattern=r"^[a-z0-9_-]{1,32}$")]
Agent = Annotated[str, StringConstraints(pattern=r"^[a-z0-9]{1,32}$")]


class MessageRead(Body):
    """`seconds` None: not measured yet. `there` False: the recording is gone."""

    id: str
    call: str
    box_kind: BoxKind
    box: str
    number: str
    name: str
    customer_id: str | None
    customer_name: str
    language: str
    seconds: float | None
    created: datetime
    state: Literal["new", "heard", "done"]
    assigned_to: str | None
    note: str
    transcript: str | None
    deleted: datetime | None
    version: int
    there: bool


class MessagePage(Body):
    items: list[MessageRead]
    next: str | None


class NewCount(Body):
    new: int


class MessageChange(Body):
    """What is not named stays. `version` is the one that was read."""

    version: Annotated[int, Field(ge=1, le=10**9)]
    state: Literal["new", "heard", "done"] | None = None
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)] | None = None
    assigned_to: Agent | None = None


class MailboxBody(Body):
    """`version`: the one that was read, 0 for a mailbox that was never set up. `keep_days` 0: kept
    until somebody deletes it."""

    email: Annotated[str, StringConstraints(strip_whitespace=True, max_length=254)] = ""
    notify: bool = False
    attach: bool = False
    language: Literal["en", "zh"] = "en"
    keep_days: Annotated[int, Field(ge=0, le=3650)] = 0
    version: Annotated[int, Field(ge=0, le=10**9)] = 0


class MailboxRead(Body):
    """`waiting`: letters that are not sent yet; `trouble`: why the last one was not."""

    box_kind: BoxKind
    box: str
    name: str
    email: str
    notify: bool
    attach: bool
    language: str
    keep_days: int
    version: int
    waiting: int
    trouble: str


class Mailboxes(Body):
    """`mail_server`: False when none is set, so that no letter can be sent."""

    items: list[MailboxRead]
    mail_server: bool


# -- messages -------------------------------------------------------------------------------------
@router.get("/api/voicemails")
async def list_voicemails(
    caller: Called,
    served: Served,
    state: Literal["open", "new", "heard", "done", "deleted", "all"] = "open",
    box_kind: BoxKind | None = None,
    box: Annotated[str, Query(pattern=r"^[a-z0-9_-]{1,32}$")] | None = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 50,
    cursor: Annotated[str, Query(max_length=200)] | None = None,
) -> MessagePage:
    """Messages, newest first; `open` are the new and the heard ones."""
    found, following = await served.voicemails.messages(
        _scope(caller, served),
        state=state if state in ("new", "heard", "done") else None,
        open_only=state == "open",
        deleted=state == "deleted",
        box=(box_kind, box) if box_kind is not None and box is not None else None,
        limit=limit,
        cursor=cursor,
    )
    return MessagePage(items=[_read(one) for one in found], next=following)


@router.get("/api/voicemails/new")
async def count_new_voicemails(caller: Called, served: Served) -> NewCount:
    """How many new messages the caller can see: for a badge."""
    return NewCount(new=await served.voicemails.count_new(_scope(caller, served)))


@router.get("/api/voicemails/{message}")
async def get_voicemail(message: MessageId, caller: Called, served: Served) -> MessageRead:
    return _read(await served.voicemails.message(message, _scope(caller, served)))


@router.get("/api/voicemails/{message}/audio", response_class=FileResponse, responses=SOUND)
async def hear_voicemail(message: MessageId, caller: Called, served: Served) -> FileResponse:
    """To listen to in the page, parts by Range. Audited; a new message counts as heard."""
    _, path = await served.voicemails.listen(
        message, _scope(caller, served), by=caller.account.id, action="voicemail.play"
    )
    return FileResponse(path, media_type="audio/wav")


@router.get("/api/voicemails/{message}/file", response_class=FileResponse, responses=SOUND)
async def download_voicemail(message: MessageId, caller: Called, served: Served) -> FileResponse:
    """To keep. A right of its own, audited as such."""
    found, path = await served.voicemails.listen(
        message, _scope(caller, served), by=caller.account.id, action="voicemail.download"
    )
    name = f"voicemail-{found.created:%Y%m%d-%H%M%S}.wav"
    return FileResponse(path, media_type="audio/wav", filename=name)


@router.put("/api/voicemails/{message}")
async def change_voicemail(
    message: MessageId, body: MessageChange, caller: Called, served: Served
) -> MessageRead:
    """State, note, to whom it is given (null: to nobody). Refused when somebody changed it
    meanwhile."""
    values = {name: getattr(body, name) for name in body.model_fields_set - {"version"}}
    values = {k: v for k, v in values.items() if v is not None or k == "assigned_to"}
    agent = values.get("assigned_to")
    if agent is not None and agent not in served.config().agents:
        raise ApiError(
            422,
            "invalid",
            f"there is no agent {agent!r}",
            where="body.assigned_to",
            todo="choose one from the list",
        )
    changed = await served.voicemails.change(
        message, _scope(caller, served), values, version=body.version, by=caller.account.id
    )
    return _read(changed)


@router.delete("/api/voicemails/{message}", status_code=204)
async def delete_voicemail(message: MessageId, caller: Called, served: Served) -> None:
    """Out of the lists; for good after a week."""
    scope = _scope(caller, served)
    await served.voicemails.set_deleted(message, scope, True, by=caller.account.id)


@router.post("/api/voicemails/{message}/restore", status_code=204)
async def restore_voicemail(message: MessageId, caller: Called, served: Served) -> None:
    scope = _scope(caller, served)
    await served.voicemails.set_deleted(message, scope, False, by=caller.account.id)


# -- mailboxes ------------------------------------------------------------------------------------
@router.get("/api/mailboxes")
async def list_mailboxes(caller: Called, served: Served) -> Mailboxes:
    """One for each queue and agent, and the general one, set up or not."""
    config = served.config()
    names: dict[tuple[BoxKind, str], str] = {("general", "general"): ""}
    names |= {("queue", id): queue.name for id, queue in config.queues.items()}
    names |= {("agent", id): agent.name for id, agent in config.agents.items()}
    kept = {(one.box_kind, one.box): one for one in await served.voicemails.mailboxes()}
    items = [
        MailboxRead(**asdict(kept.get(key) or Mailbox(*key)), name=name)
        for key, name in names.items()
        if _within(caller.reach, *key)
    ]
    return Mailboxes(items=items, mail_server=served.letters.ready)


@router.put("/api/mailboxes/{kind}/{box}", status_code=204)
async def put_mailbox(
    kind: Kind, box: Box, body: MailboxBody, caller: Called, served: Served
) -> None:
    """Who is told of new messages, and how long they are kept."""
    _check_box(kind, box, served)
    await served.voicemails.put_mailbox(
        Mailbox(kind, box, **body.model_dump()), by=caller.account.id
    )


@router.post("/api/mailboxes/{kind}/{box}/test", status_code=204)
async def test_mailbox(kind: Kind, box: Box, caller: Called, served: Served) -> None:
    """Send a letter to the mailbox's address, to see that it arrives."""
    _check_box(kind, box, served)
    if not served.letters.ready:
        raise ApiError(
            409,
            "no_mail_server",
            "no mail server is set",
            todo="set CALLCENTER_SMTP_HOST and CALLCENTER_SMTP_SENDER, then start again",
        )
    for one in await served.voicemails.mailboxes():
        if (one.box_kind, one.box) == (kind, box) and one.email:
            await served.letters.test(one.email, one.language, by=caller.account.id)
            return
    raise ApiError(
        409, "no_address", "the mailbox has no e-mail address", todo="save an address first"
    )


# -- parts ----------------------------------------------------------------------------------------
def _scope(caller: Caller, served: WebServices) -> Scope:
    """His own as an agent, and those inside the border of his teams."""
    if caller.scope == "all" and caller.reach.everything:
        return Scope(everything=True)
    agent = served.config().agents.get(caller.account.agent or "")
    own = frozenset((caller.account.agent,)) if caller.account.agent else frozenset[str]()
    queues = frozenset(agent.queues) if agent else frozenset()
    return Scope(False, own | caller.reach.agents, queues | caller.reach.queues)


def _within(reach: Reach, kind: BoxKind, box: str) -> bool:
    return within(
        reach,
        agents=(box,) if kind == "agent" else (),
        queues=(box,) if kind == "queue" else (),
    )


def _check_box(kind: BoxKind, box: str, served: WebServices) -> None:
    config = served.config()
    known = {"queue": config.queues, "agent": config.agents, "general": {"general": None}}[kind]
    if box not in known:
        raise ApiError(404, "not_found", f"there is no mailbox of {kind} {box}")


def _read(message: Message) -> MessageRead:
    return MessageRead(**asdict(message))
