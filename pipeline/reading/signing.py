"""Places to sign, looked at in the picture: signed by hand, filled in print, empty, or not to be told.

What tells a hand from print is the label beside it: print of one row has one height, one middle, one
thickness of stroke and one colour. Figures were set on 85 drawn blocks (17 kinds of content, 14 of
damage); docs/reading.md has what came of them on others.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np

from extractors.folding import compact
from extractors.signing_places import PlaceToSign, places_to_sign
from pipeline.model.reading import Line, PageReading, Rect, SigningPlace, join_rects
from pipeline.reading.engine import Image
from pipeline.reading.ink import InkSheet, Mask, ink_mask, ink_sheet, level_of, without_rules

_NARROW, _SMALLEST = 2.0, 8.0
"""Least width of a room in ems, and least size of a label in pixels, in which nothing is missed."""
_NEAR, _REACH = 1.5, 4.0
"""How far around a place, in ems, there must be no ink that is not accounted for, and no red ink."""
_SPECK, _FLAT = 0.12, 0.16
_SPOT, _SUBSTANCE = 0.03, 0.12
"""Ink in square ems: less is dust, more than the second may be a name."""
_WIDE, _HIGH, _HIGHEST = 0.8, 0.5, 2.6
_BLOCK_HIGH, _BLOCK_ASPECT = 1.4, 1.3
"""A stamp or a thumb without its colour is high and hardly wider than high."""
_PALE = 0.7
_VISIBLE, _OVER_GRAIN = 0.12, 6.0
_RED = 0.1
_BLUE = 0.12
_EVEN, _TALLER, _LOW = (0.8, 1.14), 1.2, 0.8
_MIDDLE, _OFF = 0.1, 0.17
_STROKES = (0.65, 1.6)
_DRAWN, _LOOSE = 1.6, 0.45
"""One piece so wide, and so little filled, is drawn in one go: no character is wider than an em."""
_READ_WELL, _FAR_TALLER = 0.95, 1.4
_HINT = re.compile(r"签|手写|手印|指印|盖|章|日期|[年月日]|\d{4}")

State = Literal["written", "printed", "empty", "unclear"]


@dataclass(frozen=True, slots=True)
class _Ink:
    """Ink of one place: its box, and in ems its area (square), width, height, middle over the label's
    box, thickness; `blue`: how much more blue than red light it gives back; `dark`: 0–1;
    `piece`: the width of its widest piece that is mostly paper, as strokes are."""

    rect: Rect
    area: float
    width: float
    height: float
    off: float
    stroke: float
    blue: float
    dark: float
    piece: float


def find_signatures(image: Image, page: PageReading) -> tuple[SigningPlace, ...]:
    """What stands at each place to sign of a page whose upright picture is `(H, W, 3) uint8 BGR`."""
    return tuple(_look(image, page, place) for place in places_to_sign(page))


def _look(image: Image, page: PageReading, place: PlaceToSign) -> SigningPlace:
    em, label = place.em, place.rect
    is_wide = place.beside[2] - place.beside[0] >= _NARROW * em
    room = place.beside if is_wide else place.under
    sheet = ink_sheet(image, _grown(join_rects((label, room)), _REACH * em), em)
    view = _View(
        sheet, page, place, room, without_rules(ink_mask(sheet, level_of(sheet, label)), em)
    )
    state, ink = view.judged()
    written = state == "written" and ink is not None
    return SigningPlace(
        label=place.label.text,
        label_rect=_rounded(label),
        room=_rounded(room),
        state=state,
        strokes=_rounded(ink.rect) if written and ink else None,
        ink=("blue" if ink.blue > _BLUE else "black") if written and ink else None,
    )


@dataclass(frozen=True, slots=True)
class _View:
    """A place with the ink around it."""

    sheet: InkSheet
    page: PageReading
    place: PlaceToSign
    room: Rect
    mask: Mask

    def judged(self) -> tuple[State, _Ink | None]:
        """The state of the place, and the ink that decided it."""
        sheet, em = self.sheet, self.place.em
        label = self._ink(self.mask, self.place.rect)
        if label is None or label.dark < max(_VISIBLE, _OVER_GRAIN * sheet.grain):
            return "unclear", None
        free = self.mask.copy()
        for rect in self._print():
            free[sheet.slices(rect)] = False
        is_veiled = self._take_seals(free)
        is_printed = False
        for line, rect in self._candidates():
            ink = self._ink(free, rect)
            if ink is not None and (_is_print(ink, label) or _HINT.search(compact(line.text))):
                is_printed = is_printed or _HINT.search(compact(line.text)) is None
                free[sheet.slices(rect)] = False
        ink = self._ink(free, self.room)
        if ink is not None and ink.area >= _SPOT:
            return self._of_ink(ink, label), ink
        if is_printed:
            return "printed", None
        return self._of_bare(free, em, is_veiled=is_veiled), None

    def _of_ink(self, ink: _Ink, label: _Ink) -> State:
        """What ink is that no print accounts for."""
        if ink.area < _SUBSTANCE or ink.width < _WIDE or ink.height < _HIGH:
            return "unclear"
        is_blue = ink.blue - label.blue > _BLUE
        if _is_set_like(ink, label):
            return "printed" if _is_print(ink, label) else "unclear"
        is_block = ink.height > _BLOCK_HIGH and ink.width < _BLOCK_ASPECT * ink.height
        if ink.height > _HIGHEST or ((is_block or ink.dark < _PALE * label.dark) and not is_blue):
            return "unclear"
        taller = ink.height / label.height
        well = any(line.confidence >= _READ_WELL for line, _ in self._candidates())
        if taller >= (_FAR_TALLER if well and not is_blue else _TALLER):
            return "written"
        off = abs(ink.off - label.off) >= _OFF and taller >= _LOW
        drawn = ink.piece >= _DRAWN
        return "written" if is_blue or drawn or (off and not well) else "unclear"

    def _of_bare(self, free: Mask, em: float, *, is_veiled: bool) -> State:
        """A place without ink: empty when it is well visible and nothing near it may be a signature."""
        x0, _, x1, _ = self.room
        if is_veiled or em < _SMALLEST or x1 - x0 < _NARROW * em:
            return "unclear"
        place = join_rects((self.place.rect, self.room))
        near = self._ink(free, _grown(place, _NEAR * em))
        red = self.sheet.red[self.sheet.slices(_grown(place, _REACH * em))].sum() / em**2
        return "unclear" if red >= _RED or (near and near.area >= _SUBSTANCE) else "empty"

    def _print(self) -> Iterator[Rect]:
        """Where print stands: all that was read but what may be the signature."""
        own = {id(g.line): g.index for g in self.place.label.glyphs}
        yield self.place.rect
        for line in self.page.lines:
            if id(line) in own:
                after = line.rect_of(own[id(line)] + 1, len(line.text))
                yield (line.rect[0], line.rect[1], self.place.rect[2], line.rect[3])
                if after[2] > self.room[2] and self.room[2] < line.rect[2]:
                    yield (self.room[2], line.rect[1], line.rect[2], line.rect[3])
            elif not _holds(self.room, line.centre):
                yield line.rect

    def _candidates(self) -> Iterator[tuple[Line, Rect]]:
        """Lines, and the tail of the label's own, that were read in the room."""
        own = {id(g.line): g.index for g in self.place.label.glyphs}
        for line in self.page.lines:
            if id(line) in own:
                inside = [
                    i
                    for i in range(own[id(line)] + 1, len(line.text))
                    if line.text[i].strip(" _:") and sum(line.spans[i]) / 2 <= self.room[2]
                ]
                if inside:
                    part = slice(inside[0], inside[-1] + 1)
                    tail = line.model_copy(
                        update={"text": line.text[part], "spans": line.spans[part], "scores": line.scores[part]}
                    )  # fmt: skip
                    yield tail, line.rect_of(part.start, part.stop)
            elif _holds(self.room, line.centre):
                yield line, line.rect

    def _take_seals(self, free: Mask) -> bool:
        """Takes the ink of seals that have no red out of the mask; true where one lies on the room."""
        veiled = False
        for seal in self.page.seals:
            if seal.ink == "red":
                continue
            x0, y0, x1, y1 = seal.rect
            left, top = self.sheet.origin
            rows, columns = np.ogrid[: free.shape[0], : free.shape[1]]
            radius = (x1 - x0) / 2
            inside = (columns - ((x0 + x1) / 2 - left)) ** 2 + (
                rows - ((y0 + y1) / 2 - top)
            ) ** 2 <= radius**2
            veiled = veiled or bool(inside[self.sheet.slices(self.room)].any())
            free &= ~inside
        return veiled

    def _ink(self, mask: Mask, rect: Rect) -> _Ink | None:
        """The ink whose pieces have their middle in the rectangle, without specks and flat dashes."""
        em = self.place.em
        found = cv2.connectedComponentsWithStats(mask.astype(np.uint8), connectivity=8)
        count, labels, stats, middles = found
        rows, columns = self.sheet.slices(rect)
        chosen = [
            i
            for i in range(1, count)
            if columns.start <= middles[i][0] <= columns.stop
            and rows.start <= middles[i][1] <= rows.stop
            and max(stats[i][2], stats[i][3]) >= _SPECK * em
            and not (stats[i][3] <= _FLAT * em and stats[i][2] >= 2 * stats[i][3])
        ]
        if not chosen:
            return None
        own = np.isin(labels, chosen)
        loose = [i for i in chosen if stats[i][4] <= _LOOSE * stats[i][2] * stats[i][3]]
        return _measured(
            self.sheet,
            own,
            em,
            middle=(self.place.rect[1] + self.place.rect[3]) / 2,
            piece=max((float(stats[i][2]) for i in loose), default=0.0),
        )


