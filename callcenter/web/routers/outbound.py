"""Calls by hand: what the user may dial and show, the check of a number, the rules, the directory.

Dialling itself goes over the console's websocket; here is what its form needs. Numbers are checked
where they come in and once more by whoever dials them.
"""

from __future__ import annotations

import uuid
from dataclasses import asdict
from typing import Annotated, Any, Literal

import phonenumbers
from fastapi import Path
from pydantic import Field, StringConstraints

from callcenter.core import toll
from callcenter.core.toll import OutboundRules
from callcenter.dialling import NotDialable, as_typed
from callcenter.store.config_values import ConfigRefused
from callcenter.store.outbound import Contact
from callcenter.store.outbound_values import rules_settings
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.errors import ApiError, not_found
from callcenter.web.routers.common import UUID_PATTERN, Served, guarded_router

router = guarded_router("outbound")

Role = Literal["agent", "supervisor", "administrator"]
NumberText = Annotated[str, Field(min_length=1, max_length=80)]
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
ContactId = Annotated[str, Path(pattern=UUID_PATTERN)]
PromptId = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
QueueName = Annotated[str, Field(pattern=r"^[a-z0-9]{1,32}$")]


class CallerIdChoice(Body):
    """`queues` empty: for each of them."""

    number: str
    name: str
    queues: list[str]


class MessageChoice(Body):
    prompt: str
    name: str
    name_zh: str


class DialChoices(Body):
    """What the user may do. `refusal`: why he may not dial at all, "" if he may. `country`: where
    numbers without + are read."""

    refusal: str
    country: str
    caller_ids: list[CallerIdChoice]
    messages: list[MessageChoice]


class NumberToCheck(Body):
    number: NumberText


class CheckedNumber(Body):
    """`number` is E.164, "" when it cannot be read; `shown`: as people of `country` write it.
    `refusal`: why it is not dialled, "" if it is. `time_zone`: the one it can be in, or ""."""

    number: str
    shown: str
    country: str
    time_zone: str
    refusal: str


class CallerIdBody(Body):
    number: Annotated[str, Field(max_length=40)]
    name: Annotated[str, Field(max_length=80)] = ""
    roles: Annotated[list[Role], Field(default_factory=list)]
    queues: Annotated[list[QueueName], Field(max_length=200, default_factory=list)]


class MessageBody(Body):
    prompt: PromptId
    name: Annotated[str, Field(min_length=1, max_length=80)]
    name_zh: Annotated[str, Field(max_length=80)] = ""


class RulesRead(Body):
    """`possible`: this installation has a trunk. `version` 0: nothing was set yet."""

    version: int
    possible: bool
    enabled: bool
    roles: list[Role]
    countries: list[str]
    at_once_max: int
    hour_max: int
    agent_hour_max: int
    minutes_max: int
    ring_seconds: float
    caller_ids: list[CallerIdBody]
    messages: list[MessageBody]


class RulesChange(Body):
    """What is left out stays as it is. Numbers of `caller_ids` in any form that can be read."""

    version: int | None = None
    enabled: bool | None = None
    roles: list[Role] | None = None
    countries: Annotated[list[str] | None, Field(max_length=300)] = None
    at_once_max: int | None = None
    hour_max: int | None = None
    agent_hour_max: int | None = None
    minutes_max: int | None = None
    ring_seconds: float | None = None
    caller_ids: Annotated[list[CallerIdBody] | None, Field(max_length=100)] = None
    messages: Annotated[list[MessageBody] | None, Field(max_length=50)] = None


class ContactRead(Body):
    id: str
    name: str
    number: str
    note: str
    version: int


class Contacts(Body):
    items: list[ContactRead]


class ContactBody(Body):
    """`version`: of what was changed; a new one has none."""

    name: Line
    number: NumberText
    note: Annotated[str, StringConstraints(strip_whitespace=True, max_length=400)] = ""
    version: int = 0


