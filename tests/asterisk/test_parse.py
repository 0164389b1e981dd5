"""The reader of the manager interface: every good frame in order, whatever stands between them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.asterisk import actions
from callcenter.asterisk.parse import (
    FRAME_BYTES_MAX,
    AgiResult,
    EndlessFrame,
    Frame,
    FrameReader,
    plain_text,
    read_agi_arguments,
    read_agi_result,
)
from callcenter.asterisk.playing import split_digits
from ivr.asks import Collect

pytestmark = pytest.mark.pure


def event(number: int) -> bytes:
    return f"Event: Good\r\nNumber: {number}\r\nName: 张伟 Søren: {number}\r\n\r\n".encode()


def junk(dice: random.Random) -> bytes:
    return dice.choice(
        [
            bytes(dice.randrange(1, 256) for _ in range(dice.randrange(200))).replace(b"\r", b"")
            + b"\r\n\r\n",
            b"\r\n\r\n",
            b"Event\r\n\r\n",
            b": nothing\r\n\r\n",
            b"Event: Bad\r\nEvent: Worse\r\nActionID: 1\r\nActionID: 2\r\n\r\n",
            b"Response: Fail\r\n\xff\xfe\xfd\r\n\r\n",
            b"CommandID: x\r\nCommandID: y\r\nResult: %%%\r\n\r\n",
            b"Key" + b"y" * 3000 + b"\r\n\r\n",
            "Nåme: \udcff".encode("utf-8", "surrogatepass") + b"\r\n\r\n",
        ]
    )


def test_ten_thousand_good_frames_among_ten_thousand_bad_ones() -> None:
    dice = random.Random(7)
    stream = b"Asterisk Call Manager/11.0.0\r\n" + b"".join(
        junk(dice) + event(number) for number in range(10_000)
    )
    reader, frames, at = FrameReader(), [], 0
    while at < len(stream):
        size = dice.choice([1, 7, 100, 1500, 65536])
        frames += reader.feed(stream[at : at + size])
        at += size
    good = [frame for frame in frames if frame.get("Event") == "Good"]
    assert [frame["Number"] for frame in good] == [str(number) for number in range(10_000)]
    assert all(frame["Name"] == f"张伟 Søren: {frame['Number']}" for frame in good)
    assert reader.bad > 0


@given(st.binary(max_size=400), st.lists(st.integers(1, 50), max_size=20))
def test_no_bytes_disturb_the_frame_after_them(noise: bytes, cuts: list[int]) -> None:
    stream = noise + b"\r\n\r\n" + event(1)
    reader, frames, at = FrameReader(), [], 0
    for size in [*cuts, len(stream)]:
        frames += reader.feed(stream[at : at + size])
        at += size
    assert frames[-1].headers() == {"Event": "Good", "Number": "1", "Name": "张伟 Søren: 1"}


@given(st.dictionaries(st.from_regex(r"\A[A-Z][a-z]{0,9}\Z"), st.text(max_size=30)))
def test_a_frame_says_what_was_sent(headers: dict[str, str]) -> None:
    clean = {key: "".join(v for v in value if v not in "\r\n") for key, value in headers.items()}
    text = "\r\n".join(f"{key}: {value}" for key, value in clean.items())
    frame = Frame(text.encode())
    assert frame.headers() == clean
    assert {name: frame[name] for name in clean} == clean
    assert {name: frame.get(name) for name in clean} == clean
    assert all(name in frame for name in clean)


def test_of_a_doubled_header_the_first_counts_and_variables_are_kept() -> None:
    frame = Frame(b"Event: A\r\nEvent: B\r\nVariable: x=1\r\nVariable: y=2\r\nno colon\r\nEmpty: ")
    assert (frame["Event"], frame.get("Event"), frame.headers()["Event"]) == ("A", "A", "A")
    assert frame.all("Variable") == ["x=1", "y=2"]
    assert (frame["Empty"], frame.get("no colon", "?"), "Nothing" in frame) == ("", "?", False)
    with pytest.raises(KeyError):
        frame["Nothing"]


def test_a_frame_without_end_is_an_error() -> None:
    reader = FrameReader()
    for _ in range(FRAME_BYTES_MAX // 65536):
        assert reader.feed(b"x" * 65536) == []
    with pytest.raises(EndlessFrame):
        reader.feed(b"x")


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("200%20result%3D1%20%28%29%0A", AgiResult(200, "1", "")),
        ("200%20result%3D1%20%28OK%3A47%29%0A", AgiResult(200, "1", "OK:47")),
        ("200%20result%3D12%0A", AgiResult(200, "12")),
        ("200%20result%3D%20%28timeout%29%0A", AgiResult(200, "", "timeout")),
        ("200%20result%3D12%20%28timeout%29", AgiResult(200, "12", "timeout")),
        ("200%20result%3D1%20%284711%29%0A", AgiResult(200, "1", "4711")),
        ("200 result=1 (hangup)", AgiResult(200, "1", "hangup")),
        ("200+result%3D-1%0A", AgiResult(200, "-1")),
        ("510 Invalid or unknown command", AgiResult(510)),
        ("520-Invalid command syntax.  Proper usage follows:", AgiResult(520)),
        ("HANGUP", AgiResult(0)),
        ("", AgiResult(0)),
        ("²00 result=1", AgiResult(0)),
    ],
)
def test_results_of_agi_commands(text: str, result: AgiResult) -> None:
    assert read_agi_result(text) == result


@given(st.text(max_size=200))
def test_no_result_raises(text: str) -> None:
    read_agi_result(text)


def test_arguments_of_an_agi_session() -> None:
    env = "agi_request%3A%20async%0Aagi_arg_1%3A%20%2B4930%0Aagi_arg_2%3A%20%0Aagi_arg_3%3A%20BUSY"
    assert read_agi_arguments(env) == {1: "+4930", 2: "", 3: "BUSY"}


def test_names_lose_their_escapes() -> None:
    assert plain_text(r"O\'Neil \"Bob\" \\ 张\n") == 'O\'Neil "Bob" \\ 张 '
    assert plain_text("\x01Bob\x7f\x1b") == "Bob"


@given(st.text(min_size=1, max_size=60))
def test_an_agi_argument_stays_one_argument(value: str) -> None:
    """Read back as res_agi.c (parse_args) does."""
    try:
        quoted = actions.agi_argument(value)
    except ValueError:
        return
    assert quoted[0] == quoted[-1] == '"'
    inner, read, escaped = quoted[1:-1], "", False
    for letter in inner:
        if not escaped and letter == "\\":
            escaped = True
            continue
        assert escaped or letter != '"'
        read, escaped = read + letter, False
    assert read == value


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=50), max_size=4))
def test_what_passes_the_check_is_one_action(headers: dict[str, str]) -> None:
    try:
        actions.check(headers)
    except ValueError:
        return
    sent = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    assert sent.count("\n") == len(headers)
    assert "\0" not in sent


def test_many_facts_fit_into_few_actions() -> None:
    facts = {f"a{'b' * n}": "x" * 200 for n in range(10)}
    made = actions.tags("PJSIP/c-1", facts)
    for headers in made:
        actions.check(headers)
    assert "".join(headers["Value"] for headers in made).count("x") == 2000
    assert actions.tags("PJSIP/c-1", {}) == []


@pytest.mark.parametrize(
    ("typed", "collect", "expected"),
    [
        ("", Collect(), (None, "")),
        ("1", Collect(), ("1", "")),
        ("213", Collect(), ("2", "13")),
        ("12", Collect(digits_max=4), (None, "")),
        ("12#9", Collect(digits_max=4), ("12", "9")),
        ("#1", Collect(), ("", "1")),
        ("12345#", Collect(digits_max=4), ("1234", "5#")),
        ("1#2", Collect(digits_max=3, terminator=""), ("1#2", "")),
        ("1#2*", Collect(digits_max=9, terminator="*"), ("1#2", "")),
    ],
)
def test_digits_typed_ahead(typed: str, collect: Collect, expected: tuple[str | None, str]) -> None:
    assert split_digits(typed, collect) == expected
