"""Labels that a narrow cell breaks over two lines, put together again."""

from extractors.folding import compact
from extractors.label_words import Vocabulary
from pipeline.model.reading import Line, join_rects


def join_broken_labels(lines: tuple[Line, ...], known: Vocabulary) -> tuple[Line, ...]:
    """The lines, with a label that a narrow cell breaks over two lines as one line at mid-height.

    Both parts start alike, one right under the other, and together make a known word.
    """
    kept = list(lines)
    for upper in lines:
        start = compact(upper.text)
        if start not in known.beginnings:
            continue
        for lower in kept:
            height = min(upper.height, lower.height)
            is_under = (
                lower.centre[1] > upper.centre[1]
                and -0.4 * height <= lower.rect[1] - upper.rect[3] <= 0.7 * height
                and abs(lower.rect[0] - upper.rect[0]) <= 0.7 * height
            )
            if is_under and (start + compact(lower.text)).rstrip(":;") in known.texts:
                kept = [line for line in kept if line is not upper and line is not lower]
                kept.append(_joined(upper, lower))
                break
    return lines if len(kept) == len(lines) else tuple(kept)


def _joined(upper: Line, lower: Line) -> Line:
    """Two lines as one in the middle of both, its characters spread over their common width."""
    text = upper.text + lower.text
    left, top, right, bottom = join_rects((upper.rect, lower.rect))
    middle, half = (top + bottom) / 2, max(upper.height, lower.height) / 2
    step = (right - left) / len(text)
    return Line(
        text=text,
        rect=(left, middle - half, right, middle + half),
        confidence=min(upper.confidence, lower.confidence),
        spans=tuple((left + i * step, left + (i + 1) * step) for i in range(len(text))),
        source=upper.source,
    )
