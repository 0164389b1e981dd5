"""The server within the process: TLS made on the spot, an address in use, and the stop."""

from __future__ import annotations

import asyncio
import contextlib
import datetime
import os
import socket
import ssl
import stat
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from callcenter.settings import Settings
from callcenter.web import tls
from callcenter.web.listening import ListenFailed
from callcenter.web.patience import PatientProtocol
from callcenter.web.server import web_server
from tests.agent_console.served import until

pytestmark = [pytest.mark.web, pytest.mark.anyio]


async def hello(request: Request) -> PlainTextResponse:
    return PlainTextResponse(request.url.scheme)


APP = Starlette(routes=[Route("/", hello)])


def settings(folder: Path, **more: object) -> Settings:
    values = {"listen_port": 0, "data_directory": folder} | more
    return Settings.model_validate(values)


async def test_it_serves_until_it_is_told_to_stop(tmp_path: Path) -> None:
    server = web_server(APP, settings(tmp_path))
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve())
        await until(lambda: server.started)
        host, port = server.address
        async with httpx.AsyncClient() as client:
            answer = await client.get(f"http://{host}:{port}/")
        assert (host, answer.text) == ("127.0.0.1", "http")
        assert "server" not in answer.headers
        server.should_exit = True
    assert os.listdir(tmp_path) == []


async def test_an_address_in_use_is_an_error_that_names_it_not_an_exit(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        server = web_server(APP, settings(tmp_path, listen_port=port))
        with pytest.raises(ListenFailed, match=rf"127\.0\.0\.1 port {port}: Address already"):
            await server.serve()


async def test_an_address_of_another_machine_is_refused_readably(tmp_path: Path) -> None:
    server = web_server(APP, settings(tmp_path, listen_address="192.0.2.1"))
    with pytest.raises(ListenFailed, match="Cannot assign"):
        await server.serve()


async def test_other_addresses_than_loopback_speak_tls_with_a_certificate_made_on_the_spot(
    tmp_path: Path,
) -> None:
    chosen = settings(tmp_path, listen_address="127.0.0.1").model_copy()
    assert chosen.tls is False
    everywhere = settings(tmp_path, listen_address="0.0.0.0")
    assert everywhere.tls is True
    web_server(APP, everywhere)
    certificate, key = tls.certificate_on_the_spot(
        everywhere.secrets_directory, tls.own_names("0.0.0.0")
    )
    assert stat.S_IMODE(key.stat().st_mode) == 0o400
    own = settings(tmp_path, tls_certificate=certificate, tls_key=key)
    server = web_server(APP, own)
    trusting = ssl.create_default_context(cafile=str(certificate))
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve())
        await until(lambda: server.started)
        async with httpx.AsyncClient(verify=trusting) as client:
            answer = await client.get(f"https://127.0.0.1:{server.address[1]}/")
            by_name = await client.get(f"https://localhost:{server.address[1]}/")
        assert (answer.text, by_name.text) == ("https", "https")
        server.should_exit = True


SLOW = [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\n", b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET"]


@pytest.mark.parametrize("said", SLOW)
async def test_a_client_that_never_finishes_its_request_is_dropped(
    tmp_path: Path, said: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(PatientProtocol, "request_seconds", 0.1)
    server = web_server(APP, settings(tmp_path))
    async with asyncio.TaskGroup() as group:
        group.create_task(server.serve())
        await until(lambda: server.started)
        reader, writer = await asyncio.open_connection(*server.address)
        writer.write(said)
        async with asyncio.timeout(5):
            with contextlib.suppress(ConnectionResetError):
                while await reader.read(1000):
                    pass
        writer.close()
        server.should_exit = True


def test_the_certificate_is_made_once_and_again_when_it_no_longer_fits(tmp_path: Path) -> None:
    first, key = tls.certificate_on_the_spot(tmp_path, ["a.example", "10.0.0.1"])
    before = first.read_bytes()
    tls.certificate_on_the_spot(tmp_path, ["10.0.0.1"])
    assert first.read_bytes() == before
    tls.certificate_on_the_spot(tmp_path, ["a.example", "10.0.0.2"])
    assert first.read_bytes() != before
    old = datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=tls.VALID_DAYS - 10)
    for path, content in zip((first, key), tls.make(["a.example"], old), strict=True):
        path.unlink()
        path.write_bytes(content)
    tls.certificate_on_the_spot(tmp_path, ["a.example"])
    assert first.read_bytes() != content
    fresh = first.read_bytes()
    key.unlink()
    key.write_text("rubbish")
    tls.certificate_on_the_spot(tmp_path, ["a.example"])
    assert first.read_bytes() != fresh
    assert len(tls.fingerprint(first)) == 95