# -- for the dial box ---------------------------------------------------------------------------
@router.get("/api/dial")
async def dial_choices(caller: Called, served: Served) -> DialChoices:
    """What the user may dial and show, and the messages he may leave."""
    config = served.config()
    rules, role = config.outbound, caller.account.role
    agent = config.agents.get(caller.agent)
    queues = set(agent.queues if agent else ())
    possible = config.dialling.enabled
    known = [
        CallerIdChoice(number=one.number, name=one.name, queues=sorted(one.queues))
        for one in rules.caller_ids
        if (not one.roles or role in one.roles) and (not one.queues or one.queues & queues)
    ]
    country = next(iter(rules.countries), "")
    return DialChoices(
        refusal=toll.refusal(rules, possible, role, country) or "",
        country=served.country,
        caller_ids=known,
        messages=[MessageChoice(**asdict(one)) for one in rules.messages],
    )


@router.post("/api/dial/check")
async def check_number(body: NumberToCheck, caller: Called, served: Served) -> CheckedNumber:
    """May this number be dialled by the user? Its form is read with the country of the centre."""
    checked = served.outbound.check(as_typed(body.number))
    if isinstance(checked, NotDialable):
        return CheckedNumber(
            number="", shown="", country="", time_zone="", refusal=f"not-dialable-{checked.code}"
        )
    config, role = served.config(), caller.account.role
    refused = toll.refusal(config.outbound, config.dialling.enabled, role, checked.country)
    return CheckedNumber(
        number=checked.number,
        shown=_as_written(checked.number, checked.country == served.country),
        country=checked.country,
        time_zone=checked.time_zone,
        refusal=refused or "",
    )


def _as_written(number: str, at_home: bool) -> str:
    form = phonenumbers.PhoneNumberFormat
    written: str = phonenumbers.format_number(
        phonenumbers.parse(number), form.NATIONAL if at_home else form.INTERNATIONAL
    )
    return written


# -- rules --------------------------------------------------------------------------------------
@router.get("/api/outbound-rules")
async def get_outbound_rules(served: Served) -> RulesRead:
    """The rules for calls by hand."""
    return _rules(*await served.outbound.book.rules(), served.config().dialling.enabled)


@router.put("/api/outbound-rules")
async def put_outbound_rules(body: RulesChange, caller: Called, served: Served) -> RulesRead:
    """Change them. They count from the next call on; `enabled` false stops all dialling."""
    values: dict[str, Any] = body.model_dump(exclude_none=True)
    for place, one in enumerate(values.get("caller_ids", [])):
        one["number"] = _own_number(served.country, one["number"], place)
    known = {prompt.id for prompt in await served.prompts.prompts()}
    for place, one in enumerate(values.get("messages", [])):
        if one["prompt"] not in known:
            raise ConfigRefused((f"messages.{place}.prompt", "there is no such prompt"))
    await served.outbound.book.put_rules(values, by=caller.account.id)
    await served.reload()
    return _rules(*await served.outbound.book.rules(), served.config().dialling.enabled)


def _own_number(country: str, text: str, place: int) -> str:
    """A number of ours need not be one that we would dial."""
    try:
        parsed = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not phonenumbers.is_possible_number(parsed):
        where = f"caller_ids.{place}.number"
        raise ConfigRefused((where, "is no telephone number: write it with area code"))
    written: str = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    return written


def _rules(rules: OutboundRules, version: int, possible: bool) -> RulesRead:
    values = rules_settings(rules) | {"version": version, "possible": possible}
    return RulesRead.model_validate(values)


# -- directory ----------------------------------------------------------------------------------
@router.get("/api/contacts")
async def list_contacts(served: Served) -> Contacts:
    """The directory of outside numbers, by name."""
    found = await served.outbound.book.contacts()
    return Contacts(items=[ContactRead(**asdict(one)) for one in found])


@router.put("/api/contacts/{contact}")
async def put_contact(
    contact: ContactId, body: ContactBody, caller: Called, served: Served
) -> ContactRead:
    """Make or change a contact; the id of a new one is the caller's choice."""
    checked = served.outbound.check(body.number)
    if isinstance(checked, NotDialable):
        raise ApiError(422, f"not-dialable-{checked.code}", checked.text, where="number")
    wanted = Contact(str(uuid.UUID(contact)), body.name, checked.number, body.note, body.version)
    done = await served.outbound.book.put_contact(wanted, by=caller.account.id)
    return ContactRead(**asdict(done))


@router.delete("/api/contacts/{contact}", status_code=204)
async def remove_contact(contact: ContactId, caller: Called, served: Served) -> None:
    """Remove a contact from the directory."""
    if not await served.outbound.book.remove_contact(contact, by=caller.account.id):
        raise not_found("contact")
