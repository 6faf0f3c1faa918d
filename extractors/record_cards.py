"""Several records on one screenshot: the card of the highest schooling, apart from the others.

The account of 学信网 lists every schooling of its holder as one card under another. Read as one form,
the school of one card would stand beside the number of another.
"""

from collections.abc import Sequence
from itertools import pairwise

from extractors.labels import Label, LabelHit, LabelledPage, label_page
from extractors.layout import line_height
from extractors.schooling import parse_level
from pipeline.model.reading import PageReading

_RANKS = ("大学专科", "大学本科", "第二学士学位", "硕士研究生", "博士研究生")
_TELLING = ("diploma_number", "institution", "level", "graduated_on", "enrolled_on")
_LEAST_REPEATED = 2


def highest_card(
    page: PageReading, labels: Sequence[Label], stops: Sequence[str]
) -> tuple[LabelledPage, int]:
    """The page with its labels, narrowed to the card of the highest level and what stands above all
    cards where there are several; and how many there are."""
    sheet = label_page(page, labels, stops=stops)
    starts = _starts(sheet)
    if len(starts) < _LEAST_REPEATED:
        return sheet, 1
    above = tuple(line for line in sheet.lines if line.centre[1] < starts[0])
    bounds = (*starts, float("inf"))
    cards = [
        label_page(
            page, labels, stops=stops,
            lines=(*above, *(each for each in sheet.lines if low <= each.centre[1] < high)),
        )
        for low, high in pairwise(bounds)
    ]  # fmt: skip
    return max(cards, key=_rank), len(cards)


def _starts(sheet: LabelledPage) -> list[float]:
    """The upper edge of each card: where the first label that every card repeats stands."""
    keyed: dict[str, list[LabelHit]] = {}
    for hit in sheet.hits:
        if hit.label is not None:
            keyed.setdefault(hit.key, []).append(hit)
    repeated = {key: _in_rows(hits) for key, hits in keyed.items() if len(_in_rows(hits)) > 1}
    telling = [key for key in _TELLING if key in repeated]
    if "diploma_number" not in telling or len(telling) < _LEAST_REPEATED:
        return []
    count = len(repeated["diploma_number"])
    whole = {key: hits for key, hits in repeated.items() if len(hits) == count}
    first = min(whole, key=lambda key: whole[key][0].rect[1])
    height = line_height(sheet.lines)
    return [hit.rect[1] - 0.3 * height for hit in whole[first]]


def _in_rows(hits: Sequence[LabelHit]) -> list[LabelHit]:
    """The hits, one a row: two names of one label in one row are one."""
    rows: dict[int, LabelHit] = {}
    for hit in hits:
        rows.setdefault(hit.row, hit)
    return list(rows.values())


def _rank(card: LabelledPage) -> int:
    values = card.values("level")
    level = parse_level(values[0].run.text) if values else None
    return _RANKS.index(level) if level in _RANKS else -1
