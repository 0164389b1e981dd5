"""The service dies, or Asterisk does, or the link between them: nobody is lost, the order is kept,
each caller is in the books exactly once."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcenter.core.centre import Centre
from callcenter.core.commands import FinishWrapUp, HangUpCall, TransferCall
from callcenter.core.inputs import (
    CallArrived,
    CallMissed,
    ConfigChanged,
    ConsoleChanged,
    EpochTaken,
    LinkChanged,
    Snapshot,
)
from callcenter.runtime.journal import Journal
from tests.scenarios.stories import caller_in, open_house, talking
from tests.world.asterisk import Line
from tests.world.houses import house
from tests.world.world import World

pytestmark = pytest.mark.pure


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    return Journal(tmp_path)


def three_one_one(journal: Journal) -> tuple[World, list[Line], Line, Line]:
    """Three wait, one talks, one has just gone and is written about."""
    world = World(house(), journal=journal).start()
    world.run(0.1)
    world.on_duty("ada", "bob")
    talks = talking(world, "ada")
    written = talking(world, "bob")
    world.asterisk.caller_hangs_up(written)
    world.run(0.1)
    waiting = [caller_in(world, number=f"10{n}") for n in range(3)]
    world.run(5)
    assert [world.call_row(line.id).stage for line in waiting] == ["waiting"] * 3
    return world, waiting, talks, written


def finish_all(world: World, lines: list[Line]) -> list[str]:
    """Bob serves one after the other; the order in which they were offered."""
    order = []
    for _ in lines:
        row = world.agent_row("bob")
        assert row.state == "offered", row
        order.append(row.call or "")
        world.asterisk.answer("bobweb")
        world.run(0.1)
        assert world.click("bob", HangUpCall(row.call or "")) is None
        world.run(0.1)
        assert world.click("bob", FinishWrapUp(row.call or "", "solved")) is None
        world.run(0.1)
    return order


def test_restart_with_a_journal(journal: Journal) -> None:
    world, waiting, talks, written = three_one_one(journal)
    before = {key: call.joined_at for key, call in world.centre.state.calls.items()}
    world.die()
    world.run(3)
    world.come_back()
    for agent in ("ada", "bob"):
        world.step(ConsoleChanged(agent, True))
    world.run(0.1)
    assert {key: call.joined_at for key, call in world.centre.state.calls.items()} == before
    assert world.agent_row("ada").state == "talking"
    assert world.agent_row("bob").state == "wrap-up"
    assert world.call_row(talks.id).agent == "ada"
    assert world.click("bob", FinishWrapUp(written.id, "solved")) is None
    world.run(0.1)
    assert finish_all(world, waiting) == [line.id for line in waiting]
    world.asterisk.caller_hangs_up(talks)
    world.run(60)
    everybody = {line.id for line in (*waiting, talks, written)}
    assert world.store.interactions.keys() == everybody
    assert {record.outcome for record in world.store.interactions.values()} == {"answered"}
    assert world.store.interactions[written.id].disposition == "solved"
    assert world.centre.state.calls == {}
    journal.close()


def test_cold_restart_with_nothing_but_the_facts_on_the_channels(journal: Journal) -> None:
    world, waiting, talks, written = three_one_one(journal)
    joined = [world.call(line.id).joined_at or 0.0 for line in waiting]
    path = world.call(waiting[0].id).path
    world.die()
    world.run(3)
    world.come_back(cold=True)
    world.run(0.1)
    assert [world.call(line.id).joined_at for line in waiting] == pytest.approx(joined, abs=0.001)
    assert world.call(waiting[0].id).path == path
    row = world.call_row(talks.id)
    assert (row.stage, row.agent, row.queue) == ("talking", "ada", "support")
    assert row.talk_since == pytest.approx(world.now - 13, abs=8)
    world.on_duty("bob")
    world.run(0.1)
    assert finish_all(world, waiting) == [line.id for line in waiting]
    world.asterisk.caller_hangs_up(talks)
    world.run(60)
    everybody = {line.id for line in (*waiting, talks, written)}
    assert world.store.interactions.keys() == everybody
    waits = [world.store.interactions[line.id].wait_seconds for line in waiting]
    assert min(waits) > 8.0  # the time before the restart counts
    assert world.agent_row("ada").state == "offline"  # whom we only knew from his call
    journal.close()


def test_who_was_given_on_in_the_seconds_that_the_disk_lost_did_not_wait_until_we_looked(
    journal: Journal,
) -> None:
    world = open_house("ada", "bob", journal=journal)
    line = talking(world, "ada")
    world.run(10)
    (segment,) = journal.folder.glob("inputs-*.jsonl")
    kept = segment.read_bytes()
    assert world.click("ada", TransferCall(line.id, "agent", "bob")) is None
    world.run(1)
    assert world.asterisk.answer("bobweb")
    world.run(8)
    assert world.agent_row("bob").state == "talking"
    world.die()
    journal.close()
    segment.write_bytes(kept)
    world.run(7)
    world.come_back()
    world.run(0.1)
    assert world.call_row(line.id).agent == "bob"
    world.asterisk.caller_hangs_up(line)
    world.run(60)
    record = world.store.interactions[line.id]
    parts = {part.agent: part.talk_seconds for part in world.store.parts.values()}
    assert parts == pytest.approx({"ada": 10.2, "bob": 15.1}, abs=1.1)  # with the ringing
    assert record.wait_seconds == pytest.approx(1.0, abs=0.2)
    spent = record.wait_seconds + record.talk_seconds + record.hold_seconds
    assert spent <= record.ended_at - record.started_at
    journal.close()


def test_an_agent_whose_browser_does_not_come_back_is_not_called_available(
    journal: Journal,
) -> None:
    world = World(house(), journal=journal).start()
    world.run(0.1)
    world.on_duty("ada")
    world.die()
    world.come_back()
    world.run(9)
    assert world.agent_row("ada").state == "available"
    world.run(2)
    assert (world.agent_row("ada").state, world.agent_row("ada").console) == ("unreachable", False)
    journal.close()


def test_the_service_is_away_for_longer_than_the_lease(journal: Journal) -> None:
    world, waiting, talks, _ = three_one_one(journal)
    world.die()
    world.run(20)
    assert [line.place for line in waiting] == ["diverted"] * 3
    assert talks.place == "talking"
    world.come_back()
    world.run(60)
    for line in waiting:
        assert world.store.interactions[line.id].outcome == "diverted"
    journal.close()


def test_asterisk_restarts_and_all_its_calls_are_closed_with_that_reason() -> None:
    world = open_house("ada")
    talks = talking(world)
    waits = caller_in(world, number="200")
    world.link_down()
    world.asterisk.restart()
    world.run(2)
    world.link_up()
    world.run(0.1)
    for line in (talks, waits):
        assert world.store.interactions[line.id].outcome == "node_restart"
    assert world.agent_row("ada").state == "wrap-up"


def test_asterisk_is_away_at_the_start() -> None:
    world = World(house()).start(link=False)
    world.step(ConsoleChanged("ada", True))
    world.run(100)
    line = world.asterisk.dial_in("100")
    world.link_up()
    world.run(3)
    assert world.call_row(line.id).stage == "menu"


def test_a_phone_answered_while_nobody_looked_is_no_missed_call() -> None:
    world = open_house("ada")
    line = caller_in(world)
    world.link_down()
    world.asterisk.answer("adaweb")
    world.run(30)
    assert world.call_row(line.id).stage == "offered"
    world.link_up()
    world.run(0.1)
    assert world.agent_row("ada").state == "talking"
    assert world.agent_row("ada").missed == 0
    assert world.call_row(line.id).stage == "talking"


def test_clicks_on_a_call_are_refused_while_the_link_is_down() -> None:
    world = open_house("ada")
    line = talking(world)
    world.link_down()
    assert world.click("ada", HangUpCall(line.id)) == "link-down"
    assert world.call_row(line.id).stage == "talking"


def test_no_offer_is_made_before_the_snapshot_has_placed_everybody() -> None:
    world = open_house("ada")
    waiting = [caller_in(world, number=f"{n}") for n in range(3)]
    world.link_down()
    world.asterisk.answer("adaweb")
    world.asterisk.agent_hangs_up("adaweb")
    world.link_up(snapshot_after=1.0)
    world.run(0.9)
    before = len(world.asterisk.connects)
    world.run(0.2)
    assert [offer.call for offer in world.asterisk.connects[before:]] in ([], [waiting[0].id])


def test_what_we_asked_for_in_vain_is_asked_again() -> None:
    world = open_house("ada")
    line = talking(world)
    world.link_silent(notice_after=1.0)
    world.click("ada", HangUpCall(line.id))
    world.run(5)
    assert line.id in world.asterisk.lines
    world.link_up()
    world.run(0.1)
    assert line.id not in world.asterisk.lines
    assert world.store.interactions[line.id].ended_by == "agent"


def test_a_diverted_caller_who_never_arrived_there_is_sent_again() -> None:
    world = World(house()).start()
    world.run(0.1)
    world.latency = lambda: 1.0
    line = world.asterisk.dial_in("100", did="4999")
    world.run(1.5)  # the divert is on its way
    world.link_down()
    world.latency = lambda: 0.002
    assert where(line) == "agi"
    world.link_up()
    world.run(0.1)
    assert where(line) == "diverted"


def where(line: Line) -> str:
    return line.place


def test_a_doubled_arrival_does_not_bring_back_a_call_that_has_ended() -> None:
    world = open_house("ada")
    line = world.asterisk.dial_in("100")
    world.run(0.1)
    world.asterisk.caller_hangs_up(line)
    world.run(0.1)
    world.step(CallArrived(line.id, line.channel, "100", "", "4000"))
    assert world.centre.state.calls == {}


def test_the_books_and_numbers_of_two_lives_do_not_collide(journal: Journal) -> None:
    world = World(house(), journal=journal).start()
    line = world.asterisk.dial_in("100")
    world.run(1)
    first = max(sequence for call, sequence in world.store.events if call == line.id)
    world.die()
    world.come_back(cold=True)
    world.run(1)
    second = max(sequence for call, sequence in world.store.events if call == line.id)
    assert first >> 20 == 1
    assert second >> 20 == 2
    journal.close()


def test_a_snapshot_before_anything_else_is_taken_as_it_is() -> None:
    world = World(house())
    world.alive = True
    world.step(EpochTaken(1))
    world.step(LinkChanged("node", True))
    world.step(Snapshot("node", (), {"adaweb": "ready"}))
    assert world.centre.state.linked
    assert world.centre.state.devices == {"adaweb": "ready"}


def test_who_came_and_went_without_us_is_in_the_books_once() -> None:
    """The dialplan served one of them alone; the other hung up before."""
    world = World(house()).start()
    world.run(20)
    began = world.now - 15
    missed = (
        CallMissed("node-1.7", "13900000007", "4000", began, began + 9, 16, "voicemail"),
        CallMissed("node-1.8", "13900000008", "4000", began + 1, began + 3, 16, ""),
    )
    world.step(Snapshot("node", (), {"adaweb": "ready"}, missed=missed))
    world.step(Snapshot("node", (), {"adaweb": "ready"}, missed=missed))
    world.run(1)
    written = {row.call: row for row in world.store.interactions.values()}
    served, gone = written["node-1.7"], written["node-1.8"]
    assert (served.outcome, served.number, served.did) == ("diverted", "13900000007", "4000")
    assert (served.started_at, served.ended_at) == (began, began + 9)
    assert (gone.outcome, gone.ended_by) == ("ivr", "caller")
    for call in missed:
        kinds = world.store.timeline(call.call)
        assert kinds[0] == "arrived"
        assert kinds.count("ended") == 1
    assert not world.centre.state.calls


def test_who_waited_was_served_alone_and_has_gone_was_diverted_and_did_not_give_up() -> None:
    """His end is in the dialplan's journal, with the place where he was served."""
    world = World(house()).start()
    world.run(0.1)
    served, gave_up = (caller_in(world, number=f"1390000000{n}") for n in range(2))
    world.run(5)
    ended = {served.id: 16, gave_up.id: 16}
    world.step(Snapshot("node", (), {}, ended=ended, served={served.id: "fallback"}))
    world.run(1)
    outcomes = {row.call: row.outcome for row in world.store.interactions.values()}
    assert outcomes == {served.id: "diverted", gave_up.id: "abandoned"}
    assert world.store.timeline(served.id)[-2:] == ["diverted", "ended"]
    assert not world.centre.state.calls
    assert world.centre.board().queues["support"].waiting == 0


def test_a_browser_that_is_back_before_the_configuration_counts() -> None:
    """A start without memory: who reconnects first must not be deaf to offers until he reloads."""
    centre = Centre()
    centre.step(EpochTaken(7), 100.0)
    for agent in ("ada", "bob", "nobody"):
        centre.step(ConsoleChanged(agent, connected=True), 100.1)
    centre.step(ConsoleChanged("bob", connected=False), 100.2)
    centre.step(ConfigChanged(house()), 100.3)
    seats = centre.state.seats
    assert seats["ada"].presence.console
    assert not seats["bob"].presence.console
    assert set(centre.state.consoles) == {"nobody"}
