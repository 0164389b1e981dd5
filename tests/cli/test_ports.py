"""Ports are chosen once and kept, and chosen anew when somebody else took one."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from callcenter.cli import ports

pytestmark = pytest.mark.web


def test_they_are_kept_from_one_start_to_the_next(tmp_path: Path) -> None:
    file = tmp_path / "run" / "ports.json"
    first = ports.choose(file, {"ami": 0, "sip": 0})
    assert len(set(first.values())) == 2
    assert ports.choose(file, {"ami": 0, "sip": 0}) == first


def test_the_wanted_one_is_taken_if_it_is_free(tmp_path: Path) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        wanted = probe.getsockname()[1]
    assert ports.choose(tmp_path / "ports.json", {"sip": wanted}) == {"sip": wanted}


def test_one_that_was_taken_is_chosen_anew(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        taken = other.getsockname()[1]
        file.write_text(json.dumps({"ami": taken}))
        assert ports.choose(file, {"ami": taken})["ami"] != taken


def test_those_of_a_running_asterisk_stay(tmp_path: Path) -> None:
    file = tmp_path / "ports.json"
    with socket.socket() as own:
        own.bind(("127.0.0.1", 0))
        own.listen()
        used = own.getsockname()[1]
        file.write_text(json.dumps({"ami": used}))
        assert ports.choose(file, {"ami": 5038}, in_use=True) == {"ami": used}


@pytest.mark.parametrize("text", ["", "[]", '{"ami": "x"}', '{"ami": 99999999}', "{"])
def test_a_broken_file_is_no_trouble(tmp_path: Path, text: str) -> None:
    file = tmp_path / "ports.json"
    file.write_text(text)
    assert ports.is_free(ports.choose(file, {"ami": 0})["ami"])
