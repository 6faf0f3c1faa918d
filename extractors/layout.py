"""The geometry of a page: rows, columns, reading order, cells. Small functions over lines."""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from statistics import median

from extractors.folding import compact, is_han
from extractors.remembering import remember_last
from extractors.textrun import TextRun
from pipeline.model.reading import Line, LineSource, PageReading, Rect

_PAGES = 128
"""Pages whose order is remembered: several extractors and the classifier look at each."""

_OCR, _TEXT_LAYER = LineSource.OCR, LineSource.TEXT_LAYER

_WATERMARK = re.compile(
    r"(样张|SPECIMEN|sample|样本)+|.{0,12}(仅供|仅限).{0,30}(使用|查询|复印无效|他用无效)?",
    re.IGNORECASE,
)


def is_watermark(text: str) -> bool:
    """True for a line that is only an overprint (样张, SPECIMEN, 仅供…使用), not part of the paper."""
    return _is_watermark(compact(text))


@lru_cache(maxsize=16384)
def _is_watermark(text: str) -> bool:
    return _WATERMARK.fullmatch(text.strip("*·-—. ")) is not None


_TALLEST = 4.0
_SLANTED_HEIGHT = 2.2
_SLANTED_PITCH = 1.5


@remember_last(_PAGES)
def text_lines(page: PageReading) -> tuple[Line, ...]:
    """The lines of the page that hold text of the paper itself.

    A character or two several lines tall is a portrait or the star of a seal, and no text; nor is a
    watermark printed across the page, whose box is far higher than its characters are wide.
    """
    usual = float(median([detected_height(line) for line in page.lines] or [1.0]))
    return tuple(
        line
        for line in page.lines
        if line.text.strip()
        and not is_watermark(line.text)
        and not (line.height > _TALLEST * usual and len(line.text.strip()) <= 2)
        and not _is_of_a_code(page, line)
        and not _is_slanted(line, usual)
    )


def _is_of_a_code(page: PageReading, line: Line) -> bool:
    """True for what was read inside a decoded QR or PDF417 code: its modules look like letters."""
    if line.source is not _OCR or not page.codes:
        return False
    quad = page.quad(line.rect)
    x, y = sum(at[0] for at in quad) / 4, sum(at[1] for at in quad) / 4
    return any(
        min(at[0] for at in code.box) <= x <= max(at[0] for at in code.box)
        and min(at[1] for at in code.box) <= y <= max(at[1] for at in code.box)
        for code in page.codes
    )


def detected_height(line: Line) -> float:
    """The height a detector would give the line: a text layer boxes its characters more closely."""
    return line.height * (_TIGHT if line.source is _TEXT_LAYER else 1.0)


_TIGHT = 1.4


def _is_slanted(line: Line, usual: float) -> bool:
    """True for a few characters in a box so high that they must stand aslant in it."""
    count = len(line.text.strip())
    pitch = (line.rect[2] - line.rect[0]) / max(1, count)
    return (
        line.source is _OCR
        and 2 <= count <= 6
        and line.height > _SLANTED_HEIGHT * usual
        and line.height > _SLANTED_PITCH * pitch
    )


def vertical_overlap(a: Rect, b: Rect) -> float:
    """Share (0–1) of the lower of the two heights in which both stand side by side."""
    overlap = min(a[3], b[3]) - max(a[1], b[1])
    return max(0.0, overlap / max(1.0, min(a[3] - a[1], b[3] - b[1])))


def horizontal_overlap(a: Rect, b: Rect) -> float:
    """Share (0–1) of the narrower of the two widths in which both stand one above the other."""
    overlap = min(a[2], b[2]) - max(a[0], b[0])
    return max(0.0, overlap / max(1.0, min(a[2] - a[0], b[2] - b[0])))


def line_height(lines: Iterable[Line]) -> float:
    """The usual height of a line in pixels (1 when there is none)."""
    return float(median([line.height for line in lines] or [1.0]))


def rows_of(lines: Iterable[Line]) -> tuple[tuple[Line, ...], ...]:
    """Lines that stand side by side, as rows from top to bottom, each from left to right.

    A line joins a row when it overlaps by half its height with the nearest line of that row, so
    that a slightly slanted or curled row stays one row.
    """
    return _rows_of(tuple(lines))


