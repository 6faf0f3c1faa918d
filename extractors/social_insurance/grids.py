"""Grids with one row a year and twelve month columns of signs (河南 and kin; domain facts 2.5, 2.6)."""

import re
from collections.abc import Sequence
from itertools import pairwise

from extractors.confidence import Grammar, field_confidence
from extractors.folding import compact
from extractors.months import read_month_number, read_year_cell
from extractors.social_insurance.statuses import insurance_of, status_of
from extractors.tables import Piece, Sheet, evidence_of, pitch_of, rows_of, text_of
from pipeline.model.document import ContributionMonth, MonthStatus
from pipeline.model.values import Month

_FILLED = "●•⬤⚫■◆"
_TICKS = "√✓✔☑VvＶ"
_TRIANGLES = "△▲▵∆Δ"
_DASHES = "-－—–一―ー"
_LEGEND = re.compile(
    r"([●○△▲√✓×\-－—])\s*[:：表示为]*\s*(实缴|已缴|正常|足额|欠费|欠缴|未缴|[^●○△▲√✓×,，;；、]{2,8})"
)


def months_of_grids(sheets: Sequence[Sheet]) -> list[ContributionMonth]:
    """A month for each cell in which a sign or a word was read, and `unknown` for each cell between
    such cells in which nothing was; empty when no page has a grid."""
    return [month for sheet in sheets for month in _months_on(sheet)]


def _months_on(sheet: Sheet) -> list[ContributionMonth]:
    header = _header(sheet)
    if header is None:
        return []
    y = header[0].y
    years = [
        p for p in sheet.pieces
        if p.y > y + 0.5 * p.height and p.x < header[0].x and read_year_cell(p.text)
    ]  # fmt: skip
    if not years:
        return []
    pitch = pitch_of(sorted(years, key=lambda p: p.y))
    body = [
        p
        for p in sheet.pieces
        if p.y > y + 0.5 * p.height and p.y < max(k.y for k in years) + pitch
    ]
    first = header[0].x - (header[1].x - header[0].x) / 2
    cuts = [first, *((a.x + b.x) / 2 for a, b in pairwise(header))]
    cuts.append(header[-1].x + (header[-1].x - header[-2].x) / 2)
    legend = _legend(sheet)
    insurance = insurance_of(" ".join(p.text for p in sheet.pieces if p.y < y)) or "养老"
    found: list[ContributionMonth] = []
    for row in rows_of(body, years, cuts):
        year = read_year_cell(row.key.text)
        if year is None:
            continue
        cells = row.cells[1:13]
        seen = [i for i, cell in enumerate(cells) if cell]
        for i in range(min(seen, default=0), max(seen, default=-1) + 1):
            place = cells[i] or (row.key,)
            status = _status(text_of(cells[i]), legend) if cells[i] else MonthStatus.UNKNOWN
            found.append(
                ContributionMonth(
                    month=Month.of(year, i + 1),
                    status=status,
                    insurance=insurance,
                    confidence=field_confidence(
                        min(p.confidence for p in (*place, row.key)), 0.97, Grammar.CLOSED
                    ),
                    evidence=(evidence_of(sheet, (*place, row.key)),),
                )
            )
    return found


def _header(sheet: Sheet) -> list[Piece] | None:
    """The twelve month headings of a grid, left to right, or None."""
    numbered = [p for p in sheet.pieces if read_month_number(p.text)]
    for start in numbered:
        level = sorted(
            (p for p in numbered if abs(p.y - start.y) < 0.6 * start.height), key=lambda p: p.x
        )
        if [read_month_number(p.text) for p in level] == list(range(1, 13)):
            return level
    return None


def _legend(sheet: Sheet) -> dict[str, MonthStatus]:
    """What the form itself says its signs mean."""
    text = compact(" ".join(p.text for p in sheet.pieces))
    return {match[1]: status for match in _LEGEND.finditer(text) if (status := status_of(match[2]))}


def _status(text: str, legend: dict[str, MonthStatus]) -> MonthStatus:
    """The status of a sign or word; an open circle or anything ambiguous is unknown."""
    sign = compact(text)
    if sign in legend:
        return legend[sign]
    if (sign and sign[0] in _FILLED) or sign in tuple(_TICKS):
        return MonthStatus.PAID
    if sign in tuple(_TRIANGLES) or (sign and set(sign) <= set(_DASHES)):
        return MonthStatus.UNPAID
    return (status_of(sign) if len(sign) > 1 else None) or MonthStatus.UNKNOWN
