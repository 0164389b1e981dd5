"""Text messages of flows: the webhook they go out by, a test, and what became of each message.

The signing secret is told once, when it is made. Messages hold callers' numbers, so they are for
administrators only.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Literal

from fastapi import Path as InPath
from fastapi import Query
from pydantic import Field, StringConstraints

from callcenter.media.texts.gateway import URL_MAX, Gateway
from callcenter.media.texts.service import WORDS_MAX, NotSent, State, Text
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import ApiError
from callcenter.web.routers.common import Served, guarded_router

router = guarded_router("texts")

PAGE_MAX = 200
MessageId = Annotated[int, InPath(ge=1, le=2**53)]


class GatewayBody(Body):
    """`version`: the one that was read, 0 for one that was never set up. `keep_hours`: so long a
    message is tried again while the gateway is away."""

    url: Annotated[str, StringConstraints(strip_whitespace=True, max_length=URL_MAX)] = ""
    enabled: bool = False
    timeout_seconds: Annotated[float, Field(ge=1, le=10)] = 5.0
    keep_hours: Annotated[int, Field(ge=1, le=72)] = 24
    version: Annotated[int, Field(ge=0, le=10**9)] = 0


class GatewayRead(GatewayBody):
    """`hosts`: those that the installation allows. `waiting`: messages not sent yet."""

    has_secret: bool
    hosts: list[str]
    waiting: int


class Secret(Body):
    """Told this once."""

    secret: str


class TestBody(Body):
    to: Annotated[str, StringConstraints(pattern=r"^\+?[0-9]{3,20}$")]
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)] = Field(
        max_length=WORDS_MAX
    )
    language: Literal["en", "zh"] = "en"


class TextRead(Body):
    """`status`: of the gateway's last answer; `trouble`: why it was not sent; `due`: the next
    try."""

    id: int
    call: str
    to: str
    words: str
    language: str
    state: State
    tries: int
    status: int | None
    trouble: str
    created: datetime
    ended: datetime | None
    due: datetime


class TextPage(Body):
    """`next`: `before` of the next page."""

    items: list[TextRead]
    next: int | None
    waiting: int


@router.get("/api/text-gateway")
async def read_text_gateway(served: Served) -> GatewayRead:
    return await _read(await served.texts.gateways.read(), served)


@router.put("/api/text-gateway")
async def put_text_gateway(body: GatewayBody, caller: Called, served: Served) -> GatewayRead:
    """Where text messages go. It can be switched on when there is a signing secret."""
    wanted = Gateway(**body.model_dump())
    return await _read(await served.texts.gateways.put(wanted, by=caller.account.id), served)


@router.post("/api/text-gateway/secret")
async def replace_text_secret(caller: Called, served: Served) -> Secret:
    """Make a new signing secret. The old one signs as well for a day."""
    return Secret(secret=await served.texts.gateways.replace_secret(by=caller.account.id))


@router.post("/api/text-gateway/test")
async def test_text_gateway(body: TestBody, served: Served) -> TextRead:
    """Send a message now, to see that it arrives."""
    try:
        return _text(await served.texts.send(body.to, body.text, body.language))
    except NotSent as error:
        raise _not_sent(error) from None


@router.get("/api/text-messages")
async def list_text_messages(
    served: Served,
    state: State | None = None,
    before: Annotated[int | None, Query(ge=1, le=2**53)] = None,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = 50,
) -> TextPage:
    """The newest first."""
    found, waiting = await served.texts.recent(state, before, limit)
    last = found[-1].id if len(found) == limit else None
    return TextPage(items=[_text(one) for one in found], next=last, waiting=waiting)


@router.post("/api/text-messages/{message}/again")
async def send_text_again(message: MessageId, caller: Called, served: Served) -> TextRead:
    """Try a message that was not sent once more, now."""
    try:
        return _text(await served.texts.again(message, by=caller.account.id))
    except NotSent as error:
        raise _not_sent(error) from None


async def _read(gateway: Gateway, served: Served) -> GatewayRead:
    _, waiting = await served.texts.recent(None, None, 1)
    return GatewayRead(**asdict(gateway), hosts=list(served.text_hosts), waiting=waiting)


def _text(text: Text) -> TextRead:
    return TextRead(**asdict(text))


def _not_sent(error: NotSent) -> ApiError:
    return ApiError(409, "no_text_gateway", str(error), todo="set it up and switch it on first")
