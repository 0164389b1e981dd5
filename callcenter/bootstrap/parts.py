"""Each part that calls need, made from the settings; nothing here runs yet. What is imported here
is loaded before the first call is looked after."""

from __future__ import annotations

import json

from agent_console.clicks import Cards, CardsAway, Filed
from callcenter.asterisk.prompts import PromptLibrary
from callcenter.asterisk.switch import SwitchSettings
from callcenter.bootstrap.configuration import AWAY
from callcenter.core import dispositions
from callcenter.core.board import CallRow
from callcenter.core.commands import CustomerCard
from callcenter.core.config import DialLimits
from callcenter.core.effects import Alarm
from callcenter.dialling import DialRules
from callcenter.media.prompts.service import Prompts
from callcenter.media.texts.gateway import Gateways
from callcenter.media.texts.service import Texts
from callcenter.outside.addresses import Allowed, read_hosts, read_networks
from callcenter.outside.requests import Credential, Requests
from callcenter.runtime.loop import Loop
from callcenter.runtime.ports import Clock
from callcenter.settings import Mistake, Settings, SettingsMistakes
from callcenter.store.store import Store


def make_store(settings: Settings, loop: Loop) -> Store:
    """The store with its outbox locked. Raises OutboxInUse."""
    if settings.database_url is None:
        raise SettingsMistakes(
            [
                Mistake(
                    "CALLCENTER_DATABASE_URL",
                    None,
                    "postgresql://user:password@host:port/name",
                    "`scripts/run` starts a PostgreSQL of its own and sets it; `serve` does not",
                )
            ]
        )

    def alarm(code: str, text: str) -> None:
        loop.act([Alarm(code, text)])

    return Store(
        settings.database_url,
        settings.data_directory / "outbox",
        loop.put,
        settings.country,
        alarm=alarm,
        recordings=settings.recordings,
        dial_rules=dial_rules(settings) if settings.outbound_trunk is not None else None,
    )


def switch_settings(settings: Settings) -> SwitchSettings:
    """Where Asterisk is and how we log in. Raises SettingsMistakes for an unusable secrets file."""
    file = settings.asterisk_secrets_file
    users = (settings.asterisk_events_user, settings.asterisk_control_user)
    expected = f"a JSON file with a secret for each of {users[0]} and {users[1]}"
    try:
        found = json.loads(file.read_text()) if file is not None else {}
        events, control = (str(found[user]) for user in users)
    except (OSError, ValueError, KeyError, TypeError) as error:
        shown = None if file is None else str(file)
        raise SettingsMistakes(
            [Mistake("CALLCENTER_ASTERISK_SECRETS_FILE", shown, expected, type(error).__name__)]
        ) from None
    return SwitchSettings(
        node=settings.asterisk_host,
        host=settings.asterisk_host,
        ami_port=settings.asterisk_ami_port,
        events_secret=events,
        control_secret=control,
        events_user=users[0],
        control_user=users[1],
        dial_rules=dial_rules(settings) if settings.outbound_trunk is not None else None,
        outbound_at_once_max=settings.outbound_at_once_max,
    )


def dial_limits(settings: Settings) -> DialLimits:
    """What the centre may dial, and how often."""
    return DialLimits(
        settings.outbound_trunk is not None,
        settings.outbound_caller_id or "",
        settings.outbound_number_per_day_max,
    )


def dial_rules(settings: Settings) -> DialRules:
    """Which outside numbers may be dialled."""
    countries = frozenset(settings.outbound_countries)
    return DialRules(settings.country, countries, settings.outbound_blocked)


def make_requests(settings: Settings) -> Requests:
    """What flows may call over HTTP. Raises SettingsMistakes for an unusable credentials file."""
    file, credentials = settings.flow_secrets_file, {}
    try:
        found = json.loads(file.read_text()) if file is not None else {}
        for name, row in found.items():
            host, header, value = (str(row[key]) for key in ("host", "header", "value"))
            credentials[str(name)] = Credential(host.lower(), header, value)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        expected = 'a JSON file as {"name": {"host": "...", "header": "...", "value": "..."}}'
        mistake = Mistake("CALLCENTER_FLOW_SECRETS_FILE", str(file), expected, type(error).__name__)
        raise SettingsMistakes([mistake]) from None
    allowed = Allowed(read_hosts(settings.flow_hosts), read_networks(settings.flow_networks))
    return Requests(allowed, credentials)


def make_prompts(settings: Settings) -> PromptLibrary:
    """Sound files; the folder must be seen under the same path by Asterisk."""
    return PromptLibrary(settings.data_directory / "prompts", settings.asterisk_sounds_directory)


def prompt_store(settings: Settings, store: Store, library: PromptLibrary, loop: Loop) -> Prompts:
    """What the library plays of what people recorded."""

    def alarm(code: str, text: str) -> None:
        loop.act([Alarm(code, text)])

    return Prompts(store.engine, settings.sound_directory, library.shelf_folder, library, alarm)


def make_texts(settings: Settings, store: Store, requests: Requests) -> Texts:
    """Text messages of flows."""
    gateways = Gateways(store.engine, settings.secrets_directory, requests.check)
    return Texts(store.engine, gateways, requests)


def card_reader(settings: Settings, store: Store) -> Cards:
    """Finds a customer for an agent who picks one from the list."""

    async def card(customer: str) -> CustomerCard | None:
        from callcenter.crm.customers.service import Customers  # loaded with the web side

        try:
            return await Customers(store.engine, settings.country).card(customer)
        except AWAY as error:
            raise CardsAway("the database cannot be reached at the moment") from error

    return card


def form_checker(store: Store, loop: Loop, clock: Clock) -> Filed:
    """Whether a call may be closed: what its disposition asks for is filed. Without the database
    nothing can be filed, and agents are not kept from their next call."""

    async def filed(agent: str, row: CallRow, disposition: str) -> bool:
        from callcenter.crm.call_forms.schemas import LAST_SECONDS  # loaded with the web side
        from callcenter.crm.call_forms.service import CallForms

        until = row.wrap_up_until
        if until is not None and until - clock.now() <= LAST_SECONDS:
            return True
        path = dispositions.path_of(loop.centre.state.config.dispositions, disposition)
        try:
            return not await CallForms(store.engine).lacks(
                row.part_of or row.call, agent, row.queue, [item.code for item in path]
            )
        except AWAY:
            return True

    return filed
