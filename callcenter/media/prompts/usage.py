"""Where prompts are said, and what is missing. Pure: flows and queues in, lists out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from acd.model import Queue
from ivr.flow import Flow, Node
from ivr.nodes import KINDS


@dataclass(frozen=True, slots=True)
class Gap:
    """`flow` speaks `language`, but its prompt has neither sound nor words there."""

    prompt: str
    language: str
    flow: str


def said_by(flow: Flow) -> Iterator[tuple[str, str]]:
    """(node id, prompt id) of all that a flow's nodes say, in order."""
    for node in flow.nodes.values():
        for prompt in _of_node(node):
            yield node.id, prompt


def _of_node(node: Node) -> Iterator[str]:
    kind = KINDS.get(node.kind)
    for setting in kind.fields if kind else ():
        if setting.name in node.settings:
            for what, name in setting.type.refs(node.settings[setting.name]):
                if what == "prompt":
                    yield name


def places_of(flows: Mapping[str, Flow], queues: Mapping[str, Queue]) -> dict[str, list[str]]:
    """For each prompt id where it is said, as `flow main, node menu` or `queue support, overflow
    rule 1` (before hanging up)."""
    found: dict[str, list[str]] = {}
    for id, flow in flows.items():
        for node, prompt in said_by(flow):
            place = f"flow {id}, node {node}"
            if place not in found.setdefault(prompt, []):
                found[prompt].append(place)
    for id, queue in queues.items():
        for number, rule in enumerate(queue.overflow, 1):
            if rule.action == "hangup" and rule.target:
                found.setdefault(rule.target, []).append(f"queue {id}, overflow rule {number}")
    return found


def gaps(flows: Mapping[str, Flow], recorded: Mapping[str, frozenset[str]]) -> list[Gap]:
    """Prompts that a flow says in a language in which nobody has recorded or written them."""
    found: dict[Gap, None] = {}
    for id, flow in flows.items():
        for _, prompt in said_by(flow):
            words = flow.prompts.get(prompt, {})
            for language in flow.languages:
                base = language.partition("-")[0]
                there = any(
                    words.get(each) or prompt in recorded.get(each, frozenset())
                    for each in (language, base)
                )
                if not there:
                    found[Gap(prompt, language, id)] = None
    return list(found)
