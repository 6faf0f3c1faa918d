"""Signing in and out, the second factor, the language."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from console import accounts, sessions, totp
from console.barcodes import qr_path
from console.oidc import is_configured
from console.pages import LANGUAGE_COOKIE, LANGUAGES
from console.roles import Permission, Role
from console.sessions import COOKIE, Viewer
from console.web import (
    AnyViewer,
    CheckedForm,
    NotSignedIn,
    PostedForm,
    SignedIn,
    TheConsole,
    back_to,
    page,
)

router = APIRouter()

_HOME = {
    Role.PANEL: "panel",
    Role.AUDITOR: "dashboard",
}


def safe_path(wanted: str) -> str:
    """`wanted` when it is a path of this console, else the start page."""
    is_ours = wanted.startswith("/") and not wanted.startswith(("//", "/\\"))
    return wanted if is_ours and "\n" not in wanted else "/"


@router.get("/login")
def login_page(
    request: Request,
    console: TheConsole,
    viewer: AnyViewer,
    wanted: Annotated[str, Query(alias="next")] = "/",
) -> Response:
    if viewer is not None:
        return back_to("/" if viewer.is_full else "/code")
    return page(
        request,
        "login.html",
        viewer=None,
        failed=False,
        wanted=safe_path(wanted),
        oidc=is_configured(console.settings),
    )


@router.post("/login")
def login(request: Request, console: TheConsole, form: PostedForm) -> Response:
    user = accounts.check_login(
        console.database,
        console.settings,
        form.need("username").strip().lower(),
        form.need("password"),
    )
    wanted = safe_path(form.get("next", "/"))
    if user is None:
        return page(
            request,
            "login.html",
            viewer=None,
            status=401,
            failed=True,
            wanted=wanted,
            oidc=is_configured(console.settings),
        )
    return signed_in(console, sessions.open_session(console.database, user), wanted)


def signed_in(console: TheConsole, token: str, wanted: str) -> Response:
    """The answer that sets the session's cookie."""
    answer = back_to(wanted)
    answer.set_cookie(
        COOKIE, token, httponly=True, secure=console.settings.https, samesite="lax", path="/"
    )
    return answer


@router.get("/code")
def code_page(request: Request, viewer: AnyViewer) -> Response:
    if viewer is None:
        raise NotSignedIn
    return _code_page(request, viewer, failed=False)


def _code_page(request: Request, viewer: Viewer, *, failed: bool) -> Response:
    uri = totp.enrolment_uri(viewer.new_secret, viewer.username) if viewer.new_secret else ""
    return page(
        request,
        "code.html",
        viewer=viewer,
        status=401 if failed else 200,
        failed=failed,
        secret=viewer.new_secret,
        qr=qr_path(uri) if uri else None,
    )


@router.post("/code")
def give_code(
    request: Request, console: TheConsole, viewer: AnyViewer, form: CheckedForm
) -> Response:
    if viewer is None:
        raise NotSignedIn
    code = "".join(form.need("code").split())
    if sessions.give_second_factor(console.database, console.settings, viewer, code):
        return back_to("/")
    token = request.cookies.get(COOKIE, "")
    still = sessions.find_viewer(console.database, console.settings, token)
    if still is None:
        raise NotSignedIn
    return _code_page(request, still, failed=True)


@router.post("/logout")
def logout(console: TheConsole, viewer: AnyViewer, form: CheckedForm) -> Response:
    del form
    if viewer is not None:
        sessions.close_session(console.database, viewer.token_hash, viewer.username)
    answer = back_to("/login")
    answer.delete_cookie(COOKIE, path="/")
    return answer


@router.post("/account/second-factor")
def begin_second_factor(console: TheConsole, viewer: SignedIn, form: CheckedForm) -> Response:
    """Lets anybody add a second factor; the code page shows the fresh secret."""
    del form
    if not viewer.has_second_factor:
        sessions.begin_second_factor(console.database, viewer)
    return back_to("/code")


@router.post("/language")
def choose_language(form: PostedForm) -> Response:
    answer = back_to(safe_path(form.get("next", "/")))
    chosen = form.need("language")
    if chosen in LANGUAGES:
        answer.set_cookie(LANGUAGE_COOKIE, chosen, samesite="lax", path="/", max_age=31536000)
    return answer


@router.get("/")
def start(request: Request, console: TheConsole, viewer: SignedIn) -> Response:
    """To where the viewer's work is: the newest window's queue, panel list or dashboard."""
    from console.queue import window_list

    if viewer.may(Permission.USERS):
        return back_to("/users")
    with console.database.read() as session:
        windows = window_list(session)
    if not windows:
        return page(request, "empty.html", viewer=viewer, windows=[])
    return back_to(f"/w/{windows[0].window_id}/{_HOME.get(viewer.role, 'queue')}")
