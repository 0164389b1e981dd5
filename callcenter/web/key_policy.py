"""What another program may do with an API key: one table, route by scope. Absent is refused.

A key never signs anybody in, makes no keys, and touches no user, no flow and no setting of the
house: these routes are not in the table, whatever scopes a key has. A test walks every route with
every scope against it. This file must not know how keys are kept.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, Literal, get_args

KeyScope = Literal[
    "customers:read",
    "customers:write",
    "customers:export",
    "tickets:read",
    "tickets:write",
    "tasks:read",
    "tasks:write",
    "calls:read",
    "callbacks:read",
    "callbacks:write",
    "voicemail:read",
    "centre:read",
    "routing:read",
    "metrics:read",
    "reports:read",
]
SCOPES: Final[tuple[KeyScope, ...]] = get_args(KeyScope)

# Any key that is valid may read the API's own description.
ANY: Final = "any"

KEY_POLICY: Mapping[tuple[str, str], KeyScope | Literal["any"]] = {
    ("GET", "/api/openapi.json"): ANY,
    ("GET", "/api/customers"): "customers:read",
    ("GET", "/api/customers/{customer}"): "customers:read",
    ("GET", "/api/customers/{customer}/timeline"): "customers:read",
    ("GET", "/api/customers/{customer}/history"): "customers:read",
    ("GET", "/api/customers/{customer}/merges"): "customers:read",
    ("POST", "/api/customers/alike"): "customers:read",
    ("GET", "/api/customer-fields"): "customers:read",
    ("POST", "/api/customers"): "customers:write",
    ("PUT", "/api/customers/{customer}"): "customers:write",
    ("POST", "/api/customers/{customer}/notes"): "customers:write",
    ("GET", "/api/customers/export"): "customers:export",
    ("GET", "/api/tickets"): "tickets:read",
    ("GET", "/api/tickets/{ticket}"): "tickets:read",
    ("GET", "/api/ticket-types"): "tickets:read",
    ("GET", "/api/macros"): "tickets:read",
    ("POST", "/api/tickets"): "tickets:write",
    ("PATCH", "/api/tickets/{ticket}"): "tickets:write",
    ("POST", "/api/tickets/{ticket}/stage"): "tickets:write",
    ("POST", "/api/tickets/{ticket}/comments"): "tickets:write",
    ("POST", "/api/tickets/{ticket}/macro"): "tickets:write",
    ("POST", "/api/tickets/{ticket}/rating"): "tickets:write",
    ("POST", "/api/tickets/{ticket}/links"): "tickets:write",
    ("POST", "/api/tickets/{ticket}/unlink"): "tickets:write",
    ("GET", "/api/tasks"): "tasks:read",
    ("POST", "/api/tasks"): "tasks:write",
    ("PUT", "/api/tasks/{task}/due"): "tasks:write",
    ("POST", "/api/tasks/{task}/result"): "tasks:write",
    ("POST", "/api/tasks/{task}/cancel"): "tasks:write",
    ("POST", "/api/tasks/{task}/reopen"): "tasks:write",
    ("GET", "/api/interactions"): "calls:read",
    ("GET", "/api/calls-found"): "calls:read",
    ("GET", "/api/interactions/{call}"): "calls:read",
    ("GET", "/api/callbacks"): "callbacks:read",
    ("GET", "/api/callbacks/{callback}"): "callbacks:read",
    ("POST", "/api/callbacks"): "callbacks:write",
    ("POST", "/api/callbacks/{callback}/cancel"): "callbacks:write",
    ("PUT", "/api/callbacks/{callback}/time"): "callbacks:write",
    ("GET", "/api/voicemails"): "voicemail:read",
    ("GET", "/api/voicemails/{message}"): "voicemail:read",
    ("GET", "/api/voicemails/{message}/audio"): "voicemail:read",
    ("GET", "/api/agents"): "centre:read",
    ("GET", "/api/queues"): "centre:read",
    ("GET", "/api/choices"): "centre:read",
    ("GET", "/api/calendars"): "centre:read",
    ("GET", "/api/callback-policies"): "centre:read",
    ("GET", "/metrics"): "metrics:read",
    ("GET", "/api/reports"): "reports:read",
    ("GET", "/api/reports/{report}"): "reports:read",
    ("GET", "/api/reports/{report}/file"): "reports:read",
    ("GET", "/api/calls-behind"): "reports:read",
    ("GET", "/api/routing/why/call/{call}"): "routing:read",
    ("GET", "/api/routing/why/agent/{agent}"): "routing:read",
    ("GET", "/api/flows/{name}/counters"): "routing:read",
}


def scope_needed(method: str, path: str) -> KeyScope | Literal["any"] | None:
    """What a key needs for a route (its template); None: no key may."""
    return KEY_POLICY.get((method, path))
