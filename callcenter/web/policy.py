"""Who may do what: one table, route by role, with the scope of what is seen. Absent is refused.

Scopes: `own` limits an endpoint to the caller's own things (own calls, own drafts, own session),
`all` does not. A test walks every route and every role against this table, and a route that is not
in it cannot be called by anybody. This file must not know how sessions work.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Role = Literal["agent", "supervisor", "administrator"]
Scope = Literal["own", "all"]

ROLES: tuple[Role, ...] = ("agent", "supervisor", "administrator")


@dataclass(frozen=True, slots=True)
class Rule:
    """`public`: also without a session. `agent_only`: the user must be set up as an agent, whatever
    the role."""

    scopes: Mapping[Role, Scope] = field(default_factory=dict)
    public: bool = False
    agent_only: bool = False

    @property
    def bordered(self) -> bool:
        """Supervisors see more here than agents do: the border of their teams holds (`borders`)."""
        return self.scopes.get("supervisor") == "all" and self.scopes.get("agent") != "all"


_PUBLIC = Rule(public=True)
_OWN = Rule({"agent": "own", "supervisor": "own", "administrator": "own"})
_OWN_CALLS = Rule({"agent": "own", "supervisor": "all", "administrator": "all"})
_EVERYBODY = Rule({"agent": "all", "supervisor": "all", "administrator": "all"})
_WATCH = Rule({"supervisor": "all", "administrator": "all"})
_ADMINISTER = Rule({"administrator": "all"})
_AS_AGENT = Rule({"agent": "own", "supervisor": "own", "administrator": "own"}, agent_only=True)

POLICY: Mapping[tuple[str, str], Rule] = {
    ("GET", "/healthz"): _PUBLIC,
    ("GET", "/readyz"): _PUBLIC,
    ("GET", "/api/openapi.json"): _EVERYBODY,
    ("GET", "/api/health"): _ADMINISTER,
    ("GET", "/metrics"): _ADMINISTER,
    # -- signing in --------------------------------------------------------
    ("GET", "/api/first-run"): _PUBLIC,
    ("POST", "/api/first-run"): _PUBLIC,
    ("POST", "/api/login"): _PUBLIC,
    ("GET", "/api/sso"): _PUBLIC,
    ("POST", "/api/sso/start"): _PUBLIC,
    ("GET", "/api/sso/callback"): _PUBLIC,
    ("GET", "/api/sso/exit"): _OWN,
    ("GET", "/api/sign-in"): _ADMINISTER,
    ("PUT", "/api/sign-in"): _ADMINISTER,
    ("POST", "/api/sign-in/test"): _ADMINISTER,
    ("POST", "/api/logout"): _OWN,
    ("GET", "/api/session"): _OWN,
    ("PUT", "/api/session/locale"): _OWN,
    ("PUT", "/api/session/password"): _OWN,
    ("GET", "/api/sessions"): _OWN,
    ("DELETE", "/api/sessions/{session}"): _OWN,
    ("POST", "/api/sessions/end-others"): _OWN,
    ("GET", "/api/second-factor"): _OWN,
    ("POST", "/api/second-factor"): _OWN,
    ("POST", "/api/second-factor/confirm"): _OWN,
    ("POST", "/api/second-factor/codes"): _OWN,
    ("POST", "/api/second-factor/off"): _OWN,
    ("GET", "/api/users/{user}/sessions"): _ADMINISTER,
    ("DELETE", "/api/users/{user}/sessions/{session}"): _ADMINISTER,
    ("POST", "/api/users/{user}/sessions/end"): _ADMINISTER,
    ("GET", "/api/users/{user}/second-factor"): _ADMINISTER,
    ("DELETE", "/api/users/{user}/second-factor"): _ADMINISTER,
    # -- an agent's work ---------------------------------------------------
    ("POST", "/api/phone"): _AS_AGENT,
    ("GET", "/api/choices"): _EVERYBODY,
    ("GET", "/api/colleagues"): _EVERYBODY,
    ("GET", "/api/shelf"): _AS_AGENT,
    ("PUT", "/api/calls/{call}/quality/{leg}"): _AS_AGENT,
    ("GET", "/api/drafts/{call}"): _AS_AGENT,
    ("PUT", "/api/drafts/{call}"): _AS_AGENT,
    ("GET", "/api/dispositions/recent"): _AS_AGENT,
    ("PUT", "/api/calls/{call}/form"): _AS_AGENT,
    ("GET", "/api/call-forms"): _EVERYBODY,
    ("PUT", "/api/call-forms/{code}"): _ADMINISTER,
    ("DELETE", "/api/call-forms/{code}"): _ADMINISTER,
    # -- scripts -----------------------------------------------------------
    ("GET", "/api/scripts"): _ADMINISTER,
    ("PUT", "/api/scripts/{code}"): _ADMINISTER,
    ("POST", "/api/scripts/{code}/publish"): _ADMINISTER,
    ("POST", "/api/scripts/{code}/restore"): _ADMINISTER,
    ("GET", "/api/scripts/{code}/versions"): _ADMINISTER,
    ("GET", "/api/calls/{call}/script"): _AS_AGENT,
    ("PUT", "/api/calls/{call}/script"): _AS_AGENT,
    # -- the knowledge base ------------------------------------------------
    ("GET", "/api/article-categories"): _EVERYBODY,
    ("PUT", "/api/article-categories/{code}"): _WATCH,
    ("DELETE", "/api/article-categories/{code}"): _WATCH,
    ("POST", "/api/article-searches"): _EVERYBODY,
    ("GET", "/api/articles"): _EVERYBODY,
    ("POST", "/api/articles"): _WATCH,
    ("GET", "/api/articles/suggested"): _EVERYBODY,
    ("GET", "/api/articles/gaps"): _WATCH,
    ("POST", "/api/articles/preview"): _WATCH,
    ("GET", "/api/articles/{article}"): _EVERYBODY,
    ("GET", "/api/articles/{article}/draft"): _WATCH,
    ("PUT", "/api/articles/{article}/draft"): _WATCH,
    ("POST", "/api/articles/{article}/publish"): _WATCH,
    ("POST", "/api/articles/{article}/restore"): _WATCH,
    ("PUT", "/api/articles/{article}/archived"): _WATCH,
    ("GET", "/api/articles/{article}/versions"): _WATCH,
    ("GET", "/api/articles/{article}/diff"): _WATCH,
    ("POST", "/api/articles/{article}/feedback"): _EVERYBODY,
    # -- customers and what happened ---------------------------------------
    ("GET", "/api/customers"): _EVERYBODY,
    ("POST", "/api/customers"): _EVERYBODY,
    ("GET", "/api/customers/{customer}"): _EVERYBODY,
    ("PUT", "/api/customers/{customer}"): _EVERYBODY,
    ("GET", "/api/customers/{customer}/timeline"): _EVERYBODY,
    ("POST", "/api/customers/alike"): _EVERYBODY,
    ("GET", "/api/customers/doubles"): _WATCH,
    ("POST", "/api/customers/merge"): _WATCH,
    ("GET", "/api/customers/{customer}/merges"): _EVERYBODY,
    ("POST", "/api/customers/merges/{merge}/undo"): _WATCH,
    ("GET", "/api/customers/export"): _WATCH,
    ("GET", "/api/customers/{customer}/personal-data"): _ADMINISTER,
    ("POST", "/api/customers/{customer}/erase"): _ADMINISTER,
    ("GET", "/api/customer-fields"): _EVERYBODY,
    ("PUT", "/api/customer-fields/{code}"): _ADMINISTER,
    ("DELETE", "/api/customer-fields/{code}"): _ADMINISTER,
    ("GET", "/api/customers/{customer}/history"): _EVERYBODY,
    ("POST", "/api/customers/{customer}/notes"): _EVERYBODY,
    ("DELETE", "/api/customer-notes/{note}"): _EVERYBODY,
    ("GET", "/api/tickets"): _EVERYBODY,
    ("POST", "/api/tickets"): _EVERYBODY,
    ("GET", "/api/tickets/{ticket}"): _EVERYBODY,
    ("PATCH", "/api/tickets/{ticket}"): _EVERYBODY,
    ("POST", "/api/tickets/{ticket}/stage"): _EVERYBODY,
    ("POST", "/api/tickets/{ticket}/comments"): _EVERYBODY,
    ("POST", "/api/tickets/{ticket}/macro"): _EVERYBODY,
    ("POST", "/api/tickets/{ticket}/rating"): _EVERYBODY,
    ("POST", "/api/tickets/{ticket}/links"): _EVERYBODY,
    ("POST", "/api/tickets/{ticket}/unlink"): _EVERYBODY,
    ("POST", "/api/tickets/{ticket}/merge"): _EVERYBODY,
    ("GET", "/api/ticket-views"): _OWN,
    ("POST", "/api/ticket-views"): _OWN,
    ("DELETE", "/api/ticket-views/{view}"): _OWN,
    ("GET", "/api/ticket-types"): _EVERYBODY,
    ("PUT", "/api/ticket-types/{code}"): _ADMINISTER,
    ("GET", "/api/macros"): _EVERYBODY,
    ("PUT", "/api/macros/{code}"): _ADMINISTER,
    ("DELETE", "/api/macros/{code}"): _ADMINISTER,
    ("GET", "/api/follow-up-plans"): _WATCH,
    ("PUT", "/api/follow-up-plans/{code}"): _ADMINISTER,
    ("DELETE", "/api/follow-up-plans/{code}"): _ADMINISTER,
    ("GET", "/api/work-hours"): _WATCH,
    ("PUT", "/api/work-hours/{code}"): _ADMINISTER,
    ("DELETE", "/api/work-hours/{code}"): _ADMINISTER,
    ("GET", "/api/tasks"): _EVERYBODY,
    ("POST", "/api/tasks"): _EVERYBODY,
    ("PUT", "/api/tasks/{task}/due"): _EVERYBODY,
    ("POST", "/api/tasks/{task}/result"): _EVERYBODY,
    ("POST", "/api/tasks/{task}/cancel"): _EVERYBODY,
    ("POST", "/api/tasks/{task}/reopen"): _EVERYBODY,
    ("GET", "/api/imports"): _WATCH,
    ("POST", "/api/imports"): _WATCH,
    ("GET", "/api/imports/{import_id}"): _WATCH,
    ("POST", "/api/imports/{import_id}/start"): _WATCH,
    ("POST", "/api/imports/{import_id}/cancel"): _WATCH,
    ("GET", "/api/imports/{import_id}/flaws"): _WATCH,
    ("GET", "/api/interactions"): _OWN_CALLS,
    ("GET", "/api/interactions/{call}"): _OWN_CALLS,
    # -- reports -----------------------------------------------------------
    ("GET", "/api/reports"): _WATCH,
    ("GET", "/api/reports/{report}"): _WATCH,
    ("GET", "/api/reports/{report}/file"): _WATCH,
    ("GET", "/api/calls-behind"): _WATCH,
    ("POST", "/api/report-jobs/{report}"): _WATCH,
    ("GET", "/api/report-jobs/{job}"): _WATCH,
    ("DELETE", "/api/report-jobs/{job}"): _WATCH,
    ("GET", "/api/report-views"): _WATCH,
    ("POST", "/api/report-views"): _WATCH,
    ("DELETE", "/api/report-views/{view}"): _WATCH,
    ("GET", "/api/report-schedules"): _WATCH,
    ("POST", "/api/report-schedules"): _WATCH,
    ("PUT", "/api/report-schedules/{schedule}"): _WATCH,
    ("DELETE", "/api/report-schedules/{schedule}"): _WATCH,
    # -- callbacks: agents those of the queues they serve --------------------
    ("GET", "/api/callbacks"): _OWN_CALLS,
    ("POST", "/api/callbacks"): _OWN_CALLS,
    ("GET", "/api/callbacks/{callback}"): _OWN_CALLS,
    ("POST", "/api/callbacks/{callback}/cancel"): _OWN_CALLS,
    ("POST", "/api/callbacks/{callback}/dial"): _OWN_CALLS,
    ("PUT", "/api/callbacks/{callback}/time"): _OWN_CALLS,
    ("GET", "/api/callback-policies"): _WATCH,
    ("GET", "/api/screen-pops"): _EVERYBODY,
    ("PUT", "/api/screen-pops/{code}"): _ADMINISTER,
    ("DELETE", "/api/screen-pops/{code}"): _ADMINISTER,
    ("GET", "/api/callback-form"): _ADMINISTER,
    ("PUT", "/api/callback-form"): _ADMINISTER,
    ("GET", "/api/public/callback-form"): _PUBLIC,
    ("POST", "/api/public/callbacks"): _PUBLIC,
    ("PUT", "/api/callback-policies/{queue}"): _ADMINISTER,
    # -- calls by hand -----------------------------------------------------
    ("GET", "/api/dial"): _AS_AGENT,
    ("POST", "/api/dial/check"): _AS_AGENT,
    ("GET", "/api/outbound-rules"): _WATCH,
    ("PUT", "/api/outbound-rules"): _ADMINISTER,
    ("GET", "/api/contacts"): _EVERYBODY,
    ("PUT", "/api/contacts/{contact}"): _ADMINISTER,
    ("DELETE", "/api/contacts/{contact}"): _ADMINISTER,
    # -- why the engine decided as it did ----------------------------------
    ("GET", "/api/routing/why/call/{call}"): _WATCH,
    ("GET", "/api/routing/why/agent/{agent}"): _WATCH,
    ("GET", "/api/routing/estimates"): _WATCH,
    ("POST", "/api/staffing"): _WATCH,
    # -- administration ----------------------------------------------------
    ("GET", "/api/users"): _ADMINISTER,
    ("POST", "/api/users"): _ADMINISTER,
    ("PUT", "/api/users/{user}"): _ADMINISTER,
    ("POST", "/api/users/{user}/password"): _ADMINISTER,
    ("GET", "/api/agents"): _WATCH,
    ("PUT", "/api/agents/{agent}"): _ADMINISTER,
    ("DELETE", "/api/agents/{agent}"): _ADMINISTER,
    ("POST", "/api/agents/{agent}/desk-phone"): _ADMINISTER,
    ("GET", "/api/centre"): _WATCH,
    ("PUT", "/api/centre"): _ADMINISTER,
    ("GET", "/api/queues"): _WATCH,
    ("PUT", "/api/queues/{queue}"): _ADMINISTER,
    ("PUT", "/api/queues/{queue}/members"): _ADMINISTER,
    ("GET", "/api/groups"): _WATCH,
    ("PUT", "/api/groups/{group}"): _ADMINISTER,
    ("DELETE", "/api/groups/{group}"): _ADMINISTER,
    ("GET", "/api/teams"): _WATCH,
    ("PUT", "/api/teams/{team}"): _ADMINISTER,
    ("DELETE", "/api/teams/{team}"): _ADMINISTER,
    # -- the floor ---------------------------------------------------------
    ("POST", "/api/agents/{agent}/state"): _WATCH,
    ("PUT", "/api/agents/{agent}/work"): _WATCH,
    ("POST", "/api/desk-messages"): _WATCH,
    ("GET", "/api/desk-messages"): _WATCH,
    ("GET", "/api/desk"): _AS_AGENT,
    ("POST", "/api/desk/{message}/read"): _AS_AGENT,
    ("GET", "/api/alert-rules"): _WATCH,
    ("POST", "/api/alert-rules"): _WATCH,
    ("PUT", "/api/alert-rules/{rule}"): _WATCH,
    ("DELETE", "/api/alert-rules/{rule}"): _WATCH,
    ("GET", "/api/alerts"): _WATCH,
    ("POST", "/api/alerts/{alert}/acknowledge"): _WATCH,
    ("GET", "/api/ghosts"): _WATCH,
    ("POST", "/api/ghosts/clear"): _WATCH,
    ("GET", "/api/walls"): _WATCH,
    ("POST", "/api/walls"): _WATCH,
    ("PUT", "/api/walls/{wall}"): _WATCH,
    ("DELETE", "/api/walls/{wall}"): _WATCH,
    ("POST", "/api/walls/{wall}/screens"): _WATCH,
    ("DELETE", "/api/walls/{wall}/screens/{screen}"): _WATCH,
    # A token of its own; figures alone, no caller.
    ("GET", "/api/public/wall"): _PUBLIC,
    ("PUT", "/api/pause-reasons"): _ADMINISTER,
    ("PUT", "/api/dispositions"): _ADMINISTER,
    ("GET", "/api/keys"): _ADMINISTER,
    ("POST", "/api/keys"): _ADMINISTER,
    ("DELETE", "/api/keys/{key}"): _ADMINISTER,
    ("GET", "/api/webhooks"): _ADMINISTER,
    ("POST", "/api/webhooks"): _ADMINISTER,
    ("PUT", "/api/webhooks/{webhook}"): _ADMINISTER,
    ("DELETE", "/api/webhooks/{webhook}"): _ADMINISTER,
    ("POST", "/api/webhooks/{webhook}/secret"): _ADMINISTER,
    ("POST", "/api/webhooks/{webhook}/test"): _ADMINISTER,
    ("POST", "/api/webhooks/{webhook}/resume"): _ADMINISTER,
    ("POST", "/api/webhooks/{webhook}/replay"): _ADMINISTER,
    ("GET", "/api/webhooks/{webhook}/deliveries"): _ADMINISTER,
    ("POST", "/api/webhook-deliveries/{delivery}/replay"): _ADMINISTER,
    # -- routes and hours --------------------------------------------------
    ("GET", "/api/routes"): _ADMINISTER,
    ("PUT", "/api/routes"): _ADMINISTER,
    ("POST", "/api/routes/check"): _ADMINISTER,
    ("POST", "/api/routes/try"): _ADMINISTER,
    ("GET", "/api/number-lists"): _ADMINISTER,
    ("PUT", "/api/number-lists/{list}"): _ADMINISTER,
    ("DELETE", "/api/number-lists/{list}"): _ADMINISTER,
    ("GET", "/api/number-lists/{list}/numbers"): _ADMINISTER,
    ("POST", "/api/number-lists/{list}/numbers"): _ADMINISTER,
    ("DELETE", "/api/number-lists/{list}/numbers/{number}"): _ADMINISTER,
    ("GET", "/api/calendars"): _WATCH,
    ("GET", "/api/calendars/countries"): _ADMINISTER,
    ("POST", "/api/calendars/preview"): _WATCH,
    ("POST", "/api/calendars/ics"): _ADMINISTER,
    # A supervisor on the floor may have to close the house while no administrator is there.
    ("POST", "/api/calendars/emergency"): _WATCH,
    ("POST", "/api/calendars/{calendar}/emergency"): _WATCH,
    ("PUT", "/api/calendars/{calendar}"): _ADMINISTER,
    ("DELETE", "/api/calendars/{calendar}"): _ADMINISTER,
    # -- call flows --------------------------------------------------------
    ("GET", "/api/flows"): _ADMINISTER,
    ("POST", "/api/flows"): _ADMINISTER,
    ("GET", "/api/flows/nodes"): _ADMINISTER,
    ("GET", "/api/flows/names"): _ADMINISTER,
    ("POST", "/api/flows/check"): _ADMINISTER,
    ("POST", "/api/flows/try"): _ADMINISTER,
    ("POST", "/api/flows/import"): _ADMINISTER,
    ("GET", "/api/flows/{name}"): _ADMINISTER,
    ("DELETE", "/api/flows/{name}"): _ADMINISTER,
    ("PUT", "/api/flows/{name}/draft"): _ADMINISTER,
    ("POST", "/api/flows/{name}/publish"): _ADMINISTER,
    ("POST", "/api/flows/{name}/rollback"): _ADMINISTER,
    ("GET", "/api/flows/{name}/versions"): _ADMINISTER,
    ("GET", "/api/flows/{name}/versions/{version}"): _ADMINISTER,
    ("GET", "/api/flows/{name}/diff"): _ADMINISTER,
    ("GET", "/api/flows/{name}/export"): _ADMINISTER,
    ("POST", "/api/flows/{name}/tests/run"): _ADMINISTER,
    ("POST", "/api/flows/{name}/trial"): _ADMINISTER,
    ("GET", "/api/flows/{name}/counters"): _WATCH,
    # -- messages of callers -----------------------------------------------
    ("GET", "/api/voicemails"): _OWN_CALLS,
    ("GET", "/api/voicemails/new"): _OWN_CALLS,
    ("GET", "/api/voicemails/{message}"): _OWN_CALLS,
    ("PUT", "/api/voicemails/{message}"): _OWN_CALLS,
    ("DELETE", "/api/voicemails/{message}"): _OWN_CALLS,
    ("POST", "/api/voicemails/{message}/restore"): _OWN_CALLS,
    ("GET", "/api/voicemails/{message}/audio"): _OWN_CALLS,
    ("GET", "/api/voicemails/{message}/file"): _WATCH,
    ("GET", "/api/mailboxes"): _WATCH,
    ("PUT", "/api/mailboxes/{kind}/{box}"): _ADMINISTER,
    ("POST", "/api/mailboxes/{kind}/{box}/test"): _ADMINISTER,
    # -- live calls heard and taken over -----------------------------------
    ("POST", "/api/calls/{call}/hearing"): _WATCH,
    ("PUT", "/api/hearing"): _WATCH,
    ("POST", "/api/hearing/take-over"): _WATCH,
    ("DELETE", "/api/hearing"): _WATCH,
    # -- recordings of talks -----------------------------------------------
    ("GET", "/api/recordings"): _OWN_CALLS,
    ("GET", "/api/recordings/{recording}"): _OWN_CALLS,
    ("GET", "/api/recordings/{recording}/audio"): _OWN_CALLS,
    ("GET", "/api/recordings/{recording}/file"): _WATCH,
    ("POST", "/api/recordings/{recording}/comments"): _OWN_CALLS,
    ("DELETE", "/api/recordings/{recording}/comments/{comment}"): _OWN_CALLS,
    ("PUT", "/api/recordings/{recording}/hold"): _ADMINISTER,
    ("POST", "/api/recordings/{recording}/erase"): _ADMINISTER,
    ("POST", "/api/customers/{customer}/recordings/erase"): _ADMINISTER,
    ("GET", "/api/retention-rules"): _WATCH,
    ("PUT", "/api/retention-rules"): _ADMINISTER,
    ("GET", "/api/retention-runs"): _WATCH,
    ("GET", "/api/recording-policies"): _WATCH,
    ("PUT", "/api/recording-policies/{queue}"): _ADMINISTER,
    ("POST", "/api/calls/{call}/recording"): _WATCH,
    # -- text messages -----------------------------------------------------
    ("GET", "/api/text-gateway"): _ADMINISTER,
    ("PUT", "/api/text-gateway"): _ADMINISTER,
    ("POST", "/api/text-gateway/secret"): _ADMINISTER,
    ("POST", "/api/text-gateway/test"): _ADMINISTER,
    ("GET", "/api/text-messages"): _ADMINISTER,
    ("POST", "/api/text-messages/{message}/again"): _ADMINISTER,
    # -- prompts -----------------------------------------------------------
    ("GET", "/api/prompts"): _ADMINISTER,
    ("GET", "/api/prompts/{prompt}"): _ADMINISTER,
    ("PUT", "/api/prompts/{prompt}"): _ADMINISTER,
    ("DELETE", "/api/prompts/{prompt}"): _ADMINISTER,
    ("POST", "/api/prompts/{prompt}/restore"): _ADMINISTER,
    ("POST", "/api/prompts/{prompt}/{language}/audio"): _ADMINISTER,
    ("POST", "/api/prompts/{prompt}/{language}/speech"): _ADMINISTER,
    ("PUT", "/api/prompts/{prompt}/{language}/active"): _ADMINISTER,
    ("GET", "/api/prompts/{prompt}/{language}/versions/{version}/audio"): _ADMINISTER,
    ("POST", "/api/speech"): _ADMINISTER,
}

# All that is open to somebody who has yet to set up the second factor that his role needs.
WHILE_LIMITED = frozenset(
    {
        ("GET", "/api/session"),
        ("POST", "/api/logout"),
        ("PUT", "/api/session/locale"),
        ("GET", "/api/second-factor"),
        ("POST", "/api/second-factor"),
        ("POST", "/api/second-factor/confirm"),
    }
)


def rule_for(method: str, path: str) -> Rule | None:
    """The rule of a route (its template, as `/api/customers/{customer}`); None: nobody may."""
    return POLICY.get((method, path))


def scope_of(rule: Rule, role: Role) -> Scope | None:
    """What this role sees there; None: it may not go there at all."""
    return rule.scopes.get(role)
