"""Prompts as values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

PROMPT_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})?")

Kind = Literal["upload", "recorded", "speech"]


@dataclass(frozen=True, slots=True)
class Version:
    """One recording of a prompt in a language. Loudness in LUFS, `true_peak` in dBTP; `by` is the
    user's id, None: the product itself. `there` False: the file is gone from the disk."""

    version: int
    active: bool
    kind: Kind
    text: str
    note: str
    source_name: str
    codec: str
    file: str
    sha256: str
    seconds: float
    loudness_before: float
    loudness: float
    true_peak: float
    warnings: tuple[str, ...]
    by: str | None
    created: datetime
    there: bool = True


@dataclass(frozen=True, slots=True)
class Prompt:
    """`versions` by language, newest first."""

    id: str
    name: str
    deleted: datetime | None
    versions: Mapping[str, tuple[Version, ...]] = field(default_factory=dict)

    def active(self, language: str) -> Version | None:
        return next((one for one in self.versions.get(language, ()) if one.active), None)


@dataclass(frozen=True, slots=True)
class Shelved:
    """What callers hear now: the file's name (no folder, rate, ending), and its words."""

    file: str
    text: str


Catalogue = Mapping[str, Mapping[str, Shelved]]
"""By prompt id, then language."""


class PromptUsed(ValueError):
    """It cannot be deleted: `places` still say it."""

    def __init__(self, places: tuple[str, ...]) -> None:
        super().__init__("it is still used")
        self.places = places
