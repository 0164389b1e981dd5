"""Own fields of customers: what an administrator wants to know beyond ours."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from callcenter.crm.definitions.schemas import Definition
from callcenter.crm.fields.schemas import Choice, FieldKind, OwnField
from callcenter.web.auth import Called
from callcenter.web.body import Body
from callcenter.web.routers.common import Code, Served, guarded_router

router = guarded_router("customers")


class FieldRead(Body):
    code: str
    name: str
    name_zh: str
    kind: FieldKind
    required: bool
    shown: bool
    choices: list[Choice]
    position: int
    version: int


class FieldsPage(Body):
    items: list[FieldRead]


class FieldBody(Body):
    """`version`: the one that was read; 0 for a new field."""

    field: OwnField
    position: Annotated[int, Field(ge=0, le=1000)] = 0
    version: Annotated[int, Field(ge=0)] = 0


def _read(one: Definition) -> FieldRead:
    field = OwnField.model_validate({**one.body, "code": one.code})
    return FieldRead(**field.model_dump(), position=one.position, version=one.version)


@router.get("/api/customer-fields")
async def list_fields(served: Served) -> FieldsPage:
    """The own fields of customers, in the administrator's order."""
    found = await served.crm.definitions.all("customer_field")
    return FieldsPage(items=[_read(one) for one in found])


@router.put("/api/customer-fields/{code}")
async def put_field(code: Code, body: FieldBody, caller: Called, served: Served) -> FieldRead:
    """Make or change a field. Values kept under its code stay as they are."""
    stored = body.field.model_dump(mode="json") | {"code": code}
    done = await served.crm.definitions.put(
        "customer_field",
        code,
        stored,
        position=body.position,
        version=body.version,
        by=caller.account.id,
    )
    return _read(done)


@router.delete("/api/customer-fields/{code}", status_code=204)
async def remove_field(code: Code, caller: Called, served: Served) -> None:
    """Remove a field from the forms. Values stay with the customers."""
    await served.crm.definitions.remove("customer_field", code, by=caller.account.id)
