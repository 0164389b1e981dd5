"""The drawn state tables are the ones of the code."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from callcenter.core.call import STAGES

pytestmark = pytest.mark.pure

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def diagrams() -> ModuleType:
    spec = importlib.util.spec_from_file_location("diagrams", ROOT / "scripts" / "diagrams.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_pages_are_current(diagrams: ModuleType) -> None:
    for name, text in diagrams.pages().items():
        page = ROOT / "docs" / "generated" / name
        assert page.read_text(encoding="utf-8") == text, "run scripts/diagrams.py"


def test_every_pair_of_the_table_is_on_the_page(diagrams: ModuleType) -> None:
    text = diagrams.pages()["call-stages.md"]
    for stage, row in STAGES.items():
        for event, after in row.items():
            assert f"| {stage} | {event.value} | {after} |" in text
