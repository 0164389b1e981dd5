"""Documents of another system that people sign in by: JSON, asked for with the care of `requests`.

Over plain http only from networks of our own. Never raises for the world's mistakes; what is wrong
is said in the answer's `error`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from callcenter.outside.addresses import NotAllowed
from callcenter.outside.requests import (
    SECONDS_MAX,
    TROUBLE,
    Requests,
    Unusable,
    body_of,
    header_lines,
    url_of,
    usual_headers,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Document:
    """`status` 0: nothing came, and `error` says why. `body`: what the JSON says."""

    status: int = 0
    body: object = None
    error: str = ""


class Documents(Requests):
    async def fetch(
        self,
        url: str,
        *,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        seconds: float = 10.0,
    ) -> Document:
        """GET, or POST with a `form`. Any status is an answer; so is a body that is an error."""
        host = "?"
        try:
            target = self._allowed.target(url)
            host = target.host
            async with asyncio.timeout(min(max(seconds, 0.1), SECONDS_MAX)), self._places:
                address = self._allowed.address(await self._resolve(target.host, target.port))
                if target.scheme != "https" and not self._allowed.is_own(address):
                    raise NotAllowed("signing in goes by https")
                content = None if form is None else urlencode(form).encode()
                about = dict(headers or {}) | usual_headers(target) | {"Accept": "application/json"}
                if content is not None:
                    about["Content-Type"] = "application/x-www-form-urlencoded"
                    about["Content-Length"] = str(len(content))
                method = "GET" if content is None else "POST"
                async with (
                    self._pool(address) as pool,
                    pool.stream(
                        method, url_of(target), headers=header_lines(about), content=content
                    ) as answer,
                ):
                    return Document(answer.status, await body_of(answer))
        except NotAllowed as error:
            log.warning("%s is not asked: %s", host, error)
            return Document(error=f"{host} is not asked: {error}")
        except TimeoutError:
            return Document(error=f"{host} did not answer in {seconds:g} s")
        except Unusable as error:
            return Document(error=f"{host}: {error}")
        except TROUBLE as error:
            return Document(error=f"{host} cannot be reached: {type(error).__name__}")
