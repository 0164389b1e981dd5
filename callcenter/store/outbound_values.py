"""The rules for calls by hand: checked before they are kept, the core's type when read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import phonenumbers
from pydantic import TypeAdapter, ValidationError

from callcenter.core.toll import OutboundRules
from callcenter.dialling import E164
from callcenter.store.config_values import ConfigRefused

_RULES = TypeAdapter(OutboundRules)
_NAMES = {field.name for field in fields(OutboundRules)}
_LIMITS: dict[str, tuple[float, float]] = {
    "at_once_max": (1, 1000),
    "hour_max": (1, 50_000),
    "agent_hour_max": (1, 1000),
    "minutes_max": (1, 600),
    "ring_seconds": (10, 120),
}
ROLES = frozenset({"agent", "supervisor", "administrator"})
CALLER_IDS_MAX = 100
MESSAGES_MAX = 50


def rules_settings(rules: OutboundRules) -> dict[str, Any]:
    """As it is stored."""
    settings: dict[str, Any] = _RULES.dump_python(rules, mode="json")
    for name in ("roles", "countries"):
        settings[name] = sorted(settings[name])
    for one in settings["caller_ids"]:
        one["roles"], one["queues"] = sorted(one["roles"]), sorted(one["queues"])
    return settings


def rules_of(values: Mapping[str, Any]) -> OutboundRules:
    """Raises ConfigRefused, naming each mistake."""
    flaws = [(name, "there is no such setting") for name in values if name not in _NAMES]
    for name, (low, high) in _LIMITS.items():
        value = values.get(name, low)
        if isinstance(value, bool) or not isinstance(value, int | float):
            flaws.append((name, "must be a number"))
        elif not low <= value <= high:
            flaws.append((name, f"must be between {low:g} and {high:g}"))
    if flaws:
        raise ConfigRefused(*flaws)
    try:
        rules = _RULES.validate_python(dict(values))
    except ValidationError as problem:
        found = problem.errors(include_url=False, include_input=False)
        told = [(".".join(map(str, one["loc"])) or "value", one["msg"]) for one in found]
        raise ConfigRefused(*told) from None
    flaws = _flaws(rules)
    if flaws:
        raise ConfigRefused(*flaws)
    return rules


def _flaws(rules: OutboundRules) -> list[tuple[str, str]]:
    flaws = [("roles", f"there is no role {role!r}") for role in sorted(rules.roles - ROLES)]
    unknown = sorted(rules.countries - phonenumbers.SUPPORTED_REGIONS)
    flaws += [("countries", f"{each!r} is no country (ISO 3166, as CN)") for each in unknown]
    if len(rules.caller_ids) > CALLER_IDS_MAX:
        flaws.append(("caller_ids", f"at most {CALLER_IDS_MAX}"))
    for place, one in enumerate(rules.caller_ids):
        if not E164.fullmatch(one.number):
            flaws.append((f"caller_ids.{place}.number", "must be E.164, as +862088888888"))
        strange = sorted(one.roles - ROLES)
        flaws += [(f"caller_ids.{place}.roles", f"there is no role {each!r}") for each in strange]
    numbers = [one.number for one in rules.caller_ids]
    if len(set(numbers)) != len(numbers):
        flaws.append(("caller_ids", "a number is there twice"))
    if len(rules.messages) > MESSAGES_MAX:
        flaws.append(("messages", f"at most {MESSAGES_MAX}"))
    for place, message in enumerate(rules.messages):
        if not message.name.strip():
            flaws.append((f"messages.{place}.name", "must not be empty"))
    return flaws
