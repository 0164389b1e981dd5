"""A flow that is being drawn, made ready to be heard: its prompts, a one-time token, a phone.

The words of a draft must not be heard by callers of the published flow, so a prompt whose words
differ from those in use goes by another name in the trial.
"""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Mapping
from dataclasses import replace

from callcenter.asterisk.prompts import PromptLibrary
from callcenter.calendars import all_with_holidays
from callcenter.core.inputs import TrialOffered
from callcenter.runtime.ports import Clock, Emit
from callcenter.store.phones import Phones
from callcenter.web.services import TrialAccess
from ivr.flow import Flow, Node
from ivr.nodes import KINDS

TRIAL_SECONDS = 120.0


class Trials:
    """Implements the port of the web layer."""

    def __init__(self, library: PromptLibrary, phones: Phones, emit: Emit, clock: Clock) -> None:
        self._library, self._phones, self._emit, self._clock = library, phones, emit, clock

    async def offer(self, flow: Flow, *, user: str, number: str) -> TrialAccess:
        """The next call to the extension, within two minutes, goes through `flow` (linked)."""
        now = self._clock.now()
        heard = apart(with_days_off(flow, now), self._library)
        await self._library.prepare(heard.prompts)
        token = secrets.token_hex(16)
        access = await self._phones.trial_access(user, now=now)
        self._emit(TrialOffered(token, heard, number, now + TRIAL_SECONDS))
        return TrialAccess(f"try{token}", access.device, access.password, now + TRIAL_SECONDS)


def with_days_off(flow: Flow, now: float) -> Flow:
    """The flow with the public holidays of this year and the next."""
    year = time.gmtime(now).tm_year
    return replace(flow, calendars=all_with_holidays(flow.calendars, (year, year + 1)))


def apart(flow: Flow, library: PromptLibrary) -> Flow:
    """The flow with other names for prompts that are in use with other words."""
    names = {
        prompt: _own_name(prompt, words)
        for prompt, words in flow.prompts.items()
        if any(
            library.words(prompt, language) not in (None, said) for language, said in words.items()
        )
    }
    nodes = {id: _renamed(node, names) for id, node in flow.nodes.items()} if names else flow.nodes
    prompts = {names.get(prompt, prompt): words for prompt, words in flow.prompts.items()}
    return replace(flow, nodes=nodes, prompts=prompts)


def _own_name(prompt: str, words: Mapping[str, str]) -> str:
    """Named by its words, so that trying again and again makes no new names."""
    said = "\0".join(f"{language}={words[language]}" for language in sorted(words))
    return f"{prompt[:40]}-{hashlib.sha256(said.encode()).hexdigest()[:16]}"


def _renamed(node: Node, names: Mapping[str, str]) -> Node:
    spoken = {field.name for field in KINDS[node.kind].fields if "x-speech" in field.type.schema}
    settings = {
        name: _speech(value, names) if name in spoken else value
        for name, value in node.settings.items()
    }
    return replace(node, settings=settings)


def _speech(value: object, names: Mapping[str, str]) -> object:
    if isinstance(value, str):
        return names.get(value, value)
    if isinstance(value, list | tuple):
        return [_speech(item, names) for item in value]
    if isinstance(value, Mapping) and "prompt" in value:
        return dict(value) | {"prompt": _speech(value["prompt"], names)}
    return value
