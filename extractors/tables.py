"""Tables from geometry: pieces of text on a straightened page, columns, rows, cells.

A recogniser gives the cells of a table as separate lines, or several cells as one line, or a cell
as two lines. Here lines are cut into pieces where a table would cut them (wide gaps, ruled lines),
columns are told apart by rules and by the white rivers between them, and rows by their key cells.
All coordinates are pixels of the upright frame turned by the page's remaining tilt.
"""

import re
import statistics
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise

from extractors.layout import rows_of as rows_of_lines
from extractors.layout import text_lines
from extractors.remembering import remember_last
from pipeline.model.document import Evidence
from pipeline.model.reading import Line, PageReading, Rect, Segment, join_rects

_MAX_SLOPE = 0.05
_SLOPE_STEP = 0.0025
_GAP = 0.7
"""A gap between characters wider than this share of the line's height ends a piece at a space."""
_WIDE_GAP = 1.4
"""Likewise where no space was read."""
_ROWS_TO_JUDGE = 5
_APART = 0.08
"""Two rows tell how the slope changes when so much of the page's height lies between them."""
_OFF = 0.003
"""A slope that is nowhere further off than this straightens the page well enough."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Neighbouring characters of one line. `rect` is upright; `x0`, `x1`, `y`, `height` straightened.

    `scores` are those of its characters (empty for a text layer); `others` what a character that was
    read unsurely may be as well, with the chance of each, by its place.
    """

    text: str
    page: int
    rect: Rect
    confidence: float
    spans: tuple[tuple[float, float], ...]
    x0: float
    x1: float
    y: float
    height: float
    scores: tuple[float, ...] = ()
    others: tuple[Mapping[str, float], ...] = ()

    @property
    def x(self) -> float:
        return (self.x0 + self.x1) / 2

    def part(self, start: int, end: int) -> "Piece":
        """The piece of `text[start:end]`, outer spaces left out; the slice must hold a character."""
        while start < end and self.text[start].isspace():
            start += 1
        while end > start and self.text[end - 1].isspace():
            end -= 1
        spans = self.spans[start:end]
        x0, x1 = min(s[0] for s in spans), max(s[1] for s in spans)
        shift = self.x0 - self.rect[0]
        return replace(
            self,
            text=self.text[start:end],
            rect=(x0, self.rect[1], x1, self.rect[3]),
            spans=spans,
            x0=x0 + shift,
            x1=x1 + shift,
            scores=self.scores[start:end],
            others=self.others[start:end],
        )


@dataclass(frozen=True, slots=True)
class Tilt:
    """How text lines rise per pixel to the right: at the top of the page, and how that changes per pixel
    downwards (on a photo taken from aside the lines run together)."""

    slope: float
    change: float = 0.0

    def at(self, y: float) -> float:
        return self.slope + self.change * y


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as a table reader sees it: its pieces, and its vertical rules as (x, top, bottom)."""

    page: PageReading
    tilt: "Tilt"
    pieces: tuple[Piece, ...]
    uprights: tuple[tuple[float, float, float], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its key, and the pieces of each column (none: nothing was detected there)."""

    key: Piece
    cells: tuple[tuple[Piece, ...], ...]

    @property
    def pieces(self) -> tuple[Piece, ...]:
        return tuple(p for cell in self.cells for p in cell)


@remember_last(32)
def sheet_of(page: PageReading) -> Sheet:
    """The page straightened and cut into pieces."""
    tilt = tilt_of(page)
    uprights = tuple(
        _upright(s, tilt) for s in page.rules if abs(s.y1 - s.y0) > 4 * abs(s.x1 - s.x0)
    )
    pieces = [
        p for line in text_lines(page) for p in _cut(_piece_of(line, page.number, tilt), uprights)
    ]
    return Sheet(page, tilt, tuple(pieces), uprights)


