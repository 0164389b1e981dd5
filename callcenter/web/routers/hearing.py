"""A supervisor at a live call: listen, whisper, barge in, take over. Audited before it is done.

His browser dials a one-time token (as a trial call does) and hears the agent's channel; all that
follows is asked here and done by the centre. One user is at one call at a time.
"""

from __future__ import annotations

import secrets
from typing import Literal

from callcenter.core.commands import SupervisorAction
from callcenter.core.monitoring import ChangeHearing, Hear, Mode, StopHearing, TakeOverCall
from callcenter.core.refusals import NOT_HEARING, TEXTS, UNKNOWN_CALL
from callcenter.web.auth import Called, Caller
from callcenter.web.body import Body
from callcenter.web.borders import outside
from callcenter.web.errors import ApiError
from callcenter.web.routers.common import CallId, Served, guarded_router, live_call_within
from callcenter.web.services import Hearing

router = guarded_router("hearing")

DOMAIN = "callcenter.invalid"
DIAL_SECONDS = 30.0


class HearingBody(Body):
    """*listen*: nobody hears the supervisor; *whisper*: the agent does; *barge*: the caller too."""

    mode: Literal["listen", "whisper", "barge"] = "listen"


class HearingRead(Body):
    """Dial sip:<extension>@<domain> once before `expires` (UNIX seconds), as sip:<device>@<domain>,
    over the websocket /sip; there is nothing to register."""

    extension: str
    device: str
    domain: str
    password: str
    expires: float


@router.post("/api/calls/{call}/hearing", status_code=201)
async def begin_hearing(
    call: CallId, body: HearingBody, caller: Called, served: Served
) -> HearingRead:
    """Into a call that an agent talks in. Who is at another one leaves it."""
    if call not in served.hub.tables.calls:
        raise ApiError(404, UNKNOWN_CALL, TEXTS[UNKNOWN_CALL])
    if not live_call_within(caller, served, call):
        raise outside()
    hearing = _telephone(served)
    account = caller.account
    token = secrets.token_hex(16)
    expires = served.clock.now() + DIAL_SECONDS
    mode: Mode = body.mode
    agent = served.hub.tables.calls[call].agent
    await hearing.note(account.id, "call.hear", call, {"mode": mode, "agent": agent})
    access = await hearing.access(account.id)
    me = account.agent or ""
    await _command(caller, served, Hear(call, token, account.name, me, account.role, mode, expires))
    return HearingRead(
        extension=f"hear{token}",
        device=access.device,
        domain=DOMAIN,
        password=access.password,
        expires=expires,
    )


@router.put("/api/hearing", status_code=204)
async def change_hearing(body: HearingBody, caller: Called, served: Served) -> None:
    """Another way of being at the call."""
    call = _where(caller, served)
    await _telephone(served).note(caller.account.id, "call.hear", call, {"mode": body.mode})
    await _command(caller, served, ChangeHearing(body.mode))


@router.post("/api/hearing/take-over", status_code=204)
async def take_over(caller: Called, served: Served) -> None:
    """The caller is the supervisor's from now on; the agent writes about the call."""
    call = _where(caller, served)
    agent = served.hub.tables.calls[call].agent
    await _telephone(served).note(caller.account.id, "call.take-over", call, {"agent": agent})
    await _command(caller, served, TakeOverCall())


@router.delete("/api/hearing", status_code=204)
async def stop_hearing(caller: Called, served: Served) -> None:
    """Out of the call; a call that was taken over ends. Harmless when it is over already."""
    call = _whose(caller, served)
    if call:
        await _command(caller, served, StopHearing(), over=True)
        await _telephone(served).note(caller.account.id, "call.leave", call, {})


def _where(caller: Caller, served: Served) -> str:
    """The call the user is at."""
    call = _whose(caller, served)
    if not call:
        raise ApiError(409, NOT_HEARING, TEXTS[NOT_HEARING])
    return call


def _whose(caller: Caller, served: Served) -> str:
    user = caller.account.id
    rows = served.hub.tables.calls.values()
    return next((row.call for row in rows if any(one.by == user for one in row.hearers)), "")


def _telephone(served: Served) -> Hearing:
    if served.hearing is None or served.sip_upstream is None:
        raise ApiError(503, "no_telephone", "there is no telephone system", todo="start Asterisk")
    return served.hearing


async def _command(
    caller: Caller, served: Served, action: SupervisorAction, *, over: bool = False
) -> None:
    refusal = await served.callbacks.command(caller.account.id, action)
    if refusal is not None and not (over and refusal == NOT_HEARING):
        raise ApiError(409, refusal, TEXTS.get(refusal, refusal))
