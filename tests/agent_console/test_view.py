"""What each kind of viewer sees, and that old rows with the changes applied are the new rows."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent_console import wire
from agent_console.view import Feed, Row, Table, Tables, audience_of, delta, encoded, visible
from callcenter.core.board import AgentRow, Board, CallRow, HearerRow, QueueRow
from callcenter.core.commands import CustomerCard
from callcenter.core.effects import Show
from callcenter.core.teams import EVERYTHING, NOTHING, Reach
from tests.agent_console.fakes import FakeWriter, House

pytestmark = pytest.mark.pure

AGENTS = ("ada", "ben", "cai")
QUEUES = ("sales", "support", "vip")
CALLS = ("1.1", "1.2", "1.3")


def call(key: str, agent: str | None, name: str = "") -> CallRow:
    card = CustomerCard("c1", name or "王伟", record={"notes": ["a", 1, None]})
    return CallRow(key, "talking", 1.0, 1.0, "+8613800000000", name, "100", "zh", agent=agent,
                   cards=(card,))  # fmt: skip


def agent(key: str, queues: tuple[str, ...] = ()) -> AgentRow:
    return AgentRow(key, key.title(), "team", "available", 5.0, queues=queues)


def queue(key: str, waiting: int = 0) -> QueueRow:
    return QueueRow(key, key.title(), waiting=waiting)


TEAM = Reach(teams=frozenset({"blue"}), agents=frozenset({"ben"}), queues=frozenset({"sales"}))

names = st.text(max_size=12)
call_changes = st.tuples(
    st.just("calls"),
    st.sampled_from(CALLS),
    st.none() | st.tuples(st.sampled_from((None, *AGENTS)), names),
)
agent_changes = st.tuples(
    st.just("agents"),
    st.sampled_from(AGENTS),
    st.none() | st.lists(st.sampled_from(QUEUES), unique=True).map(tuple),
)
queue_changes = st.tuples(st.just("queues"), st.sampled_from(QUEUES), st.none() | st.integers(0, 9))
step = st.lists(call_changes | agent_changes | queue_changes, max_size=6)


def show(change: tuple[Any, Any, Any]) -> Show:
    table, key, content = change
    row: Row | None = None
    if content is not None and table == "calls":
        row = call(key, *content)
    elif content is not None and table == "agents":
        row = agent(key, content)
    elif content is not None:
        row = queue(key, content)
    return Show(table, key, row)


class Screen:
    """A browser's copy: a snapshot, then changes without a gap."""

    def __init__(self, messages: list[dict[str, Any]]) -> None:
        self.rows: dict[str, dict[str, Any]] = {}
        self.take(messages)

    def take(self, messages: list[dict[str, Any]]) -> None:
        for message in messages:
            kind = message["type"]
            if kind == "snapshot":
                self.epoch, self.seq = message["epoch"], message["seq"]
                keys = {"calls": "call", "agents": "agent", "queues": "queue"}
                self.rows = {
                    table: {row[key]: row for row in message[table]} for table, key in keys.items()
                }
            elif kind in {"call", "agent", "queue"}:
                assert message["seq"] == self.seq + 1
                self.seq += 1
                table = self.rows[kind + "s"]
                if message["row"] is None:
                    table.pop(message["key"], None)
                else:
                    table[message["key"]] = message["row"]


@pytest.mark.parametrize(
    ("role", "name"),
    [("agent", "ada"), ("agent", "ben"), ("agent", None), ("supervisor", None),
     ("supervisor", "cai"), ("administrator", None), ("team", None), ("team", "cai")],
)  # fmt: skip
@given(before=step, steps=st.lists(st.tuples(step, st.sampled_from((0.0, 0.01, 0.5))), max_size=6))
@settings(max_examples=40, deadline=None)
def test_an_old_snapshot_with_all_changes_is_the_fresh_snapshot(
    role: Any, name: str | None, before: Any, steps: Any
) -> None:
    house = House()
    if role == "team":
        role, house.border = "supervisor", TEAM
    for change in before:
        house.hub.perform(show(change))
    _, writer = house.enter(role, name)
    screen = Screen(writer.messages())
    for changes, pause in steps:
        for change in changes:
            house.hub.perform(show(change))
        house.wheel.turn(pause)
        screen.take(writer.messages())
    house.wheel.turn(0.1)
    screen.take(writer.messages())
    _, fresh = house.enter(role, name, user="another")
    assert screen.rows == Screen(fresh.messages()).rows


