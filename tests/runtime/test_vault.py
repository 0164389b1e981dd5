"""Secrets are opened for their own call alone, and nobody is told anything else of them."""

from __future__ import annotations

import pytest

from callcenter.runtime import vault as vaults
from callcenter.runtime.vault import HANDLE, SecretGone, Vault

pytestmark = pytest.mark.pure


def test_a_handle_says_what_a_flow_must_know_and_no_more() -> None:
    vault = Vault()
    card = vault.seal("c1", "79927398713")
    assert (card.length, card.plain, card.luhn) == (11, True, True)
    assert not vault.seal("c1", "79927398712").luhn
    assert not vault.seal("c1", "12*4").plain
    assert vault.seal("c1", "").length == 0
    assert HANDLE.fullmatch(card.handle)
    assert "7992" not in repr(card)
    assert vault.seal("c1", "79927398713").handle != card.handle


def test_it_is_opened_at_any_depth_for_its_own_call_only() -> None:
    vault = Vault()
    handle = vault.seal("c1", "0042").handle
    given = {"pin": handle, "list": [1, (f"x{handle}y",)], "none": None, "n": 0.5}
    opened = {"pin": "0042", "list": [1, ["x0042y"]], "none": None, "n": 0.5}
    assert vault.open("c1", given) == opened
    assert given["pin"] == handle
    with pytest.raises(SecretGone):
        vault.open("c2", given)
    vault.forget("c1")
    with pytest.raises(SecretGone):
        vault.open("c1", handle)
    assert vault.open("c1", {"plain": "sealed-"}) == {"plain": "sealed-"}


def test_it_is_bounded() -> None:
    vault = Vault()
    first = vault.seal("c0", "1").handle
    handles = [vault.seal("c1", str(n)).handle for n in range(vaults.SECRETS_MAX + 1)]
    with pytest.raises(SecretGone):
        vault.open("c1", handles[0])
    assert vault.open("c1", handles[-1]) == str(vaults.SECRETS_MAX)
    for n in range(vaults.CALLS_MAX):
        vault.seal(f"more{n}", "1")
    with pytest.raises(SecretGone):
        vault.open("c0", first)
