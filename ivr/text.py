"""YAML or JSON text as plain values that remember their lines.

Built from the parser's events, so that a hostile text can do nothing: no tags, no aliases (and so
no bombs), a bounded size and depth, doubled keys are mistakes. Plain scalars follow YAML 1.2: a
time such as 10:30 or a word such as `no` is text.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, field

import yaml

from ivr.problems import Problem

TEXT_MAX = 1_000_000
DEPTH_MAX = 12

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
# A leading zero or plus makes it text: 007 and +8613800138000 are no numbers to count with.
_INT = re.compile(r"^-?(0|[1-9][0-9]{0,17})$")
_FLOAT = re.compile(r"^-?(0|[1-9][0-9]{0,17})(\.[0-9]{1,20})?([eE][-+]?[0-9]{1,3})?$")
# JSON writes a character beyond the basic plane as two escapes; YAML knows only whole ones.
_PAIR = re.compile(r"\\\\|\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})")
_WORDS: dict[str, object] = {"true": True, "false": False, "null": None, "~": None, "": None}


@dataclass(slots=True)
class Marked:
    """A value and where it began. `value` is a scalar, a list of Marked or a dict of Marked."""

    value: object
    line: int
    text: str = ""


@dataclass(slots=True)
class _Open:
    """A list or table that is not yet closed."""

    marked: Marked
    key: Marked | None = None
    is_table: bool = False


@dataclass(slots=True)
class _Tree:
    problems: list[Problem] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    root: Marked | None = None

    def wrong(self, line: int, reason: str, cure: str) -> None:
        self.problems.append(Problem(line, "", "", reason, cure))

    def put(self, item: Marked) -> None:
        if not self.stack:
            self.root = item
            return
        top = self.stack[-1]
        inside = top.marked.value
        if isinstance(inside, list):
            inside.append(item)
        elif top.key is None:
            top.key = item
            if not isinstance(item.value, (str, int, float, bool)):
                self.wrong(item.line, "a table's key must be a word", "write a simple key")
        elif isinstance(inside, dict):
            if top.key.text in inside:
                self.wrong(top.key.line, f"{top.key.text!r} is there twice", "remove one")
            inside[top.key.text] = item
            top.key = None


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


def _scalar(event: yaml.ScalarEvent) -> Marked:
    text = event.value
    line = _line(event)
    if event.style:  # quoted or a block; plain is None or '', by the parser in use
        return Marked(_whole(text), line, _whole(text))
    if text.lower() in _WORDS:
        return Marked(_WORDS[text.lower()], line, text)
    if _INT.match(text):
        return Marked(int(text), line, text)
    if _FLOAT.match(text) and math.isfinite(float(text)):
        return Marked(float(text), line, text)
    return Marked(text, line, text)


def _join(found: re.Match[str]) -> str:
    if found[1] is None:
        return found[0]
    halves = bytes.fromhex(found[1] + found[2])
    return halves.decode("utf-16-be", "replace")


def _whole(text: str) -> str:
    """Text without half characters, which nothing behind us could encode."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def _take(tree: _Tree, event: yaml.Event) -> bool:
    """One event into the tree; False when reading cannot go on."""
    line = _line(event)
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        tree.wrong(line, "anchors (&) and aliases (*) are not allowed", "quote it or write it out")
        return False
    if getattr(event, "tag", None) not in (None, "!"):
        tree.wrong(line, "tags (!) are not allowed", "write the plain value, in quotes")
        return False
    if isinstance(event, yaml.ScalarEvent):
        tree.put(_scalar(event))
    elif isinstance(event, (yaml.MappingStartEvent, yaml.SequenceStartEvent)):
        if len(tree.stack) >= DEPTH_MAX:
            tree.wrong(line, f"more than {DEPTH_MAX} levels deep", "flows are flat: see the guide")
            return False
        is_table = isinstance(event, yaml.MappingStartEvent)
        tree.stack.append(_Open(Marked({} if is_table else [], line), None, is_table))
    elif isinstance(event, (yaml.MappingEndEvent, yaml.SequenceEndEvent)):
        tree.put(tree.stack.pop().marked)
    elif isinstance(event, yaml.DocumentStartEvent) and tree.root is not None:
        tree.wrong(line, "a second document begins here (---)", "write one flow a file")
        return False
    return True


def read_text(text: str) -> tuple[Marked | None, list[Problem]]:
    """The text's value, and everything wrong with its form."""
    if len(text) > TEXT_MAX:
        reason = f"the text has {len(text)} characters, more than {TEXT_MAX}"
        return None, [Problem(None, "", "", reason, "split the flow into sub-flows")]
    if text.lstrip()[:1] in ("{", "["):
        text = _PAIR.sub(_join, text)
    tree = _Tree()
    try:
        for event in yaml.parse(text, Loader=_LOADER):
            if not _take(tree, event):
                return None, tree.problems
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        reason = "this is neither YAML nor JSON: " + str(error.problem or error.context)
        line = mark.line + 1 if mark else None
        tree.problems.append(Problem(line, "", "", reason, "look at indents, quotes and colons"))
        return None, tree.problems
    except (yaml.YAMLError, UnicodeError) as error:
        reason = "this text cannot be read: " + str(error).splitlines()[0]
        tree.problems.append(Problem(None, "", "", reason, "save it as UTF-8 text"))
        return None, tree.problems
    if tree.root is None:
        return None, [Problem(None, "", "", "the text is empty", "write a flow")]
    return tree.root, tree.problems


def plain(marked: Marked) -> object:
    """The value without its lines."""
    value = marked.value
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value
