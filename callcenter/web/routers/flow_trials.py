"""To hear a flow on the real telephone system before it is published."""

from __future__ import annotations

import re

from fastapi.responses import JSONResponse

from callcenter.web.auth import Called
from callcenter.web.errors import ApiError, ErrorBody
from callcenter.web.routers import flow_schemas as shapes
from callcenter.web.routers.common import FlowId, Served, guarded_router
from callcenter.web.routers.flow_views import examined, refused, text_for

router = guarded_router("flow trials")

DOMAIN = "callcenter.invalid"
NOT_A_NUMBER = re.compile(r"[^0-9+]")


@router.post(
    "/api/flows/{name}/trial",
    status_code=201,
    responses={422: {"model": shapes.PublishRefused | ErrorBody}},
    response_model=shapes.TrialRead,
)
async def offer_trial(
    name: FlowId, body: shapes.TrialBody, caller: Called, served: Served
) -> shapes.TrialRead | JSONResponse:
    """The flow as it is sent can be dialled once. It must have no mistakes; its test cases are not
    run. The call is in no statistics and ends where an agent, a mailbox or an outside number
    comes."""
    if served.trials is None or served.sip_upstream is None:
        todo = "try it in the simulator, or start Asterisk"
        raise ApiError(503, "no_telephone", "there is no telephone system", todo=todo)
    found = await examined(served, text_for(name, body.flow), tests=False)
    if found.linked is None:
        return refused(found)
    number = NOT_A_NUMBER.sub("", body.caller)
    access = await served.trials.offer(found.linked, user=caller.account.id, number=number)
    return shapes.TrialRead(
        extension=access.extension,
        device=access.device,
        domain=DOMAIN,
        password=access.password,
        expires=access.expires,
    )
