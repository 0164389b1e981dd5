"""What can only be seen when the whole flow is looked at: dead ends, strangers, endless loops.

A flow without problems never strands a caller; the fuzz test holds checker and interpreter to that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from ivr.flow import Flow, Node
from ivr.nodes import KINDS
from ivr.nodes.kind import Port
from ivr.problems import Problem

__all__ = ["Known", "Problem", "check"]


@dataclass(frozen=True, slots=True)
class Known:
    """What the centre has, as ids. None: not looked at. `prompts` are recorded ones, language ->
    ids; a prompt with words in the flow needs no recording."""

    queues: frozenset[str] | None = None
    skills: frozenset[str] | None = None
    boxes: frozenset[str] | None = None
    prompts: Mapping[str, frozenset[str]] = field(default_factory=dict)


def check(flow: Flow, known: Known) -> list[Problem]:
    """All problems of a flow that has been read without problems."""
    out = list(_start(flow))
    for node in flow.nodes.values():
        if node.kind not in KINDS:
            cure = "use one of: " + ", ".join(sorted(KINDS))
            out.append(Problem(None, node.id, "", f"{node.kind!r} is no kind of node", cure))
            continue
        out += _ports(flow, node)
        out += _strangers(flow, node, known)
    out += _unreachable(flow)
    out += _endless(flow)
    return out


def _start(flow: Flow) -> Iterator[Problem]:
    if flow.start not in flow.nodes:
        reason = f"the flow starts at {flow.start!r}, which is no node"
        yield Problem(None, "", "", reason, "name the first node in 'start'")


def _open_ports(node: Node) -> tuple[Port, ...]:
    kind = KINDS.get(node.kind)
    return kind.ports_of(node) if kind else ()


def _ports(flow: Flow, node: Node) -> Iterator[Problem]:
    known = {port.name: port for port in _open_ports(node)}
    for port in known.values():
        if port.name not in node.ports and not port.optional:
            reason = f"nothing follows when {port.about}"
            yield Problem(None, node.id, port.name, reason, "connect it to a node")
    for name, target in node.ports.items():
        if name not in known:
            cure = "remove it, or use: " + (", ".join(known) or "no port at all")
            yield Problem(None, node.id, name, f"a {node.kind} node has no such port", cure)
        elif target not in flow.nodes:
            yield Problem(
                None, node.id, name, f"it leads to {target!r}, which is no node", "name a node"
            )


def _strangers(flow: Flow, node: Node, known: Known) -> Iterator[Problem]:
    for setting, what, names in (
        ("queue", "queue", known.queues),
        ("box", "mailbox", known.boxes),
    ):
        value = node.settings.get(setting)
        if names is not None and isinstance(value, str) and value not in names:
            reason = f"there is no {what} {value!r}"
            yield Problem(None, node.id, "", reason, f"make the {what} first, or name another")
    skills = node.settings.get("skills")
    if known.skills is not None and isinstance(skills, Mapping):
        for skill in skills:
            if skill not in known.skills:
                reason = f"there is no skill {skill!r}"
                yield Problem(None, node.id, "", reason, "make the skill first, or name another")
    for setting in ("prompt", "invalid_prompt", "timeout_prompt"):
        prompt = node.settings.get(setting)
        if isinstance(prompt, str) and prompt:
            yield from _prompt(flow, node, prompt, known)


def _prompt(flow: Flow, node: Node, prompt: str, known: Known) -> Iterator[Problem]:
    words = flow.prompts.get(prompt, {})
    for language in flow.languages:
        if not words.get(language) and prompt not in known.prompts.get(language, frozenset()):
            reason = f"prompt {prompt!r} is missing in language {language}"
            yield Problem(None, node.id, "", reason, "record it, or write its words in 'prompts'")


def _unreachable(flow: Flow) -> Iterator[Problem]:
    seen: set[str] = set()
    todo = [flow.start]
    while todo:
        node = flow.nodes.get(todo.pop())
        if node is not None and node.id not in seen:
            seen.add(node.id)
            todo.extend(node.ports.values())
    for node_id in flow.nodes:
        if node_id not in seen:
            yield Problem(
                None,
                node_id,
                "",
                "no caller can ever get here",
                "connect a port to it or remove it",
            )


def _endless(flow: Flow) -> Iterator[Problem]:
    """Circles that a caller who does nothing would go round for ever: found with Kahn's algorithm
    on the edges that need no act; what cannot be taken away lies on or behind a circle."""
    edges: dict[str, set[str]] = {}
    for node in flow.nodes.values():
        idle = {port.name for port in _open_ports(node) if not port.acts}
        edges[node.id] = {t for p, t in node.ports.items() if p in idle and t in flow.nodes}
    changed = True
    while changed:
        done = [node_id for node_id, after in edges.items() if not after]
        for node_id in done:
            del edges[node_id]
        gone = set(done)
        for after in edges.values():
            after -= gone
        changed = bool(done)
    if edges:
        names = ", ".join(sorted(edges)[:10])
        yield Problem(
            None,
            min(edges),
            "",
            f"a caller who presses nothing goes round for ever ({names})",
            "let one way out lead to a queue, voicemail or hang-up",
        )
