"""A real server on the loopback that is slow, dead, huge, odd: the flow is answered in its time."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import time
from collections.abc import AsyncIterator

import pytest

from callcenter.outside.addresses import Allowed, read_hosts, read_networks
from callcenter.outside.delivery import Delivered
from callcenter.outside.requests import ANSWER_BYTES_MAX, Answered, Credential, Requests

pytestmark = [pytest.mark.web, pytest.mark.anyio]


class Server:
    """Says what it is told to say, and remembers what it was asked."""

    def __init__(self) -> None:
        self.answers: list[bytes] = []
        self.heard: list[bytes] = []
        self.pause = False
        self.port = 0
        self.connections = 0
        self.dripping = False
        self.writers: list[asyncio.StreamWriter] = []

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.writers.append(writer)
        with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            length = 0
            for line in head.split(b"\r\n"):
                if line.lower().startswith(b"content-length:"):
                    length = int(line.split(b":")[1])
            self.heard.append(head + await reader.readexactly(length))
            if self.dripping:
                await self.drip(writer)
                return
            if self.pause:
                await reader.read()  # until the other side has had enough
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            writer.write(answer)
            await writer.drain()
        writer.close()

    async def drip(self, writer: asyncio.StreamWriter) -> None:
        while self.dripping:
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 90000\r\n\r\n")
            await writer.drain()
            await asyncio.sleep(0.05)


def http(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    made = Server()
    listening = await asyncio.start_server(made.talk, "127.0.0.1", 0)
    made.port = listening.sockets[0].getsockname()[1]
    yield made
    listening.close()
    made.dripping = False
    for writer in made.writers:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


def requests_to(server: Server, **more: object) -> Requests:
    """The name is allowed, and so is the loopback it points to."""

    async def resolve(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    allowed = Allowed(read_hosts([f"shop.example:{server.port}"]), read_networks(["127.0.0.0/8"]))
    return Requests(allowed, resolve=resolve, **more)  # type: ignore[arg-type]


def url(server: Server, path: str = "/orders/1") -> dict[str, object]:
    return {"method": "GET", "url": f"http://shop.example:{server.port}{path}", "retries": 0}


async def test_an_answer_is_read_as_json(server: Server) -> None:
    server.answers = [http(json.dumps({"order": {"state": "sent", "名": [1, 2.5]}}).encode())]
    asked = url(server) | {
        "method": "POST",
        "query": {"q": "a b&c", "lang": "中"},
        "body": {"pin": "0042", "n": None},
        "headers": {"X-Own": "yes"},
    }
    found = await requests_to(server).ask(asked)
    assert found == Answered({"status": 200, "body": {"order": {"state": "sent", "名": [1, 2.5]}}})
    head, _, body = server.heard[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /orders/1?q=a+b%26c&lang=%E4%B8%AD HTTP/1.1\r\n")
    assert f"Host: shop.example:{server.port}".encode() in head
    assert b"X-Own: yes" in head
    assert json.loads(body) == {"pin": "0042", "n": None}


@pytest.mark.parametrize("status", ["404 Not Found", "302 Found", "500 Oops"])
async def test_a_status_is_handed_on_and_no_redirect_is_followed(
    server: Server, status: str
) -> None:
    server.answers = [http(b"<html>", status, Location="http://169.254.169.254/latest")]
    found = await requests_to(server).ask(url(server))
    assert found == Answered({"status": int(status[:3]), "body": None})
    assert server.connections == 1


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (http(b"<html>"), "the answer is not JSON"),
        (http(b'{"a": NaN}'), "the answer is not JSON"),
        (http(b"\xff\xfe{"), "the answer is not JSON"),
        (http(b"[" * 50_000), "the answer is not JSON"),
        (http(b"{}", Content_Encoding="gzip"), "the answer is packed"),
        (http(b" " * (ANSWER_BYTES_MAX + 1)), "the answer is larger"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "cannot be reached"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{", "cannot be reached"),
        (b"SSH-2.0-OpenSSH\r\n", "cannot be reached"),
        (b"", "cannot be reached"),
        (b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 50_000, "cannot be reached"),
    ],
)
async def test_odd_answers_are_an_error(server: Server, answer: bytes, error: str) -> None:
    server.answers = [answer]
    found = await requests_to(server).ask(url(server))
    assert found.error.startswith(error)
    assert found.values == {}


async def test_nothing_in_the_answer_is_no_mistake(server: Server) -> None:
    server.answers = [b"HTTP/1.1 204 No Content\r\n\r\n"]
    assert await requests_to(server).ask(url(server)) == Answered({"status": 204, "body": None})


async def test_a_slow_server_is_left_within_the_time(server: Server) -> None:
    server.answers, server.pause = [http(b"{}")], True
    began = time.monotonic()
    found = await requests_to(server).ask(url(server) | {"timeout_seconds": 0.5, "retries": 3})
    assert found.error == "no answer in 0.5 s"
    assert time.monotonic() - began < 3


async def test_an_endless_drip_is_left_within_the_time(server: Server) -> None:
    server.dripping = True
    found = await requests_to(server).ask(url(server) | {"timeout_seconds": 0.6})
    assert found.error == "no answer in 0.6 s"


async def test_a_dead_server_and_a_dead_name(server: Server) -> None:
    with socket.socket() as nobody:  # bound, and nobody listens
        nobody.bind(("127.0.0.1", 0))
        server.port = nobody.getsockname()[1]
        assert (await requests_to(server).ask(url(server))).error.startswith("cannot be reached")

    async def unknown(host: str, port: int) -> list[str]:
        raise OSError("no such name")

    asking = Requests(Allowed(read_hosts(["gone.example"])), resolve=unknown)
    found = await asking.ask({"url": "https://gone.example/"})
    assert found.error.startswith("cannot be reached")


async def test_it_is_tried_again_where_that_is_harmless(server: Server) -> None:
    server.answers = [b"", http(b"", "503 Busy"), http(b'{"a": 1}')]
    asking = requests_to(server)
    found = await asking.ask(url(server) | {"retries": 2})
    assert found.values == {"status": 200, "body": {"a": 1}}
    server.answers = [http(b"", "503 Busy"), http(b"{}")]
    found = await asking.ask(url(server) | {"method": "POST", "retries": 0})
    assert found.values["status"] == 503


async def test_a_name_that_points_inside_is_not_called(server: Server) -> None:
    """Though it is on the list; and what is asked twice for its address cannot change its mind."""
    answers = ["93.184.215.14", "127.0.0.1"]

    async def rebinding(host: str, port: int) -> list[str]:
        return [answers.pop()]

    asking = Requests(Allowed(read_hosts([f"shop.example:{server.port}"])), resolve=rebinding)
    found = await asking.ask(url(server))
    assert "is not public" in found.error
    assert len(answers) == 1
    assert server.connections == 0


async def test_the_system_looks_names_up(server: Server) -> None:
    server.answers = [http(b"{}")]
    allowed = Allowed(
        read_hosts([f"localhost:{server.port}"]), read_networks(["127.0.0.0/8", "::1/128"])
    )
    found = await Requests(allowed).ask({"url": f"http://localhost:{server.port}/"})
    assert found.values.get("status") == 200 or found.error.startswith("cannot be reached")


async def test_credentials_go_to_their_host_alone(server: Server) -> None:
    server.answers = [http(b"{}")]
    mine = Credential(f"shop.example:{server.port}", "Authorization", "Bearer sesame")
    other = Credential("else.example", "Authorization", "Bearer other")
    asking = requests_to(server, credentials={"shop": mine, "else": other})
    assert (await asking.ask(url(server) | {"secret": "shop"})).error == ""
    assert b"Authorization: Bearer sesame" in server.heard[0]
    assert "sesame" not in repr(mine)
    for name in ("else", "none"):
        assert "no credentials" in (await asking.ask(url(server) | {"secret": name})).error
    assert len(server.heard) == 1


async def test_nothing_of_the_call_is_in_the_log(
    server: Server, caplog: pytest.LogCaptureFixture
) -> None:
    server.answers = [http(b"odd 8613800138000")]
    await requests_to(server).ask(url(server, "/customers/13800138000") | {"body": {"p": "0042"}})
    assert "shop.example" in caplog.text
    assert "0138000" not in caplog.text


# -- messages handed over -------------------------------------------------------------------------
def address(server: Server) -> str:
    return f"http://shop.example:{server.port}/texts?of=us"


async def test_a_message_is_posted_as_it_is_and_only_the_status_is_read(server: Server) -> None:
    server.answers = [http(b"<html>" * 50_000, "202 Accepted")]
    sent = await requests_to(server).post(address(server), b'{"to": 1}', {"webhook-id": "m1"}, 2)
    assert sent == Delivered(202)
    head, _, body = server.heard[0].partition(b"\r\n\r\n")
    assert head.startswith(b"POST /texts?of=us HTTP/1.1\r\n")
    assert b"webhook-id: m1" in head
    assert body == b'{"to": 1}'


async def test_a_refusal_says_when_to_come_again(server: Server) -> None:
    server.answers = [http(b"", "429 Too Many Requests", Retry_After="30")]
    sent = await requests_to(server).post(address(server), b"{}", {}, 2)
    assert (sent.taken, sent.final, sent.wait_seconds) == (False, False, 30)


async def test_messages_go_in_the_clear_to_our_own_networks_only(server: Server) -> None:
    async def resolve(host: str, port: int) -> list[str]:
        return ["93.184.216.34"]

    requests = Requests(Allowed(read_hosts([f"shop.example:{server.port}"])), resolve=resolve)
    sent = await requests.post(address(server), b"{}", {}, 2)
    assert (sent.final, sent.error) == (True, "not allowed: messages go by https")
    assert server.connections == 0


@pytest.mark.parametrize("url", ["https://other.example/", "ftp://shop.example/", "nothing"])
async def test_a_message_goes_to_no_other_host(server: Server, url: str) -> None:
    sent = await requests_to(server).post(url, b"{}", {}, 2)
    assert sent.final
    assert server.connections == 0


async def test_nobody_there_is_no_answer_for_good(server: Server) -> None:
    server.answers = [b""]
    sent = await requests_to(server).post(address(server), b"{}", {}, 2)
    assert (sent.taken, sent.final) == (False, False)
