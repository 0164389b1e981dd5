"""Secrets are made once, read by their owner alone, and never shown."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from callcenter.secret_files import SecretUnusable, read, read_or_make, write_once

pytestmark = pytest.mark.pure


def test_a_secret_is_made_at_the_first_run_and_stays(tmp_path: Path) -> None:
    folder = tmp_path / "data" / "secrets"
    made = read_or_make(folder, "manager")
    assert len(made) >= 43
    assert read_or_make(folder, "manager") == made
    assert read_or_make(folder, "other") != made
    assert stat.S_IMODE((folder / "manager").stat().st_mode) == 0o400
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_two_starts_at_once_agree(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: read_or_make(tmp_path / "s", "one"), range(64)))
    assert len(found) == 1
    assert [path.name for path in (tmp_path / "s").iterdir()] == ["one"]


@pytest.mark.parametrize(
    ("content", "mode", "told"),
    [(b"", 0o400, "is empty"), (b"  \n", 0o400, "is empty"), (b"hush", 0o444, "by others"),
     (b"hush", 0o640, "by others"), (b"\xff\xfe", 0o400, "cannot be read")],
)  # fmt: skip
def test_an_unusable_secret_is_told_without_its_content(
    tmp_path: Path, content: bytes, mode: int, told: str
) -> None:
    file = tmp_path / "secret"
    file.write_bytes(content)
    file.chmod(mode)
    with pytest.raises(SecretUnusable, match=told) as refused:
        read(file)
    assert str(file) in str(refused.value)
    assert "hush" not in str(refused.value)


def test_nothing_is_written_over(tmp_path: Path) -> None:
    write_once(tmp_path / "a", b"first")
    with pytest.raises(FileExistsError):
        write_once(tmp_path / "a", b"second")
    assert (tmp_path / "a").read_bytes() == b"first"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("name", ["", "../x", "a/b", "A", ".hidden", "x" * 65, "a\n"])
def test_a_name_that_could_be_a_path_is_our_own_mistake(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        read_or_make(tmp_path, name)
