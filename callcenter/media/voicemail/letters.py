"""E-mail notices of new messages: written into the database, sent from there, tried again.

A letter is made once for each message (its key), and waits in a table until a mail server has taken
it: a restart, a dead server or two services at once lose nothing and send nothing twice, save where
a server took a letter and died before it said so. The words of strangers (numbers, names) never
reach a header with a line break in it. This file must not know HTTP.

SMTP: RFC 5321, submission RFC 6409; a 5yz answer is final (4.2.1), a 4yz one is not.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Literal

import aiosmtplib
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.store import tables
from callcenter.store.accounts import printable
from callcenter.store.engine import make_sessions
from callcenter.store.letters import one_line, put_letter

log = logging.getLogger(__name__)

EACH_SECONDS = 5.0
SEND_SECONDS_MAX = 30.0
AT_ONCE_MAX = 20
FIRST_WAIT_SECONDS = 30.0
WAIT_SECONDS_MAX = 3600.0
GIVE_UP_AFTER = timedelta(days=3)
TOLD_WITHIN = timedelta(days=1)
ATTACHMENT_BYTES_MAX = 15 * 1024 * 1024
SHORTEST_SECONDS = 1.0
FILE_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where letters go. `password`: gives the secret when it is needed, so that a new one in its
    file counts at once; "" without one."""

    host: str
    port: int
    sender: str
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    password: Callable[[], str] = str


class Letters:
    """`server` None: notices are written when there is one. `console`: its address, as
    https://name; `folder`: of callers' recordings; `first_wait`: seconds until the second try."""

    def __init__(
        self,
        engine: AsyncEngine,
        server: MailServer | None,
        folder: Path,
        console: str,
        first_wait: float = FIRST_WAIT_SECONDS,
    ) -> None:
        self._sessions = make_sessions(engine)
        self._server, self._folder, self._console = server, folder, console.rstrip("/")
        self._first_wait = first_wait

    @property
    def ready(self) -> bool:
        """Whether there is a mail server at all."""
        return self._server is not None

    async def run(self, each: float = EACH_SECONDS) -> None:
        """Until cancelled: write what is to be told, send what is due."""
        while True:
            try:
                if self._server is not None:
                    await self.write()
                    await self.send()
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                log.debug("no letters at the moment: %s", type(error).__name__)
            await asyncio.sleep(each)

    async def write(self) -> int:
        """A letter for each new message of a mailbox that wants one. Returns how many."""
        message, box = tables.Voicemail, tables.Mailbox
        query = (
            select(message, box)
            .join(box, (box.box_kind == message.box_kind) & (box.box == message.box))
            .where(
                box.notify,
                box.email != "",
                message.deleted.is_(None),
                message.seconds >= SHORTEST_SECONDS,
                message.created > datetime.now(UTC) - TOLD_WITHIN,
                ~select(tables.Letter.id).where(tables.Letter.key == _key(message.id)).exists(),
            )
            .limit(200)
        )
        async with self._sessions.begin() as session:
            rows = (await session.execute(query)).all()
            for found, where in rows:
                subject, body = words(found, where.language, self._console)
                attached = found.file if where.attach else ""
                key = f"voicemail {found.id}"
                await put_letter(session, key, where.email, subject, body, attachment=attached)
        return len(rows)

    async def test(self, recipient: str, language: str, *, by: str) -> None:
        """A letter that says that letters arrive, due now."""
        zh = language.startswith("zh")
        subject = "测试邮件：留言通知" if zh else "Test: notices of voicemail"
        body = (
            "如果您收到这封邮件，说明留言通知可以送达。"
            if zh
            else "If you read this, notices of voicemail reach you."
        )
        async with self._sessions.begin() as session:
            key = f"test {by} {datetime.now(UTC).isoformat()}"
            await put_letter(session, key, recipient, subject, body)

    async def send(self) -> int:
        """Letters that are due, each in a transaction of its own. Returns how many went out."""
        sent = 0
        for _ in range(AT_ONCE_MAX):
            async with self._sessions.begin() as session:
                letter = tables.Letter
                query = select(letter).where(letter.state == "waiting", letter.due <= func.now())
                query = query.order_by(letter.due).limit(1).with_for_update(skip_locked=True)
                row = await session.scalar(query)
                if row is None:
                    break
                sent += await self._try(row)
        return sent

    async def _try(self, row: tables.Letter) -> bool:
        assert self._server is not None
        now = datetime.now(UTC)
        row.tries += 1
        try:
            await _hand_over(self._server, self._compose(row))
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            row.trouble = printable(_reason(error), 300)
            if _final(error) or now - row.created > GIVE_UP_AFTER:
                row.state, row.ended = "given-up", now
                log.error("a letter to %s is given up: %s", row.recipient, row.trouble)
            else:
                wait = min(WAIT_SECONDS_MAX, self._first_wait * 2 ** min(row.tries - 1, 12))
                row.due = now + timedelta(seconds=wait)
                log.warning("a letter has to wait %g s: %s", wait, row.trouble)
            return False
        row.state, row.ended, row.trouble = "sent", now, ""
        return True

    def _compose(self, row: tables.Letter) -> EmailMessage:
        """Raises ValueError for a header that cannot be one."""
        assert self._server is not None
        made = EmailMessage(policy=SMTP)
        made["From"] = self._server.sender
        made["To"] = row.recipient
        made["Subject"] = one_line(row.subject)
        made["Date"] = row.created
        host = self._server.sender.rpartition("@")[2].strip("> ") or "localhost"
        made["Message-ID"] = f"<letter-{row.id}-{int(row.created.timestamp())}@{host}>"
        made["Auto-Submitted"] = "auto-generated"
        made.set_content(row.body)
        if row.content is not None:
            main, _, sub = FILE_TYPES[row.content_name.rpartition(".")[2]].partition("/")
            made.add_attachment(
                row.content, maintype=main, subtype=sub, filename=one_line(row.content_name)
            )
        path = self._folder / row.attachment
        if row.attachment and "/" not in row.attachment and path.is_file():
            sound = path.read_bytes()
            if len(sound) <= ATTACHMENT_BYTES_MAX:
                made.add_attachment(sound, maintype="audio", subtype="wav", filename=row.attachment)
        return made


