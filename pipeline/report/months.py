"""The contributions of a report as a grid of years and months."""

from dataclasses import dataclass

from pipeline.model.document import MonthStatus
from pipeline.model.kinds import DocumentKind
from pipeline.model.report import Report, ReportMonth
from pipeline.model.values import Month
from pipeline.report.crops import Cut
from pipeline.report.marks import PageKey, month_anchor
from pipeline.report.views import Source
from pipeline.report.wording import confidence_words

_MOST_YEARS = 12


@dataclass(frozen=True, slots=True)
class MonthCell:
    """One month of the grid. `entry` is None when no paper shows the month."""

    month: Month
    entry: ReportMonth | None
    payer: int | None
    is_required: bool
    is_payer_change: bool
    opens_window: bool
    closes_window: bool
    href: str | None


@dataclass(frozen=True, slots=True)
class RequiredMonth:
    """One month of the required window, with the row that shows it."""

    month: Month
    entry: ReportMonth | None
    confidence: str
    place: str
    href: str | None
    cut: Cut | None
    picture: str
    others: tuple[str, ...]
    """Links to its further evidence, such as the note that names the payer."""


@dataclass(frozen=True, slots=True)
class ContributionsView:
    years: tuple[tuple[str, tuple[MonthCell | None, ...]], ...]
    earlier: int
    payers: tuple[str, ...]
    required: tuple[RequiredMonth, ...]
    paid_required: int


def view_contributions(source: Source) -> ContributionsView:
    """The month grid, oldest year first, at most twelve years, and the required window in full."""
    report = source.report
    entries = {entry.month: entry for entry in report.contributions.months}
    payers = tuple(dict.fromkeys(e.payer for _, e in sorted(entries.items()) if e.payer))
    shown = sorted({*entries, *report.contributions.required})
    cells = _cells(report, entries, payers, shown)
    years = sorted({month[:4] for month in shown})
    kept = years[-_MOST_YEARS:]
    return ContributionsView(
        years=tuple(
            (year, tuple(cells.get(Month(f"{year}-{m:02d}")) for m in range(1, 13)))
            for year in kept
        ),
        earlier=sum(1 for month in shown if month[:4] not in kept),
        payers=payers,
        required=tuple(
            _required(source, month, entries.get(month)) for month in report.contributions.required
        ),
        paid_required=sum(
            1
            for month in report.contributions.required
            if month in entries and entries[month].status is MonthStatus.PAID
        ),
    )


def _cells(
    report: Report,
    entries: dict[Month, ReportMonth],
    payers: tuple[str, ...],
    shown: list[Month],
) -> dict[Month, MonthCell]:
    required = set(report.contributions.required)
    cells: dict[Month, MonthCell] = {}
    previous = ""
    for month in Month.span(shown[0], shown[-1]) if shown else ():
        entry = entries.get(month)
        payer = entry.payer if entry else ""
        cells[month] = MonthCell(
            month=month,
            entry=entry,
            payer=payers.index(payer) + 1 if payer else None,
            is_required=month in required,
            is_payer_change=bool(payer and previous and payer != previous),
            opens_window=month in required and month.plus(-1) not in required,
            closes_window=month in required and month.plus(1) not in required,
            href=f"#{month_anchor(month, 0)}" if entry and entry.evidence else None,
        )
        previous = payer or previous
    return cells


def _required(source: Source, month: Month, entry: ReportMonth | None) -> RequiredMonth:
    if entry is None or not entry.evidence:
        return RequiredMonth(month, entry, "", "", None, None, "", ())
    files = {document.document_id: document.file for document in source.report.documents}
    first = entry.evidence[0]
    file = files.get(first.document_id)
    cut = None
    place = picture = ""
    if file is not None:
        key: PageKey = (file, first.page)
        sheet = source.sheets.get(key)
        cut = sheet.cuts.get(first.box) if sheet else None
        picture = sheet.anchor if sheet else ""
        place = f"{file} 第 {first.page} 页"
    return RequiredMonth(
        month=month,
        entry=entry,
        confidence=confidence_words(
            entry.confidence, source.acceptance.threshold(DocumentKind.SOCIAL_INSURANCE, "months")
        ),
        place=place,
        href=f"#{month_anchor(month, 0)}" if file is not None else None,
        cut=cut,
        picture=picture,
        others=tuple(
            f"#{month_anchor(month, k)}"
            for k, further in enumerate(entry.evidence[1:], start=1)
            if further.document_id in files
        ),
    )
