"""Events reach their subscriber over a real connection: signed, once more when it failed."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.core.effects import RecordEvent
from callcenter.outside.addresses import Allowed, read_networks
from callcenter.outside.requests import Requests
from callcenter.store.ledger_rows import WRITE, Record, grouped, to_line
from callcenter.store.quick import Quick
from callcenter.store.sealing import Seal, SealBroken
from callcenter.webhooks.schemas import KINDS, Webhook
from callcenter.webhooks.service import Webhooks
from callcenter.webhooks.worker import GIVE_UP_AFTER, WebhookWorker
from tests.store import records
from tests.webhooks.receiver import Receiver, receiver

pytestmark = [pytest.mark.db, pytest.mark.anyio]

BY = {"by": "00000000-0000-0000-0000-000000000000"}
HOUR = 3600.0


@dataclass
class Scene:
    engine: AsyncEngine
    webhooks: Webhooks
    worker: WebhookWorker
    far_end: Receiver
    alarms: list[tuple[str, str]] = field(default_factory=list)
    # Ahead of the database's clock, which says when something is sent again by hand.
    now: float = field(default_factory=lambda: time.time() + 5)
    sequence: int = 0

    async def subscribe(self, *events: str) -> Webhook:
        made, secret = await self.webhooks.make(
            "Our CRM", self.far_end.url, events, by_name="Ada", **BY
        )
        self.far_end.secrets.append(secret)
        return made

    async def happens(self, kind: str, call: str = "c1", **data: object) -> None:
        """As the ledger writes it."""
        self.sequence += 1
        await self.write(RecordEvent(call, self.sequence, self.now, kind, data))

    async def write(self, record: Record) -> None:
        quick = Quick(self.engine.url.render_as_string(hide_password=False))
        await quick.fetch(WRITE, *grouped([to_line(record)]))
        await quick.close()

    async def work(self) -> None:
        await self.worker.hand_out()
        await self.worker.send()

    async def log(self, webhook: Webhook) -> list[tuple[str, int, int | None]]:
        """(state, tries, status), oldest first."""
        found = await self.webhooks.deliveries(webhook.id, state=None, before=None, limit=200)
        return [(one.state, one.tries, one.status) for one in reversed(found)]


@pytest.fixture
async def scene(engine: AsyncEngine) -> AsyncIterator[Scene]:
    async with engine.begin() as connection:
        for table in ("webhook_events", "webhooks", "interaction_events", "interactions"):
            await connection.execute(text(f"delete from {table}"))
    seal = Seal("a key")
    allowed = Allowed(networks=read_networks(["127.0.0.0/8"]), any_host=True)
    async with receiver() as far_end:
        webhooks = Webhooks(engine, seal, allowed)
        alarms: list[tuple[str, str]] = []
        worker = WebhookWorker(
            engine,
            seal,
            Requests(allowed),
            lambda code, words: alarms.append((code, words)),
            lambda: made.now,
        )
        made = Scene(engine, webhooks, worker, far_end, alarms)
        yield made
        assert far_end.wrong == []


def test_a_seal_opens_with_its_key_and_for_its_purpose_alone() -> None:
    sealed = Seal("key").close("whsec_x", "one")
    assert Seal("key").open(sealed, "one") == "whsec_x"
    assert b"whsec_x" not in sealed
    for seal, about in ((Seal("other"), "one"), (Seal("key"), "two")):
        with pytest.raises(SealBroken):
            seal.open(sealed, about)


async def test_an_event_reaches_who_asked_for_it_with_what_is_known_of_the_call(
    scene: Scene,
) -> None:
    webhook = await scene.subscribe("call.answered")
    await scene.happens("arrived", number="+8613800138000", did="4000")
    await scene.happens("queued", queue="support")
    await scene.happens("answered", agent="ada", waited=3.5)
    await scene.work()
    [(headers, body)] = scene.far_end.got
    assert body["type"] == "call.answered"
    assert body["data"] == {
        "call": "c1",
        "number": "+8613800138000",
        "did": "4000",
        "queue": "support",
        "agent": "ada",
        "waited": 3.5,
    }
    assert headers["webhook-id"] == body["id"]
    assert abs(int(headers["webhook-timestamp"]) - scene.now) < 2
    assert await scene.log(webhook) == [("delivered", 1, 204)]


async def test_where_nobody_listens_nothing_is_written(scene: Scene) -> None:
    webhook = await scene.subscribe("call.ended")
    await scene.happens("answered", agent="ada")
    await scene.webhooks.change(
        webhook.id, "Our CRM", webhook.url, ["call.ended"], False, version=1, **BY
    )
    await scene.happens("ended", by="caller")
    async with scene.engine.connect() as connection:
        assert (await connection.scalar(text("select count(*) from webhook_events"))) == 0


STATEMENTS = (
    "insert into customers (name) values ('Li Hua')",
    "update customers set name = 'Li Hua 2', version = version + 1",
    "update customers set name = 'Li Hua 3'",
    """insert into tickets (type, subject, stage, stage_kind, stage_since, created)
       values ('question', 'Where is it?', 'new', 'open', now(), now())""",
    """insert into ticket_events (ticket_id, at, kind, user_name)
       select id, now(), kind, 'Ada' from tickets, unnest(array['created', 'stage']) as kind""",
    "insert into tasks (title, kind, due, created) values ('Call', 'call', now(), now())",
    "update tasks set state = 'done'",
    "insert into alert_events (rule_id, name, metric, operator, value, scope, raised)"
    " values (gen_random_uuid(), 'Many wait', 'waiting', 'over', 3, 'house', now())",
    "update alert_events set ended = now()",
)


async def test_every_kind_of_event_comes_from_its_table(scene: Scene) -> None:
    kinds = [kind for kind in KINDS if not kind.startswith("call.")]
    await scene.subscribe(*kinds)
    async with scene.engine.begin() as connection:
        for statement in STATEMENTS:
            await connection.execute(text(statement))
    for record in (
        records.voicemail("v1"),
        records.interaction("c1", 1),
        records.interaction("c1", 2, disposition="solved"),
        records.interaction("c1", 1),  # comes again: it is known
        records.callback("cb1", 1),
        records.callback("cb1", 2, outcome="served"),
        records.callback("cb1", 3, outcome="served"),
    ):
        await scene.write(record)
    await scene.work()
    for _ in range(5):
        await scene.worker.send()
    bodies = [body for _, body in scene.far_end.got]
    seen = sorted(body["type"] for body in bodies)
    assert seen == sorted([*kinds, "interaction.written"])
    of = {body["type"]: body["data"] for body in bodies}
    assert of["ticket.created"]["subject"] == "Where is it?"
    assert of["ticket.changed"]["change"] == "stage"
    assert of["callback.done"] | {"callback": "cb1", "outcome": "served"} == of["callback.done"]
    assert of["interaction.written"]["call"] == "c1"


async def test_what_was_not_taken_comes_again_ever_more_seldom_with_the_same_id(
    scene: Scene,
) -> None:
    webhook = await scene.subscribe("call.ended")
    scene.far_end.answers = [500, 404, 503]
    await scene.happens("ended", by="caller")
    await scene.work()
    for wait in (14.0, 2.0, 31.0, 61.0):
        scene.now += wait
        await scene.work()
    assert await scene.log(webhook) == [("delivered", 4, 204)]
    assert len({headers["webhook-id"] for headers, _ in scene.far_end.got}) == 1
    assert len(scene.far_end.got) == 4


async def test_a_crash_between_sending_and_writing_down_sends_again(scene: Scene) -> None:
    webhook = await scene.subscribe("call.ended")
    await scene.happens("ended", by="caller")
    await scene.worker.hand_out()
    async with scene.engine.begin() as connection:  # leased by a worker that died
        await connection.execute(
            text("update webhook_deliveries set tries = 1, next_at = to_timestamp(:until)"),
            {"until": scene.now + 60},
        )
    await scene.work()
    assert scene.far_end.got == []
    scene.now += 61
    await scene.work()
    assert await scene.log(webhook) == [("delivered", 2, 204)]


async def test_a_subscriber_that_only_fails_is_asked_by_one_and_then_paused_with_an_alarm(
    scene: Scene,
) -> None:
    webhook = await scene.subscribe("call.ended")
    scene.far_end.answers = [500] * 1000
    for call in range(12):
        await scene.happens("ended", f"c{call}", by="caller")
    for _ in range(3):
        await scene.work()
    assert len(scene.far_end.got) == 4, "the first look sends four, then it is held"
    while scene.now < time.time() + GIVE_UP_AFTER.total_seconds() + 2 * HOUR and not scene.alarms:
        scene.now += HOUR / 2
        await scene.work()
    assert [code for code, _ in scene.alarms] == ["webhook-paused"]
    before = len(scene.far_end.got)
    assert before < 70, "one try in half an hour, not one for each delivery"
    [paused] = await scene.webhooks.all()
    assert paused.paused is not None
    await scene.happens("ended", "later", by="caller")
    await scene.work()
    assert len(scene.far_end.got) == before
    scene.far_end.answers.clear()
    await scene.webhooks.resume(webhook.id, **BY)
    await scene.webhooks.replay_failed(webhook.id, **BY)
    for _ in range(6):
        await scene.work()
    assert {state for state, _, _ in await scene.log(webhook)} == {"delivered"}
    assert len(await scene.log(webhook)) == 13


async def test_gone_is_gone(scene: Scene) -> None:
    await scene.subscribe("call.ended")
    scene.far_end.answers = [410]
    await scene.happens("ended", by="caller")
    await scene.work()
    [webhook] = await scene.webhooks.all()
    assert "410" in webhook.paused_reason


async def test_a_replay_has_the_same_id_and_body(scene: Scene) -> None:
    webhook = await scene.subscribe("call.ended")
    await scene.happens("ended", by="caller")
    await scene.work()
    [sent] = await scene.webhooks.deliveries(webhook.id, state=None, before=None, limit=9)
    await scene.webhooks.replay(sent.id, **BY)
    await scene.work()
    (first, one), (second, two) = scene.far_end.got
    assert one == two
    assert first["webhook-id"] == second["webhook-id"]


async def test_while_a_secret_is_replaced_both_sign(scene: Scene) -> None:
    webhook = await scene.subscribe("call.ended")
    secret = await scene.webhooks.renew_secret(webhook.id, now=scene.now, **BY)
    await scene.happens("ended", by="caller")
    await scene.work()
    scene.far_end.secrets[:] = [secret]
    scene.now += 25 * HOUR
    await scene.happens("ended", "c2", by="caller")
    await scene.work()
    signatures = [headers["webhook-signature"].count("v1,") for headers, _ in scene.far_end.got]
    assert signatures == [2, 1]


async def test_our_own_network_is_not_called_unless_it_was_allowed(scene: Scene) -> None:
    webhook = await scene.subscribe("call.ended")
    strict = WebhookWorker(
        scene.engine,
        Seal("a key"),
        Requests(Allowed(any_host=True)),
        lambda code, words: None,
        lambda: scene.now,
    )
    await scene.happens("ended", by="caller")
    await strict.hand_out()
    await strict.send()
    assert scene.far_end.got == []
    [sent] = await scene.webhooks.deliveries(webhook.id, state="failed", before=None, limit=9)
    assert "not public" in sent.error


async def test_with_another_key_the_webhook_is_paused_and_says_what_to_do(scene: Scene) -> None:
    await scene.subscribe("call.ended")
    await scene.happens("ended", by="caller")
    other = WebhookWorker(
        scene.engine,
        Seal("another key"),
        Requests(Allowed()),
        lambda code, words: scene.alarms.append((code, words)),
        lambda: scene.now,
    )
    await other.hand_out()
    await other.send()
    [webhook] = await scene.webhooks.all()
    assert "make a new one" in webhook.paused_reason
    assert scene.alarms
