"""Several readings of the same line put to the vote, character by character.

One reading alone is swayed by a pixel more or less around a crop, by a seal over the print, or by
what was done to take the seal away; those errors differ from reading to reading, the print does not.
"""

import unicodedata
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from rapidfuzz.distance import Levenshtein

from pipeline.reading.ctc import Glyph, Recognised
from pipeline.reading.weave import recognised, simplified

_ABSENT = 0.7
"""How much a reading that has no character in a place speaks against there being one."""
_GAP = 0.3
"""The same where the print has a gap that would hold a character."""
_WIDE = 1.5
_RARE = 2.0
"""A rare character is worth so much more than a common one that is as likely.

The recogniser learned from running text, where a rare character hardly occurs; in names they do.
When it holds one for half as likely as a common one, the print is usually the rare one."""
_RARE_FLOOR = 0.1
_ALTERNATIVES = 3
_ENOUGH = 4
FIRST_IDEOGRAPH = "\u3400"
_LEVEL_ONE = (0xB0, 0xD7)
"""First bytes of that level in GB 2312."""

Weights = defaultdict[str, float]


def vote(readings: Sequence[Recognised]) -> Recognised:
    """The reading that most of `readings` (at least one) bear out, in the places of the likeliest.

    The confidence of a character is the mean probability that the readings give it, so
    disagreement lowers it.
    """
    backbone = _most_agreed(readings)
    slots = [_weights() for _ in backbone.glyphs]
    gaps: list[list[tuple[Glyph, Weights]]] = [[] for _ in range(len(slots) + 1)]
    for reading in readings:
        _cast(reading, backbone, slots, gaps)
    count = len(readings)
    result: list[Glyph] = []
    for i in range(len(slots) + 1):
        for glyph, weights in gaps[i]:
            weights[""] += (_GAP if _is_wide(backbone, i) else _ABSENT) * (
                count - weights.pop("\n")
            )
            result += _elected(glyph, weights, count)
        if i < len(slots):
            result += _elected(backbone.glyphs[i], slots[i], count)
    return recognised(result)


def _weights() -> Weights:
    return defaultdict(float)


def _most_agreed(readings: Sequence[Recognised]) -> Recognised:
    """The reading that is most like the others; of equals the surest."""

    def agreement(reading: Recognised) -> tuple[float, float]:
        shared = sum(Levenshtein.normalized_similarity(reading.text, r.text) for r in readings)
        return (round(float(shared), 6), reading.score)

    return max(readings, key=agreement)


def _cast(
    reading: Recognised,
    backbone: Recognised,
    slots: list[Weights],
    gaps: list[list[tuple[Glyph, Weights]]],
) -> None:
    """Adds what one reading says to the places of the backbone, and to the gaps between them.

    In a gap, "\\n" counts the readings that have a character there.
    """
    for edit in Levenshtein.opcodes(backbone.text, reading.text):
        theirs = reading.glyphs[edit.dest_start : edit.dest_end]
        if edit.tag in ("equal", "replace"):
            for i, glyph in zip(range(edit.src_start, edit.src_end), theirs, strict=True):
                _add(slots[i], glyph)
        elif edit.tag == "delete":
            for i in range(edit.src_start, edit.src_end):
                slots[i][""] += _ABSENT
        else:
            gap = gaps[edit.src_start]
            for k, glyph in enumerate(theirs):
                if k == len(gap):
                    gap.append((glyph, _weights()))
                _add(gap[k][1], glyph)
                gap[k][1]["\n"] += 1


def _is_wide(reading: Recognised, place: int) -> bool:
    """True when the characters before and after a place stand further apart than usual."""
    centres = [glyph.centre for glyph in reading.glyphs]
    if not 0 < place < len(centres) or len(centres) < _ENOUGH:
        return False
    pitch = float(np.median(np.diff(centres)))
    return centres[place] - centres[place - 1] > _WIDE * pitch


def _add(weights: Weights, glyph: Glyph) -> None:
    weights[glyph.char] += glyph.confidence
    for char, chance in glyph.alternatives:
        weights[char] += chance


def _elected(place: Glyph, weights: Weights, count: int) -> list[Glyph]:
    """The character with the most weight in one place, or nothing where most have none.

    Wide and narrow forms of a bracket count as one when it is asked whether there is one.
    """
    shapes = _weights()
    for char, weight in weights.items():
        shapes[unicodedata.normalize("NFKC", char)] += weight
    shape = max(sorted(shapes), key=lambda c: shapes[c])
    if not shape:
        return []
    if len(shape) == 1 and shape.isalpha():
        best = max(sorted(weights), key=lambda c: weights[c] * _worth(c, weights[c] / count))
    else:
        same = [c for c in sorted(weights) if unicodedata.normalize("NFKC", c) == shape]
        best = max(same, key=lambda c: weights[c])
    ranked = sorted((c for c in weights if c != best), key=lambda c: (-weights[c], c))
    return [
        Glyph(
            char=best,
            confidence=min(1.0, weights[best] / count),
            centre=place.centre,
            alternatives=tuple((c, weights[c] / count) for c in ranked[:_ALTERNATIVES]),
        )
    ]


def _worth(char: str, chance: float) -> float:
    """What a vote for a character counts: more for a rare ideograph that is no traditional form."""
    if char < FIRST_IDEOGRAPH or chance < _RARE_FLOOR or is_everyday(char):
        return 1.0
    return _RARE if simplified(char) == char else 1.0


def is_everyday(char: str) -> bool:
    """True for the 3 755 ideographs of the first level of GB 2312, sorted by use, not by shape."""
    try:
        code = char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return _LEVEL_ONE[0] <= code[0] <= _LEVEL_ONE[1]
