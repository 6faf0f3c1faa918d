"""What every route shares: who is asking, what they may do, forms, pages, refusals."""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any
from urllib.parse import parse_qsl, quote

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.context import Console
from console.pages import LANGUAGE_COOKIE, render
from console.queue import window_list
from console.roles import Permission
from console.schema import DossierRow, WindowRow
from console.sessions import COOKIE, Viewer, find_viewer, is_same_token

LARGEST_FORM = 64 * 1024
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = (
    (b"content-security-policy", _POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)


class Refused(Exception):
    """A request that is not carried out; `key` names the message shown with `status`."""

    def __init__(self, status: int, key: str) -> None:
        super().__init__(key)
        self.status = status
        self.key = key


class NotSignedIn(Exception):
    """Nobody is signed in, or the second factor is outstanding (`needs_code`)."""

    def __init__(self, *, needs_code: bool = False) -> None:
        super().__init__()
        self.needs_code = needs_code


def console_of(request: Request) -> Console:
    console: Console = request.app.state.console
    return console


async def _the_console(request: Request) -> Console:
    """As a dependency. What waits for nothing is a coroutine: a plain function takes a thread."""
    return console_of(request)


TheConsole = Annotated[Console, Depends(_the_console)]


def any_viewer(request: Request, console: TheConsole) -> Viewer | None:
    """Whoever the cookie belongs to, the second factor given or not."""
    token = request.cookies.get(COOKIE, "")
    return find_viewer(console.database, console.settings, token) if token else None


AnyViewer = Annotated[Viewer | None, Depends(any_viewer)]


def require(permission: Permission) -> Callable[[Viewer | None], Awaitable[Viewer]]:
    """A dependency that lets through only viewers with `permission`."""

    async def permitted(viewer: AnyViewer) -> Viewer:
        if viewer is None:
            raise NotSignedIn
        if not viewer.is_full:
            raise NotSignedIn(needs_code=True)
        if not viewer.may(permission):
            raise Refused(403, "refused.forbidden")
        return viewer

    permitted.permission = permission  # type: ignore[attr-defined] # read by the test of all routes
    return permitted


class Form(dict[str, str]):
    """The fields of a posted form."""

    def need(self, name: str) -> str:
        """The field's text; refuses the request when it is absent."""
        if name not in self:
            raise Refused(422, "refused.form")
        return self[name]


async def posted_form(request: Request) -> Form:
    """The URL-encoded form of the request, at most 64 KB."""
    body = b""
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST_FORM:
            raise Refused(413, "refused.form")
    try:
        return Form(parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=2000))
    except ValueError as error:
        raise Refused(422, "refused.form") from error


PostedForm = Annotated[Form, Depends(posted_form)]


async def checked_form(form: PostedForm, viewer: AnyViewer, request: Request) -> Form:
    """The form, once its token shows that it was sent from one of the viewer's own pages."""
    given = request.headers.get("x-csrf-token") or form.get("csrf", "")
    if viewer is None:
        raise NotSignedIn
    if not is_same_token(given, viewer.csrf):
        raise Refused(403, "refused.csrf")
    return form


CheckedForm = Annotated[Form, Depends(checked_form)]

_P = Permission
SignedIn = Annotated[Viewer, Depends(require(_P.SIGNED_IN))]
QueueViewer = Annotated[Viewer, Depends(require(_P.QUEUE))]
Reviewer = Annotated[Viewer, Depends(require(_P.REVIEW))]
PanelViewer = Annotated[Viewer, Depends(require(_P.PANEL))]
DashboardViewer = Annotated[Viewer, Depends(require(_P.DASHBOARD))]
Operator = Annotated[Viewer, Depends(require(_P.OPERATE))]
Exporter = Annotated[Viewer, Depends(require(_P.EXPORT))]
LedgerReader = Annotated[Viewer, Depends(require(_P.LEDGER))]
UserKeeper = Annotated[Viewer, Depends(require(_P.USERS))]


def language_of(request: Request, console: Console) -> str:
    chosen = request.cookies.get(LANGUAGE_COOKIE, "")
    return chosen if chosen in ("zh", "en") else console.settings.language


def page(
    request: Request, template: str, *, viewer: Viewer | None, status: int = 200, **context: Any
) -> HTMLResponse:
    """A rendered template, with what every page needs."""
    console = console_of(request)
    text = render(
        template,
        language=language_of(request, console),
        viewer=viewer,
        path=request.url.path,
        **context,
    )
    return HTMLResponse(text, status_code=status, headers={"cache-control": "no-store"})


def window_page(
    request: Request,
    console: Console,
    template: str,
    window_id: str,
    *,
    viewer: Viewer,
    **context: Any,
) -> HTMLResponse:
    """A rendered page of a window that stands under none of its tabs."""
    with console.database.read() as session:
        windows = window_list(session)
    return page(
        request,
        template,
        viewer=viewer,
        window=need_window(console, window_id),
        windows=windows,
        tab="",
        **context,
    )


def is_swap(request: Request) -> bool:
    """True when a script of ours asked, and wants only the parts that changed."""
    return request.headers.get("x-swap") == "1"


def back_to(path: str) -> RedirectResponse:
    return RedirectResponse(path, status_code=303)


def window_path(window_id: str, *parts: str) -> str:
    """The path of a window's page, each part quoted."""
    return "/".join(["/w", quote(window_id, safe=""), *(quote(p, safe="") for p in parts)])


def need_window(console: Console, window_id: str) -> WindowRow:
    with console.database.read() as session:
        row = session.get(WindowRow, window_id)
    if row is None:
        raise Refused(404, "refused.not_found")
    return row


def need_dossier(console: Console, window_id: str, dossier_id: str) -> DossierRow:
    with console.database.read() as session:
        return dossier_in(session, window_id, dossier_id)


def dossier_in(session: Session, window_id: str, dossier_id: str) -> DossierRow:
    """The dossier as this session has it; refuses with 404 where there is none."""
    row = session.get(DossierRow, (window_id, dossier_id))
    if row is None:
        raise Refused(404, "refused.not_found")
    return row


async def answer_not_signed_in(request: Request, error: Exception) -> Response:
    """To the sign-in page, and back afterwards; a script is told with 401."""
    needs_code = isinstance(error, NotSignedIn) and error.needs_code
    if request.url.path.startswith("/api/") or is_swap(request):
        return Response(status_code=401)
    if needs_code:
        return back_to("/code")
    wanted = request.url.path if request.method == "GET" else "/"
    return back_to(f"/login?next={quote(wanted)}" if wanted != "/" else "/login")


async def answer_refused(request: Request, error: Exception) -> Response:
    """A page that says what was refused and why."""
    status, key = (error.status, error.key) if isinstance(error, Refused) else (500, "refused.form")
    return page(request, "refused.html", viewer=None, status=status, key=key, number=status)


Handler = Callable[[Request, Exception], Awaitable[Response]]


class SecurityHeaders:
    """Adds the same strict headers to every answer."""

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self._app = app
        self._headers = [*_HEADERS]
        if https:
            self._headers.append((b"strict-transport-security", b"max-age=31536000"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                extra = [(n, v) for n, v in self._headers if n not in present]
                message["headers"] = [*message["headers"], *extra]
            await send(message)

        await self._app(scope, receive, send_with_headers)
