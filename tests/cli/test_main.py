"""The command line: documents for generators, flow checks, users, and readable refusals."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from acd.decisions import Considered, Decision
from callcenter.cli.main import app
from callcenter.core.centre import Centre
from callcenter.core.effects import RecordEvent, RecordPresence
from callcenter.core.inputs import CallArrived
from callcenter.runtime.journal import Journal
from callcenter.store.accounts import Accounts
from callcenter.store.engine import make_engine
from callcenter.store.times import to_datetime
from callcenter.web.passwords import Passwords
from tests.crm.test_interactions import write
from tests.scenarios.stories import caller_in, open_house
from tests.store.records import START
from tests.world.houses import house

pytestmark = pytest.mark.web

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch) -> Run:
    for name in os.environ:
        if name.startswith("CALLCENTER_"):
            monkeypatch.delenv(name)

    def invoke(*words: str, **variables: str) -> Result:
        env = {f"CALLCENTER_{name}": value for name, value in variables.items()}
        return CliRunner().invoke(app, words, env=env)

    return invoke


def test_it_says_its_version(run: Run) -> None:
    assert run("version").stdout.startswith("0.")


def test_the_openapi_document_is_printed_without_a_service(run: Run) -> None:
    document = json.loads(run("openapi").stdout)
    assert document["openapi"].startswith("3.1")
    assert "/api/customers/{customer}/timeline" in document["paths"]


def test_the_schema_of_the_websocket_requires_what_is_always_there(run: Run) -> None:
    document = json.loads(run("wire-schema").stdout)
    definitions: dict[str, Any] = document["$defs"]
    assert set(definitions["CallRow"]["required"]) == set(definitions["CallRow"]["properties"])
    assert definitions["GoAvailable"]["required"] == ["id", "type"]
    assert document["x-close-codes"]["SESSION_ENDED"] == 4401


COMMANDS = "serve up replay user flow doctor simulate staff settings why version openapi".split()
COMMANDS.append("wire-schema")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.exit_code == 0, result.output
    assert "Usage:" in result.stdout


def test_the_page_about_settings_is_what_the_program_says(run: Run) -> None:
    kept = Path(__file__).parents[2] / "docs" / "settings.md"
    told = run("settings").stdout
    assert kept.read_text("utf-8") == told, "callcenter settings > docs/settings.md"


def test_a_start_with_wrong_settings_ends_with_one_message_and_no_traceback(run: Run) -> None:
    result = run("serve", LISTEN_PORT="x", COUNTRY="ZZ")
    assert result.exit_code == 2
    assert result.stderr.startswith("callcenter cannot start: 2 settings are wrong.\n")
    assert "Traceback" not in result.output


def password_in(text: str) -> str:
    return text.rsplit(" ", 1)[-1].strip()


def test_a_user_is_made_and_given_a_new_password(run: Run, database_url: str) -> None:
    made = run("user", "add", "root", "--role", "administrator", DATABASE_URL=database_url)
    assert made.exit_code == 0, made.output
    renewed = run("user", "reset", "ROOT", DATABASE_URL=database_url)
    assert renewed.exit_code == 0, renewed.output

    async def check() -> tuple[bool, bool]:
        engine = make_engine(database_url)
        found = await Accounts(engine).credentials("root")
        await engine.dispose()
        assert found is not None
        assert found[0].role == "administrator"
        passwords = Passwords()
        old, new = (password_in(result.stdout) for result in (made, renewed))
        outcome = await passwords.matches(old, found[1]), await passwords.matches(new, found[1])
        passwords.close()
        return outcome

    assert asyncio.run(check()) == (False, True)


@pytest.mark.parametrize(
    ("words", "told"),
    [(("add", "root2", "--role", "king"), "--role king"), (("reset", "nobody"), "no user nobody"),
     (("add", "x", "--agent", "ghost"), "there is no such agent"),
     (("add", "x", "--locale", "fr"), "--locale fr")],
)  # fmt: skip
def test_a_user_that_cannot_be_made_is_refused_readably(
    run: Run, database_url: str, words: tuple[str, ...], told: str
) -> None:
    result = run("user", *words, DATABASE_URL=database_url)
    assert result.exit_code == 2
    assert told in result.stderr
    assert "Traceback" not in result.output


def test_why_a_call_waited_is_read_from_the_database(run: Run, database_url: str) -> None:
    considered = (Considered("ben", "not-free", "lunch for 5 s"),)
    why = Decision("why.1", "sales", START, "ada", 1, 0, "linear", 9.0, 1, considered, {"x": 1})
    offer = RecordEvent("why.1", 1, START, "offered", {"agent": "ada", "why": why.to_json()})

    async def fill() -> None:
        engine = make_engine(database_url)
        await write(engine, offer, RecordPresence("ben", 1, START - 9, "paused", "lunch"))
        await engine.dispose()

    asyncio.run(fill())
    told = run("why", "call", "why.1", DATABASE_URL=database_url)
    assert told.exit_code == 0, told.output
    assert "offered agent=ada" in told.stdout
    assert "ben: lunch for 5 s" in told.stdout
    known = json.loads(run("why", "call", "why.1", "--json", DATABASE_URL=database_url).stdout)
    assert known["steps"][0]["data"]["why"]["chosen"] == "ada"
    assert known["now"] is None
    since, until = (to_datetime(at).isoformat() for at in (START - 60, START + 60))
    told = run("why", "agent", "ben", "--since", since, "--until", until, DATABASE_URL=database_url)
    assert "paused (lunch) for 69 s" in told.stdout


def test_why_a_call_waits_now_is_read_from_the_journal_of_the_running_service(
    run: Run, database_url: str, tmp_path: Path
) -> None:
    world = open_house(config=house(), journal=Journal(tmp_path / "journal"))
    world.on_duty("ada")
    line = caller_in(world, choice="1")  # rings at ada
    second = caller_in(world, choice="1")
    world.run(1)
    places = {"DATABASE_URL": database_url, "DATA_DIRECTORY": str(tmp_path)}
    told = run("why", "call", second.id, **places)
    assert told.exit_code == 0, told.output
    assert f"{second.id} in queue sales: offered to nobody" in told.stdout
    assert "in line, by the journal" in told.stdout
    known = json.loads(run("why", "call", second.id, "--json", **places).stdout)
    codes = {one["agent"]: one["code"] for one in known["now"]["considered"]}
    assert codes == {"ada": "not-free", "cy": "not-free"}
    begin, end = (to_datetime(world.now + by).isoformat() for by in (-60, 60))
    span = ("--since", begin, "--until", end)
    told = run("why", "agent", "ada", *span, **places)
    assert ": offered" in told.stdout, told.output
    world.asterisk.caller_hangs_up(line)
    world.asterisk.caller_hangs_up(second)
    world.run(1)
    gone = run("why", "call", second.id, **places)
    assert (gone.exit_code, "it is in no line" in gone.stderr) == (2, True)
    assert world.journal is not None
    world.journal.close()


def test_a_journal_that_cannot_be_read_is_said_and_what_is_stored_is_told_all_the_same(
    run: Run, database_url: str, tmp_path: Path
) -> None:
    journal = Journal(tmp_path / "journal")
    journal.open_segment(Centre())
    journal.close()
    segment = next((tmp_path / "journal").glob("inputs-*.jsonl"))
    segment.write_text('{"t":1.0,"i":{"_class":"Nonsense"},"e":1}\n')
    places = {"DATABASE_URL": database_url, "DATA_DIRECTORY": str(tmp_path)}
    result = run("why", "call", "nothing.2", **places)
    assert result.exit_code == 2
    assert "the journal cannot be read" in result.stderr
    assert "nothing is stored of call nothing.2" in result.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("call", "nothing.1"), "nothing is stored of call nothing.1"),
        (("agent", "nobody"), "nothing is known of agent nobody"),
        (("agent", "ben", "--since", "yesterday"), "--since yesterday: write a time as"),
        (("agent", "ben", "--until", "2000-01-01", "--since", "2001-01-01"), "is not after"),
    ],
)
def test_a_why_without_an_answer_is_refused_readably(
    run: Run, database_url: str, words: tuple[str, ...], told: str
) -> None:
    result = run("why", *words, DATABASE_URL=database_url)
    assert result.exit_code == 2
    assert told in result.stderr
    assert "Traceback" not in result.output


def test_a_database_that_is_away_is_told_readably(run: Run) -> None:
    url = "postgresql://nobody:hush@127.0.0.1:1/none"
    result = run("user", "reset", "root", DATABASE_URL=url)
    assert result.exit_code == 2
    assert "hush" not in result.output
    assert "Traceback" not in result.output


def test_a_journal_is_replayed_and_another_decision_is_told(run: Run, tmp_path: Path) -> None:
    journal = Journal(tmp_path)
    centre = Centre()
    journal.open_segment(centre)
    for number in range(5):
        arrived = CallArrived(f"17.{number}", f"PJSIP/trunk-{number}", "", "", "100")
        journal.begin(arrived, 1000.0 + number)
        journal.end(centre.step(arrived, 1000.0 + number))
    journal.close()
    same = run("replay", str(tmp_path))
    assert same.exit_code == 0, same.output
    assert same.stdout.startswith("5 inputs, ")
    assert same.stdout.endswith("all as before\n")
    (segment,) = tmp_path.glob("inputs-*.jsonl")
    lines = segment.read_text().splitlines(keepends=True)
    lines[3] = lines[3][: lines[3].rindex('"e":')] + '"e":7}\n'
    segment.write_text("".join(lines))
    other = run("replay", str(tmp_path))
    assert (other.exit_code, "NOT all as before" in other.stdout) == (1, True)
    assert "at input 3 " in other.stderr


def test_a_folder_without_a_journal_is_told_and_not_made(run: Run, tmp_path: Path) -> None:
    missing = run("replay", str(tmp_path / "none"))
    assert missing.exit_code == 2
    assert not (tmp_path / "none").exists()
    empty = run("replay", str(tmp_path))
    assert (empty.exit_code, "holds no inputs" in empty.stderr) == (2, True)
    own = run("replay", DATA_DIRECTORY=str(tmp_path / "data"))
    assert (own.exit_code, "journal is no folder" in own.stderr) == (2, True)
