"""The built console: hashed assets that never change, and one page for all of its addresses.

This file must not know what the console shows.
"""

from __future__ import annotations

import html
import os
from pathlib import Path

from starlette.datastructures import Headers
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from callcenter.web.errors import ApiError, rendered

FOREVER = "public, max-age=31536000, immutable"
# Asked anew each time, answered by "not changed" where the file is the same.
ASK_ANEW = "no-cache"
# What the build has packed lies beside the file itself, the smallest first.
PACKED = (("br", ".br"), ("gzip", ".gz"))

_NOT_BUILT = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Console not built</title>
<body style="font:16px/1.5 sans-serif;max-width:40em;margin:4em auto;padding:0 1em">
<h1>The console is not built yet</h1>
<p>The service runs, but the web console was not found in <code>{place}</code>.</p>
<p>Build it with Node 20.19 or newer, then reload this page:</p>
<pre>cd agent_console/web
npm ci
npm run build</pre>
<p><code>scripts/run</code> does this by itself; an installed wheel brings the console along.</p>
</body></html>
"""


class _Assets(StaticFiles):
    """File names carry a hash of the content, so a browser may keep them for ever."""

    def file_response(
        self,
        full_path: str | os.PathLike[str],
        stat_result: os.stat_result,
        scope: Scope,
        status_code: int = 200,
    ) -> Response:
        packed, encoding = _packed(os.fspath(full_path), Headers(scope=scope))
        if encoding:
            full_path, stat_result = packed, os.stat(packed)
        response = super().file_response(full_path, stat_result, scope, status_code)
        response.headers["cache-control"] = FOREVER
        if encoding:
            response.headers["content-encoding"] = encoding
            response.headers.add_vary_header("Accept-Encoding")
        return response


def _packed(file: str, headers: Headers) -> tuple[str, str]:
    """The packed form of a file that this browser takes, and its name; two empty texts for none."""
    taken = {
        name.strip().lower()
        for name, _, quality in (
            one.partition(";") for one in headers.get("accept-encoding", "").split(",")
        )
        if quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    }
    for encoding, ending in PACKED:
        if encoding in taken and os.path.isfile(file + ending):
            return file + ending, encoding
    return "", ""


def console_routes(dist: Path) -> list[BaseRoute]:
    """Routes for the console in `dist`; to be the last ones of the application."""
    assets = _Assets(directory=dist / "assets", check_dir=False)

    async def page(request: Request) -> Response:
        return _page(dist, request.path_params["path"])

    return [
        Mount("/assets", GZipMiddleware(assets, minimum_size=1024), name="assets"),
        Route("/{path:path}", page, methods=["GET", "HEAD"], name="console"),
    ]


def _page(dist: Path, path: str) -> Response:
    """A file at the top of the folder (an icon), else the page for every page address."""
    if path == "api" or path.startswith(("api/", "ws/")) or path == "sip":
        return rendered(ApiError(404, "not_found", "there is nothing at this address"))
    index = dist / "index.html"
    if not index.is_file():
        text = _NOT_BUILT.format(place=html.escape(str(dist)))
        return HTMLResponse(text, 503, {"cache-control": "no-store"})
    if "." in path:
        file = dist / path
        if "/" in path or "\0" in path or path.startswith(".") or not file.is_file():
            return rendered(ApiError(404, "not_found", "there is no such file"))
        return FileResponse(file, headers={"cache-control": ASK_ANEW})
    return FileResponse(index, headers={"cache-control": ASK_ANEW})
