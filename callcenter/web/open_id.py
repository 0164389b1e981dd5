"""OpenID Connect as the relying party: where to send a browser, and who comes back from there.

Authorization code with PKCE (RFC 7636), state, nonce, and the issuer of the answer (RFC 9207). The
signature is checked with the provider's published keys (joserfc), the rest by `open_id_checks`.
What is asked of the provider goes through `Fetching`. Times are arguments (UNIX seconds). The
libraries are loaded at their first use (docs/decisions/0025). This file must not know users,
cookies or pages.
"""

from __future__ import annotations

import hmac
import json
import secrets
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import quote, urlencode, urlsplit

from joserfc.errors import JoseError

from callcenter.outside.documents import Document
from callcenter.store.sign_in import SingleSignOn
from callcenter.web.open_id_checks import (
    Provider,
    SignInFailed,
    claim_at,
    claims_checked,
    provider_of,
)

if TYPE_CHECKING:
    from joserfc.jwk import KeySet

PENDING_SECONDS = 600.0
KNOWN_SECONDS = 600.0
CODE_MAX = 4096
CALLBACK = "/api/sso/callback"


class Fetching(Protocol):
    async def fetch(
        self,
        url: str,
        *,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        seconds: float = 10.0,
    ) -> Document: ...


@dataclass(frozen=True, slots=True)
class Pending:
    """What the browser carries (sealed) from its way out to its way back. `origin`: our address as
    it sees it."""

    state: str
    nonce: str
    verifier: str
    origin: str
    until: float

    def text(self) -> str:
        return json.dumps(asdict(self))

    @staticmethod
    def read(text: str) -> Pending:
        """Raises ValueError, TypeError."""
        return Pending(**json.loads(text))


