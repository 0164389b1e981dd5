"""The lock fits pyproject.toml, names hashes, and no server."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

pytestmark = pytest.mark.pure

ROOT = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-node.lock")


def locked(name: str) -> dict[str, str]:
    found = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^]]*])?==([^ ;\\]+)", _text(name), re.MULTILINE)
    return {canonicalize_name(package): version for package, version in found}


def _text(name: str) -> str:
    return (ROOT / name).read_text()


def wanted() -> list[Requirement]:
    project = tomllib.loads(_text("pyproject.toml"))["project"]
    extras = [line for lines in project["optional-dependencies"].values() for line in lines]
    return [Requirement(line) for line in [*project["dependencies"], *extras]]


def test_every_dependency_is_locked_at_a_version_that_is_allowed() -> None:
    versions = locked("requirements.lock")
    wrong = [
        str(requirement)
        for requirement in wanted()
        if not requirement.specifier.contains(
            versions.get(canonicalize_name(requirement.name), "0")
        )
    ]
    assert wrong == [], "run scripts/lock"


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_hashes(name: str) -> None:
    blocks = re.split(r"\n(?=\S)", _text(name).strip())
    packages = [block for block in blocks if "==" in block]
    assert len(packages) == len(locked(name)) > 0
    assert [block.splitlines()[0] for block in packages if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("name", [*LOCKS, "agent_console/web/package-lock.json"])
def test_a_lock_names_no_server_to_fetch_from(name: str) -> None:
    text = _text(name)
    assert "index-url" not in text
    assert "find-links" not in text
    assert '"resolved"' not in text
