"""The table of all kinds of nodes."""

from __future__ import annotations

from collections.abc import Mapping

from ivr.nodes.collect import COLLECTING
from ivr.nodes.data import FETCHING
from ivr.nodes.ends import ENDING
from ivr.nodes.hours import OPENING
from ivr.nodes.http import CALLING
from ivr.nodes.keys import ASKING_KEYS
from ivr.nodes.kind import Kind
from ivr.nodes.logic import DECIDING
from ivr.nodes.offers import OFFERING
from ivr.nodes.speech import SPEAKING

KINDS: Mapping[str, Kind] = {
    kind.name: kind
    for kind in (
        *SPEAKING,
        *ASKING_KEYS,
        *COLLECTING,
        *OPENING,
        *DECIDING,
        *FETCHING,
        *CALLING,
        *OFFERING,
        *ENDING,
    )
}
