"""The table of all kinds of nodes."""

from __future__ import annotations

from collections.abc import Mapping

from ivr.nodes.ends import ENDS
from ivr.nodes.keys import KEYS_KINDS
from ivr.nodes.kind import Kind
from ivr.nodes.logic import LOGIC
from ivr.nodes.speech import SPEECH

KINDS: Mapping[str, Kind] = {kind.name: kind for kind in (*SPEECH, *KEYS_KINDS, *LOGIC, *ENDS)}
