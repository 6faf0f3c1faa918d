"""Letters of a seal that stand in the row of a value, and the holes that seals leave in names.

Print of one value has one size and one pitch. What stands in its row in another size, or off its
middle, is no part of it; where its pitch breaks, a character is hidden.
"""

from itertools import pairwise
from statistics import median

from extractors.folding import is_han
from extractors.layout import vertical_overlap
from extractors.textrun import Glyph, TextRun
from pipeline.model.reading import Line, LineSource

_SMALLER, _LARGER = 0.74, 1.38
_OFF_MIDDLE = 0.3
_SHORT = 2
_HOLE = 0.55


def without_strays(run: TextRun) -> TextRun:
    """The run without short lines that stand in its row in another size or at another height."""
    slices = run.slices()
    lines = {id(line): line for _, line, _, _ in slices}
    if len(lines) < 2:
        return run
    counts = {key: sum(1 for g in run.glyphs if id(g.line) == key) for key in lines}
    main = lines[max(counts, key=lambda key: counts[key])]
    strays = {
        key
        for key, line in lines.items()
        if line is not main
        and counts[key] <= max(_SHORT, counts[id(main)] // 3)
        and _is_stray(line, main)
    }
    kept = [i for i, g in enumerate(run.glyphs) if id(g.line) not in strays]
    if len(kept) == len(run.glyphs):
        return run
    return TextRun("".join(run.text[i] for i in kept), tuple(run.glyphs[i] for i in kept))


def _is_stray(line: Line, main: Line) -> bool:
    if line.source is not LineSource.OCR or vertical_overlap(line.rect, main.rect) < 0.3:
        return False
    ratio = line.height / max(1.0, main.height)
    off = abs(line.centre[1] - main.centre[1]) / max(1.0, main.height)
    return not _SMALLER <= ratio <= _LARGER or off > _OFF_MIDDLE


def has_broken_row(run: TextRun) -> bool:
    """True when two lines of one row join where a character must be missing between them.

    The space at the joint is compared with the usual space between the run's characters, so that
    widely spaced print is not taken for broken.
    """
    pairs = [(a, b) for a, b in pairwise(run.glyphs) if _in_one_row(a, b)]
    joints = [_gap(a, b) for a, b in pairs if a.line is not b.line]
    if not joints:
        return False
    usual = median(_gap(a, b) for a, b in pairs)
    return any(gap > usual + _HOLE for gap in joints)


def _in_one_row(a: Glyph, b: Glyph) -> bool:
    both = is_han(a.line.text[a.index]) and is_han(b.line.text[b.index])
    return (
        both
        and a.page is b.page
        and a.line.source is LineSource.OCR
        and (a.line is b.line or vertical_overlap(a.line.rect, b.line.rect) >= 0.5)
    )


def _gap(a: Glyph, b: Glyph) -> float:
    height = max(1.0, min(a.line.height, b.line.height))
    return (b.line.spans[b.index][0] - a.line.spans[a.index][1]) / height
