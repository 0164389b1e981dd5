"""What one checkout keeps another one takes whole, or not at all."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from scripts import warm

pytestmark = pytest.mark.pure

SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.fixture(autouse=True)
def own_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


def made(folder: Path, text: str = "good") -> Path:
    (folder / "deep").mkdir(parents=True)
    (folder / "deep" / "file").write_text(text)
    (folder / "link").symlink_to("deep/file")
    return folder


def test_what_was_kept_is_taken_with_its_links(tmp_path: Path) -> None:
    warm.keep("thing", "key", made(tmp_path / "one"))
    assert warm.take("thing", "key", tmp_path / "two")
    assert (tmp_path / "two/deep/file").read_text() == "good"
    assert (tmp_path / "two/link").readlink() == Path("deep/file")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["cache", "one", "two"]


def test_another_key_has_nothing_and_what_is_there_stays(tmp_path: Path) -> None:
    warm.keep("thing", "key", made(tmp_path / "one"))
    assert not warm.take("thing", "other", tmp_path / "two")
    assert not warm.take("thing", "key", made(tmp_path / "three", "mine"))
    assert (tmp_path / "three/deep/file").read_text() == "mine"


@pytest.mark.parametrize("linked", [False, True])
def test_a_file_written_anew_changes_nothing_that_is_kept(tmp_path: Path, linked: bool) -> None:
    warm.keep("thing", "key", made(tmp_path / "one"), linked=linked)
    warm.take("thing", "key", tmp_path / "two", linked=linked)
    file = tmp_path / "two/deep/file"
    assert (file.stat().st_nlink > 1) is linked
    warm.write_anew(file, "changed")
    warm.take("thing", "key", tmp_path / "three", linked=linked)
    assert (tmp_path / "three/deep/file").read_text() == "good"


def test_the_ones_unused_for_longest_go(tmp_path: Path) -> None:
    for number in range(warm.KEPT_MAX):
        warm.keep("thing", f"key{number}", made(tmp_path / f"one{number}"))
        os.utime(warm.place() / "thing" / f"key{number}", (number, number))
    assert warm.take("thing", "key0", tmp_path / "used")
    warm.keep("thing", "new", made(tmp_path / "new"))
    kept = {path.name for path in (warm.place() / "thing").iterdir()}
    assert kept == {"key0", "new", *(f"key{n}" for n in range(2, warm.KEPT_MAX))}


def test_what_a_killed_run_left_half_made_goes_after_a_day(tmp_path: Path) -> None:
    folder = warm.place() / "thing"
    for name, hours in (("making-1", 25), ("making-2", 1)):
        made(folder / name)
        os.utime(folder / name, (at := time.time() - hours * 3600, at))
    warm.keep("thing", "key", made(tmp_path / "one"))
    assert {path.name for path in folder.iterdir()} == {"key", "making-2"}


def test_where_nothing_can_be_kept_nothing_happens(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the folder should be")
    warm.keep("thing", "key", made(tmp_path / "one"))
    assert not warm.take("thing", "key", tmp_path / "two")


def test_takers_beside_a_keeper_get_all_or_nothing(tmp_path: Path) -> None:
    """A second one keeps the same key over and over; nobody ever sees a half of it."""
    source = made(tmp_path / "one")
    for number in range(200):
        (source / str(number)).write_text("x")
    warm.keep("thing", "key", source)
    code = (
        "import sys, pathlib, warm\n"
        "for _ in range(15): warm.keep('thing', 'key', pathlib.Path(sys.argv[1]))"
    )
    command = [sys.executable, "-c", code, str(source)]
    keeper = threading.Thread(target=lambda: subprocess.run(command, cwd=SCRIPTS, check=True))
    keeper.start()
    taken, tries = 0, 0
    while keeper.is_alive() or not tries:
        tries += 1
        target = tmp_path / f"taken{tries}"
        if warm.take("thing", "key", target):
            taken += 1
            assert len(list(target.iterdir())) == 202
        else:
            assert not target.exists()
    keeper.join()
    assert warm.take("thing", "key", tmp_path / "last")
    assert taken
