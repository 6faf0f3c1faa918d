"""From the recogniser's column probabilities to characters with places, scores and alternatives."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_ALTERNATIVES = 3
_ALTERNATIVE_FLOOR = 0.005


@dataclass(frozen=True, slots=True)
class Glyph:
    """One recognised character.

    `confidence` is the recogniser's own probability of it in its best column; `centre` is its
    middle as a fraction of the crop's width; `alternatives` are the next likely characters there
    with their probabilities, best first ("" stands for no character at all).
    """

    char: str
    confidence: float
    centre: float
    alternatives: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Recognised:
    """A recognised crop: its characters from left to right, and their mean confidence (0 if none)."""

    glyphs: tuple[Glyph, ...]
    score: float

    @property
    def text(self) -> str:
        return "".join(glyph.char for glyph in self.glyphs)


def decode(
    probabilities: NDArray[np.float32], characters: Sequence[str], used: float
) -> Recognised:
    """Characters of one crop, read greedily from its `(columns, classes)` probabilities.

    Class 0 is the blank; class `i` is `characters[i - 1]`. `used` is the fraction of the columns
    that the crop itself fills (the rest is padding).
    """
    best = probabilities.argmax(axis=1)
    columns = len(best)
    glyphs: list[Glyph] = []
    column = 0
    while column < columns:
        end = column + 1
        while end < columns and best[end] == best[column]:
            end += 1
        if best[column]:
            glyphs.append(_glyph(probabilities, characters, column, end, used * columns))
        column = end
    score = float(np.mean([g.confidence for g in glyphs])) if glyphs else 0.0
    return Recognised(glyphs=tuple(glyphs), score=score)


def _glyph(
    probabilities: NDArray[np.float32],
    characters: Sequence[str],
    start: int,
    end: int,
    width: float,
) -> Glyph:
    """The glyph of a run of columns `start:end` that all say the same class."""
    index = int(probabilities[start].argmax())
    run = probabilities[start:end, index]
    peak = start + int(run.argmax())
    row = probabilities[peak]
    top = np.argpartition(row, -_ALTERNATIVES - 1)[-_ALTERNATIVES - 1 :]
    ranked = sorted((int(i) for i in top if i != index), key=lambda i: -float(row[i]))
    weights = run / run.sum()
    middle = float((weights * np.arange(start, end)).sum()) + 0.5
    return Glyph(
        char=characters[index - 1],
        confidence=min(float(row[index]), 1.0),
        centre=min(middle / width, 1.0),
        alternatives=tuple(
            (characters[i - 1] if i else "", float(row[i]))
            for i in ranked
            if row[i] >= _ALTERNATIVE_FLOOR
        ),
    )


def spans(recognised: Recognised, x0: float, x1: float, height: float) -> list[tuple[float, float]]:
    """Left and right edge of every character of a crop that reaches from `x0` to `x1`.

    Neighbours meet half way between their middles; no character is made wider than the line is
    high (half of that for half-width ones), so that a gap in the line stays a gap.
    """
    centres = [x0 + glyph.centre * (x1 - x0) for glyph in recognised.glyphs]
    edges: list[tuple[float, float]] = []
    for i, (centre, glyph) in enumerate(zip(centres, recognised.glyphs, strict=True)):
        reach = height * (0.35 if ord(glyph.char[0]) < 0x300 else 0.6)
        left = (centres[i - 1] + centre) / 2 if i else x0
        right = (centre + centres[i + 1]) / 2 if i + 1 < len(centres) else x1
        edges.append((max(left, centre - reach, x0), min(right, centre + reach, x1)))
    return edges
