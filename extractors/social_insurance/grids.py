"""Grids of twelve month columns: a row a year with signs or amounts (河南 and kin; domain facts 2.5, 2.6)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

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
_YEAR_HEADING = re.compile(r"((?:19|20)\d{2})年(?:度)?(?!\d|[一二三四五六七八九十])")
_ROW_LABEL = re.compile(r"养老|缴费(?:情况|状态|标志|基数|状况)|个人缴费|状态|基数")


@dataclass(frozen=True, slots=True)
class Grid:
    """The month headings of a grid, left to right, and its rows: the key of each, with its year."""

    sheet: Sheet
    header: tuple[Piece, ...]
    keys: tuple[tuple[Piece, int], ...]


def find_grids(sheets: Sequence[Sheet]) -> list[Grid]:
    """The grids of a paper: twelve month headings in one line, and rows that belong to a year."""
    found = []
    for sheet in sheets:
        for header in _headers(sheet):
            keys = _keys(sheet, header)
            if keys:
                found.append(Grid(sheet, header, keys))
    return found


def months_of_grids(grids: Sequence[Grid]) -> list[ContributionMonth]:
    """A month for each cell in which a sign, a word or an amount was read, and `unknown` for each
    cell between such cells in which nothing was."""
    return [month for grid in grids for month in _months(grid)]


def _headers(sheet: Sheet) -> list[tuple[Piece, ...]]:
    numbered = [p for p in sheet.pieces if read_month_number(p.text)]
    found: list[tuple[Piece, ...]] = []
    for start in numbered:
        if read_month_number(start.text) != 1:
            continue
        level = [p for p in numbered if abs(p.y - start.y) < 0.6 * start.height]
        row = tuple(sorted((p for p in level if p.x >= start.x), key=lambda p: p.x))[:12]
        if [read_month_number(p.text) for p in row] == list(range(1, 13)):
            found.append(row)
    return found


def _keys(sheet: Sheet, header: Sequence[Piece]) -> tuple[tuple[Piece, int], ...]:
    """Rows named by a year at their left; else rows that say what they show, under a heading year."""
    first = header[0]
    left = [
        p for p in sheet.pieces if p.y > first.y + 0.5 * p.height and p.x1 < first.x0 + first.height
    ]
    named = [(p, year) for p in left if (year := read_year_cell(p.text))]
    if named:
        return tuple(named)
    above = [
        (p.y, int(match[1]))
        for p in sheet.pieces
        if p.y <= first.y + 0.5 * first.height and (match := _YEAR_HEADING.search(compact(p.text)))
    ]
    if not above:
        return ()
    reach = first.y + 8 * first.height
    rows = [p for p in left if p.y < reach and _ROW_LABEL.search(compact(p.text))]
    return tuple((p, max(above)[1]) for p in rows)


def _months(grid: Grid) -> list[ContributionMonth]:
    header, sheet = grid.header, grid.sheet
    keys = [p for p, _ in grid.keys]
    pitch = pitch_of(sorted(keys, key=lambda p: p.y))
    bottom = max(k.y for k in keys) + pitch
    body = [p for p in sheet.pieces if header[0].y + 0.5 * p.height < p.y < bottom]
    middles = [(a.x + b.x) / 2 for a, b in pairwise(header)]
    cuts = [2 * header[0].x - middles[0], *middles, 2 * header[-1].x - middles[-1]]
    legend = _legend(sheet)
    caption = insurance_of(" ".join(p.text for p in sheet.pieces if p.y < header[0].y)) or PENSION
    years = {id(p): year for p, year in grid.keys}
    found: list[ContributionMonth] = []
    for row in rows_of(body, keys, cuts):
        insurance = insurance_of(" ".join(p.text for p in row.cells[0])) or caption
        cells = row.cells[1:13]
        seen = [i for i, cell in enumerate(cells) if cell]
        for i in range(min(seen, default=0), max(seen, default=-1) + 1):
            place = cells[i] or (row.key,)
            found.append(
                ContributionMonth(
                    month=Month.of(years[id(row.key)], i + 1),
                    status=_status(text_of(cells[i]), legend) if cells[i] else MonthStatus.UNKNOWN,
                    insurance=insurance,
                    confidence=field_confidence(
                        min(p.confidence for p in (*place, row.key)), 0.97, Grammar.CLOSED
                    ),
                    evidence=(evidence_of(sheet, (*place, row.key)),),
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
