"""Finding an Asterisk: new enough, whole, and never half a private one."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcenter.asterisk import install
from callcenter.asterisk.install import MODULES_NEEDED

pytestmark = pytest.mark.asterisk


def machine(top: Path, says: str, modules: tuple[str, ...] = MODULES_NEEDED) -> Path:
    """A system with an Asterisk that says this of itself."""
    folder = top / "usr/lib/x86_64-linux-gnu/asterisk/modules"
    for path in (folder, top / "usr/share/asterisk/sounds", top / "usr/sbin"):
        path.mkdir(parents=True)
    for name in modules:
        (folder / name).touch()
    binary = top / "usr/sbin/asterisk"
    binary.write_text(f"#!/bin/sh\necho '{says}'\n")
    binary.chmod(0o755)
    return top


@pytest.mark.parametrize(
    ("says", "version"),
    [
        ("Asterisk 20.6.0~dfsg+~cs6.13.40431414-2build5", "20.6.0"),
        ("Asterisk 22.10.1+dfsg+~cs6.17.60671434-1", "22.10.1"),
    ],
)
def test_one_that_is_new_enough_is_taken(tmp_path: Path, says: str, version: str) -> None:
    found = install.on_this_machine(machine(tmp_path, says))
    assert found is not None
    assert (found.version, found.root) == (version, None)
    assert found.command == (str(tmp_path / "usr/sbin/asterisk"),)
    assert found.sounds_folder == tmp_path / "usr/share/asterisk/sounds"


@pytest.mark.parametrize(
    "says", ["Asterisk 18.19.0", "Asterisk certified/18.9-cert5", "", "Segfault"]
)
def test_one_that_is_too_old_or_broken_is_not(tmp_path: Path, says: str) -> None:
    assert install.on_this_machine(machine(tmp_path, says)) is None


def test_one_without_pjsip_is_not(tmp_path: Path) -> None:
    assert install.on_this_machine(machine(tmp_path, "Asterisk 22.1.0", MODULES_NEEDED[1:])) is None


def test_a_system_without_one_has_none(tmp_path: Path) -> None:
    assert install.on_this_machine(tmp_path) is None


def test_half_a_private_copy_is_none(tmp_path: Path) -> None:
    loader = tmp_path / "usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2"
    loader.parent.mkdir(parents=True)
    loader.write_text("#!/bin/sh\n")
    assert install.in_folder(tmp_path) is None


def test_the_private_copy_runs_and_is_whole() -> None:
    found = install.find_or_make(look_on_machine=False)
    assert found.root is not None
    assert int(found.version.split(".")[0]) >= install.MAJOR_MIN
    assert list(found.music_folder.iterdir())
    assert (found.sounds_folder / "en").resolve().is_relative_to(found.root)
    assert install.find_or_make(look_on_machine=False) == found


def test_the_mirror_is_the_one_of_this_machine() -> None:
    assert install.machine_mirror().startswith(("http://", "https://", "file:", "copy:", "mirror"))


def test_what_root_has_made_on_this_machine_serves_who_has_none(tmp_path: Path) -> None:
    made = install.find_or_make(look_on_machine=False)
    assert made.root is not None
    mine = tmp_path / "mine"
    found = install.find_or_make(mine, look_on_machine=False, machine_cache=made.root.parent)
    assert found == made
    assert not mine.exists()
