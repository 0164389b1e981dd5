"""E-mails that tell of a ticket: to the addresses of its kind, and to the customer.

A letter is put in the transaction of what it tells of (`store.letters`). Customers are written to
where the kind of ticket says so, and never who has refused e-mails. What a remark says that is no
answer to the customer stays inside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.crm.tickets.types import TicketType, Told
from callcenter.store import tables
from callcenter.store.letters import put_letter
from callcenter.store.times import to_datetime


@dataclass(frozen=True, slots=True)
class Post:
    """`console`: its address as https://name, for links in letters to our own people."""

    console: str


@dataclass(frozen=True, slots=True)
class _Reader:
    """The customer whom a letter goes to."""

    email: str
    zh: bool


async def tell_staff(
    session: AsyncSession,
    post: Post | None,
    row: tables.Ticket,
    kind: TicketType | None,
    what: Told,
    now: float,
) -> None:
    """That the ticket is new, late or solved (`now`: UNIX seconds). `post` None: nobody is told."""
    if post is None or kind is None or what not in kind.mail_on or not kind.mail:
        return
    zh = kind.mail_language == "zh"
    customer = await session.get(tables.Customer, row.customer_id) if row.customer_id else None
    subject, body = _inside(row, kind, what, customer.name if customer else "", post.console, zh)
    for place, recipient in enumerate(kind.mail):
        key = f"ticket {row.id} {what} {now:.3f} {place}"
        await put_letter(session, key, recipient, subject, body)


async def tell_customer(
    session: AsyncSession,
    post: Post | None,
    row: tables.Ticket,
    kind: TicketType,
    what: Literal["created", "solved", "answer"],
    now: float,
    answer: str = "",
) -> None:
    """That the ticket was taken in (*created*), is *solved*, or has this *answer*."""
    if post is None or not kind.mail_customer:
        return
    reader = await _reader(session, row.customer_id)
    if reader is None:
        return
    subject, body = _outside(row, what, answer, reader.zh)
    key = f"ticket {row.id} customer {what} {now:.3f}"
    await put_letter(session, key, reader.email, subject, body)


async def _reader(session: AsyncSession, customer: UUID | None) -> _Reader | None:
    """None: there is no customer, no address of his, or he wants no e-mails."""
    found = await session.get(tables.Customer, customer) if customer else None
    if found is None or _refused(found.consent):
        return None
    address = tables.CustomerEmail
    query = select(address.address).filter_by(customer_id=found.id).order_by(address.position)
    email = await session.scalar(query.limit(1))
    return _Reader(email, found.language.startswith("zh")) if email else None


def _refused(consent: Mapping[str, object]) -> bool:
    said = consent.get("email")
    return isinstance(said, Mapping) and said.get("state") == "refused"


def _inside(
    row: tables.Ticket, kind: TicketType, what: Told, customer: str, console: str, zh: bool
) -> tuple[str, str]:
    stage = kind.stage(row.stage)
    place = (stage.name_zh if zh and stage.name_zh else stage.name) if stage else row.stage
    due = f"{row.due:%Y-%m-%d %H:%M} UTC" if row.due else ""
    if zh:
        happened = {"created": "新工单", "late": "工单超时", "solved": "工单已解决"}[what]
        facts = {
            "类型": kind.name_zh or kind.name,
            "阶段": place,
            "客户": customer,
            "负责人": row.owner_agent or "",
            "期限": due,
        }
        told = [f"{name}：{value}" for name, value in facts.items() if value]
    else:
        happened = {"created": "New ticket", "late": "Late ticket", "solved": "Ticket solved"}[what]
        facts = {
            "Kind": kind.name,
            "Stage": place,
            "Customer": customer,
            "Owner": row.owner_agent or "",
            "Due": due,
        }
        told = [f"{name}: {value}" for name, value in facts.items() if value]
    link = f"{console}/tickets?id={row.id}"
    body = "\n".join([row.subject, "", *told, "", link]) + "\n"
    return f"{happened} #{row.number}{'：' if zh else ': '}{row.subject}", body


def _outside(row: tables.Ticket, what: str, answer: str, zh: bool) -> tuple[str, str]:
    day = to_datetime(row.created.timestamp()).date().isoformat()
    if zh:
        subject = f"您的工单 #{row.number}：{row.subject}"
        said = {
            "created": f"我们已于 {day} 收到您的请求，编号 {row.number}。我们会尽快答复您。",
            "solved": f"您的工单 {row.number} 已处理完毕。若仍有问题，请与我们联系。",
            "answer": answer,
        }[what]
    else:
        subject = f"Your request #{row.number}: {row.subject}"
        said = {
            "created": f"We have received your request of {day} under the number {row.number}."
            " You will hear from us.",
            "solved": f"Your request {row.number} has been dealt with. If anything is still open,"
            " please contact us.",
            "answer": answer,
        }[what]
    return subject, f"{said}\n"
