"""What Asterisk's events mean, where the moment of looking decides: read from frames alone."""

from __future__ import annotations

from itertools import permutations

import pytest

from callcenter.asterisk import resync
from callcenter.asterisk.book import Book, Call, Consulting
from callcenter.asterisk.parse import Frame
from callcenter.asterisk.reports import Reports
from callcenter.core.inputs import (
    AgentAnswered,
    AgentRingEnded,
    CallReturned,
    ConsultEnded,
    Joined,
)

pytestmark = pytest.mark.pure

CALLER = "PJSIP/callers-00000001"
ADA, BOB = "PJSIP/ada-00000002", "PJSIP/bob-00000003"


def frame(event: str, **headers: str) -> Frame:
    lines = [f"Event: {event}", *(f"{name}: {value}" for name, value in headers.items())]
    return Frame("\r\n".join(lines).encode())


def of_caller(*, more: str = "", offer: str = "1:ada") -> Frame:
    """Status of a caller for whom phones ring, or who is on the way from there to the bridge."""
    head = frame(
        "Status", Channel=CALLER, Uniqueid="1.1", Linkedid="1.1", Context="connect", BridgeID=""
    )
    noted = {"CALL": "1.1", "TRY": "1", "DEV": "ada", "OFFER": offer, "MORE": more}
    lines = [f"Variable: ACD_{name}={value}" for name, value in noted.items() if value]
    return Frame("\r\n".join([*_lines(head), *lines]).encode())


def of_leg(channel: str, bridge: str = "") -> Frame:
    return frame("Status", Channel=channel, Uniqueid=channel, Linkedid="1.1", BridgeID=bridge)


def _lines(one: Frame) -> list[str]:
    return [f"{name}: {value}" for name, value in one.headers().items()]


def looked(*frames: Frame) -> Reports:
    """A switch that has just looked, and saw these channels."""
    caller = resync.read_channel(frames[0])
    assert caller is not None
    assert caller[1].stage == "ringing"
    book = Book()
    book.replace([call for call, _ in resync._with_legs(list(frames), [caller])])
    return Reports(book, 1)


def came_in(channel: str, count: int) -> Frame:
    return frame("BridgeEnter", Channel=channel, BridgeUniqueid="b", BridgeNumChannels=str(count))


def entered(reports: Reports, *channels: str) -> list[AgentAnswered]:
    return [
        fact
        for channel in channels
        for fact in reports.read(came_in(channel, 1))
        if isinstance(fact, AgentAnswered)
    ]


@pytest.mark.parametrize("order", [(CALLER, ADA), (ADA, CALLER)])
def test_who_looks_between_answer_and_bridge_hears_of_the_answer_once(
    order: tuple[str, str],
) -> None:
    reports = looked(of_caller(), of_leg(ADA))
    assert entered(reports, *order) == [AgentAnswered("1.1", 1, "ada", ADA)]


def test_of_several_phones_the_one_that_comes_into_the_bridge_has_answered() -> None:
    reports = looked(of_caller(more="1:bob", offer="1:ada+bob"), of_leg(ADA), of_leg(BOB))
    assert entered(reports, CALLER, BOB) == [AgentAnswered("1.1", 1, "bob", BOB)]


def test_a_phone_seen_in_a_bridge_has_answered_though_the_caller_comes_later() -> None:
    caller = of_caller(more="1:bob", offer="1:ada+bob")
    reports = looked(caller, of_leg(ADA), of_leg(BOB, bridge="b"))
    assert entered(reports, CALLER) == [AgentAnswered("1.1", 1, "bob", BOB)]


def test_other_channels_in_bridges_mean_nothing() -> None:
    reports = looked(of_caller(), of_leg(ADA))
    assert entered(reports, "PJSIP/eve-00000009") == []


@pytest.mark.parametrize("order", [(CALLER, ADA), (ADA, CALLER)])
def test_who_has_answered_is_apart_until_both_are_in_one_bridge(order: tuple[str, str]) -> None:
    first, second = order
    book = Book()
    call = Call("1.1", CALLER, in_agi=True)
    book.add(call)
    call.begin_offer(1, "ada", "ada")
    reports = Reports(book, 1)
    list(reports.read(frame("DialBegin", Channel=CALLER, DestChannel=ADA)))
    ended = frame("DialEnd", Channel=CALLER, DestChannel=ADA, DialStatus="ANSWER")
    assert list(reports.read(ended)) == [AgentAnswered("1.1", 1, "ada", ADA)]
    assert call.apart
    list(reports.read(came_in(first, 1)))
    assert call.apart
    list(reports.read(came_in(second, 2)))
    assert not call.apart


