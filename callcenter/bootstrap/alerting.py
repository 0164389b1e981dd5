"""Judges the alert rules each second by the figures on the screens, and has the alerts told.

The judging is `core.alerts`, pure; the figures are the hub's rows, the same that people see. While
the database is away nothing is told; what stands then is told when it is back.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from functools import partial

from agent_console.hub import Hub
from callcenter.bootstrap.configuration import AWAY
from callcenter.core.alerts import Rule, Standing, Turn, figure, judge
from callcenter.core.config import Config
from callcenter.core.teams import EVERYTHING, Reach, reach_of_teams, within
from callcenter.runtime.ports import Clock
from callcenter.store.alerts import Alerts, KeptRule

LOOK_SECONDS = 1.0

log = logging.getLogger(__name__)


class Alerting:
    def __init__(
        self, alerts: Alerts, hub: Hub, config: Callable[[], Config], clock: Clock
    ) -> None:
        self._alerts, self._hub, self._config, self._clock = alerts, hub, config, clock
        self._standing: Mapping[str, Standing] | None = None

    async def run(self) -> None:
        """Until cancelled."""
        trouble = ""
        while True:
            try:
                await self.look()
                trouble = ""
            except AWAY as error:
                if type(error).__name__ != trouble:
                    trouble = type(error).__name__
                    log.warning("alerts are not judged at the moment: %s", trouble)
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self) -> None:
        """Judge once. What could not be written down is judged again the next time."""
        kept = await self._alerts.rules()
        before = self._standing
        if before is None:
            events = await self._alerts.standing()
            before = {one.rule: Standing(one.raised.timestamp(), True) for one in events}
        now = self._clock.now()
        rules = [one.rule for one in kept if one.active]
        after, turns = judge(rules, self._figure, before, now)
        turns += _gone(before, rules, now)
        for turn in turns:
            await self._alerts.tell(turn, _kept(kept, turn.rule))
        self._standing = after
        for rule in {turn.rule.id: turn.rule for turn in turns}.values():
            self._hub.news("alerts", inside=partial(_concerns, rule))

    def _figure(self, rule: Rule) -> float | None:
        tables = self._hub.tables
        reach = _reach(rule, self._config())
        return figure(rule.metric, reach, tables.queues, tables.agents, self._clock.now())


def _gone(before: Mapping[str, Standing], rules: Sequence[Rule], now: float) -> list[Turn]:
    """Rules that were taken away or switched off: what they raised is over."""
    left = {rule.id for rule in rules}
    return [
        Turn(Rule(id, "", "waiting", "over", 0, 0), False, now, None)
        for id, standing in before.items()
        if id not in left and standing.raised
    ]


def _kept(kept: Sequence[KeptRule], rule: Rule) -> KeptRule | None:
    return next((one for one in kept if one.rule.id == rule.id), None)


def _reach(rule: Rule, config: Config) -> Reach:
    match rule.scope:
        case "house":
            return EVERYTHING
        case "team":
            return reach_of_teams(config, [rule.subject])
        case "queue":
            members = (a.id for a in config.agents.values() if rule.subject in a.queues)
            return Reach(agents=frozenset(members), queues=frozenset((rule.subject,)))


def _concerns(rule: Rule, reach: Reach) -> bool:
    """A rule that was removed has no subject any more: who has a border looks all the same."""
    if not rule.name:
        return not reach.nothing
    queues = (rule.subject,) if rule.scope == "queue" else ()
    teams = (rule.subject,) if rule.scope == "team" else ()
    return within(reach, queues=queues, teams=teams)
