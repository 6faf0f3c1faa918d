"""Grids of twelve month columns: rows with signs or amounts (河南 and kin; domain facts 2.5, 2.6)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations

from extractors.confidence import Grammar, field_confidence
from extractors.folding import compact
from extractors.months import read_month_number, read_year_cell
from extractors.social_insurance.statuses import (
    PENSION,
    amount_of,
    insurance_of,
    is_dash,
    status_of,
)
from extractors.tables import Piece, Sheet, evidence_of, pitch_of, rows_of, text_of
from pipeline.model.document import ContributionMonth, MonthStatus
from pipeline.model.values import Month

_FILLED = "●•⬤⚫■◆"
_TICKS = ("√", "✓", "✔", "☑", "V", "v")
_TRIANGLES = ("△", "▲", "▵", "∆", "Δ")
_LEGEND = re.compile(r"([●○△▲√✓×\-－—])[:：表示为]*([^●○△▲√✓×,，;；、]{2,8})")
_YEAR_HEADING = re.compile(
    r"(?P<y>(?:19|20)\d{2})年(?:度)?(?!\d|[一二三四五六七八九十])|(?<![\d年月])\((?P<bare>(?:19|20)\d{2})\)$"
)
_STATUS_LABEL = re.compile(r"缴费(?:情况|状态|标志|状况)|到账|状态|养老|失业|工伤|医疗|生育")
_BASE_LABEL = re.compile(r"基数|缴费工资")
_MONEY_LABEL = re.compile(r"(?:个人|单位|实缴|缴费)(?:缴费|缴纳|应缴|实缴|金额|部分)")
_LEAST_HEADINGS = 8
"""A grid's heading may have lost some of its twelve months; fewer than these make none."""
_OFF_PITCH = 0.3
"""How far, in column widths, a month heading may stand from where the others put it."""


@dataclass(frozen=True, slots=True)
class _GridRow:
    """A row by the piece that names it, with the year it belongs to."""

    key: Piece
    year: int


@dataclass(frozen=True, slots=True)
class Grid:
    """The centres of the twelve month columns and the rows below, down to `bottom`."""

    sheet: Sheet
    centres: tuple[float, ...]
    top: float
    bottom: float
    rows: tuple[_GridRow, ...]


def find_grids(sheets: Sequence[Sheet]) -> list[Grid]:
    """The grids of a paper: month headings in one line, and rows below it that belong to a year.

    A grid ends where the next one begins; its year stands at the left of its rows, beside its
    headings, or in a line above them.
    """
    found: list[Grid] = []
    for sheet in sheets:
        headers = _headers(sheet)
        for i, header in enumerate(headers):
            top, size = header.pieces[0].y, header.pieces[0].height
            bottom = headers[i + 1].pieces[0].y - size if i + 1 < len(headers) else float("inf")
            rows = _rows(sheet, header, top, bottom)
            if rows:
                found.append(Grid(sheet, header.centres, top, bottom, rows))
    return found


def months_of_grids(grids: Sequence[Grid]) -> list[ContributionMonth]:
    """A month for each cell in which a sign, a word or an amount was read, and `unknown` for each
    cell between such cells in which nothing was."""
    return [month for grid in grids for month in _months(grid)]


@dataclass(frozen=True, slots=True)
class _Header:
    pieces: tuple[Piece, ...]
    centres: tuple[float, ...]


def _headers(sheet: Sheet) -> list[_Header]:
    """The lines of month headings, top to bottom."""
    numbered = sorted((p for p in sheet.pieces if read_month_number(p.text)), key=lambda p: p.y)
    found: list[_Header] = []
    for start in numbered:
        if found and abs(found[-1].pieces[0].y - start.y) < 0.6 * start.height:
            continue
        level = [p for p in numbered if abs(p.y - start.y) < 0.6 * start.height]
        header = _header(sorted(level, key=lambda p: p.x))
        if header is not None:
            found.append(header)
    return found


def _header(level: Sequence[Piece]) -> _Header | None:
    """Twelve columns at one pitch, as the month numbers of one line say that were read."""
    best: tuple[Piece, ...] = ()
    fit = (0.0, 0.0)
    for a, b in combinations(level, 2):
        step = _number(b) - _number(a)
        if step <= 0:
            continue
        pitch = (b.x - a.x) / step
        first = a.x - (_number(a) - 1) * pitch
        inside = tuple(
            p for p in level if abs(first + (_number(p) - 1) * pitch - p.x) < _OFF_PITCH * pitch
        )
        if len(inside) > len(best):
            best, fit = inside, (first, pitch)
    if len({_number(p) for p in best}) < _LEAST_HEADINGS:
        return None
    first, pitch = fit
    return _Header(best, tuple(first + i * pitch for i in range(12)))


def _number(piece: Piece) -> int:
    return read_month_number(piece.text) or 0


