"""A caller asks to be called back, hangs up, and keeps exactly the place he had."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from acd.model import Queue
from callcenter.core.commands import (
    AskCallback,
    CancelCallback,
    CustomerCard,
    DialCallbackNow,
    FinishWrapUp,
    HangUpCall,
    PostponeCallback,
    RejectOffer,
    TransferCall,
)
from callcenter.core.config import CallbackPolicy, Config, DialLimits
from callcenter.core.inputs import ConfigChanged
from callcenter.runtime.journal import Journal
from ivr.flow import Flow, Node
from tests.scenarios.stories import open_house
from tests.world.asterisk import Line
from tests.world.houses import ADA, BOB, house
from tests.world.world import START, World

pytestmark = pytest.mark.pure

ZOE, YAN, XU = "+8613900000001", "+8613900000002", "+8613900000003"
AGENT_FIRST = CallbackPolicy(mode="agent-first")
PLAIN = CallbackPolicy(confirm=False, retry_seconds=120.0)
SUPPORT = Queue("support", "Support", ring_seconds=10, wrap_up_seconds=20)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    made = Journal(tmp_path)
    yield made
    made.close()


def flow() -> Flow:
    """1: wait. 2: be called back. 3: do not call me back."""
    nodes = [
        Node(
            "menu",
            "menu",
            {"prompt": "main-menu", "choices": {"1": "wait", "2": "callback", "3": "forget it"}},
            {"1": "support", "2": "offer", "3": "cancel", "timeout": "support"},
        ),
        Node("support", "queue", {"queue": "support"}),
        Node(
            "offer",
            "callback",
            {"queue": "support", "prompt": "offer", "booked_prompt": "booked", "retries": 0},
            {"booked": "bye", "declined": "support", "failed": "support", "timeout": "support"},
        ),
        Node(
            "cancel",
            "lookup",
            {
                "source": "cancel-callback",
                "with": {"number": "caller_number"},
                "into": "done",
            },
            {"found": "bye", "none": "bye", "error": "support"},
        ),
        Node("bye", "hangup", {"reason": "bye"}),
    ]
    return Flow("main", "Main", start="menu", nodes={node.id: node for node in nodes})


def config(policy: CallbackPolicy = PLAIN, *queues: Queue, per_day: int = 6) -> Config:
    made = house(*(queues or (SUPPORT,)), agents=(ADA, BOB), flow=flow())
    return replace(
        made,
        callbacks={"support": policy},
        dialling=DialLimits(True, "+862088888888", per_day),
    )


def press(world: World, line: Line, key: str) -> None:
    world.run(2.5)
    world.asterisk.press(line, key)
    world.run(0.2)


def waiting(world: World, number: str) -> Line:
    line = world.asterisk.dial_in(number)
    press(world, line, "1")
    return line


def asks(world: World, number: str) -> str:
    """He presses 2, then 1, hears that it is booked, and is gone; his callback's id."""
    line = world.asterisk.dial_in(number)
    press(world, line, "2")
    press(world, line, "1")
    world.run(0.2)
    world.asterisk.caller_hangs_up(line)
    world.run(0.2)
    return f"cb-{line.id}"


def dialled(world: World) -> Line:
    """The customer whose telephone rings now."""
    (line,) = [line for line in world.asterisk.lines.values() if line.place == "dialling"]
    return line


def works_on(world: World, agent: str) -> str:
    """The agent ends what he talks about; the number he is offered, or talks to, next."""
    row = world.agent_row(agent)
    if row.state == "talking":
        assert world.click(agent, HangUpCall(row.call or "")) is None
        world.run(0.1)
    if world.agent_row(agent).state == "wrap-up":
        assert world.click(agent, FinishWrapUp(row.call or "", "solved")) is None
    world.run(0.1)
    call = world.agent_row(agent).call
    return world.call_row(call).number if call else ""


def open_with_one_talking(policy: CallbackPolicy, **other: int) -> World:
    """Ada talks with somebody; whoever comes now has to wait."""
    world = open_house("ada", config=config(policy, **other))
    first = waiting(world, "+8613900000009")
    assert world.asterisk.answer("adaweb")
    world.run(0.1)
    assert world.call_row(first.id).stage == "talking"
    return world


