"""The doctor's look at Asterisk: reachable, rights of the two manager users, modules, websocket.

What a manager user may do is what `ListCommands` names to it; a function is there if its module is
loaded. Codecs cannot be asked over the manager interface with the rights we have, so they are
checked where Asterisk's own command line can be reached.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator

from websockets.exceptions import InvalidHandshake, InvalidURI
from websockets.sync.client import connect
from websockets.typing import Subprotocol

from callcenter.asterisk.install import MAJOR_MIN
from callcenter.asterisk.process import AsteriskFailed
from callcenter.cli.findings import Finding, bad, look, ok
from callcenter.cli.manager_talk import ManagerRefused, ManagerTalk
from callcenter.settings import Settings

CONTROL_NEEDS = frozenset({"agi", "getvar", "hangup", "redirect", "setvar", "status"})
CONTROL_MUST_NOT = frozenset({"command", "dbput", "moduleload", "reload", "updateconfig"})
# An action that only this module brings -> the module and what it is for.
MODULES = {
    "agi": ("res_agi", "the menus"),
    "pjsipqualify": ("res_pjsip", "telephones"),
    "queuestatus": ("app_queue", "the fallback queue"),
    "voicemailuserslist": ("app_voicemail", "voicemail"),
    "mixmonitormute": ("app_mixmonitor", "recordings"),
    "confbridgelist": ("app_confbridge", "conferences"),
}
CODECS = ("alaw", "opus", "ulaw")
WEBSOCKET_SECONDS = 5.0
ON_ITS_MACHINE = "asterisk -rx 'core show translation'"

Ask = Callable[[str], str]
"""Asterisk's own command line, where it can be reached."""


def manager(settings: Settings) -> Iterator[Finding]:
    """The manager interface, its users and what their rights show."""
    where = f"{settings.asterisk_host}:{settings.asterisk_ami_port}"
    secrets = _secrets(settings)
    if isinstance(secrets, Finding):
        yield secrets
        return
    try:
        with ManagerTalk(settings.asterisk_host, settings.asterisk_ami_port) as talk:
            yield ok("Asterisk", f"answers at {where} ({talk.banner})")
    except OSError as error:
        yield bad(
            "Asterisk",
            f"does not answer at {where}: {error}",
            "Start it; check CALLCENTER_ASTERISK_HOST and _AMI_PORT, manager.conf and firewalls.",
        )
        return
    yield from _user(settings, "events", settings.asterisk_events_user, secrets)
    yield from _user(settings, "control", settings.asterisk_control_user, secrets)


def _secrets(settings: Settings) -> dict[str, str] | Finding:
    file = settings.asterisk_secrets_file
    todo = "Write a JSON object with a secret for each of the two manager users, mode 0400."
    if file is None:
        return bad("Manager users", "CALLCENTER_ASTERISK_SECRETS_FILE is not set", todo)
    try:
        read = json.loads(file.read_text())
        return {str(user): str(secret) for user, secret in read.items()}
    except (OSError, ValueError, AttributeError) as error:
        return bad("Manager users", f"{file} cannot be read: {error}", todo)


def _user(settings: Settings, what: str, user: str, secrets: dict[str, str]) -> Iterator[Finding]:
    part = f"Manager user {user}"
    if user not in secrets:
        yield bad(part, "has no secret in the secrets file", f'Add "{user}" to it.')
        return
    try:
        with ManagerTalk(settings.asterisk_host, settings.asterisk_ami_port) as talk:
            talk.ask(
                {"Action": "Login", "Username": user, "Secret": secrets[user], "Events": "off"}
            )
            may = {name for name in talk.ask({"Action": "ListCommands"}) if name != "response"}
            yield from _rights(part, what, may)
            if what == "control":
                yield from _version(talk)
                yield from _modules(may)
    except ManagerRefused as error:
        yield bad(
            part,
            f"Asterisk refuses: {error}",
            f"Compare the secret, deny and permit of [{user}] in manager.conf, then reload it.",
        )
    except OSError as error:
        yield bad(part, f"the conversation broke off: {error}", "Look into Asterisk's log.")


