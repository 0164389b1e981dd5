"""What can only be seen when the whole flow is looked at: dead ends, strangers, endless circles,
variables that may have no value.

A flow without problems never strands a caller; a fuzz test holds checker and interpreter to that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from ivr.definite import definite_variables
from ivr.expression import ExpressionWrong, compiled
from ivr.flow import Flow, Node
from ivr.graph import circles, reachable
from ivr.linking import has_sub_flows, link
from ivr.nodes import KINDS
from ivr.nodes.kind import Kind
from ivr.problems import Problem
from ivr.session import secrets_of
from ivr.variables import GIVEN

__all__ = ["Known", "Problem", "check"]


@dataclass(frozen=True, slots=True)
class Known:
    """What the centre has, as ids. None: not looked at. `prompts` are recorded ones, language ->
    ids; a prompt with words in the flow needs no recording. `dialable` says why a number may not be
    dialled ('' when it may)."""

    queues: frozenset[str] | None = None
    skills: frozenset[str] | None = None
    boxes: frozenset[str] | None = None
    sources: frozenset[str] | None = None
    secrets: frozenset[str] | None = None
    hosts: frozenset[str] | None = None
    calendars: frozenset[str] | None = None
    prompts: Mapping[str, frozenset[str]] = field(default_factory=dict)
    flows: Mapping[str, Flow] = field(default_factory=dict)
    dialable: Callable[[str], str] | None = None


def check(flow: Flow, known: Known) -> list[Problem]:
    """All problems of a flow that has been read without problems, its sub-flows included."""
    out: list[Problem] = []
    if has_sub_flows(flow):
        flow, out = link(flow, known.flows)
    out += _start(flow)
    out += _fallback(flow, known)
    defined = definite_variables(flow)
    secrets = secrets_of(flow)
    for node in flow.nodes.values():
        kind = KINDS.get(node.kind)
        if kind is None:
            cure = "use one of: " + ", ".join(sorted(KINDS))
            reason = f"{node.kind!r} is no kind of node"
            out.append(Problem(None, node.id, "", reason, cure, "kind", "unknown-kind"))
            continue
        out += _ports(flow, node, kind)
        out += [
            Problem(None, node.id, *mistake, code="settings")
            for mistake in kind.mistakes(node, flow)
        ]
        out += _names(flow, node, kind, known, defined.get(node.id))
        out += _told(node, kind, secrets)
    out += _unreachable(flow)
    out += _endless(flow)
    return out


def _start(flow: Flow) -> Iterator[Problem]:
    if flow.start not in flow.nodes:
        reason = f"the flow starts at {flow.start!r}, which is no node"
        yield Problem(None, "", "", reason, "name the first node in 'start'", "start", "start")


def _fallback(flow: Flow, known: Known) -> Iterator[Problem]:
    if flow.fallback and known.queues is not None and flow.fallback not in known.queues:
        reason = f"there is no queue {flow.fallback!r} to fall back to"
        yield Problem(None, "", "", reason, "name another in 'fallback'", "fallback", "stranger")


def _ports(flow: Flow, node: Node, kind: Kind) -> Iterator[Problem]:
    known = {port.name: port for port in kind.ports_of(node)}
    for port in known.values():
        if port.name not in node.ports and not port.optional:
            reason = f"nothing follows when {port.about}"
            cure = "connect it to a node"
            yield Problem(None, node.id, port.name, reason, cure, code="open-port")
    for name, target in node.ports.items():
        if name not in known:
            cure = "remove it, or use: " + (", ".join(known) or "no port at all")
            reason = f"a {node.kind} node has no such port"
            yield Problem(None, node.id, name, reason, cure, code="unknown-port")
        elif target not in flow.nodes:
            reason = f"it leads to {target!r}, which is no node"
            yield Problem(None, node.id, name, reason, "connect it to a node", code="lost-port")


# -- what settings name -------------------------------------------------------------------------
def _names(
    flow: Flow, node: Node, kind: Kind, known: Known, defined: frozenset[str] | None
) -> Iterator[Problem]:
    """`defined`: the variables that surely have a value here (None: nobody gets here)."""
    for setting in kind.fields:
        if setting.name not in node.settings:
            continue
        extra = set(setting.extra)
        value = node.settings[setting.name]
        if setting.in_turn and isinstance(value, Mapping):
            for name, row in value.items():
                found = _expression(flow, node, str(row), extra, defined)
                yield from (replace(problem, setting=setting.name) for problem in found)
                extra.add(name)
            continue
        for what, name in setting.type.refs(value):
            if what == "expression":
                found = _expression(flow, node, name, extra, defined)
            elif what == "prompt":
                found = _prompt(flow, node, name, known)
            elif what == "languages":
                found = _languages(flow, node, setting.name, name.split())
            else:
                found = _stranger(flow, node, what, name, known)
            yield from (replace(problem, setting=setting.name) for problem in found)


def _expression(
    flow: Flow, node: Node, text: str, extra: set[str], defined: frozenset[str] | None
) -> Iterator[Problem]:
    try:
        names = compiled(text).names
    except ExpressionWrong as wrong:
        reason = f"{text!r} is not an expression: {wrong}"
        yield Problem(None, node.id, "", reason, "mend it", code="expression")
        return
    if defined is None:
        return
    for name in names:
        if name not in extra and name not in defined and name not in GIVEN:
            reason = f"variable {name!r} in {text!r} may have no value here"
            cure = "give it a first value under 'variables', or set it on every way to this node"
            yield Problem(None, node.id, "", reason, cure, code="undefined")


HANDED_ON = frozenset({("lookup", "with"), ("http", "body")})


def _told(node: Node, kind: Kind, secrets: frozenset[str]) -> Iterator[Problem]:
    """Secrets that would be spoken or sent as text, or are looked into: nobody but who is handed
    one, as it is, knows what it stands for."""
    for setting in kind.fields:
        if not secrets or setting.name not in node.settings:
            continue
        if "x-speech" in setting.type.schema or "x-words" in setting.type.schema:
            for what, text in setting.type.refs(node.settings[setting.name]):
                for name in secrets & _read_by(text) if what == "expression" else ():
                    reason = f"{name!r} is secret and would be told by {setting.name!r}"
                    cure = "leave it out"
                    yield Problem(None, node.id, "", reason, cure, setting.name, "secret")
            continue
        for what, text in setting.type.refs(node.settings[setting.name]):
            for name in secrets & _read_by(text) if what == "expression" else ():
                if (node.kind, setting.name) in HANDED_ON and text.strip() == name:
                    continue
                reason = f"{name!r} is secret and cannot be read by {setting.name!r}"
                cure = "hand it as it is to a look-up ('with') or a request ('body')"
                yield Problem(None, node.id, "", reason, cure, setting.name, "secret")


def _read_by(text: str) -> frozenset[str]:
    try:
        return frozenset(compiled(text).names)
    except ExpressionWrong:
        return frozenset()


def _prompt(flow: Flow, node: Node, prompt: str, known: Known) -> Iterator[Problem]:
    words = flow.prompts.get(prompt, {})
    for language in flow.languages:
        if not words.get(language) and prompt not in known.prompts.get(language, frozenset()):
            reason = f"prompt {prompt!r} is missing in language {language}"
            cure = "record it, or write its words in 'prompts'"
            yield Problem(None, node.id, "", reason, cure, code="no-prompt")


def _languages(flow: Flow, node: Node, setting: str, has: list[str]) -> Iterator[Problem]:
    for language in flow.languages:
        if language not in has:
            reason = f"the text of {setting!r} is missing in language {language}"
            cure = f"write it under {language!r}"
            yield Problem(None, node.id, "", reason, cure, code="no-text")


def _stranger(flow: Flow, node: Node, what: str, name: str, known: Known) -> Iterator[Problem]:
    if what == "number":
        why = known.dialable(name) if known.dialable else ""
        if why:
            reason = f"{name} cannot be dialled: {why}"
            yield Problem(None, node.id, "", reason, "correct it", code="number")
        return
    have = {
        "queue": known.queues,
        "skill": known.skills,
        "box": known.boxes,
        "source": known.sources,
        "secret": known.secrets,
        "host": known.hosts,
        "calendar": None if known.calendars is None else known.calendars | flow.calendars.keys(),
    }.get(what)
    if have is None or name in have:
        return
    if what == "host":
        reason, cure = f"host {name!r} may not be called", "add it to the list of allowed hosts"
    else:
        label = "mailbox" if what == "box" else what
        reason, cure = f"there is no {label} {name!r}", "make it first, or name another"
    yield Problem(None, node.id, "", reason, cure, code="stranger")


# -- the way through ----------------------------------------------------------------------------
def _unreachable(flow: Flow) -> Iterator[Problem]:
    seen = reachable(flow)
    for node_id in flow.nodes:
        if node_id not in seen:
            cure = "connect a port to it or remove it"
            reason = "no caller can ever get here"
            yield Problem(None, node_id, "", reason, cure, code="unreachable")


def _endless(flow: Flow) -> Iterator[Problem]:
    for circle in circles(flow):
        names = " -> ".join([*circle[:10], "..." if len(circle) > 10 else circle[0]])
        reason = f"a caller who does nothing goes round for ever ({names})"
        cure = "let one way out lead to a queue, voicemail or hang-up"
        yield Problem(None, circle[0], "", reason, cure, code="endless")