# -- the place ----------------------------------------------------------------------------------
@pytest.mark.parametrize("policy", [PLAIN, AGENT_FIRST], ids=["customer first", "agent first"])
def test_he_is_served_between_who_came_before_and_who_came_after(policy: CallbackPolicy) -> None:
    world = open_with_one_talking(policy)
    before = waiting(world, ZOE)
    callback = asks(world, YAN)
    after = waiting(world, XU)
    assert world.asterisk.dialled == []
    assert world.screens.queues["support"].waiting == 3
    assert works_on(world, "ada") == ZOE
    world.asterisk.answer("adaweb")
    world.run(1.5)
    if policy.mode == "customer-first":  # he is the next: on the line before ada is free
        customer = dialled(world)
        assert world.asterisk.customer_answers(customer)
        world.run(5)
        assert works_on(world, "ada") == YAN
    else:
        assert works_on(world, "ada") == YAN
        customer = dialled(world)
        assert world.call_row(customer.id).stage == "dialling"
        assert world.asterisk.customer_answers(customer)
        world.run(0.2)
    assert world.asterisk.answer("adaweb")
    world.run(0.1)
    row = world.call_row(customer.id)
    assert (row.stage, row.agent, row.callback) == ("talking", "ada", callback)
    assert works_on(world, "ada") == XU
    assert world.store.callbacks[callback].outcome == "served"
    interaction = world.store.interactions[before.id.replace(before.id, callback[3:])]
    assert (interaction.outcome, interaction.agent) == ("answered", "ada")
    assert after.id in world.centre.state.calls


def test_one_interaction_tells_the_story_of_both_calls() -> None:
    world = open_house("ada", config=config())
    callback = asks(world, ZOE)
    contact = callback[3:]
    assert world.store.interactions[contact].outcome == "callback"
    world.run(2)
    customer = dialled(world)
    world.asterisk.customer_answers(customer)
    world.run(0.5)
    world.asterisk.answer("adaweb")
    world.run(5)
    world.asterisk.caller_hangs_up(customer)
    world.run(60)
    assert world.store.interactions.keys() == {contact}
    interaction = world.store.interactions[contact]
    assert (interaction.outcome, interaction.talk_seconds > 4) == ("answered", True)
    kinds = world.store.timeline(contact)
    known = {"callback-asked", "dialled", "reached", "queued", "offered", "answered", "closed"}
    told = ["callback-asked", "dialled", "reached", "queued", "offered", "answered", "closed"]
    assert [kind for kind in kinds if kind in known] == told
    assert world.centre.state.callbacks == {}
    assert world.centre.state.calls == {}


def test_nobody_is_dialled_while_he_is_still_on_the_line() -> None:
    world = open_house("ada", config=config())
    line = world.asterisk.dial_in(ZOE)
    press(world, line, "2")
    world.asterisk.press(line, "1")
    world.run(1.5)
    assert world.centre.state.callbacks
    assert world.asterisk.dialled == []
    world.asterisk.caller_hangs_up(line)
    world.run(2)
    assert len(world.asterisk.dialled) == 1


# -- how it can fail ----------------------------------------------------------------------------
def test_busy_then_nobody_then_reached_within_the_tries() -> None:
    world = open_house("ada", config=config())
    callback = asks(world, ZOE)
    for outcome in ("busy", "no-answer"):
        world.run(2)
        world.asterisk.not_reached(dialled(world), outcome)
        world.run(100)
        assert world.asterisk.lines == {}  # two minutes apart
        world.run(21)
    world.run(2)
    world.asterisk.customer_answers(dialled(world))
    world.run(0.5)
    assert world.agent_row("ada").state == "offered"
    world.asterisk.answer("adaweb")
    world.run(0.1)
    row = world.store.callbacks[callback]
    assert [one.outcome for one in row.attempts] == ["busy", "no-answer", "reached"]
    assert (row.tries, row.outcome) == (3, "served")


def test_enough_tries_are_enough() -> None:
    world = open_house("ada", config=config())
    callback = asks(world, ZOE)
    for _ in range(3):
        world.run(2)
        world.asterisk.not_reached(dialled(world), "busy")
        world.run(121)
    assert len(world.asterisk.dialled) == 3
    world.run(3600)
    assert len(world.asterisk.dialled) == 3
    assert world.store.callbacks[callback].outcome == "gave-up"
    assert world.screens.queues["support"].waiting == 0
    assert world.screens.queues["support"].abandoned == 1


