"""Pieces of a page cut out for the recogniser."""

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.model.reading import Rect
from pipeline.reading.engine import Image


def cut(image: Image, box: NDArray[np.float32]) -> Image:
    """The pixels of one box `(4, 2)`, straightened when the box leans; never empty.

    A level box is cut as it stands, so that its pixels are not sampled again.
    """
    height, width = image.shape[:2]
    low, high = box.min(axis=0), box.max(axis=0)
    x0, y0 = max(int(low[0]), 0), max(int(low[1]), 0)
    x1, y1 = min(int(np.ceil(high[0])), width), min(int(np.ceil(high[1])), height)
    lean = max(abs(float(box[1][1] - box[0][1])), abs(float(box[1][0] - box[2][0])))
    if lean <= 2.0 and x1 - x0 > 1 and y1 - y0 > 1:
        return np.ascontiguousarray(image[y0:y1, x0:x1])
    across = max(
        2, round(float(np.linalg.norm(box[1] - box[0]) + np.linalg.norm(box[2] - box[3])) / 2)
    )
    down = max(
        2, round(float(np.linalg.norm(box[3] - box[0]) + np.linalg.norm(box[2] - box[1])) / 2)
    )
    target = np.array([[0, 0], [across, 0], [across, down], [0, down]], dtype=np.float32)
    warp = cv2.getPerspectiveTransform(box.astype(np.float32), target)
    return np.asarray(
        cv2.warpPerspective(
            image, warp, (across, down), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
        ),
        dtype=np.uint8,
    )


def heightened(box: NDArray[np.float32], part: float) -> NDArray[np.float32]:
    """The box `(4, 2)` made higher by `part` of its height, above and below (lower: negative)."""
    left, right = (box[3] - box[0]) * part, (box[2] - box[1]) * part
    return np.stack([box[0] - left, box[1] - right, box[2] + right, box[3] + left]).astype(
        np.float32
    )


def rect_box(rect: Rect) -> NDArray[np.float32]:
    """The corners `(4, 2)` of a level rectangle."""
    x0, y0, x1, y1 = rect
    return np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]], dtype=np.float32)


def bounds(box: NDArray[np.float32]) -> Rect:
    """The level rectangle around the corners `(4, 2)` of a box."""
    low, high = box.min(axis=0), box.max(axis=0)
    return (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
