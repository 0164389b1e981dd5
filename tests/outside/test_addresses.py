"""Which hosts and addresses a flow may call."""

from __future__ import annotations

import pytest

from callcenter.outside.addresses import Allowed, NotAllowed, read_hosts, read_networks

pytestmark = pytest.mark.pure

ALLOWED = Allowed(
    read_hosts(["api.example.com", "*.shop.example:8443", "10.1.2.3", "::1"]),
    read_networks(["10.1.2.0/24", "fd00::/8"]),
)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com/orders/1?x=1",
        "http://API.EXAMPLE.COM./",
        "https://api.example.com:443/",
        "https://a.shop.example:8443/x",
        "https://a.b.shop.example:8443/x",
        "http://10.1.2.3/",
    ],
)
def test_listed(url: str) -> None:
    assert ALLOWED.target(url).host


@pytest.mark.parametrize(
    "url",
    [
        "https://example.com/",
        "https://api.example.com.evil.test/",
        "https://api.example.com:8443/",
        "https://shop.example:8443/",
        "https://a.shop.example/",
        "https://user@api.example.com/",
        "https://api.example.com@evil.test/",
        "ftp://api.example.com/",
        "file:///etc/passwd",
        "https://api.example.com:99999/",
        "//api.example.com/",
        "https://api.example.com/a b",
        "https://api.example.com/\r\nX: y",
        "",
        "http://[::1",
    ],
)
def test_not_listed(url: str) -> None:
    with pytest.raises(NotAllowed):
        ALLOWED.target(url)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_public_addresses(address: str) -> None:
    assert ALLOWED.address([address]) == address
    assert ALLOWED.address(["10.1.2.9"]) == "10.1.2.9"
    assert ALLOWED.address(["fd00::7"]) == "fd00::7"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.1.3.1",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "0.0.0.0",
        "224.0.0.1",
        "255.255.255.255",
        "::1",
        "::",
        "fe80::1%eth0",
        "fc00::1",
        "ff02::1",
        "::ffff:127.0.0.1",
        "::ffff:169.254.169.254",
        "64:ff9b::7f00:1",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::1",
    ],
)
def test_addresses_inside(address: str) -> None:
    with pytest.raises(NotAllowed):
        ALLOWED.address([address])
    with pytest.raises(NotAllowed):
        ALLOWED.address(["93.184.215.14", address])


def test_no_address_at_all() -> None:
    with pytest.raises(NotAllowed):
        ALLOWED.address([])


@pytest.mark.parametrize(
    "value", ["", "*", "*.", "a b", "https://x", "x:0", "x:70000", "-x", "a/b"]
)
def test_what_is_no_host(value: str) -> None:
    with pytest.raises(ValueError, match="is no"):
        read_hosts([value])
