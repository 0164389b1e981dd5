"""The customer side as one value, built by the bootstrap and handed to the web layer."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.crm.customers.service import Customers
from callcenter.crm.definitions.service import Definitions
from callcenter.crm.imports.service import Imports
from callcenter.crm.imports.working import ImportWorker


@dataclass(frozen=True, slots=True)
class Crm:
    """`import_worker` is to be run beside the rest of the service."""

    customers: Customers
    definitions: Definitions
    imports: Imports
    import_worker: ImportWorker


def make_crm(engine: AsyncEngine, country: str) -> Crm:
    """`country`: ISO 3166 alpha-2, where numbers without a country code are dialled from."""
    customers = Customers(engine, country)
    return Crm(
        customers=customers,
        definitions=Definitions(engine),
        imports=Imports(engine, customers),
        import_worker=ImportWorker(engine, customers, country),
    )
