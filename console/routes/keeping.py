"""The auditor's ledger, and the administrator's accounts and tokens."""

from collections.abc import Iterator
from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse
from sqlalchemy import select

from console import accounts, ledger, tokens
from console.accounts import AccountRefused
from console.context import Console
from console.queue import window_list
from console.roles import Role
from console.schema import LedgerRow, Token
from console.sessions import Viewer
from console.tokens import Scope
from console.web import (
    CheckedForm,
    LedgerReader,
    Refused,
    TheConsole,
    UserKeeper,
    back_to,
    page,
)

router = APIRouter()
_ROWS = 200


@router.get("/ledger")
def ledger_page(
    request: Request,
    console: TheConsole,
    viewer: LedgerReader,
    before: Annotated[int | None, Query(ge=1)] = None,
    who: Annotated[str, Query(max_length=64)] = "",
    dossier: Annotated[str, Query(max_length=128)] = "",
) -> Response:
    wanted = select(LedgerRow)
    if before:
        wanted = wanted.where(LedgerRow.seq < before)
    if who:
        wanted = wanted.where(LedgerRow.actor == who)
    if dossier:
        wanted = wanted.where(LedgerRow.dossier_id == dossier)
    with console.database.read() as session:
        rows = session.scalars(wanted.order_by(LedgerRow.seq.desc()).limit(_ROWS)).all()
        windows = window_list(session)
    with console.database.write() as unit:
        unit.record(viewer.username, "ledger.view", who=who, dossier=dossier)
    return page(
        request,
        "ledger.html",
        viewer=viewer,
        window=windows[0] if windows else None,
        windows=windows,
        tab="ledger",
        rows=rows,
        verdict=None,
        who=who,
        dossier=dossier,
        public_key=console.database.key.public_hex,
    )


@router.post("/ledger/verify")
def verify_ledger(
    request: Request, console: TheConsole, viewer: LedgerReader, form: CheckedForm
) -> Response:
    del form
    with console.database.read() as session:
        verdict = ledger.verify(session, console.database.key.public_hex)
        windows = window_list(session)
    with console.database.write() as unit:
        unit.record(viewer.username, "ledger.verify", problems=len(verdict.problems))
    return page(
        request,
        "ledger.html",
        viewer=viewer,
        window=windows[0] if windows else None,
        windows=windows,
        tab="ledger",
        rows=[],
        verdict=verdict,
        who="",
        dossier="",
        public_key=console.database.key.public_hex,
    )


@router.get("/ledger/export.jsonl")
def export_ledger(console: TheConsole, viewer: LedgerReader) -> Response:
    with console.database.write() as unit:
        unit.record(viewer.username, "ledger.export")

    def lines() -> Iterator[str]:
        with console.database.read() as session:
            yield from ledger.export_lines(session)

    return StreamingResponse(
        lines(),
        media_type="application/jsonl",
        headers={"content-disposition": 'attachment; filename="ledger.jsonl"'},
    )


@router.get("/users")
def users_page(request: Request, console: TheConsole, viewer: UserKeeper) -> Response:
    with console.database.write() as unit:
        unit.record(viewer.username, "users.view")
    return _users(request, console, viewer)


def _users(request: Request, console: Console, viewer: Viewer, *, new_token: str = "") -> Response:
    with console.database.read() as session:
        users = accounts.list_users(session)
        known = session.scalars(select(Token).order_by(Token.id)).all()
    return page(
        request,
        "users.html",
        viewer=viewer,
        users=users,
        roles=tuple(Role),
        tokens=known,
        scopes=tuple(Scope),
        new_token=new_token,
        now=console.database.clock(),
    )


@router.post("/users")
def add_user(console: TheConsole, viewer: UserKeeper, form: CheckedForm) -> Response:
    role = form.need("role")
    if role not in set(Role):
        raise Refused(422, "refused.form")
    try:
        accounts.add_user(
            console.database,
            viewer.username,
            username=form.need("username").strip().lower(),
            display_name=form.get("display_name", "").strip()[:64],
            role=Role(role),
            password=form.need("password"),
        )
    except AccountRefused as error:
        raise Refused(422, "refused.account") from error
    return back_to("/users")


@router.post("/users/{username}/{change}")
def change_user(
    console: TheConsole, viewer: UserKeeper, username: str, change: str, form: CheckedForm
) -> Response:
    """Enables, disables, or lets set up the second factor anew."""
    del form
    try:
        match change:
            case "enable" | "disable":
                accounts.set_active(
                    console.database, viewer.username, username, active=change == "enable"
                )
            case "second-factor":
                accounts.reset_second_factor(console.database, viewer.username, username)
            case _:
                raise Refused(404, "refused.not_found")
    except AccountRefused as error:
        raise Refused(404, "refused.not_found") from error
    return back_to("/users")


@router.post("/tokens")
def add_token(
    request: Request, console: TheConsole, viewer: UserKeeper, form: CheckedForm
) -> Response:
    """Makes a token and shows it once."""
    scopes = [s for s in Scope if form.get(f"scope-{s}") == "1"]
    name = form.need("name").strip()[:64]
    if not scopes or not name:
        raise Refused(422, "refused.form")
    made = tokens.make_token(console.database, viewer.username, name=name, scopes=scopes)
    return _users(request, console, viewer, new_token=made)


@router.post("/tokens/{number}/revoke")
def revoke_token(
    console: TheConsole, viewer: UserKeeper, number: int, form: CheckedForm
) -> Response:
    del form
    if not tokens.revoke_token(console.database, viewer.username, number):
        raise Refused(404, "refused.not_found")
    return back_to("/users")
