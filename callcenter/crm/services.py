"""The customer side as one value, built by the bootstrap and handed to the web layer."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncEngine

from callcenter.crm.articles.service import Articles
from callcenter.crm.call_forms.service import CallForms
from callcenter.crm.customers.service import Customers
from callcenter.crm.definitions.service import Definitions
from callcenter.crm.imports.service import Imports
from callcenter.crm.imports.working import ImportWorker
from callcenter.crm.interactions.finding_feed import FindingFeed
from callcenter.crm.scripts.service import Scripts
from callcenter.crm.tasks.service import Tasks
from callcenter.crm.tickets.letters import Post
from callcenter.crm.tickets.service import Tickets
from callcenter.crm.tickets.views import Views
from callcenter.crm.timeline.service import Timeline


@dataclass(frozen=True, slots=True)
class Crm:
    """`crm.keeping` is to be run beside the rest of the service."""

    customers: Customers
    definitions: Definitions
    imports: Imports
    import_worker: ImportWorker
    timeline: Timeline
    tickets: Tickets
    views: Views
    tasks: Tasks
    call_forms: CallForms
    articles: Articles
    scripts: Scripts
    finding_feed: FindingFeed


def make_crm(engine: AsyncEngine, country: str, post: Post | None = None) -> Crm:
    """`country`: ISO 3166 alpha-2, where numbers without a country code are dialled from. `post`:
    None where there is no mail server."""
    customers = Customers(engine, country)
    return Crm(
        customers=customers,
        definitions=Definitions(engine),
        imports=Imports(engine, customers),
        import_worker=ImportWorker(engine, customers, country),
        timeline=Timeline(engine),
        tickets=Tickets(engine, post),
        views=Views(engine),
        tasks=Tasks(engine),
        call_forms=CallForms(engine),
        articles=Articles(engine),
        scripts=Scripts(engine),
        finding_feed=FindingFeed(engine),
    )
