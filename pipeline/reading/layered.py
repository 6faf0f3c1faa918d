"""A page read with its PDF text layer: the layer's characters where the picture agrees with them."""

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

import cv2
import numpy as np

from pipeline.model.reading import Line, Matrix, Rect, join_rects
from pipeline.pages import LayerLine, OpenedPage
from pipeline.pages.text_layer import UNMAPPED
from pipeline.reading.crops import bounds, cut, rect_box
from pipeline.reading.ctc import Glyph, Recognised
from pipeline.reading.engine import Boxes, Engine, Image, Strength
from pipeline.reading.layer import (
    LayerCharacter,
    contradicts,
    folded,
    grouped,
    inside,
    layer_line,
    pieces_without,
    stacked,
)
from pipeline.reading.lines import Reader

_INK = 40.0
_BACKDROP = 0.5
_SCANNED_DISAGREEMENT = 0.05
_UNUSABLE_DISAGREEMENT = 0.5
_NEAR = 0.6
_CLOSER = 1.6


@dataclass(slots=True)
class LayeredLines:
    """What came of one page: its lines, and where layer and picture disagree (Chinese)."""

    lines: list[Line] = field(default_factory=list)
    agreed: list[LayerCharacter] = field(default_factory=list)
    differs: list[str] = field(default_factory=list)
    compared: int = 0
    trusted: bool = True


_LETTER = 2.5
"""Most a letter aslant measures across, in heights of one that stands level beside it."""


def layer_characters(page: OpenedPage, to_upload: Matrix) -> tuple[LayerCharacter, ...]:
    """The characters of the page's visible text layer, in the upright frame.

    Letters that stand aslant (a watermark, the arc of a seal drawn as text) are no text of the
    paper, and neither is the one at the top of an arc that happens to stand level.
    """
    back = np.linalg.inv(np.array(to_upload, dtype=np.float64).reshape(3, 3))
    aslant = [line.rect for line in page.text_layer if line.angle % 90]
    shown = [
        line
        for line in page.text_layer
        if not line.is_hidden and not line.angle % 90 and not _is_of_an_arc(line, aslant)
    ]
    return tuple(c for i, line in enumerate(shown) for c in _characters(line, i, back))


def _is_of_an_arc(line: LayerLine, aslant: Sequence[Rect]) -> bool:
    """True for a letter or two with two letters aslant right beside them."""
    if len(line.text.strip()) > 2:
        return False
    x0, y0, x1, y1 = line.rect
    reach = min(x1 - x0, y1 - y0)
    beside = [
        r
        for r in aslant
        if max(r[2] - r[0], r[3] - r[1]) <= _LETTER * reach
        and r[0] - reach < x1
        and r[2] + reach > x0
        and r[1] - reach < y1
        and r[3] + reach > y0
    ]
    return len(beside) >= 2


def _characters(line: LayerLine, number: int, back: np.ndarray) -> list[LayerCharacter]:
    if not line.text:
        return []
    corners = np.array(
        [[[x0, y0], [x1, y0], [x1, y1], [x0, y1]] for x0, y0, x1, y1 in line.boxes],
        dtype=np.float64,
    )
    moved = cv2.perspectiveTransform(corners.reshape(-1, 1, 2), back).reshape(-1, 4, 2)
    low, high = moved.min(axis=1), moved.max(axis=1)
    return [
        LayerCharacter(
            char, (float(a[0]), float(a[1]), float(b[0]), float(b[1])), place=(number, i)
        )
        for i, (char, a, b) in enumerate(zip(line.text, low, high, strict=True))
    ]


def read_layered(
    image: Image,
    boxes: Boxes,
    characters: Sequence[LayerCharacter],
    page: OpenedPage,
    engine: Engine,
    *,
    shown: Image | None = None,
) -> LayeredLines:
    """The lines of an upright picture, with the layer's characters where the picture bears them out.

    `shown` is the picture as the page shows it, where `image` had its red ink taken out: what the
    layer says in red is on the page too.
    A layer that belongs to a scanned picture (a scanner's own recognition), or whose characters
    have nothing to do with the page (a font without meanings), is left aside as a whole.
    """
    reader = Reader(image, engine)
    result = LayeredLines()
    used: set[int] = set()
    for box in boxes:
        found = inside(bounds(box), characters)
        if not any(c.char.strip() for c in found):
            line = reader.read(box)
            result.lines += [line] if line else []
            continue
        used.update(id(c) for c in found)
        rows = stacked(found)
        for row in rows:
            own = box if len(rows) == 1 else rect_box(join_rects(c.rect for c in row))
            _read_box(reader, own, row, result)
    unseen = [c for c in characters if id(c) not in used]
    _add_undetected(reader, unseen, image if shown is None else shown, result)
    share = len(result.differs) / max(1, result.compared)
    if share > (_SCANNED_DISAGREEMENT if _has_backdrop(page) else _UNUSABLE_DISAGREEMENT):
        return LayeredLines(
            lines=[line for box in boxes if (line := reader.read(box))], trusted=False
        )
    result.lines += [layer_line(group) for group in grouped(result.agreed)]
    return result


