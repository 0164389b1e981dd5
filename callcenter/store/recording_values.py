"""A queue's rule for recording: checked before it is kept, the core's type when read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from pydantic import TypeAdapter, ValidationError

from callcenter.core.config import RecordingPolicy
from callcenter.store.config_values import ConfigRefused

_POLICY = TypeAdapter(RecordingPolicy)
_NAMES = {field.name for field in fields(RecordingPolicy)}
PAUSE_SECONDS = (10.0, 3600.0)  # or 0: does not end by itself


def settings_of(policy: RecordingPolicy) -> dict[str, Any]:
    """As it is stored."""
    settings: dict[str, Any] = _POLICY.dump_python(policy, mode="json")
    return settings


def policy_of(values: Mapping[str, Any]) -> RecordingPolicy:
    """Raises ConfigRefused, naming each mistake."""
    flaws = [(name, "there is no such setting") for name in values if name not in _NAMES]
    if flaws:
        raise ConfigRefused(*flaws)
    try:
        policy = _POLICY.validate_python(dict(values))
    except ValidationError as problem:
        found = problem.errors(include_url=False, include_input=False)
        told = [(".".join(map(str, one["loc"])) or "value", one["msg"]) for one in found]
        raise ConfigRefused(*told) from None
    if not 0 <= policy.percent <= 100:
        flaws.append(("percent", "must be between 0 and 100"))
    low, high = PAUSE_SECONDS
    if policy.pause_seconds_max != 0 and not low <= policy.pause_seconds_max <= high:
        flaws.append(("pause_seconds_max", f"must be 0, or between {low:g} and {high:g}"))
    if flaws:
        raise ConfigRefused(*flaws)
    return policy
