"""Exports of a window: workbook, signed archive, list for publication, applicants' slips."""

import tempfile
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response, StreamingResponse
from sqlalchemy import select

from console import reviews
from console.answers import Answer, FindingAnswer, Target
from console.archive import write_archive
from console.context import Console
from console.masking import cover_name, mask_of
from console.publication import (
    LEAST_DAYS,
    CalendarUnknown,
    Period,
    entry_of,
    passed_rows,
    publication_period,
)
from console.queue import count_by, window_list
from console.schema import DossierRow
from console.sessions import Viewer
from console.states import Decision
from console.web import Exporter, Refused, TheConsole, need_window, page
from console.workbook import write_decided, write_publication
from pipeline.report.slip import slip_item
from pipeline.scoring import LACKING

router = APIRouter()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/w/{window_id}/exports")
def exports_page(
    request: Request, console: TheConsole, viewer: Exporter, window_id: str
) -> Response:
    window = need_window(console, window_id)
    with console.database.read() as session:
        states = count_by(session, window_id, DossierRow.state)
        windows = window_list(session)
    _record(console, viewer, window_id, "exports.view")
    return page(
        request,
        "exports.html",
        viewer=viewer,
        window=window,
        windows=windows,
        tab="exports",
        decided=states.get("decided", 0),
        total=sum(states.values()),
        least_days=LEAST_DAYS,
        public_key=console.database.key.public_hex,
    )


@router.get("/w/{window_id}/exports/decided.xlsx")
def decided_workbook(console: TheConsole, viewer: Exporter, window_id: str) -> Response:
    need_window(console, window_id)
    _record(console, viewer, window_id, "export.workbook")
    with tempfile.TemporaryDirectory() as folder, console.database.read() as session:
        path = Path(folder) / "decided.xlsx"
        write_decided(path, console, session, window_id)
        return _file(path.read_bytes(), XLSX, f"{window_id}-结论.xlsx")


@router.get("/w/{window_id}/exports/decided.zip")
def decided_archive(console: TheConsole, viewer: Exporter, window_id: str) -> Response:
    need_window(console, window_id)
    _record(console, viewer, window_id, "export.archive")
    stream = write_archive(console, window_id)

    def pieces() -> Iterator[bytes]:
        with stream:
            yield from iter(lambda: stream.read(1 << 16), b"")

    return StreamingResponse(
        pieces(), media_type="application/zip", headers=_headers(f"{window_id}-办结.zip")
    )


@router.get("/w/{window_id}/exports/publication.xlsx")
def publication_list(
    console: TheConsole,
    viewer: Exporter,
    window_id: str,
    published_on: date,
    days: Annotated[int, Query(ge=LEAST_DAYS, le=60)] = LEAST_DAYS,
) -> Response:
    need_window(console, window_id)
    with console.database.read() as session:
        rows = passed_rows(session, window_id)
    entries = tuple(
        entry_of(i, row, console.dossiers.kept(row.kept)) for i, row in enumerate(rows, start=1)
    )
    period = _period(console, rows, published_on, days)
    _record(
        console,
        viewer,
        window_id,
        "export.publication",
        first=period.first.isoformat(),
        last=period.last.isoformat(),
        people=len(entries),
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "publication.xlsx"
        write_publication(path, window_id, entries, period)
        return _file(path.read_bytes(), XLSX, f"{window_id}-公示名单.xlsx")


def _period(console: Console, rows: list[DossierRow], published_on: date, days: int) -> Period:
    """The period as the window's own rulebook counts it."""
    counts_start = False
    if rows:
        rulebook = console.dossiers.rulebook(console.dossiers.kept(rows[0].kept))
        counts_start = rulebook.parameters.publicity_count_start_day
    try:
        return publication_period(published_on, days=days, counts_start_day=counts_start)
    except CalendarUnknown as error:
        raise Refused(409, "refused.calendar") from error


@router.get("/w/{window_id}/slips")
def slips(request: Request, console: TheConsole, viewer: Exporter, window_id: str) -> Response:
    """One slip a returned dossier, for print: what is asked for, by which clause, what clears it."""
    window = need_window(console, window_id)
    with console.database.read() as session:
        rows = session.scalars(
            select(DossierRow)
            .where(DossierRow.window_id == window_id, DossierRow.outcome == str(Decision.RETURNED))
            .order_by(DossierRow.dossier_id)
        ).all()
        found = [
            (row, cover_name(row.name), _asked(console, row, reviews.decided_answers(session, row)))
            for row in rows
        ]
        windows = window_list(session)
    _record(console, viewer, window_id, "export.slips", slips=len(found))
    return page(
        request,
        "slips.html",
        viewer=viewer,
        window=window,
        windows=windows,
        tab="exports",
        slips=found,
    )


def _asked(
    console: Console, row: DossierRow, answers: Mapping[str, Answer]
) -> list[dict[str, object]]:
    kept = console.dossiers.grouped(row.kept, answers.values())
    mask = mask_of(console.dossiers.kept(row.kept), also=kept.facts.documents)
    rulebook = console.dossiers.rulebook(kept)
    kinds = {d.document_id: str(d.kind) for d in kept.facts.documents}
    asked: list[dict[str, object]] = []
    for finding in console.dossiers.assess(row.kept, answers.values()).findings:
        answer = answers.get(str(Target.of_finding(finding)))
        upheld = answer is not None and answer.answer == FindingAnswer.UPHELD
        if answer is None or not (
            answer.answer == FindingAnswer.ASK or (upheld and finding.code in LACKING)
        ):
            continue
        item = slip_item(finding, rulebook, note=answer.note, mask=mask)
        asked.append({"item": item, "note": item.note})
    for answer in answers.values():
        if answer.answer == "original":
            target = Target.parse(answer.target)
            asked.append(
                {
                    "original": (kinds.get(target.first, "unknown"), target.second),
                    "note": answer.note,
                }
            )
    return asked


def _record(console: Console, viewer: Viewer, window_id: str, action: str, **detail: Any) -> None:
    with console.database.write() as unit:
        unit.record(viewer.username, action, window_id=window_id, **detail)


def _file(data: bytes, kind: str, name: str) -> Response:
    return Response(data, media_type=kind, headers=_headers(name))


def _headers(name: str) -> dict[str, str]:
    return {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name)}",
        "cache-control": "no-store",
    }
