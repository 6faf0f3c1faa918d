"""Labels of a form and the values that belong to them, wherever the layout puts them.

Every paper of this trade prints `label value` pairs: on one line with or without a colon, in
neighbouring cells, one above the other, or as cards with the value at the far right. A value ends
where the next known label begins, so a missing value never takes its neighbour's label.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from extractors.broken_labels import join_broken_labels
from extractors.label_words import USUAL_SPREAD, Vocabulary, vocabulary_of
from extractors.label_words import Label as Label
from extractors.layout import (
    cell_of,
    horizontal_overlap,
    rows_of,
    text_lines,
    vertical_overlap,
)
from extractors.remembering import remember_last
from extractors.textrun import TextRun
from pipeline.model.reading import Line, PageReading, Rect, join_rects

_COLON = ":;"
_BEFORE_VALUE = " \t\u3000:;：；_"
_GAP = 0.45
"""Space, in line heights, that separates a label from what stands before or after it."""


@dataclass(frozen=True, slots=True, eq=False)
class LabelHit:
    """A label found on the page. `certainty` (0–1) says how sure it is that it is that label."""

    key: str
    label: Label | None
    run: TextRun
    row: int
    start: int
    end: int
    certainty: float
    has_colon: bool

    @property
    def rect(self) -> Rect:
        return join_rects(line.rect_of(a, b) for _, line, a, b in self.run.slices())


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """What stands where the value of a label belongs; `run` is as printed (not folded), never empty."""

    hit: LabelHit
    run: TextRun
    certainty: float


@dataclass(frozen=True)
class LabelledPage:
    """A page with its labels found. Build it with `label_page`."""

    page: PageReading
    labels: tuple[Label, ...]
    stops: tuple[str, ...]
    lines: tuple[Line, ...]
    _cache: dict[str, tuple[Value, ...]] = field(default_factory=dict)

    @cached_property
    def rows(self) -> tuple[TextRun, ...]:
        """Each row as one run, spaces kept as they were printed."""
        return _row_runs(self.page, self.lines)

    @cached_property
    def compact_rows(self) -> tuple[TextRun, ...]:
        """Each row folded and without white space: what labels are looked for in."""
        return _compact_rows(self.rows)

    @cached_property
    def gaps(self) -> tuple[list[float], ...]:
        """For each compact row the space before each of its characters, and behind the last."""
        return _gaps_in(self.compact_rows)

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """Every word that is a label or ends a value."""
        return vocabulary_of(self.labels, self.stops)

    @cached_property
    def hits(self) -> tuple[LabelHit, ...]:
        """Every label and stop word found, in reading order."""
        return tuple(
            hit for i, row in enumerate(self.compact_rows) for hit in _hits_in_row(self, i, row)
        )

    @cached_property
    def labelled_rows(self) -> frozenset[int]:
        """The rows in which a label or a stop word stands."""
        return frozenset(hit.row for hit in self.hits)

    @cached_property
    def row_of(self) -> dict[int, int]:
        """The row of each line, by the line's identity."""
        return {id(g.line): i for i, row in enumerate(self.rows) for g in row.glyphs}

    @cached_property
    def _prefers_below(self) -> bool:
        """True when this page puts values under their labels more often than beside them."""
        keyed = [hit for hit in self.hits if hit.label is not None]
        beside = sum(1 for hit in keyed if _beside(self, hit))
        return beside * 2 < len(keyed)

    def values(self, key: str) -> tuple[Value, ...]:
        """All values of the label `key`, the surest first (reading order among equals)."""
        if key not in self._cache:
            found = [
                value
                for hit in self.hits
                if hit.key == key and hit.label is not None and (value := self._value(hit))
            ]
            self._cache[key] = tuple(sorted(found, key=lambda value: -value.certainty))
        return self._cache[key]

    def has(self, key: str) -> bool:
        """True when the label stands on the page, with or without a value."""
        return any(hit.key == key for hit in self.hits)

    def _value(self, hit: LabelHit) -> Value | None:
        label = hit.label
        assert label is not None
        run = _beside(self, hit)
        certainty = hit.certainty
        if not run and label.wraps:
            run = _straddling(self, hit)
        if not run and label.below and self._prefers_below:
            run, certainty = _below(self, hit), certainty * 0.95
        if not run:
            return None
        if label.wraps:
            run = _with_continuation(self, hit, run)
        return Value(hit, run, certainty)