def test_an_answering_machine_never_reaches_an_agent() -> None:
    world = open_house("ada", config=config(CallbackPolicy(retry_seconds=60.0)))
    callback = asks(world, ZOE)
    world.run(2)
    world.asterisk.customer_answers(dialled(world))
    world.run(30)  # it talks, and presses nothing
    assert world.asterisk.lines == {}
    assert world.agent_row("ada").state == "available"
    assert world.store.callbacks[callback].attempts[0].outcome == "unconfirmed"
    world.run(60)
    world.asterisk.customer_answers(dialled(world), machine=True)
    world.run(1)
    assert world.store.callbacks[callback].attempts[1].outcome == "machine"
    assert world.agent_row("ada").state == "available"


def test_the_customer_confirms_by_a_key_or_cancels_by_another() -> None:
    world = open_house("ada", config=config(CallbackPolicy()))
    callback = asks(world, ZOE)
    world.run(2)
    customer = dialled(world)
    world.asterisk.customer_answers(customer)
    press(world, customer, "1")
    assert world.agent_row("ada").state == "offered"
    world.asterisk.caller_hangs_up(customer)
    world.run(0.2)
    assert world.agent_row("ada").state == "available"
    assert world.store.callbacks[callback].attempts[0].outcome == "hung-up"
    world.run(302)
    customer = dialled(world)
    world.asterisk.customer_answers(customer)
    press(world, customer, "9")
    world.run(10)
    assert world.asterisk.lines == {}
    assert world.store.callbacks[callback].outcome == "cancelled"
    assert world.centre.state.callbacks == {}


def test_agent_first_the_agent_sees_the_customer_while_he_is_dialled_and_is_free_again() -> None:
    world = open_house("ada", config=config(AGENT_FIRST))
    world.store.cards = {ZOE: (CustomerCard("u1", "Zoe"),)}
    asks(world, ZOE)
    world.run(0.5)
    customer = dialled(world)
    row = world.call_row(customer.id)
    assert (row.stage, row.agent, row.cards[0].name) == ("dialling", "ada", "Zoe")
    assert world.agent_row("ada").state == "offered"
    world.asterisk.not_reached(customer, "busy")
    world.run(0.2)
    assert world.agent_row("ada").state == "available"
    assert world.centre.state.calls == {}


def test_agent_first_who_does_not_want_it_is_replaced_by_another() -> None:
    world = open_house("ada", "bob", config=config(AGENT_FIRST))
    asks(world, ZOE)
    world.run(0.5)
    customer = dialled(world)
    first = world.call_row(customer.id).agent or ""
    other = "bob" if first == "ada" else "ada"
    assert world.click(first, RejectOffer(customer.id)) is None
    world.run(0.1)
    assert world.call_row(customer.id).agent == other
    world.asterisk.customer_answers(customer)
    world.run(0.2)
    assert world.asterisk.answer(f"{other}web")
    world.run(0.1)
    assert world.call_row(customer.id).stage == "talking"


# -- one customer, one callback -----------------------------------------------------------------
def test_who_asks_twice_is_called_once_and_is_told_so() -> None:
    world = open_with_one_talking(PLAIN)
    callback = asks(world, ZOE)
    joined = world.centre.state.callbacks[callback].joined_at
    world.run(60)
    asks(world, ZOE)
    (request,) = world.centre.state.callbacks.values()
    assert (request.id, request.joined_at) == (callback, joined)
    works_on(world, "ada")
    world.run(3)
    assert len(world.asterisk.dialled) == 1


def test_who_calls_again_while_he_waits_for_us_has_his_place() -> None:
    world = open_with_one_talking(PLAIN)
    before = waiting(world, ZOE)
    callback = asks(world, YAN)
    later = waiting(world, XU)
    world.run(60)
    again = waiting(world, YAN)
    world.run(0.2)
    assert world.store.callbacks[callback].outcome == "returned"
    assert world.call(again.id).joined_at == world.store.callbacks[callback].joined_at
    world.asterisk.caller_hangs_up(before)
    world.run(0.1)
    assert works_on(world, "ada") == YAN
    assert world.call_row(later.id).stage == "waiting"
    world.run(60)
    assert world.asterisk.dialled == []


def test_who_was_cut_off_and_calls_again_has_his_old_place() -> None:
    queue = replace(SUPPORT, resume_place_seconds=300.0)
    world = open_house("ada", config=config(PLAIN, queue))
    talks = waiting(world, "+8613900000009")
    world.asterisk.answer("adaweb")
    world.run(0.1)
    dropped = waiting(world, ZOE)
    joined = world.call(dropped.id).joined_at
    waiting(world, XU)
    world.asterisk.caller_hangs_up(dropped)
    world.run(100)
    again = waiting(world, ZOE)
    world.run(0.2)
    assert world.call(again.id).joined_at == joined
    assert "place-kept" in world.store.timeline(again.id)
    assert works_on(world, "ada") == ZOE
    assert talks.id != again.id


