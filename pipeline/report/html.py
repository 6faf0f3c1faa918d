"""The HTML report of one dossier: one file that opens with no network and no script."""

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.model.declaration import Declaration
from pipeline.model.kinds import KIND_LABELS
from pipeline.model.report import Report, ReportPage
from pipeline.report import wording
from pipeline.report.agreement import view_agreement
from pipeline.report.crops import PAGE_SIDE, PLAIN_SIDE, Sheet, make_sheet, upright_size
from pipeline.report.marks import Mark, PageKey, collect_marks
from pipeline.report.months import view_contributions
from pipeline.report.views import (
    Sheets,
    Source,
    view_documents,
    view_findings,
    view_pages,
    view_parts,
    wanted_cuts,
)

Pictures = Callable[[str, int], bytes | None]
"""(file, page from 1) → the encoded picture of that page in the upload frame, or None."""

MOST_PAGES = 40
"""Pages whose pictures are embedded; pages with evidence come first."""


def render_report(
    report: Report,
    *,
    declaration: Declaration,
    clauses: Mapping[str, str],
    pictures: Pictures,
    accepted_confidence: float = 0.80,
) -> str:
    """The report as one self-contained HTML page in Chinese.

    `clauses` maps a clause id to its sentence; `pictures` is asked once for each page. A page whose
    picture is missing is shown as a placeholder that says so. Same input, same text.
    """
    marks = collect_marks(report)
    source = Source(
        report=report,
        declaration=declaration,
        clauses=clauses,
        sheets=_sheets(report, marks, pictures, accepted_confidence),
        marks=marks,
        accepted_confidence=accepted_confidence,
    )
    findings = view_findings(source)
    documents = view_documents(source)
    listed = {(d.file, page) for d in report.documents for page in d.pages}
    return (
        environment()
        .get_template("report.html")
        .render(
            report=report,
            declaration=declaration,
            clauses=clauses,
            findings=findings,
            agreement=view_agreement(report, declaration),
            contributions=view_contributions(source),
            parts=view_parts(source, findings),
            documents=documents,
            loose_pages=[v for key, v in view_pages(source).items() if key not in listed],
            accepted_confidence=accepted_confidence,
        )
    )


@cache
def environment() -> Environment:
    """The templates, with the words they need. Everything that is filled in is escaped."""
    made = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(words=wording, kind_labels=KIND_LABELS)
    return made


def _sheets(
    report: Report, marks: tuple[Mark, ...], pictures: Pictures, accepted_confidence: float
) -> Sheets:
    wanted = wanted_cuts(report, accepted_confidence)
    sides = _sides(report, marks)
    sheets: dict[PageKey, Sheet] = {}
    for page in report.pages:
        key = (page.file, page.page)
        if key in sides or key in wanted:
            picture = pictures(page.file, page.page)
            quads = wanted.get(key, ())
            sheets[key] = make_sheet(page, picture, quads=quads, side=sides.get(key))
        else:
            width, height = upright_size(page)
            sheets[key] = Sheet(uri=None, width=width, height=height, is_missing=False, cuts={})
    return sheets


def _sides(report: Report, marks: tuple[Mark, ...]) -> dict[PageKey, int]:
    """How large each embedded page is: those with evidence first, then first pages, then the rest."""
    marked = {mark.page for mark in marks}
    first = {(d.file, d.pages[0]) for d in report.documents if d.pages}

    def rank(item: tuple[int, ReportPage]) -> tuple[int, int]:
        key = (item[1].file, item[1].page)
        return (0 if key in marked else 1 if key in first else 2, item[0])

    ranked = sorted(enumerate(report.pages), key=rank)
    keys = [(page.file, page.page) for _, page in ranked[:MOST_PAGES]]
    return {key: PAGE_SIDE if key in marked else PLAIN_SIDE for key in keys}
