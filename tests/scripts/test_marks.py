"""Every module of tests says, once, what it needs: a part of the gate would else never run it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from scripts.spread import KINDS, LONGEST, files_of, kind_of

pytestmark = pytest.mark.pure

TESTS = Path(__file__).parents[1]


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
    assert kinds_of(path) == [kind_of(path)], f"{path}: the gate reads one line of pytestmark"


def test_the_lanes_together_run_every_module() -> None:
    modules = {str(path.relative_to(TESTS.parent)) for path in TESTS.rglob("test_*.py")}
    given = [name for kind in KINDS for name in files_of([kind])]
    assert sorted(given) == sorted(modules)


def test_the_longest_come_first_and_else_names_decide() -> None:
    order = LONGEST.read_text().split()
    for kind in ("page", "asterisk"):
        known = [name for name in files_of([kind]) if name in order]
        assert files_of([kind])[: len(known)] == known == sorted(known, key=order.index)
    by_name = files_of(["web"], longest_first=False)
    assert by_name == sorted(files_of(["web"]))