# -- hours --------------------------------------------------------------------------------------
def test_nobody_is_called_outside_the_hours_of_his_own_clock() -> None:
    """The stories begin at 08:00 UTC: 16:00 in Shanghai, where it is allowed until 18:00."""
    policy = replace(PLAIN, customer_hours="09:00-18:00")
    world = World(config(policy)).start()
    world.store.time_zone = "Asia/Shanghai"
    world.run(3 * 3600)  # 19:00 there
    callback = asks(world, ZOE)
    world.on_duty("ada")
    world.run(5 * 3600)
    assert world.asterisk.dialled == []
    assert world.store.callbacks[callback].next_at == START + 17 * 3600  # 09:00 there
    world.run(10 * 3600)
    assert [one.number for one in world.asterisk.dialled][:1] == [ZOE]


def test_one_number_is_not_dialled_more_often_than_allowed_in_a_day() -> None:
    policy = CallbackPolicy(confirm=False, tries_max=10, retry_seconds=60.0)
    world = open_house("ada", config=config(policy, per_day=2))
    asks(world, ZOE)
    world.run(3600)
    assert len(world.asterisk.dialled) == 2
    world.run(86_400)
    assert len(world.asterisk.dialled) > 2


# -- people decide ------------------------------------------------------------------------------
def test_a_callback_asked_for_by_staff_is_postponed_dialled_now_and_cancelled() -> None:
    world = open_house("ada", config=config())
    asked = AskCallback("cb-x1", "support", ZOE, "Zoe", not_before=world.now + 600)
    assert world.supervise(asked) is None
    assert world.supervise(replace(asked, id="cb-x2")) == "callback-known"
    assert world.supervise(replace(asked, queue="nowhere")) == "unknown-queue"
    world.run(300)
    assert world.asterisk.dialled == []
    assert world.supervise(PostponeCallback("cb-x1", world.now + 3600)) is None
    world.run(600)
    assert world.asterisk.dialled == []
    assert world.supervise(DialCallbackNow("cb-x1")) is None
    assert world.supervise(DialCallbackNow("cb-x1")) == "too-late"
    world.run(1)
    assert dialled(world).number == ZOE
    assert world.supervise(CancelCallback("cb-x1")) is None
    world.run(1)
    assert world.asterisk.lines == {}
    assert world.centre.state.calls == {}
    assert world.store.callbacks["cb-x1"].outcome == "cancelled"
    assert world.supervise(CancelCallback("cb-x1")) == "unknown-callback"


def figures(world: World) -> tuple[int, float | None, int, int, float | None]:
    row = world.screens.queues["support"]
    return row.waiting, row.oldest_joined_at, row.offered, row.scheduled, row.next_scheduled_at


def test_what_is_agreed_for_later_waits_from_then_on_and_in_no_figure_before() -> None:
    world = World(config()).start()
    world.run(0.1)
    at = world.now + 86_400
    for id, number, time in (("cb-x1", ZOE, at), ("cb-x2", YAN, at + 60)):
        assert world.supervise(AskCallback(id, "support", number, not_before=time)) is None
    assert figures(world) == (0, None, 0, 2, at)
    assert world.store.callbacks["cb-x1"].state == "scheduled"
    caller = waiting(world, XU)  # nobody is before him
    assert world.centre.state.router.position(caller.id) == 1
    world.asterisk.caller_hangs_up(caller)
    assert world.supervise(CancelCallback("cb-x2")) is None
    world.run(0.1)
    assert figures(world) == (0, None, 1, 1, at)
    assert world.screens.queues["support"].abandoned == 1  # of one who waited
    world.run(at - world.now + 90)
    assert figures(world) == (1, at, 1, 0, None)  # the day is a new one
    world.on_duty("ada")
    world.run(2)
    world.asterisk.customer_answers(dialled(world))
    world.run(0.5)
    assert world.asterisk.answer("adaweb")
    world.run(0.1)
    (row,) = world.centre.state.calls.values()
    answered = world.store.lines("cb-x1")
    (waited,) = [line.data["waited"] for line in answered if line.kind == "answered"]
    assert waited == pytest.approx(world.now - at, abs=2)
    assert row.joined_at == at


