"""Numbers are read before a call comes to the centre, so that routes can compare them.

The core knows nothing of numbering plans; Asterisk gives numbers as the network writes them.
"""

from __future__ import annotations

from dataclasses import replace

from callcenter.core.inputs import CallArrived, Input
from callcenter.runtime.ports import Emit
from callcenter.store.numbers import read_number, region_of


def reading_numbers(emit: Emit, country: str) -> Emit:
    """`emit` with the caller's number of each new call read as dialled from `country`."""

    def emit_read(fact: Input) -> None:
        if isinstance(fact, CallArrived):
            read = read_number(fact.number, country)
            e164 = read.number if read.matchable else ""
            fact = replace(fact, e164=e164, region=region_of(e164))
        emit(fact)

    return emit_read
