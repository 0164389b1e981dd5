"""What every kind of node is described by: its settings, its ports and two functions.

The table of kinds (`ivr.nodes.KINDS`) is the one source for the reader, the checker, the schema,
the reference page and the interpreter. A kind's functions are pure: they see the node and the `Run`
and return the next ask, or the name of the port to leave by.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar, cast

from ivr.asks import Answer, Ask, Disconnect, Enqueue, LeaveMessage, LookUp, Play
from ivr.flow import Flow, Node

T_co = TypeVar("T_co", covariant=True)

ASKS = (Play, LookUp, Enqueue, LeaveMessage, Disconnect)


class Wrong(Exception):
    """A setting's value cannot be used: `reason` says why, `cure` what to write instead."""

    def __init__(self, reason: str, cure: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.cure = cure


@dataclass(frozen=True, slots=True)
class Type(Generic[T_co]):
    """How a value is read (`read` raises Wrong) and described to other programs (`schema`)."""

    read: Callable[[object], T_co]
    schema: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Field(Generic[T_co]):
    """One setting of a kind."""

    name: str
    type: Type[T_co]
    about: str
    default: T_co
    required: bool = False

    def of(self, node: Node) -> T_co:
        """The node's value, or the default."""
        return cast(T_co, node.settings.get(self.name, self.default))


@dataclass(frozen=True, slots=True)
class Port:
    """A way out. `optional`: what happens without it is said in `about`. `acts`: this port is only
    taken after the caller (or a wait of some length) did something."""

    name: str
    about: str
    optional: bool = False
    acts: bool = False


@dataclass(slots=True)
class Run:
    """What a node may see and change: the state of one caller's way through a flow."""

    flow: Flow
    variables: dict[str, object]
    language: str
    now: float = 0.0
    tries: int = 0
    path: list[str] = field(default_factory=list)


Step = str | Ask
Enter = Callable[[Node, Run], Step]
Resume = Callable[[Node, Run, Answer], Step]


def _no_resume(node: Node, run: Run, answer: Answer) -> Step:
    raise AssertionError(f"a {node.kind} node asks nothing that could be answered")


def no_more_ports(node: Node) -> tuple[Port, ...]:
    return ()


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of node. `more_ports` names the ports that depend on the settings (menu keys)."""

    name: str
    about: str
    enter: Enter
    resume: Resume = _no_resume
    fields: tuple[Field[object], ...] = ()
    ports: tuple[Port, ...] = ()
    more_ports: Callable[[Node], tuple[Port, ...]] = no_more_ports

    def ports_of(self, node: Node) -> tuple[Port, ...]:
        return self.ports + self.more_ports(node)


def fields(*several: Field[object]) -> tuple[Field[object], ...]:
    """Fields of different types in one tuple (they are only read through `Field.of`)."""
    return several


NEXT = Port("next", "afterwards")
