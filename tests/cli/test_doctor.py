"""The doctor finds what is wrong, and says what to do."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from callcenter.cli import doctor_asterisk, doctor_parts
from callcenter.cli.findings import Finding, lines
from callcenter.cli.manager_talk import ManagerRefused, ManagerTalk
from callcenter.settings import Settings

pytestmark = pytest.mark.web


class Manager:
    """A manager interface that knows two users and what each may do."""

    def __init__(self, rights: dict[str, tuple[str, ...]]) -> None:
        self._rights = rights
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._thread = threading.Thread(target=self._serve)
        self._thread.start()

    def close(self) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while True:
            try:
                peer, _ = self._listener.accept()
            except OSError:
                return
            with peer, peer.makefile("rwb") as talk:
                self._talk(talk)

    def _talk(self, talk: object) -> None:
        talk.write(b"Asterisk Call Manager/11.0.0\r\n")  # type: ignore[attr-defined]
        talk.flush()  # type: ignore[attr-defined]
        user = ""
        asked: dict[str, str] = {}
        for line in talk:  # type: ignore[attr-defined]
            name, colon, value = line.decode().strip().partition(": ")
            if colon:
                asked[name] = value
                continue
            user = asked.get("Username", user)
            talk.write(self._answer(asked, user))  # type: ignore[attr-defined]
            talk.flush()  # type: ignore[attr-defined]
            asked = {}

    def _answer(self, asked: dict[str, str], user: str) -> bytes:
        event = b"Event: FullyBooted\r\nStatus: Fully Booted\r\n\r\n"
        match asked["Action"]:
            case "Login" if asked["Secret"] == "right" and user in self._rights:
                return event + b"Response: Success\r\nMessage: Authentication accepted\r\n\r\n"
            case "ListCommands":
                names = "".join(f"{name}: what it does\r\n" for name in self._rights[user])
                return f"Response: Success\r\n{names}\r\n".encode()
            case "CoreSettings":
                return b"Response: Success\r\nAsteriskVersion: 22.10.1\r\n\r\n"
        return b"Response: Error\r\nMessage: Authentication failed\r\n\r\n"


CONTROL = ("AGI", "Getvar", "Hangup", "Redirect", "Setvar", "Status", *doctor_asterisk.MODULES)


@pytest.fixture
def manager() -> Iterator[Manager]:
    made = Manager({"acd-events": ("Ping",), "acd-ctl": CONTROL})
    yield made
    made.close()


def settings(folder: Path, port: int, **secrets: str) -> Settings:
    file = folder / "secrets.json"
    file.unlink(missing_ok=True)
    file.write_text(json.dumps({"acd-events": "right", "acd-ctl": "right"} | secrets))
    file.chmod(0o400)
    return Settings(data_directory=folder, asterisk_ami_port=port, asterisk_secrets_file=file)


def verdicts(findings: list[Finding]) -> dict[str, str]:
    return {finding.part: finding.verdict for finding in findings}


def test_a_well_set_up_asterisk_is_well(tmp_path: Path, manager: Manager) -> None:
    found = list(doctor_asterisk.manager(settings(tmp_path, manager.port)))
    assert set(verdicts(found).values()) == {"ok"}


def test_a_wrong_secret_is_told_with_the_user(tmp_path: Path, manager: Manager) -> None:
    wrong = settings(tmp_path, manager.port, **{"acd-ctl": "wrong"})
    found = {finding.part: finding for finding in doctor_asterisk.manager(wrong)}
    assert found["Manager user acd-ctl"].verdict == "bad"
    assert "Authentication failed" in found["Manager user acd-ctl"].text
    assert "manager.conf" in found["Manager user acd-ctl"].todo
    assert found["Manager user acd-events"].verdict == "ok"


def test_missing_and_surplus_rights_are_told_apart(tmp_path: Path) -> None:
    made = Manager({"acd-events": ("Redirect",), "acd-ctl": ("AGI", "Command")})
    try:
        found = {f.part: f for f in doctor_asterisk.manager(settings(tmp_path, made.port))}
    finally:
        made.close()
    assert found["Manager user acd-events"].verdict == "look"
    assert "redirect" in found["Manager user acd-events"].text
    assert found["Manager user acd-ctl"].verdict == "bad"
    assert "hangup" in found["Manager user acd-ctl"].text


def test_an_asterisk_that_is_away_is_told_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    found = list(doctor_asterisk.manager(settings(tmp_path, port)))
    assert verdicts(found) == {"Asterisk": "bad"}
    assert found[0].todo


def test_a_manager_that_says_no_raises_its_words(manager: Manager) -> None:
    with (
        ManagerTalk("127.0.0.1", manager.port) as talk,
        pytest.raises(ManagerRefused, match="Authentication failed"),
    ):
        talk.ask({"Action": "Login", "Username": "acd-ctl", "Secret": "wrong"})


@pytest.mark.parametrize(
    ("loaded", "verdict"),
    [
        ("codec_alaw.so x\ncodec_opus_open_source.so x\ncodec_ulaw.so x", "ok"),
        ("codec_alaw.so x\ncodec_ulaw.so x", "bad"),
    ],
)
def test_codecs(loaded: str, verdict: str) -> None:
    assert doctor_asterisk.codecs(lambda _: loaded).verdict == verdict


def test_a_data_folder_that_is_not_there(tmp_path: Path) -> None:
    (finding,) = doctor_parts.disk(tmp_path / "none")
    assert (finding.verdict, bool(finding.todo)) == ("bad", True)


def test_a_data_folder_of_root_is_told(tmp_path: Path) -> None:
    told = {finding.part: finding.verdict for finding in doctor_parts.disk(tmp_path)}
    assert told["Data folder"] == "ok"
    assert ("Account" in told) == (tmp_path.stat().st_uid == 0)


def test_what_is_found_is_shown_with_what_to_do() -> None:
    shown = list(lines([Finding("Disk", "bad", "full", "Make room.")]))
    assert shown[0].startswith("BAD   Disk")
    assert shown[1].endswith("-> Make room.")