@remember_last(4 * _PAGES)
def _rows_of(lines: tuple[Line, ...]) -> tuple[tuple[Line, ...], ...]:
    rows: list[list[Line]] = []
    reach: list[tuple[float, float]] = []
    """The top of the highest and the bottom of the lowest line of each row."""
    for line in sorted(lines, key=lambda each: (each.centre[1], each.rect[0])):
        _, top, _, bottom = line.rect
        for place in range(len(rows) - 1, max(len(rows) - 7, -1), -1):
            highest, lowest = reach[place]
            if top < lowest and bottom > highest and _belongs(line, rows[place]):
                rows[place].append(line)
                reach[place] = (min(highest, top), max(lowest, bottom))
                break
        else:
            rows.append([line])
            reach.append((top, bottom))
    for row in rows:
        row.sort(key=lambda each: each.rect[0])
    rows.sort(key=lambda row: sum(each.centre[1] for each in row) / len(row))
    return tuple(tuple(row) for row in rows)


@remember_last(_PAGES)
def row_runs(page: PageReading) -> tuple[TextRun, ...]:
    """The rows of the page's text lines, each as one compact run."""
    return tuple(TextRun.of_lines(page, row).compact() for row in rows_of(text_lines(page)))


def _belongs(line: Line, row: Sequence[Line]) -> bool:
    """True when the line stands beside the row's nearest line and on top of none of its lines."""
    rect = line.rect
    left, _, right, _ = rect
    nearest, least = row[0], float("inf")
    for each in row:
        start, _, end, _ = each.rect
        apart = max(start - right, left - end, 0.0)
        if apart == 0.0 and horizontal_overlap(rect, each.rect) > 0.5:
            return False
        if apart < least:
            nearest, least = each, apart
    return vertical_overlap(rect, nearest.rect) >= 0.5


@remember_last(_PAGES)
def gutter_of(page: PageReading) -> float | None:
    """The x of the fold of a two-page spread, or None when the page is not one.

    A spread is wider than high, and has a band near its middle that no line crosses, with at least
    two lines on either side (one, where the band is wide and right in the middle).
    """
    lines = text_lines(page)
    if page.upright_width < page.upright_height * 1.15 or len(lines) < 4:
        return None
    width = float(page.upright_width)
    edges = sorted((line.rect[0], line.rect[2]) for line in lines)
    best: tuple[float, float] | None = None
    reach = edges[0][1]
    for start, end in edges[1:]:
        middle = (reach + start) / 2
        if start - reach >= 0.02 * width and 0.33 * width <= middle <= 0.67 * width:
            best = max(best or (0.0, 0.0), (start - reach, middle))
        reach = max(reach, end)
    if best is None:
        return None
    left = sum(1 for line in lines if line.rect[2] <= best[1])
    is_plain = best[0] >= 0.05 * width and 0.4 * width <= best[1] <= 0.6 * width
    least = 1 if is_plain else 2
    return best[1] if least <= left <= len(lines) - least else None


@remember_last(_PAGES)
def columns_of(page: PageReading) -> tuple[tuple[Line, ...], ...]:
    """The text lines of the page in one group, or in two for a two-page spread (left, right)."""
    lines = text_lines(page)
    fold_x = gutter_of(page)
    if fold_x is None:
        return (lines,)
    left = tuple(line for line in lines if line.centre[0] < fold_x)
    right = tuple(line for line in lines if line.centre[0] >= fold_x)
    return (left, right)


@remember_last(_PAGES)
def reading_order(page: PageReading) -> tuple[Line, ...]:
    """The text lines column by column, row by row, from left to right."""
    return tuple(line for column in columns_of(page) for row in rows_of(column) for line in row)


@remember_last(_PAGES)
def page_run(page: PageReading) -> TextRun:
    """All text of the page in reading order as one compact run, for sentences broken over lines."""
    return TextRun.of_lines(page, reading_order(page)).compact()


_PROSE = 6
_SPLIT = 0.8
"""Space inside a row, in line heights, from which its parts are different blocks."""


@remember_last(_PAGES)
def page_blocks(page: PageReading) -> TextRun:
    """The text of the page as `page_run` gives it, with a break wherever a sentence cannot go on.

    A row goes on in the next when it reaches the right edge of its column and both are printed in
    the same size; parts of a row that stand wide apart are blocks of their own.
    """
    runs: list[TextRun] = []
    for column in columns_of(page):
        rows = rows_of(column)
        right = max((line.rect[2] for line in column if _is_prose(line)), default=float("inf"))
        for row, following in zip(rows, (*rows[1:], ()), strict=True):
            parts = [_with_wide_gaps(TextRun.of_line(page, line).compact()) for line in row]
            apart = [
                after.rect[0] - line.rect[2] >= _SPLIT * line.height
                for line, after in pairwise(row)
            ]
            ends = (*apart, any(apart) or not _goes_on(row, following, right))
            runs.extend(
                run.with_break() if end else run for run, end in zip(parts, ends, strict=True)
            )
    return TextRun.join(runs)


