"""What a provider may say wrongly, or somebody in its place: each is refused, by its own name.

A made-up provider at the port: it answers what a test wants, with tokens that are really signed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from joserfc import jwt
from joserfc.jwk import KeySet, OctKey, RSAKey

from callcenter.outside.documents import Document
from callcenter.store.sign_in import RoleRule, SingleSignOn
from callcenter.web.open_id import KNOWN_SECONDS, OpenId, Pending
from callcenter.web.open_id_checks import SKEW_SECONDS, SignInFailed, claim_at
from callcenter.web.sso_people import role_of

pytestmark = [pytest.mark.pure, pytest.mark.anyio]

NOW = 1_790_000_000.0
ISSUER = "https://login.example.com/realm"
KEY = RSAKey.generate_key(2048, {"kid": "one"})
OTHER = RSAKey.generate_key(2048, {"kid": "two"})
SSO = SingleSignOn(
    True, "Example", ISSUER, "centre", role_claim="groups", role_rules=(RoleRule("a", "agent"),)
)


@dataclass
class MadeUp:
    """A provider at the port. `claims` None-values are left out."""

    pending: Pending | None = None
    claims: dict[str, Any] = field(default_factory=dict)
    configuration: dict[str, Any] = field(default_factory=dict)
    key: Any = field(default_factory=lambda: KEY)
    shown: list[Any] = field(default_factory=lambda: [KEY])
    algorithm: str = "RS256"
    userinfo: dict[str, Any] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, str] | None, Mapping[str, str]]] = field(
        default_factory=list
    )

    async def fetch(
        self,
        url: str,
        *,
        form: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        seconds: float = 10.0,
    ) -> Document:
        self.asked.append((url, form, headers or {}))
        match url.removeprefix(ISSUER):
            case "/.well-known/openid-configuration":
                said = {
                    "issuer": ISSUER,
                    "authorization_endpoint": f"{ISSUER}/authorize?tenant=1",
                    "token_endpoint": f"{ISSUER}/token",
                    "jwks_uri": f"{ISSUER}/keys",
                    "userinfo_endpoint": f"{ISSUER}/userinfo",
                    "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
                }
                return Document(200, said | self.configuration)
            case "/keys":
                shown = KeySet(self.shown)
                return Document(200, shown.as_dict(private=False))
            case "/token":
                return Document(200, {"access_token": "at", "id_token": self.token()})
            case "/userinfo":
                return Document(200, self.userinfo)
        return Document(404)

    def token(self) -> str:
        assert self.pending is not None
        claims = {
            "iss": ISSUER, "sub": "u1", "aud": "centre", "iat": int(NOW), "exp": int(NOW) + 300,
            "nonce": self.pending.nonce, "preferred_username": "mei", "groups": ["a"],
        } | self.claims  # fmt: skip
        kept = {name: value for name, value in claims.items() if value is not None}
        header = {"alg": self.algorithm, "kid": self.key.kid or "one"}
        return jwt.encode(header, kept, self.key, algorithms=[self.algorithm])


async def finish(
    provider: MadeUp, *, now: float = NOW, secret: str = "s:e&c", **answer: str
) -> dict[str, Any]:
    open_id = OpenId(provider)
    _, provider.pending = await open_id.begin(SSO, "https://centre.example", NOW)
    said = {"code": "c", "state": provider.pending.state} | answer
    return await open_id.finish(SSO, secret, provider.pending, said, now)


async def refused(provider: MadeUp, **more: Any) -> str:
    with pytest.raises(SignInFailed) as why:
        await finish(provider, **more)
    return why.value.trouble


async def test_who_comes_back_rightly_is_known_and_the_secret_goes_by_header() -> None:
    provider = MadeUp()
    assert (await finish(provider))["sub"] == "u1"
    _, form, headers = next(one for one in provider.asked if one[0].endswith("/token"))
    assert form is not None
    assert provider.pending is not None
    assert form["code_verifier"] == provider.pending.verifier
    assert form["redirect_uri"] == "https://centre.example/api/sso/callback"
    assert "client_secret" not in form
    assert headers["Authorization"] == "Basic Y2VudHJlOnMlM0FlJTI2Yw=="  # RFC 6749, 2.3.1
    assert not any(one.endswith("/userinfo") for one, _, _ in provider.asked)


async def test_the_challenge_is_the_verifiers_and_a_query_is_kept() -> None:
    address, pending = await OpenId(MadeUp()).begin(SSO, "https://centre.example", NOW)
    assert address.startswith(f"{ISSUER}/authorize?tenant=1&response_type=code&")
    assert f"code_challenge={create_s256_code_challenge(pending.verifier)}" in address
    assert Pending.read(pending.text()) == pending


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"nonce": "another"}, "identity_wrong"),
        ({"nonce": None}, "identity_wrong"),
        ({"aud": "somebody else"}, "identity_wrong"),
        ({"aud": ["centre", "other"]}, "identity_wrong"),  # without azp
        ({"aud": ["centre", "other"], "azp": "other"}, "identity_wrong"),
        ({"iss": "https://evil.example"}, "identity_wrong"),
        ({"sub": None}, "identity_wrong"),
        ({"sub": ""}, "identity_wrong"),
        ({"sub": 7}, "identity_wrong"),
        ({"at_hash": "bm90IGl0cyBoYXNo"}, "identity_wrong"),
        ({"exp": None}, "identity_wrong"),
        ({"exp": int(NOW) - SKEW_SECONDS - 5}, "clock"),
        ({"iat": int(NOW) + SKEW_SECONDS + 60}, "clock"),
        ({"nbf": int(NOW) + SKEW_SECONDS + 60}, "clock"),
    ],
)
async def test_a_wrong_claim_is_refused(claims: dict[str, Any], why: str) -> None:
    assert await refused(MadeUp(claims=claims)) == why


@pytest.mark.parametrize("ahead", [-SKEW_SECONDS + 10, SKEW_SECONDS - 10])
async def test_clocks_may_differ_a_little(ahead: int) -> None:
    times = {"iat": int(NOW) + ahead, "nbf": int(NOW) + ahead, "exp": int(NOW) + ahead + 5}
    assert (await finish(MadeUp(claims=times)))["sub"] == "u1"


async def test_an_identity_signed_by_somebody_else_is_refused() -> None:
    forged = RSAKey.generate_key(2048, {"kid": "one"})
    assert await refused(MadeUp(key=forged)) == "identity_wrong"


async def test_an_identity_signed_with_the_clients_secret_is_refused() -> None:
    """Though the provider says that it does so: that secret is shared."""
    provider = MadeUp(key=OctKey.import_key("s" * 32), algorithm="HS256")
    assert await refused(provider) == "identity_wrong"


async def test_new_keys_of_the_provider_are_found_at_once() -> None:
    provider = MadeUp()
    open_id = OpenId(provider)
    for key in (KEY, OTHER):
        provider.key, provider.shown = key, [key]
        _, provider.pending = await open_id.begin(SSO, "https://centre.example", NOW)
        said = {"code": "c", "state": provider.pending.state}
        claims = await open_id.finish(SSO, "", provider.pending, said, NOW)
        assert claims["sub"] == "u1"


async def test_what_the_provider_says_about_itself_is_asked_for_once_in_ten_minutes() -> None:
    provider = MadeUp()
    open_id = OpenId(provider)
    for later in (0.0, KNOWN_SECONDS - 1):
        await open_id.provider(ISSUER, NOW + later)
    assert len(provider.asked) == 1
    await open_id.provider(ISSUER, NOW + KNOWN_SECONDS + 1)
    assert len(provider.asked) == 2


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"state": "another"}, "other_browser"),
        ({"state": "ä"}, "other_browser"),
        ({"iss": "https://evil.example"}, "provider_odd"),
        ({"error": "access_denied"}, "refused_there"),
    ],
)
async def test_a_wrong_answer_is_refused_before_anything_is_asked(
    answer: dict[str, str], why: str
) -> None:
    provider = MadeUp()
    assert await refused(provider, **answer) == why
    assert not any(url.endswith("/token") for url, _, _ in provider.asked)


@pytest.mark.parametrize(
    "said",
    [
        {"issuer": ISSUER + "/"},
        {"issuer": None},
        {"token_endpoint": "http://login.example.com/token"},
        {"jwks_uri": "file:///etc/passwd"},
        {"authorization_endpoint": None},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"userinfo_endpoint": 7},
        {"id_token_signing_alg_values_supported": ["HS256", "none"]},
    ],
)
async def test_a_provider_that_says_odd_things_is_not_used(said: dict[str, Any]) -> None:
    assert await refused(MadeUp(configuration=said)) == "provider_odd"


async def test_claims_that_are_told_elsewhere_are_fetched_and_must_be_of_the_same_person() -> None:
    provider = MadeUp(claims={"groups": None}, userinfo={"sub": "u1", "groups": ["a"]})
    assert (await finish(provider))["groups"] == ["a"]
    provider.userinfo["sub"] = "u2"
    assert await refused(provider) == "identity_wrong"


@pytest.mark.parametrize(
    ("claims", "role"),
    [
        ({"groups": ["x", "lead", "boss"]}, "administrator"),
        ({"groups": "lead"}, "supervisor"),
        ({"groups": [7, None, {"a": 1}]}, None),
        ({"groups": None}, None),
        ({}, None),
    ],
)
def test_the_strongest_role_that_fits_counts(claims: dict[str, Any], role: str | None) -> None:
    rules = (RoleRule("boss", "administrator"), RoleRule("lead", "supervisor"))
    assert role_of(claims, SingleSignOn(role_claim="groups", role_rules=rules)) == role


def test_a_claim_may_lie_inside_another() -> None:
    claims = {"realm_access": {"roles": ["a"]}, "https://x.example/roles": ["b"], "flat": 1}
    assert claim_at(claims, "realm_access.roles") == ["a"]
    assert claim_at(claims, "https://x.example/roles") == ["b"]
    assert claim_at(claims, "flat.more") is None
    assert claim_at(claims, "") is None