def _upright(rule: Segment, tilt: Tilt) -> tuple[float, float, float]:
    x, top, bottom = (rule.x0 + rule.x1) / 2, min(rule.y0, rule.y1), max(rule.y0, rule.y1)
    slope = tilt.at((top + bottom) / 2)
    return (x + slope * (top + bottom) / 2, top - slope * x, bottom - slope * x)


def tilt_of(page: PageReading) -> Tilt:
    """The page's tilt: one slope, or slopes that change down the page where its long rows say so."""
    slope = slope_of(page)
    rows = [
        (y, s)
        for row in rows_of_lines(text_lines(page))
        if (found := _slope_of_row(row, page))
        for y, s in [found]
    ]
    if len(rows) < _ROWS_TO_JUDGE:
        return Tilt(slope)
    changes = [
        (s2 - s1) / (y2 - y1)
        for (y1, s1), (y2, s2) in combinations(rows, 2)
        if y2 - y1 > _APART * page.upright_height
    ]
    if not changes:
        return Tilt(slope)
    change = statistics.median(changes)
    first = statistics.median(s - change * y for y, s in rows)
    off = max(abs(first + change * y - slope) for y, _ in rows)
    return Tilt(first, change) if off > _OFF else Tilt(slope)


def _slope_of_row(row: Sequence[Line], page: PageReading) -> tuple[float, float] | None:
    """Height and slope of a row of four or more lines across most of the page; None for any other."""
    if len(row) < 4 or row[-1].centre[0] - row[0].centre[0] < 0.5 * page.upright_width:
        return None
    xs, ys = zip(*(line.centre for line in row), strict=True)
    fit = statistics.linear_regression(xs, ys)
    return statistics.fmean(ys), fit.slope


