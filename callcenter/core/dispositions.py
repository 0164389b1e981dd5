"""How a call can end for the books: a tree of codes, of which the leaves are chosen. Pure.

A code that is retired stays in the tree, so that what was written with it keeps its name; it, and
everything below it, can be chosen no more.
"""

from __future__ import annotations

from collections.abc import Sequence

from callcenter.core.config import Config, Disposition

DEPTH_MAX = 5


def path_of(tree: Sequence[Disposition], code: str) -> tuple[Disposition, ...]:
    """From the root to `code`; empty: there is no such code."""
    known = {item.code: item for item in tree}
    path: list[Disposition] = []
    item = known.get(code)
    while item is not None and len(path) < DEPTH_MAX:
        path.insert(0, item)
        item = known.get(item.parent) if item.parent else None
    return tuple(path)


def valid(config: Config, queue: str | None, code: str) -> bool:
    """Whether a call of this queue may be closed with `code`: nothing on its way is retired or
    kept for other queues, and no code that is in use lies below it."""
    path = path_of(config.dispositions, code)
    if not path or not all(item.active and _serves(item, queue) for item in path):
        return False
    return not any(item.parent == code and item.active for item in config.dispositions)


def default_for(config: Config, queue: str | None) -> str:
    """The code that closes a call of this queue when the time to write is over; one that names the
    queue goes before one for all. '': none."""
    found = [
        item
        for item in config.dispositions
        if item.default and valid(config, queue, item.code)
    ]  # fmt: skip
    found.sort(key=lambda item: not item.queues)
    return found[0].code if found else ""


def _serves(item: Disposition, queue: str | None) -> bool:
    return not item.queues or queue in item.queues


def flaw_of(tree: Sequence[Disposition]) -> tuple[str, str] | None:
    """(code, sentence): what does not hold together, the first of it."""
    codes = {item.code: item for item in tree}
    taken: dict[str, str] = {}
    for item in tree:
        if item.parent and item.parent not in codes:
            return item.code, f"there is no disposition {item.parent!r} above {item.code!r}"
        if _too_deep(codes, item):
            return item.code, f"{item.code!r} lies in a circle, or deeper than {DEPTH_MAX} levels"
    parents = {item.parent for item in tree if item.active}
    for item in tree:
        if not item.default or not item.active:
            continue
        if item.code in parents:
            return item.code, f"{item.code!r} has codes below it and cannot be the default"
        for queue in item.queues or {""}:
            if queue in taken:
                return item.code, "only one disposition can be the default of a queue"
            taken[queue] = item.code
    return None


def _too_deep(codes: dict[str, Disposition], item: Disposition) -> bool:
    steps = 1
    while item.parent:
        item = codes[item.parent] if item.parent in codes else Disposition("", "")
        steps += 1
        if steps > DEPTH_MAX:
            return True
    return False
