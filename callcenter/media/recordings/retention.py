"""How long recordings are kept, and how they are erased.

The first rule that fits a recording (queue, why it was recorded, disposition) says for how many
days; without a rule it stays. A legal hold is above every rule. Erasing removes the sealed file and
forgets its key, so that copies elsewhere cannot be opened either; the row stays, without sound,
picture, remarks and number, so that figures do not change. Once a day, with a report.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from callcenter.media.recordings.keeping import DiskAndBucket, KeepingFailed
from callcenter.store.accounts import as_uuid
from callcenter.store.audit import note as audit
from callcenter.store.config_values import NotThere
from callcenter.store.engine import make_sessions
from callcenter.store.tables import (
    Interaction,
    Recording,
    RecordingComment,
    RetentionRule,
    RetentionRun,
)
from callcenter.store.times import to_datetime, to_seconds

log = logging.getLogger(__name__)

DAY = 86_400.0
ERASE_MAX = 5_000  # of one run; the rest the next time
RULES_MAX = 100


class Held(Exception):
    """It is under legal hold, and must not be erased."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Empty fields fit everything. `days` 0: for ever."""

    days: int
    queue: str = ""
    reason: str = ""
    disposition: str = ""


class Retention:
    def __init__(self, engine: AsyncEngine, kept: DiskAndBucket) -> None:
        self._sessions = make_sessions(engine)
        self._kept = kept

    # -- rules ------------------------------------------------------------------------------------
    async def rules(self) -> list[Rule]:
        async with self._sessions() as session:
            rows = await session.scalars(select(RetentionRule).order_by(RetentionRule.position))
            return [Rule(row.days, row.queue, row.reason, row.disposition) for row in rows]

    async def put_rules(self, rules: Sequence[Rule], *, by: str) -> None:
        async with self._sessions.begin() as session:
            await session.execute(delete(RetentionRule))
            for position, rule in enumerate(rules[:RULES_MAX]):
                session.add(
                    RetentionRule(
                        position=position,
                        queue=rule.queue,
                        reason=rule.reason,
                        disposition=rule.disposition,
                        days=rule.days,
                    )
                )
            told = {str(n): [r.days, r.queue, r.reason, r.disposition] for n, r in enumerate(rules)}
            await audit(session, by, "retention.rules", "recordings", told)

    async def runs(self, limit: int = 60) -> list[RetentionRun]:
        query = select(RetentionRun).order_by(RetentionRun.id.desc()).limit(limit)
        async with self._sessions() as session:
            return list(await session.scalars(query))

    # -- the daily job ----------------------------------------------------------------------------
    async def run_daily(self, now: float) -> None:
        async with self._sessions() as session:
            last = await session.scalar(
                select(RetentionRun.at).order_by(RetentionRun.id.desc()).limit(1)
            )
        if last is None or now - to_seconds(last) >= DAY:
            await self.run(now)

    async def run(self, now: float) -> RetentionRun:
        """Removes what is due; the report."""
        rules = await self.rules()
        removed = freed = held = failed = 0
        by_rule: dict[str, int] = {}
        for id, size, is_held, number in await self._due(rules, now):
            if is_held:
                held += 1
                continue
            try:
                await self.erase(id, by="upkeep", why=f"kept for {rules[number].days} days")
            except KeepingFailed as error:
                log.warning("recording %s could not be removed: %s", id, error)
                failed += 1
                continue
            removed, freed = removed + 1, freed + size
            by_rule[str(number + 1)] = by_rule.get(str(number + 1), 0) + 1
        report = RetentionRun(
            removed=removed, freed=freed, held=held, failed=failed, detail={"by_rule": by_rule}
        )
        async with self._sessions.begin() as session:
            session.add(report)
        return report

    async def _due(self, rules: Sequence[Rule], now: float) -> list[tuple[str, int, bool, int]]:
        """(id, size, held, number of the rule) of what has been kept long enough."""
        shortest = min((rule.days for rule in rules if rule.days), default=0)
        if not shortest:
            return []
        query = (
            select(
                Recording.id,
                Recording.size,
                Recording.held,
                Recording.queue,
                Recording.reason,
                Recording.began_at,
                Interaction.disposition,
            )
            .outerjoin(Interaction, Interaction.call == Recording.call)
            .where(
                Recording.state == "stored", Recording.began_at < to_datetime(now - shortest * DAY)
            )
            .order_by(Recording.began_at)
            .limit(ERASE_MAX)
        )
        found: list[tuple[str, int, bool, int]] = []
        async with self._sessions() as session:
            for id, size, held, queue, reason, began, disposition in await session.execute(query):
                number = _first(rules, queue or "", reason, disposition or "")
                if number is None or not rules[number].days:
                    continue
                if to_seconds(began) + rules[number].days * DAY < now:
                    found.append((id, size or 0, held, number))
        return found

    # -- erasing ----------------------------------------------------------------------------------
    async def erase(self, id: str, *, by: str, why: str) -> None:
        """Raises NotThere, Held, KeepingFailed. The file first: a row without its file is told as
        such, a file without a row by nobody."""
        async with self._sessions.begin() as session:
            row = await session.get(Recording, id, with_for_update=True)
            if row is None:
                raise NotThere("recording", id[:80])
            if row.held:
                raise Held
            if row.state == "stored":
                await self._kept.remove(id, row.place)
            await _forget(session, row, why)
            await audit(session, by, "recording.erase", id, {"call": row.call, "why": why})

    async def erase_customer(self, customer: str, *, by: str, why: str) -> tuple[int, int]:
        """All recordings of a customer: how many are gone, and how many are held."""
        query = select(Recording.id).where(
            Recording.customer_id == as_uuid(customer), Recording.state != "erased"
        )
        async with self._sessions() as session:
            ids = list(await session.scalars(query))
        gone = held = 0
        for id in ids:
            try:
                await self.erase(id, by=by, why=why)
                gone += 1
            except Held:
                held += 1
        return gone, held

    async def hold(self, id: str, held: bool, *, by: str, why: str) -> None:
        """Raises NotThere."""
        async with self._sessions.begin() as session:
            row = await session.get(Recording, id, with_for_update=True)
            if row is None:
                raise NotThere("recording", id[:80])
            row.held, row.held_why = held, why if held else ""
            await audit(session, by, "recording.hold", id, {"held": held, "why": why})


def _first(rules: Sequence[Rule], queue: str, reason: str, disposition: str) -> int | None:
    for number, rule in enumerate(rules):
        asked = ((rule.queue, queue), (rule.reason, reason), (rule.disposition, disposition))
        if all(wanted in ("", found) for wanted, found in asked):
            return number
    return None


async def _forget(session: AsyncSession, row: Recording, why: str) -> None:
    row.state, row.erased_at, row.erased_why = "erased", to_datetime(time.time()), why[:300]
    row.key = row.peaks = None
    row.number, row.figures, row.sha256 = "", {}, ""
    await session.execute(delete(RecordingComment).where(RecordingComment.recording_id == row.id))
