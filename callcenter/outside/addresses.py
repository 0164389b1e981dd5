"""Which hosts a flow may call, and which addresses those may have: decided before anything is sent.

A name that is allowed may still point into our own network (or be made to, between two looks), so
the address is looked up once, checked, and exactly this one is connected to. Everything that is not
a public address is refused unless its network was allowed by name. Pure: no look-ups here.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_HOST = re.compile(r"^(\*\.)?[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")  # RFC 6052
_SIX_TO_FOUR = ipaddress.IPv6Network("2002::/16")  # RFC 3056
DEFAULT_PORTS = {"http": 80, "https": 443}


class NotAllowed(Exception):
    """The address may not be called; the text says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where a request goes. `path` has the query with it; `host_header` as HTTP wants it."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        name = f"[{self.host}]" if ":" in self.host else self.host
        return name if self.port == DEFAULT_PORTS[self.scheme] else f"{name}:{self.port}"


@dataclass(frozen=True, slots=True)
class Allowed:
    """`hosts`: `api.example.com`, `api.example.com:8443`, `*.example.com` (any name below it), or
    an address; without a port 443 and 80 are meant. `networks`: those that are not public and may
    be called all the same. `any_host`: every name will do, its address is checked all the same."""

    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = field(default=())
    any_host: bool = False

    def target(self, url: str) -> Target:
        """`url` taken apart. Raises NotAllowed."""
        try:
            parts = urlsplit(url)
            host, port = (parts.hostname or "").lower().rstrip("."), parts.port
        except ValueError:
            raise NotAllowed("it is not an address") from None
        if parts.scheme not in DEFAULT_PORTS or not host or parts.username is not None:
            raise NotAllowed("only http and https addresses with a host are called")
        path = parts.path or "/"
        if parts.query:
            path += f"?{parts.query}"
        if not path.isascii() or any(ord(sign) <= 32 for sign in path):
            raise NotAllowed("its path has a character that no address may have")
        used = port or DEFAULT_PORTS[parts.scheme]
        if not (self.any_host or self._listed(host, used, usual=used in DEFAULT_PORTS.values())):
            raise NotAllowed(f"host {host!r} port {used} is not on the list of allowed hosts")
        return Target(parts.scheme, host, used, path)

    def _listed(self, host: str, port: int, *, usual: bool) -> bool:
        names = [host, *(f"*.{rest}" for rest in _above(host))]
        return any(
            (usual and name in self.hosts) or f"{name}:{port}" in self.hosts for name in names
        )

    def address(self, found: Iterable[str]) -> str:
        """The first of the addresses that a look-up `found`, if none of them is forbidden: one of
        each kind is a trap. Raises NotAllowed."""
        addresses = [ipaddress.ip_address(each.partition("%")[0]) for each in found]
        if not addresses:
            raise NotAllowed("its name has no address")
        for address in addresses:
            if not self._may(address):
                raise NotAllowed(
                    f"its address {address} is not public, and its network not allowed"
                )
        return str(addresses[0])

    def is_own(self, address: str) -> bool:
        """Whether it is in one of the networks that were allowed by name."""
        real = _inner(ipaddress.ip_address(address))
        return any(real.version == net.version and real in net for net in self.networks)

    def _may(self, address: Address) -> bool:
        real = _inner(address)
        if self.is_own(str(real)):
            return True
        return real.is_global and not real.is_multicast and not real.is_reserved


def _above(host: str) -> list[str]:
    parts = host.split(".")
    return [".".join(parts[start:]) for start in range(1, len(parts))]


def _inner(address: Address) -> Address:
    """The IPv4 address inside an IPv6 one that leads to it."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address.ipv4_mapped is not None:
        return address.ipv4_mapped
    if address in _NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    if address in _SIX_TO_FOUR:
        return ipaddress.IPv4Address((int(address) >> 80) & 0xFFFFFFFF)
    return address


def read_hosts(values: Iterable[str]) -> frozenset[str]:
    """The list as it is set. Raises ValueError for what is no host."""
    hosts = set()
    for value in values:
        name, port = value.strip().lower(), ""
        if name.count(":") == 1:
            name, _, port = name.partition(":")
        if not _HOST.fullmatch(name) and not _is_address(name):
            raise ValueError(f"{value!r} is no host: write api.example.com or *.example.com:8443")
        if port and not (port.isdecimal() and 0 < int(port) < 65536):
            raise ValueError(f"{value!r}: {port!r} is no port")
        hosts.add(f"{name}:{int(port)}" if port else name)
    return frozenset(hosts)


def read_networks(values: Iterable[str]) -> tuple[Network, ...]:
    """Raises ValueError for what is no network, as 10.1.2.0/24."""
    return tuple(ipaddress.ip_network(value.strip()) for value in values)


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