def _rights(part: str, what: str, may: set[str]) -> Iterator[Finding]:
    if what == "events":
        acts = sorted(CONTROL_MUST_NOT & may | {"redirect", "setvar"} & may)
        if acts:
            todo = "Its line `write =` in manager.conf must be empty."
            yield look(part, f"logs in, but may also do {', '.join(acts)}", todo)
        else:
            yield ok(part, "logs in, may read and not act")
        return
    lacks = sorted(CONTROL_NEEDS - may)
    if lacks:
        todo = "In manager.conf: write = call,agi,reporting,agent,originate; and load the modules."
        yield bad(part, f"logs in, but may not {', '.join(lacks)}", todo)
        return
    surplus = sorted(CONTROL_MUST_NOT & may)
    if surplus:
        todo = "In manager.conf: write = call,agi,reporting,agent,originate and nothing more."
        yield look(part, f"has more rights than needed: {', '.join(surplus)}", todo)
    else:
        yield ok(part, "logs in, with the rights it needs and no more")


def _version(talk: ManagerTalk) -> Iterator[Finding]:
    try:
        said = " ".join(talk.ask({"Action": "CoreSettings"}).get("asteriskversion", []))
    except ManagerRefused:
        return
    found = re.match(r"(\d+)\.", said)
    if found and int(found[1]) < MAJOR_MIN:
        yield bad("Asterisk's version", said, f"Version {MAJOR_MIN} or newer is needed.")
    else:
        yield ok("Asterisk's version", said or "unknown")


def _modules(may: set[str]) -> Iterator[Finding]:
    missing = {key: module for key, module in MODULES.items() if key not in may}
    for module, purpose in missing.values():
        # Not named to a user may also mean: not allowed to it.
        yield look(
            f"Module {module}",
            f"not seen; it is for {purpose}",
            f"On its machine: asterisk -rx 'module show like {module}'; load it in modules.conf.",
        )
    if len(missing) < len(MODULES):
        seen = [module for key, (module, _) in MODULES.items() if key in may]
        yield ok("Modules", ", ".join(seen))


def codecs(ask: Ask | None) -> Finding:
    """Whether the sound of browsers and telephones can be turned into each other."""
    if ask is None:
        return look(
            "Codecs",
            "cannot be asked from here",
            f"On Asterisk's machine: {ON_ITS_MACHINE}; rows opus, ulaw and alaw must hold numbers.",
        )
    try:
        loaded = ask("module show like codec_")
    except AsteriskFailed as error:
        return bad("Codecs", str(error), "Start Asterisk.")
    missing = [name for name in CODECS if not re.search(rf"^codec_{name}\S*\.so", loaded, re.M)]
    if missing:
        todo = "Load codec_<name>.so in modules.conf, or install the package that brings it."
        return bad("Codecs", f"missing: {', '.join(missing)}", todo)
    return ok("Codecs", ", ".join(CODECS))


def sip_websocket(settings: Settings) -> Finding:
    """The door for the browsers' telephones, as Asterisk offers it."""
    part, address = "SIP websocket", settings.asterisk_sip_ws_url
    if address is None:
        return bad(part, "CALLCENTER_ASTERISK_SIP_WS_URL is not set", "Set it: ws://host:8088/ws")
    try:
        with connect(
            address,
            subprotocols=[Subprotocol("sip")],
            open_timeout=WEBSOCKET_SECONDS,
            compression=None,
            proxy=None,
        ) as socket:
            if socket.subprotocol == "sip":
                return ok(part, f"open at {address}")
            text = "answers, but does not speak SIP"
    except (OSError, InvalidHandshake, InvalidURI, TimeoutError) as error:
        text = f"{address} does not open: {error}"
    return bad(part, text, "Check http.conf (enabled, bindaddr) and res_pjsip_transport_websocket.")
