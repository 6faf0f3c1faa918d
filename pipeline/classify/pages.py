"""The kind of one page, by the anchors of `anchors.ANCHORS`."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from rapidfuzz import fuzz

from extractors.folding import compact
from extractors.layout import page_run, reading_order
from extractors.textrun import TextRun
from pipeline.classify.anchors import ANCHORS, Anchor
from pipeline.model.kinds import DocumentKind
from pipeline.model.reading import PageReading

ACCEPTED = 2.9
"""The weight of anchors from which a page is of a kind."""
_NEAR = 86.0
_LEAST_TEXT = 3
_HEAD = 0.45


@dataclass(frozen=True, slots=True)
class PageKind:
    """What a page looks like by itself. `weights` are the sums per kind, `anchors` what decided."""

    page: PageReading
    text: str
    kind: DocumentKind
    confidence: float
    anchors: tuple[str, ...]
    weights: Mapping[DocumentKind, float]
    opens: bool
    """True when an anchor of a first page stands in the upper part of this one."""


def classify_page(page: PageReading) -> PageKind:
    """The page's kind: `blank` without text, `unknown` when no kind's anchors weigh enough."""
    text = page_run(page).text
    if page.is_blank or (not text and not page.lines):
        return PageKind(page, text, DocumentKind.BLANK, 1.0, (), {}, opens=False)
    found = {kind: _found(anchors, text) for kind, anchors in ANCHORS.items()}
    weights = {kind: sum(anchor.weight for anchor in anchors) for kind, anchors in found.items()}
    ranked = sorted(weights.items(), key=lambda each: -each[1])
    (kind, best), second = ranked[0], ranked[1][1]
    if best < ACCEPTED or len(text) < _LEAST_TEXT:
        doubt = _certainty(ACCEPTED - best)
        return PageKind(page, text, DocumentKind.UNKNOWN, doubt, (), weights, opens=False)
    decided = tuple(anchor.name for anchor in found[kind] if anchor.weight > 0)
    head = _head(page)
    opens = any(anchor.opens and _holds(anchor, head) for anchor in found[kind])
    return PageKind(
        page, text, kind, _certainty(min(best, best - max(0.0, second))), decided, weights, opens
    )


def _head(page: PageReading) -> str:
    """The text of the upper part of the page, where titles stand."""
    upper = [line for line in reading_order(page) if line.centre[1] <= _HEAD * page.upright_height]
    return TextRun.of_lines(page, upper).compact().text


def _found(anchors: tuple[Anchor, ...], text: str) -> list[Anchor]:
    return [anchor for anchor in anchors if _holds(anchor, text)]


def _holds(anchor: Anchor, text: str) -> bool:
    if not anchor.near:
        mere_words = _words(anchor.pattern)
        if mere_words is not None:
            return any(word in text for word in mere_words)
        return _compiled(anchor.pattern).search(text) is not None
    words = compact(anchor.pattern)
    if words in text:
        return True
    if len(words) < 6 or len(text) < len(words):
        return False
    place = fuzz.partial_ratio_alignment(words, text, score_cutoff=_NEAR)
    return place is not None and anchor.near in text[place.dest_start : place.dest_end]


@cache
def _words(pattern: str) -> tuple[str, ...] | None:
    """The words of a pattern that is nothing but words, any of which it asks for; None for others.

    Most patterns are such, and a word is found many times faster than a pattern.
    """
    words = tuple(pattern.split("|"))
    return words if all(re.escape(word) == word and word for word in words) else None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """The pattern, compiled once: there are more of them than the `re` module remembers."""
    return re.compile(pattern)


def _certainty(margin: float) -> float:
    """0.5 for no margin, 0.95 for a lead of 3, towards 1 beyond."""
    return round(1 / (1 + math.exp(-margin)), 4)
