"""What a provider of single sign-on says about itself and about people: looked at, piece by piece.

The claims are checked by authlib, which knows the standard's list (OpenID Connect Core, 3.1.3.7).
Pure; times are arguments (UNIX seconds). This file must not know how anything was asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

from joserfc.errors import ExpiredTokenError, JoseError, MissingClaimError

from callcenter.store.sign_in import SingleSignOn

SKEW_SECONDS = 120
ADDRESS_MAX = 2000
# Signatures by the provider's own key; never none, and none by the client's secret.
ALGORITHMS = frozenset(
    "RS256 RS384 RS512 PS256 PS384 PS512 ES256 ES384 ES512 EdDSA Ed25519".split()
)

Trouble = Literal[
    "off",
    "expired",
    "other_browser",
    "refused_there",
    "provider_away",
    "provider_odd",
    "client_refused",
    "identity_wrong",
    "clock",
    "no_role",
    "unknown",
    "taken",
    "not_linked",
    "inactive",
]
"""Why somebody did not come in; the page has a sentence and an advice for each."""


class SignInFailed(Exception):
    """`str()` is for the log and for administrators."""

    def __init__(self, trouble: Trouble, detail: str = "") -> None:
        super().__init__(detail or trouble)
        self.trouble: Trouble = trouble


@dataclass(frozen=True, slots=True)
class Provider:
    """What the provider says about itself."""

    issuer: str
    authorization: str
    token: str
    keys: str
    userinfo: str
    end_session: str
    by_form: bool
    algorithms: frozenset[str]


def claim_at(claims: Mapping[str, Any], path: str) -> Any:
    """The claim `path`; `realm_access.roles` looks inside one. None: there is none, or no path."""
    if not path or path in claims:
        return claims.get(path)
    found: Any = claims
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found


def claims_checked(
    claims: Mapping[str, Any],
    header: Mapping[str, Any],
    sso: SingleSignOn,
    nonce: str,
    access: str,
    now: float,
) -> dict[str, Any]:
    """The claims of an identity whose signature is right. Raises SignInFailed."""
    from authlib.oidc.core import CodeIDToken

    options = {
        "iss": {"essential": True, "value": sso.issuer},
        "aud": {"essential": True, "value": sso.client_id},
        "sub": {"essential": True},
    }
    params = {"nonce": nonce, "client_id": sso.client_id, "access_token": access}
    token = CodeIDToken(claims, header, options, params)
    try:
        token.validate(now=int(now), leeway=SKEW_SECONDS)
    except JoseError as error:
        late = not isinstance(error, MissingClaimError) and (
            isinstance(error, ExpiredTokenError) or getattr(error, "claim", "") in ("iat", "nbf")
        )
        detail = f"{type(error).__name__}: {error}"
        raise SignInFailed("clock" if late else "identity_wrong", detail) from None
    if not isinstance(claims.get("sub"), str) or not claims["sub"]:
        raise SignInFailed("identity_wrong", "the subject is no text")
    return dict(claims)


def provider_of(issuer: str, said: Mapping[str, Any]) -> Provider:
    """What a provider's configuration says, when it can be used. Raises SignInFailed."""
    if said.get("issuer") != issuer:
        told = (
            f"it calls itself {said.get('issuer')!r}, which is not exactly the issuer that is set"
        )
        raise SignInFailed("provider_odd", told)
    secure = urlsplit(issuer).scheme == "https"

    def address(name: str, *, needed: bool = True) -> str:
        value = said.get(name)
        if value is None and not needed:
            return ""
        fits = isinstance(value, str) and len(value) <= ADDRESS_MAX
        if not fits or urlsplit(str(value)).scheme not in {"https", "" if secure else "http"}:
            raise SignInFailed("provider_odd", f"its {name} is no https address")
        return str(value)

    methods = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    signs = said.get("id_token_signing_alg_values_supported") or ["RS256"]
    algorithms = ALGORITHMS.intersection(name for name in signs if isinstance(name, str))
    if not algorithms:
        raise SignInFailed("provider_odd", "it signs with nothing that we accept")
    return Provider(
        issuer,
        address("authorization_endpoint"),
        address("token_endpoint"),
        address("jwks_uri"),
        address("userinfo_endpoint", needed=False),
        address("end_session_endpoint", needed=False),
        "client_secret_basic" not in methods and "client_secret_post" in methods,
        algorithms,
    )
