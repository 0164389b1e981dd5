"""Alerts: rules, what stands, the history, and who has taken notice."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from callcenter.core.alerts import Metric, Operator, Scope
from callcenter.core.teams import Reach, reach_of, within
from callcenter.media.voicemail.service import EMAIL
from callcenter.store.accounts import Account
from callcenter.store.alerts import Event, KeptRule
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.borders import outside
from callcenter.web.errors import ApiError, not_found
from callcenter.web.routers.common import Served, UuidText, guarded_router
from callcenter.web.routers.queue_settings import Version
from callcenter.web.services import WebServices

router = guarded_router("alerts")

Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]
Mail = Annotated[list[Annotated[str, Field(max_length=254)]], Field(max_length=20)]


class AlertRuleBody(Body):
    """Raised when the figure has been `over` or `under` the value for so many seconds. `subject`:
    the queue or the team. `sound`: consoles ring; `mail`: who gets a letter (webhooks hear of every
    alert)."""

    name: Name
    metric: Metric
    operator: Operator
    value: Annotated[float, Field(ge=0, le=1_000_000)]
    seconds: Annotated[float, Field(ge=0, le=86_400)] = 0.0
    scope: Scope
    subject: Annotated[str, Field(max_length=64)] = ""
    sound: bool = True
    mail: Annotated[Mail, Field(default_factory=list)]
    language: Literal["en", "zh"] = "en"
    active: bool = True


class AlertRuleChange(AlertRuleBody):
    version: Version | None = None


class AlertRuleRead(AlertRuleBody):
    id: str
    version: int


class AlertRules(Body):
    """`mail_ready`: there is a mail server."""

    items: list[AlertRuleRead]
    mail_ready: bool


class AlertRead(Body):
    """`found`: the figure when it was raised. `ended` null: it stands. `given_to`: the user who
    shall look after it; `taken` null: he or she has not said so yet."""

    id: str
    rule: str
    name: str
    metric: str
    operator: str
    value: float
    scope: str
    subject: str
    sound: bool
    found: float | None
    raised: datetime
    ended: datetime | None
    acknowledged: datetime | None
    acknowledged_name: str
    given_to: str | None
    given_name: str
    given_by_name: str
    given: datetime | None
    taken: datetime | None


class AlertsRead(Body):
    items: list[AlertRead]


class AlertTaker(Body):
    """Somebody an alert can be given to. `here`: signed in at a console."""

    id: str
    name: str
    here: bool


class AlertTakers(Body):
    items: list[AlertTaker]


class AlertGiven(Body):
    """`user` null: it is taken back."""

    user: UuidText | None


class AlertWasGiven(Body):
    """To whom it was given before, null: to nobody."""

    user: str | None
    name: str


def _inside(reach: Reach, scope: str, subject: str) -> bool:
    return within(
        reach,
        queues=(subject,) if scope == "queue" else (),
        teams=(subject,) if scope == "team" else (),
    )


def _rule(kept: KeptRule) -> AlertRuleRead:
    rule = kept.rule
    return AlertRuleRead(
        id=rule.id,
        name=rule.name,
        metric=rule.metric,
        operator=rule.operator,
        value=rule.value,
        seconds=rule.seconds,
        scope=rule.scope,
        subject=rule.subject,
        sound=kept.sound,
        mail=list(kept.mail),
        language="zh" if kept.language == "zh" else "en",
        active=kept.active,
        version=kept.version,
    )


def _alert(event: Event) -> AlertRead:
    values: dict[str, Any] = {name: getattr(event, name) for name in AlertRead.model_fields}
    return AlertRead(**values)


def _checked(body: AlertRuleBody, reach: Reach, served: WebServices) -> dict[str, Any]:
    config = served.config()
    known = {"house": {"": None}, "team": config.teams, "queue": config.queues}[body.scope]
    if body.subject not in known:
        message = f"there is no {body.scope} {body.subject[:40]!r}"
        raise ApiError(422, "invalid", message, where="subject", todo="choose one of the list")
    for place, address in enumerate(body.mail):
        if not EMAIL.fullmatch(address):
            message = f"{address[:60]!r} is no e-mail address"
            raise ApiError(422, "invalid", message, where=f"mail.{place}")
    if not _inside(reach, body.scope, body.subject):
        raise outside()
    return body.model_dump(exclude={"version"})


@router.get("/api/alert-rules")
async def list_alert_rules(caller: Called, served: Served) -> AlertRules:
    """Of the own teams and queues; those of the whole house are for who sees all of it."""
    found = [_rule(kept) for kept in await served.alerts.rules()]
    mine = [rule for rule in found if _inside(caller.reach, rule.scope, rule.subject)]
    return AlertRules(items=mine, mail_ready=served.letters.ready)


@router.post("/api/alert-rules", status_code=201)
async def make_alert_rule(body: AlertRuleBody, caller: Called, served: Served) -> AlertRuleRead:
    """It is judged from the next second on."""
    values = _checked(body, caller.reach, served)
    return _rule(await served.alerts.put_rule(None, values, by=caller.account.id))


@router.put("/api/alert-rules/{rule}")
async def change_alert_rule(
    rule: UuidText, body: AlertRuleChange, caller: Called, served: Served
) -> AlertRuleRead:
    """Refused when somebody else changed it since it was read."""
    await _own(rule, caller.reach, served)
    values = _checked(body, caller.reach, served)
    values |= {"version": body.version} if body.version is not None else {}
    return _rule(await served.alerts.put_rule(rule, values, by=caller.account.id))


@router.delete("/api/alert-rules/{rule}", status_code=204)
async def remove_alert_rule(rule: UuidText, caller: Called, served: Served) -> None:
    """What it raised stays in the history."""
    await _own(rule, caller.reach, served)
    await served.alerts.remove_rule(rule, by=caller.account.id)


async def _own(id: str, reach: Reach, served: WebServices) -> None:
    found = next((kept.rule for kept in await served.alerts.rules() if kept.rule.id == id), None)
    if found is None or not _inside(reach, found.scope, found.subject):
        raise not_found("alert rule")


@router.get("/api/alerts")
async def list_alerts(caller: Called, served: Served, open: bool = False) -> AlertsRead:
    """Newest first. `open`: those that stand, and those that nobody has acknowledged."""
    found = await served.alerts.events(open=open)
    mine = [one for one in found if _inside(caller.reach, one.scope, one.subject)]
    return AlertsRead(items=[_alert(one) for one in mine])


@router.post("/api/alerts/{alert}/acknowledge", status_code=204)
async def acknowledge_alert(alert: UuidText, caller: Called, served: Served) -> None:
    """I have seen it and look after it. Who was first stays; to whom it was given takes it so."""
    found = await _mine(alert, caller.reach, served)
    account = caller.account
    await served.alerts.acknowledge(alert, by=account.id, name=account.name)
    _told(found, served)


@router.get("/api/alerts/{alert}/takers")
async def list_alert_takers(alert: UuidText, caller: Called, served: Served) -> AlertTakers:
    """Who else sees this alert, and so can be given it; by name."""
    found = await _mine(alert, caller.reach, served)
    takers = await _takers(found, served)
    here = served.hub.users_here()
    items = [AlertTaker(id=one.id, name=one.name, here=one.id in here) for one in takers]
    return AlertTakers(items=sorted(items, key=lambda one: (not one.here, one.name)))


@router.post("/api/alerts/{alert}/give")
async def give_alert(
    alert: UuidText, body: AlertGiven, caller: Called, served: Served
) -> AlertWasGiven:
    """Somebody else shall look after it: told by bell and banner until he or she says so. What
    comes back puts it back."""
    found = await _mine(alert, caller.reach, served)
    takers = {one.id: one.name for one in await _takers(found, served)}
    if body.user is not None and body.user not in takers:
        raise ApiError(
            422,
            "invalid",
            "this user does not see the alert",
            where="user",
            todo="choose a supervisor of its queue or team",
        )
    to = None if body.user is None else (body.user, takers[body.user])
    account = caller.account
    before = await served.alerts.give(alert, to, by=account.id, name=account.name)
    _told(found, served)
    user, name = before or (None, "")
    return AlertWasGiven(user=user, name=name)


async def _mine(alert: str, reach: Reach, served: WebServices) -> Event:
    found = await served.alerts.event(alert)
    if found is None or not _inside(reach, found.scope, found.subject):
        raise not_found("alert")
    return found


async def _takers(event: Event, served: WebServices) -> list[Account]:
    config = served.config()
    return [
        one
        for one in await served.accounts.accounts()
        if one.active and _inside(reach_of(config, one.role, one.id), event.scope, event.subject)
    ]


def _told(event: Event, served: WebServices) -> None:
    served.hub.news("alerts", inside=lambda reach: _inside(reach, event.scope, event.subject))
