"""What the HTML report shows, piece by piece: plain data for the templates, no markup."""

from collections.abc import Mapping
from dataclasses import dataclass

from pipeline.model.acceptance import Acceptance
from pipeline.model.declaration import Declaration
from pipeline.model.document import ContributionMonth
from pipeline.model.finding import Finding, FindingEvidence
from pipeline.model.kinds import FIELD_NAMES, KIND_LABELS, DocumentKind
from pipeline.model.reading import Quad
from pipeline.model.report import Report, ReportDocument, ReportField, ReportPage, ScorePart
from pipeline.report.compare import Piece, compare_sides
from pipeline.report.crops import Cut, Sheet, spread, upright_quad, upright_size
from pipeline.report.marks import (
    Mark,
    PageKey,
    display_order,
    field_anchor,
    field_row_anchor,
    finding_anchor,
    page_of,
    row_anchor,
)
from pipeline.report.wording import confidence_words, field_label, finding_title, value_label
from validators.clauses import cited_clauses

Sheets = Mapping[PageKey, Sheet]
_MOST_CUTS = 8
_SURE_OF_KIND = 0.8
"""A paper whose kind was told less surely is marked."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A piece of evidence: its cut, or why there is none, with a link to where it stands.

    `picture` is the id of the page's picture, which the cut is a window onto.
    """

    caption: str
    raw: str
    href: str | None
    cut: Cut | None
    picture: str
    missing: str


@dataclass(frozen=True, slots=True)
class FindingView:
    number: int
    finding: Finding
    title: str
    declared: tuple[Piece, ...] | None
    observed: tuple[Piece, ...] | None
    clauses: tuple[tuple[str, str], ...]
    figures: tuple[Figure, ...]
    unshown: int


@dataclass(frozen=True, slots=True)
class RowView:
    """One printed month of a social insurance paper."""

    row: ContributionMonth
    confidence: str
    href: str


