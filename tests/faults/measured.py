"""Figures of faults beside their goals. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tests.figure_table import Figure, Section

SECTION = Section("faults", "F")


def at_most(
    test: str, what: str, seen: float, limit: float, unit: str = "", reason: str = ""
) -> Figure:
    goal = f"{limit:g}{unit}" if limit == 0 else f"at most {limit:g}{unit}"
    return Figure(test, what, goal, f"{seen:.3g}{unit}", seen <= limit, reason)


def exactly(test: str, what: str, seen: float, goal: float, reason: str = "") -> Figure:
    return Figure(test, what, f"{goal:g}", f"{seen:g}", seen == goal, reason)


def quantile(values: Iterable[float], part: float) -> float:
    """0 of nothing."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(part * len(ordered)))] if ordered else 0.0


def slope(points: Sequence[tuple[float, float]]) -> float:
    """Least squares: by how much the value grows in a unit of the first."""
    count = len(points)
    if count < 2:
        return 0.0
    mean_x = sum(x for x, _ in points) / count
    mean_y = sum(y for _, y in points) / count
    below = sum((x - mean_x) ** 2 for x, _ in points)
    return sum((x - mean_x) * (y - mean_y) for x, y in points) / below if below else 0.0
