"""Signing in through the configured OpenID provider."""

from typing import Annotated

import httpx
from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from console import oidc, sessions
from console.routes.signing_in import signed_in
from console.web import Refused, TheConsole, back_to

router = APIRouter()
_COOKIE = "chuhe_oidc"
_SECONDS = 10.0


@router.get("/oidc/start")
def start(request: Request, console: TheConsole) -> Response:
    """To the provider; what the answer must match is kept in a cookie for ten minutes."""
    if not oidc.is_configured(console.settings):
        raise Refused(404, "refused.not_found")
    flow = oidc.Flow.begin()
    try:
        with httpx.Client(timeout=_SECONDS) as client:
            provider = oidc.discover(console.settings, client)
    except (oidc.OidcRefused, httpx.HTTPError) as error:
        raise Refused(502, "refused.oidc") from error
    answer = back_to(oidc.start_url(console.settings, provider, flow, _redirect_uri(request)))
    answer.set_cookie(
        _COOKIE,
        flow.pack(),
        httponly=True,
        secure=console.settings.https,
        samesite="lax",
        max_age=600,
        path="/oidc",
    )
    return answer


@router.get("/oidc/callback")
def callback(
    request: Request,
    console: TheConsole,
    code: Annotated[str, Query(max_length=4096)] = "",
    state: Annotated[str, Query(max_length=512)] = "",
) -> Response:
    if not oidc.is_configured(console.settings):
        raise Refused(404, "refused.not_found")
    try:
        flow = oidc.Flow.unpack(request.cookies.get(_COOKIE, ""))
        if not code or not sessions.is_same_token(state, flow.state):
            raise oidc.OidcRefused("the answer is to another sign-in")
        with httpx.Client(timeout=_SECONDS) as client:
            provider = oidc.discover(console.settings, client)
            claims = oidc.redeem(
                console.settings,
                client,
                provider,
                flow,
                code=code,
                redirect_uri=_redirect_uri(request),
                now=console.database.clock(),
            )
        user = oidc.account_for(console.database, claims)
    except (oidc.OidcRefused, httpx.HTTPError) as error:
        raise Refused(403, "refused.oidc") from error
    answer = signed_in(console, sessions.open_session(console.database, user), "/")
    answer.delete_cookie(_COOKIE, path="/oidc")
    return answer


def _redirect_uri(request: Request) -> str:
    return str(request.url_for("callback"))
