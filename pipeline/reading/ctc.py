"""From the recogniser's column probabilities to characters with places, scores and alternatives."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

_ALTERNATIVES = 5
_ALTERNATIVE_FLOOR = 0.002
_ZERO_SHAPES = "〇○O0"
_YEAR_NUMERALS = frozenset("〇○一二三四五六七八九")
_ZERO_FLOOR = 0.12
_ZERO_GAP = 1.5


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
class Alphabet:
    """The recogniser's classes: class 0 is the blank, class `i` is `characters[i - 1]`.

    `zeros` are the classes that look like the round zero of Chinese numerals.
    """

    characters: tuple[str, ...]
    zeros: tuple[int, ...]

    @classmethod
    def of(cls, characters: Iterable[str]) -> Self:
        listed = tuple(characters)
        zeros = tuple(i + 1 for i, char in enumerate(listed) if char in _ZERO_SHAPES)
        return cls(listed, zeros)


@dataclass(frozen=True, slots=True)
class Recognised:
    """A recognised crop: its characters from left to right, and their mean confidence (0 if none)."""

    glyphs: tuple[Glyph, ...]
    score: float

    @property
    def text(self) -> str:
        return "".join(glyph.char for glyph in self.glyphs)


def decode(probabilities: NDArray[np.float32], alphabet: Alphabet, used: float) -> Recognised:
    """Characters of one crop, read greedily from its `(columns, classes)` probabilities.

    `used` is the fraction of the columns
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
            glyphs.append(_glyph(probabilities, alphabet.characters, column, end, used * columns))
        column = end
    glyphs = _with_zeros(glyphs, probabilities, alphabet, used * columns)
    score = float(np.mean([g.confidence for g in glyphs])) if glyphs else 0.0
    return Recognised(glyphs=tuple(glyphs), score=score)


def _with_zeros(
    glyphs: list[Glyph],
    probabilities: NDArray[np.float32],
    alphabet: Alphabet,
    width: float,
) -> list[Glyph]:
    """Glyphs with the 〇 of Chinese-numeral years written as such, and put back where it was lost.

    The round zero has four classes that look alike (〇○O0); they share its probability, so that
    the blank wins although together they say a zero is there. Looked for only in a gap between
    numerals that is wide enough to hold a character.
    """
    if len(glyphs) < 3:
        return glyphs
    pitch = float(np.percentile(np.diff([g.centre for g in glyphs]), 25))
    shapes = list(alphabet.zeros)
    result: list[Glyph] = []
    for i, found in enumerate(glyphs):
        glyph = found
        before = result[-1].char if result else ""
        if glyph.char in _ZERO_SHAPES and before in _YEAR_NUMERALS:
            glyph = replace(glyph, char="〇")
        result.append(glyph)
        following = glyphs[i + 1] if i + 1 < len(glyphs) else None
        if following is None or glyph.char not in _YEAR_NUMERALS:
            continue
        if following.char not in _YEAR_NUMERALS and following.char != "年":
            continue
        if following.centre - glyph.centre < _ZERO_GAP * pitch:
            continue
        start = round((glyph.centre + 0.5 * pitch) * width)
        end = round((following.centre - 0.5 * pitch) * width)
        mass = probabilities[start:end, shapes].sum(axis=1)
        result += [
            Glyph("〇", float(mass[k]), (start + k + 0.5) / width)
            for k in _peaks(mass, 0.6 * pitch * width)
        ]
    return result


def _peaks(mass: NDArray[np.float32], apart: float) -> list[int]:
    """Where `mass` peaks above the floor, from left to right, peaks at least `apart` columns apart."""
    chosen: list[int] = []
    for k in sorted(range(len(mass)), key=lambda k: (-float(mass[k]), k)):
        if mass[k] < _ZERO_FLOOR:
            break
        if all(abs(k - other) >= apart for other in chosen):
            chosen.append(k)
    return sorted(chosen)


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
