"""What panel members see: a list and each dossier with its score explained; nothing to edit."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response
from sqlalchemy import func, select

from console.masking import cover_name
from console.panel import describe_for_panel
from console.queue import PAGE_ROWS, window_list
from console.schema import DossierRow
from console.states import Decision, State
from console.web import (
    PanelViewer,
    Refused,
    TheConsole,
    language_of,
    need_dossier,
    need_window,
    page,
)

router = APIRouter()
SHOWN = (Decision.PASSED, Decision.NOT_MET)


@router.get("/w/{window_id}/panel")
def panel_list(
    request: Request,
    console: TheConsole,
    viewer: PanelViewer,
    window_id: str,
    outcome: str = "",
    number: Annotated[int, Query(alias="page", ge=1, le=100_000)] = 1,
) -> Response:
    window = need_window(console, window_id)
    wanted = select(DossierRow).where(
        DossierRow.window_id == window_id,
        DossierRow.state == str(State.DECIDED),
        DossierRow.outcome.in_([outcome] if outcome in SHOWN else [str(d) for d in SHOWN]),
    )
    with console.database.read() as session:
        total = session.scalar(select(func.count()).select_from(wanted.subquery())) or 0
        rows = session.scalars(
            wanted.order_by(DossierRow.dossier_id).limit(PAGE_ROWS).offset((number - 1) * PAGE_ROWS)
        ).all()
        windows = window_list(session)
    with console.database.write() as unit:
        unit.record(viewer.username, "panel.list", window_id=window_id, page=number)
    return page(
        request,
        "panel_list.html",
        viewer=viewer,
        window=window,
        windows=windows,
        tab="panel",
        rows=[(row, cover_name(row.name)) for row in rows],
        total=total,
        number=number,
        pages=-(-total // PAGE_ROWS) or 1,
        outcome=outcome,
        outcomes=SHOWN,
    )


@router.get("/w/{window_id}/panel/{dossier_id}")
def panel_dossier(
    request: Request, console: TheConsole, viewer: PanelViewer, window_id: str, dossier_id: str
) -> Response:
    row = need_dossier(console, window_id, dossier_id)
    if row.state != State.DECIDED or row.outcome not in SHOWN:
        raise Refused(404, "refused.not_found")
    with console.database.write() as unit:
        unit.record(viewer.username, "panel.view", window_id=window_id, dossier_id=dossier_id)
    with console.database.read() as session:
        shown = describe_for_panel(console, session, row, language_of(request, console))
        windows = window_list(session)
    return page(
        request,
        "panel_dossier.html",
        viewer=viewer,
        window=need_window(console, window_id),
        windows=windows,
        tab="panel",
        **shown,
    )
