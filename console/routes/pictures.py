"""Pictures of pages and pieces of them, for whoever may see the dossier. Never the upload."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from console.context import Console
from console.covering import Veil
from console.desk import panel_veil, veil_for
from console.pictures import Sheet
from console.schema import DossierRow
from console.sessions import Viewer
from console.web import PanelViewer, Refused, Reviewer, TheConsole, need_dossier
from pipeline.model.reading import Quad

router = APIRouter()
_KEPT_FOR = "private, max-age=300"
_SMALL = 240

Box = Annotated[str, Query(max_length=200, pattern=r"^-?[0-9.]+(,-?[0-9.]+){7}$")]


@router.get("/w/{window_id}/d/{dossier_id}/page/{number}.jpg")
def page_picture(
    console: TheConsole,
    viewer: Reviewer,
    window_id: str,
    dossier_id: str,
    number: int,
    small: bool = False,
) -> Response:
    row = need_dossier(console, window_id, dossier_id)
    return _page(console, viewer, row, number, veil_for(console, row, viewer), small=small)


@router.get("/w/{window_id}/d/{dossier_id}/crop/{number}.jpg")
def crop_picture(
    console: TheConsole, viewer: Reviewer, window_id: str, dossier_id: str, number: int, box: Box
) -> Response:
    row = need_dossier(console, window_id, dossier_id)
    return _crop(console, row, number, box, veil_for(console, row, viewer))


@router.get("/w/{window_id}/panel/{dossier_id}/page/{number}.jpg")
def panel_page_picture(
    console: TheConsole,
    viewer: PanelViewer,
    window_id: str,
    dossier_id: str,
    number: int,
    small: bool = False,
) -> Response:
    row = need_dossier(console, window_id, dossier_id)
    return _page(console, viewer, row, number, panel_veil(console, row), small=small)


@router.get("/w/{window_id}/panel/{dossier_id}/crop/{number}.jpg")
def panel_crop_picture(
    console: TheConsole, viewer: PanelViewer, window_id: str, dossier_id: str, number: int, box: Box
) -> Response:
    del viewer
    row = need_dossier(console, window_id, dossier_id)
    return _crop(console, row, number, box, panel_veil(console, row))


def _page(
    console: Console, viewer: Viewer, row: DossierRow, number: int, veil: Veil, *, small: bool
) -> Response:
    sheet = need_sheet(console, row, number)
    data = console.pictures.page(sheet, veil, side=_SMALL if small else 0)
    if data is None:
        raise Refused(404, "refused.no_picture")
    if not small:
        with console.database.write() as unit:
            unit.record(
                viewer.username,
                "picture.view",
                window_id=row.window_id,
                dossier_id=row.dossier_id,
                page=number,
                revealed=veil.is_open,
            )
    return Response(data, media_type="image/jpeg", headers={"cache-control": _KEPT_FOR})


def _crop(console: Console, row: DossierRow, number: int, box: str, veil: Veil) -> Response:
    data = console.pictures.crop(need_sheet(console, row, number), veil, parse_box(box))
    if data is None:
        raise Refused(404, "refused.no_picture")
    return Response(data, media_type="image/jpeg", headers={"cache-control": _KEPT_FOR})


def need_sheet(console: Console, row: DossierRow, number: int) -> Sheet:
    """The page of that number, from 0. Refuses the request when there is none."""
    kept = console.dossiers.kept(row.kept)
    if not 0 <= number < len(kept.pages):
        raise Refused(404, "refused.not_found")
    return Sheet(row.kept, kept, number)


def parse_box(text: str) -> Quad:
    """Eight numbers as four corners. Refuses the request for anything else."""
    try:
        v = [min(max(float(n), -1e7), 1e7) for n in text.split(",")]
    except ValueError as error:
        raise Refused(422, "refused.form") from error
    return ((v[0], v[1]), (v[2], v[3]), (v[4], v[5]), (v[6], v[7]))
