"""Why the engine said no: refusals are data with a code for programs and a text for people."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """`code` is stable and may be matched on; `text` is one plain sentence for a person."""

    code: str
    text: str
