"""Small files for web sites of others: the public form, and scripts that bring the console to them.

They stand apart from the console's own: who loads them is not signed in. The form may be shown in
frames of the sites that the operator named, and of no others.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

FOLDER = Path(__file__).parent / "embed"
# What other sites load with a <script>.
SHARED = frozenset({"callback.js", "console-link.js"})
PAGES = {"/callback-form": "callback-form.html", "/link": "link.html"}
MINUTES = "public, max-age=300"


def embed_routes(sites: Sequence[str]) -> list[BaseRoute]:
    """`sites`: origins that may show the form in a frame."""
    policy = "; ".join(
        (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            "img-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            "frame-ancestors " + (" ".join(("'self'", *sites))),
        )
    )

    async def page(request: Request) -> Response:
        file = FOLDER / PAGES[request.url.path]
        headers = {"cache-control": "no-cache", "content-security-policy": policy}
        if request.url.path == "/link":
            # It is opened by another site and has to talk to it: see link.html.
            headers["cross-origin-opener-policy"] = "unsafe-none"
        return FileResponse(file, headers=headers)

    async def asset(request: Request) -> Response:
        name = request.path_params["name"]
        known = {file.name for file in FOLDER.iterdir() if file.suffix in {".js", ".css"}}
        if name not in known:
            return Response(status_code=404)
        headers = {"cache-control": MINUTES}
        if name in SHARED:
            headers["cross-origin-resource-policy"] = "cross-origin"
        return FileResponse(FOLDER / name, headers=headers)

    async def named(_: Request) -> Response:
        return JSONResponse({"sites": list(sites)}, headers={"cache-control": "no-store"})

    pages = [Route(path, page, methods=["GET", "HEAD"]) for path in PAGES]
    known_sites = Route("/embed/sites.json", named, methods=["GET"])
    return [
        *pages,
        known_sites,
        Route("/embed/{name}", asset, methods=["GET", "HEAD"], name="embed"),
    ]
