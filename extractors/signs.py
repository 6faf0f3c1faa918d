"""What the paper itself says for and against a value that was read from it.

Signs are taken from the reading and the field alone, the same way for every kind of paper: they
are what `extractors.calibration` makes a probability of. None of them comes from a declaration.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import quantiles

from extractors.folding import fold
from pipeline.model.document import DocumentReading, Evidence
from pipeline.model.reading import Line, LineSource, PageReading, Rect

_SHORTEST_REPEAT = 2
"""Characters from which on a value that stands on the paper a second time bears itself out."""
_TENTH = 10


@dataclass(frozen=True, slots=True)
class Signs:
    """How a value was read. Scores are 0–1; none of them is a probability by itself."""

    score: float
    """What the extractor made of grammar, label and reading (`extractors.confidence`)."""
    weakest: float
    """The lowest recogniser score of a character of the value."""
    page: float
    """The tenth percentile of the character scores of its page: how well that page reads at all."""
    is_read_alike: bool
    """False when a second reading of the same pixels says something else at the value's place."""
    is_as_printed: bool
    """False when structure repaired the value."""
    is_typed: bool
    """True when all its characters come from a trusted text layer."""
    is_repeated: bool
    """True when the same characters stand on another line of the same paper."""


class PaperSigns:
    """The signs of the values of one paper. Made once a paper: it remembers its pages' scores, and
    where its lines stand."""

    def __init__(self, document: DocumentReading) -> None:
        self.pages = document.pages
        self._pages = {page.number: page for page in document.pages}
        self._quality = {page.number: _page_score(page) for page in document.pages}
        self._placed = {
            page.number: [(line, *_bounds(page.quad(line.rect))) for line in page.lines]
            for page in document.pages
        }
        self._middles: dict[int, list[tuple[float, float]]] = {}
        self._texts = [
            (line, "".join(fold(line.text).split()))
            for page in document.pages
            for line in page.lines
        ]

    def of(self, score: float, evidence: Sequence[Evidence], *, repaired: bool) -> Signs:
        """The signs of a value that has this raw score and stands at `evidence`."""
        parts = [part for item in evidence for part in self._parts(item)]
        scores = [s for line, start, end in parts for s in line.scores[start:end]]
        worst = min((line.confidence for line, _, _ in parts if not line.scores), default=1.0)
        pages = {item.page for item in evidence}
        return Signs(
            score=score,
            weakest=min([*scores, worst]) if parts else min(score, 1.0),
            page=min((self._quality.get(number, 1.0) for number in pages), default=1.0),
            is_read_alike=not any(_reads_otherwise(line, start, end) for line, start, end in parts),
            is_as_printed=not repaired,
            is_typed=bool(parts) and all(x.source is LineSource.TEXT_LAYER for x, _, _ in parts),
            is_repeated=self._is_repeated(evidence, {id(line) for line, _, _ in parts}),
        )

    def _parts(self, item: Evidence) -> Iterator[tuple[Line, int, int]]:
        """The lines that the evidence lies on, each with the slice of it that the evidence covers."""
        page = self._pages.get(item.page)
        if page is None:
            return
        left, top, right, bottom = _bounds(item.box)
        for line, x0, y0, x1, y1 in self._placed[item.page]:
            if x0 > right or x1 < left or y0 > bottom or y1 < top:
                continue
            middle = ((top + bottom) / 2, (left + right) / 2)
            if not (y0 <= middle[0] <= y1 or x0 <= middle[1] <= x1):
                continue
            start, end = self._slice_of(page, line, item, (x0, y0, x1, y1))
            if end > start:
                yield line, start, end

    def _slice_of(
        self, page: PageReading, line: Line, item: Evidence, bounds: Rect
    ) -> tuple[int, int]:
        """The characters of the line whose middles lie in the evidence (its own text where that fits).

        `bounds` are those of the line in the upload frame.
        """
        at = line.text.find(item.raw) if item.raw else -1
        while at >= 0:
            end = at + len(item.raw)
            if page.quad(line.rect_of(at, end)) == item.box:
                return at, end
            at = line.text.find(item.raw, at + 1)
        left, top, right, bottom = _bounds(item.box)
        x0, y0, x1, y1 = bounds
        is_covered = left <= x0 and x1 <= right and top <= y0 and y1 <= bottom
        if is_covered and not page.turned and _lies_in_box(line):
            return 0, len(line.text)
        inside = [
            i
            for i, (x, y) in enumerate(self._middles_of(page, line))
            if left <= x <= right and top <= y <= bottom
        ]
        return (inside[0], inside[-1] + 1) if inside else (0, 0)

    def _middles_of(self, page: PageReading, line: Line) -> list[tuple[float, float]]:
        """The middle of each character of the line, in the upload frame."""
        found = self._middles.get(id(line))
        if found is None:
            boxes = [_bounds(page.quad(line.rect_of(i, i + 1))) for i in range(len(line.text))]
            found = [((x0 + x1) / 2, (y0 + y1) / 2) for x0, y0, x1, y1 in boxes]
            self._middles[id(line)] = found
        return found

    def _is_repeated(self, evidence: Sequence[Evidence], own: set[int]) -> bool:
        said = "".join(fold("".join(item.raw for item in evidence)).split())
        if len(said) < _SHORTEST_REPEAT:
            return False
        return any(said in text for line, text in self._texts if id(line) not in own)


def _lies_in_box(line: Line) -> bool:
    """True when no character reaches over either end of the line's own rectangle."""
    left, _, right, _ = line.rect
    return all(left <= start and end <= right for start, end in line.spans)


def _reads_otherwise(line: Line, start: int, end: int) -> bool:
    """True when the second reading of the line does not hold what the first says at this place."""
    if line.alternative is None:
        return False
    first = "".join(fold(line.text[start:end]).split())
    return first not in "".join(fold(line.alternative).split())


def _page_score(page: PageReading) -> float:
    scores = [s for line in page.lines for s in line.scores]
    if len(scores) < _TENTH:
        return min(scores, default=1.0)
    return quantiles(scores, n=_TENTH)[0]


def _bounds(quad: Iterable[tuple[float, float]]) -> tuple[float, float, float, float]:
    xs, ys = zip(*quad, strict=True)
    return min(xs), min(ys), max(xs), max(ys)
