"""The flow as a graph: what can be reached, and where a caller could go round for ever."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ivr.flow import Flow
from ivr.nodes import KINDS


def reachable(flow: Flow) -> set[str]:
    """The nodes that some caller may get to."""
    seen: set[str] = set()
    todo = [flow.start]
    while todo:
        node = flow.nodes.get(todo.pop())
        if node is not None and node.id not in seen:
            seen.add(node.id)
            todo.extend(node.ports.values())
    return seen


def _idle_edges(flow: Flow) -> dict[str, list[str]]:
    """Only the ways that a caller is taken without doing anything."""
    edges = {}
    for node in flow.nodes.values():
        kind = KINDS.get(node.kind)
        acts = {port.name for port in kind.ports_of(node) if port.acts} if kind else set()
        edges[node.id] = [
            target
            for port, target in node.ports.items()
            if port not in acts and target in flow.nodes
        ]
    return edges


def circles(flow: Flow) -> Iterator[list[str]]:
    """Sets of nodes between which a caller who does nothing can go round for ever, each in the
    order of the flow. These are the strongly connected components of the idle ways (R. Tarjan,
    "Depth-first search and linear graph algorithms", 1972), found without recursion."""
    edges = _idle_edges(flow)
    order = {node_id: place for place, node_id in enumerate(flow.nodes)}
    for component in _components(edges):
        first = next(iter(component))
        if len(component) > 1 or first in edges[first]:
            yield sorted(component, key=order.__getitem__)


def _components(edges: Mapping[str, list[str]]) -> Iterator[list[str]]:
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    for root in edges:
        if root in index:
            continue
        work: list[tuple[str, Iterator[str]]] = []
        _open(root, edges, index, low, stack, on_stack, work)
        while work:
            node, targets = work[-1]
            for target in targets:
                if target not in index:
                    _open(target, edges, index, low, stack, on_stack, work)
                    break
                if target in on_stack:
                    low[node] = min(low[node], index[target])
            else:
                work.pop()
                if work:
                    above = work[-1][0]
                    low[above] = min(low[above], low[node])
                if low[node] == index[node]:
                    component = [stack.pop()]
                    while component[-1] != node:
                        component.append(stack.pop())
                    on_stack.difference_update(component)
                    yield component


def _open(
    node: str,
    edges: Mapping[str, list[str]],
    index: dict[str, int],
    low: dict[str, int],
    stack: list[str],
    on_stack: set[str],
    work: list[tuple[str, Iterator[str]]],
) -> None:
    index[node] = low[node] = len(index)
    stack.append(node)
    on_stack.add(node)
    work.append((node, iter(edges[node])))
