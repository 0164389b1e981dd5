"""The node that asks another system over HTTP.

A flow fixes scheme, host and port; a caller's digits only ever become an encoded part of the path,
a query value or a field of the JSON body. Whether the host may be called at all is the driver's
rule, and so are its credentials: a flow knows them by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final, cast
from urllib.parse import quote, urlsplit

from ivr.asks import Answer, LookUp
from ivr.expression import ExpressionFailed
from ivr.flow import Flow, Node
from ivr.nodes.data import ERROR_PORT, arguments, usable
from ivr.nodes.kind import Field, Kind, Mistake, Port, Ref, Step, Type, Wrong, fields
from ivr.nodes.run import Run
from ivr.nodes.speech import PLACEHOLDER, as_text
from ivr.nodes.types import (
    EXPRESSION,
    NAME,
    VARIABLE_NAME,
    matching,
    named,
    number,
    one_of,
    shown,
    table,
    text,
    whole,
)

HEADERS_REFUSED: Final = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "cookie", "authorization"}
)
HEADER = re.compile(r"^[A-Za-z][A-Za-z0-9-]{0,63}$")
POINTER = re.compile(r"^(/[^/~]*(~[01][^/~]*)*)*$")  # RFC 6901


def _read_url(value: object) -> str:
    """An absolute address whose scheme, host and port are fixed; {variables} may only come after
    them, so that a caller's digits can never choose the host."""
    address = text(500).read(value)
    cure = "write https://host/path, with {variables} in the path only"
    try:
        parts = urlsplit(address)
        port_ok = parts.port is None or parts.port > 0
    except ValueError:
        raise Wrong(f"{shown(address)} is not an address", cure) from None
    if parts.scheme not in ("https", "http") or not parts.hostname or not port_ok:
        raise Wrong(f"{shown(address)} is not an address", cure)
    if "{" in parts.netloc or "@" in parts.netloc or "\\" in address or parts.fragment:
        raise Wrong(f"{shown(address)} has more than a host and port before the path", cure)
    if parts.query:
        raise Wrong(f"{shown(address)} has a query", "write it under 'query'")
    if not address.isascii() or not address.isprintable() or " " in address:
        raise Wrong(f"{shown(address)} has a character no address may have", "percent-encode it")
    if "{" in PLACEHOLDER.sub("", address) or "}" in PLACEHOLDER.sub("", address):
        raise Wrong(f"{shown(address)} has a stray brace", "write {variable}")
    return address


def _url_refs(value: object) -> Iterable[Ref]:
    refs: list[Ref] = [("expression", name) for name in PLACEHOLDER.findall(str(value or ""))]
    host = urlsplit(str(value or "")).hostname
    return [*refs, ("host", host)] if host else refs


def _read_header(name: str) -> str:
    if not HEADER.fullmatch(name):
        raise Wrong(f"{shown(name)} is no header's name", "use letters, digits and -")
    if name.lower() in HEADERS_REFUSED:
        cure = "name the credentials under 'secret'" if name.lower() == "authorization" else ""
        raise Wrong(f"the header {name} is not yours to set", cure or "remove it")
    return name


def _read_header_value(value: object) -> str:
    said = text(500).read(value)
    if not said.isascii() or not said.isprintable():
        raise Wrong("a header's value has a character it may not have", "use plain ASCII")
    return said


METHOD = Field("method", one_of("GET", "POST", "PUT", "PATCH", "DELETE"), "how", "GET")
URL = Field(
    "url",
    Type(_read_url, {"type": "string", "maxLength": 500, "format": "uri-template"}, _url_refs),
    "the address; {variables} in the path are encoded",
    "",
    required=True,
)
QUERY: Field[Mapping[str, object]] = Field(
    "query", table(NAME, "a parameter", EXPRESSION, 20), "parameter -> expression", {}
)
BODY: Field[Mapping[str, object]] = Field(
    "body", table(NAME, "a field", EXPRESSION, 50), "field -> expression, sent as JSON", {}
)
HEADERS: Field[Mapping[str, object]] = Field(
    "headers",
    table(
        _read_header,
        "a header",
        Type(_read_header_value, {"type": "string"}),
        10,
        form=HEADER,
    ),
    "header -> text",
    {},
)
CREDENTIALS = Field("secret", named("secret"), "credentials the centre keeps by this name", "")
REQUEST_SECONDS = Field("timeout_seconds", number(0.5, 20), "limit for all tries together", 5.0)
REQUEST_RETRIES = Field("retries", whole(0, 3), "more tries (only GET, PUT and DELETE)", 1)
TAKE: Field[Mapping[str, object]] = Field(
    "take",
    table(VARIABLE_NAME.read, "a variable", matching(POINTER, "a JSON pointer (/order/total)"), 20),
    "variable -> where its value is in the answer (JSON pointer, RFC 6901)",
    {},
)


def _request(node: Node, run: Run) -> Step:
    def encoded(found: re.Match[str]) -> str:
        try:
            return quote(as_text(run.evaluate(found.group(1))), safe="")
        except ExpressionFailed:
            return ""

    method = METHOD.of(node)
    return LookUp(
        "http",
        {
            "method": method,
            "url": PLACEHOLDER.sub(encoded, URL.of(node)),
            "query": {k: as_text(v) for k, v in arguments(node, QUERY, run).items()},
            "body": arguments(node, BODY, run) if BODY.of(node) else None,
            "headers": dict(HEADERS.of(node)),
            "secret": CREDENTIALS.of(node),
            "timeout_seconds": REQUEST_SECONDS.of(node),
            "retries": REQUEST_RETRIES.of(node) if method in ("GET", "PUT", "DELETE") else 0,
        },
    )


def _requested(node: Node, run: Run, answer: Answer) -> Step:
    """Found.values: `status` and `body` (parsed JSON). Everything asked for must be there."""
    values = usable(answer, run)
    if values is None:
        return "error"
    status = values.get("status")
    if not isinstance(status, int) or not 200 <= status < 300:
        return "error"
    taken = {}
    for name, pointer in TAKE.of(node).items():
        try:
            taken[name] = at_pointer(values.get("body"), cast(str, pointer))
        except LookupError:
            run.trouble("data", f"the answer has nothing at {pointer!r}")
            return "error"
    for name, value in taken.items():
        run.set(name, value)
    return "ok"


def at_pointer(document: object, pointer: str) -> object:
    """The value at an RFC 6901 pointer. Raises LookupError."""
    for raw in pointer.split("/")[1:]:
        part = raw.replace("~1", "/").replace("~0", "~")
        if isinstance(document, Mapping):
            document = document[part]
        elif isinstance(document, list) and part.isascii() and part.isdecimal():
            document = document[int(part)]
        else:
            raise LookupError(part)
    return document


def _request_mistakes(node: Node, flow: Flow) -> Iterable[Mistake]:
    if BODY.of(node) and METHOD.of(node) == "GET":
        yield "", "a GET request has no body", "use POST, or 'query'"


HTTP = Kind(
    "http",
    "data",
    "Asks another system over HTTP. Only hosts on the centre's list are called.",
    _request,
    _requested,
    fields(
        METHOD,
        URL,
        QUERY,
        BODY,
        HEADERS,
        CREDENTIALS,
        REQUEST_SECONDS,
        REQUEST_RETRIES,
        TAKE,
    ),
    (Port("ok", "it answered 2xx and has all that is taken"), ERROR_PORT),
    mistakes=_request_mistakes,
    writes=lambda node: {"ok": tuple(TAKE.of(node))},
)

CALLING = (HTTP,)