async def _hand_over(server: MailServer, letter: EmailMessage) -> None:
    await aiosmtplib.send(
        letter,
        hostname=server.host,
        port=server.port,
        use_tls=server.security == "tls",
        start_tls=server.security == "starttls",
        username=server.user or None,
        password=server.password() or None,
        timeout=SEND_SECONDS_MAX,
    )


def _key(id: object) -> object:
    return func.concat("voicemail ", id)


def words(message: tables.Voicemail, language: str, console: str) -> tuple[str, str]:
    """Subject and body of a notice."""
    who = one_line(message.name) or one_line(message.number)
    number = one_line(message.number)
    seconds = round(message.seconds or 0)
    at = message.created.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
    link = f"{console}/voicemail?open={message.id}"
    box = one_line(message.box)
    if language.startswith("zh"):
        subject = f"新留言：{who or '未知号码'}（{box}，{seconds} 秒）"
        lines = [
            f"{at}，{who} {number if number != who else ''} 给“{box}”留言 {seconds} 秒。".replace(
                "  ", " "
            ),
            "",
            f"收听：{link}",
        ]
    else:
        subject = f"New voicemail from {who or 'an unknown number'} ({box}, {seconds} s)"
        lines = [
            f"At {at} {who}{f' ({number})' if number and number != who else ''} left a message of"
            f" {seconds} seconds for {box}.",
            "",
            f"Listen: {link}",
        ]
    return subject, "\n".join(lines) + "\n"


def _final(error: Exception) -> bool:
    """What will not change by trying again: a refused address, a letter that cannot be written."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return all(500 <= one.code < 600 for one in error.recipients)
    if isinstance(error, aiosmtplib.SMTPAuthenticationError):
        return False  # a password is mended, and then the letters shall go
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return 500 <= error.code < 600
    return isinstance(error, ValueError)


def _reason(error: Exception) -> str:
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused):
        return "; ".join(f"{one.code} {one.message}" for one in error.recipients[:3])
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return f"{error.code} {error.message}"
    return f"{type(error).__name__}: {error}"
