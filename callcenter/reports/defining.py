"""Short ways to write down a `metrics.Figure`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from callcenter.reports.metrics import Figure, Unit


def whole(
    name: str,
    title: tuple[str, str],
    text: tuple[str, str],
    better: Literal["up", "down", ""] = "",
    *,
    of: str = "",
    behind: str | None = None,
) -> Figure:
    source = of or name
    unit: Unit = "seconds" if source.endswith("_ms") else "count"
    shown = source if behind is None else behind
    return Figure(name, unit, {source: 1}, {}, shown, title, text, better)


def share_of(
    name: str,
    unit: Unit,
    top: Mapping[str, int],
    below: Mapping[str, int],
    title: tuple[str, str],
    text: tuple[str, str],
    better: Literal["up", "down", ""] = "",
    *,
    behind: str = "",
) -> Figure:
    return Figure(name, unit, top, below, behind or next(iter(top)), title, text, better)


def measure(
    name: str,
    unit: Unit,
    title: tuple[str, str],
    text: tuple[str, str],
    *,
    behind: str = "",
    full: float | None = None,
) -> Figure:
    """One that is no sum of facts: the report that shows it works it out."""
    return Figure(name, unit, {}, {}, behind, title, text, full=full)
