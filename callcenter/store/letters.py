"""E-mails are put here, in the transaction of what they tell of, so that none is lost and none told
of what never happened. `media.voicemail.letters` sends them."""

from __future__ import annotations

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncSession

from callcenter.store import tables

SUBJECT_MAX = 300


async def put_letter(
    within: AsyncSession | AsyncConnection,
    key: str,
    recipient: str,
    subject: str,
    body: str,
    *,
    attachment: str = "",
    content: bytes | None = None,
    content_name: str = "",
) -> None:
    """One e-mail; of the same `key` (160 letters at most) there is never a second. `attachment`
    names a recording; `content` is a file of its own."""
    values = {
        "key": key,
        "recipient": recipient,
        "subject": one_line(subject)[:SUBJECT_MAX],
        "body": body,
        "attachment": attachment,
        "content": content,
        "content_name": content_name,
    }
    await within.execute(insert(tables.Letter).values(values).on_conflict_do_nothing())


def one_line(text: str) -> str:
    """Without anything that could begin another header."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
