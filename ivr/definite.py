"""Which variables surely have a value at a node: set on every way that leads there.

The classic "definite assignment" analysis (Java Language Specification, chapter 16), as a fixpoint
over the flow's graph; each set of variables is the bits of one number.
"""

from __future__ import annotations

from collections import deque

from ivr.flow import Flow, Node
from ivr.nodes import KINDS
from ivr.variables import GIVEN


def definite_variables(flow: Flow) -> dict[str, frozenset[str]]:
    """Node id -> variables that have a value whenever a caller gets there. Nodes that nobody gets
    to are left out."""
    names: dict[str, int] = {}

    def bits(several: tuple[str, ...]) -> int:
        total = 0
        for name in several:
            total |= 1 << names.setdefault(name, len(names))
        return total

    base = bits((*GIVEN, *flow.variables))
    writes = {node.id: _writes(node) for node in flow.nodes.values()}
    here = {flow.start: base} if flow.start in flow.nodes else {}
    todo = deque(here)
    while todo:
        node = flow.nodes[todo.popleft()]
        for port, target in node.ports.items():
            if target not in flow.nodes:
                continue
            written = writes[node.id]
            after = here[node.id] | bits(written.get("", ())) | bits(written.get(port, ()))
            known = here.get(target)
            both = after if known is None else known & after
            if both != known:
                here[target] = both
                todo.append(target)
    return {
        node_id: frozenset(name for name, bit in names.items() if mask >> bit & 1)
        for node_id, mask in here.items()
    }


def _writes(node: Node) -> dict[str, tuple[str, ...]]:
    kind = KINDS.get(node.kind)
    return dict(kind.writes(node)) if kind else {}