@given(first=step, second=step)
@settings(max_examples=60, deadline=None)
def test_a_browser_that_comes_back_is_given_what_it_missed(first: Any, second: Any) -> None:
    house = House()
    browser, writer = house.enter("agent", "ada")
    for change in first:
        house.hub.perform(show(change))
    house.wheel.turn(0.1)
    screen = Screen(writer.messages())
    house.hub.leave(browser)
    for change in second:
        house.hub.perform(show(change))
    house.wheel.turn(0.1)
    again, writer = house.browser("agent", "ada")
    assert house.hub.enter(again, (screen.epoch, screen.seq)) is None
    told = writer.messages()
    assert told[0] == {
        "type": "resumed", "epoch": screen.epoch, "seq": screen.seq, "clock": house.clock.time
    }  # fmt: skip
    screen.take(told)
    _, fresh = house.enter("agent", "ada", user="another")
    assert screen.rows == Screen(fresh.messages()).rows


def test_an_agent_sees_the_own_row_the_own_calls_and_the_own_queues_alone() -> None:
    tables = Tables()
    tables.put("agents", "ada", agent("ada", ("sales",)))
    tables.put("agents", "ben", agent("ben", ("support",)))
    for key, owner in (("1.1", "ada"), ("1.2", "ben"), ("1.3", None)):
        tables.put("calls", key, call(key, owner))
    for key in ("sales", "support"):
        tables.put("queues", key, queue(key))
    seen = visible(audience_of(NOTHING, "ada"), tables)
    assert (set(seen.calls), set(seen.agents), set(seen.queues)) == ({"1.1"}, {"ada"}, {"sales"})


def test_a_user_who_is_no_agent_is_never_told_of_calls_nobody_has() -> None:
    house = House()
    _, writer = house.enter("agent", None, user="guest")
    writer.messages()
    house.hub.perform(show(("calls", "1.1", (None, "secret"))))
    house.wheel.turn(1.0)
    assert writer.messages() == []


def test_who_has_no_border_sees_all() -> None:
    tables = Tables()
    tables.put("calls", "1.3", call("1.3", None))
    tables.put("agents", "ben", agent("ben"))
    for name in (None, "ada"):
        seen = visible(audience_of(EVERYTHING, name), tables)
        assert (set(seen.calls), set(seen.agents)) == ({"1.3"}, {"ben"})


def test_a_supervisor_sees_what_lies_inside_the_border_of_his_teams_alone() -> None:
    tables = Tables()
    for key in ("ada", "ben"):
        tables.put("agents", key, agent(key))
    for key, owner in (("1.1", "ada"), ("1.2", "ben"), ("1.3", None)):
        tables.put("calls", key, call(key, owner))
    tables.put("calls", "1.4", replace(call("1.4", None), queue="sales"))
    for key in ("sales", "support"):
        tables.put("queues", key, queue(key))
    seen = visible(audience_of(TEAM, None), tables)
    assert (set(seen.calls), set(seen.agents), set(seen.queues)) == (
        {"1.2", "1.4"}, {"ben"}, {"sales"}
    )  # fmt: skip
    assert visible(audience_of(NOTHING, None), tables) == Board()


def test_a_call_that_is_given_to_another_team_goes_from_the_screen() -> None:
    house = House(border=TEAM)
    _, boss = house.enter("supervisor", None)
    boss.messages()
    for owner in ("ben", "ada", "ada", "ben"):
        house.hub.perform(Show("calls", "1.1", call("1.1", owner)))
        house.wheel.turn(0.1)
    assert [one["row"] and one["row"]["agent"] for one in boss.messages()] == ["ben", None, "ben"]


