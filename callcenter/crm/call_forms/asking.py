"""Which own fields a call asks for, and whether they are filled in. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from callcenter.crm.call_forms.schemas import FIELDS_MAX, CallFormDefinition, FollowUp
from callcenter.crm.fields.checking import checked_values
from callcenter.crm.fields.schemas import OwnField

YEAR_SECONDS = 366 * 86_400.0


def fields_for(
    forms: Sequence[CallFormDefinition], queue: str | None, path: Sequence[str]
) -> list[OwnField]:
    """The fields of all forms that fit, in the administrator's order; of two with one code the
    first. `path`: the codes from the root to the disposition, none while none is chosen."""
    found: dict[str, OwnField] = {}
    for form in forms:
        if not form.active or (form.queues and queue not in form.queues):
            continue
        if form.dispositions and not set(form.dispositions) & set(path):
            continue
        for field in form.fields:
            found.setdefault(field.code, field)
    return list(found.values())[:FIELDS_MAX]


def checked(
    fields: Sequence[OwnField], values: Mapping[str, object], *, may_lack: bool
) -> tuple[dict[str, object], list[tuple[str, str]], bool]:
    """(the values in one form each, what is wrong, everything is there). What was typed into fields
    of another disposition goes. With `may_lack` what cannot be kept is left as it was typed."""
    codes = {field.code for field in fields}
    asked = {code: value for code, value in values.items() if code in codes}
    clean, flaws = checked_values(fields, asked, at="values")
    if not may_lack or not flaws:
        return clean, flaws, not flaws
    wrong = {place.removeprefix("values.") for place, _ in flaws}
    kept = {code: value for code, value in asked.items() if code in wrong and value is not None}
    return {**kept, **clean}, [], False


def flaw_of(follow_up: FollowUp, now: float) -> tuple[str, str] | None:
    if not now - 60 <= follow_up.due <= now + YEAR_SECONDS:
        return "follow_up.due", "the time must lie ahead, within a year"
    if follow_up.kind == "callback" and not follow_up.queue:
        return "follow_up.queue", "choose the queue that calls back"
    return None
