"""YAML or JSON text to plain values, and from a path in them to the line in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import yaml

TEXT_MAX = 4_000_000
DEPTH_MAX = 50
PLACES_MAX = 500_000
NESTED = f"the text is nested more than {DEPTH_MAX} deep"


class UnreadableText(ValueError):
    """The text is no YAML at all; the message says where."""


@dataclass(slots=True)
class Document:
    """`lines` has the line of every path; `doubled` the places of keys that are there twice."""

    value: object
    lines: dict[str, int] = field(default_factory=dict)
    doubled: list[str] = field(default_factory=list)

    def line(self, place: str) -> int | None:
        """The line of the place, or of the nearest place around it."""
        while place and place not in self.lines:
            place = (
                re.sub(r"(\.[^.\[\]]*|\[\d+\])$", "", place) if re.search(r"[.\[]", place) else ""
            )
        return self.lines.get(place)


def read_document(text: str) -> Document:
    """UnreadableText if it cannot be read at all."""
    if len(text) > TEXT_MAX:
        raise UnreadableText(f"the text is longer than {TEXT_MAX} characters")
    try:
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        document = Document(None)
        if node is not None:
            _walk(node, "", document, 0)
        document.value = yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise UnreadableText(f"{where}{error.problem}") from None
    except (yaml.YAMLError, ValueError) as error:  # ValueError: the 31st of June
        raise UnreadableText(str(error)) from None
    except RecursionError:
        raise UnreadableText(NESTED) from None
    return document


def _walk(node: yaml.Node, place: str, document: Document, depth: int) -> None:
    """Note the line of each place. What an alias (*) stands for is at many places; text that would
    become endless by that is refused."""
    if depth > DEPTH_MAX:
        raise UnreadableText(NESTED)
    if len(document.lines) > PLACES_MAX:
        raise UnreadableText(f"with its aliases (*) the text has more than {PLACES_MAX} values")
    document.lines[place] = node.start_mark.line + 1
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            name = str(key.value)
            inner = f"{place}.{name}" if place else name
            if name in seen:
                document.doubled.append(inner)
            seen.add(name)
            _walk(value, inner, document, depth + 1)
            document.lines[inner] = key.start_mark.line + 1
    elif isinstance(node, yaml.SequenceNode):
        for n, value in enumerate(node.value):
            _walk(value, f"{place}[{n}]", document, depth + 1)