def test_who_gets_another_border_gets_another_picture_at_once() -> None:
    house = House(border=NOTHING)
    for key in ("ada", "ben"):
        house.hub.perform(Show("agents", key, agent(key)))
    _, boss = house.enter("supervisor", None)
    _, ada = house.enter("agent", "ada")
    (first, _), _ = boss.messages(), ada.messages()
    assert first["agents"] == []
    house.border = TEAM
    house.hub.borders_changed()
    (second,) = boss.messages()
    assert [row["agent"] for row in second["agents"]] == ["ben"]
    assert second["epoch"] != first["epoch"]
    assert ada.messages() == []
    house.hub.perform(Show("agents", "ben", agent("ben", ("sales",))))
    house.wheel.turn(0.1)
    assert [one["seq"] for one in boss.messages()] == [second["seq"] + 1]


@pytest.mark.parametrize(
    ("table", "row", "kind"),
    [("calls", call("1.1", "ada", 'Wang "王"\r\n'), wire.CallDelta),
     ("agents", agent("ada", ("sales",)), wire.AgentDelta),
     ("queues", queue("sales", 3), wire.QueueDelta),
     ("calls", None, wire.CallDelta)],
)  # fmt: skip
def test_a_change_put_together_by_hand_is_what_the_schema_says(
    table: Table, row: Row | None, kind: Any
) -> None:
    text = delta(table, 12, 'k"1', encoded(table, row))
    assert kind.model_validate_json(text) == kind(seq=12, key='k"1', row=row)


def test_changes_that_are_gone_or_of_another_feed_are_not_replayed() -> None:
    feed = Feed(audience_of(NOTHING, "ada"), epoch=70)
    for number in range(200):
        feed.append("calls", str(number), b"null")
    assert feed.since(70, 200) is not None
    assert len(list(feed.since(70, 100) or ())) == 100
    assert feed.since(70, 10) is None
    assert feed.since(70, 201) is None
    assert feed.since(71, 200) is None


def test_own_rows_come_at_once_and_what_many_see_once_in_a_few_ms() -> None:
    house = House()
    _, ada = house.enter("agent", "ada")
    _, boss = house.enter("supervisor", None)
    house.hub.perform(Show("agents", "ada", agent("ada", ("sales",))))
    house.wheel.turn(0.1)
    ada.messages(), boss.messages()
    house.hub.perform(Show("calls", "1.1", call("1.1", "ada", "first")))
    assert [one["key"] for one in ada.messages()] == ["1.1"]
    house.wheel.turn(0.0)
    assert [one["key"] for one in boss.messages()] == ["1.1"]
    for waiting in range(5):
        house.wheel.turn(0.0009)
        house.hub.perform(Show("queues", "sales", queue("sales", waiting)))
    assert boss.messages() == []
    house.wheel.turn(0.02)
    assert [one["row"]["waiting"] for one in boss.messages()] == [4]
    assert [one["row"]["waiting"] for one in ada.messages()] == [4]


def test_two_viewers_with_the_same_rights_get_the_very_same_frame() -> None:
    house = House()
    writers: list[FakeWriter] = [house.enter("supervisor", None, user=name)[1] for name in "ab"]
    for writer in writers:
        writer.messages()
    house.hub.perform(Show("queues", "sales", queue("sales", 1)))
    house.wheel.turn(0.1)
    assert writers[0].frames[0] is writers[1].frames[0]


def test_agents_see_the_supervisors_of_whom_they_are_told() -> None:
    quiet = HearerRow("u1", "Sofia", "listen", 2.0, True, True, False, told=False)
    loud = HearerRow("u2", "Tom", "whisper", 3.0, True, True, False, told=True)
    row = replace(call("1.1", "ada"), hearers=(quiet, loud))
    tables = Tables()
    tables.put("calls", "1.1", row)
    assert visible(audience_of(NOTHING, "ada"), tables).calls["1.1"].hearers == (loud,)
    assert visible(audience_of(EVERYTHING, None), tables).calls["1.1"].hearers == (quiet, loud)
    house = House()
    _, ada = house.enter("agent", "ada")
    _, boss = house.enter("supervisor", None)
    house.hub.perform(Show("calls", "1.1", row))
    house.wheel.turn(0.1)
    told = [
        [one["name"] for one in writer.messages()[-1]["row"]["hearers"]] for writer in (ada, boss)
    ]
    assert told == [["Tom"], ["Sofia", "Tom"]]