def test_after_a_hold_the_two_are_apart_until_both_are_back() -> None:
    book = Book()
    call = Call("1.1", CALLER, "unheld", leg=ADA, answered=True)
    book.add(call)
    reports = Reports(book, 1)
    list(reports.read(came_in(CALLER, 1)))
    assert (call.place, call.apart) == ("offer", True)
    list(reports.read(came_in(ADA, 2)))
    assert not call.apart


def test_a_phone_that_is_hung_up_before_the_answer_is_told_did_ring() -> None:
    book = Book()
    call = Call("1.1", CALLER, in_agi=True)
    book.add(call)
    call.begin_offer(1, "ada", "ada", {"bob": "bob", "cyd": "cyd"})
    reports = Reports(book, 1)
    for leg in (ADA, BOB):
        list(reports.read(frame("DialBegin", Channel=CALLER, DestChannel=leg)))
    gone = frame("Hangup", Channel=ADA, Uniqueid=ADA, Cause="26")
    assert list(reports.read(gone)) == []
    ended = frame("DialEnd", Channel=CALLER, DestChannel=BOB, DialStatus="ANSWER")
    assert list(reports.read(ended)) == [
        AgentRingEnded("1.1", 1, "cyd", "unavailable"),
        AgentAnswered("1.1", 1, "bob", BOB),
    ]


def asked(book: Book) -> Call:
    """Ada's caller waits in hold, Bob's phone rings for her, and she has given up."""
    call = Call("1.1", CALLER, "held", agent="ada", leg=ADA, answered=True)
    call.consult = Consulting(3, "bob", "bob", BOB, ringing=True, unwanted=True)
    book.add(call)
    return call


def test_a_colleague_is_asked_no_longer_when_the_leg_of_who_asked_has_come_to_rest() -> None:
    """Before, Asterisk would refuse to move it to the next one."""
    book = Book()
    asked(book)
    reports = Reports(book, 1)
    ended = frame("DialEnd", Channel=ADA, DestChannel=BOB, DialStatus="CANCEL")
    assert list(reports.read(ended)) == []
    assert list(reports.read(frame("Hangup", Channel=BOB, Uniqueid=BOB, Cause="0"))) == []
    rests = frame("UserEvent", Channel=ADA, UserEvent="AcdLegHeld", Serial="3", Cause="0")
    assert list(reports.read(rests)) == [ConsultEnded("1.1", 3, "cancelled")]
    assert list(reports.read(rests)) == []


def test_who_hangs_up_while_giving_up_asks_nobody_any_more() -> None:
    book = Book()
    call = asked(book)
    reports = Reports(book, 1)
    list(reports.read(frame("DialEnd", Channel=ADA, DestChannel=BOB, DialStatus="CANCEL")))
    told = list(reports.read(frame("Hangup", Channel=ADA, Uniqueid=ADA, Cause="16")))
    assert told[0] == ConsultEnded("1.1", 3, "cancelled")
    assert [type(one) for one in told[1:]] == [CallReturned]
    assert call.consult is None


def conference(*coming: str) -> Reports:
    book = Book()
    call = asked(book)
    consult = call.consult
    assert consult is not None
    consult.answered, consult.unwanted, consult.coming = True, False, set(coming)
    return Reports(book, 1)


@pytest.mark.parametrize("order", list(permutations((CALLER, ADA, BOB))))
def test_a_conference_is_one_when_all_three_are_there(order: tuple[str, ...]) -> None:
    reports = conference(*order)
    told = [list(reports.read(frame("ConfbridgeJoin", Channel=one))) for one in order]
    assert told == [[], [], [Joined("1.1")]]


def test_of_a_conference_on_its_way_at_the_start_the_caller_tells() -> None:
    reports = conference()
    told = [list(reports.read(frame("ConfbridgeJoin", Channel=one))) for one in (ADA, CALLER)]
    assert told == [[], [Joined("1.1")]]
