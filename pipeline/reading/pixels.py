"""What is done to a page's pixels before it is read, and only where it was measured to help."""

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.reading.crops import cut
from pipeline.reading.engine import Boxes, Image

_SMOOTHING = 0.03
_SMOOTHEST = 2.0
_FAINT = 70.0
_LOOKED_AT = 24
_RED = 0.15
_RED_LIGHT = 0.35
_RED_LEVEL = 0.75
_RED_SHARE = 0.001
_HINT_OF_RED = 0.03
_HINT_SHARE = 0.0003
_SIDE = 1280
_LARGEST_SIDE = 1920
_SEEN_HEIGHT = 18.0


def line_height(boxes: Boxes) -> float:
    """Median height of the lines in pixels; 0 when there are none."""
    if not len(boxes):
        return 0.0
    return float(np.median(np.linalg.norm(boxes[:, 3] - boxes[:, 0], axis=1)))


def smoothed(image: Image, height: float) -> Image:
    """The picture without its grain, for lines `height` pixels high.

    Noise costs the recogniser far more than sharpness gives it: on faint copies, photocopies and
    in low light a slight blur took the share of lines read exactly from 83/87/92 % to 100/93/99 %,
    and it cost nothing on clean pages. The blur follows the size of the text.
    """
    sigma = min(_SMOOTHING * height, _SMOOTHEST)
    if sigma < 0.3:
        return image
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), dtype=np.uint8)


def is_faint(image: Image, boxes: Boxes) -> bool:
    """True when ink hardly stands out from its paper (faint copies, low light), judged in its lines.

    Over 50 pages of twelve kinds of damage the median contrast of a line was 41–62 grey levels on
    faint copies and in low light, and 82 or more on all others, however little print a page had.
    """
    contrasts = []
    for box in boxes[:: max(1, len(boxes) // _LOOKED_AT)]:
        grey = cv2.cvtColor(cut(image, box), cv2.COLOR_BGR2GRAY)
        low, high = np.percentile(grey, (3, 90))
        contrasts.append(high - low)
    return bool(contrasts and np.median(contrasts) < _FAINT)


def evened(image: Image) -> Image:
    """The picture on even white paper: light that differs over the page divided out, ink darkened."""
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    even = grey.astype(np.float32) / paper_of(grey) * 255
    darkest = float(np.percentile(even[::3, ::3], 1.0))
    stretched = np.clip((even - darkest) / max(250 - darkest, 1.0) * 255, 0, 255)
    return np.asarray(cv2.cvtColor(stretched.astype(np.uint8), cv2.COLOR_GRAY2BGR), dtype=np.uint8)


def without_red(image: Image) -> Image | None:
    """The picture with red ink as light as paper while black print under it stays black.

    None when there is too little red ink for a seal. Red is judged against the paper beside it, so
    that warm or dim light does not matter; the red channel, which hardly sees the ink, is lifted by
    what the ink takes from it.
    """
    if not _may_have_red(image):
        return None
    paper = paper_of(image)
    share = image.astype(np.float32) / paper
    red = share[:, :, 2] - np.maximum(share[:, :, 0], share[:, :, 1])
    is_red = (red > _RED) & (share[:, :, 2] > _RED_LIGHT)
    if float(is_red.mean()) < _RED_SHARE:
        return None
    light = np.where(is_red, np.minimum(share[:, :, 2] / _RED_LEVEL, 1.0), share[:, :, 2])
    channel = np.clip(light * paper[:, :, 2], 0, 255).astype(np.uint8)
    return np.ascontiguousarray(np.repeat(channel[:, :, None], 3, axis=2))


def _may_have_red(image: Image) -> bool:
    """False when a sixteenth of the pixels shows that there is no red ink, however thin its lines."""
    resized = cv2.resize(image, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    small = np.asarray(resized, dtype=np.uint8)
    share = small.astype(np.float32) / paper_of(small)
    red = share[:, :, 2] - np.maximum(share[:, :, 0], share[:, :, 1])
    return float((red > _HINT_OF_RED).mean()) >= _HINT_SHARE


def paper_of(image: Image) -> NDArray[np.float32]:
    """What the paper itself looks like at every pixel, print and seals left out; at least 1."""
    small = cv2.resize(image, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    reach = max(15, (max(small.shape) // 20) | 1)
    closed = cv2.morphologyEx(
        cv2.medianBlur(small, 5), cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8)
    )
    size = (image.shape[1], image.shape[0])
    paper = cv2.resize(cv2.GaussianBlur(closed, (0, 0), reach / 3), size)
    return np.maximum(np.asarray(paper, dtype=np.float32), 1.0)


def detection_side(image: Image, boxes: Boxes) -> int:
    """Longest side at which the lines of a page are looked for, from the height of its smaller ones.

    1280 px for ordinary print, up to 1920 px where the print is small on a large picture.
    """
    if not len(boxes):
        return _SIDE
    heights = np.linalg.norm(boxes[:, 3] - boxes[:, 0], axis=1)
    wanted = max(image.shape[:2]) * _SEEN_HEIGHT / max(float(np.percentile(heights, 25)), 1.0)
    return int(min(max(wanted, _SIDE), _LARGEST_SIDE))