def test_who_waits_and_agrees_to_a_later_time_waits_no_longer() -> None:
    world = open_with_one_talking(PLAIN)
    callback = asks(world, ZOE)
    assert figures(world)[0] == 1
    at = world.now + 7200
    assert world.supervise(PostponeCallback(callback, at)) is None
    assert figures(world) == (0, None, 1, 1, at)
    again = waiting(world, ZOE)  # about something else: the time stays agreed
    assert world.store.callbacks[callback].outcome == ""
    world.asterisk.caller_hangs_up(again)
    asks(world, ZOE)  # but who asks for his turn has it now
    waits, since, _, scheduled, _ = figures(world)
    assert (waits, scheduled) == (1, 0)
    assert since == world.store.callbacks[callback].joined_at
    assert since is not None
    assert world.now - 20 < since < world.now


def test_a_full_line_has_a_place_for_whom_it_was_promised() -> None:
    world = World(config(PLAIN, replace(SUPPORT, waiting_max=1))).start()
    world.run(0.1)
    at = world.now + 600
    assert world.supervise(AskCallback("cb-x1", "support", ZOE, not_before=at)) is None
    waiting(world, YAN)
    world.run(at - world.now)
    assert figures(world)[0] == 2


@pytest.mark.parametrize("cold", [False, True], ids=["with the journal", "with the database"])
@pytest.mark.parametrize("away", [3.0, 900.0], ids=["before its time", "beyond its time"])
def test_a_scheduled_one_is_known_after_a_restart(
    journal: Journal, cold: bool, away: float
) -> None:
    world = World(config(PLAIN, replace(SUPPORT, waiting_max=1)), journal=journal).start()
    world.run(0.1)
    at = world.now + 600
    assert world.supervise(AskCallback("cb-x1", "support", ZOE, not_before=at)) is None
    waiting(world, YAN)
    world.die()
    world.run(away)
    world.come_back(cold=cold)
    world.run(1)
    expected = (1, 1, at) if away < 600 else (1, 0, None)
    waits, _, _, scheduled, next_at = figures(world)
    assert (waits, scheduled, next_at) == expected
    world.run(max(0.0, at - world.now) + 1)
    assert world.centre.state.router.joined_at("cb-x1") == at


def test_what_is_put_off_by_weeks_is_called_then_within_the_hours_and_not_given_up() -> None:
    """The stories begin on a Friday at 08:00 UTC."""
    world = open_house("ada", config=config(replace(PLAIN, hours={"mon-fri": "09:00-17:00"})))
    asked = AskCallback("cb-x1", "support", ZOE, "Zoe", not_before=START + 21 * 86_400)
    assert world.supervise(asked) is None
    assert world.store.callbacks["cb-x1"].next_at == START + 21 * 86_400 + 3600
    assert world.supervise(PostponeCallback("cb-x1", START + 36 * 86_400)) is None
    kept = world.store.callbacks["cb-x1"]
    assert (kept.state, kept.next_at) == (
        "scheduled",
        START + 38 * 86_400 + 3600,
    )  # not on Saturday
    world.agenda.now = START + 38 * 86_400 + 3550.0
    world.run(40)
    assert world.asterisk.dialled == []
    world.run(12)
    assert dialled(world).number == ZOE


# -- an agent who is reserved -------------------------------------------------------------------
def test_who_was_reserved_and_serves_the_queue_no_longer_is_not_rung() -> None:
    world = open_house("ada", config=config(AGENT_FIRST))
    asks(world, ZOE)
    world.run(0.5)
    customer = dialled(world)
    assert world.call_row(customer.id).agent == "ada"
    agents = {"ada": replace(ADA, queues={}), "bob": BOB}
    world.step(ConfigChanged(replace(config(AGENT_FIRST), version=2, agents=agents)))
    world.asterisk.customer_answers(customer)
    world.run(0.2)
    row = world.call_row(customer.id)
    assert (row.stage, row.agent) == ("waiting", None)
    assert world.agent_row("ada").state == "available"
    world.on_duty("bob")
    world.run(0.2)
    assert world.call_row(customer.id).agent == "bob"


def test_of_several_who_would_be_rung_the_ones_not_reserved_take_the_next_caller_at_once() -> None:
    made = config(AGENT_FIRST, replace(SUPPORT, broadcast=2))
    nobody = {name: replace(agent, queues={}) for name, agent in made.agents.items()}
    world = open_house("ada", "bob", config=replace(made, agents=nobody))
    assert world.supervise(AskCallback("cb-x1", "support", ZOE, "Zoe")) is None
    waiting(world, YAN)
    world.step(ConfigChanged(replace(made, version=2)))
    rows = [world.call_row(call) for call in world.centre.state.calls]
    assert {row.number: row.stage for row in rows} == {ZOE: "dialling", YAN: "offered"}
    assert {row.agent for row in rows} == {"ada", "bob"}


