"""Blind sampling: a share of cleared dossiers and of accepted fields is read by a person again.

Whoever reads a sample sees the piece of the page and the field's name; neither the machine's value
nor what was declared.
"""

import hashlib
import json
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from sqlalchemy import case, delete, func, select
from sqlalchemy.orm import Session

from console.database import Database
from console.schema import DossierRow, Sample, WindowRow
from console.sessions import Viewer
from console.values import parse_value
from pipeline.kept import KeptDossier
from pipeline.model.document import Document, Field
from pipeline.model.kinds import DocumentKind
from pipeline.model.report import Route

DECISIVE: dict[DocumentKind, tuple[str, ...]] = {
    DocumentKind.ID_CARD: ("name", "id_number"),
    DocumentKind.DIPLOMA: ("name", "institution", "level", "graduated_on", "diploma_number"),
    DocumentKind.DEGREE_CERTIFICATE: ("name", "degree", "degree_number"),
    DocumentKind.EDUCATION_RECORD: ("name", "level", "graduated_on", "diploma_number"),
    DocumentKind.LABOUR_CONTRACT: ("employer", "employee"),
}
"""Fields that a whole sampled dossier is read by."""


_BATCH = 100


class SampleNotOpen(Exception):
    """The sample was read by someone else in the meantime, or never existed."""


@dataclass(frozen=True, slots=True)
class Progress:
    """Samples drawn, read, and of those the ones that agree with the machine."""

    drawn: int
    read: int
    agreeing: int


def draw_samples(
    session: Session,
    kept: KeptDossier,
    window: WindowRow,
    *,
    without: Container[tuple[str, str, str]] = (),
) -> None:
    """Adds the samples of one dossier, but for those in `without` (dossier, document, field). The same dossier and shares always give the same ones."""
    dossier_id = kept.dossier.dossier_id
    cleared = kept.report.route is Route.CLEARED
    whole = cleared and _draw(window.window_id, dossier_id) < window.sample_dossiers
    for document, field in _accepted(kept):
        place = (window.window_id, dossier_id, document.document_id, field.name)
        if place[1:] in without:
            continue
        in_whole = whole and field.name in DECISIVE.get(document.kind, ())
        if in_whole or _draw(*place) < window.sample_fields:
            value = field.value
            session.add(
                Sample(
                    window_id=window.window_id,
                    dossier_id=dossier_id,
                    document_id=document.document_id,
                    field=field.name,
                    machine_value=str(value).lower() if isinstance(value, bool) else str(value),
                    confidence=field.confidence,
                    whole_dossier=in_whole,
                    answer=None,
                    value="",
                    agrees=None,
                    reader_id=None,
                    answered_at=None,
                )
            )


def _accepted(kept: KeptDossier) -> Iterator[tuple[Document, Field]]:
    for document in kept.facts.documents:
        for field in document.fields:
            sure = kept.accepts(document.kind, field.name, field.confidence)
            if sure and not isinstance(field.value, tuple):
                yield document, field


def _draw(*parts: str) -> float:
    """A number in [0, 1) that follows from `parts` alone."""
    digest = hashlib.sha256(json.dumps(parts).encode()).digest()
    return int.from_bytes(digest[:8], "big") / 2**64


def next_sample(session: Session, window_id: str, viewer: Viewer) -> Sample | None:
    """A sample that nobody has read, spread over readers, never of a dossier they hold now."""
    waiting = (
        select(Sample)
        .join(
            DossierRow,
            (DossierRow.window_id == Sample.window_id)
            & (DossierRow.dossier_id == Sample.dossier_id),
        )
        .where(
            Sample.window_id == window_id,
            Sample.answer.is_(None),
            DossierRow.claimed_by.is_distinct_from(viewer.user_id),
        )
        .order_by((Sample.id * 7919 + viewer.user_id * 104729) % 99991, Sample.id)
        .limit(1)
    )
    return session.scalar(waiting)


def answer_sample(
    database: Database, viewer: Viewer, sample_id: int, kind: DocumentKind, answer: str, typed: str
) -> None:
    """Records what a person read. Raises `InvalidValue`, or `SampleNotOpen` when it was read already."""
    with database.write() as unit:
        sample = unit.session.get(Sample, sample_id)
        if sample is None or sample.answer is not None:
            raise SampleNotOpen
        value = ""
        if answer == "read":
            read = parse_value(kind, sample.field, typed)
            value = str(read).lower() if isinstance(read, bool) else read
        sample.answer, sample.value = answer, value
        sample.agrees = None if answer == "illegible" else _agree(value, sample.machine_value)
        sample.reader_id, sample.answered_at = viewer.user_id, unit.now
        unit.record(
            viewer.username,
            "sample.answer",
            window_id=sample.window_id,
            dossier_id=sample.dossier_id,
            field=sample.field,
            answer=answer,
            agrees=sample.agrees,
        )


def _agree(read: str, machine: str) -> bool:
    """True when both say the same; white space and full-width brackets do not tell them apart."""
    return _folded(read) == _folded(machine)


def _folded(text: str) -> str:
    return "".join(text.split()).replace("（", "(").replace("）", ")").upper()


def progress(session: Session, window_id: str) -> Progress:
    """How far the sampling of a window is."""
    drawn, read, agreeing = session.execute(
        select(
            func.count(Sample.id),
            func.count(Sample.answer),
            func.count(case((Sample.agrees.is_(True), 1))),
        ).where(Sample.window_id == window_id)
    ).one()
    return Progress(drawn, read, agreeing)


def set_shares(
    database: Database,
    actor: str,
    window_id: str,
    *,
    dossiers: float,
    fields: float,
    kept: Iterable[KeptDossier],
) -> None:
    """Sets both shares (0–1) of the window; samples that nobody read yet are drawn anew.

    `kept` are the window's dossiers; some are taken at a time, so that nobody else waits long.
    """
    with database.write() as unit:
        window = unit.session.get_one(WindowRow, window_id)
        window.sample_dossiers, window.sample_fields = dossiers, fields
        unit.session.execute(
            delete(Sample).where(Sample.window_id == window_id, Sample.answer.is_(None))
        )
        done = unit.session.execute(
            select(Sample.dossier_id, Sample.document_id, Sample.field).where(
                Sample.window_id == window_id
            )
        )
        read = {(row.dossier_id, row.document_id, row.field) for row in done}
        unit.record(actor, "sample.shares", window_id=window_id, dossiers=dossiers, fields=fields)
    waiting = iter(kept)
    while some := list(islice(waiting, _BATCH)):
        with database.write() as unit:
            for dossier in some:
                draw_samples(unit.session, dossier, window, without=read)
