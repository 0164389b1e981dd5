"""A queue's rules for calling back: checked before they are kept, the core's type when read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from pydantic import TypeAdapter, ValidationError

from callcenter.core.config import CallbackPolicy
from callcenter.store.config_values import ConfigRefused
from ivr.calendar import DAY_KEY, SpanWrong, spans_of
from ivr.localtime import is_zone

_POLICY = TypeAdapter(CallbackPolicy)
_POLICY_NAMES = {field.name for field in fields(CallbackPolicy)}
_LIMITS: dict[str, tuple[float, float]] = {
    "tries_max": (1, 20),
    "retry_seconds": (5, 86_400),
    "ring_seconds": (10, 120),
    "ahead_seconds": (0, 600),
    "at_once_max": (1, 100),
    "waiting_max": (1, 10_000),
}


def policy_settings(policy: CallbackPolicy) -> dict[str, Any]:
    """As it is stored."""
    settings: dict[str, Any] = _POLICY.dump_python(policy, mode="json")
    return settings


def policy_of(values: Mapping[str, Any]) -> CallbackPolicy:
    """Raises ConfigRefused, naming each mistake."""
    flaws = [(name, "there is no such setting") for name in values if name not in _POLICY_NAMES]
    for name, (low, high) in _LIMITS.items():
        value = values.get(name, low)
        if isinstance(value, bool) or not isinstance(value, int | float):
            flaws.append((name, "must be a number"))
        elif not low <= value <= high:
            flaws.append((name, f"must be between {low:g} and {high:g}"))
    zone = values.get("time_zone", "")
    if zone and not (isinstance(zone, str) and is_zone(zone)):
        flaws.append(("time_zone", "must be a time zone such as Asia/Shanghai"))
    hours = values.get("hours", {})
    for key, spans in (hours if isinstance(hours, Mapping) else {}).items():
        if not DAY_KEY.fullmatch(str(key)):
            flaws.append((f"hours.{key}", "must be a day or days, such as mon-fri"))
        flaws += _spans(f"hours.{key}", spans)
    flaws += _spans("customer_hours", values.get("customer_hours", ""))
    if flaws:
        raise ConfigRefused(*flaws)
    try:
        return _POLICY.validate_python(dict(values))
    except ValidationError as problem:
        found = problem.errors(include_url=False, include_input=False)
        told = [(".".join(map(str, one["loc"])) or "value", one["msg"]) for one in found]
        raise ConfigRefused(*told) from None


def _spans(where: str, value: object) -> list[tuple[str, str]]:
    try:
        spans_of(str(value))
    except SpanWrong as wrong:
        return [(where, f"{wrong.reason}: {wrong.cure}")]
    return []
