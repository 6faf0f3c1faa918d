"""What is done to a page's pixels before it is read, and only where it was measured to help."""

import cv2
import numpy as np

from pipeline.reading.engine import Boxes, Image

_SMOOTHING = 0.03
_SMOOTHEST = 2.0
_FAINT = 70.0
_RED_EDGE = 40
_RED_SHARE = 0.001


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


def is_faint(image: Image) -> bool:
    """True when ink hardly stands out from its paper (faint copies, low light)."""
    grey = cv2.cvtColor(image[::3, ::3], cv2.COLOR_BGR2GRAY)
    low, high = np.percentile(cv2.GaussianBlur(grey, (0, 0), 1.0), (0.5, 95))
    return bool(high - low < _FAINT)


def evened(image: Image) -> Image:
    """The picture on even white paper: light that differs over the page divided out, ink darkened."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    reach = max(15, (max(small.shape) // 20) | 1)
    paper = cv2.morphologyEx(
        cv2.medianBlur(small, 5), cv2.MORPH_CLOSE, np.ones((reach, reach), np.uint8)
    )
    paper = cv2.resize(cv2.GaussianBlur(paper, (0, 0), reach / 3), (grey.shape[1], grey.shape[0]))
    even = grey.astype(np.float32) / np.maximum(paper, 1).astype(np.float32) * 255
    darkest = float(np.percentile(even[::3, ::3], 1.0))
    stretched = np.clip((even - darkest) / max(250 - darkest, 1.0) * 255, 0, 255)
    return np.asarray(cv2.cvtColor(stretched.astype(np.uint8), cv2.COLOR_GRAY2BGR), dtype=np.uint8)


def red_share(image: Image) -> float:
    """Share of the pixels that are red ink (0–1)."""
    return float(_is_red(image[::2, ::2]).mean()) if image.size else 0.0


def has_seal(image: Image) -> bool:
    """True when there is enough red ink on a page for a seal."""
    return red_share(image) > _RED_SHARE


def without_red(image: Image) -> Image:
    """The picture with red ink as light as paper while black print under it stays black.

    The red channel hardly sees red ink; what is left of it is lifted by the ink's own distance
    from white.
    """
    channel = image[:, :, 2]
    red = _is_red(image)
    lift = 255 - float(np.median(channel[red])) if red.any() else 0.0
    light = np.where(red, np.minimum(channel + lift, 255), channel).astype(np.uint8)
    return np.ascontiguousarray(np.repeat(light[:, :, None], 3, axis=2))


def _is_red(image: Image) -> "np.ndarray[tuple[int, ...], np.dtype[np.bool_]]":
    blue, green, red = (image[:, :, i].astype(np.int16) for i in range(3))
    return np.asarray(red - np.maximum(blue, green) > _RED_EDGE)
