"""Looks up every locked package in the databases of known weaknesses, and writes what is in the
product (CycloneDX), for Python and for the console.

A database that cannot be reached is no clean bill: it is said, with an exit status of its own.
0: nothing known; 1: weaknesses found; 3: nothing found, but not everything was looked up.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import bootstrap

ROOT = bootstrap.ROOT
BIN = ROOT / ".venv" / "bin"
KEPT = ROOT / "var" / "sbom"
SECONDS_MAX = 600
FOUND, NOT_REACHED = 1, 3


@dataclass
class Outcome:
    """`asked` of `packages` were looked up; `known`: weaknesses, one line each."""

    name: str
    packages: int = 0
    asked: int = 0
    known: list[str] = field(default_factory=list)
    trouble: str = ""


def run(*command: str, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    try:
        return subprocess.run(
            command,
            cwd=folder,
            env=os.environ | bootstrap.node_environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=SECONDS_MAX,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return subprocess.CompletedProcess(command, -1, "", str(error))


def read_pip_audit(said: str, trouble: str) -> Outcome:
    """What `pip-audit -f json` printed."""
    outcome = Outcome("Python packages")
    try:
        found = json.loads(said)["dependencies"]
    except (ValueError, KeyError, TypeError):
        outcome.trouble = _last_line(trouble) or "no answer"
        return outcome
    outcome.packages = len(found)
    for one in found:
        if "skip_reason" in one:
            outcome.trouble = one["skip_reason"]
            continue
        outcome.asked += 1
        for weakness in one.get("vulns", []):
            mended = ", ".join(weakness.get("fix_versions", [])) or "no version"
            outcome.known.append(
                f"{one['name']} {one['version']}: {weakness['id']}, mended in {mended}"
            )
    return outcome


def read_npm_audit(said: str, trouble: str, packages: int) -> Outcome:
    """What `npm audit --json` printed."""
    outcome = Outcome("console's packages", packages)
    try:
        found = json.loads(said)
    except ValueError:
        outcome.trouble = _last_line(trouble) or "no answer"
        return outcome
    if "vulnerabilities" not in found:
        told = found.get("error") or {}
        outcome.trouble = (
            _last_line(str(found.get("message") or told.get("summary") or trouble)) or "no answer"
        )
        return outcome
    outcome.asked = packages
    for name, one in found["vulnerabilities"].items():
        outcome.known.append(f"{name} {one.get('range', '')}: {one.get('severity', 'unknown')}")
    return outcome


def told(outcome: Outcome) -> str:
    """For people, one line or a few."""
    lines = [f"{outcome.name}: {outcome.asked} of {outcome.packages or 'unknown'} looked up"]
    lines += [f"  KNOWN WEAKNESS  {line}" for line in outcome.known]
    if outcome.asked < max(outcome.packages, 1):
        lines.append(f"  NOT LOOKED UP   the database cannot be reached: {outcome.trouble}")
    elif not outcome.known:
        lines[0] += ", nothing known"
    return "\n".join(lines)


def status(outcomes: Sequence[Outcome]) -> int:
    if any(outcome.known for outcome in outcomes):
        return FOUND
    missing = any(outcome.asked < max(outcome.packages, 1) for outcome in outcomes)
    return NOT_REACHED if missing else 0


def bills() -> int:
    """Writes var/sbom/*.cdx.json; how many of the console's packages there are."""
    KEPT.mkdir(parents=True, exist_ok=True)
    lock, python = str(ROOT / "requirements.lock"), KEPT / "python.cdx.json"
    made = run(str(BIN / "cyclonedx-py"), "requirements", lock, "-o", str(python))
    if made.returncode != 0:
        sys.exit(f"no bill of the Python packages: {_last_line(made.stderr)}")
    words = ("npm", "sbom", "--sbom-format", "cyclonedx", "--package-lock-only")
    console = run(*words, folder=bootstrap.CONSOLE)
    if console.returncode != 0:
        sys.exit(f"no bill of the console's packages: {_last_line(console.stderr)}")
    (KEPT / "console.cdx.json").write_text(console.stdout)
    print(f"bills of materials (CycloneDX): {KEPT.relative_to(ROOT)}/")
    return len(json.loads(console.stdout)["components"])


def _last_line(text: str) -> str:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return lines[-1][:200] if lines else ""


def main() -> int:
    packages = bills()
    lock = str(ROOT / "requirements.lock")
    python = run(
        str(BIN / "pip-audit"), "-r", lock, "--require-hashes", "--disable-pip", "-f", "json"
    )
    console = run("npm", "audit", "--json", "--package-lock-only", folder=bootstrap.CONSOLE)
    outcomes = [
        read_pip_audit(python.stdout, python.stderr),
        read_npm_audit(console.stdout, console.stderr, packages),
    ]
    for outcome in outcomes:
        print(told(outcome), flush=True)
    return status(outcomes)


if __name__ == "__main__":
    sys.exit(main())
