"""Local traces of edits on a picture: a number whose paper is smoother than the paper around it.

A scanned or photographed page carries the grain of its sensor and its paper everywhere. What is
painted over and typed anew lacks it: pixels beside the strokes are exactly even. Only numbers are
looked at, each against its own surroundings, and only where there is grain to miss: born-digital
and heavily compressed pages say nothing either way. Advice for a person, never more.
"""

import re
from collections.abc import Iterator

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.model.reading import Cue, CueKind, Line, LineSource, PageReading, Rect

Grey = NDArray[np.uint8]

_NUMBER = re.compile(r"\d[\dXx\-./年月日]{3,}[\dXx日月]")
_EVEN = 1
"""Grey levels within which three by three pixels count as even."""
_EVEN_INSIDE = 0.2
_MORE_THAN_AROUND, _TIMES_AROUND = 0.1, 2.0
"""How much of a number's box is even, and how much more than of its surroundings. Measured on
265 numbers of untouched scans and photos (none told) and 227 that were typed anew (docs/benchmarks).
Where compression has taken much of the grain around, more of it is lacking by chance: typed anew
it is 2.6 to 16 times as much as around, on a curled photo once 1.6 times."""
_NEAR, _FAR_LEVEL, _FAR_UPRIGHT = 0.3, 2.0, 1.6
"""In heights of the line: where the surroundings begin and end."""
_LEAST = 400


def find_image_edits(image: NDArray[np.uint8], page: PageReading) -> Iterator[Cue]:
    """Numbers on an upright picture `(H, W, 3)` BGR that lack the grain of the paper around them."""
    grey: Grey | None = None
    for line in page.lines:
        if line.source is not LineSource.OCR:
            continue
        for match in _NUMBER.finditer(line.text):
            if grey is None:
                grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
            rect = _rect_of(line, match.start(), match.end())
            if lacks_grain(grey, rect):
                yield Cue(
                    kind=CueKind.IMAGE_EDIT,
                    text="此处底纹比周围平滑",
                    page=page.number,
                    box=page.quad(rect),
                )


def _rect_of(line: Line, start: int, end: int) -> Rect:
    return line.rect_of(start, end) if line.spans else line.rect


def lacks_grain(grey: Grey, rect: Rect) -> bool:
    """True when the box of a number is far more even than the paper around it."""
    height = rect[3] - rect[1]
    window = _clipped(grey, rect, _FAR_LEVEL * height, _FAR_UPRIGHT * height)
    inner = _clipped(grey, rect, 0.1 * height, 0.12 * height)
    apart = _clipped(grey, rect, _NEAR * height, _NEAR * height)
    x0, y0, x1, y1 = window
    part = grey[y0:y1, x0:x1]
    if part.size < _LEAST:
        return False
    square = np.ones((3, 3), np.uint8)
    spread = cv2.dilate(part, square).astype(np.int16) - cv2.erode(part, square)
    even = spread <= _EVEN
    around = np.ones(part.shape, dtype=bool)
    around[apart[1] - y0 : apart[3] - y0, apart[0] - x0 : apart[2] - x0] = False
    inside = even[inner[1] - y0 : inner[3] - y0, inner[0] - x0 : inner[2] - x0]
    if inside.size < _LEAST or np.count_nonzero(around) < _LEAST:
        return False
    share, beside = float(inside.mean()), float(even[around].mean())
    least = max(_EVEN_INSIDE, beside + _MORE_THAN_AROUND, beside * _TIMES_AROUND)
    return share > least


def _clipped(grey: Grey, rect: Rect, x: float, y: float) -> tuple[int, int, int, int]:
    """The rectangle grown by x and y, within the picture: x0, y0, x1, y1."""
    height, width = grey.shape
    return (
        max(0, int(rect[0] - x)),
        max(0, int(rect[1] - y)),
        min(width, int(rect[2] + x)),
        min(height, int(rect[3] + y)),
    )
