"""The queue of a window, the next dossier, one's own history, taking in new reports."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy import select

from console import sampling
from console.claims import claim_next
from console.imports import import_reports
from console.masking import Mask
from console.queue import Filters, count_window, history, view_queue, window_list
from console.roles import Permission
from console.schema import DossierRow
from console.states import State
from console.web import (
    CheckedForm,
    Operator,
    QueueViewer,
    Reviewer,
    TheConsole,
    back_to,
    need_window,
    page,
    window_path,
)
from pipeline.model.declaration import TitleLevel
from pipeline.model.report import Route

router = APIRouter()
_COUNTS_SECONDS = 3
"""How old the counts above the queue may be."""


@router.get("/w/{window_id}/queue")
def queue_page(
    request: Request,
    console: TheConsole,
    viewer: QueueViewer,
    window_id: str,
    state: str = "",
    route: str = "",
    level: str = "",
    code: Annotated[str, Query(max_length=64)] = "",
    search: Annotated[str, Query(alias="q", max_length=60)] = "",
    mine: bool = False,
    number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> Response:
    window = need_window(console, window_id)
    filters = Filters(state, route, code, level, search, mine, number)
    with console.database.read() as session:
        shown = view_queue(session, window_id, filters, viewer, console.database.clock())
        windows = window_list(session)
        moment = int(console.database.clock() // _COUNTS_SECONDS)
        counts = console.counts.get((window_id, moment), lambda: count_window(session, window_id))
    with console.database.write() as unit:
        unit.record(
            viewer.username,
            "search" if search else "queue.view",
            window_id=window_id,
            found=shown.total,
            page=number,
            **({"text": Mask()(search)} if search else {}),
        )
    return page(
        request,
        "queue.html",
        viewer=viewer,
        window=window,
        windows=windows,
        tab="queue",
        shown=shown,
        filters=filters,
        counts=counts,
        states=tuple(State),
        routes=tuple(Route),
        levels=tuple(TitleLevel),
        may_review=viewer.may(Permission.REVIEW),
    )


@router.post("/w/{window_id}/next")
def take_next(console: TheConsole, viewer: Reviewer, window_id: str, form: CheckedForm) -> Response:
    """Claims the first dossier that is free."""
    del form
    need_window(console, window_id)
    row = claim_next(console, viewer, window_id)
    if row is None:
        return back_to(window_path(window_id, "queue") + "?mine=1")
    return back_to(window_path(window_id, "d", row.dossier_id))


@router.get("/w/{window_id}/history")
def history_page(
    request: Request, console: TheConsole, viewer: Reviewer, window_id: str
) -> Response:
    window = need_window(console, window_id)
    with console.database.read() as session:
        past = history(session, window_id, viewer)
        windows = window_list(session)
    with console.database.write() as unit:
        unit.record(viewer.username, "history.view", window_id=window_id)
    return page(
        request,
        "history.html",
        viewer=viewer,
        window=window,
        windows=windows,
        tab="history",
        past=past,
    )


@router.post("/import")
def take_in(console: TheConsole, viewer: Operator, form: CheckedForm) -> Response:
    """Brings the queue up to date with what runs have written."""
    del form
    import_reports(console, viewer.username)
    return back_to("/")


@router.post("/w/{window_id}/shares")
def set_shares(
    console: TheConsole, viewer: Operator, window_id: str, form: CheckedForm
) -> Response:
    """Sets which share of cleared dossiers and accepted fields is sampled, and draws again."""
    need_window(console, window_id)
    dossiers, fields = (_share(form.need(n)) for n in ("dossiers", "fields"))
    with console.database.read() as session:
        wanted = select(DossierRow.kept).where(DossierRow.window_id == window_id)
        blobs = session.scalars(wanted).all()
    sampling.set_shares(
        console.database,
        viewer.username,
        window_id,
        dossiers=dossiers,
        fields=fields,
        kept=(console.dossiers.kept(blob) for blob in blobs),
    )
    return back_to(window_path(window_id, "queue"))


def _share(text: str) -> float:
    """A share of 0–100 % as 0–1. Refuses the request for anything else."""
    from console.web import Refused

    try:
        share = float(text) / 100
    except ValueError as error:
        raise Refused(422, "refused.form") from error
    if not 0 <= share <= 1:
        raise Refused(422, "refused.form")
    return share
