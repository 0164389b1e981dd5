"""A database of weaknesses that was not asked is never taken for one that knows of none."""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from types import ModuleType

import pytest

pytestmark = pytest.mark.pure

SCRIPTS = Path(__file__).parents[2] / "scripts"


@pytest.fixture(scope="module")
def audit() -> ModuleType:
    sys.path.insert(0, str(SCRIPTS))
    try:
        spec = importlib.util.spec_from_file_location("audit_script", SCRIPTS / "audit.py")
        assert spec is not None
        assert spec.loader is not None
        made = importlib.util.module_from_spec(spec)
        sys.modules["audit_script"] = made
        spec.loader.exec_module(made)
    finally:
        sys.path.remove(str(SCRIPTS))
    return made


def python_found(*dependencies: Mapping[str, object]) -> str:
    return json.dumps({"dependencies": dependencies})


CLEAN = {"name": "a", "version": "1", "vulns": []}
WEAK = {"name": "b", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"]}]}
SKIPPED = {"name": "c", "skip_reason": "not found on PyPI"}


def test_nothing_known_is_said_only_when_everything_was_asked(audit: ModuleType) -> None:
    python = audit.read_pip_audit(python_found(CLEAN), "")
    console = audit.read_npm_audit('{"vulnerabilities": {}}', "", 3)
    assert audit.told(python) == "Python packages: 1 of 1 looked up, nothing known"
    assert audit.told(console) == "console's packages: 3 of 3 looked up, nothing known"
    assert audit.status([python, console]) == 0


def test_a_weakness_is_named_with_what_mends_it(audit: ModuleType) -> None:
    python = audit.read_pip_audit(python_found(CLEAN, WEAK, SKIPPED), "")
    assert "KNOWN WEAKNESS  b 2: PYSEC-1, mended in 2.1" in audit.told(python)
    assert "not found on PyPI" in audit.told(python)
    console = audit.read_npm_audit('{"vulnerabilities": {"x": {"severity": "high"}}}', "", 3)
    assert console.known == ["x : high"]
    assert audit.status([python]) == audit.status([console]) == audit.FOUND


@pytest.mark.parametrize(
    ("said", "trouble"),
    [("", "cannot connect"), ("{}", "cannot connect"), ("null", "cannot connect")],
)
def test_no_answer_is_told_as_that(audit: ModuleType, said: str, trouble: str) -> None:
    python = audit.read_pip_audit(said, trouble)
    assert "NOT LOOKED UP   the database cannot be reached: cannot connect" in audit.told(python)
    assert audit.status([python]) == audit.NOT_REACHED


@pytest.mark.parametrize("said", ["", '{"message": "405"}', '{"error": {"summary": "405"}}'])
def test_npm_without_its_registry_is_told_as_that(audit: ModuleType, said: str) -> None:
    console = audit.read_npm_audit(said, "405", 3)
    assert console.trouble == "405"
    assert audit.status([console]) == audit.NOT_REACHED


def test_one_that_was_passed_over_is_enough(audit: ModuleType) -> None:
    python = audit.read_pip_audit(python_found(CLEAN, SKIPPED), "")
    assert audit.status([python]) == audit.NOT_REACHED
