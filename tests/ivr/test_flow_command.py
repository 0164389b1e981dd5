"""`callcenter flow`, as an administrator types it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

import ivr
from callcenter.cli import flow as command
from tests.ivr.walking import flow_text

pytestmark = pytest.mark.pure

EXAMPLES = Path(ivr.__file__).parent / "examples"


def run(*words: object) -> tuple[int, str]:
    app = typer.Typer()
    command.register(app)
    result = CliRunner().invoke(app, ["flow", *map(str, words)])
    assert result.exception is None or isinstance(result.exception, SystemExit)
    return result.exit_code, result.output


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.yaml"
    tests = "tests: [{name: t, expect: {hangup: done}}]\n"
    path.write_text(
        tests + flow_text("first: {kind: play, prompt: ask, next: done}\n").split("other:")[0],
        encoding="utf-8",
    )
    return path


def test_a_sound_flow(good: Path) -> None:
    assert run("check", good) == (0, f"{good}: flow test with 2 nodes, no mistake found\n")
    assert run("test", good) == (
        0,
        f"{good}: 1 passed, 0 failed; 1 of 1 ways out gone (100 %)\n",
    )


def test_the_examples_are_each_others_sub_flows() -> None:
    files = sorted(EXAMPLES.glob("*.yaml"))
    assert run("check", *files)[0] == 0
    code, said = run("test", *files)
    assert code == 0, said
    assert "no test leaves node hours by closed" in said


def test_mistakes_have_their_lines(good: Path) -> None:
    good.write_text(good.read_text().replace("next: done", "next: gone"), encoding="utf-8")
    code, said = run("check", good)
    assert code == 1
    assert f"{good}: line 12, node first, port next: it leads to 'gone'" in said
    good.write_text("id: x\nnodes: {start: {kind: dance}}\n", encoding="utf-8")
    for word in ("check", "test"):
        code, said = run(word, good)
        assert code == 1
        assert f"{good}: line 2, node start: 'dance' is no kind of node" in said


def test_a_failed_case_says_why(good: Path) -> None:
    good.write_text(good.read_text().replace("hangup: done", "queue: support"), encoding="utf-8")
    code, said = run("test", good)
    assert code == 1
    assert f"{good}: FAILED t\n    the call ended in hangup done, expected was queue\n" in said


def test_files_that_cannot_be_read(tmp_path: Path, good: Path) -> None:
    assert run("check", tmp_path / "none.yaml")[0] == 2
    binary = tmp_path / "binary.yaml"
    binary.write_bytes(b"\xff\xfe\x00")
    code, said = run("check", binary)
    assert (code, "cannot be read" in said) == (2, True)
    large = tmp_path / "large.yaml"
    large.write_text("x" * 4_000_001)
    assert "too large for a flow" in run("check", large)[1]
    twin = tmp_path / "twin.yaml"
    twin.write_text(good.read_text(), encoding="utf-8")
    assert run("check", good, twin) == (2, f"{twin}: another file has the flow test too\n")


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ("", "the text is empty; write a flow."),
        ("[]", "line 1: a flow is a table"),
        ('{"id": "x", "nodes": {"a": 1, "a": 1}}', "line 1: 'a' is there twice; remove one."),
        ('{"id": "x", "nodes": {"start": {"kind": "hangup"},}', "neither YAML nor JSON"),
        ("id: 5\nnodes: {start: {kind: hangup}}\n", "line 1: id: 5 is not an id"),
        ("id: 5\nnodes: {start: {kind: hangup}}\n", "put it in quotes."),
        ("id: x\nnodes: {start: {kind: [play]}}\n", "node start: \"['play']\" is no kind of node"),
        ("\0id: x", "this text cannot be read: unacceptable character #x0000"),
    ],
)
def test_odd_files_are_told_what_they_are(tmp_path: Path, written: str, message: str) -> None:
    path = tmp_path / "odd"
    path.write_text(written, encoding="utf-8")
    code, said = run("check", path)
    assert (code, message in said) == (1, True), said


def test_a_device_without_end_is_not_read_for_ever() -> None:
    assert run("check", "/dev/zero") == (
        2,
        "/dev/zero cannot be read: the file is too large for a flow\n",
    )


def test_a_flow_as_json_without_cases_and_one_whose_sub_flow_is_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "small.json"
    path.write_text('{"id": "small", "nodes": {"start": {"kind": "hangup"}}}', encoding="utf-8")
    assert run("check", path) == (0, f"{path}: flow small with 1 node, no mistake found\n")
    assert run("test", path) == (
        0,
        f"{path}: no test cases; write them under 'tests:' (docs/flows.md)\n",
    )
    for word in ("check", "test"):
        code, said = run(word, EXAMPLES / "office.yaml")
        assert code == 1
        assert "node rate: there is no flow 'survey'" in said
        assert "Sub-flows are looked for in the files named in one command." in said


def test_an_unknown_country_is_told(good: Path) -> None:
    good.write_text("calendars: {c: {country: XX}}\n" + good.read_text(), encoding="utf-8")
    code, said = run("test", good)
    assert code == 1
    assert "XX: Country XX not available" in said


def test_the_difference_of_two_flows(good: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text(good.read_text().replace("prompt: ask", "prompt: more"), encoding="utf-8")
    assert run("diff", good, other) == (0, "~ nodes/first/prompt: 'ask' -> 'more'\n")
    assert run("diff", good, good) == (0, "no difference\n")
    other.write_text("id: x\n")
    assert run("diff", good, other)[0] == 1


def test_the_schema_is_printed() -> None:
    code, said = run("schema")
    assert code == 0
    assert json.loads(said)["title"] == "Call flow"
