"""The files that Asterisk reads: every value in its place, none that could be read as more."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from callcenter.asterisk.config import AsteriskDatabase, AsteriskSettings, render, write

pytestmark = pytest.mark.pure

SECRET = "s" * 32


def settings(folder: Path, **other: object) -> AsteriskSettings:
    made = AsteriskSettings(
        system_name="node1",
        modules_directory=Path("/modules"),
        data_directory=Path("/data"),
        music_directory=Path("/data/moh"),
        state_directory=folder / "state",
        run_directory=folder / "run",
        log_directory=folder / "log",
        talks_directory=folder / "talks",
        events_secret=SECRET + "e",
        control_secret=SECRET + "c",
    )
    return dataclasses.replace(made, **other)  # type: ignore[arg-type]


def test_all_places_are_filled_and_only_the_owner_may_read(tmp_path: Path) -> None:
    database = AsteriskDatabase("127.0.0.1", 5433, "callcenter", "asterisk", "p" * 20)
    main = write(settings(tmp_path, database=database, anonymous_callers=True), tmp_path / "etc")
    assert main == tmp_path / "etc" / "asterisk.conf"
    for file in (tmp_path / "etc").iterdir():
        assert "@{" not in file.read_text(), file
        assert file.stat().st_mode & 0o777 == 0o600
    assert "dbport = 5433" in (tmp_path / "etc" / "res_pgsql.conf").read_text()
    assert "preload = res_config_pgsql.so" in (tmp_path / "etc" / "modules.conf").read_text()


def test_the_operators_own_files_stay(tmp_path: Path) -> None:
    own = tmp_path / "etc" / "pjsip-local.conf"
    own.parent.mkdir()
    own.write_text("; mine")
    write(settings(tmp_path), tmp_path / "etc")
    write(settings(tmp_path, sip_port=5070), tmp_path / "etc")
    assert own.read_text() == "; mine"
    assert "5070" in (tmp_path / "etc" / "pjsip.conf").read_text()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("system_name", "a b"),
        ("system_name", "node\n[evil]"),
        ("events_secret", "short"),
        ("control_secret", "x" * 20 + ";y"),
        ("control_user", "acd-events"),
        ("state_directory", Path("/tmp/a;b")),
        ("ami_permit", ("everybody",)),
        ("trunk_addresses", ("10.0.0.1\nmatch=0.0.0.0/0",)),
        ("media_address", "here"),
        ("voicemail_boxes", ("General Box",)),
        ("rtp_end", 10000),
        ("database", AsteriskDatabase("h", 1, "n", "u", "a\nb")),
    ],
)
def test_a_value_that_could_be_read_as_more_is_refused(
    tmp_path: Path, field: str, value: object
) -> None:
    with pytest.raises(ValueError, match=r"\w") as caught:
        write(settings(tmp_path, **{field: value}), tmp_path / "etc")
    assert "x;y" not in str(caught.value), "a secret must not be shown"


def test_secrets_are_not_shown(tmp_path: Path) -> None:
    database = AsteriskDatabase("h", 1, "n", "u", "topsecret")
    shown = repr(settings(tmp_path, database=database))
    assert SECRET not in shown
    assert "topsecret" not in shown


def test_an_unknown_place_is_our_mistake() -> None:
    with pytest.raises(KeyError):
        render("a = @{nothing}", {})


def test_every_context_that_callers_enter_has_its_safety_nets(tmp_path: Path) -> None:
    write(settings(tmp_path), tmp_path / "etc")
    dialplan = (tmp_path / "etc" / "extensions.conf").read_text()
    contexts = dict(re.findall(r"^\[(\w+)\]\n(.*?)(?=^\[|\Z)", dialplan, re.MULTILINE | re.DOTALL))
    for name in (
        "callers", "acd", "connect", "hold", "unhold", "agentleg", "agents", "fallback",
        "voicemail",
    ):  # fmt: skip
        for extension in ("T", "e", "i"):
            assert f"exten => {extension},1," in contexts[name], (name, extension)
    assert not re.search(r"exten => _\.", dialplan)
    assert not re.search(r"(System|SHELL|TrySystem|CURL)\(", dialplan)


def test_without_a_trunk_nobody_may_dial(tmp_path: Path) -> None:
    write(settings(tmp_path), tmp_path / "etc")
    assert "originate" not in _rights(tmp_path)
    assert "[trunk]" not in (tmp_path / "etc" / "pjsip.conf").read_text()


def test_a_trunk_to_dial_by(tmp_path: Path) -> None:
    write(settings(tmp_path, outbound_trunk="trunk.example:5070"), tmp_path / "etc")
    assert _rights(tmp_path) == ["write =", "write = call,agi,reporting,agent,originate"]
    assert "contact = sip:trunk.example:5070\n" in (tmp_path / "etc" / "pjsip.conf").read_text()
    write(settings(tmp_path, outbound_trunk="local"), tmp_path / "etc")
    assert "originate" in " ".join(_rights(tmp_path))
    assert "[trunk]" not in (tmp_path / "etc" / "pjsip.conf").read_text()
    with pytest.raises(ValueError, match="outbound_trunk"):
        write(settings(tmp_path, outbound_trunk="a\n[evil]"), tmp_path / "etc")


def _rights(folder: Path) -> list[str]:
    lines = (folder / "etc" / "manager.conf").read_text().splitlines()
    return [line for line in lines if line.startswith("write =")]
