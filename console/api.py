"""The HTTP API: what the pages offer, for machines. Every call needs a token with the right scope."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

from fastapi import Depends, FastAPI, HTTPException, Query, Request, Response
from fastapi import Path as PathParameter
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from pydantic import BaseModel, ConfigDict
from sqlalchemy import select
from starlette.exceptions import HTTPException as StarletteHTTPException

from console.archive import decision_of
from console.context import Console
from console.queue import count_by, window_list
from console.schema import DossierRow, User
from console.tokens import Caller, Scope, find_caller
from pipeline import __version__
from pipeline.model.declaration import Declaration
from pipeline.model.report import Report
from pipeline.report.build import to_json
from pipeline.settings import Settings
from pipeline.store.blobs import write_atomically

_MATERIAL_NAME = re.compile(r"[^\x00-\x1f/\\]{1,120}")
_bearer = HTTPBearer(auto_error=False, description="A token made on the accounts page.")

WindowId = Annotated[str, PathParameter(pattern=r"^[0-9A-Za-z._-]{1,64}$")]
DossierId = Annotated[str, PathParameter(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{0,127}$")]


class _Answer(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Problem(_Answer):
    """What went wrong, for a person to read."""

    detail: str


class WindowAnswer(_Answer):
    window_id: str
    notice: str
    opens_on: str
    closes_on: str
    states: dict[str, int]


class DossierAnswer(_Answer):
    dossier_id: str
    route: Literal["incomplete", "review", "cleared"]
    score: int
    blocking: int
    review: int
    state: Literal["waiting", "second", "senior", "decided"]
    outcome: Literal["passed", "not_met", "returned"] | None


class DossierList(_Answer):
    """One page; `next` is the `after` of the page that follows, null on the last."""

    dossiers: list[DossierAnswer]
    next: str | None


class RoundAnswers(_Answer):
    round: str
    reviewer: str
    finished_at: float | None
    answers: list[dict[str, str]]


class DecisionAnswer(_Answer):
    dossier_id: str
    state: str
    outcome: str | None
    route: str
    score: int
    deciding: list[str]
    rounds: list[RoundAnswers]


class Received(_Answer):
    """What was put into the inbox; the next run over it takes it in."""

    dossier_id: str
    file: str
    size: int


def _console(request: Request) -> Console:
    console: Console = request.app.state.console
    return console


TheConsole = Annotated[Console, Depends(_console)]
Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def scope(wanted: Scope) -> Callable[..., Caller]:
    """A dependency that lets through only tokens with the scope."""

    def permitted(console: TheConsole, credentials: Credentials) -> Caller:
        caller = find_caller(console.database, credentials.credentials) if credentials else None
        if caller is None:
            raise HTTPException(401, "a valid token is needed", {"WWW-Authenticate": "Bearer"})
        if wanted not in caller.scopes:
            raise HTTPException(403, f"the token lacks the scope {wanted}")
        return caller

    return permitted


Reader = Annotated[Caller, Depends(scope(Scope.READ))]
ReportReader = Annotated[Caller, Depends(scope(Scope.REPORTS))]
DecisionReader = Annotated[Caller, Depends(scope(Scope.DECISIONS))]
Pusher = Annotated[Caller, Depends(scope(Scope.PUSH))]

_REFUSALS: dict[int | str, dict[str, Any]] = {
    status: {"model": Problem} for status in (400, 401, 403, 404, 405, 422)
}


def create_api(console: Console) -> FastAPI:
    """The API as an application of its own, with its description at `openapi.json`."""
    api = FastAPI(
        title="初核 Chuhe",
        version=__version__,
        summary="Push dossiers, fetch reports and decisions.",
        docs_url=None,
        redoc_url=None,
        servers=[{"url": "/api/v1"}],
        root_path_in_servers=False,
        responses=_REFUSALS,
    )
    api.state.console = console
    api.add_exception_handler(RequestValidationError, _malformed)
    api.add_exception_handler(StarletteHTTPException, _refused)
    _add_reading(api)
    _add_pushing(api)
    return api


async def _malformed(request: Request, error: Exception) -> Response:
    del request
    found = error.errors() if isinstance(error, RequestValidationError) else []
    where = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in found[:5])
    return JSONResponse({"detail": where}, status_code=422)


async def _refused(request: Request, error: Exception) -> Response:
    del request
    if not isinstance(error, StarletteHTTPException):
        return JSONResponse({"detail": "error"}, status_code=500)
    return JSONResponse(
        {"detail": str(error.detail)}, status_code=error.status_code, headers=error.headers
    )


def _row(console: Console, window_id: str, dossier_id: str) -> DossierRow:
    with console.database.read() as session:
        row = session.get(DossierRow, (window_id, dossier_id))
    if row is None:
        raise HTTPException(404, "no such dossier")
    return row


def _record(
    console: Console, caller: Caller, action: str, row: DossierRow | None, **more: Any
) -> None:
    with console.database.write() as unit:
        unit.record(
            f"token:{caller.name}",
            action,
            window_id=row.window_id if row else more.pop("window", ""),
            dossier_id=row.dossier_id if row else more.pop("dossier", ""),
            **more,
        )


def _as_answer(row: DossierRow) -> DossierAnswer:
    return DossierAnswer.model_validate(
        {name: getattr(row, name) for name in DossierAnswer.model_fields}
    )


def _add_reading(api: FastAPI) -> None:
    @api.get("/windows", tags=["windows"])
    def list_windows(console: TheConsole, caller: Reader) -> list[WindowAnswer]:
        """Every window, newest first, with how many dossiers are in which state."""
        _record(console, caller, "api.windows", None)
        with console.database.read() as session:
            return [
                WindowAnswer(
                    window_id=row.window_id,
                    notice=row.notice,
                    opens_on=row.opens_on,
                    closes_on=row.closes_on,
                    states=count_by(session, row.window_id, DossierRow.state),
                )
                for row in window_list(session)
            ]

    @api.get("/windows/{window_id}/dossiers", tags=["dossiers"])
    def list_dossiers(
        console: TheConsole,
        caller: Reader,
        window_id: WindowId,
        state: Literal["waiting", "second", "senior", "decided"] | None = None,
        after: Annotated[str, Query(max_length=128)] = "",
        limit: Annotated[int, Query(ge=1, le=500)] = 100,
    ) -> DossierList:
        """The window's dossiers by id, without anything that names a person."""
        wanted = select(DossierRow).where(
            DossierRow.window_id == window_id, DossierRow.dossier_id > after
        )
        if state:
            wanted = wanted.where(DossierRow.state == state)
        with console.database.read() as session:
            if window_id not in {w.window_id for w in window_list(session)}:
                raise HTTPException(404, "no such window")
            rows = session.scalars(wanted.order_by(DossierRow.dossier_id).limit(limit + 1)).all()
        _record(console, caller, "api.dossiers", None, window=window_id, found=len(rows[:limit]))
        more = rows[limit - 1].dossier_id if len(rows) > limit else None
        return DossierList(dossiers=[_as_answer(r) for r in rows[:limit]], next=more)

    @api.get("/windows/{window_id}/dossiers/{dossier_id}", tags=["dossiers"])
    def read_dossier(
        console: TheConsole, caller: Reader, window_id: WindowId, dossier_id: DossierId
    ) -> DossierAnswer:
        """How one dossier stands."""
        row = _row(console, window_id, dossier_id)
        _record(console, caller, "api.dossier", row)
        return _as_answer(row)

    @api.get(
        "/windows/{window_id}/dossiers/{dossier_id}/report",
        tags=["dossiers"],
        response_model=Report,
    )
    def read_report(
        console: TheConsole, caller: ReportReader, window_id: WindowId, dossier_id: DossierId
    ) -> Response:
        """The report as the run wrote it (chuhe/report/1)."""
        row = _row(console, window_id, dossier_id)
        _record(console, caller, "api.report", row)
        kept = console.dossiers.kept(row.kept)
        return Response(to_json(kept.report), media_type="application/json")

    @api.get("/windows/{window_id}/dossiers/{dossier_id}/decision", tags=["dossiers"])
    def read_decision(
        console: TheConsole, caller: DecisionReader, window_id: WindowId, dossier_id: DossierId
    ) -> DecisionAnswer:
        """What people decided, round by round."""
        row = _row(console, window_id, dossier_id)
        _record(console, caller, "api.decision", row)
        with console.database.read() as session:
            names = {user.id: user.username for user in session.scalars(select(User))}
            return DecisionAnswer.model_validate(decision_of(session, row, names))


