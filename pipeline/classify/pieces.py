"""Several papers on one scan page: a page cut where one paper ends and another begins.

People lay a diploma beside a degree certificate, or an identity card above both, on one glass, or
paste a query's screenshot under a card. Such
a page bears the core sentences of two papers; it is cut along an empty band only when both sides
are papers by themselves.
"""

import re
from collections.abc import Iterator, Sequence

from extractors.layout import line_height, text_lines
from pipeline.classify.pages import ACCEPTED, PageKind, classify_page
from pipeline.model.kinds import DocumentKind as Kind
from pipeline.model.reading import Line, PageReading

_OF_A_RECORD = r"毕\(?结?\)?业(?:日期|时间)"
_CORES = {
    Kind.ID_CARD: r"公民身份|签发机关",
    Kind.DIPLOMA: r"准予(?:毕业|结业|肄业)",
    Kind.DEGREE_CERTIFICATE: r"授予.{1,14}?学位(?!证|单|日|的|年|授)",
    Kind.EDUCATION_RECORD: _OF_A_RECORD,
    Kind.EDUCATION_QUERY: _OF_A_RECORD,
    Kind.ACHIEVEMENT: r"特[发颁]此证|特此证明",
}
"""What each of the papers that are scanned together says once."""
_ONE_OF_A_KIND = {Kind.ID_CARD, Kind.EDUCATION_RECORD, Kind.EDUCATION_QUERY}
"""Papers of which two pieces on one page are parts of one: sides of a card, records of one query."""
_MARGIN = 0.15
_BAND = 0.8
"""Least height (or width) of the empty band between two papers, in line heights."""
_MOST_CUTS = 2


def pieces_of(page: PageReading, *, depth: int = 0) -> tuple[PageKind, ...]:
    """The page as one piece, or as the papers it holds, upper or left first, each with its kind."""
    whole = classify_page(page)
    if depth >= _MOST_CUTS or sum(_cores(whole.text).values()) < 2:
        return (whole,)
    best: tuple[float, PageKind, PageKind] | None = None
    for first, second in _cuts(page):
        halves = classify_page(first), classify_page(second)
        if all(_is_paper(half) for half in halves) and _are_apart(*halves):
            worth = min(half.weights[half.kind] for half in halves)
            if best is None or worth > best[0]:
                best = (worth, *halves)
    if best is None:
        return (whole,)
    return tuple(piece for half in best[1:] for piece in pieces_of(half.page, depth=depth + 1))


def _cores(text: str) -> dict[Kind, int]:
    """How often the core sentence of each paper stands in the text; both sides of a card are one."""
    counts = {kind: len(re.findall(core, text)) for kind, core in _CORES.items()}
    counts[Kind.ID_CARD] = min(1, counts[Kind.ID_CARD])
    counts[Kind.EDUCATION_QUERY] = 0  # a record and a query say the same; it is counted once
    return counts


def _is_paper(half: PageKind) -> bool:
    core = _CORES.get(half.kind)
    return (
        core is not None
        and half.weights[half.kind] >= ACCEPTED
        and re.search(core, half.text) is not None
    )


def _are_apart(first: PageKind, second: PageKind) -> bool:
    """True for two papers; the sides of one identity card are not two."""
    return first.kind is not second.kind or first.kind not in _ONE_OF_A_KIND


def _cuts(page: PageReading) -> Iterator[tuple[PageReading, PageReading]]:
    """The page cut in two along each empty band across it, then along each band down it."""
    lines = text_lines(page)
    least = _BAND * line_height(lines)
    for low, high, size in ((1, 3, page.upright_height), (0, 2, page.upright_width)):
        for at in _bands([(line.rect[low], line.rect[high]) for line in lines], least):
            if _MARGIN * size <= at <= (1 - _MARGIN) * size:
                before = [
                    each for each in page.lines if (each.rect[low] + each.rect[high]) / 2 < at
                ]
                after = [
                    each for each in page.lines if (each.rect[low] + each.rect[high]) / 2 >= at
                ]
                yield _piece(page, before), _piece(page, after)


def _bands(spans: Sequence[tuple[float, float]], least: float) -> Iterator[float]:
    """The middles of the stretches of at least that size that no span covers."""
    reach: float | None = None
    for start, end in sorted(spans):
        if reach is not None and start - reach >= least:
            yield (reach + start) / 2
        reach = end if reach is None else max(reach, end)


def _piece(page: PageReading, lines: Sequence[Line]) -> PageReading:
    return page.model_copy(update={"lines": tuple(lines)})