def test_he_cancels_it_himself_by_calling_again() -> None:
    world = open_with_one_talking(PLAIN)
    callback = asks(world, ZOE)
    press(world, world.asterisk.dial_in(ZOE), "3")
    assert world.store.callbacks[callback].outcome == "cancelled"


def test_a_queue_that_calls_nobody_back_says_so_to_the_flow() -> None:
    world = open_with_one_talking(replace(PLAIN, enabled=False))
    line = world.asterisk.dial_in(ZOE)
    press(world, line, "2")
    press(world, line, "1")
    assert world.call_row(line.id).stage == "waiting"
    assert world.centre.state.callbacks == {}


# -- restarts -----------------------------------------------------------------------------------
@pytest.mark.parametrize("cold", [False, True], ids=["with the journal", "with the database"])
@pytest.mark.parametrize("policy", [PLAIN, AGENT_FIRST], ids=["customer first", "agent first"])
def test_asleep_while_the_service_dies(
    journal: Journal, cold: bool, policy: CallbackPolicy
) -> None:
    world = World(config(policy), journal=journal).start()
    world.run(0.1)
    callback = asks(world, YAN)
    world.run(5)
    later = waiting(world, XU)
    joined = world.centre.state.callbacks[callback].joined_at
    world.die()
    world.run(3)
    world.come_back(cold=cold)
    world.run(0.2)
    assert world.centre.state.callbacks[callback].joined_at == joined
    assert world.centre.state.router.position(callback) == 1
    assert world.centre.state.router.position(later.id) == 2
    world.on_duty("ada")
    world.run(2)
    assert dialled(world).number == YAN


@pytest.mark.parametrize("cold", [False, True], ids=["with the journal", "with the database"])
@pytest.mark.parametrize("answers", [False, True], ids=["still ringing", "answered meanwhile"])
def test_dialled_once_though_the_service_dies_while_it_rings(
    journal: Journal, cold: bool, answers: bool
) -> None:
    world = World(config(), journal=journal).start()
    world.run(0.1)
    world.on_duty("ada")
    callback = asks(world, ZOE)
    world.run(2)
    customer = dialled(world)
    world.die()
    if answers:
        world.asterisk.customer_answers(customer)
    world.run(3)
    world.come_back(cold=cold)
    world.run(0.2)
    world.on_duty("ada")
    if not answers:
        assert world.call_row(customer.id).stage == "dialling"
        world.asterisk.customer_answers(customer)
    world.run(1)
    assert world.asterisk.answer("adaweb")
    world.run(0.2)
    assert world.call_row(customer.id).stage == "talking"
    world.run(400)
    assert len(world.asterisk.dialled) == 1
    assert world.store.callbacks[callback].outcome == "served"


@pytest.mark.parametrize("cold", [False, True], ids=["with the journal", "with the database"])
def test_who_was_served_and_given_on_to_a_menu_is_in_no_line_after_a_restart(
    journal: Journal, cold: bool
) -> None:
    world = World(config(), journal=journal).start()
    world.run(0.1)
    world.on_duty("ada")
    callback = asks(world, ZOE)
    world.run(2)
    customer = dialled(world)
    world.asterisk.customer_answers(customer)
    world.run(1)
    assert world.asterisk.answer("adaweb")
    world.run(1)
    assert world.click("ada", TransferCall(customer.id, "flow", "main")) is None
    world.run(1)
    assert world.call_row(customer.id).stage == "menu"
    assert world.store.callbacks[callback].outcome == "served"
    world.die()
    world.come_back(cold=cold)
    world.run(1)
    assert world.call_row(customer.id).stage == "menu"
    assert world.call(customer.id).callback == ""
    assert world.centre.state.router.position(customer.id) is None


def test_an_attempt_whose_end_nobody_saw_is_tried_again_after_the_rest(journal: Journal) -> None:
    world = World(config(), journal=journal).start()
    world.run(0.1)
    world.on_duty("ada")
    callback = asks(world, ZOE)
    world.run(2)
    customer = dialled(world)
    world.die()
    world.asterisk.not_reached(customer, "busy")
    world.come_back(cold=True)
    world.on_duty("ada")
    world.run(100)
    assert len(world.asterisk.dialled) == 1
    world.run(30)
    assert len(world.asterisk.dialled) == 2
    assert world.centre.state.callbacks[callback].turn.tries == 2