def _add_pushing(api: FastAPI) -> None:
    @api.put(
        "/windows/{window_id}/dossiers/{dossier_id}/declaration", tags=["push"], status_code=201
    )
    def put_declaration(
        console: TheConsole,
        caller: Pusher,
        window_id: WindowId,
        dossier_id: DossierId,
        declaration: Declaration,
    ) -> Received:
        """Puts the declared data of a dossier into the inbox, in place of what was there."""
        if declaration.dossier_id != dossier_id:
            raise HTTPException(422, "the declaration names another dossier")
        data = declaration.model_dump_json(indent=1).encode()
        folder = _inbox(console, window_id) / dossier_id
        _write(folder / "declaration.json", data)
        _record(
            console, caller, "api.push", None, window=window_id, dossier=dossier_id, size=len(data)
        )
        return Received(dossier_id=dossier_id, file="declaration.json", size=len(data))

    @api.put(
        "/windows/{window_id}/dossiers/{dossier_id}/materials/{name}",
        tags=["push"],
        status_code=201,
        responses={413: {"model": Problem}},
        openapi_extra={
            "requestBody": {
                "required": True,
                "content": {
                    "application/octet-stream": {"schema": {"type": "string", "format": "binary"}}
                },
            }
        },
    )
    async def put_material(
        request: Request,
        console: TheConsole,
        caller: Pusher,
        window_id: WindowId,
        dossier_id: DossierId,
        name: Annotated[str, PathParameter(min_length=1, max_length=120)],
    ) -> Received:
        """Puts one file of a dossier into the inbox, as raw bytes."""
        if not _MATERIAL_NAME.fullmatch(name) or name.strip(". ") == "" or name.startswith("."):
            raise HTTPException(
                422, "a file name without folders, control characters or a first dot"
            )
        target = _inbox(console, window_id) / dossier_id / "materials" / name
        limit = Settings().max_file_bytes
        data = bytearray()
        async for piece in request.stream():
            data += piece
            if len(data) > limit:
                raise HTTPException(413, f"a file has at most {limit} bytes")
        if not data:
            raise HTTPException(422, "the file is empty")
        _write(target, bytes(data))
        _record(
            console, caller, "api.push", None, window=window_id, dossier=dossier_id, size=len(data)
        )
        return Received(dossier_id=dossier_id, file=f"materials/{name}", size=len(data))


def _inbox(console: Console, window_id: str) -> Path:
    """The dossiers folder of the configured inbox, which is the intake folder of one window."""
    inbox = console.settings.inbox
    if inbox is None or window_id != _window_of(inbox):
        raise HTTPException(404, "this console takes no dossiers for that window")
    return inbox / "dossiers"


def _window_of(inbox: Path) -> str | None:
    from pipeline.errors import ChuheError
    from pipeline.intake import read_window

    try:
        return read_window(inbox).id
    except ChuheError:
        return None


def _write(target: Path, data: bytes) -> None:
    try:
        write_atomically(target, data)
    except OSError as error:
        raise HTTPException(422, "the file cannot be kept under that name") from error
