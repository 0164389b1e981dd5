"""`callcenter backup` and `restore`: everything comes back as it was, or nothing is touched."""

from __future__ import annotations

import asyncio
import io
import tarfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from callcenter.cli import backup as command
from callcenter.cli.backup_file import NotABackup, Writer, read_manifest, unpack
from callcenter.store.embedded import EmbeddedPostgres
from callcenter.store.engine import make_engine
from tests.database import bare_database, fresh_database

pytestmark = pytest.mark.db

Typed = Callable[..., tuple[int, str]]


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> Typed:
    def typed(url: str, data: Path, *words: object) -> tuple[int, str]:
        monkeypatch.setenv("CALLCENTER_DATABASE_URL", url)
        monkeypatch.setenv("CALLCENTER_DATA_DIRECTORY", str(data))
        app = typer.Typer()
        command.register(app)
        result = CliRunner().invoke(app, list(map(str, words)))
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.exit_code, result.output

    return typed


@pytest.fixture
def full(postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A centre with a customer and a recording: its database and its folder."""
    data = tmp_path / "centre"
    for name, content in (
        ("recordings/ab/留言.wav", b"sound" * 1000),
        ("kept-recordings/2026/11/talk", b"sealed sound"),
        ("prompts/en/welcome.wav", b"hello"),
        ("prompts/shelf/0a.wav", b"put out for Asterisk"),
        ("secrets/recordings", b"a key"),
        ("outbox/0001", b"a line"),
        ("epoch", b"7"),
    ):
        path = data / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    with fresh_database(postgres, "to_keep") as url:
        asyncio.run(_executed(url, "insert into people_seen (name) values ('张伟')"))
        yield url, data


async def _executed(url: str, statement: str) -> list[object]:
    engine = make_engine(url)
    try:
        async with engine.begin() as connection:
            if "people_seen" in statement:
                await connection.exec_driver_sql(
                    "create table if not exists people_seen (name text)"
                )
            found = await connection.exec_driver_sql(statement)
            return [tuple(row) for row in found] if found.returns_rows else []
    finally:
        await engine.dispose()


def test_everything_comes_back_in_an_empty_place_and_nowhere_else(
    full: tuple[str, Path], typed: Typed, postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    url, data = full
    file, other = tmp_path / "all.tar", tmp_path / "other"
    assert typed(url, data, "backup", file)[0] == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert typed(url, data, "restore", "--check", file)[0] == 0
    status, said = typed(url, data, "restore", file)
    assert status == 2
    assert "in use" in said
    with bare_database(postgres, "restored") as new:
        status, said = typed(new, other, "restore", file)
        assert status == 0, said
        assert "compared" in said
        assert asyncio.run(_executed(new, "select name from people_seen")) == [("张伟",)]
        assert (other / "recordings/ab/留言.wav").read_bytes() == b"sound" * 1000
        assert (other / "secrets/recordings").stat().st_mode & 0o777 == 0o400
        assert (other / "kept-recordings/2026/11/talk").read_bytes() == b"sealed sound"
        assert (other / "epoch").read_text() == "7"
        shown = [other / "prompts", other / "prompts/shelf", other / "prompts/shelf/0a.wav"]
        assert [path.stat().st_mode & 0o777 for path in shown] == [0o755, 0o755, 0o644]
        assert (other / "recordings/ab/留言.wav").stat().st_mode & 0o077 == 0
        assert (other / "outbox/0001").read_bytes() == b"a line"
        status, said = typed(new, tmp_path / "third", "restore", file)
        assert status == 2
        assert "tables already" in said
        assert not (tmp_path / "third" / "secrets" / "recordings").exists()


def test_a_backup_does_not_write_over_a_file(
    full: tuple[str, Path], typed: Typed, tmp_path: Path
) -> None:
    url, data = full
    file = tmp_path / "there.tar"
    file.write_bytes(b"something of mine")
    status, said = typed(url, data, "backup", file)
    assert (status, file.read_bytes()) == (2, b"something of mine")
    assert "exists already" in said


def archive(path: Path, **files: bytes) -> Path:
    with Writer(path) as made:
        for name, content in files.items():
            source = path.parent / "source"
            source.write_bytes(content)
            made.add(name, source)
        made.finish("1", "2026-01-01T00:00:00+00:00", {"public.a": 1})
    return path


def test_a_file_that_was_changed_cut_off_or_is_something_else_is_refused(tmp_path: Path) -> None:
    good = archive(tmp_path / "good.tar", one=b"first" * 5000, two=b"second")
    content = good.read_bytes()
    changed, cut, odd = (tmp_path / name for name in ("changed.tar", "cut.tar", "odd.tar"))
    changed.write_bytes(content.replace(b"first", b"fxrst", 1))
    cut.write_bytes(content[: len(content) // 2])
    odd.write_bytes(b"no archive at all")
    assert read_manifest(good).rows == {"public.a": 1}
    for number, (path, why) in enumerate(
        (
            (changed, "not as they were, the first: one"),
            (cut, "cannot be read: unexpected end"),
            (odd, "cannot be read|missing"),
        )
    ):
        with pytest.raises(NotABackup, match=why):
            unpack(path, tmp_path / f"out{number}")


def added(path: Path, info: tarfile.TarInfo) -> Path:
    archive(path, one=b"1")
    with tarfile.open(path, "a") as file:
        info.size = 4 if info.isreg() else 0
        file.addfile(info, io.BytesIO(b"evil"))
    return path


@pytest.mark.parametrize("name", ["../escaped", "one/../../escaped", "/tmp/escaped-backup"])
def test_an_archive_cannot_write_outside_its_folder(tmp_path: Path, name: str) -> None:
    path = added(tmp_path / "evil.tar", tarfile.TarInfo(name))
    with pytest.raises(NotABackup, match="write elsewhere"):
        unpack(path, tmp_path / "out")
    assert not (tmp_path / "escaped").exists()
    assert not Path("/tmp/escaped-backup").exists()


@pytest.mark.parametrize("kind", [tarfile.SYMTYPE, tarfile.LNKTYPE, tarfile.FIFOTYPE])
def test_an_archive_brings_files_alone(tmp_path: Path, kind: bytes) -> None:
    info = tarfile.TarInfo("recordings")
    info.type, info.linkname = kind, "/etc"
    path = added(tmp_path / "evil.tar", info)
    with pytest.raises(NotABackup, match="is no file"):
        unpack(path, tmp_path / "out")
    assert not (tmp_path / "out" / "recordings").exists()
