"""The console as an ASGI application."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.exceptions import HTTPException
from starlette.requests import Request

from console.api import create_api
from console.context import Console
from console.routes import (
    dossier,
    exports,
    figures,
    keeping,
    oidc,
    panel,
    pictures,
    queue,
    sampling,
    signing_in,
    splitting,
)
from console.web import (
    NotSignedIn,
    Refused,
    SecurityHeaders,
    answer_not_signed_in,
    answer_refused,
    page,
)
from pipeline import __version__

_PAGES = (
    signing_in, oidc, queue, dossier, splitting, pictures, sampling, panel, figures, exports, keeping,
)  # fmt: skip
_STATIC = Path(__file__).parent / "static"


def create_app(console: Console) -> FastAPI:
    """The application over `console`. Pages have no API description; the API has its own."""
    app = FastAPI(
        title="chuhe", version=__version__, openapi_url=None, docs_url=None, redoc_url=None
    )
    app.state.console = console
    app.add_middleware(SecurityHeaders, https=console.settings.https)
    app.add_exception_handler(NotSignedIn, answer_not_signed_in)
    app.add_exception_handler(Refused, answer_refused)
    app.add_exception_handler(RequestValidationError, _answer_malformed)
    app.add_exception_handler(HTTPException, _answer_unknown)
    for module in _PAGES:
        app.include_router(module.router)
    app.mount("/api/v1", create_api(console), name="api")
    app.mount("/static", StaticFiles(directory=_STATIC), name="static")
    app.add_api_route("/health", _health, methods=["GET"])
    return app


def _health() -> Response:
    return PlainTextResponse("ok")


async def _answer_malformed(request: Request, error: Exception) -> Response:
    del error
    return page(request, "refused.html", viewer=None, status=422, key="refused.form", number=422)


async def _answer_unknown(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    key = "refused.not_found" if status == 404 else "refused.form"
    return page(request, "refused.html", viewer=None, status=status, key=key, number=status)
