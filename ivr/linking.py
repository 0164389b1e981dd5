"""Sub-flows become part of the flow that calls them, before it is published.

A linked flow has no sub-flow nodes left: node `pay` calling flow `card` becomes the nodes `pay.x`,
`pay.y`, ... of `card`, and what led to `card`'s return nodes leads on from `pay`'s exits. So a
running call keeps the version of everything it may get to, and the interpreter needs no stack.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from ivr.flow import Flow, Node
from ivr.nodes.ends import EXITS, FLOW, RETURN_BY
from ivr.problems import Problem

DEPTH_MAX = 4
NODES_MAX = 5000
LINKED_ID_MAX = 80


@dataclass(slots=True)
class _Linking:
    library: Mapping[str, Flow]
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, node: str, reason: str, cure: str, port: str = "") -> None:
        self.problems.append(Problem(None, node, port, reason, cure, code="sub-flow"))


def has_sub_flows(flow: Flow) -> bool:
    """Whether the flow needs linking."""
    return any(node.kind == "subflow" for node in flow.nodes.values())


def link(flow: Flow, library: Mapping[str, Flow]) -> tuple[Flow, list[Problem]]:
    """The flow with all its sub-flows (by id from `library`) put in, and what is wrong with that.
    A sub-flow that cannot be put in stays as it is."""
    linking = _Linking(library)
    linked = _link(linking, flow, (flow.id,))
    if len(linked.nodes) > NODES_MAX:
        reason = f"with its sub-flows the flow has {len(linked.nodes)} nodes"
        linking.wrong("", reason, f"use at most {NODES_MAX}")
    return linked, linking.problems


def _link(linking: _Linking, flow: Flow, above: tuple[str, ...]) -> Flow:
    parts: dict[str, tuple[Node, Flow]] = {}
    for node in flow.nodes.values():
        if node.kind == "subflow":
            sub = _sub_flow(linking, node, above)
            if sub is not None:
                parts[node.id] = (node, sub)
    if not parts:
        return flow
    nodes: dict[str, Node] = {}
    into = {node_id: _entry(node, sub) for node_id, (node, sub) in parts.items()}
    for node in flow.nodes.values():
        if node.id not in parts:
            nodes[node.id] = replace(node, ports=_lead(node.ports, into))
            continue
        for part in _part(*parts[node.id]):
            nodes[part.id] = replace(part, ports=_lead(part.ports, into))
    for long in (name for name in nodes if len(name) > LINKED_ID_MAX):
        linking.wrong(long, "the names of node and sub-flow are too long together", "shorten them")
    subs = [sub for _, sub in parts.values()]
    return replace(
        flow,
        nodes=nodes,
        start=_lead({"": flow.start}, into).get("", flow.start),
        prompts={k: v for part in (*subs, flow) for k, v in part.prompts.items()},
        calendars={k: v for part in (*subs, flow) for k, v in part.calendars.items()},
        variables={k: v for part in (*subs, flow) for k, v in part.variables.items()},
    )


def _sub_flow(linking: _Linking, node: Node, above: tuple[str, ...]) -> Flow | None:
    name = FLOW.of(node)
    sub = linking.library.get(name)
    if sub is None:
        linking.wrong(node.id, f"there is no flow {name!r}", "make it first, or name another")
        return None
    if name in above or len(above) > DEPTH_MAX:
        way = " -> ".join((*above, name))
        linking.wrong(node.id, f"sub-flows may not go in circles or so deep ({way})", "untangle it")
        return None
    exits = {RETURN_BY.of(inner) for inner in sub.nodes.values() if inner.kind == "return"}
    for exit_ in sorted(exits - EXITS.of(node).keys()):
        reason = f"flow {name!r} returns by {exit_!r}, which is none of the exits"
        linking.wrong(node.id, reason, f"add {exit_!r} to 'exits'", exit_)
    return _link(linking, sub, (*above, name))


def _entry(node: Node, sub: Flow) -> str:
    """Where callers of the sub-flow go: its start, or past it when it starts by returning."""
    first = sub.nodes.get(sub.start)
    if first is not None and first.kind == "return":
        return node.ports.get(RETURN_BY.of(first), "")
    return f"{node.id}.{sub.start}"


def _part(node: Node, sub: Flow) -> Iterator[Node]:
    """The sub-flow's nodes under their new names."""
    back = {
        inner.id: node.ports.get(RETURN_BY.of(inner), "")
        for inner in sub.nodes.values()
        if inner.kind == "return"
    }
    for inner in sub.nodes.values():
        if inner.id in back:
            continue
        ports = {
            port: back[target] if target in back else f"{node.id}.{target}"
            for port, target in inner.ports.items()
        }
        yield Node(f"{node.id}.{inner.id}", inner.kind, inner.settings, ports)


def _lead(ports: Mapping[str, str], into: Mapping[str, str]) -> dict[str, str]:
    """Ports past replaced nodes; those that lead nowhere are gone (the checker says so)."""
    out = {}
    for port, target in ports.items():
        for _ in range(len(into) + 1):  # a sub-flow may start by returning into the next one
            if target not in into:
                break
            target = into[target]
        if target and target not in into:
            out[port] = target
    return out
