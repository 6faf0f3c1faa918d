"""Ruled lines of tables, found in the picture by morphology."""

import cv2
import numpy as np

from pipeline.model.reading import Segment
from pipeline.reading.engine import Image

_WORK_SIDE = 1600
_SHORTEST = 0.03
_THICKEST = 9


def find_rules(image: Image) -> tuple[Segment, ...]:
    """Horizontal, then vertical ruled lines of an upright picture, in its pixels.

    A rule is a dark run at least 3 % of the longest side long and at most nine working pixels
    thick (the picture is looked at with at most 1600 pixels a side, strips by their width).
    """
    height, width = image.shape[:2]
    scale = min(1.0, _WORK_SIDE / max(width, min(height, 2 * width)))
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    if scale < 1.0:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    dark = cv2.adaptiveThreshold(
        grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12
    )
    length = max(24, int(_SHORTEST * min(max(grey.shape), 2 * grey.shape[1])))
    found: list[Segment] = []
    for level in (True, False):
        kernel = np.ones((1, length) if level else (length, 1), np.uint8)
        joined = cv2.dilate(
            cv2.morphologyEx(dark, cv2.MORPH_OPEN, kernel),
            np.ones((3, 3), np.uint8),
        )
        _, _, stats, _ = cv2.connectedComponentsWithStats(joined, connectivity=8)
        part = []
        for x, y, w, h, _area in stats[1:].tolist():
            thick = h if level else w
            if thick > _THICKEST:
                continue
            middle = (y + h / 2) if level else (x + w / 2)
            part.append(
                Segment(
                    x0=round(x / scale if level else middle / scale, 1),
                    y0=round(middle / scale if level else y / scale, 1),
                    x1=round((x + w) / scale if level else middle / scale, 1),
                    y1=round(middle / scale if level else (y + h) / scale, 1),
                )
            )
        found += sorted(part, key=lambda s: (s.y0, s.x0, s.x1, s.y1))
    return tuple(found)
