"""What every kind of node is described by: its settings, its ports and its functions.

The table of kinds (`ivr.nodes.KINDS`) is the one source for the reader, the checker, the schema,
the reference page and the interpreter. A kind's functions are pure: they see the node and the `Run`
and return the next ask, or the name of the port to leave by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Generic, TypeVar, cast

from ivr.asks import Answer, Ask
from ivr.flow import Flow, Node
from ivr.nodes.run import Run

T_co = TypeVar("T_co", covariant=True)

Ref = tuple[str, str]
"""Something a setting names: ('prompt', id), ('expression', text), ('queue', id), ..."""


class Wrong(Exception):
    """A setting's value cannot be used: `reason` says why, `cure` what to write instead."""

    def __init__(self, reason: str, cure: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.cure = cure


def no_refs(value: object) -> Iterable[Ref]:
    return ()


@dataclass(frozen=True, slots=True)
class Type(Generic[T_co]):
    """How a value is read (`read` raises Wrong), described to other programs (`schema`), and what
    it names (`refs`)."""

    read: Callable[[object], T_co]
    schema: Mapping[str, object]
    refs: Callable[[object], Iterable[Ref]] = no_refs


@dataclass(frozen=True, slots=True)
class Field(Generic[T_co]):
    """One setting of a kind. `extra` are variables that only its expressions may read;
    `in_turn`: each row of the table may read the variables of the rows before it."""

    name: str
    type: Type[T_co]
    about: str
    default: T_co
    required: bool = False
    extra: tuple[str, ...] = ()
    in_turn: bool = False

    def of(self, node: Node) -> T_co:
        """The node's value, or the default."""
        return cast(T_co, node.settings.get(self.name, self.default))


@dataclass(frozen=True, slots=True)
class Port:
    """A way out. `optional`: what happens without it is said in `about`. `acts`: it is only taken
    after the caller did something or waited in a queue, so it may close a circle."""

    name: str
    about: str
    optional: bool = False
    acts: bool = False


@dataclass(frozen=True, slots=True)
class Jump:
    """Back to a node the caller has been at, by its id (no port leads there)."""

    node: str


Step = str | Jump | Ask
Enter = Callable[[Node, Run], Step]
Resume = Callable[[Node, Run, Answer], Step]
Mistake = tuple[str, str, str]
"""(port, reason, cure)"""


def no_more_ports(node: Node) -> tuple[Port, ...]:
    return ()


def no_mistakes(node: Node, flow: Flow) -> Iterable[Mistake]:
    return ()


def no_writes(node: Node) -> Mapping[str, tuple[str, ...]]:
    return {}


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of node. `resume` None: an answer that comes all the same asks again.

    `more_ports` are those that depend on the settings (menu keys); `mistakes` what is wrong with
    settings that are each right; `writes` the variables that have a value after a port was taken
    ('' stands for every port)."""

    name: str
    group: str
    about: str
    enter: Enter
    resume: Resume | None = None
    fields: tuple[Field[object], ...] = ()
    ports: tuple[Port, ...] = ()
    more_ports: Callable[[Node], tuple[Port, ...]] = no_more_ports
    mistakes: Callable[[Node, Flow], Iterable[Mistake]] = no_mistakes
    writes: Callable[[Node], Mapping[str, tuple[str, ...]]] = no_writes

    def ports_of(self, node: Node) -> tuple[Port, ...]:
        """All ways out that this node can have."""
        return self.ports + self.more_ports(node)


def fields(*several: Field[object]) -> tuple[Field[object], ...]:
    """Fields of different types in one tuple (they are only read through `Field.of`)."""
    return several


NEXT = Port("next", "afterwards")
