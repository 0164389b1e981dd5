"""A long log is begun anew under the program that goes on writing it."""

from __future__ import annotations

from pathlib import Path

import pytest

from callcenter.cli.log_files import LOOK_SECONDS, LogFiles

pytestmark = pytest.mark.web


def test_a_long_log_is_begun_anew_and_its_writer_goes_on(tmp_path: Path) -> None:
    log, short, other = (tmp_path / name for name in ("service.log", "asterisk.log", "data.bin"))
    other.write_bytes(b"x" * 200)
    short.write_bytes(b"few words\n")
    with log.open("ab", buffering=0) as writer:
        writer.write(b"x" * 200)
        files = LogFiles([tmp_path, tmp_path / "not there"], bytes_max=100)
        files.look(0.0)
        writer.write(b"after\n")
        assert log.read_bytes() == b"after\n"
        assert (tmp_path / "service.log.1").read_bytes() == b"x" * 200
        writer.write(b"y" * 200)
        files.look(LOOK_SECONDS - 1)
        assert log.stat().st_size > 200
        files.look(LOOK_SECONDS + 1)
    assert log.read_bytes() == b""
    assert (tmp_path / "service.log.1").read_bytes() == b"after\n" + b"y" * 200
    assert short.read_bytes() == b"few words\n"
    assert other.stat().st_size == 200
