"""A region of a page that lies upside down beside upright ones (two sides of a card on one scan)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import fmean

import cv2
import numpy as np

from pipeline.model.reading import Line, Matrix, Rect, Turned, join_rects
from pipeline.reading.crops import bounds, cut
from pipeline.reading.engine import Boxes, Engine, Image
from pipeline.reading.frames import matrix
from pipeline.reading.rings import Ring

_GOOD = 0.85
_FEWEST = 3
_TELLING = 3
_LONG = 3.0
_TRIED = 6
_SIDE = 1280
_LEAST_CHARACTERS = 10
_MARGIN = 0.6
_GROUPS_TRIED = 2
_REACH = 4.0
_SURE_NUMBER = 0.97

_Poor = tuple[Boxes, float]
"""A box whose line reads badly as it lies, and how sure it reads."""


@dataclass(frozen=True, slots=True)
class Region:
    """A rectangle of the upright picture whose text stands on its head."""

    rect: Rect

    def turn(self, image: Image) -> Image:
        """The picture with the region turned where it lies."""
        x0, y0, x1, y1 = (int(v) for v in self.rect)
        turned = image.copy()
        turned[y0:y1, x0:x1] = image[y0:y1, x0:x1][::-1, ::-1]
        return turned

    def holds(self, box: Boxes) -> bool:
        """True when the middle of a box `(4, 2)` lies in the region."""
        return _within(bounds(box), self.rect)

    def turn_boxes(self, boxes: Boxes) -> Boxes:
        """Boxes `(N, 4, 2)`, those in the region where they lie after its turn."""
        x0, y0, x1, y1 = self.rect
        turned = boxes.copy()
        for i, box in enumerate(boxes):
            if self.holds(box):
                turned[i] = np.roll(np.array([x0 + x1, y0 + y1], dtype=np.float32) - box, 2, axis=0)
        return turned

    def detect(self, image: Image, engine: Engine) -> Boxes:
        """Boxes of the lines in the region of a picture that is turned already, at the page's scale."""
        x0, y0, x1, y1 = (int(v) for v in self.rect)
        side = round(_SIDE * max(x1 - x0, y1 - y0) / max(image.shape[:2]))
        found = engine.detect(np.ascontiguousarray(image[y0:y1, x0:x1]), side)
        return found + np.array([x0, y0], dtype=np.float32)

    def turn_rings(self, rings: tuple[Ring, ...]) -> tuple[Ring, ...]:
        """Seals, those in the region where they lie after its turn."""
        x0, y0, x1, y1 = self.rect
        return tuple(
            replace(ring, x=x0 + x1 - ring.x, y=y0 + y1 - ring.y)
            if _within(ring.rect, self.rect)
            else ring
            for ring in rings
        )

    def lead_back(self, to_upload: Matrix) -> Turned:
        """Where the region lies in the upright frame, and its own way to the upload."""
        x0, y0, x1, y1 = self.rect
        half_turn = np.array([[-1.0, 0, x0 + x1], [0, -1.0, y0 + y1], [0, 0, 1.0]])
        back = np.array(to_upload, dtype=np.float64).reshape(3, 3) @ half_turn
        return Turned(rect=self.rect, to_upload=matrix(back))


