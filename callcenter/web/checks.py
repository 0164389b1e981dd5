"""One line of the health page. Apart from the rest, so that who looks after calls need not load the
web side for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must work. `text` says how it stands, `todo` what to do when it does not;
    `values`: what `text` says of one that works, by name, for who says it in another language;
    `needed`: no calls can be taken without it."""

    name: str
    ok: bool
    text: str = ""
    todo: str = ""
    values: Mapping[str, float | str] = field(default_factory=dict)
    needed: bool = True
