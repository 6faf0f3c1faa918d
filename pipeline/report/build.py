"""The report of one dossier: put together from its stages, and written as JSON.

Same input, same bytes: no time stamp and no path of this machine enters a report.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pydantic.json_schema import GenerateJsonSchema
from pydantic_core import core_schema

from pipeline.model.declaration import Window
from pipeline.model.document import Document, Field, Unreadable
from pipeline.model.dossier import Dossier, Facts, IntakeNote, Quarantined
from pipeline.model.finding import Finding
from pipeline.model.kinds import FIELD_NAMES
from pipeline.model.reading import MaterialReading
from pipeline.model.report import (
    Eligibility,
    PageBox,
    Provenance,
    Report,
    ReportContributions,
    ReportDocument,
    ReportField,
    ReportPage,
    Route,
    Score,
)


def build_report(
    *,
    window: Window,
    dossier: Dossier,
    facts: Facts,
    findings: Sequence[Finding],
    eligibility: Eligibility,
    contributions: ReportContributions,
    score: Score,
    route: Route,
    route_reasons: Sequence[str] = (),
    readings: Mapping[str, MaterialReading],
    provenance: Provenance,
) -> Report:
    """The report of one dossier of `window`.

    `readings` maps a material's file to how it was read. Findings keep their order, because the
    parts of the score point at them by index.
    """
    return Report(
        dossier_id=dossier.dossier_id,
        window_id=window.id,
        route=route,
        route_reasons=tuple(route_reasons),
        score=score,
        documents=tuple(_document(document) for document in facts.documents),
        pages=tuple(_pages(dossier, readings)),
        contributions=contributions,
        findings=tuple(findings),
        eligibility=eligibility,
        quarantined=_quarantined(dossier, facts, readings),
        notes=(*dossier.notes, *_reading_notes(dossier, readings)),
        provenance=provenance.model_copy(
            update={
                "models": dict(sorted(provenance.models.items())),
                "inputs": dict(sorted(provenance.inputs.items())),
            }
        ),
    )


def to_json(report: Report) -> bytes:
    """The report as UTF-8 JSON in the order of the contract, ending in a line feed."""
    return (report.model_dump_json(by_alias=True, indent=1) + "\n").encode()


def from_json(data: bytes) -> Report:
    """The report that `to_json` wrote; raises `pydantic.ValidationError` for anything else."""
    return Report.model_validate_json(data)


def report_schema() -> dict[str, Any]:
    """The JSON Schema of a report. It lets unknown keys pass, because later versions may add keys."""
    schema = Report.model_json_schema(
        by_alias=True, mode="serialization", schema_generator=_EveryKeyWritten
    )
    opened: dict[str, Any] = _opened(schema)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "chuhe/report/1",
        "title": "chuhe/report/1",
        **opened,
    }


def schema_bytes() -> bytes:
    """What `docs/report.schema.json` holds."""
    return (json.dumps(report_schema(), ensure_ascii=False, indent=2) + "\n").encode()


class _EveryKeyWritten(GenerateJsonSchema):
    """Keys with a default are required too: a report always writes them."""

    def field_is_required(
        self,
        field: core_schema.ModelField | core_schema.DataclassField | core_schema.TypedDictField,
        total: bool,  # noqa: ARG002 - the base class names it
    ) -> bool:
        return not field.get("serialization_exclude")


def _opened(node: Any) -> Any:
    """`node` without closed objects, and without the titles that repeat the key above them."""
    if isinstance(node, dict):
        return {
            key: _opened(value)
            for key, value in node.items()
            if not (key == "additionalProperties" and value is False)
            and not (key == "title" and isinstance(value, str))
        }
    if isinstance(node, list):
        return [_opened(item) for item in node]
    return node


def _document(document: Document) -> ReportDocument:
    read = {field.name: _read(field) for field in document.fields}
    unread = {item.name: _unread(item) for item in document.unreadable}
    fields = {**unread, **read}
    return ReportDocument(
        document_id=document.document_id,
        file=document.file,
        pages=document.pages,
        kind=document.kind,
        kind_confidence=document.kind_confidence,
        anchors=document.anchors,
        source=document.source,
        fields={name: fields[name] for name in FIELD_NAMES[document.kind] if name in fields},
        traits=document.traits,
    )


def _read(field: Field) -> ReportField:
    return ReportField(
        value=field.value,
        raw=field.raw,
        confidence=field.confidence,
        evidence=tuple(PageBox(page=e.page, box=e.box) for e in field.evidence),
        repairs=field.repairs,
        may_be=field.may_be,
    )


def _unread(item: Unreadable) -> ReportField:
    return ReportField(
        value=None,
        raw=item.raw,
        confidence=0.0,
        evidence=tuple(PageBox(page=e.page, box=e.box) for e in item.evidence),
        unreadable=item.reason,
    )


def _pages(dossier: Dossier, readings: Mapping[str, MaterialReading]) -> Iterable[ReportPage]:
    for material in dossier.materials:
        reading = readings.get(material.file)
        for page in reading.pages if reading else ():
            yield ReportPage(
                file=material.file,
                page=page.number,
                width=page.width,
                height=page.height,
                rotation=page.rotation,
                source=page.source,
                picture=page.picture,
            )


def _quarantined(
    dossier: Dossier, facts: Facts, readings: Mapping[str, MaterialReading]
) -> tuple[Quarantined, ...]:
    reasons: dict[str, str] = {}
    for item in (*dossier.quarantined, *facts.quarantined):
        reasons.setdefault(item.file, item.reason)
    for file, reading in readings.items():
        if reading.quarantine_reason:
            reasons.setdefault(file, reading.quarantine_reason)
    return tuple(Quarantined(file=file, reason=reason) for file, reason in sorted(reasons.items()))


def _reading_notes(
    dossier: Dossier, readings: Mapping[str, MaterialReading]
) -> Iterable[IntakeNote]:
    for material in dossier.materials:
        reading = readings.get(material.file)
        for note in reading.notes if reading else ():
            yield IntakeNote(where=material.file, message=note)
