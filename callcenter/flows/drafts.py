"""A draft's text and its values: what the designer sends and gets is the text's plain values."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import ivr
from callcenter.core.config import Config
from ivr.problems import Problem
from ivr.text import plain, read_text

EXAMPLES = Path(ivr.__file__).parent / "examples"
TEMPLATES = ("demo", "office", "self-service", "survey")


class NoDraft(ValueError):
    """What was sent is no table of values that a draft could be kept as. `problems` say why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(str(problems[0]) if problems else "it is no flow")
        self.problems = problems


def values_of(text: str) -> dict[str, object]:
    """The values in a draft's text (YAML or JSON). Raises NoDraft."""
    marked, problems = read_text(text)
    if marked is None or not isinstance(marked.value, dict):
        cure = "begin with 'id: my-flow'"
        raise NoDraft(problems or [Problem(None, "", "", "a flow is a table", cure)])
    values = plain(marked)
    assert isinstance(values, dict)
    return values


def text_of(flow: str, values: Mapping[str, object]) -> str:
    """The text a draft of `flow` is kept as. Raises NoDraft when it cannot be read back."""
    kept = {"id": flow, **{key: value for key, value in values.items() if key != "version"}}
    kept["id"] = flow
    try:
        text = json.dumps(kept, ensure_ascii=False, allow_nan=False)
    except (ValueError, RecursionError) as error:
        raise NoDraft([Problem(None, "", "", f"a value is no JSON: {error}", "mend it")]) from None
    values_of(text)
    return text


def blank(flow: str, title: str, config: Config, zone: str) -> dict[str, object]:
    """A first draft that already works: everybody to the first queue."""
    queue = next(iter(sorted(config.queues)), "")
    first = {"kind": "queue", "queue": queue} if queue else {"kind": "hangup"}
    out: dict[str, object] = {
        "id": flow,
        "name": title,
        "languages": ["zh", "en"],
        "timezone": zone,
        "start": "start",
        "nodes": {"start": first},
    }
    if queue:
        out["fallback"] = queue
    return out


def template(name: str) -> dict[str, object]:
    """The values of one of the examples that come with the product."""
    assert name in TEMPLATES
    return values_of((EXAMPLES / f"{name}.yaml").read_text("utf-8"))
