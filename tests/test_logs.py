"""A line of the log is one line of JSON, whatever strangers put into it."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from callcenter import logs

pytestmark = pytest.mark.pure


@pytest.fixture
def file(tmp_path: Path) -> Iterator[Path]:
    """The log in a file; what was there before comes back."""
    root = logging.getLogger()
    before, level = root.handlers[:], root.level
    for handler in before:
        root.removeHandler(handler)
    logs.set_up("info", tmp_path / "log")
    yield tmp_path / "log"
    for handler in root.handlers[:]:
        root.removeHandler(handler)
        handler.close()
    for handler in before:
        root.addHandler(handler)
    root.setLevel(level)
    logging.captureWarnings(False)


def test_a_line_has_time_level_logger_message_and_the_call(file: Path) -> None:
    log = logging.getLogger("callcenter.test")
    log.info("caller %s rang", "王", extra={"call": "17.1"})
    token = logs.current_call.set("17.2")
    log.debug("not told")
    log.warning("again")
    logs.current_call.reset(token)
    log.error("bare")
    lines = [json.loads(line) for line in file.read_text().splitlines()]
    assert [(one["level"], one["message"], one.get("call")) for one in lines] == [
        ("info", "caller 王 rang", "17.1"), ("warning", "again", "17.2"), ("error", "bare", None)
    ]  # fmt: skip
    assert lines[0]["time"].endswith("Z")
    assert lines[0]["logger"] == "callcenter.test"


FORGED = 'x\r\n{"level":"error","message":"forged"}'


@pytest.mark.parametrize("name", [FORGED, "\x1b[2J", "\u2028", "\x00", "\ud800", "\x85"])
def test_nobody_can_forge_a_line_or_speak_to_the_terminal(file: Path, name: str) -> None:
    logging.getLogger("callcenter.test").warning("login %s refused", name)
    content = file.read_bytes()
    assert content.count(b"\n") == 1
    assert all(32 <= byte < 127 or byte == 10 for byte in content)
    assert name in json.loads(content)["message"]


def test_an_exception_keeps_its_traceback_on_the_same_line(file: Path) -> None:
    try:
        raise RuntimeError("out")
    except RuntimeError:
        logging.getLogger("callcenter.test").exception("it failed")
    (line,) = file.read_text().splitlines()
    assert "RuntimeError: out" in json.loads(line)["traceback"]


def test_a_very_long_message_is_cut(file: Path) -> None:
    logging.getLogger("callcenter.test").info("x" * 100_000)
    assert len(file.read_text()) < logs.MESSAGE_MAX + 200
