"""Where something about a person is kept, table by table, and what erasing means there.

A test walks all tables: each stands in HOLDINGS, or in NOT_OF_CUSTOMERS with the reason. Erasing
removes what tells who it was and what he said, and leaves what figures are made of: times, queues,
outcomes. `:ids` (as text `:names`) are the customer's, with those merged into it, `:numbers` his
numbers as they may be written, `:words` numbers and e-mail addresses as they stand in texts,
`:calls` his calls, `:messages` his voicemails.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Holding:
    """`which`: the rows of a person (SQL). `blanked`: what is put into columns; empty: the rows are
    deleted. `shown`: part of what the person is given."""

    table: str
    which: str
    blanked: str = ""
    shown: bool = True


# What figures are worked out from again (`reports.facts`); all else in an event goes.
EVENT_KEYS = (
    "'agent','also','joined_at','kind','outcome','queue','stage','trunk','waited','what','within'"
)
_OF_CALL = "call = any(:calls)"
_OF_CUSTOMER = "customer_id = any(:ids)"
_PHONED = f"({_OF_CUSTOMER} or phone = any(:numbers))"
_SUBJECT = "subject = any(:names) or subject = any(:calls)"
_NUMBERED = f"({_OF_CUSTOMER} or number = any(:numbers))"
_TICKETS = "select id from tickets where customer_id = any(:ids)"
_WORDS = "exists (select 1 from unnest(cast(:words as text[])) w where position(w in {}) > 0)"

HOLDINGS: tuple[Holding, ...] = (
    Holding("ticket_events", f"ticket_id in ({_TICKETS})", "data = '{}'::jsonb"),
    Holding("ticket_links", f"ticket_id in ({_TICKETS})", shown=False),
    Holding(
        "letters",
        f"({_WORDS.format('(recipient || subject || body)')} or exists (select 1 from"
        " unnest(cast(:messages as text[])) m where position(m in key) > 0)"
        f" or substring(key from '^ticket ([0-9a-f-]{{36}})')::uuid in ({_TICKETS}))",
        shown=False,
    ),
    Holding("tasks", f"(ticket_id in ({_TICKETS}) or {_NUMBERED})"),
    Holding(
        "tickets",
        _OF_CUSTOMER,
        "subject = '', description = '', fields = '{}'::jsonb, reason = '', search_text = '',"
        " grams = '{}', customer_id = null",
    ),
    Holding(
        "interaction_events",
        _OF_CALL,
        "data = coalesce((select jsonb_object_agg(key, value) from jsonb_each(data)"
        f" where key in ({EVENT_KEYS})), '{{}}'::jsonb)",
    ),
    Holding("interaction_parts", _OF_CALL, "note = ''"),
    Holding(
        "interactions",
        f"({_OF_CALL} or {_OF_CUSTOMER})",
        "number = '', note = '', customer_id = null",
    ),
    Holding("drafts", _OF_CALL),
    Holding("call_forms", f"({_OF_CALL} or {_OF_CUSTOMER})"),
    Holding("script_runs", _OF_CALL),
    Holding("survey_answers", f"({_OF_CALL} or {_OF_CUSTOMER})", "customer_id = null"),
    Holding(
        "callbacks",
        _NUMBERED,
        "number = '', name = '', customer_id = null, outcome = case outcome when '' then"
        " 'cancelled' else outcome end",
    ),
    Holding("recordings", f"({_OF_CALL} or {_NUMBERED})", "number = '', customer_id = null"),
    Holding(
        "recording_comments",
        f"recording_id in (select id from recordings where {_OF_CALL} or {_NUMBERED})",
    ),
    Holding(
        "evaluations",
        f"({_OF_CALL} or recording_id in (select id from recordings where {_NUMBERED}))",
        "remarks = '{}'::jsonb, comment = '', dispute = '', answer = ''",
        shown=False,
    ),
    Holding("voicemails", "id = any(:messages)"),
    Holding("text_messages", f"({_OF_CALL} or recipient = any(:numbers))"),
    Holding(
        "webhook_events",
        f"({_SUBJECT} or {_WORDS.format('data::text')})",
        shown=False,
    ),
    Holding(
        "webhook_deliveries",
        f"({_SUBJECT} or {_WORDS.format('body')})",
        shown=False,
    ),
    Holding("desk_messages", _WORDS.format("(body || detail::text)"), shown=False),
    Holding("number_list_entries", "number = any(:numbers)"),
    Holding("article_searches", _WORDS.format("query"), shown=False),
    Holding("article_feedback", _WORDS.format("query"), "query = ''", shown=False),
    Holding("customer_imports", _WORDS.format("flaws::text"), "flaws = '[]'::jsonb", shown=False),
    Holding(
        "orders", f"({_OF_CUSTOMER} or phone = any(:numbers))", "phone = '', customer_id = null"
    ),
    Holding("bookings", _PHONED, "phone = '', customer_id = null"),
    Holding("balances", _OF_CUSTOMER),
    Holding("customer_notes", _OF_CUSTOMER),
    Holding("customer_merges", "(kept_id = any(:ids) or merged_id = any(:ids))", shown=False),
    Holding("customer_numbers", _OF_CUSTOMER),
    Holding("customer_emails", _OF_CUSTOMER),
    Holding("customers", "id = any(:ids)"),
    Holding(
        "reports.facts",
        f"({_OF_CALL} or customer = any(:ids) or number = any(:numbers))",
        "number = '', customer = null",
        shown=False,
    ),
    # Written anew from what is left of the call.
    Holding("search.calls", f"({_OF_CALL} or {_NUMBERED})", shown=False),
)

NOT_OF_CUSTOMERS: dict[str, str] = {
    **dict.fromkeys(
        "agents agent_groups queues queue_members teams team_leaders team_queues calendars routes"
        " number_lists dispositions pause_reasons definitions config_state flows flow_drafts"
        " flow_publications prompts prompt_versions mailboxes callback_policies recording_policies"
        " retention_rules outbound_rules text_gateway webhooks wares articles article_versions"
        " scripts script_versions walls wall_tokens alert_rules sign_in_rules"
        " evaluation_forms evaluation_form_versions sampling_plans".split(),
        "how the centre is set up",
    ),
    **dict.fromkeys(
        "users login_sessions first_run_tokens second_factors recovery_codes api_keys"
        " browser_phones presence_events saved_views leader ps_endpoints ps_aors ps_auths"
        " ps_contacts shift_days shift_spans shift_changes".split(),
        "people who work here, and their devices",
    ),
    **dict.fromkeys(
        "leg_quality journeys journey_counts retention_runs alert_events samples"
        " calibrations".split(),
        "measures of calls, without a word or number of the caller",
    ),
    **dict.fromkeys(
        ("audit", "audit_seals"),
        "who of the house did what; about customers it has ids alone, and must not be changed",
    ),
    "contacts": "the house's own directory",
}