def _with_wide_gaps(run: TextRun) -> TextRun:
    """A line with a break in each space too wide for a sentence: two things read as one line."""
    cuts = [i for i, gap in enumerate(run.gaps()[:-1]) if i and gap >= _WIDE]
    if not cuts:
        return run
    bounds = [0, *cuts, len(run)]
    pieces = [run[a:b] for a, b in pairwise(bounds)]
    return TextRun.join([*(piece.with_break() for piece in pieces[:-1]), pieces[-1]])


_WIDE = 2.5


def _is_prose(line: Line) -> bool:
    """True for a line long enough to be part of a paragraph; ornaments read as OOOO are none."""
    return sum(1 for character in line.text if is_han(character)) >= _PROSE


def _goes_on(row: Sequence[Line], following: Sequence[Line], right: float) -> bool:
    """True when a sentence may run from the end of one row into the next."""
    if not following:
        return False
    last, first = row[-1], following[0]
    return (
        last.rect[2] >= right - 3.0 * last.height
        and 0.72 <= first.height / max(1.0, last.height) <= 1.38
        and abs(row[0].rect[0] - first.rect[0]) <= 4.0 * last.height
    )


@remember_last(_PAGES)
def page_paragraphs(page: PageReading) -> tuple[TextRun, ...]:
    """Lines that stand one under the other in one column, each chain of them as one compact run.

    In a form the text of a wide cell breaks while the label beside it runs down in lines of its
    own; row by row the two are woven into each other, here they are not.
    """
    chains: list[list[Line]] = []
    for line in sorted(text_lines(page), key=lambda each: each.rect[1]):
        chain = next((c for c in reversed(chains) if _stands_under(line, c[-1])), None)
        if chain is None:
            chains.append([line])
        else:
            chain.append(line)
    return tuple(TextRun.of_lines(page, chain).compact() for chain in chains)


def _stands_under(line: Line, upper: Line) -> bool:
    height = upper.height
    return (
        -0.5 * height <= line.rect[1] - upper.rect[3] <= 1.6 * height
        and 0.5 <= line.height / max(1.0, height) <= 2.0
        and abs(line.rect[0] - upper.rect[0]) <= 3.0 * height
        and horizontal_overlap(line.rect, upper.rect) >= 0.8
    )


def pages_run(pages: Iterable[PageReading]) -> TextRun:
    """The same over several pages."""
    return TextRun.join(page_run(page) for page in pages)


def pages_blocks(pages: Iterable[PageReading]) -> TextRun:
    """`page_blocks` over several pages."""
    return TextRun.join(page_blocks(page) for page in pages)


def cell_of(page: PageReading, rect: Rect) -> Rect | None:
    """The ruled table cell around a rectangle, or None when it is not closed in on all sides.

    Each side must be a rule that runs along the whole cell, so that ornaments, photo frames and
    underlines make no cell.
    """
    x, y = (rect[0] + rect[2]) / 2, (rect[1] + rect[3]) / 2
    slack = max(4.0, (rect[3] - rect[1]) * 0.4)
    across = [
        ((s.y0 + s.y1) / 2, min(s.x0, s.x1), max(s.x0, s.x1))
        for s in page.rules
        if abs(s.y1 - s.y0) <= abs(s.x1 - s.x0)
    ]
    down = [
        ((s.x0 + s.x1) / 2, min(s.y0, s.y1), max(s.y0, s.y1))
        for s in page.rules
        if abs(s.x1 - s.x0) < abs(s.y1 - s.y0)
    ]
    top = max((at for at, a, b in across if at < y and a - slack <= x <= b + slack), default=None)
    bottom = min(
        (at for at, a, b in across if at > y and a - slack <= x <= b + slack), default=None
    )
    left = max((at for at, a, b in down if at < x and a - slack <= y <= b + slack), default=None)
    right = min((at for at, a, b in down if at > x and a - slack <= y <= b + slack), default=None)
    if top is None or bottom is None or left is None or right is None:
        return None
    closed = (
        all(_runs_along(across, at, left, right, slack) for at in (top, bottom))
        and all(_runs_along(down, at, top, bottom, slack) for at in (left, right))
    )  # fmt: skip
    return (left, top, right, bottom) if closed else None


def _runs_along(
    rules: Iterable[tuple[float, float, float]], at: float, start: float, end: float, slack: float
) -> bool:
    return any(
        abs(place - at) <= slack and a <= start + slack and b >= end - slack
        for place, a, b in rules
    )
