"""The service's place is taken by the spare that waits, or by a new process where there is none."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from callcenter.cli.service_child import SPARE_AFTER_SECONDS, SPARE_AGAIN_SECONDS, ServiceChild
from tests.cli.test_children import gone, until

pytestmark = pytest.mark.web

# Says which kind it is, and goes on until it is ended, as the service does.
SERVICE = """
import os, sys, time
def say(word):
    print(word, os.getpid(), os.environ["TOLD"], flush=True)
if "--spare" in sys.argv:
    say("waits")
    if sys.stdin.readline() != "begin\\n":
        sys.exit(0)
    say("spare")
else:
    say("new")
time.sleep(60)
"""


class Place:
    def __init__(self, folder: Path, with_spare: bool = True) -> None:
        self.log = folder / "service.log"
        self.environment = {"TOLD": "one"}
        self.lines: list[str] = []
        self.child = ServiceChild(
            lambda: self.environment,
            self.log,
            self.lines.append,
            with_spare=with_spare,
            command=(sys.executable, "-c", SERVICE),
        )

    def said(self, word: str) -> list[tuple[int, str]]:
        """By whom so far: process and what it was told."""
        lines = (line.split() for line in self.log.read_text().splitlines())
        return [(int(line[1]), line[2]) for line in lines if line[0] == word]

    def has(self, word: str, times: int) -> bool:
        return until(lambda: len(self.said(word)) == times)

    @property
    def pid(self) -> int:
        assert self.child.process is not None
        return self.child.process.pid

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        assert self.child.process is not None
        self.child.process.wait(10)

    def with_a_spare(self) -> int:
        """Started at 0, and a spare loaded at the earliest time; its process."""
        self.child.start(0.0)
        assert self.has("new", 1)
        self.child.look(SPARE_AFTER_SECONDS)
        assert self.has("waits", 1)
        return self.said("waits")[0][0]


@pytest.fixture
def make(tmp_path: Path) -> Iterator[Callable[..., Place]]:
    made: list[Place] = []

    def one(with_spare: bool = True) -> Place:
        made.append(Place(tmp_path, with_spare))
        return made[-1]

    yield one
    for place in made:
        place.child.stop()


def test_the_spare_takes_the_place_of_a_service_that_was_killed(make: Callable[..., Place]) -> None:
    place = make()
    spare = place.with_a_spare()
    place.kill()
    place.child.look(11.0)
    assert place.pid == spare
    assert place.has("spare", 1)
    assert place.lines == ["  The service ended (signal SIGKILL); starting it again now"]
    place.child.look(11.0 + SPARE_AFTER_SECONDS)  # and the next one is loaded
    assert place.has("waits", 2)


def test_no_spare_is_loaded_while_consoles_come_back(make: Callable[..., Place]) -> None:
    place = make()
    place.child.start(0.0)
    assert place.has("new", 1)
    place.child.look(SPARE_AFTER_SECONDS - 0.1)
    place.kill()
    place.child.look(SPARE_AFTER_SECONDS)
    assert place.has("new", 2)
    assert place.said("waits") == []


def test_a_spare_that_died_costs_nothing_and_comes_again_later(make: Callable[..., Place]) -> None:
    place = make()
    spare = place.with_a_spare()
    os.kill(spare, signal.SIGKILL)
    assert until(lambda: gone(spare))
    place.kill()
    place.child.look(11.0)
    assert place.has("new", 2)
    place.child.look(11.0 + SPARE_AFTER_SECONDS)
    assert place.has("waits", 2)
    (_, _), (second, _) = place.said("waits")
    os.kill(second, signal.SIGKILL)
    assert until(lambda: gone(second))
    place.child.look(30.0)
    place.child.look(30.0 + SPARE_AGAIN_SECONDS - 0.1)
    assert len(place.said("waits")) == 2
    place.child.look(30.0 + SPARE_AGAIN_SECONDS)
    assert place.has("waits", 3)


def test_a_spare_that_knows_old_settings_is_not_taken(make: Callable[..., Place]) -> None:
    place = make()
    spare = place.with_a_spare()
    place.environment = {"TOLD": "two"}
    place.kill()
    place.child.look(11.0)
    assert place.has("new", 2)
    assert place.said("new")[1] == (place.pid, "two")
    assert until(lambda: gone(spare))


def test_both_are_ended_and_a_spare_alone_ends_by_itself(make: Callable[..., Place]) -> None:
    place = make()
    spare = place.with_a_spare()
    service = place.pid
    place.child.stop()
    assert gone(service)
    assert gone(spare)
    assert place.said("spare") == []


def test_who_wants_no_spare_has_none(make: Callable[..., Place]) -> None:
    place = make(with_spare=False)
    place.child.start(0.0)
    assert place.has("new", 1)
    place.child.look(SPARE_AFTER_SECONDS)
    place.kill()
    place.child.look(SPARE_AFTER_SECONDS)
    assert place.has("new", 2)
    assert place.said("waits") == []
