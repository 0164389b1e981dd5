"""The page docs/metrics.md, made from the definitions.

`python -m callcenter.reports.page` writes it to standard output.
"""

from __future__ import annotations

import sys

from callcenter.reports.figures import CALLS, LINES
from callcenter.reports.figures_of_agents import AGENTS, STATES
from callcenter.reports.figures_of_plan import PLANS
from callcenter.reports.figures_of_trunks import TRUNKS
from callcenter.reports.measures import MEASURES
from callcenter.reports.metrics import SUMS, Figure

HEAD = """# Figures

Every figure of the reports, as the program works it out. Made from `callcenter/reports` by
`python -m callcenter.reports.page`; a test holds this page to it.

A callback **agreed for a later time** is *scheduled*: until that time it is in no line, live or
here, and from then on it waits like a caller who joined at that moment; cancelled before, it is no
caller of the queue. The same holds for one asked for **after hours** (outside those in which the
queue, or the customer, may be called): it waits from when they begin. Any other callback keeps the
place of its caller and counts at once. The live figures, wallboards and alerts follow these rules.

Sums are whole numbers over *facts*: a **line** is a caller's stay in a queue, a **part** what one
agent did in a call, an **offer** a phone that rang in vain, a **call** the whole, a **trunk** a
line of a trunk that a call took, in or `outward`. Times are milliseconds. The condition of a sum is
also that of the calls shown behind its number. A **state** is a time an agent was in one; a
**plan** is a stretch of a shift (work or a break), with what the agent did in it (work, call,
paused, away) and where in the shift it lies (before he first came, after he last went, never when
he did not come at all, missed: a break that he was not at work before; else within).

Sums are kept by day of the centre's time zone, **lines in use** by trunk and quarter of an hour:
the most at once, when first, and the time in use. Of several quarters the most is the largest, its
moment the earliest, the time the sum, so that every interval is exact that begins and ends at a
quarter, on whatever clock. Quarters in which something changed, or lines are still taken, and all
that is narrowed to queues, agents or teams, is worked out from the facts.
"""


def formula(figure: Figure) -> str:
    """As it stands in the code, with the names of sums."""
    if not figure.top:
        return ""

    def side(sums: dict[str, int]) -> str:
        text = " + ".join(f"{'-' if sign < 0 else ''}{name}" for name, sign in sums.items())
        return text.replace("+ -", "- ")

    top, below = side(dict(figure.top)), side(dict(figure.below))
    if not below:
        return f"`{top}`"
    top = f"({top})" if len(figure.top) > 1 else top
    below = f"({below})" if len(figure.below) > 1 else below
    return f"`{top} / {below}`"


def table(figures: tuple[Figure, ...]) -> list[str]:
    rows = ["| figure | 指标 | formula | what it is |", "|---|---|---|---|"]
    for one in figures:
        words = f"{one.text[0]} {one.text[1]}"
        rows.append(f"| {one.title[0]} | {one.title[1]} | {formula(one)} | {words} |")
    return rows


def page() -> str:
    parts = [HEAD]
    for title, figures in (
        ("Queues", LINES),
        ("Agents", AGENTS),
        ("States of agents", STATES),
        ("Adherence", PLANS),
        ("Calls", CALLS),
        ("Trunks", TRUNKS),
        ("Others", tuple(MEASURES.values())),
    ):
        parts += [f"## {title}", "", *table(figures), ""]
    parts += ["## Sums", "", "| sum | of | adds |", "|---|---|---|"]
    for one in SUMS.values():
        what = one.sql.replace("|", "\\|")
        parts.append(f"| {one.name} | {one.kind} | `{what}` |")
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.stdout.write(page())
