"""What a check of the doctor finds: a plain value, and how it is shown."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Verdict = Literal["ok", "look", "bad"]
"""ok: works. look: works, but something may be meant otherwise. bad: does not work."""

SIGNS: dict[Verdict, str] = {"ok": "ok  ", "look": "LOOK", "bad": "BAD "}


@dataclass(frozen=True, slots=True)
class Finding:
    """`part`: what was looked at. `text`: what was seen. `todo`: what mends it, empty if well."""

    part: str
    verdict: Verdict
    text: str
    todo: str = ""


def lines(findings: Iterable[Finding]) -> Iterable[str]:
    for finding in findings:
        yield f"{SIGNS[finding.verdict]}  {finding.part:<23} {finding.text}"
        if finding.todo:
            yield f"{'':<29} -> {finding.todo}"


def ok(part: str, text: str) -> Finding:
    return Finding(part, "ok", text)


def look(part: str, text: str, todo: str) -> Finding:
    return Finding(part, "look", text, todo)


def bad(part: str, text: str, todo: str) -> Finding:
    return Finding(part, "bad", text, todo)
