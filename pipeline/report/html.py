"""The HTML report of one dossier: one file that opens with no network and no script."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from pipeline.model.acceptance import Acceptance
from pipeline.model.declaration import Declaration
from pipeline.model.kinds import KIND_LABELS
from pipeline.model.report import Report, ReportPage
from pipeline.report import wording
from pipeline.report.agreement import view_agreement
from pipeline.report.crops import Sheet, make_sheet, plain_sheet
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
MOST_BYTES = 12 * 2**20
"""Bytes of pictures after which no further page is embedded, unless cuts are shown of it."""


def render_report(
    report: Report,
    *,
    declaration: Declaration,
    clauses: Mapping[str, str],
    pictures: Pictures,
    acceptance: Acceptance,
) -> str:
    """The report as one self-contained HTML page in Chinese, as text: see `iter_report`."""
    pieces = iter_report(
        report,
        declaration=declaration,
        clauses=clauses,
        pictures=pictures,
        acceptance=acceptance,
    )
    return b"".join(pieces).decode()


def iter_report(
    report: Report,
    *,
    declaration: Declaration,
    clauses: Mapping[str, str],
    pictures: Pictures,
    acceptance: Acceptance,
) -> Iterator[bytes]:
    """The report as one self-contained HTML page in Chinese, in pieces of UTF-8.

    `clauses` maps a clause id to its sentence; `pictures` is asked at most once for each page. A page whose
    picture is missing is shown as a placeholder that says so. Same input, same text.
    """
    marks = collect_marks(report)
    sheets = _sheets(report, marks, pictures, acceptance)
    source = Source(
        report=report,
        declaration=declaration,
        clauses=clauses,
        sheets=sheets,
        marks=marks,
        acceptance=acceptance,
    )
    yield from _with_pictures(_rendered(source), sheets)


_PLACE = re.compile("<(i[0-9]+)>")


def _with_pictures(text: str, sheets: Sheets) -> Iterator[bytes]:
    """The page with each picture in its place (`Sheet.place`): they are by far the most of it, and
    never pass through the templates."""
    uris = {sheet.anchor: sheet.uri or "" for sheet in sheets.values()}
    for number, part in enumerate(_PLACE.split(text)):
        yield (uris[part] if number % 2 else part).encode()


def _rendered(source: Source) -> str:
    report, declaration = source.report, source.declaration
    findings = view_findings(source)
    documents = view_documents(source)
    listed = {(d.file, page) for d in report.documents for page in d.pages}
    return (
        environment()
        .get_template("report.html")
        .render(
            report=report,
            declaration=declaration,
            clauses=source.clauses,
            findings=findings,
            agreement=view_agreement(report, declaration),
            contributions=view_contributions(source),
            parts=view_parts(source, findings),
            documents=documents,
            loose_pages=[v for key, v in view_pages(source).items() if key not in listed],
            acceptance=source.acceptance,
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
    report: Report, marks: tuple[Mark, ...], pictures: Pictures, acceptance: Acceptance
) -> Sheets:
    """Every page as it is shown: those with evidence first get their picture, until one of the
    bounds is reached. Pages of which cuts are shown always do."""
    wanted = wanted_cuts(report, acceptance)
    sheets: dict[PageKey, Sheet] = {}
    embedded = size = 0
    for place, page in _by_rank(report, marks, wanted):
        key, anchor = (page.file, page.page), f"i{place}"
        if key not in wanted and (embedded >= MOST_PAGES or size >= MOST_BYTES):
            sheets[key] = plain_sheet(page, anchor=anchor)
            continue
        picture = pictures(page.file, page.page)
        sheets[key] = make_sheet(page, picture, anchor=anchor, quads=wanted.get(key, ()))
        embedded += 1
        size += len(picture or b"")
    return sheets


def _by_rank(
    report: Report, marks: tuple[Mark, ...], wanted: Mapping[PageKey, object]
) -> list[tuple[int, ReportPage]]:
    """The pages with their places: those of cuts, those with evidence, first pages, the rest."""
    marked = {mark.page for mark in marks}
    first = {(d.file, d.pages[0]) for d in report.documents if d.pages}

    def rank(item: tuple[int, ReportPage]) -> tuple[int, int]:
        key = (item[1].file, item[1].page)
        groups = (key in wanted, key in marked, key in first, True)
        return (groups.index(True), item[0])

    return sorted(enumerate(report.pages), key=rank)
