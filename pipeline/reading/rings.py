"""Round seals: found by their rim."""

from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.model.reading import Rect
from pipeline.reading.engine import Image
from pipeline.reading.pixels import paper_of

Ink = Literal["red", "blue", "grey"]

_WORK_SIDE = 900
_SMALLEST = 0.055
_LARGEST = 0.2
_INKED = 0.1
_COVERAGE = 0.85
_ANGLES = 180
_COLOURED = 0.12
_COLOURED_SHARE = 0.0005
_CONTRAST = 2.5
"""Coloured ink takes that much less of the light's difference than black ink takes of all light."""
_SOFTENED = 1.0
_BEYOND = 1.06


@dataclass(frozen=True, slots=True)
class Ring:
    """The rim of a round seal, in pixels. `level` is its ink's darkness (0 paper, 1 black)."""

    x: float
    y: float
    radius: float
    level: float
    ink: Ink

    @property
    def rect(self) -> Rect:
        """The square around it."""
        reach = self.radius * _BEYOND
        return (self.x - reach, self.y - reach, self.x + reach, self.y + reach)

    def holds(self, rect: Rect) -> bool:
        """True when the middle of a rectangle lies inside the rim."""
        across = (rect[0] + rect[2]) / 2 - self.x
        down = (rect[1] + rect[3]) / 2 - self.y
        return bool(across**2 + down**2 <= (self.radius * _BEYOND) ** 2)


def find_rings(image: Image) -> tuple[Ring, ...]:
    """Rims of round seals on a picture `(H, W, 3) uint8 BGR`: red ones, else blue, else grey.

    A rim is a circle of a ninth to two fifths of the short side across (a unit's seal measures 38
    to 58 mm) that is inked nearly all the way round.
    """
    scale = min(1.0, _WORK_SIDE / max(image.shape[:2]))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    share = small.astype(np.float32) / paper_of(np.asarray(small, dtype=np.uint8))
    blue, green, red = share[:, :, 0], share[:, :, 1], share[:, :, 2]
    dark = 1.0 - share.min(axis=2)
    planes: list[tuple[Ink, NDArray[np.float32]]] = [
        ("red", red - np.maximum(blue, green)),
        ("blue", blue - np.maximum(red, green)),
    ]
    for ink, plane in planes:
        if float((plane > _COLOURED).mean()) < _COLOURED_SHARE:
            continue
        rings = _circles(plane * _CONTRAST, dark, ink, scale)
        if rings:
            return rings
    return _circles(dark, dark, "grey", scale)


def _circles(
    plane: NDArray[np.float32], dark: NDArray[np.float32], ink: Ink, scale: float
) -> tuple[Ring, ...]:
    """Circles of a plane of ink that are inked all the way round; `dark` gives their level."""
    short = min(plane.shape)
    found = cv2.HoughCircles(
        cv2.GaussianBlur(np.clip(255 - 255 * plane, 0, 255).astype(np.uint8), (0, 0), _SOFTENED),
        cv2.HOUGH_GRADIENT_ALT,
        1.5,
        short * 0.1,
        param1=120,
        param2=0.75,
        minRadius=round(short * _SMALLEST),
        maxRadius=round(short * _LARGEST),
    )
    rings: list[Ring] = []
    if found is None:
        return ()
    for x, y, radius in np.asarray(found, dtype=np.float64).reshape(-1, 3)[:, :3].tolist():
        if float((_rim(plane, x, y, radius) > _INKED).mean()) < _COVERAGE:
            continue
        if any((r.x - x / scale) ** 2 + (r.y - y / scale) ** 2 < r.radius**2 / 4 for r in rings):
            continue
        level = float(np.median(_rim(dark, x, y, radius)))
        rings.append(Ring(x / scale, y / scale, radius / scale, level, ink))
    return tuple(rings)


def _rim(ink: NDArray[np.float32], x: float, y: float, radius: float) -> NDArray[np.float32]:
    """The darkest ink within three pixels of a circle, for every direction."""
    angles = np.linspace(0, 2 * np.pi, _ANGLES, endpoint=False)
    reach = (radius + np.arange(-3, 4))[:, None]
    columns = np.clip(np.rint(x + reach * np.cos(angles)), 0, ink.shape[1] - 1).astype(np.intp)
    rows = np.clip(np.rint(y + reach * np.sin(angles)), 0, ink.shape[0] - 1).astype(np.intp)
    return np.asarray(ink[rows, columns].max(axis=0), dtype=np.float32)
