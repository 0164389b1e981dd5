"""Text messages through a real HTTP server on the loopback: signed, kept, tried again, told of."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.bootstrap.asking import Asking
from callcenter.core.effects import AskData
from callcenter.core.inputs import DataLookedUp, Input
from callcenter.media.texts.gateway import Gateway, Gateways
from callcenter.media.texts.service import NotSent, Texts
from callcenter.outside.addresses import Allowed, read_hosts, read_networks
from callcenter.outside.requests import Requests
from callcenter.runtime.vault import Vault
from callcenter.store.config_values import ConfigRefused, VersionPassed
from tests.world.agenda import Agenda
from tests.world.store import FakeStore

pytestmark = [pytest.mark.db, pytest.mark.anyio]

BY = "tests"
NUMBER = "+8613800138000"


@dataclass
class Provider:
    """A gateway that answers what a test wants; 200 when it wants nothing."""

    answers: list[int] = field(default_factory=list)
    taken: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    port: int = 0

    @property
    def told(self) -> list[dict[str, Any]]:
        return [json.loads(body) for _, body in self.taken]


@pytest.fixture
def provider() -> Any:
    made = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            made.taken.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(made.answers.pop(0) if made.answers else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Not into the tests' output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.port = server.server_address[1]
    thread = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield made
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
async def texts(engine: AsyncEngine, provider: Provider, tmp_path: Path) -> Texts:
    async with engine.begin() as connection:
        await connection.execute(text("delete from text_messages"))
        await connection.execute(text("delete from text_gateway"))
    hosts = read_hosts([f"127.0.0.1:{provider.port}"])
    requests = Requests(Allowed(hosts, read_networks(["127.0.0.0/8"])))
    return Texts(engine, Gateways(engine, tmp_path, requests.check), requests, first_wait=0.01)


async def set_up(texts: Texts, provider: Provider, **more: Any) -> str:
    """Switched on; the signing secret."""
    secret = await texts.gateways.replace_secret(by=BY)
    version = (await texts.gateways.read()).version
    url = f"http://127.0.0.1:{provider.port}/send"
    await texts.gateways.put(Gateway(url, True, 2.0, **more, version=version), by=BY)
    return secret


def rightly_signed(headers: dict[str, str], body: bytes, secret: str) -> bool:
    """As a receiver looks."""
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    right = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return f"v1,{right}" in headers["webhook-signature"].split(" ")


async def test_a_message_goes_out_signed_and_is_in_the_list(
    texts: Texts, provider: Provider
) -> None:
    secret = await set_up(texts, provider)
    sent = await texts.send(NUMBER, "订单 4711 已发货 \0!", "zh", "1.2")
    assert (sent.state, sent.status, sent.tries) == ("sent", 200, 1)
    ((headers, body),) = provider.taken
    assert rightly_signed(headers, body, secret)
    (told,) = provider.told
    assert (told["type"], told["to"], told["text"]) == ("text.send", NUMBER, "订单 4711 已发货 !")
    assert (told["id"], told["call"], told["language"]) == (headers["webhook-id"], "1.2", "zh")
    found, waiting = await texts.recent(None, None, 10)
    assert [(one.to, one.state) for one in found] == [(NUMBER, "sent")]
    assert waiting == 0


async def test_a_gateway_that_is_away_gets_it_later_and_once(
    texts: Texts, provider: Provider
) -> None:
    await set_up(texts, provider)
    provider.answers = [503, 500]
    first = await texts.send(NUMBER, "hello", "en")
    assert (first.state, first.trouble) == ("waiting", "answered 503")
    async with asyncio.timeout(20):
        while (await texts.recent("sent", None, 10))[0] == []:
            await texts.send_due()
    (sent,), _ = await texts.recent(None, None, 10)
    assert (sent.tries, sent.trouble) == (3, "")
    assert len({told["id"] for told in provider.told}) == 1, "the same id at each try"
    assert await texts.send_due() == 0
    assert len(provider.taken) == 3


async def test_what_is_refused_is_not_tried_again_but_can_be_by_hand(
    texts: Texts, provider: Provider
) -> None:
    await set_up(texts, provider)
    provider.answers = [400]
    refused = await texts.send(NUMBER, "hello", "en")
    assert (refused.state, refused.status) == ("refused", 400)
    assert await texts.send_due() == 0
    again = await texts.again(refused.id, by=BY)
    assert (again.state, again.tries) == ("sent", 2)


async def test_after_its_hours_a_message_is_given_up(
    texts: Texts, provider: Provider, engine: AsyncEngine
) -> None:
    await set_up(texts, provider, keep_hours=1)
    provider.answers = [503, 503]
    kept = await texts.send(NUMBER, "hello", "en")
    async with engine.begin() as connection:
        old = "update text_messages set created = now() - interval '61 minutes', due = now()"
        await connection.execute(text(old))
    await texts.send_due()
    (one,), _ = await texts.recent(None, None, 10)
    assert (one.id, one.state) == (kept.id, "given-up")


async def test_a_replaced_secret_signs_beside_the_new_one(texts: Texts, provider: Provider) -> None:
    old = await set_up(texts, provider)
    new = await texts.gateways.replace_secret(by=BY)
    await texts.send(NUMBER, "hello", "en")
    ((headers, body),) = provider.taken
    assert rightly_signed(headers, body, old)
    assert rightly_signed(headers, body, new)


def files(folder: Path) -> list[tuple[int, str]]:
    return [(path.stat().st_mode & 0o777, path.read_text()) for path in folder.iterdir()]


async def test_secrets_are_in_files_for_nobody_else_and_not_in_the_database(
    texts: Texts, provider: Provider, engine: AsyncEngine, tmp_path: Path
) -> None:
    secret = await set_up(texts, provider)
    assert files(tmp_path) == [(0o400, secret)]
    async with engine.begin() as connection:
        for table in ("text_gateway", "audit"):
            rows = await connection.execute(text(f"select t::text from {table} t"))
            assert secret not in str(rows.all())


@pytest.mark.parametrize(
    ("wanted", "where"),
    [
        (Gateway("", True), "url"),
        (Gateway("https://elsewhere.example/", False), "url"),
        (Gateway("file:///etc/passwd", False), "url"),
        (Gateway("http://169.254.169.254/latest", False), "url"),
    ],
)
async def test_addresses_that_may_not_be_called_are_refused_when_set(
    texts: Texts, wanted: Gateway, where: str
) -> None:
    with pytest.raises(ConfigRefused) as refused:
        await texts.gateways.put(wanted, by=BY)
    assert [field for field, _ in refused.value.flaws] == [where]


async def test_two_who_change_it_at_once_do_not_overwrite_each_other(
    texts: Texts, provider: Provider
) -> None:
    await set_up(texts, provider)
    now = await texts.gateways.read()
    await texts.gateways.put(now, by=BY)
    with pytest.raises(VersionPassed):
        await texts.gateways.put(now, by=BY)


async def test_without_a_gateway_nothing_is_kept(texts: Texts) -> None:
    with pytest.raises(NotSent):
        await texts.send(NUMBER, "hello", "en")
    assert await texts.recent(None, None, 10) == ([], 0)


# -- asked by a flow ------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("answers", "values", "error"),
    [
        ([], {"sent": True, "later": False}, ""),
        ([502], {"sent": False, "later": True}, ""),
        ([403], {}, "answered 403"),
    ],
)
async def test_a_flow_learns_what_became_of_its_message(
    texts: Texts, provider: Provider, answers: list[int], values: dict[str, bool], error: str
) -> None:
    await set_up(texts, provider)
    provider.answers = answers
    heard: asyncio.Queue[Input] = asyncio.Queue()
    vault = Vault()
    pin = vault.seal("1.2", "0739")
    requests = Requests(Allowed())
    store = FakeStore(Agenda(0.0), heard.put_nowait)
    asking = Asking(store, requests, texts, vault, heard.put_nowait)  # type: ignore[arg-type]
    told = {"to": NUMBER, "text": f"PIN {pin.handle}", "language": "en"}
    async with asyncio.TaskGroup() as tasks:
        asking._tasks = tasks
        asking.perform(AskData("1.2", "p1", "text", told))
    assert heard.get_nowait() == DataLookedUp("1.2", "p1", values, error)
    assert provider.told[0]["text"] == "PIN 0739", "opened last of all"
