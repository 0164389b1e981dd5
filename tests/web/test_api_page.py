"""What docs/api.md shows is true: its requests are sent as they stand there, its function runs."""

from __future__ import annotations

import json
import re
import shlex
import time
from pathlib import Path
from typing import Any

import pytest

from callcenter.outside.delivery import new_secret, signed
from callcenter.web.app import openapi_document
from callcenter.webhooks.schemas import KINDS
from tests.web.place import BY, Place

pytestmark = [pytest.mark.web, pytest.mark.anyio]

PAGE = (Path(__file__).parents[2] / "docs" / "api.md").read_text("utf-8")
EXAMPLE = re.compile(r"^    (curl .*?)\n\n```json\n(.*?)```", re.M | re.S)


def as_shown(shown: Any, answer: Any) -> bool:
    """Everything that is shown is in the answer; "…" stands for anything."""
    if shown == "…":
        return bool(answer)
    if isinstance(shown, dict):
        return all(name in answer and as_shown(one, answer[name]) for name, one in shown.items())
    if isinstance(shown, list):
        pairs = zip(shown, answer, strict=True)
        return len(shown) == len(answer) and all(as_shown(*pair) for pair in pairs)
    return bool(shown == answer)


async def test_the_three_examples_answer_as_the_page_says(place: Place) -> None:
    found = EXAMPLE.findall(PAGE)
    assert len(found) == 3
    await place.directory.put_queue("support", {"name": "Support"}, by=BY)
    await place.reload()
    scopes = ("customers:read", "customers:write", "tickets:write", "callbacks:write")
    token = await place.key(*scopes)
    async with await place.client(headers={"Authorization": f"Bearer {token}"}) as program:
        body = {"name": "Li Hua", "numbers": [{"typed": "13800138000"}]}
        made = await program.post("/api/customers", json=body)
        assert made.status_code == 201, made.text
        await program.post("/api/customers", json={"name": "Somebody else"})
        for command, shown in found:
            words = shlex.split(command.replace("$KEY", token))
            address = next(word for word in words if word.startswith("https://"))
            path = address.removeprefix("https://calls.example.com")
            named = [words[at + 1] for at, word in enumerate(words) if word == "-H"]
            headers = dict(line.split(": ", 1) for line in named)
            data = words[words.index("-d") + 1] if "-d" in words else None
            answer = await program.request(
                "POST" if data else "GET", path, content=data, headers=headers
            )
            assert answer.status_code in {200, 201}, (command, answer.text)
            assert as_shown(json.loads(shown), answer.json()), (shown, answer.text)


def test_the_page_s_own_check_of_a_signature_is_right() -> None:
    code = re.search(r"```python\n(.*?)```", PAGE, re.S)
    assert code is not None
    names: dict[str, Any] = {}
    exec(code[1], names)
    is_genuine = names["is_genuine"]
    secret, body = new_secret(), b'{"id": "1"}'
    headers = signed("1", time.time(), body, [new_secret(), secret])
    assert is_genuine(secret, headers, body)
    assert not is_genuine(secret, headers, body + b" ")
    assert not is_genuine(new_secret(), headers, body)
    assert not is_genuine(secret, signed("1", time.time() - 301, body, [secret]), body)


def test_every_event_and_route_that_the_page_names_is_there() -> None:
    for kind in KINDS:
        assert f"`{kind}`" in PAGE, kind
    paths = set(openapi_document()["paths"])
    assert {"/api/customers", "/api/tickets", "/api/callbacks"} <= paths
