"""What stands along the rim of a round seal: the band under the rim unrolled and read."""

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.model.reading import Seal
from pipeline.reading.engine import Engine, Image, Strength
from pipeline.reading.pixels import paper_of
from pipeline.reading.rings import Ring

_OUTER = 0.95
_INNER = 0.58
_SURE = 0.6
_SHORTEST = 4
_CONTRAST = 2.5


def read_seal(image: Image, ring: Ring, engine: Engine) -> Seal:
    """A seal of an upright picture with the text of its rim, where that reads.

    The text of a unit's seal runs clockwise over the top, so the band is unrolled from its lowest
    point on. Of a coloured seal only the coloured ink is looked at, so that print does not disturb.
    """
    found = engine.recognise(unrolled(image, ring), Strength.SMALL)
    text = found.text.strip()
    if len(text) < _SHORTEST or found.score < _SURE:
        return Seal(rect=ring.rect, ink=ring.ink)
    return Seal(rect=ring.rect, ink=ring.ink, text=text, confidence=round(found.score, 4))


def unrolled(image: Image, ring: Ring) -> Image:
    """The band under a rim as a straight strip `(h, w, 3) uint8 BGR`: rim above, clockwise to the right."""
    reach = ring.radius * 1.1
    top, left = max(0, int(ring.y - reach)), max(0, int(ring.x - reach))
    part = image[top : int(ring.y + reach) + 1, left : int(ring.x + reach) + 1]
    ink = _ink_of(np.ascontiguousarray(part), ring)
    height = max(8, round((_OUTER - _INNER) * ring.radius))
    width = max(16, round(np.pi * (_OUTER + _INNER) * ring.radius))
    angles = np.pi / 2 + np.linspace(0, 2 * np.pi, width, endpoint=False)
    radii = ring.radius * np.linspace(_OUTER, _INNER, height)[:, None]
    strip = cv2.remap(
        ink,
        (ring.x - left + radii * np.cos(angles)).astype(np.float32),
        (ring.y - top + radii * np.sin(angles)).astype(np.float32),
        cv2.INTER_CUBIC,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(255,),
    )
    return np.asarray(cv2.cvtColor(strip, cv2.COLOR_GRAY2BGR), dtype=np.uint8)


def _ink_of(part: Image, ring: Ring) -> NDArray[np.uint8]:
    """The seal's ink alone, dark on white."""
    share = part.astype(np.float32) / paper_of(part)
    blue, green, red = share[:, :, 0], share[:, :, 1], share[:, :, 2]
    if ring.ink == "red":
        plane = (red - np.maximum(blue, green)) * _CONTRAST
    elif ring.ink == "blue":
        plane = (blue - np.maximum(red, green)) * _CONTRAST
    else:
        plane = (1.0 - share.min(axis=2)) / max(ring.level, 0.1)
    return np.asarray(np.clip(255 - 255 * plane, 0, 255), dtype=np.uint8)
