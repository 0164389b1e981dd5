"""Callers whom nobody has seen arrive are put in line in the order of their arrival."""

from __future__ import annotations

import pytest

from callcenter.core.centre import Centre
from callcenter.core.inputs import CallSeen, ConfigChanged, EpochTaken, LinkChanged, Snapshot
from tests.world.houses import house

pytestmark = pytest.mark.pure

NAMES = ("lab-1795.9", "lab-1795.10", "lab-1795.11", "lab-1796.2")


def test_the_tenth_caller_does_not_come_before_the_ninth() -> None:
    centre = Centre()
    centre.step(EpochTaken(1), 0.0)
    centre.step(ConfigChanged(house()), 0.0)
    seen = tuple(CallSeen(name, f"PJSIP/{name}", "", "", "1", "agi") for name in NAMES[::-1])
    centre.step(LinkChanged("lab", True), 1.0)
    centre.step(Snapshot("lab", seen, {}), 1.0)
    calls = centre.state.calls
    assert sorted(NAMES, key=lambda name: calls[name].started_at) == list(NAMES)
    assert len({calls[name].started_at for name in NAMES}) == len(NAMES)
