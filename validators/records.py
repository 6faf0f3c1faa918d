"""Whether the education record was within its validity (六(一))."""

from collections.abc import Iterator

from pipeline.model.document import Document
from pipeline.model.dossier import Case
from pipeline.model.finding import Finding
from pipeline.model.kinds import DocumentKind
from validators.comparison import is_trusted
from validators.findings import applied, field_evidence, found, paper_evidence
from validators.rulebook_model import Rulebook
from validators.schooling import level_papers, papers_of
from validators.tenure import months_later


def check_record_validity(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """六(一): a record is in force; one that prints no expiry cannot be told, and is reviewed when old."""
    records = papers_of(level_papers(case), DocumentKind.EDUCATION_RECORD)
    submitted = case.declaration.submitted_on
    if any((until := r.date("valid_until")) and until.latest >= submitted for r in records):
        return
    printed = [record for record in records if record.field("valid_until")]
    if printed and len(printed) == len(records):
        newest = max(printed, key=lambda record: record.text("valid_until") or "")
        yield from _expired(case, rulebook, newest)
        return
    silent = [record for record in records if record not in printed]
    if silent and rulebook.parameters.record_validity_unprinted == "cannot_determine":
        newest = max(silent, key=lambda record: record.text("updated_on") or "")
        yield from _unprinted(case, rulebook, newest)


def _expired(case: Case, rulebook: Rulebook, record: Document) -> Iterator[Finding]:
    field = record.field("valid_until")
    assert field is not None
    yield from found(
        rulebook,
        "RECORD_EXPIRED",
        "expired" if is_trusted(rulebook, field) else "doubtful",
        subject=f"{record.document_id}.valid_until",
        declared=applied(case.declaration),
        observed=str(field.value),
        evidence=list(field_evidence(record, field)),
        counterfactual=f"若验证期至{applied(case.declaration)}或以后，则不提出",
        applied=applied(case.declaration),
    )


def _unprinted(case: Case, rulebook: Rulebook, record: Document) -> Iterator[Finding]:
    updated, field = record.date("updated_on"), record.field("updated_on")
    limit = rulebook.record.review_after_months
    submitted = case.declaration.submitted_on
    if updated:
        variant = "old" if months_later(updated.latest, limit) < submitted else "recent"
    else:
        unread = record.could_not_read("updated_on") or record.could_not_read("valid_until")
        variant = "unread" if unread else "undated"
    yield from found(
        rulebook,
        "RECORD_VALIDITY_UNKNOWN",
        variant,
        subject=f"{record.document_id}.valid_until",
        declared=applied(case.declaration),
        observed=updated,
        evidence=list(field_evidence(record, field))
        if field
        else [paper_evidence(record, field="valid_until")],
        counterfactual=f"若备案表印有不早于{applied(case.declaration)}的有效期，则不提出",
        updated=updated or "未见",
        applied=applied(case.declaration),
        months=limit,
    )


CHECKS = (check_record_validity,)
