"""Columns of a file to fields of a customer: guessed from their names, then as a person says.

A target is the name of a field, `custom.<code>` for an own one, `consent.<channel>`; several
columns may go to `numbers`, `emails`, `tags` and `notes`. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from callcenter.crm.customers.schemas import CHANNELS, Customer, CustomerDraft
from callcenter.crm.fields.checking import NO, YES
from callcenter.crm.fields.schemas import OwnField

PLAIN = (
    "name kind company numbers emails tags language vip blocked owner_agent priority notes"
).split()
SEVERAL = frozenset(("numbers", "emails", "tags", "notes"))
NAMES: Mapping[str, str] = {
    "name": "name|full name|customer|customer name|contact|姓名|名称|客户|客户名称|客户姓名|联系人",
    "kind": "kind|type|customer type|类型|客户类型",
    "company": "company|organisation|organization|firm|employer|公司|单位|公司名称|所属公司",
    "numbers": "number|numbers|phone|phones|telephone|tel|mobile|cell|fax|phone number|电话|手机"
    "|号码|联系电话|手机号|手机号码|电话号码|座机|固定电话",
    "emails": "email|emails|e-mail|e-mails|mail|e-mail address|email address|邮箱|电子邮件"
    "|邮件|电子邮箱",
    "tags": "tag|tags|label|labels|group|标签|分组",
    "language": "language|lang|语言",
    "vip": "vip|important|贵宾|重要",
    "blocked": "blocked|blacklist|block|黑名单|屏蔽",
    "owner_agent": "owner|account manager|customer manager|manager|客户经理|负责人|归属",
    "priority": "priority|优先级",
    "notes": "note|notes|remark|remarks|comment|comments|备注|说明|备注信息",
}
_KNOWN = {name: target for target, names in NAMES.items() for name in names.split("|")}
SPLIT = re.compile(r"[;；\n、]+")
COMPANY = frozenset(("company", "organisation", "organization", "公司", "企业", "单位"))


class CellWrong(Exception):
    """A cell cannot be read: (target, message)."""


def targets(fields: Sequence[OwnField]) -> list[str]:
    """Everything a column can go to."""
    own = [f"custom.{field.code}" for field in fields]
    return [*PLAIN, *own, *(f"consent.{channel}" for channel in CHANNELS)]


def guessed(columns: Sequence[str], fields: Sequence[OwnField]) -> list[str]:
    """A target for each column, '' where none is likely; single fields are used once."""
    own = {name.casefold(): f"custom.{f.code}" for f in fields for name in _names(f)}
    possible = frozenset(targets(fields))
    found: list[str] = []
    for column in columns:
        plain = re.sub(r"\s*\d+$", "", column.strip().casefold().replace("_", " "))
        target = _KNOWN.get(plain) or own.get(column.strip().casefold(), "")
        if not target and column.strip() in possible:
            target = column.strip()
        taken = target in found and target not in SEVERAL
        found.append("" if taken else target)
    return found


def _names(field: OwnField) -> list[str]:
    return [name for name in (field.code, field.name, field.name_zh) if name]


def draft_of(cells: Sequence[str], wanted: Sequence[str]) -> CustomerDraft:
    """A row as a person might have typed it. Raises CellWrong."""
    values: dict[str, list[str]] = {}
    for cell, target in zip(cells, wanted, strict=False):
        if target and cell:
            values.setdefault(target, []).append(cell)

    def many(target: str) -> list[str]:
        parts = [part for cell in values.get(target, []) for part in SPLIT.split(cell)]
        return [part.strip() for part in parts if part.strip()]

    def single(target: str) -> str:
        return (values.get(target) or [""])[0]

    consent: dict[str, str] = {
        c: _consent(c, single(f"consent.{c}")) for c in CHANNELS if single(f"consent.{c}")
    }
    return CustomerDraft(
        name=single("name"),
        numbers=tuple((number, "") for number in many("numbers")),
        emails=tuple((email, "") for email in many("emails")),
        kind="company" if single("kind").casefold() in COMPANY else "person",
        company=single("company"),
        vip=_yes("vip", single("vip")),
        blocked=_yes("blocked", single("blocked")),
        language=_language(single("language")),
        priority=_whole("priority", single("priority")),
        owner_agent=single("owner_agent").lower() or None,
        notes="\n".join(values.get("notes", [])),
        tags=tuple(many("tags")),
        custom={
            target.removeprefix("custom."): found[0]
            for target, found in values.items()
            if target.startswith("custom.")
        },
        consent=consent or None,
    )


def _yes(target: str, text: str) -> bool:
    folded = text.strip().casefold()
    if folded and folded not in YES | NO:
        raise CellWrong(target, f"{text[:40]!r} is neither yes nor no")
    return folded in YES


def _whole(target: str, text: str) -> int:
    try:
        return int(text or 0)
    except ValueError:
        raise CellWrong(target, f"{text[:40]!r} is no whole number") from None


def _consent(channel: str, text: str) -> str:
    folded = text.strip().casefold()
    if folded in ("granted", "refused"):
        return folded
    return "granted" if _yes(f"consent.{channel}", text) else "refused"


def _language(text: str) -> str:
    folded = text.strip().casefold()
    if folded in ("chinese", "中文", "汉语", "普通话"):
        return "zh"
    return "en" if folded in ("english", "英文", "英语") else text.strip()


def joined(before: Customer, row: CustomerDraft, wanted: Sequence[str]) -> CustomerDraft:
    """The customer with what the row says: filled cells win, empty ones change nothing; numbers,
    e-mails and tags are added."""
    filled = frozenset(wanted)

    def choose(target: str, new: object, old: object) -> object:
        return new if target in filled and new not in ("", None) else old

    draft = CustomerDraft(
        name=str(choose("name", row.name, before.name)),
        numbers=_added([(n.typed or n.e164, n.label) for n in before.numbers], row.numbers),
        emails=_added([(e.typed or e.address, e.label) for e in before.emails], row.emails),
        kind=row.kind if "kind" in filled else before.kind,
        company_id=before.company_id,
        company=str(choose("company", row.company, before.company)),
        vip=row.vip if "vip" in filled else before.vip,
        blocked=row.blocked if "blocked" in filled else before.blocked,
        language=str(choose("language", row.language, before.language)),
        priority=row.priority if "priority" in filled else before.priority,
        value_seconds=before.value_seconds,
        owner_agent=row.owner_agent or before.owner_agent,
        notes=str(choose("notes", row.notes, before.notes)),
        tags=tuple(dict.fromkeys((*before.tags, *row.tags))),
        custom={**before.custom, **row.custom},
    )
    said = {channel: str(one.get("state", "")) for channel, one in before.consent.items()}
    return replace(draft, consent={**said, **(row.consent or {})})


def _added(
    before: Sequence[tuple[str, str]], new: Sequence[tuple[str, str]]
) -> tuple[tuple[str, str], ...]:
    """The same number written differently is found out by the checking, which keeps the first."""
    return (*before, *new)


HEADINGS = (*PLAIN, *(f"consent.{channel}" for channel in CHANNELS))


def row_of(customer: Customer, fields: Sequence[OwnField]) -> list[str]:
    """A customer as a row under `headings`; reading it back gives the same customer."""
    plain = {
        "name": customer.name,
        "kind": customer.kind,
        "company": customer.company,
        "numbers": "; ".join(number.e164 for number in customer.numbers),
        "emails": "; ".join(email.typed or email.address for email in customer.emails),
        "tags": "; ".join(customer.tags),
        "language": customer.language,
        "vip": "yes" if customer.vip else "no",
        "blocked": "yes" if customer.blocked else "no",
        "owner_agent": customer.owner_agent or "",
        "priority": str(customer.priority),
        "notes": customer.notes,
    }
    consent = [str(customer.consent.get(channel, {}).get("state", "")) for channel in CHANNELS]
    own = [_shown(customer.custom.get(field.code)) for field in fields]
    return [*(plain[name] for name in PLAIN), *consent, *own]


def headings(fields: Sequence[OwnField]) -> list[str]:
    return [*HEADINGS, *(f"custom.{field.code}" for field in fields)]


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else str(value)