def label_page(
    page: PageReading, labels: Sequence[Label], *, stops: Iterable[str] = (),
    lines: Sequence[Line] | None = None,
) -> LabelledPage:  # fmt: skip
    """The page with `labels` found on it; `stops` are further words that end a value.

    `lines` restricts the search to part of the page (e.g. one column of a spread).
    """
    chosen = text_lines(page) if lines is None else tuple(lines)
    sheet = LabelledPage(page, tuple(labels), tuple(stops), chosen)
    return replace(sheet, lines=join_broken_labels(chosen, sheet.vocabulary))


@remember_last(64)
def _row_runs(page: PageReading, lines: tuple[Line, ...]) -> tuple[TextRun, ...]:
    return tuple(TextRun.of_lines(page, row) for row in rows_of(lines))


@remember_last(64)
def _compact_rows(rows: tuple[TextRun, ...]) -> tuple[TextRun, ...]:
    return tuple(row.compact() for row in rows)


@remember_last(64)
def _gaps_in(rows: tuple[TextRun, ...]) -> tuple[list[float], ...]:
    return tuple(row.gaps() for row in rows)


def label_values(
    pages: Iterable[PageReading], labels: Sequence[Label], *, stops: Iterable[str] = ()
) -> dict[str, tuple[Value, ...]]:
    """The values of every label over several pages, the surest first."""
    stops = tuple(stops)
    return values_of([label_page(page, labels, stops=stops) for page in pages], labels)


def values_of(
    sheets: Sequence[LabelledPage], labels: Sequence[Label]
) -> dict[str, tuple[Value, ...]]:
    """The values of `labels` on all the sheets, the surest first."""
    return {
        label.key: tuple(
            sorted(
                (value for sheet in sheets for value in sheet.values(label.key)),
                key=lambda value: -value.certainty,
            )
        )
        for label in labels
    }


def _hits_in_row(sheet: LabelledPage, row: int, run: TextRun) -> list[LabelHit]:
    """The labels of one row (a compact run), left to right; a longer label wins over a shorter."""
    taken: list[LabelHit] = []
    for start, word, label in sheet.vocabulary.found_in(run.text):
        end = start + len(word)
        if any(hit.start < end and start < hit.end for hit in taken):
            continue
        certainty = _certainty(sheet.gaps[row], run, start, end, label)
        if certainty:
            taken.append(_hit(run, row, start, end, label, word, certainty))
    misread = _misread_labels(sheet, row, run, taken)
    taken = [hit for hit in taken if not any(_heads(hit, other) for other in misread)]
    return sorted([*taken, *misread], key=lambda hit: hit.start)


def _heads(hit: LabelHit, longer: LabelHit) -> bool:
    """True for a short label that is the head of a longer one with a misread character (学校|名粉)."""
    return hit.start == longer.start and hit.end < longer.end and hit.key == longer.key


def _hit(
    run: TextRun, row: int, start: int, end: int, label: Label | None, word: str, certainty: float
) -> LabelHit:
    has_colon = end < len(run) and run.text[end] in _COLON
    key = label.key if label else word
    return LabelHit(key, label, run[start:end], row, start, end, certainty, has_colon)


def _certainty(
    gaps: Sequence[float], run: TextRun, start: int, end: int, label: Label | None
) -> float:
    """How sure `run[start:end]` is a label and not part of a sentence; 0 when it is not."""
    if any(gap > 6 for gap in gaps[start + 1 : end]):
        return 0.0
    before = gaps[start]
    colon = end < len(run) and run.text[end] in _COLON
    after = gaps[end]
    apart = before >= _GAP or not run.text[start - 1].isalnum()
    if colon:
        return 1.0 if apart else 0.93
    if before >= _GAP and after >= _GAP:
        return 0.98
    if (apart and run.text[start - 1 : start] in ("", ")", "|", ",", ";", "，", "、", "。")) or (
        before >= _GAP
    ):
        strict = label is not None and label.strict
        return 0.0 if strict or (label is None and end - start < 3) else 0.9
    return 0.0


