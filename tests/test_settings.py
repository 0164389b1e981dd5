"""A wrong or missing setting stops the start with its name, what was read and what is expected."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from callcenter.settings import Settings, SettingsMistakes, load_settings, masked

pytestmark = pytest.mark.pure


@pytest.fixture(autouse=True)
def bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.startswith("CALLCENTER_"):
            monkeypatch.delenv(name)


def mistakes_of(monkeypatch: pytest.MonkeyPatch, **variables: str) -> SettingsMistakes:
    for name, value in variables.items():
        monkeypatch.setenv(f"CALLCENTER_{name}", value)
    with pytest.raises(SettingsMistakes) as stopped:
        load_settings()
    return stopped.value


def test_nothing_has_to_be_set() -> None:
    settings = load_settings()
    assert (settings.listen_address, settings.listen_port) == ("127.0.0.1", 8080)
    assert (settings.loopback, settings.tls, settings.asterisk_mode) == (True, False, "private")
    assert settings.secrets_directory == settings.data_directory / "secrets"


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [("LISTEN_ADDRESS", "everywhere", "an IP address to listen on"),
     ("LISTEN_ADDRESS", "1.2.3.4.5", "an IP address to listen on"),
     ("LISTEN_PORT", "http", "a TCP port"), ("LISTEN_PORT", "70000", "a TCP port"),
     ("LISTEN_PORT", "-1", "a TCP port"), ("DATABASE_URL", "mysql://h/d", "postgresql://"),
     ("DATABASE_URL", "postgresql://h", "postgresql://"), ("DATABASE_URL", "h", "postgresql://"),
     ("ASTERISK_MODE", "cloud", '"private"'), ("ASTERISK_HOST", "a b", "the host name"),
     ("ASTERISK_HOST", "-x", "the host name"), ("ASTERISK_AMI_PORT", "0", "the TCP port"),
     ("ASTERISK_EVENTS_USER", "a\r\nb", "a manager user"),
     ("ASTERISK_SIP_WS_URL", "http://h/ws", "ws://host:port/ws"),
     ("MEDIA_ADDRESS", "media.example", "the IP address that phones"),
     ("COUNTRY", "XX", "a two-letter country code"), ("COUNTRY", "China", "a two-letter"),
     ("OUTBOUND_TRUNK", "sip:trunk", "host or host:port"),
     ("OUTBOUND_TRUNK", "trunk\n[evil]", "host or host:port"),
     ("OUTBOUND_CALLER_ID", "8621", "as +8621..., E.164"),
     ("OUTBOUND_COUNTRIES", "GB,XX", "two-letter codes"),
     ("OUTBOUND_BLOCKED", "400", "beginnings of numbers"),
     ("OUTBOUND_AT_ONCE_MAX", "-1", "0 to 1000"),
     ("LOG_LEVEL", "loud", "debug, info, warning or error"),
     ("ORIGINS", "example.com", "further addresses"),
     ("ORIGINS", "https://a.example/path", "further addresses"),
     ("TLS_CERTIFICATE", "/does/not/exist", "a PEM file"),
     ("ASTERISK_SECRETS_FILE", "/etc", "a JSON file, mode 0400")],
)  # fmt: skip
def test_a_wrong_value_is_told_with_its_name_and_what_is_expected(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, expected: str
) -> None:
    stopped = mistakes_of(monkeypatch, **{name: value})
    assert [one.variable for one in stopped.mistakes] == [f"CALLCENTER_{name}"]
    told = str(stopped)
    assert repr(value) in told or name == "DATABASE_URL"
    assert expected in told
    assert "Traceback" not in told


def test_all_mistakes_are_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    told = str(mistakes_of(monkeypatch, LISTEN_PORT="x", COUNTRY="??", LISTENPORT="1"))
    assert told.splitlines()[0] == "callcenter cannot start: 3 settings are wrong."
    assert len(told.splitlines()) == 4


def test_a_misspelt_name_is_told_with_the_right_one(monkeypatch: pytest.MonkeyPatch) -> None:
    stopped = mistakes_of(monkeypatch, DATABSE_URL="postgresql://u:hush@h/d")
    assert "perhaps CALLCENTER_DATABASE_URL" in str(stopped)
    assert "hush" not in str(stopped)


@pytest.mark.parametrize(
    "url",
    ["mysql://user:hush@h/d", "postgresql://user:hush@h", "hush", "postgres//user:hush@h/d",
     "mysql://user:hu@hush@h/d"],
)  # fmt: skip
def test_passwords_in_addresses_are_masked(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    assert "hush" not in str(mistakes_of(monkeypatch, DATABASE_URL=url))


def test_masking_keeps_what_helps() -> None:
    assert (
        masked("postgresql://ada:a:b@c@db.example:5/cc") == "postgresql://ada:***@db.example:5/cc"
    )
    assert masked("postgresql://db.example/cc") == "postgresql://db.example/cc"


def test_a_certificate_needs_its_key(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    certificate = tmp_path / "c.pem"
    certificate.write_text("x")
    told = str(mistakes_of(monkeypatch, TLS_CERTIFICATE=str(certificate)))
    assert "CALLCENTER_TLS_KEY is not set (CALLCENTER_TLS_CERTIFICATE is set and needs it)" in told


def test_a_remote_asterisk_needs_its_address_secrets_and_websocket(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stopped = mistakes_of(monkeypatch, ASTERISK_MODE="remote")
    assert [one.variable.removeprefix("CALLCENTER_") for one in stopped.mistakes] == [
        "ASTERISK_HOST", "ASTERISK_SECRETS_FILE", "ASTERISK_SIP_WS_URL"
    ]  # fmt: skip


def test_a_secrets_file_that_others_can_read_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "secrets.json"
    file.write_text('{"acd-ctl": "hush"}')
    file.chmod(0o644)
    told = str(mistakes_of(monkeypatch, ASTERISK_SECRETS_FILE=str(file)))
    assert "its mode is 0644" in told
    assert "chmod 0400" in told
    assert "hush" not in told


def test_empty_means_not_set_and_case_and_spaces_are_forgiven(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name, value in {
        "MEDIA_ADDRESS": "", "COUNTRY": "gb", "LOG_LEVEL": "INFO", "LISTEN_ADDRESS": "localhost",
        "ORIGINS": " https://cc.example:443/ , http://[::1]:8080 ",
    }.items():  # fmt: skip
        monkeypatch.setenv(f"CALLCENTER_{name}", value)
    settings = load_settings()
    assert (settings.media_address, settings.country, settings.log_level) == (None, "GB", "info")
    assert settings.listen_address == "127.0.0.1"
    assert settings.origins == ("https://cc.example", "http://[::1]:8080")


def test_variables_of_the_scripts_are_not_mistaken_for_settings(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("CALLCENTER_PYTHON", "python3.11")
    assert isinstance(load_settings(), Settings)


@pytest.mark.parametrize(("address", "tls"), [("127.0.0.1", False), ("::1", False),
                                              ("0.0.0.0", True), ("10.0.0.1", True)])  # fmt: skip
def test_every_address_but_loopback_speaks_tls(
    monkeypatch: pytest.MonkeyPatch, address: str, tls: bool
) -> None:
    monkeypatch.setenv("CALLCENTER_LISTEN_ADDRESS", address)
    assert load_settings().tls is tls


def test_a_bucket_needs_its_keys_and_https_where_others_could_listen(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    url = "https://s3.example.com/talks/centre"
    told = str(mistakes_of(monkeypatch, RECORDINGS_BUCKET_URL=url))
    assert "CALLCENTER_RECORDINGS_BUCKET_SECRETS_FILE is not set" in told
    keys = tmp_path / "bucket.json"
    keys.write_text("{}")
    keys.chmod(0o444)
    told = str(mistakes_of(monkeypatch, RECORDINGS_BUCKET_SECRETS_FILE=str(keys)))
    assert "its mode is 0444" in told
    keys.chmod(0o400)
    for wrong, why in {
        "http://s3.example.com/talks": "http only to this machine or a private address",
        "https://key:secret@s3.example.com/talks": "keys belong into the secrets file",
        "https://s3.example.com": "https://host/bucket",
        "https://s3.example.com/talks/../others": "letters, digits",
    }.items():
        told = str(mistakes_of(monkeypatch, RECORDINGS_BUCKET_URL=wrong))
        assert why in told
        assert "key:secret" not in told
    monkeypatch.setenv("CALLCENTER_RECORDINGS_BUCKET_URL", "http://127.0.0.1:9000/talks")
    assert load_settings().recordings_bucket_url == "http://127.0.0.1:9000/talks"
    monkeypatch.delenv("CALLCENTER_RECORDINGS_BUCKET_URL")
    with pytest.raises(SettingsMistakes, match="RECORDINGS_BUCKET_URL is not set"):
        load_settings()
