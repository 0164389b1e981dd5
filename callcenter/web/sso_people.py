"""Which user somebody is who was let in by the provider of single sign-on, and with which role.

Found by issuer and subject, which never change and are nobody else's. The first time, where the
settings say so, by the same login (never an administrator, unless the provider makes him one), or
made anew. Roles follow the provider at each sign-in where there are rules for them, save that the
last administrator with a password stays one: he is the way in when the provider is away. This file
must not know the protocol.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from callcenter.store.accounts import Account, Role, Taken
from callcenter.store.sign_in import SignIn, SingleSignOn, strongest
from callcenter.web.open_id_checks import SignInFailed, claim_at
from callcenter.web.services import Accounts

LOGIN = re.compile(r"[A-Za-z0-9._@-]{1,64}", re.ASCII)
NAME_MAX = 120
VALUES_MAX = 1000

log = logging.getLogger(__name__)


def role_of(claims: Mapping[str, Any], sso: SingleSignOn) -> Role | None:
    """None: nothing that the provider tells fits a role."""
    told = claim_at(claims, sso.role_claim)
    values = told if isinstance(told, list) else [told]
    known = {value for value in values[:VALUES_MAX] if isinstance(value, str)}
    found = strongest([rule.role for rule in sso.role_rules if rule.value in known])
    return found or sso.role_else


async def account_for(
    claims: Mapping[str, Any], sso: SingleSignOn, sign_in: SignIn, accounts: Accounts
) -> tuple[Account, bool]:
    """The user, and whether his role changed. Raises SignInFailed."""
    account, role = await sign_in.linked(sso.issuer, claims["sub"]), role_of(claims, sso)
    if role is None:
        raise SignInFailed("no_role", f"nothing in {sso.role_claim!r} fits a role")
    if account is None:
        account = await _first_time(claims, sso, sign_in, accounts, role)
    if not account.active:
        raise SignInFailed("inactive", f"user {account.id} is switched off")
    if account.role == role or not sso.role_rules:
        return account, False
    if account.role == "administrator" and await sign_in.is_last_way_in(account.id):
        log.warning("user %s stays administrator: nobody else could come in", account.id)
        return account, False
    changed = await accounts.update(replace(account, role=role))
    log.warning("user %s is %s from now on, as the provider says", account.id, role)
    return changed or account, True


async def _first_time(
    claims: Mapping[str, Any],
    sso: SingleSignOn,
    sign_in: SignIn,
    accounts: Accounts,
    role: Role,
) -> Account:
    login = str(claim_at(claims, sso.login_claim) or "")
    if not LOGIN.fullmatch(login):
        told = f"{sso.login_claim!r} is no login (letters, digits, . _ @ -, at most 64)"
        raise SignInFailed("unknown", told)
    found = await accounts.credentials(login)
    if found is not None:
        return await _linked(found[0], claims, sso, sign_in, role)
    if not sso.create:
        raise SignInFailed("unknown", f"there is no user {login!r}, and none is made")
    name = str(claims.get("name") or login).replace("\0", "").strip()[:NAME_MAX] or login
    locale = "zh" if str(claims.get("locale") or "").lower().startswith("zh") else "en"
    try:
        return await sign_in.create(
            Account("", login, name, role, locale), sso.issuer, claims["sub"]
        )
    except Taken:
        raise SignInFailed("taken", f"somebody else took the login {login!r} just now") from None


async def _linked(
    account: Account, claims: Mapping[str, Any], sso: SingleSignOn, sign_in: SignIn, role: Role
) -> Account:
    if not sso.link:
        raise SignInFailed("not_linked", f"user {account.id} has this login and is not linked")
    if account.role == "administrator" and role != "administrator":
        raise SignInFailed("not_linked", f"administrator {account.id} is not linked by the login")
    if not await sign_in.link(account.id, sso.issuer, claims["sub"]):
        raise SignInFailed("taken", f"user {account.id} is somebody else at the provider already")
    return account
