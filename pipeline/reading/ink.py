"""The ink of a place on a page, as a mask: darker than its paper, not red, not a ruled line."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.model.reading import Rect
from pipeline.reading.engine import Image
from pipeline.reading.pixels import paper_of

Mask = NDArray[np.bool_]

_SMOOTHING = 0.03
_RED = 0.12
_RED_AT_MOST_DARK = 0.6
_LEVEL = 95
_SHARE = 0.4
_LEAST = 0.1
_GRAINS = 5.0
_LONG = 1.5
_THIN = 0.3
_LENGTH = 2.0


@dataclass(frozen=True, slots=True)
class InkSheet:
    """A part of a page, `(h, w)` in its own pixels, its left upper corner at `origin` of the page.

    `dark` is what the paper lacks in red light (0–1; red ink hardly shows in it), `red` where red ink
    stands, `blueness` how much more blue light than red comes back, `grain` the noise of bare paper.
    """

    origin: tuple[int, int]
    dark: NDArray[np.float32]
    red: Mask
    blueness: NDArray[np.float32]
    grain: float

    def slices(self, rect: Rect) -> tuple[slice, slice]:
        """The rows and columns of this sheet that an upright rectangle covers."""
        height, width = self.dark.shape
        left, top = self.origin
        x0, x1 = (min(max(round(x) - left, 0), width) for x in (rect[0], rect[2]))
        y0, y1 = (min(max(round(y) - top, 0), height) for y in (rect[1], rect[3]))
        return slice(y0, y1), slice(x0, x1)

    def rect(self, x0: int, y0: int, x1: int, y1: int) -> Rect:
        """A rectangle of this sheet in the page's upright frame."""
        left, top = self.origin
        return (float(x0 + left), float(y0 + top), float(x1 + left), float(y1 + top))


def ink_sheet(image: Image, rect: Rect, em: float) -> InkSheet:
    """The ink of one part of an upright picture `(H, W, 3) uint8 BGR`; `em` in its pixels."""
    height, width = image.shape[:2]
    x0, y0 = max(0, int(rect[0])), max(0, int(rect[1]))
    x1, y1 = min(width, int(rect[2]) + 1), min(height, int(rect[3]) + 1)
    part = np.ascontiguousarray(image[y0:y1, x0:x1])
    soft = np.asarray(cv2.GaussianBlur(part, (0, 0), max(0.3, _SMOOTHING * em)), dtype=np.uint8)
    share = np.minimum(soft.astype(np.float32) / paper_of(soft), 1.2)
    blue, green, red = share[:, :, 0], share[:, :, 1], share[:, :, 2]
    dark = np.clip(1.0 - red, 0.0, 1.0).astype(np.float32)
    is_red = (red - np.maximum(blue, green) > _RED) & (dark < _RED_AT_MOST_DARK)
    light = np.abs(1.0 - red)[dark < np.quantile(dark, 0.6)]
    return InkSheet(
        origin=(x0, y0),
        dark=np.where(is_red, 0.0, dark).astype(np.float32),
        red=np.asarray(is_red, dtype=np.bool_),
        blueness=(blue - red).astype(np.float32),
        grain=float(np.median(light)) if light.size else 0.0,
    )


def level_of(sheet: InkSheet, rect: Rect) -> float:
    """How dark the print inside a rectangle is (0–1)."""
    part = sheet.dark[sheet.slices(rect)]
    return float(np.percentile(part, _LEVEL)) if part.size else 0.0


def ink_mask(sheet: InkSheet, level: float) -> Mask:
    """Where ink stands that is at least two fifths as dark as print of that level."""
    return np.asarray(
        sheet.dark > max(_SHARE * level, _LEAST, _GRAINS * sheet.grain), dtype=np.bool_
    )


def without_rules(mask: Mask, em: float) -> Mask:
    """The mask without long thin lines across or down it (lines to write on, frames, folds)."""
    kept = mask.copy()
    for level in (True, False):
        length = max(3, round(_LONG * em))
        kernel = np.ones((1, length) if level else (length, 1), np.uint8)
        across = np.ones((3, 1) if level else (1, 3), np.uint8)
        wide = cv2.dilate(mask.astype(np.uint8), across)
        lines = cv2.morphologyEx(wide, cv2.MORPH_OPEN, kernel)
        count, labels, stats, _ = cv2.connectedComponentsWithStats(lines, connectivity=8)
        for i in range(1, count):
            _, _, w, h, _ = stats[i].tolist()
            thick, long = (h, w) if level else (w, h)
            if thick <= max(3.0, _THIN * em) and long >= _LENGTH * em:
                kept &= labels != i
    return kept
