"""What is published is what is in force: the schema and the node reference."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random

import jsonschema
import pytest

import ivr
from ivr.nodes import KINDS
from ivr.reading import read_flow
from ivr.reference import reference_text
from ivr.schema import flow_schema, schema_text
from ivr.text import plain, read_text
from ivr.writing import as_values
from tests.ivr.random_flows import SETTINGS, random_flow

pytestmark = pytest.mark.pure

HOME = Path(ivr.__file__).parent
EXAMPLES = sorted((HOME / "examples").glob("*.yaml"))
BEGIN, END = "<!-- nodes: begin -->\n", "<!-- nodes: end -->"


@pytest.fixture(scope="module")
def validator() -> jsonschema.Draft202012Validator:
    schema = flow_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_the_published_schema_is_current() -> None:
    text = (HOME / "schema.json").read_text(encoding="utf-8")
    assert text == schema_text(), "run: python -m ivr.schema > ivr/schema.json"


def test_the_reference_page_is_current() -> None:
    page = (HOME.parent / "docs" / "flows.md").read_text(encoding="utf-8")
    part = page[page.index(BEGIN) + len(BEGIN) : page.index(END)]
    assert part == reference_text(), "put `python -m ivr.reference` between the marks"


@pytest.mark.parametrize("path", EXAMPLES, ids=[path.stem for path in EXAMPLES])
def test_an_example_keeps_to_the_schema(
    path: Path, validator: jsonschema.Draft202012Validator
) -> None:
    marked, _ = read_text(path.read_text(encoding="utf-8"))
    assert marked is not None
    assert [error.message for error in validator.iter_errors(plain(marked))] == []


def test_flows_that_are_read_keep_to_the_schema(
    validator: jsonschema.Draft202012Validator,
) -> None:
    for seed in range(100):
        values = as_values(random_flow(Random(seed), tidy=True))
        assert read_flow(json.dumps(values))[1] == []
        assert [error.message for error in validator.iter_errors(values)] == []


@pytest.mark.parametrize(
    "node",
    [
        {"kind": "dance"},
        {"kind": "play"},
        {"kind": "play", "prompt": "a", "colour": "red"},
        {"kind": "menu", "prompt": "a", "choices": {"12": "x"}},
        {"kind": "queue", "queue": "a b"},
        {"kind": "play", "prompt": "a", "next": "a b"},
    ],
)
def test_the_schema_refuses_what_the_reader_refuses(
    node: dict[str, object], validator: jsonschema.Draft202012Validator
) -> None:
    values = {"id": "x", "nodes": {"start": node}}
    assert read_flow(json.dumps(values))[0] is None
    assert not validator.is_valid(values)


def test_the_fuzz_test_knows_every_kind() -> None:
    assert set(SETTINGS) | {"subflow"} == set(KINDS)


def test_every_setting_and_port_is_explained() -> None:
    for kind in KINDS.values():
        assert kind.about.endswith("."), kind.name
        for setting in kind.fields:
            assert setting.about, f"{kind.name}.{setting.name}"
        for port in kind.ports:
            assert port.about, f"{kind.name}.{port.name}"
