"""Signing in through an OpenID provider: authorization code with PKCE, by configuration.

The ID token comes straight from the token endpoint over TLS, which vouches for the issuer
(OpenID Connect Core 1.0, 3.1.3.7 point 6); its claims are checked here. An account must have been
made before and carry the provider's subject or the e-mail's user name: nobody is let in unasked.
"""

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpx
from sqlalchemy import select

from console.database import Database
from console.schema import User
from console.settings import ConsoleSettings

_LEEWAY = 60.0


class OidcRefused(Exception):
    """The provider's answer cannot be trusted, or names nobody who has an account."""


@dataclass(frozen=True, slots=True)
class Flow:
    """One sign-in on its way: kept in a cookie while the person is at the provider."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def begin(cls) -> "Flow":
        return cls(*(secrets.token_urlsafe(32) for _ in range(3)))

    def pack(self) -> str:
        return f"{self.state}.{self.nonce}.{self.verifier}"

    @classmethod
    def unpack(cls, text: str) -> "Flow":
        parts = text.split(".")
        if len(parts) != 3 or not all(parts):
            raise OidcRefused("no sign-in was begun in this browser")
        return cls(*parts)


def is_configured(settings: ConsoleSettings) -> bool:
    return bool(settings.oidc_issuer and settings.oidc_client_id)


def discover(settings: ConsoleSettings, client: httpx.Client) -> dict[str, Any]:
    """The provider's description. Raises `OidcRefused`."""
    issuer = (settings.oidc_issuer or "").rstrip("/")
    if not issuer.startswith(("https://", "http://127.0.0.1", "http://localhost")):
        raise OidcRefused("the issuer must be reached over HTTPS")
    found = _json(client.get(f"{issuer}/.well-known/openid-configuration"))
    if str(found.get("issuer", "")).rstrip("/") != issuer:
        raise OidcRefused("the provider names another issuer")
    return found


def start_url(
    settings: ConsoleSettings, provider: dict[str, Any], flow: Flow, redirect_uri: str
) -> str:
    """Where the browser is sent to sign in."""
    challenge = hashlib.sha256(flow.verifier.encode()).digest()
    query = {
        "response_type": "code",
        "client_id": settings.oidc_client_id,
        "redirect_uri": redirect_uri,
        "scope": "openid profile email",
        "state": flow.state,
        "nonce": flow.nonce,
        "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
        "code_challenge_method": "S256",
    }
    return f"{provider['authorization_endpoint']}?{urlencode(query)}"


def redeem(
    settings: ConsoleSettings,
    client: httpx.Client,
    provider: dict[str, Any],
    flow: Flow,
    *,
    code: str,
    redirect_uri: str,
    now: float,
) -> dict[str, Any]:
    """The claims of the ID token that `code` is worth. Raises `OidcRefused`."""
    answer = _json(
        client.post(
            str(provider["token_endpoint"]),
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": redirect_uri,
                "code_verifier": flow.verifier,
            },
            auth=(settings.oidc_client_id, settings.oidc_client_secret.get_secret_value()),
        )
    )
    claims = _claims(str(answer.get("id_token", "")))
    audience = claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if str(claims.get("iss", "")).rstrip("/") != (settings.oidc_issuer or "").rstrip("/"):
        raise OidcRefused("the token is of another issuer")
    if settings.oidc_client_id not in audiences:
        raise OidcRefused("the token is for another client")
    if float(claims.get("exp", 0)) + _LEEWAY < now or claims.get("nonce") != flow.nonce:
        raise OidcRefused("the token is too old, or of another sign-in")
    if not claims.get("sub"):
        raise OidcRefused("the token names nobody")
    return claims


def account_for(database: Database, claims: dict[str, Any]) -> User:
    """The active account of the subject; on first use the one whose user name it prefers."""
    subject = str(claims["sub"])
    with database.write() as unit:
        user = unit.session.scalar(select(User).where(User.oidc_subject == subject))
        if user is None:
            name = str(claims.get("preferred_username", "")).lower()
            user = unit.session.scalar(
                select(User).where(User.username == name, User.oidc_subject.is_(None))
            )
            if user is None or user.password_hash:
                unit.record("", "login.unknown")
                user = None
            else:
                user.oidc_subject = subject
                unit.record(user.username, "user.oidc")
        if user is not None and user.is_active:
            return user
    raise OidcRefused("there is no account for this person")


def _json(answer: httpx.Response) -> dict[str, Any]:
    try:
        answer.raise_for_status()
        data = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        raise OidcRefused("the provider did not answer as expected") from error
    if not isinstance(data, dict):
        raise OidcRefused("the provider did not answer as expected")
    return data


def _claims(token: str) -> dict[str, Any]:
    try:
        _, body, _ = token.split(".")
        claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    except ValueError as error:
        raise OidcRefused("the provider sent no ID token") from error
    if not isinstance(claims, dict):
        raise OidcRefused("the provider sent no ID token")
    return claims