def _rows(sheet: Sheet, header: _Header, top: float, bottom: float) -> tuple[_GridRow, ...]:
    """Rows named by a year at their left; else those that say what they show, of the year beside
    the headings or above them; else the one row of signs right below."""
    size = header.pieces[0].height
    edge = header.centres[0] - 0.5 * (header.centres[1] - header.centres[0]) + 0.5 * size
    left = [p for p in sheet.pieces if p.x1 < edge and top - 0.6 * size < p.y < bottom]
    below = [p for p in left if p.y > top + 0.5 * p.height]
    named = tuple(_GridRow(p, year) for p in below if (year := read_year_cell(p.text)))
    if named:
        return named
    year = _year_beside(left, top) or _year_above(sheet, top + 0.5 * size)
    if year is None:
        return ()
    reach = top + 8 * size
    labelled = [
        p for p in below if p.y < reach and _kind_of(compact(p.text)) is not None
    ]  # fmt: skip
    return tuple(_GridRow(p, year) for p in labelled)


def _year_beside(left: Iterable[Piece], top: float) -> int | None:
    """The year that stands at the left end of the line of headings."""
    beside = [p for p in left if abs(p.y - top) < 0.6 * p.height]
    return next((year for p in beside if (year := read_year_cell(p.text))), None)


def _year_above(sheet: Sheet, limit: float) -> int | None:
    """The year of the nearest heading above (`2022年度`, or a title's `（2022）`)."""
    above = [
        (p.y, int(match["y"] or match["bare"]))
        for p in sheet.pieces
        if p.y <= limit and (match := _YEAR_HEADING.search(compact(p.text)))
    ]
    return max(above)[1] if above else None


def _kind_of(label: str) -> str | None:
    """What a row shows by the words at its left: `base`, `status` or `money`; None for anything else."""
    if _BASE_LABEL.search(label):
        return "base"
    if _MONEY_LABEL.search(label):
        return "money"
    return "status" if _STATUS_LABEL.search(label) else None


def _months(grid: Grid) -> list[ContributionMonth]:
    """The months of a grid: rows of one year and insurance speak of the same months, a row of states
    before one of amounts; the base comes from the row that is named so."""
    keys = [row.key for row in grid.rows]
    pitch = pitch_of(sorted(keys, key=lambda p: p.y))
    bottom = min(max(k.y for k in keys) + pitch, grid.bottom)
    sheet, half = grid.sheet, (grid.centres[1] - grid.centres[0]) / 2
    body = [p for p in sheet.pieces if grid.top + 0.5 * p.height < p.y < bottom]
    cuts = [grid.centres[0] - half, *(x + half for x in grid.centres)]
    legend = _legend(sheet)
    above = " ".join(p.text for p in sheet.pieces if p.y < grid.top)
    caption = insurance_of(above) or PENSION
    years = {id(row.key): row.year for row in grid.rows}
    groups: dict[tuple[int, str], list[_Line]] = {}
    for row in rows_of(body, keys, cuts):
        label = compact(" ".join(p.text for p in row.cells[0]))
        insurance = insurance_of(label) or caption
        line = _Line(_kind_of(label) or "status", row.key, row.cells[1:13])
        groups.setdefault((years[id(row.key)], insurance), []).append(line)
    return [
        month
        for (year, insurance), lines in groups.items()
        for month in _of_year(sheet, year, insurance, lines, legend)
    ]


@dataclass(frozen=True, slots=True)
class _Line:
    """A row of a grid: what it shows, its key, its twelve cells."""

    kind: str
    key: Piece
    cells: tuple[tuple[Piece, ...], ...]


def _of_year(
    sheet: Sheet, year: int, insurance: str, lines: Sequence[_Line],
    legend: dict[str, MonthStatus],
) -> list[ContributionMonth]:  # fmt: skip
    deciding = min(lines, key=lambda line: ("status", "money", "base").index(line.kind))
    bases = [line for line in lines if line.kind == "base"]
    seen = [i for i, cell in enumerate(deciding.cells) if cell]
    found: list[ContributionMonth] = []
    for i in range(min(seen, default=0), max(seen, default=-1) + 1):
        cell = deciding.cells[i]
        base = text_of(bases[0].cells[i]) if bases else ""
        place = (*(cell or ()), deciding.key)
        status = _status(text_of(cell), legend) if cell else MonthStatus.UNKNOWN
        amount = amount_of(base)
        found.append(
            ContributionMonth(
                month=Month.of(year, i + 1),
                status=status,
                base=str(amount) if amount else "",
                insurance=insurance,
                confidence=field_confidence(min(p.confidence for p in place), 0.97, Grammar.CLOSED),
                evidence=(evidence_of(sheet, place),),
            )
        )
    return found


def _legend(sheet: Sheet) -> dict[str, MonthStatus]:
    """What the form itself says its signs mean."""
    text = compact(" ".join(p.text for p in sheet.pieces))
    return {match[1]: status for match in _LEGEND.finditer(text) if (status := status_of(match[2]))}


def _status(text: str, legend: dict[str, MonthStatus]) -> MonthStatus:
    """The status of a sign, a word or an amount; an open circle or anything ambiguous is unknown."""
    sign = compact(text)
    if sign in legend:
        return legend[sign]
    if (sign and sign[0] in _FILLED) or sign in _TICKS:
        return MonthStatus.PAID
    if sign in _TRIANGLES or is_dash(sign):
        return MonthStatus.UNPAID
    amount = amount_of(sign) if "." in sign or len(sign) >= 3 else None
    if amount is not None and amount > 0:
        return MonthStatus.PAID
    return (status_of(sign) if len(sign) > 1 else None) or MonthStatus.UNKNOWN