@dataclass(frozen=True, slots=True)
class FieldView:
    number: int
    anchor: str
    label: str
    value: str
    field: ReportField
    confidence: str
    is_low: bool
    href: str | None
    figure: Figure | None
    rows: tuple[RowView, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A mark in the coordinates of the page as shown."""

    mark: Mark
    points: str
    x: float
    y: float
    align: str


@dataclass(frozen=True, slots=True)
class PageView:
    anchor: str
    page: ReportPage
    sheet: Sheet
    boxes: tuple[Box, ...]
    font: float


@dataclass(frozen=True, slots=True)
class DocumentView:
    anchor: str
    document: ReportDocument
    label: str
    confidence: str
    fields: tuple[FieldView, ...]
    absent: tuple[str, ...]
    pages: tuple[PageView, ...]
    shown_elsewhere: tuple[PageView, ...]


@dataclass(frozen=True, slots=True)
class PartView:
    part: ScorePart
    lost: int
    findings: tuple[FindingView, ...]


@dataclass(frozen=True, slots=True)
class Source:
    """What the views are made from."""

    report: Report
    declaration: Declaration
    clauses: Mapping[str, str]
    sheets: Sheets
    marks: tuple[Mark, ...]
    acceptance: Acceptance


def view_findings(source: Source) -> tuple[FindingView, ...]:
    """The findings, blocking first, numbered from 1 in that order."""
    return tuple(
        _view_finding(source, index, number)
        for number, index in enumerate(display_order(source.report), start=1)
    )


def view_documents(source: Source) -> tuple[DocumentView, ...]:
    """The documents in the report's order; a page that two documents share is shown with the first."""
    pages = view_pages(source)
    shown: set[PageKey] = set()
    views = []
    for index, document in enumerate(source.report.documents):
        keys = [(document.file, number) for number in document.pages]
        own = [pages[key] for key in keys if key in pages]
        views.append(
            DocumentView(
                anchor=f"d{index}",
                document=document,
                label=KIND_LABELS[document.kind],
                confidence=confidence_words(document.kind_confidence, _SURE_OF_KIND),
                fields=_view_fields(source, index, document),
                absent=tuple(
                    field_label(name)
                    for name in FIELD_NAMES[document.kind]
                    if name not in document.fields
                ),
                pages=tuple(v for v in own if _key(v.page) not in shown),
                shown_elsewhere=tuple(v for v in own if _key(v.page) in shown),
            )
        )
        shown.update(keys)
    return tuple(views)


def view_pages(source: Source) -> dict[PageKey, PageView]:
    """Every page of the report with the marks on it."""
    by_page: dict[PageKey, list[Mark]] = {}
    for mark in source.marks:
        by_page.setdefault(mark.page, []).append(mark)
    views = {}
    for number, page in enumerate(source.report.pages):
        sheet = source.sheets[_key(page)]
        views[_key(page)] = PageView(
            anchor=f"p{number}",
            page=page,
            sheet=sheet,
            boxes=tuple(_box(page, mark) for mark in by_page.get(_key(page), ())),
            font=round(sheet.width / 46, 1),
        )
    return views


def view_parts(source: Source, findings: tuple[FindingView, ...]) -> tuple[PartView, ...]:
    """The parts of the score, each with the findings that cost points there."""
    by_index = dict(zip(display_order(source.report), findings, strict=True))
    return tuple(
        PartView(
            part=part,
            lost=part.max - part.points,
            findings=tuple(by_index[i] for i in part.findings if i in by_index),
        )
        for part in source.report.score.parts
    )


def wanted_cuts(report: Report, acceptance: Acceptance) -> dict[PageKey, list[Quad]]:
    """The boxes that are shown as cuts: findings, required months, and fields to look at."""
    wanted: dict[PageKey, list[Quad]] = {}
    for finding in report.findings:
        for evidence in finding.evidence[:_MOST_CUTS]:
            key = page_of(report, evidence)
            if key is not None and evidence.box is not None:
                wanted.setdefault(key, []).append(evidence.box)
    for document in report.documents:
        for name, field in document.fields.items():
            threshold = acceptance.threshold(document.kind, name)
            if field.evidence and needs_look(field, threshold):
                place = field.evidence[0]
                wanted.setdefault((document.file, place.page), []).append(place.box)
    files = {document.document_id: document.file for document in report.documents}
    for month in report.contributions.months:
        if month.month in report.contributions.required and month.evidence:
            row = month.evidence[0]
            if row.document_id in files:
                wanted.setdefault((files[row.document_id], row.page), []).append(row.box)
    return wanted


def needs_look(field: ReportField, threshold: float) -> bool:
    """True when a field's own pixels are shown beside it: unread, repaired or below `threshold`."""
    if isinstance(field.value, tuple):
        return False
    return field.value is None or bool(field.repairs) or field.confidence < threshold


def _view_finding(source: Source, index: int, number: int) -> FindingView:
    finding = source.report.findings[index]
    declared, observed = compare_sides(finding)
    shown = finding.evidence[:_MOST_CUTS]
    return FindingView(
        number=number,
        finding=finding,
        title=finding_title(finding.code),
        declared=declared,
        observed=observed,
        clauses=tuple(
            (clause, source.clauses.get(clause, "")) for clause in cited_clauses(finding.clause)
        ),
        figures=tuple(_figure(source, index, k, e) for k, e in enumerate(shown)),
        unshown=len(finding.evidence) - len(shown),
    )


def _figure(source: Source, index: int, k: int, evidence: FindingEvidence) -> Figure:
    key = page_of(source.report, evidence)
    boxed = key is not None and evidence.box is not None
    return Figure(
        caption=_caption(source.report, evidence),
        raw=evidence.raw,
        href=f"#{finding_anchor(index, k)}" if boxed else _page_href(source.report, key),
        cut=_cut(source.sheets, key, evidence.box),
        picture=_picture(source.sheets, key),
        missing="本页图像缺失" if boxed else "",
    )


def _caption(report: Report, evidence: FindingEvidence) -> str:
    parts = []
    for document in report.documents:
        if document.document_id == evidence.document_id:
            parts.append(KIND_LABELS[document.kind])
    if evidence.field:
        parts.append(field_label(evidence.field))
    place = evidence.file if evidence.page is None else f"{evidence.file} 第 {evidence.page} 页"
    return " · ".join([*parts, place])


def _cut(sheets: Sheets, key: PageKey | None, quad: Quad | None) -> Cut | None:
    if key is None or quad is None or key not in sheets:
        return None
    return sheets[key].cuts.get(quad)


def _picture(sheets: Sheets, key: PageKey | None) -> str:
    return sheets[key].anchor if key is not None and key in sheets else ""


def _page_href(report: Report, key: PageKey | None) -> str | None:
    for number, page in enumerate(report.pages):
        if _key(page) == key:
            return f"#p{number}"
    return None


def _view_fields(source: Source, index: int, document: ReportDocument) -> tuple[FieldView, ...]:
    return tuple(
        _view_field(source, index, document, number, name)
        for number, name in enumerate(document.fields, start=1)
    )


def _view_field(
    source: Source, index: int, document: ReportDocument, number: int, name: str
) -> FieldView:
    field = document.fields[name]
    threshold = source.acceptance.threshold(document.kind, name)
    is_table = isinstance(field.value, tuple)
    rows = _view_rows(source, index, field.value) if isinstance(field.value, tuple) else ()
    href = None
    if rows:
        href = rows[0].href
    elif field.evidence:
        href = f"#{field_anchor(index, name, 0)}"
    return FieldView(
        number=number,
        anchor=field_row_anchor(index, name),
        label=field_label(name),
        value=_value_text(name, field),
        field=field,
        confidence=confidence_words(field.confidence, threshold),
        is_low=field.value is None or field.confidence < threshold,
        href=href,
        figure=None if is_table else _field_figure(source, document, name, href),
        rows=rows,
    )


def _value_text(name: str, field: ReportField) -> str:
    if field.value is None:
        return "未能读出"
    if isinstance(field.value, tuple):
        return f"共 {len(field.value)} 行"
    return value_label(name, field.value)


def _view_rows(
    source: Source, index: int, rows: tuple[ContributionMonth, ...]
) -> tuple[RowView, ...]:
    return tuple(
        RowView(
            row=row,
            confidence=confidence_words(
                row.confidence,
                source.acceptance.threshold(DocumentKind.SOCIAL_INSURANCE, "months"),
            ),
            href=f"#{row_anchor(index, r, 0)}",
        )
        for r, row in enumerate(rows)
    )


def _field_figure(
    source: Source, document: ReportDocument, name: str, href: str | None
) -> Figure | None:
    field = document.fields[name]
    threshold = source.acceptance.threshold(document.kind, name)
    if not field.evidence or not needs_look(field, threshold):
        return None
    place = field.evidence[0]
    return Figure(
        caption=f"{KIND_LABELS[document.kind]} · {field_label(name)}",
        raw=field.raw,
        href=href,
        cut=_cut(source.sheets, (document.file, place.page), place.box),
        picture=_picture(source.sheets, (document.file, place.page)),
        missing="本页图像缺失",
    )


def _box(page: ReportPage, mark: Mark) -> Box:
    points = spread(upright_quad(page, mark.quad), gap=upright_size(page)[0] / 500)
    xs = [x for x, _ in points]
    is_finding = mark.kind == "finding"
    return Box(
        mark=mark,
        points=" ".join(f"{x:.1f},{y:.1f}" for x, y in points),
        x=round(max(xs) if is_finding else min(xs), 1),
        y=round(min(y for _, y in points), 1),
        align="end" if is_finding else "start",
    )


def _key(page: ReportPage) -> PageKey:
    return (page.file, page.page)
