"""Blind reading for quality: a piece of a page, a field's name, and an empty box."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from console import sampling
from console.context import Console
from console.covering import Veil
from console.pictures import Sheet
from console.queue import window_list
from console.schema import DossierRow, Sample
from console.values import InvalidValue, choices
from console.views import Pages
from console.web import (
    CheckedForm,
    Refused,
    Reviewer,
    TheConsole,
    back_to,
    need_window,
    page,
    window_path,
)
from pipeline.kept import KeptDossier
from pipeline.model.document import Document, Evidence

router = APIRouter()


@router.get("/w/{window_id}/sampling")
def sampling_page(
    request: Request, console: TheConsole, viewer: Reviewer, window_id: str, problem: str = ""
) -> Response:
    window = need_window(console, window_id)
    with console.database.read() as session:
        sample = sampling.next_sample(session, window_id, viewer)
        done = sampling.progress(session, window_id)
        windows = window_list(session)
    document = _place(console, sample)[2] if sample else None
    return page(
        request,
        "sampling.html",
        viewer=viewer,
        window=window,
        windows=windows,
        tab="sampling",
        sample=sample,
        kind=str(document.kind) if document else "",
        choices=choices(document.kind, sample.field) if document and sample else (),
        done=done,
        problem=problem if problem.startswith("value.") else "",
    )


@router.get("/w/{window_id}/sampling/{sample_id}.jpg")
def sample_picture(
    console: TheConsole, viewer: Reviewer, window_id: str, sample_id: int
) -> Response:
    """The piece of the page alone, uncovered: it is what the reader is asked to read."""
    sample = _need_sample(console, window_id, sample_id)
    row, kept, _, evidence = _place(console, sample)
    found = Pages.of(kept).find(_file_of(kept, sample), evidence.page)
    if found is None:
        raise Refused(404, "refused.no_picture")
    data = console.pictures.crop(
        Sheet(row.kept, kept, found[0]), Veil(is_open=True), evidence.box, margin=0.25
    )
    if data is None:
        raise Refused(404, "refused.no_picture")
    with console.database.write() as unit:
        unit.record(
            viewer.username,
            "sample.view",
            window_id=window_id,
            dossier_id=sample.dossier_id,
            field=sample.field,
        )
    return Response(data, media_type="image/jpeg", headers={"cache-control": "no-store"})


@router.post("/w/{window_id}/sampling/{sample_id}")
def answer_sample(
    console: TheConsole, viewer: Reviewer, window_id: str, sample_id: int, form: CheckedForm
) -> Response:
    sample = _need_sample(console, window_id, sample_id)
    answer = form.need("answer")
    if answer not in ("read", "illegible", "absent"):
        raise Refused(422, "refused.form")
    path = window_path(window_id, "sampling")
    document = _place(console, sample)[2]
    try:
        sampling.answer_sample(
            console.database, viewer, sample_id, document.kind, answer, form.get("value", "")
        )
    except InvalidValue as refused:
        return back_to(f"{path}?problem={refused.key}")
    except sampling.SampleNotOpen as refused:
        raise Refused(409, "refused.sample") from refused
    return back_to(path)


def _need_sample(console: Console, window_id: str, sample_id: int) -> Sample:
    with console.database.read() as session:
        sample = session.get(Sample, sample_id)
    if sample is None or sample.window_id != window_id:
        raise Refused(404, "refused.not_found")
    return sample


def _place(console: Console, sample: Sample) -> tuple[DossierRow, KeptDossier, Document, Evidence]:
    """The dossier, the paper and where on it the sampled field stands."""
    with console.database.read() as session:
        row = session.get_one(DossierRow, (sample.window_id, sample.dossier_id))
    kept = console.dossiers.kept(row.kept)
    for document in kept.facts.documents:
        field = document.field(sample.field)
        if document.document_id == sample.document_id and field is not None:
            return row, kept, document, field.evidence[0]
    raise Refused(409, "refused.sample")


def _file_of(kept: KeptDossier, sample: Sample) -> str:
    return next(d.file for d in kept.facts.documents if d.document_id == sample.document_id)