def slope_of(page: PageReading) -> float:
    """Rise of the text lines per pixel to the right, from the ruled lines or else from the rows."""
    level = sorted(
        (s for s in page.rules if abs(s.x1 - s.x0) > max(8 * abs(s.y1 - s.y0), page.width * 0.1)),
        key=lambda s: (s.y1 - s.y0) / (s.x1 - s.x0),
    )
    if len(level) >= 3:
        middle = level[len(level) // 2]
        return (middle.y1 - middle.y0) / (middle.x1 - middle.x0)
    if len(page.lines) < 12:
        return 0.0
    bin_height = max(statistics.median(line.height for line in page.lines) / 3, 1.0)
    steps = round(_MAX_SLOPE / _SLOPE_STEP)
    slopes = sorted((i * _SLOPE_STEP for i in range(-steps, steps + 1)), key=abs)
    scores = [_alignment(page.lines, slope, bin_height) for slope in slopes]
    best = max(range(len(slopes)), key=scores.__getitem__)
    return slopes[best] if scores[best] > 1.15 * scores[0] else 0.0


def _alignment(lines: Sequence[Line], slope: float, bin_height: float) -> float:
    """How sharply the line centres fall into rows when straightened by `slope`."""
    counts: dict[int, int] = {}
    for line in lines:
        x, y = line.centre
        key = round((y - slope * x) / bin_height)
        counts[key] = counts.get(key, 0) + 1
    return float(sum((n + counts.get(key + 1, 0)) ** 2 for key, n in counts.items()))


def _piece_of(line: Line, page: int, tilt: Tilt) -> Piece:
    x, y = line.centre
    slope = tilt.at(y)
    width = line.rect[2] - line.rect[0]
    return Piece(
        text=line.text,
        page=page,
        rect=line.rect,
        confidence=line.confidence,
        spans=line.spans,
        x0=line.rect[0] + slope * y,
        x1=line.rect[2] + slope * y,
        y=y - slope * x,
        height=max(line.height - abs(slope) * width, line.height / 3, 1.0),
        scores=line.scores,
        others=_others_of(line),
    )


def _others_of(line: Line) -> tuple[Mapping[str, float], ...]:
    """What else each character of a line may be (empty when all were read surely)."""
    return tuple(line.others_at(i) for i in range(len(line.text))) if line.doubts else ()


def _cut(piece: Piece, uprights: Sequence[tuple[float, float, float]]) -> list[Piece]:
    """`piece` cut at wide gaps and at the rules that pass between its characters."""
    visible = [i for i, c in enumerate(piece.text) if not c.isspace()]
    if not visible:
        return []
    shift = piece.x0 - piece.rect[0]
    rules = [x for x, top, bottom in uprights if top <= piece.y <= bottom]
    starts = [visible[0]]
    for left, right in pairwise(visible):
        gap = piece.spans[right][0] - piece.spans[left][1]
        spaced = right - left > 1
        ends = _middle(piece.spans[left]) + shift, _middle(piece.spans[right]) + shift
        ruled = any(ends[0] < x < ends[1] for x in rules)
        if ruled or gap > (_GAP if spaced else _WIDE_GAP) * piece.height or right - left > 2:
            starts.append(right)
    bounds = [*starts, visible[-1] + 1]
    parts = [piece.part(a, b) for a, b in pairwise(bounds)]
    return [amount for part in parts for amount in _cut_amounts(part)]


_AMOUNTS = re.compile(r"\d+[.,]\d{2}(?=[\d-])")


def _cut_amounts(piece: Piece) -> list[Piece]:
    """Two amounts read as one (`4071.00651.36`) cut after the first one's cents."""
    if not re.fullmatch(r"[\d.,-]+", piece.text) or piece.text.count(".") < 2:
        return [piece]
    bounds = [0, *(m.end() for m in _AMOUNTS.finditer(piece.text)), len(piece.text)]
    return [piece.part(a, b) for a, b in pairwise(bounds) if b > a]


def _middle(span: tuple[float, float]) -> float:
    return (span[0] + span[1]) / 2


def boundaries(sheet: Sheet, centres: Sequence[float], rows: Sequence[Piece]) -> tuple[float, ...]:
    """Where columns part: between each pair of `centres`, a rule if there is one, else the widest
    river that the pieces of `rows` (the table's body) leave."""
    if not rows:
        return tuple((a + b) / 2 for a, b in pairwise(centres))
    top, bottom = min(p.y for p in rows), max(p.y for p in rows)
    body = [p for p in rows if top - p.height <= p.y <= bottom + p.height]
    cuts = []
    for left, right in pairwise(centres):
        ruled = [
            x
            for x, y0, y1 in sheet.uprights
            if left < x < right and min(y1, bottom) - max(y0, top) >= 0.5 * (bottom - top)
        ]
        middle = (left + right) / 2
        cuts.append(
            min(ruled, key=lambda x: abs(x - middle)) if ruled else _river(body, left, right)
        )
    return tuple(cuts)


def _river(pieces: Sequence[Piece], left: float, right: float) -> float:
    """The middle of the widest stretch between two centres that the fewest pieces cover."""
    middle = (left + right) / 2
    if right <= left:
        return middle
    edges = sorted({left, right, *(e for p in pieces for e in (p.x0, p.x1) if left < e < right)})
    stretches = [
        (
            sum(1 for p in pieces if p.x0 < (a + b) / 2 < p.x1),
            a - b,
            abs((a + b) / 2 - middle),
            a,
            b,
        )
        for a, b in pairwise(edges)
        if b > a
    ]
    _, _, _, a, b = min(stretches)
    return (a + b) / 2


def rows_of(pieces: Iterable[Piece], keys: Sequence[Piece], cuts: Sequence[float]) -> list[Row]:
    """One row a key, top to bottom: every piece goes to the nearest key, at most half the usual row
    distance away (above and below), and to the column it lies in; a piece across a cut is cut."""
    ordered = sorted(keys, key=lambda k: k.y)
    pitch = pitch_of(ordered)
    cells: list[list[list[Piece]]] = [[[] for _ in range(len(cuts) + 1)] for _ in ordered]
    for piece in pieces:
        nearest = min(range(len(ordered)), key=lambda i: abs(ordered[i].y - piece.y))
        if abs(ordered[nearest].y - piece.y) > pitch * 0.5:
            continue
        for column, part in _by_column(piece, cuts):
            cells[nearest][column].append(part)
    return [
        Row(key, tuple(in_reading_order(cell) for cell in row))
        for key, row in zip(ordered, cells, strict=True)
    ]


def pitch_of(keys: Sequence[Piece]) -> float:
    """The usual distance between rows; twice and a half a key's height where there is only one."""
    if len(keys) < 2:
        return keys[0].height * 2.5 if keys else 0.0
    gaps = sorted(b.y - a.y for a, b in pairwise(keys))
    return max(gaps[(len(gaps) - 1) // 2], keys[0].height)


def in_reading_order(pieces: Iterable[Piece]) -> tuple[Piece, ...]:
    """Pieces line by line from the top, each line from the left."""
    lines: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda p: p.y):
        if lines and piece.y - lines[-1][0].y < 0.6 * min(piece.height, lines[-1][0].height):
            lines[-1].append(piece)
        else:
            lines.append([piece])
    return tuple(p for line in lines for p in sorted(line, key=lambda p: p.x0))


def _by_column(piece: Piece, cuts: Sequence[float]) -> list[tuple[int, Piece]]:
    """The column a piece lies in; one that reaches well into several is cut by its characters."""
    margin = piece.height * 0.6
    inside = [x for x in cuts if piece.x0 + margin < x < piece.x1 - margin]
    if not inside or len(piece.text) < 2:
        return [(sum(1 for x in cuts if x <= piece.x), piece)]
    shift = piece.x0 - piece.rect[0]
    column_at = [sum(1 for x in cuts if x <= _middle(s) + shift) for s in piece.spans]
    bounds = [0, *(i for i in range(1, len(column_at)) if column_at[i] != column_at[i - 1])]
    parts = [(a, b) for a, b in pairwise([*bounds, len(column_at)]) if piece.text[a:b].strip()]
    return [(column_at[a], piece.part(a, b)) for a, b in parts]


def text_of(cell: Sequence[Piece]) -> str:
    """The text of a cell, its lines joined without a break."""
    return "".join(p.text for p in cell)


def confidence_of(cell: Iterable[Piece]) -> float:
    """The weakest recogniser score among the pieces (1 when there are none)."""
    return min((p.confidence for p in cell), default=1.0)


def evidence_of(sheet: Sheet, pieces: Sequence[Piece]) -> Evidence:
    """One place around all `pieces` (at least one), with their text in the order given."""
    rect = join_rects(p.rect for p in pieces)
    raw = " ".join(p.text for p in pieces)
    return Evidence(page=sheet.page.number, box=sheet.page.quad(rect), raw=raw)


def stacks(
    pieces: Iterable[Piece], is_group: Callable[[str], bool]
) -> list[tuple[str, list[Piece]]]:
    """Header cells: pieces that stand above one another joined into one label, left to right.

    Pieces whose text `is_group` (a heading over several columns) are left out.
    """
    columns: list[list[Piece]] = []
    for piece in sorted((p for p in pieces if not is_group(p.text)), key=lambda p: p.y):
        for column in columns:
            x0, x1 = min(p.x0 for p in column), max(p.x1 for p in column)
            overlap = min(x1, piece.x1) - max(x0, piece.x0)
            below = piece.y - column[-1].y
            if (
                overlap > 0.5 * min(x1 - x0, piece.x1 - piece.x0)
                and 0.5 * piece.height < below < 2.2 * piece.height
            ):
                column.append(piece)
                break
        else:
            columns.append([piece])
    joined = [("".join(p.text for p in column), column) for column in columns]
    return sorted(joined, key=lambda item: min(p.x0 for p in item[1]))