class OpenId:
    """One for the service; remembers the provider's own words for a while."""

    def __init__(self, fetching: Fetching) -> None:
        self._fetching = fetching
        self._provider: tuple[float, Provider] | None = None
        self._keys: tuple[float, str, KeySet] | None = None

    async def provider(self, issuer: str, now: float) -> Provider:
        """Raises SignInFailed."""
        known = self._provider
        if known is not None and known[1].issuer == issuer and now < known[0] + KNOWN_SECONDS:
            return known[1]
        url = issuer.rstrip("/") + "/.well-known/openid-configuration"
        provider = provider_of(
            issuer, _object(await self._fetching.fetch(url), "its configuration")
        )
        self._provider = (now, provider)
        return provider

    async def begin(self, sso: SingleSignOn, origin: str, now: float) -> tuple[str, Pending]:
        """Where to send the browser, and what it has to bring back. Raises SignInFailed."""
        provider = await self.provider(sso.issuer, now)
        pending = Pending(
            secrets.token_urlsafe(32),
            secrets.token_urlsafe(32),
            secrets.token_urlsafe(48),
            origin,
            now + PENDING_SECONDS,
        )
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        query = {
            "response_type": "code",
            "client_id": sso.client_id,
            "redirect_uri": origin + CALLBACK,
            "scope": sso.scopes,
            "state": pending.state,
            "nonce": pending.nonce,
            "code_challenge": create_s256_code_challenge(pending.verifier),
            "code_challenge_method": "S256",
        }
        return _with_query(provider.authorization, query), pending

    async def finish(
        self,
        sso: SingleSignOn,
        secret: str,
        pending: Pending,
        answer: Mapping[str, str],
        now: float,
    ) -> dict[str, Any]:
        """The claims about who came back. Raises SignInFailed."""
        if now >= pending.until:
            raise SignInFailed("expired")
        if not hmac.compare_digest(answer.get("state", "").encode(), pending.state.encode()):
            raise SignInFailed("other_browser", "the state is not the one that was sent")
        if answer.get("iss", sso.issuer) != sso.issuer:
            raise SignInFailed("provider_odd", "the answer is of another issuer (RFC 9207)")
        if "error" in answer:
            said = f"{answer['error']}: {answer.get('error_description', '')}"[:300]
            raise SignInFailed("refused_there", said)
        provider = await self.provider(sso.issuer, now)
        tokens = await self._tokens(provider, sso, secret, pending, answer.get("code", ""))
        access = str(tokens.get("access_token", ""))
        claims = await self._identity(provider, sso, pending, tokens, access, now)
        return await self._with_userinfo(provider, sso, claims, access)

    async def keys(self, provider: Provider) -> None:
        """Whether its keys can be read. Raises SignInFailed."""
        await self._key_set(provider, None)

    def leave_address(self, provider: Provider, sso: SingleSignOn, origin: str) -> str | None:
        """Where signing out goes on (OpenID Connect RP-Initiated Logout); None: nowhere."""
        if not provider.end_session:
            return None
        query = {"client_id": sso.client_id, "post_logout_redirect_uri": f"{origin}/login"}
        return _with_query(provider.end_session, query)

    async def _tokens(
        self, provider: Provider, sso: SingleSignOn, secret: str, pending: Pending, code: str
    ) -> dict[str, Any]:
        form = {
            "grant_type": "authorization_code",
            "code": code[:CODE_MAX],
            "redirect_uri": pending.origin + CALLBACK,
            "code_verifier": pending.verifier,
            "client_id": sso.client_id,
        }
        headers = {}
        if secret and provider.by_form:
            form["client_secret"] = secret
        elif secret:
            # RFC 6749, 2.3.1: both are form-encoded before they are joined.
            pair = f"{quote(sso.client_id, safe='')}:{quote(secret, safe='')}"
            headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
        found = await self._fetching.fetch(provider.token, form=form, headers=headers)
        if found.status in (400, 401) and isinstance(found.body, dict):
            said = f"{found.body.get('error')}: {found.body.get('error_description', '')}"[:300]
            raise SignInFailed("client_refused", said)
        return _object(found, "the tokens")

    async def _identity(
        self,
        provider: Provider,
        sso: SingleSignOn,
        pending: Pending,
        tokens: Mapping[str, Any],
        access: str,
        now: float,
    ) -> dict[str, Any]:
        token = tokens.get("id_token")
        if not isinstance(token, str):
            raise SignInFailed("provider_odd", "there is no identity among the tokens")
        from joserfc import jwt

        allowed = sorted(provider.algorithms)
        try:
            try:
                read = jwt.decode(token, await self._key_set(provider, now), algorithms=allowed)
            except (JoseError, ValueError):
                # Keys are changed from time to time; once more with the newest.
                read = jwt.decode(token, await self._key_set(provider, None), algorithms=allowed)
        except (JoseError, ValueError) as error:
            raise SignInFailed("identity_wrong", f"{type(error).__name__}: {error}") from None
        return claims_checked(read.claims, read.header, sso, pending.nonce, access, now)

    async def _key_set(self, provider: Provider, now: float | None) -> KeySet:
        """`now` None: as they are at this moment."""
        from joserfc.jwk import KeySet

        known = self._keys
        if now is not None and known and known[1] == provider.keys:
            if now < known[0] + KNOWN_SECONDS:
                return known[2]
        found: Any = _object(await self._fetching.fetch(provider.keys), "its keys")
        try:
            keys = KeySet.import_key_set(found)
        except (JoseError, ValueError, KeyError, TypeError) as error:
            raise SignInFailed("provider_odd", f"its keys: {type(error).__name__}") from None
        if now is not None:
            self._keys = (now, provider.keys, keys)
        else:
            self._keys = None
        return keys

    async def _with_userinfo(
        self, provider: Provider, sso: SingleSignOn, claims: dict[str, Any], access: str
    ) -> dict[str, Any]:
        """Many providers tell names and groups there alone."""
        wanted = (sso.login_claim, sso.role_claim)
        if not provider.userinfo or all(claim_at(claims, name) is not None for name in wanted):
            return claims
        headers = {"Authorization": f"Bearer {access}"}
        more = _object(await self._fetching.fetch(provider.userinfo, headers=headers), "the claims")
        if more.get("sub") != claims["sub"]:
            raise SignInFailed("identity_wrong", "the claims are about somebody else")
        return more | claims


def _object(found: Document, what: str) -> dict[str, Any]:
    if not found.status:
        raise SignInFailed("provider_away", found.error)
    if found.status != 200 or not isinstance(found.body, dict):
        raise SignInFailed("provider_odd", f"{what}: answered {found.status}")
    return found.body


def _with_query(url: str, query: Mapping[str, str]) -> str:
    return f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(query)}"
