"""Two records of one customer made one, and undone. In the session that is given.

The merged record is not destroyed: it is hidden, and named by the kept one, so that history written
with either id, also by a call that is still going on, belongs to the kept one. Undoing takes back
what the merge brought and leaves what people changed since.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.crm.customers import repository
from callcenter.crm.customers.checking import EMAILS_MAX, NOTES_MAX, NUMBERS_MAX, TAGS_MAX
from callcenter.crm.customers.schemas import Changed, Customer, Merge, NotMergeable
from callcenter.store import tables
from callcenter.store.accounts import as_uuid, printable
from callcenter.store.audit import note
from callcenter.store.ledger_rows import plain

Row = tables.Customer

FILLED = ("company", "language", "owner_agent", "notes")
"""Taken from the merged record where the kept one says nothing (notes: added)."""


async def merge(
    session: AsyncSession,
    kept_id: str,
    merged_id: str,
    versions: tuple[int, int],
    *,
    by: str,
    name: str,
) -> tuple[Merge, Customer] | None:
    if kept_id == merged_id:
        raise NotMergeable("a customer cannot be merged with itself")
    rows = await _locked(session, kept_id, merged_id)
    if rows is None:
        return None
    kept, merged = rows
    for row, version in zip(rows, versions, strict=True):
        if row.merged_into is not None:
            raise NotMergeable(f"{row.name} was merged into another customer already")
        if row.version != version:
            raise Changed(row.version, repository.value_of(row))
    detail = _taken_over(kept, merged)
    detail["merged_before"] = [str(id) for id in merged.merged]
    kept.merged = [*kept.merged, merged.id, *merged.merged]
    for id in merged.merged:
        earlier = await session.get(Row, id)
        if earlier is not None:
            earlier.merged_into = kept.id
    merged.merged_into, merged.merged = kept.id, []
    merged.version += 1
    _changed(kept)
    done = tables.CustomerMerge(
        kept_id=kept.id,
        merged_id=merged.id,
        user_id=as_uuid(by),
        user_name=printable(name, 120),
        detail=plain(detail),
    )
    session.add(done)
    await note(session, by, "customer.merge", str(kept.id), {"merged": str(merged.id)})
    await session.flush()
    await session.refresh(done)
    await session.refresh(kept)
    return _value(done, merged.name), repository.value_of(kept)


async def _locked(session: AsyncSession, kept: str, merged: str) -> tuple[Row, Row] | None:
    """Both rows; always locked in the same order, so that two merges cannot block each other."""
    found = {id: await repository.find(session, id, lock=True) for id in sorted((kept, merged))}
    first, second = found[kept], found[merged]
    return (first, second) if first is not None and second is not None else None


def _taken_over(kept: Row, merged: Row) -> dict[str, Any]:
    """Put into `kept` what only `merged` has; answers what that was, for undoing."""
    detail: dict[str, Any] = {"before": {}, "after": {}}

    def take(field: str, value: object) -> None:
        detail["before"][field] = getattr(kept, field)
        detail["after"][field] = value
        setattr(kept, field, value)

    for field in FILLED:
        if getattr(merged, field) and not getattr(kept, field):
            take(field, getattr(merged, field))
    if merged.notes and kept.notes and merged.notes not in kept.notes:
        take("notes", f"{kept.notes}\n\n{merged.notes}"[:NOTES_MAX])
    if merged.vip and not kept.vip:
        take("vip", True)
    if merged.priority > kept.priority:
        take("priority", merged.priority)
    custom = {k: v for k, v in merged.custom.items() if k not in kept.custom}
    # Who said no anywhere has said no.
    refused = {
        channel: said
        for channel, said in merged.consent.items()
        if channel not in kept.consent
        or (said.get("state") == "refused" and kept.consent[channel].get("state") != "refused")
    }
    for field, more in (("custom", custom), ("consent", refused)):
        if more:
            take(field, getattr(kept, field) | more)
    detail["tags"] = [tag for tag in merged.tags if tag not in kept.tags]
    kept.tags = [*kept.tags, *detail["tags"]][:TAGS_MAX]
    present = {number.e164 for number in kept.numbers}
    new = [number for number in merged.numbers if number.e164 not in present]
    detail["numbers"] = [number.e164 for number in new[: NUMBERS_MAX - len(kept.numbers)]]
    for number in new[: NUMBERS_MAX - len(kept.numbers)]:
        kept.numbers.append(
            tables.CustomerNumber(
                e164=number.e164,
                label=number.label,
                typed=number.typed,
                position=len(kept.numbers),
            )
        )
    known = {email.address for email in kept.emails}
    fresh = [email for email in merged.emails if email.address not in known]
    detail["emails"] = [email.address for email in fresh[: EMAILS_MAX - len(kept.emails)]]
    for email in fresh[: EMAILS_MAX - len(kept.emails)]:
        kept.emails.append(
            tables.CustomerEmail(
                address=email.address,
                label=email.label,
                typed=email.typed,
                position=len(kept.emails),
            )
        )
    return detail


async def undo(session: AsyncSession, id: str, *, by: str) -> tuple[Customer, Customer] | None:
    key = as_uuid(id)
    done = await session.get(tables.CustomerMerge, key, with_for_update=True) if key else None
    if done is None:
        return None
    rows = await _locked(session, str(done.kept_id), str(done.merged_id))
    assert rows is not None, "a customer with merges cannot be deleted alone"
    kept, merged = rows
    if done.undone_at is not None:
        raise NotMergeable("this merge was undone already")
    if kept.merged_into is not None or merged.merged_into != kept.id:
        raise NotMergeable("the customer was merged on since; undo the later merge first")
    _given_back(kept, done.detail)
    own = [uuid.UUID(one) for one in done.detail["merged_before"]]
    for one in own:
        earlier = await session.get(Row, one)
        if earlier is not None:
            earlier.merged_into = merged.id
    kept.merged = [one for one in kept.merged if one != merged.id and one not in own]
    merged.merged_into, merged.merged = None, own
    _changed(kept)
    _changed(merged)
    done.undone_at = func.clock_timestamp()
    await note(session, by, "customer.unmerge", str(kept.id), {"merged": str(merged.id)})
    await session.flush()
    await session.refresh(kept)
    await session.refresh(merged)
    return repository.value_of(kept), repository.value_of(merged)


def _given_back(kept: Row, detail: dict[str, Any]) -> None:
    """Take out what the merge brought, where nobody changed it since."""
    for field, before in detail["before"].items():
        if plain(getattr(kept, field)) == detail["after"][field]:
            setattr(kept, field, before)
    kept.tags = [tag for tag in kept.tags if tag not in detail["tags"]]
    kept.numbers = [number for number in kept.numbers if number.e164 not in detail["numbers"]]
    kept.emails = [email for email in kept.emails if email.address not in detail["emails"]]


def _changed(row: Row) -> None:
    row.version += 1
    repository.find_again(row)
    row.updated = func.clock_timestamp()


async def merges(session: AsyncSession, id: str) -> Sequence[Merge]:
    key = as_uuid(id)
    if key is None:
        return []
    query = (
        select(tables.CustomerMerge, Row.name)
        .join(Row, Row.id == tables.CustomerMerge.merged_id)
        .where(tables.CustomerMerge.kept_id == key)
        .order_by(tables.CustomerMerge.at.desc())
        .limit(50)
    )
    return [_value(done, name) for done, name in await session.execute(query)]


def _value(done: tables.CustomerMerge, merged_name: str) -> Merge:
    return Merge(
        str(done.id),
        str(done.kept_id),
        str(done.merged_id),
        merged_name,
        done.at,
        done.user_name,
        done.undone_at,
    )
