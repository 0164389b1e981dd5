"""The pieces of Asterisk's files that repeat or may be absent, as text.

Each function takes plain values, checks them and returns whole lines. This file opens no file.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterable

DATABASE_MODULES = """\
preload = res_config_pgsql.so
preload = res_sorcery_realtime.so"""

# Bridge cannot have a channel that is on its way into another bridge or out of one; a moment later
# it can. For behind a Bridge with the label "bridge", ACD_AGAIN=0 before it, "over" after it.
UNTIL_TOGETHER = """\
 same => n,Set(ACD_AGAIN=$[0${ACD_AGAIN} + 1])
 same => n,GotoIf($["${BRIDGERESULT}" = "SUCCESS" | ${ACD_AGAIN} > 5]?over)
 same => n,Wait(0.1)
 same => n,Goto(bridge)"""

SORCERY = """\
[res_pjsip]
endpoint/cache = memory_cache,maximum_objects=5000,expire_on_reload=yes
endpoint = config,pjsip.conf,criteria=type=endpoint
endpoint = realtime,ps_endpoints
aor/cache = memory_cache,maximum_objects=5000,expire_on_reload=yes
aor = config,pjsip.conf,criteria=type=aor
aor = realtime,ps_aors
auth = config,pjsip.conf,criteria=type=auth
auth = realtime,ps_auths"""

EXTCONFIG = """\
ps_endpoints => pgsql,general,ps_endpoints
ps_aors => pgsql,general,ps_aors
ps_auths => pgsql,general,ps_auths"""

DATABASE_NAME_AND_LIMITS = "asterisk connect_timeout=2 tcp_user_timeout=3000"

ANONYMOUS = """\
[anonymous](caller)"""


LOCAL_TRUNK = "local"
TRUNK_ADDRESS = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?(:[0-9]{1,5})?")


def one_line(name: str, value: str) -> str:
    """`value`, if it can stand in a configuration file as it is. Raises ValueError."""
    if any(ord(letter) < 32 or letter == ";" for letter in value):
        raise ValueError(f"{name}: a line break, control character or ';' cannot be configured")
    return value


def argument(name: str, value: str) -> str:
    """`value`, if it can stand in an argument of the dialplan as it is. Raises ValueError."""
    if not re.fullmatch(r"[A-Za-z0-9/._ -]{1,200}", value):
        raise ValueError(f"{name}: {value!r} has a letter that the dialplan would read as its own")
    return value


def permits(networks: Iterable[str]) -> str:
    return "\n".join(f"permit = {_network(each)}" for each in networks)


def transport_addresses(external: str | None, local_networks: Iterable[str]) -> str:
    """What an Asterisk behind NAT says of itself to the world."""
    if external is None:
        return ""
    address = ipaddress.ip_address(external)
    lines = [f"external_media_address = {address}", f"external_signaling_address = {address}"]
    return "\n".join([*lines, *(f"local_net = {_network(each)}" for each in local_networks)])


def media_address(address: str | None) -> str:
    if address is None:
        return ""
    return f"media_address = {ipaddress.ip_address(address)}\nbind_rtp_to_media_address = yes"


def trunks(networks: tuple[str, ...]) -> str:
    if not networks:
        return ""
    matches = "\n".join(f"match = {_network(each)}" for each in networks)
    return f"[callers-addresses]\ntype = identify\nendpoint = callers\n{matches}"


def outbound_trunk(address: str | None) -> str:
    """By which we dial; calls that come in from there are those of `trunks`."""
    if address is None or address == LOCAL_TRUNK:
        return ""
    if not TRUNK_ADDRESS.fullmatch(address):
        raise ValueError(f"outbound_trunk: {address!r} is not host or host:port")
    endpoint = "[trunk](caller)\nidentify_by = ip\naors = trunk\nsend_pai = yes"
    return f"{endpoint}\n[trunk]\ntype = aor\ncontact = sip:{address}"


def ice(address_map: tuple[tuple[str, str], ...]) -> str:
    if not address_map:
        return ""
    pairs = [
        f"{ipaddress.ip_address(local)} => {ipaddress.ip_address(told)}"
        for local, told in address_map
    ]
    return "\n".join(["[ice_host_candidates]", *pairs])


def voicemail_boxes(boxes: Iterable[str], pin: Callable[[], str]) -> str:
    """The messages are read by the service; the pins only keep telephones out."""
    return "\n".join(f"{box} => {pin()},{box}" for box in boxes)


def res_pgsql(login: dict[str, str]) -> str:
    """The driver has no limits of its own and holds up SIP while it waits; libpq's stand behind the
    application's name, the last part of its connection string that is given unquoted."""
    login = login | {"dbappname": DATABASE_NAME_AND_LIMITS}
    lines = [f"{name} = {one_line(name, value)}" for name, value in login.items()]
    return "\n".join(["[general]", *lines, "requirements = warn"])


def _network(text: str) -> str:
    return str(ipaddress.ip_network(text))
