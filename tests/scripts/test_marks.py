"""Every module of tests says, once, what it needs: a part of the gate would else never run it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

pytestmark = pytest.mark.pure

TESTS = Path(__file__).parents[1]
KINDS = {"pure", "db", "web", "sound", "asterisk", "browser"}


def kinds_of(path: Path) -> list[str]:
    """The kinds that stand in the module's `pytestmark`."""
    for node in ast.parse(path.read_text()).body:
        names = [t.id for t in getattr(node, "targets", []) if isinstance(t, ast.Name)]
        if isinstance(node, ast.Assign) and "pytestmark" in names:
            marks = [part.attr for part in ast.walk(node.value) if isinstance(part, ast.Attribute)]
            return [mark for mark in marks if mark in KINDS]
    return []


@pytest.mark.parametrize("path", sorted(TESTS.rglob("test_*.py")), ids=lambda p: p.stem)
def test_it_has_exactly_one_kind(path: Path) -> None:
    assert len(kinds_of(path)) == 1, f"{path}: pytestmark names {kinds_of(path) or 'no kind'}"
