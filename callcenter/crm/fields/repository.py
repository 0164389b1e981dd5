"""The own fields of customers, in the session that is given."""

from __future__ import annotations

from sqlalchemy.ext.asyncio import AsyncSession

from callcenter.crm.definitions import repository as definitions
from callcenter.crm.fields.schemas import OwnField


async def customer_fields(session: AsyncSession) -> list[OwnField]:
    return [
        OwnField.model_validate({**one.body, "code": one.code})
        for one in await definitions.read(session, "customer_field")
    ]
