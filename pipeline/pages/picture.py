"""Kept pictures of pages, and the crops cut from them as evidence."""

import math

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.model.reading import Quad
from pipeline.pages.page import Picture, as_picture

_JPEG_QUALITY = 70
_MAX_CROP_SIDE = 2400
_STRIP_SIDE = 1000


def encode_picture(image: Picture, max_side: int) -> bytes:
    """`image` as JPEG bytes, no side longer than `max_side`. Same pixels in, same bytes out.

    A strip more than twice as long as wide, such as a long screenshot, is limited by its shorter
    side instead (1000 pixels), since it could not be read otherwise.

    JPEG, not WebP: encoding takes a fifth of the time, and a run keeps a picture of every page.
    Reports embed these bytes as they are, so the quality is a compromise with their size: at 70
    print looks as at 82, and the files are a third smaller.
    """
    height, width = image.shape[:2]
    scale = max_side / max(height, width)
    if max(height, width) > 2 * min(height, width):
        scale = max(scale, _STRIP_SIDE / min(height, width))
    scale = min(1.0, scale)
    if scale < 1.0:
        size = (max(1, round(width * scale)), max(1, round(height * scale)))
        image = as_picture(cv2.resize(image, size, interpolation=cv2.INTER_AREA))
    done, data = cv2.imencode(
        ".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY, cv2.IMWRITE_JPEG_OPTIMIZE, 1]
    )
    if not done:
        raise ValueError(f"picture of shape {image.shape} cannot be encoded")
    return data.tobytes()


def crop_quad(image: Picture, quad: Quad, scale: float, margin: float = 0.35) -> Picture:
    """The part of a kept picture around `quad`, turned so that its text runs left to right.

    `quad` is in pixels of the page at its full size, `scale` the kept picture's width divided by
    the page's width, `margin` what is kept around the quad, in lengths of its shorter side. Returns
    (h, w, 3) uint8, BGR; what lies outside the picture is white.
    """
    corners = np.array(quad, dtype=np.float64) * scale
    top_left, top_right, bottom_right, bottom_left = corners
    width = (math.dist(top_left, top_right) + math.dist(bottom_left, bottom_right)) / 2
    height = (math.dist(top_left, bottom_left) + math.dist(top_right, bottom_right)) / 2
    width, height = max(width, 1.0), max(height, 1.0)
    shrink = min(1.0, _MAX_CROP_SIDE / (max(width, height) + 2 * margin * min(width, height)))
    width, height = width * shrink, height * shrink
    border = margin * min(width, height)
    out_width, out_height = max(1, round(width + 2 * border)), max(1, round(height + 2 * border))
    inner = np.array(
        [
            (border, border),
            (out_width - border, border),
            (out_width - border, out_height - border),
            (border, out_height - border),
        ],
        dtype=np.float32,
    )
    transform = cv2.getPerspectiveTransform(_spread(corners).astype(np.float32), inner)
    cut = cv2.warpPerspective(
        image,
        transform,
        (out_width, out_height),
        flags=cv2.INTER_LINEAR,
        borderMode=cv2.BORDER_CONSTANT,
        borderValue=(255, 255, 255),
    )
    return as_picture(cut)


def _spread(corners: NDArray[np.float64]) -> NDArray[np.float64]:
    """`corners` with zero-length sides opened to one pixel, so that a transform exists."""
    top_left, top_right, bottom_right, bottom_left = corners
    if min(math.dist(top_left, top_right), math.dist(bottom_left, bottom_right)) < 1e-3:
        corners = corners + np.array([(0, 0), (1, 0), (1, 0), (0, 0)])
    if min(math.dist(top_left, bottom_left), math.dist(top_right, bottom_right)) < 1e-3:
        corners = corners + np.array([(0, 0), (0, 0), (0, 1), (0, 1)])
    return corners