def _measured(sheet: InkSheet, own: Mask, em: float, *, middle: float, piece: float) -> _Ink:
    ys, xs = np.nonzero(own)
    (y0, y1), (x0, x1) = np.percentile(ys, (1, 99)), np.percentile(xs, (1, 99))
    area = float(own.sum())
    inner = cv2.erode(own.astype(np.uint8), np.ones((3, 3), np.uint8)).sum()
    return _Ink(
        rect=sheet.rect(int(xs.min()), int(ys.min()), int(xs.max()) + 1, int(ys.max()) + 1),
        area=area / em**2,
        width=float(x1 - x0) / em,
        height=float(y1 - y0) / em,
        off=float((y0 + y1) / 2 + sheet.origin[1] - middle) / em,
        stroke=2 * area / max(area - float(inner), 1.0) / em,
        blue=float(np.median(sheet.blueness[own])),
        dark=float(np.percentile(sheet.dark[own], 80)),
        piece=piece / em,
    )


def _is_print(ink: _Ink, label: _Ink) -> bool:
    """True for ink set like the print of the label, and as black."""
    return _is_set_like(ink, label) and abs(ink.blue - label.blue) <= _BLUE


def _is_set_like(ink: _Ink, label: _Ink) -> bool:
    """True for ink as high and as thick as the print of the label, and level with it."""
    low, high = _EVEN
    thin, thick = _STROKES
    return (
        low <= ink.height / label.height <= high
        and abs(ink.off - label.off) <= _MIDDLE
        and thin <= ink.stroke / label.stroke <= thick
    )


def _holds(rect: Rect, point: Sequence[float]) -> bool:
    return rect[0] <= point[0] <= rect[2] and rect[1] <= point[1] <= rect[3]


def _grown(rect: Rect, by: float) -> Rect:
    return (rect[0] - by, rect[1] - by, rect[2] + by, rect[3] + by)


def _rounded(rect: Rect) -> Rect:
    x0, y0, x1, y1 = (round(float(v), 1) for v in rect)
    return (x0, y0, x1, y1)
