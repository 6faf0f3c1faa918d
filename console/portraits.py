"""Portraits on a page, whether a face can be made out in them or not: solid upright pictures.

A portrait is a filled patch, higher than wide or square, that stands out from the paper around it
and bears no text. Strokes, lines, seals and codes fall apart when thin things are taken away.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8]
"""(H, W, 3) uint8, BGR."""
Area = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels of the picture."""

_SIDE = 480
"""Longest side at which is looked, in pixels."""
_STANDS_OUT = 22
"""Least difference from the paper around, of 255, in the channel where it is greatest."""
_THIN = 0.012
"""Share of the longest side below which things are taken away."""
_LEAST, _MOST = 0.035, 0.42
"""Width of a portrait as a share of the longest side."""
_SHAPES = (0.5, 1.15)
"""Width over height of a portrait."""
_FILLED = 0.5
"""Share of its rectangle that a portrait fills."""
_TEXT = 0.2
"""Share of a patch under text from which it is no portrait but a coloured field."""
_FACES_SIDE, _SMALLEST_FACE = 720, 28
"""Longest side at which faces are looked for, and their least width at that, in pixels."""


def find_portraits(pixels: Pixels, texts: Iterable[Area]) -> list[Area]:
    """Where portraits stand on an upright page, with a margin. `texts` are where lines were read."""
    small, scale = _shrink(pixels, _SIDE)
    mask = _solid(small)
    count, _, boxes, _ = cv2.connectedComponentsWithStats(mask)
    lines = [tuple(v * scale for v in text) for text in texts]
    found: list[Area] = []
    for x, y, w, h, area in boxes[1:count]:
        share, shape = w / max(small.shape[:2]), w / h
        if not (_LEAST <= share <= _MOST and _SHAPES[0] <= shape <= _SHAPES[1]):
            continue
        if area < _FILLED * w * h or _under((x, y, x + w, y + h), lines) >= _TEXT:
            continue
        pad = 0.06 * w
        found.append(
            ((x - pad) / scale, (y - pad) / scale, (x + w + pad) / scale, (y + h + pad) / scale)
        )
    return found


def _shrink(pixels: Pixels, side: int) -> tuple[Any, float]:
    """The picture at most `side` pixels long, and how large it is then (1: as it was)."""
    scale = min(1.0, side / max(pixels.shape[:2]))
    small = cv2.resize(pixels, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    return small, scale


def close_square(picture: Pixels, wide: int) -> Pixels:
    """The morphological closing by a flat square of odd side `wide`.

    The same as OpenCV's, whose time grows with the side; here a window twice as wide is made of two.
    """
    for best, outside in ((np.maximum, 0), (np.minimum, 255)):
        for axis in (0, 1):
            margins = [(wide // 2, wide // 2) if a == axis else (0, 0) for a in range(3)]
            moved = np.moveaxis(np.pad(picture, margins, constant_values=outside), axis, 0)
            have = 1
            while have < wide:
                step = min(have, wide - have)
                moved = best(moved[:-step], moved[step:])
                have += step
            picture = np.moveaxis(moved, 0, axis)
    return np.ascontiguousarray(picture)


def _solid(small: Any) -> Any:
    """Where the page is not paper, without what is thin."""
    side = max(small.shape[:2])
    wide = int(_MOST * side) | 1
    paper = close_square(small, wide)
    differs = cv2.absdiff(paper, small).max(axis=2)
    mask = (differs > _STANDS_OUT).astype(np.uint8)
    thin = max(3, int(_THIN * side) | 1)
    mask = cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones((thin, thin), np.uint8))
    return cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((thin, thin), np.uint8))


def _under(box: tuple[int, int, int, int], lines: Iterable[tuple[float, ...]]) -> float:
    """Share of the box that lines of text cover."""
    x0, y0, x1, y1 = box
    covered = 0.0
    for a, b, c, d in lines:
        covered += max(0.0, min(x1, c) - max(x0, a)) * max(0.0, min(y1, d) - max(y0, b))
    return covered / max((x1 - x0) * (y1 - y0), 1)


_idle: list[Any] = []
"""Cascades that no thread uses now: one is not safe for several at once."""


def find_faces(pixels: Pixels) -> Iterator[Area]:
    """Frontal faces on the upright page, with a margin."""
    try:
        detector = _idle.pop()
    except IndexError:
        cascade = Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml"
        detector = cv2.CascadeClassifier(str(cascade))
    small, scale = _shrink(pixels, _FACES_SIDE)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY)
    found = detector.detectMultiScale(grey, 1.2, 5, minSize=(_SMALLEST_FACE, _SMALLEST_FACE))
    _idle.append(detector)
    for x, y, w, h in found:
        x0, y0, x1, y1 = x - 0.15 * w, y - 0.25 * h, x + 1.15 * w, y + 1.3 * h
        yield (x0 / scale, y0 / scale, x1 / scale, y1 / scale)
