"""Tickets: along their table, with clocks, history, links; and the tasks that follow."""

from __future__ import annotations

from typing import Literal

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.crm.customers.schemas import Customer, CustomerDraft
from callcenter.crm.services import Crm, make_crm
from callcenter.crm.tasks.schemas import Task, TaskChanged, TaskDraft, TaskWrong
from callcenter.crm.tickets.moving import Hand
from callcenter.crm.tickets.schemas import (
    NotPossible,
    Ticket,
    TicketChanged,
    TicketDraft,
    Wanted,
)
from callcenter.crm.tickets.types import COMPLAINT

pytestmark = [pytest.mark.db, pytest.mark.anyio]

BY = "8a4f0d8e-52b5-4c94-9d2e-d9d5c7a2b111"
START = 1_790_000_000.0
HOUR = 3600.0


def hand(hours: float = 0.0, name: str = "Ada") -> Hand:
    return Hand(BY, name, START + hours * HOUR)


@pytest.fixture
async def crm(engine: AsyncEngine) -> Crm:
    async with engine.begin() as connection:
        await connection.execute(text("truncate customers, tickets, tasks, definitions cascade"))
    return make_crm(engine, "CN")


async def customer(crm: Crm, name: str = "王小明", number: str = "13800138000") -> Customer:
    made = await crm.customers.create(CustomerDraft(name, ((number, ""),)), by=BY)
    assert isinstance(made, Customer)
    return made


async def moved(crm: Crm, ticket: Ticket, stage: str, hours: float, reason: str = "") -> Ticket:
    done = await crm.tickets.move(
        ticket.id, stage, reason, version=ticket.version, hand=hand(hours)
    )
    assert done is not None
    return done


async def history(crm: Crm, ticket: Ticket) -> list[tuple[str, dict[str, object]]]:
    found = await crm.tickets.ticket(ticket.id)
    assert found is not None
    return [(event.kind, dict(event.data)) for event in found[1]]


async def test_a_complaint_goes_from_accepting_to_closing(crm: Crm) -> None:
    wang = await customer(crm)
    draft = TicketDraft(
        "complaint", "  送货太慢 ", "等了三周", customer=wang.id, priority=2, call="17.1"
    )
    ticket = await crm.tickets.create(draft, hand())
    assert (ticket.subject, ticket.stage, ticket.customer_name) == ("送货太慢", "accept", "王小明")
    assert ticket.number >= 1001
    assert ticket.first_due is not None
    assert ticket.first_due.timestamp() == START + 4 * HOUR
    assert ticket.due is not None
    assert ticket.due.timestamp() == START + 2 * HOUR  # to be accepted within two hours
    ticket = await moved(crm, ticket, "classify", 1)
    with pytest.raises(NotPossible, match="Cause"):
        await moved(crm, ticket, "investigate", 1)
    changed = await crm.tickets.change(
        ticket.id, {"fields": {"cause": "配送物流"}}, version=ticket.version, hand=hand(1)
    )
    assert changed is not None
    assert changed.fields == {"cause": "delivery"}
    ticket = await moved(crm, changed, "investigate", 2)
    with pytest.raises(NotPossible, match="no way leads from Investigate to Closed"):
        await moved(crm, ticket, "closed", 2, "x")
    ticket = await moved(crm, ticket, "answer", 3)
    answered = await crm.tickets.comment(ticket.id, "已联系快递", public=True, hand=hand(3))
    assert answered is not None
    assert answered.first_answered is not None
    with pytest.raises(NotPossible, match="needs a reason"):
        await moved(crm, answered, "confirm", 4)
    ticket = await moved(crm, answered, "confirm", 4, "customer agrees")
    ticket = await moved(crm, ticket, "closed", 5, "done")
    assert (ticket.stage_kind, ticket.due) == ("closed", None)
    assert ticket.solved is not None
    assert ticket.solved.timestamp() == START + 4 * HOUR
    rated = await crm.tickets.rate(ticket.id, 4, hand(6))
    assert rated is not None
    assert rated.satisfaction == 4
    kinds = [kind for kind, _ in await history(crm, ticket)]
    assert kinds == [
        *("created", "linked", "stage", "changed", "stage", "stage"),
        *("comment", "stage", "stage", "rated"),
    ]
    reopened = await moved(crm, rated, "investigate", 7)
    assert (reopened.stage_kind, reopened.closed, reopened.solved) == ("open", None, None)


