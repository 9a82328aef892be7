"""An OpenID provider: where its pages are, who it says somebody is. Authorization code with PKCE (RFC 7636).

Authlib speaks the protocol; what comes back is believed only with the provider's signature, for this client, and with
the nonce of this sign-in (OpenID Connect Core 1.0, section 3.1.3.7).
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlsplit

from labelwright.errors import InputError, UnauthenticatedError
from labelwright.services.site.settings import Settings

SCOPE: Final = "openid email profile"
TIMEOUT_SECONDS: Final = 10.0
DESCRIPTION_SECONDS: Final = 600  # that a provider's description and keys are kept
ALGORITHMS: Final = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]


@dataclass(frozen=True)
class Begun:
    """A sign-in that begins: where the browser goes, and what must come back or fit."""

    url: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True)
class Claims:
    """What a provider says of somebody.

    Attributes
    ----------
    subject : str
        Who it is, for ever, at this issuer.
    email : str, optional
        Only if the provider has verified it.
    groups : tuple of str
        The values of the claim that roles are taken from.
    """

    issuer: str
    subject: str
    email: str | None
    name: str
    groups: tuple[str, ...]


def begin(settings: Settings, redirect_uri: str) -> Begun:
    """Begin a sign-in.

    Raises
    ------
    UnauthenticatedError
        If the provider does not answer.
    """
    nonce, verifier = secrets.token_urlsafe(32), secrets.token_urlsafe(48)
    client = _client(settings, redirect_uri)
    url, state = client.create_authorization_url(
        _described(settings)["authorization_endpoint"], code_verifier=verifier, nonce=nonce
    )
    return Begun(str(url), str(state), nonce, verifier)


def finish(settings: Settings, redirect_uri: str, *, code: str, nonce: str, verifier: str) -> Claims:
    """Exchange a code for what the provider says of the person who brought it.

    Raises
    ------
    UnauthenticatedError
        If the provider does not answer, refuses the code, or what it says does not hold.
    """
    from joserfc import jwt
    from joserfc.errors import JoseError

    described, keys = _described(settings), _keys(settings)
    try:
        token = _client(settings, redirect_uri).fetch_token(
            described["token_endpoint"], grant_type="authorization_code", code=code, code_verifier=verifier
        )
        decoded = jwt.decode(str(token["id_token"]), keys, algorithms=ALGORITHMS)
        jwt.JWTClaimsRegistry(
            leeway=60, iss={"essential": True, "value": described["issuer"]},
            aud={"essential": True, "value": str(settings.oidc_client_id)}, exp={"essential": True},
            sub={"essential": True}, nonce={"essential": True, "value": nonce},
        ).validate(decoded.claims)  # fmt: skip
    except JoseError as error:
        raise UnauthenticatedError(
            f"What the identity provider says does not hold ({error.error}).", "Sign in again; tell an admin."
        ) from error
    except Exception as error:  # of the network, the library, or an answer that is none; none may quote the code
        raise UnauthenticatedError(
            f"The identity provider refused the sign-in or did not answer ({type(error).__name__}).", "Try again."
        ) from None
    return _claims(settings, decoded.claims)


def _claims(settings: Settings, claims: Mapping[str, Any]) -> Claims:
    email = claims.get("email")
    groups = claims.get(settings.oidc_claim) or ()
    return Claims(
        str(claims["iss"]), str(claims["sub"])[:255],
        str(email) if email and claims.get("email_verified") is True else None, str(claims.get("name") or "")[:200],
        (groups,) if isinstance(groups, str) else tuple(str(group) for group in groups),
    )  # fmt: skip


def _client(settings: Settings, redirect_uri: str) -> Any:
    try:
        from authlib.integrations.httpx_client import OAuth2Client
    except ModuleNotFoundError as error:
        raise InputError(
            "sign-in: an identity provider is set, and what speaks to it is not installed.",
            "pip install 'labelwright[sso]'",
        ) from error
    return OAuth2Client(
        settings.oidc_client_id, settings.oidc_client_secret, redirect_uri=redirect_uri, scope=SCOPE,
        code_challenge_method="S256", timeout=TIMEOUT_SECONDS,
        token_endpoint_auth_method="client_secret_basic" if settings.oidc_client_secret else "none",
    )  # fmt: skip


def _described(settings: Settings) -> dict[str, Any]:
    issuer = str(settings.oidc_issuer)
    described = _fetch(f"{issuer.rstrip('/')}/.well-known/openid-configuration", int(time.time() / DESCRIPTION_SECONDS))
    if str(described.get("issuer", "")).rstrip("/") != issuer.rstrip("/"):
        raise UnauthenticatedError(
            "The identity provider names another issuer than the one that is set.", "An admin must set oidc_issuer."
        )
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not is_safe(str(described.get(name, ""))):
            raise UnauthenticatedError(
                f"The identity provider's {name} must begin with https://.", "An admin must see to the provider."
            )
    return described


def _keys(settings: Settings) -> Any:
    from joserfc.jwk import KeySet

    found = _fetch(str(_described(settings)["jwks_uri"]), int(time.time() / DESCRIPTION_SECONDS))
    return KeySet.import_key_set(found)  # type: ignore[arg-type]


@lru_cache(maxsize=16)
def _fetch(url: str, _period: int) -> dict[str, Any]:
    import json
    import urllib.request

    try:
        request = urllib.request.Request(url, headers={"Accept": "application/json"})
        with urllib.request.urlopen(request, timeout=TIMEOUT_SECONDS) as reply:
            found = json.loads(reply.read(1_000_000))
    except (OSError, ValueError) as error:
        raise UnauthenticatedError(
            "The identity provider does not answer.", "Try again, or sign in with a password if you have one."
        ) from error
    return dict(found)


def is_safe(url: str) -> bool:
    """Whether an address may be used: over TLS, or on this machine.

    >>> is_safe("https://id.example.com"), is_safe("http://127.0.0.1:9000"), is_safe("http://id.example.com")
    (True, True, False)
    """
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1"))