def _has_backdrop(page: OpenedPage) -> bool:
    """True when one picture covers most of the page, as in a scan."""
    area = page.width * page.height
    return any((x1 - x0) * (y1 - y0) > _BACKDROP * area for x0, y0, x1, y1 in page.image_areas)


def _read_box(
    reader: Reader, box: Boxes, found: Sequence[LayerCharacter], result: LayeredLines
) -> None:
    """Adds the lines of one detected box over which layer characters stand.

    A layer that lacks the meaning of some of its characters says too little: the picture is read.
    """
    rect = bounds(box)
    text = "".join(c.char for c in found)
    if UNMAPPED in text:
        line = reader.read(box)
        result.lines += [line] if line else []
        return
    result.compared += 1
    crop = cut(reader.image, box)
    seen: set[str] = set()
    for strength, sight in _sights(crop):
        read = reader.engine.recognise(sight, strength)
        beside = _beside(read, rect, found)
        over = [g for g in read.glyphs if g not in beside]
        if not contradicts(text, over, partial(reader.engine.knows, strength=strength)):
            result.agreed += found
            _read_beside(reader, rect, found, beside, result)
            return
        seen.add("".join(folded(g.char) for g in over))
    line = reader.read(box)
    if line is None or len(seen) > 1 or not _can_differ(text):
        result.agreed += found
        return
    result.lines.append(line.model_copy(update={"alternative": text.strip()}))
    if not _says_something(text):
        return
    result.differs.append(f"文字层为“{text.strip()}”，页面图像读作“{line.text}”")


def _sights(crop: Image) -> Iterator[tuple[Strength, Image]]:
    """The looks at a crop that must all see the same other text before it is called different."""
    for strength in (Strength.TINY, Strength.SMALL):
        yield strength, crop
    closer = cv2.resize(crop, None, fx=_CLOSER, fy=_CLOSER, interpolation=cv2.INTER_CUBIC)
    yield Strength.SMALL, closer.astype(np.uint8)


def _can_differ(text: str) -> bool:
    """False for a lone ideograph: what is read over it belongs to a watermark as often as not."""
    letters = [c for c in text if c.strip()]
    return len(letters) > 1 or any(c.isascii() and c.isalnum() for c in letters)


def _beside(read: Recognised, rect: Rect, found: Sequence[LayerCharacter]) -> list[Glyph]:
    """The glyphs of a box that stand where the layer has no character at all."""
    reach = _NEAR * (rect[3] - rect[1])
    result = []
    for glyph in read.glyphs:
        x = rect[0] + glyph.centre * (rect[2] - rect[0])
        if not any(c.rect[0] - reach <= x <= c.rect[2] + reach for c in found if c.char.strip()):
            result.append(glyph)
    return result


def _read_beside(
    reader: Reader,
    rect: Rect,
    found: Sequence[LayerCharacter],
    beside: Sequence[Glyph],
    result: LayeredLines,
) -> None:
    """Reads the parts of a box that only the picture has (e.g. a name drawn as an image)."""
    if not any(g.char.strip() for g in beside):
        return
    height = rect[3] - rect[1]
    for left, right in pieces_without(rect, [c.rect for c in found if c.char.strip()], height):
        middles = [rect[0] + g.centre * (rect[2] - rect[0]) for g in beside]
        if any(left <= x <= right for x in middles):
            line = reader.read(rect_box((left, rect[1], right, rect[3])))
            result.lines += [line] if line else []


def _says_something(text: str) -> bool:
    """False for what no value is: list marks and symbols (a stand-in for a font that is not embedded
    may lack them), letters of a watermark that crosses the page, a lone character."""
    words = [c for c in text if unicodedata.category(c) in ("Lo", "Nd")]
    return len(words) > 1 or any(c.isdigit() for c in words)


def _add_undetected(
    reader: Reader, characters: Sequence[LayerCharacter], shown: Image, result: LayeredLines
) -> None:
    """Adds layer text that lies in no detected box, when the picture has ink there."""
    for group in grouped(characters):
        rect = join_rects(c.rect for c in group)
        text = "".join(c.char for c in group).strip()
        grey = cut(shown, rect_box(rect)).min(axis=2)  # ink of any colour is dark in one channel
        result.compared += 1
        if float(np.percentile(grey, 99) - np.percentile(grey, 1)) < _INK:
            if _says_something(text):
                result.differs.append(f"文字层有“{text}”，页面图像上看不到")
            continue
        if UNMAPPED in text:
            line = reader.read(rect_box(rect))
            result.lines += [line] if line else []
            continue
        result.agreed += group