async def test_of_two_changes_at_once_the_second_is_told(crm: Crm) -> None:
    ticket = await crm.tickets.create(TicketDraft("question", "Hours?"), hand())
    await crm.tickets.change(ticket.id, {"priority": 3}, version=1, hand=hand(1, "Ben"))
    with pytest.raises(TicketChanged) as meanwhile:
        await crm.tickets.change(ticket.id, {"subject": "x"}, version=1, hand=hand(1))
    assert meanwhile.value.ticket.priority == 3
    assert (await history(crm, ticket))[-1] == ("changed", {"priority": [1, 3]})
    commented = await crm.tickets.comment(ticket.id, "seen", public=False, hand=hand(2))
    assert commented is not None
    assert commented.first_answered is None
    assert commented.first_due is not None
    assert commented.first_due.timestamp() == START + HOUR  # urgent now


async def test_time_that_runs_out_is_noted_once_and_raises_the_priority(crm: Crm) -> None:
    kind = COMPLAINT.model_copy(update={"escalate_to": "boss"})
    body = kind.model_dump(mode="json")
    await crm.definitions.put("ticket_type", "complaint", body, position=0, version=0, by=BY)
    draft = TicketDraft("complaint", "x", owner_agent="ada")
    ticket = await crm.tickets.create(draft, hand())
    assert await crm.tickets.escalate_late(START + HOUR) == 0
    assert await crm.tickets.escalate_late(START + 3 * HOUR) == 1
    assert await crm.tickets.escalate_late(START + 3 * HOUR) == 0
    late, _ = await crm.tickets.tickets(Wanted(state="late"), now=START + 3 * HOUR)
    assert [(one.priority, one.owner_agent, one.escalated) for one in late] == [
        (2, "boss", ("stage",))
    ]
    assert (await history(crm, ticket))[-1] == (
        "escalated",
        {"clock": "stage", "priority": 2, "owner": "boss"},
    )
    assert await crm.tickets.escalate_late(START + 500 * HOUR) == 1


async def test_a_list_is_found_filtered_and_paged(crm: Crm) -> None:
    wang = await customer(crm)
    for at in range(7):
        draft = TicketDraft(
            "question", f"Invoice {at}", customer=wang.id if at % 2 else None, priority=at % 3
        )
        await crm.tickets.create(draft, hand(at))
    for wanted, count in (
        (Wanted(text="invoice"), 7),
        (Wanted(text="小明"), 3),
        (Wanted(text="invoice 3"), 1),
        (Wanted(customer=wang.id), 3),
        (Wanted(priority=2), 2),
        (Wanted(type="complaint"), 0),
        (Wanted(state="open", unowned=True), 7),
        (Wanted(state="closed"), 0),
    ):
        found, _ = await crm.tickets.tickets(wanted, now=START)
        assert len(found) == count, wanted
    orders: tuple[Literal["updated", "due"], ...] = ("updated", "due")
    for order in orders:
        seen: list[Ticket] = []
        cursor: str | None = None
        for _ in range(5):
            some, cursor = await crm.tickets.tickets(
                Wanted(order=order),
                now=START,
                limit=2,
                cursor=cursor,
            )
            seen += some
            if cursor is None:
                break
        assert len({one.id for one in seen}) == len(seen) == 7
    dues = [one.due for one in seen]
    assert dues == sorted(dues, key=str)


