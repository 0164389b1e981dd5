"""E-mail notices through a real SMTP server on the loopback: sent once, tried again, unforged."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import warnings
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import pytest
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.media.voicemail.letters import Letters, MailServer
from callcenter.media.voicemail.schemas import Mailbox
from callcenter.media.voicemail.service import Voicemails
from callcenter.store import tables
from callcenter.store.letters import one_line
from tests.media.test_voicemails import BY, leave_message

pytestmark = [pytest.mark.db, pytest.mark.anyio]


@dataclass
class Post:
    """A mail server that answers what a test wants."""

    answers: list[str] = field(default_factory=list)
    letters: list[EmailMessage] = field(default_factory=list)
    recipients: list[str] = field(default_factory=list)
    port: int = 0

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = self.answers.pop(0) if self.answers else "250 OK"
        if answer.startswith("250"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        letter = message_from_bytes(envelope.content, policy=default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        self.recipients += envelope.rcpt_tos
        return "250 taken"


def check_login(
    server: SMTP, session: Session, envelope: Envelope, mechanism: str, login: object
) -> AuthResult:
    assert isinstance(login, LoginPassword)
    known = (login.login, login.password) == (b"centre", b"s3cret")
    return AuthResult(success=known, handled=False)


@contextlib.asynccontextmanager
async def running(post: Post, *, login: bool = False) -> AsyncIterator[Post]:
    def made() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # a login without TLS: we are on the loopback
            return SMTP(
                post,
                hostname="localhost",
                auth_require_tls=False,
                auth_required=login,
                authenticator=check_login if login else None,
                enable_SMTPUTF8=True,
            )

    server = await asyncio.get_running_loop().create_server(made, "127.0.0.1", post.port)
    post.port = server.sockets[0].getsockname()[1]
    try:
        yield post
    finally:
        server.close()
        await server.wait_closed()


@pytest.fixture
async def boxes(engine: AsyncEngine) -> Voicemails:
    async with engine.begin() as connection:
        for table in ("voicemails", "mailboxes", "letters"):
            await connection.execute(text(f"delete from {table}"))
    return Voicemails(engine, Path("/nonexistent"))


async def want(boxes: Voicemails, *, attach: bool = False, language: str = "en") -> None:
    box = Mailbox("queue", "support", "desk@example.com", True, attach, language)
    await boxes.put_mailbox(box, by=BY)


def letters(
    engine: AsyncEngine, port: int, folder: Path, *, user: str = "", secret: str = ""
) -> Letters:
    server = MailServer("127.0.0.1", port, "calls@example.com", "none", user, lambda: secret)
    return Letters(engine, server, folder, "https://console.example", first_wait=0.0)


async def row(engine: AsyncEngine) -> tables.Letter:
    async with engine.connect() as connection:
        found = (await connection.execute(select(tables.Letter.__table__))).one()
    return found  # type: ignore[return-value]


async def test_a_new_message_is_told_once_with_a_link(
    boxes: Voicemails, engine: AsyncEngine, tmp_path: Path
) -> None:
    await want(boxes)
    await leave_message(engine, tmp_path, "1700.5", name="王伟")
    await leave_message(engine, tmp_path, "1701.5", box="sales")
    async with running(Post()) as post:
        office = letters(engine, post.port, tmp_path)
        assert await office.write() == 1
        assert await office.write() == 0
        assert await office.send() == 1
        assert await office.send() == 0
    (letter,) = post.letters
    assert post.recipients == ["desk@example.com"]
    assert letter["Subject"] == "New voicemail from 王伟 (support, 12 s)"
    assert letter["From"] == "calls@example.com"
    assert "https://console.example/voicemail?open=1700.5" in letter.get_content()
    assert letter.get_content_type() == "text/plain"
    assert letter["Message-ID"].endswith("@example.com>")
    assert (await row(engine)).state == "sent"


async def test_the_sound_goes_with_it_where_the_mailbox_says_so_and_in_chinese(
    boxes: Voicemails, engine: AsyncEngine, tmp_path: Path
) -> None:
    await want(boxes, attach=True, language="zh")
    await leave_message(engine, tmp_path, "1700.5")
    async with running(Post()) as post:
        office = letters(engine, post.port, tmp_path)
        await office.write()
        assert await office.send() == 1
    (letter,) = post.letters
    assert letter["Subject"].startswith("新留言：+8613800138000")
    (sound,) = letter.iter_attachments()
    assert sound.get_content() == (tmp_path / "1700.5.wav").read_bytes()


async def test_a_server_that_is_away_and_then_busy_loses_nothing(
    boxes: Voicemails, engine: AsyncEngine, tmp_path: Path
) -> None:
    await want(boxes)
    await leave_message(engine, tmp_path, "1700.5")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    office = letters(engine, port, tmp_path)
    await office.write()
    assert await office.send() == 0
    waiting = await row(engine)
    assert (waiting.state, waiting.ended) == ("waiting", None)
    assert waiting.trouble
    (box,) = await boxes.mailboxes()
    assert (box.waiting, box.trouble) == (1, waiting.trouble)
    async with running(Post(["451 come later"], port=port)) as post:
        again = letters(engine, port, tmp_path)  # as after a restart
        for _ in range(3):
            await again.send()
    assert len(post.letters) == 1
    assert (await row(engine)).trouble == ""


async def test_the_wait_grows_with_each_try(
    boxes: Voicemails, engine: AsyncEngine, tmp_path: Path
) -> None:
    await want(boxes)
    await leave_message(engine, tmp_path, "1700.5")
    server = MailServer("127.0.0.1", 1, "calls@example.com", "none")
    office = Letters(engine, server, tmp_path, "https://console.example", first_wait=100.0)
    await office.write()
    waits = []
    for _ in range(4):
        await office.send()
        async with engine.begin() as connection:
            query = "select extract(epoch from due - now()) from letters"
            waits.append(float((await connection.execute(text(query))).scalar_one()))
            await connection.execute(text("update letters set due = now()"))
    assert [round(wait / 100) for wait in waits] == [1, 2, 4, 8]


async def test_an_address_that_is_refused_is_given_up_at_once(
    boxes: Voicemails, engine: AsyncEngine, tmp_path: Path
) -> None:
    await want(boxes)
    await leave_message(engine, tmp_path, "1700.5")
    async with running(Post(["550 no such user"])) as post:
        office = letters(engine, post.port, tmp_path)
        await office.write()
        await office.send()
        await office.send()
    given_up = await row(engine)
    assert (given_up.state, given_up.tries) == ("given-up", 1)
    assert "550" in given_up.trouble
    assert post.letters == []


@pytest.mark.filterwarnings("ignore:Session.login_data:DeprecationWarning")
async def test_a_login_is_used_and_a_wrong_password_does_not_lose_the_letter(
    boxes: Voicemails, engine: AsyncEngine, tmp_path: Path
) -> None:
    await want(boxes)
    await leave_message(engine, tmp_path, "1700.5")
    async with running(Post(), login=True) as post:
        wrong = letters(engine, post.port, tmp_path, user="centre", secret="wrong")
        await wrong.write()
        assert await wrong.send() == 0
        assert (await row(engine)).state == "waiting"
        assert "wrong" not in (await row(engine)).trouble
        right = letters(engine, post.port, tmp_path, user="centre", secret="s3cret")
        assert await right.send() == 1
    assert len(post.letters) == 1


FORGED = "Eve\r\nBcc: all@example.com\r\n\r\nFree money\u2028\u0085x"


async def test_a_callers_name_forges_no_header(
    boxes: Voicemails, engine: AsyncEngine, tmp_path: Path
) -> None:
    await want(boxes)
    await leave_message(engine, tmp_path, "1700.5", name=FORGED, number="+1\r\nTo: x@y.z")
    async with running(Post()) as post:
        office = letters(engine, post.port, tmp_path)
        await office.write()
        assert await office.send() == 1
    (letter,) = post.letters
    assert post.recipients == ["desk@example.com"]
    assert letter["Bcc"] is None
    assert letter.get_all("To") == ["desk@example.com"]
    assert "Eve Bcc: all@example.com Free money" in letter["Subject"]


def test_one_line_has_no_line_break_of_any_kind() -> None:
    assert one_line(FORGED).isprintable()


async def test_a_test_letter_says_that_letters_arrive(
    boxes: Voicemails, engine: AsyncEngine, tmp_path: Path
) -> None:
    async with running(Post()) as post:
        office = letters(engine, post.port, tmp_path)
        await office.test("me@example.com", "zh", by=BY)
        assert await office.send() == 1
    assert post.letters[0]["Subject"] == "测试邮件：留言通知"