def _misread_labels(
    sheet: LabelledPage, row: int, run: TextRun, taken: Sequence[LabelHit]
) -> list[LabelHit]:
    """Labels that were read with one wrong, missing or added character."""
    hits: list[LabelHit] = []
    gaps = sheet.gaps[row]
    start = 0
    last = len(run)
    ends = [i for i, c in enumerate(run.text) if i and (c in _COLON or gaps[i] >= _GAP)]
    for end in (*ends, last) if last else ():
        part = run.text[start:end].strip(_COLON)
        offset = start + len(run.text[start:end]) - len(run.text[start:end].lstrip(_COLON))
        known = [hit for hit in taken if hit.start < end and offset < hit.end]
        is_head = all(h.start == offset and h.end <= offset + len(part) - 2 for h in known)
        if is_head and 3 <= len(part) <= 12:
            near = sheet.vocabulary.near(part)
            keys = {label.key if label else word for word, label in near}
            if len(keys) == 1 and {hit.key for hit in known} <= keys:
                word, label = near[0]
                hits.append(_hit(run, row, offset, offset + len(part), label, word, 0.85))
        start = end
    return hits


def _original(sheet: LabelledPage, hit: LabelHit, start: int, end: int | None) -> TextRun:
    """The printed (uncompacted) text of the hit's row between two positions of its compact run."""
    row, folded = sheet.rows[hit.row], sheet.compact_rows[hit.row]
    if start >= len(folded):
        return TextRun("", ())
    last = len(folded) if end is None else end
    places = {(id(g.line), g.index): i for i, g in enumerate(row.glyphs)}
    first, final = folded.glyphs[start], folded.glyphs[last - 1]
    return row[places[(id(first.line), first.index)] : places[(id(final.line), final.index)] + 1]


def _beside(sheet: LabelledPage, hit: LabelHit) -> TextRun:
    """What stands to the right of the label in its row, up to the next label or a wide gap."""
    following = [
        other.start for other in sheet.hits if other.row == hit.row and other.start >= hit.end
    ]
    stop = min(following, default=None)
    if stop is not None and stop <= hit.end:
        return TextRun("", ())
    run = _original(sheet, hit, hit.end, stop)
    run = run.strip(_BEFORE_VALUE)
    spread = hit.label.spread if hit.label else USUAL_SPREAD
    for position in range(1, len(run)):
        if run.gap_before(position) > spread and run.glyphs[position].line is not (
            run.glyphs[position - 1].line
        ):
            run = run[:position]
            break
    return run.strip(_BEFORE_VALUE)


def _straddling(sheet: LabelledPage, hit: LabelHit) -> TextRun:
    """A value of two lines that stand above and below the middle of a label in its own row."""
    height = hit.rect[3] - hit.rect[1]
    middle = (hit.rect[1] + hit.rect[3]) / 2
    labelled = sheet.labelled_rows
    near = [
        line
        for line in sheet.lines
        if line.rect[0] > hit.rect[2]
        and abs(line.centre[1] - middle) < 1.1 * max(height, line.height)
        and sheet.row_of.get(id(line), -1) not in labelled
    ]
    return TextRun.of_lines(sheet.page, sorted(near, key=lambda line: line.centre[1]))


def _below(sheet: LabelledPage, hit: LabelHit) -> TextRun:
    """The line under the label, when it is no label itself."""
    height = hit.rect[3] - hit.rect[1]
    taken = [other.rect for other in sheet.hits]
    under = [
        line
        for line in sheet.lines
        if line.centre[1] - (hit.rect[1] + hit.rect[3]) / 2 > 0
        and line.rect[1] - hit.rect[3] <= 2.2 * height
        and (
            horizontal_overlap(line.rect, hit.rect) > 0.3
            or abs(line.rect[0] - hit.rect[0]) <= 1.5 * height
        )
    ]
    if not under:
        return TextRun("", ())
    line = min(under, key=lambda each: each.rect[1])
    is_label = any(
        vertical_overlap(line.rect, rect) > 0.5 and horizontal_overlap(line.rect, rect) > 0.5
        for rect in taken
    )
    return TextRun("", ()) if is_label else TextRun.of_line(sheet.page, line).strip(_BEFORE_VALUE)