async def test_tickets_are_linked_and_one_ends_in_another(crm: Crm) -> None:
    first = await crm.tickets.create(TicketDraft("question", "one", call="17.1"), hand())
    second = await crm.tickets.create(TicketDraft("question", "two", call="17.2"), hand())
    linked = await crm.tickets.link(first.id, "ticket", second.id, hand())
    again = await crm.tickets.link(first.id, "ticket", second.id, hand())
    assert linked is not None
    assert again is not None
    for one, other in ((first, second), (second, first)):
        found = await crm.tickets.ticket(one.id)
        assert found is not None
        assert [e.label for e in found[2] if e.kind == "ticket"] == [
            f"#{other.number} {other.subject}"
        ]
    await crm.tickets.unlink(second.id, "ticket", first.id, hand())
    found = await crm.tickets.ticket(first.id)
    assert found is not None
    assert [e.target for e in found[2]] == ["17.1"]
    now = await crm.tickets.ticket(second.id)
    assert now is not None
    into = await crm.tickets.merge(second.id, first.id, version=now[0].version, hand=hand())
    assert into is not None
    assert into.id == first.id
    found = await crm.tickets.ticket(first.id)
    assert found is not None
    assert {e.target for e in found[2]} == {"17.1", "17.2"}
    shown, _ = await crm.tickets.tickets(Wanted(), now=START)
    assert [one.id for one in shown] == [first.id]
    with pytest.raises(NotPossible, match="merged into another"):
        await crm.tickets.comment(second.id, "x", public=False, hand=hand())


async def test_a_macro_does_all_or_nothing(crm: Crm) -> None:
    ticket = await crm.tickets.create(TicketDraft("question", "x"), hand())
    actions = {"priority": 3, "comment": "hello", "public": True, "stage": "closed"}
    with pytest.raises(NotPossible, match="needs a reason"):
        await crm.tickets.apply(ticket.id, actions, version=1, hand=hand(1))
    found = await crm.tickets.ticket(ticket.id)
    assert found is not None
    assert (found[0].priority, len(found[1])) == (1, 1)
    done = await crm.tickets.apply(ticket.id, actions | {"reason": "spam"}, version=1, hand=hand(1))
    assert done is not None
    assert (done.priority, done.stage, done.reason) == (3, "closed", "spam")


@pytest.mark.parametrize(
    ("draft", "where"),
    [
        (TicketDraft("none", "x"), "type"),
        (TicketDraft("question", " "), "subject"),
        (TicketDraft("question", "x", priority=7), "priority"),
        (TicketDraft("order", "x"), "fields.items"),
        (TicketDraft("order", "x", fields={"items": "a", "amount": "much"}), "fields.amount"),
        (
            TicketDraft("question", "x", customer="00000000-0000-0000-0000-000000000000"),
            "customer",
        ),
    ],
)
async def test_what_cannot_be_a_ticket_is_named(crm: Crm, draft: TicketDraft, where: str) -> None:
    with pytest.raises(NotPossible) as refused:
        await crm.tickets.create(draft, hand())
    assert refused.value.where == where


async def test_everything_stands_in_one_timeline(crm: Crm) -> None:
    wang, other = await customer(crm), await customer(crm, "other", "13900139000")
    for at in range(5):
        await crm.tickets.create(TicketDraft("question", f"q{at}", customer=wang.id), hand(at))
        await crm.tasks.create(
            TaskDraft(f"t{at}", START + 99, customer=other.id),
            now=START + at * HOUR,
            by=BY,
            name="",
        )
        await crm.timeline.add_note(wang.id, f"n{at}", by=BY, name="Ada")
    merge = await crm.customers.merge(wang.id, other.id, versions=(1, 1), by=BY, name="")
    assert merge is not None
    seen: list[tuple[str, str]] = []
    cursor: str | None = None
    for _ in range(20):
        found, cursor = await crm.timeline.entries(wang.id, limit=4, cursor=cursor)
        seen += [(entry.kind, entry.id) for entry in found]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 15
    everything, _ = await crm.timeline.entries(wang.id, limit=100)
    assert [(entry.kind, entry.id) for entry in everything] == seen
    assert [e.at for e in everything] == sorted((e.at for e in everything), reverse=True)
    notes, _ = await crm.timeline.entries(wang.id, kinds=["note"])
    assert [entry.data["text"] for entry in notes] == ["n4", "n3", "n2", "n1", "n0"]
    assert not await crm.timeline.remove_note(notes[0].id, by="somebody else")
    assert await crm.timeline.remove_note(notes[0].id, by=BY)
    assert await crm.timeline.add_note(wang.id, " ", by=BY, name="") is None


