"""What the process of a what-if run is handed (`child`, which is started as a program)."""

from __future__ import annotations

from dataclasses import dataclass

from acd.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Task:
    """`shown`: the queues whose figures are wanted. `seconds`: after which no other pair begins."""

    base: Scenario
    changed: Scenario
    shown: frozenset[str]
    seed: int
    replications: int
    seconds: float
