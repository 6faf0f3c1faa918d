"""Marks: every box of a report that is drawn on a page, with the anchor that links lead to."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pipeline.model.document import ContributionMonth
from pipeline.model.finding import FindingEvidence, Severity
from pipeline.model.reading import Quad
from pipeline.model.report import Report, ReportDocument, ReportField
from pipeline.report.wording import field_label, finding_title

PageKey = tuple[str, int]
"""File and page number (from 1)."""

SEVERITY_ORDER = {Severity.BLOCKING: 0, Severity.REVIEW: 1, Severity.NOTICE: 2}


@dataclass(frozen=True, slots=True)
class Mark:
    """A box on a page: `anchor` is its id in the HTML, `label` is drawn beside it."""

    anchor: str
    page: PageKey
    quad: Quad
    kind: Literal["field", "unread", "month", "finding", "required"]
    label: str
    title: str


def field_row_anchor(document: int, name: str) -> str:
    return f"d{document}-{name}"


def field_anchor(document: int, name: str, index: int) -> str:
    return f"b{document}-{name}-{index}"


def row_anchor(document: int, row: int, index: int) -> str:
    return f"r{document}-{row}-{index}"


def finding_anchor(finding: int, index: int) -> str:
    return f"f{finding}-{index}"


def month_anchor(month: str, index: int) -> str:
    return f"m{month}-{index}"


def page_of(report: Report, evidence: FindingEvidence) -> PageKey | None:
    """The page a finding's evidence stands on, or None when it names no page of this report."""
    if evidence.page is None:
        return None
    key = (evidence.file, evidence.page)
    return key if any((p.file, p.page) == key for p in report.pages) else None


def display_order(report: Report) -> tuple[int, ...]:
    """Indexes of the findings as a reviewer reads them: blocking first, else as they were raised."""
    severities = [SEVERITY_ORDER[finding.severity] for finding in report.findings]
    return tuple(sorted(range(len(severities)), key=lambda i: (severities[i], i)))


def collect_marks(report: Report) -> tuple[Mark, ...]:
    """Every box of the report: fields, months, then findings, so that findings lie on top."""
    return (*_field_marks(report), *_month_marks(report), *_finding_marks(report))


def _field_marks(report: Report) -> Iterator[Mark]:
    for index, document in enumerate(report.documents):
        for number, (name, field) in enumerate(document.fields.items(), start=1):
            if isinstance(field.value, tuple) and field.value:
                yield from _row_marks(index, document, field.value)
            else:
                yield from _box_marks(index, document, name, number, field)


def _box_marks(
    index: int, document: ReportDocument, name: str, number: int, field: ReportField
) -> Iterator[Mark]:
    for k, evidence in enumerate(field.evidence):
        yield Mark(
            anchor=field_anchor(index, name, k),
            page=(document.file, evidence.page),
            quad=evidence.box,
            kind="unread" if field.value is None else "field",
            label=str(number),
            title=f"{field_label(name)}：{field.raw or field.unreadable or ''}",
        )


def _row_marks(
    index: int, document: ReportDocument, rows: tuple[ContributionMonth, ...]
) -> Iterator[Mark]:
    for r, row in enumerate(rows):
        for k, evidence in enumerate(row.evidence):
            yield Mark(
                anchor=row_anchor(index, r, k),
                page=(document.file, evidence.page),
                quad=evidence.box,
                kind="month",
                label="",
                title=f"{row.month} {row.insurance}",
            )


def _month_marks(report: Report) -> Iterator[Mark]:
    files = {document.document_id: document.file for document in report.documents}
    required = set(report.contributions.required)
    for month in report.contributions.months:
        for k, evidence in enumerate(month.evidence):
            file = files.get(evidence.document_id)
            if file is not None:
                yield Mark(
                    anchor=month_anchor(month.month, k),
                    page=(file, evidence.page),
                    quad=evidence.box,
                    kind="required" if month.month in required else "month",
                    label="",
                    title=f"{month.month} 养老保险",
                )


def _finding_marks(report: Report) -> Iterator[Mark]:
    for number, index in enumerate(display_order(report), start=1):
        finding = report.findings[index]
        for k, evidence in enumerate(finding.evidence):
            key = page_of(report, evidence)
            if key is not None and evidence.box is not None:
                yield Mark(
                    anchor=finding_anchor(index, k),
                    page=key,
                    quad=evidence.box,
                    kind="finding",
                    label=f"事项{number}",
                    title=finding_title(finding.code),
                )