async def test_a_closed_complaint_is_followed_up(crm: Crm) -> None:
    plan = {
        "code": "after",
        "name": "After a complaint",
        "trigger": "ticket_closed",
        "ticket_type": "question",
        "steps": [
            {"after_days": 3, "title": "Satisfied?", "repeat_days": 7, "times": 2},
            {"after_days": 30, "kind": "task", "title": "Look again"},
        ],
    }
    await crm.definitions.put("follow_up_plan", "after", plan, position=0, version=0, by=BY)
    wang = await customer(crm)
    draft = TicketDraft("question", "x", customer=wang.id, owner_agent="ada")
    ticket = await crm.tickets.create(draft, hand())
    ticket = await moved(crm, ticket, "closed", 1, "done")
    ticket = await moved(crm, ticket, "working", 2)
    await moved(crm, ticket, "closed", 3, "again")
    tasks, _ = await crm.tasks.tasks(owner="ada")
    days = [(t.due.timestamp() - START - HOUR) / 86_400 for t in tasks]
    assert [(t.kind, t.title) for t in tasks] == [
        ("call", "Satisfied?"),
        ("call", "Satisfied?"),
        ("task", "Look again"),
    ]
    assert days == [3, 10, 30]
    assert {(t.customer, t.ticket, t.plan) for t in tasks} == {(wang.id, ticket.id, "after")}


async def test_a_follow_up_call_is_put_off_tried_again_and_done(crm: Crm) -> None:
    wang = await customer(crm)
    draft = TaskDraft("Call back", START, kind="call", customer=wang.id)
    task = await crm.tasks.create(draft, now=START, by=BY, name="Ada")
    later = await crm.tasks.put_off(task.id, due=START + 60, owner="ada", version=1, now=START)
    assert isinstance(later, Task)
    with pytest.raises(TaskChanged):
        await crm.tasks.cancel(task.id, version=1, now=START)
    again = await crm.tasks.finish(
        task.id, "no_answer", "rang 30 s", again_at=START + 99, version=2, now=START
    )
    assert isinstance(again, Task)
    assert (again.state, again.attempts, again.due.timestamp()) == ("open", 1, START + 99)
    done = await crm.tasks.finish(task.id, "reached", "fine", again_at=None, version=3, now=START)
    assert isinstance(done, Task)
    assert (done.state, done.attempts, done.customer_name) == ("done", 2, "王小明")
    open_ones, _ = await crm.tasks.tasks(unowned=True)
    assert open_ones == []
    back = await crm.tasks.reopen(task.id, version=4)
    assert isinstance(back, Task)
    mine, _ = await crm.tasks.tasks(owner="ada", unowned=True, until=START + 100)
    assert [one.id for one in mine] == [task.id]
    for wrong in (TaskDraft(" ", START), TaskDraft("x", START + 1e12)):
        with pytest.raises(TaskWrong):
            await crm.tasks.create(wrong, now=START, by=BY, name="")
    nobody = TaskDraft("x", START, customer="00000000-0000-0000-0000-000000000000")
    with pytest.raises(TaskWrong, match="no such customer"):
        await crm.tasks.create(nobody, now=START, by=BY, name="")