def find_turned(
    image: Image, boxes: Boxes, lines: Sequence[Line | None], engine: Engine
) -> Region | None:
    """The region whose lines read badly as they lie and well upside down, else None.

    `lines` are what the `boxes` read as. A region that holds a line that reads well is none.
    """
    good = [line.rect for line in lines if line and _reads_well(line)]
    read = list(zip(boxes, lines, strict=True))
    poor = [(box, line.confidence if line else 0.0) for box, line in read if _reads_badly(line)]
    long = [each for each in poor if _is_long(each[0])]
    for group in _groups(long, good)[:_GROUPS_TRIED]:
        grown = _grown([box for box, _ in group], [box for box, _ in poor], good)
        rect = _around(_with_inner(grown, boxes), image)
        if any(_within(each, rect) for each in good):
            continue
        tried = group[:: max(1, len(group) // _TRIED)][:_TRIED]
        score, characters = _read_turned(image, [box for box, _ in tried], engine)
        if characters >= _LEAST_CHARACTERS and score > max(_GOOD, fmean(c for _, c in tried)):
            return Region(rect)
    return None


def _read_turned(image: Image, boxes: Sequence[Boxes], engine: Engine) -> tuple[float, int]:
    """How sure the recogniser is of these lines upside down, a character, and of how many."""
    total, characters = 0.0, 0
    for box in boxes:
        crop = np.asarray(cv2.rotate(cut(image, box), cv2.ROTATE_180), dtype=np.uint8)
        found = engine.recognise(crop)
        total += found.score * len(found.glyphs)
        characters += len(found.glyphs)
    return total / max(1, characters), characters


def _groups(poor: Sequence[_Poor], good: Sequence[Rect]) -> list[list[_Poor]]:
    """Lines in groups that no line that reads well lies among, down the page and across it; those
    of `_FEWEST` lines and more, the largest first."""
    groups: list[list[_Poor]] = []
    for axis in (1, 0):
        held: list[_Poor] = []
        for each in sorted(poor, key=lambda one: bounds(one[0])[axis]):
            between = join_rects(bounds(box) for box, _ in (*held, each))
            if held and any(_within(rect, between) for rect in good):
                groups.append(held)
                held = []
            held.append(each)
        groups.append(held)
    found = {frozenset(id(box) for box, _ in g): g for g in groups if len(g) >= _FEWEST}
    return sorted(found.values(), key=lambda group: -len(group))


def _grown(some: Sequence[Boxes], poor: Sequence[Boxes], good: Sequence[Rect]) -> list[Boxes]:
    """Some boxes, and the badly read ones beside them (labels), as far as none that reads well is
    taken in."""
    grown = list(some)
    reach = _REACH * float(np.median([b[3] - b[1] for b in map(bounds, some)]))
    for box in sorted(poor, key=lambda one: _apart(bounds(one), join_rects(map(bounds, some)))):
        with_it = join_rects(map(bounds, (*grown, box)))
        near = _apart(bounds(box), join_rects(map(bounds, grown))) <= reach
        if near and not any(_within(rect, with_it) for rect in good):
            grown.append(box)
    return grown


def _apart(rect: Rect, other: Rect) -> float:
    """The wider of the gaps between two rectangles across and down, in pixels; 0 where they meet."""
    across = max(rect[0] - other[2], other[0] - rect[2])
    down = max(rect[1] - other[3], other[1] - rect[3])
    return max(0.0, across, down)


def _reads_well(line: Line) -> bool:
    """True for a line of several characters that stands upright; a lone 4 or 8 may stand on its head,
    and so may a number (16 is 91)."""
    sure = _GOOD if any(c.isalpha() for c in line.text) else _SURE_NUMBER
    return line.confidence >= sure and len(line.text) >= _TELLING


def _reads_badly(line: Line | None) -> bool:
    """True for what may stand on its head: read with doubt, or only a number and not surely."""
    if line is None or line.confidence < _GOOD:
        return True
    return line.confidence < _SURE_NUMBER and not any(c.isalpha() for c in line.text)


def _is_long(box: Boxes) -> bool:
    x0, y0, x1, y1 = bounds(box)
    return x1 - x0 > _LONG * (y1 - y0)


def _with_inner(some: Sequence[Boxes], boxes: Boxes) -> list[Boxes]:
    """Some boxes of a page, and those whose middle lies between them, however they read."""
    between = join_rects(bounds(box) for box in some)
    return [*some, *(box for box in boxes if _within(bounds(box), between))]


def _around(boxes: Sequence[Boxes], image: Image) -> Rect:
    """The rectangle around boxes with a little margin, in whole pixels of the picture."""
    x0, y0, x1, y1 = join_rects(bounds(box) for box in boxes)
    margin = _MARGIN * float(np.median([b[3] - b[1] for b in map(bounds, boxes)]))
    height, width = image.shape[:2]
    return (
        float(max(0, int(x0 - margin))),
        float(max(0, int(y0 - margin))),
        float(min(width, int(x1 + margin))),
        float(min(height, int(y1 + margin))),
    )


def _within(rect: Rect, region: Rect) -> bool:
    """True when the middle of a rectangle lies in a region."""
    x, y = (rect[0] + rect[2]) / 2, (rect[1] + rect[3]) / 2
    return region[0] <= x <= region[2] and region[1] <= y <= region[3]
