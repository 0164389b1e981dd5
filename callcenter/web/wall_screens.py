"""The websocket of a screen on the wall: let in by its token, shown figures, never a caller."""

from __future__ import annotations

import re

from starlette.websockets import WebSocket

from agent_console.browser import Visitor
from agent_console.socket import Refused, refuse_handshake, serve_wall
from callcenter.web.origins import Origins
from callcenter.web.routers.walls import shown_by
from callcenter.web.services import WebServices

TOKEN = re.compile(r"[A-Za-z0-9_-]{20,100}")


async def serve_wall_screen(socket: WebSocket, served: WebServices, origins: Origins) -> None:
    """From the handshake to the end of the connection."""
    visitor = await _admit(socket, served, origins)
    if isinstance(visitor, Refused):
        await refuse_handshake(socket, visitor)
        return
    await serve_wall(socket, visitor, hub=served.hub, clock=served.clock)


async def _admit(socket: WebSocket, served: WebServices, origins: Origins) -> Visitor | Refused:
    if not origins.ours(socket.headers.get("origin"), socket):
        return Refused(403, "foreign_origin", "the page is not one of this server")
    token = socket.query_params.get("token", "")
    try:
        found = await shown_by(served, token) if TOKEN.fullmatch(token) else None
    except served.database_errors:
        return Refused(503, "database_away", "the database cannot be reached")
    if found is None:
        return Refused(401, "wall_gone", "this address shows nothing any more")
    wall, user = found
    return Visitor(user, user, wall.name, "supervisor", None, wall=wall.team)