def _with_continuation(sheet: LabelledPage, hit: LabelHit, run: TextRun) -> TextRun:
    """The value with the lines that carry it on, by its ruled cell or by its left or right edge."""
    in_cell = _in_cell(sheet, hit, run)
    if in_cell is not None:
        return in_cell
    last = run.glyphs[-1].line
    left, right = run.glyphs[0].rect[0], last.rect[2]
    for line in sorted(sheet.lines, key=lambda each: each.rect[1]):
        height = min(last.height, line.height)
        gap = line.rect[1] - last.rect[3]
        starts_alike = abs(line.rect[0] - left) <= 1.3 * height
        ends_alike = abs(line.rect[2] - right) <= 1.0 * height and line.rect[0] >= hit.rect[2]
        fills = hit.has_colon and hit.rect[0] - height <= line.rect[0] <= left and (
            right >= max(each.rect[2] for each in sheet.lines) - 3 * height
        )  # fmt: skip
        if (
            line.centre[1] > last.centre[1] + 0.5 * height
            and -0.4 * height <= gap <= 0.9 * height
            and line.height <= 1.6 * last.height
            and (starts_alike or ends_alike or fills)
            and not _has_label(sheet, line)
            and not _has_own_label(sheet, hit, line)
        ):
            run, last = TextRun.join((run, _from_here(sheet, line))), line
    return run


def _has_label(sheet: LabelledPage, line: Line) -> bool:
    """True when a label stands in the line's row, unless it stands behind it and well apart (on what
    lies beside it: the other side of a card)."""
    row = sheet.row_of.get(id(line), -1)
    return row in sheet.labelled_rows and any(
        hit.rect[0] < line.rect[2] + line.height for hit in sheet.hits if hit.row == row
    )


def _has_own_label(sheet: LabelledPage, hit: LabelHit, line: Line) -> bool:
    """True when another label, one that nobody knows, stands before the line under the hit's own."""
    head = sheet.rows[sheet.row_of[id(line)]].glyphs[0].line if id(line) in sheet.row_of else line
    return (
        head is not line
        and len(head.text.strip()) >= _LABEL_LENGTH
        and head.rect[2] <= line.rect[0]
        and horizontal_overlap(head.rect, hit.rect) > 0.5
    )


_LABEL_LENGTH = 3


def _from_here(sheet: LabelledPage, line: Line) -> TextRun:
    """The line with what goes on behind it in its row: a detector may cut a line in two."""
    row = sheet.rows[sheet.row_of[id(line)]]
    start = next(i for i, g in enumerate(row.glyphs) if g.line is line)
    end = next(
        (
            i
            for i in range(start + 1, len(row))
            if row.glyphs[i].line is not row.glyphs[i - 1].line and row.gap_before(i) > _JOINT
        ),
        len(row),
    )
    return row[start:end]


_JOINT = 0.6


def _in_cell(sheet: LabelledPage, hit: LabelHit, run: TextRun) -> TextRun | None:
    """All lines of the ruled cell that the value begins in; None when there is no such cell."""
    first = run.glyphs[0].line
    cell = cell_of(sheet.page, join_rects(line.rect_of(a, b) for _, line, a, b in run.slices()))
    if cell is None or cell[0] < hit.rect[0] + (hit.rect[2] - hit.rect[0]) * 0.5:
        return None
    labelled = sheet.labelled_rows - {hit.row}
    inside = [
        line
        for line in sheet.lines
        if cell[0] <= line.centre[0] <= cell[2]
        and cell[1] <= line.centre[1] <= cell[3]
        and sheet.row_of.get(id(line), -1) not in labelled
    ]
    if first not in inside or not 2 <= len(inside) <= 6:
        return None
    return TextRun.of_lines(sheet.page, sorted(inside, key=lambda line: line.centre[1]))
