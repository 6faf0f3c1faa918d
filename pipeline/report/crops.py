"""Page pictures and the cuts around evidence, turned upright and encoded for embedding.

Each picture is decoded once and encoded once; every cut of that page is taken from the decoded
pixels. Pictures arrive in the upload frame, possibly smaller than the page they stand for.
JPEG is used because, on pages of print, it is as small as WebP at a tenth of the time.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import copysign
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.model.reading import Quad
from pipeline.model.report import ReportPage

Pixels = NDArray[np.uint8]
"""(H, W, 3) uint8, BGR."""
Point = tuple[float, float]

PAGE_SIDE = 1100
"""Longest side of an embedded page picture with evidence on it, in pixels."""
PLAIN_SIDE = 800
"""The same for a page without evidence."""
STRIP_WIDTH = 700
"""Shorter side of a page more than twice as long as wide: a long screenshot."""
PAGE_QUALITY = 55
CUT_QUALITY = 72
CUT_WIDTH = 900
CUT_HEIGHT = 420
_MARGIN_X = (28, 140)
_MARGIN_Y = (12, 60)
_LEAST = (280, 48)
_OUTLINE_GAP = 4.0
_TURNS: Mapping[int, int] = {
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}


@dataclass(frozen=True, slots=True)
class Cut:
    """A piece of a page as a data URI, `width` × `height` pixels; `outline` is the evidence in it."""

    uri: str
    width: int
    height: int
    outline: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as shown: upright, `width` × `height` in pixels of the upload.

    `uri` is None when the picture is missing or was not to be embedded.
    """

    uri: str | None
    width: int
    height: int
    is_missing: bool
    cuts: Mapping[Quad, Cut]


def upright_size(page: ReportPage) -> tuple[int, int]:
    """Width and height of the page once turned upright, in pixels of the upload."""
    return (page.height, page.width) if page.rotation in (90, 270) else (page.width, page.height)


def upright_quad(page: ReportPage, quad: Quad) -> tuple[Point, ...]:
    """The corners of `quad` on the page once turned upright, in pixels of the upload."""
    w, h = page.width, page.height
    match page.rotation:
        case 90:
            return tuple((h - y, x) for x, y in quad)
        case 180:
            return tuple((w - x, h - y) for x, y in quad)
        case 270:
            return tuple((y, w - x) for x, y in quad)
        case _:
            return tuple(quad)


def make_sheet(
    page: ReportPage,
    picture: bytes | None,
    *,
    quads: Iterable[Quad] = (),
    side: int | None = PAGE_SIDE,
) -> Sheet:
    """The page turned upright with one cut for each of `quads`.

    `side` is the longest side of the embedded picture in pixels; None embeds the cuts alone.

    `picture` is any encoded image of the page in the upload frame; one that is None or cannot be
    decoded gives a sheet that says so.
    """
    width, height = upright_size(page)
    pixels = _decode(picture)
    if pixels is None:
        return Sheet(uri=None, width=width, height=height, is_missing=True, cuts={})
    turn = _TURNS.get(page.rotation)
    if turn is not None:
        pixels = _pixels(cv2.rotate(pixels, turn))
    return Sheet(
        uri=None if side is None else _encode(_shrink_page(pixels, side), PAGE_QUALITY),
        width=width,
        height=height,
        is_missing=False,
        cuts={quad: _cut(pixels, page, quad) for quad in dict.fromkeys(quads)},
    )


def _cut(pixels: Pixels, page: ReportPage, quad: Quad) -> Cut:
    height, width = pixels.shape[:2]
    page_width, page_height = upright_size(page)
    points = [
        (x * width / page_width, y * height / page_height) for x, y in upright_quad(page, quad)
    ]
    left, right = _window([x for x, _ in points], width, _MARGIN_X, 1.6, _LEAST[0], points)
    top, bottom = _window([y for _, y in points], height, _MARGIN_Y, 0.9, _LEAST[1], points)
    piece = _shrink(pixels[top:bottom, left:right], CUT_WIDTH, CUT_HEIGHT)
    scale = piece.shape[1] / (right - left)
    return Cut(
        uri=_encode(piece, CUT_QUALITY),
        width=piece.shape[1],
        height=piece.shape[0],
        outline=spread(
            [((x - left) * scale, (y - top) * scale) for x, y in points], gap=_OUTLINE_GAP
        ),
    )


def spread(points: Sequence[Point], *, gap: float) -> tuple[Point, ...]:
    """The corners moved outwards by `gap`, so that a line along them leaves the print free."""
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    return tuple(
        (
            round(x + copysign(gap, x - middle_x), 1),
            round(y + copysign(gap, y - middle_y), 1),
        )
        for x, y in points
    )


def _window(
    values: list[float],
    limit: int,
    margins: tuple[int, int],
    share: float,
    least: int,
    points: list[Point],
) -> tuple[int, int]:
    """From where to where a cut goes along one axis: the values, a margin, at least `least` pixels."""
    text_height = max(y for _, y in points) - min(y for _, y in points)
    margin = min(max(text_height * share, margins[0]), margins[1])
    low, high = min(values) - margin, max(values) + margin
    if high - low < least:
        middle = (low + high) / 2
        low, high = middle - least / 2, middle + least / 2
    start = int(min(max(low, 0), limit - 1))
    return start, int(min(max(high, start + 1), limit))


def _decode(picture: bytes | None) -> Pixels | None:
    if not picture:
        return None
    try:
        pixels: Any = cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        return None
    return None if pixels is None else _pixels(pixels)


def _shrink_page(pixels: Pixels, side: int) -> Pixels:
    height, width = pixels.shape[:2]
    if height > 2 * width:
        return _shrink(pixels, STRIP_WIDTH, height)
    if width > 2 * height:
        return _shrink(pixels, width, STRIP_WIDTH)
    return _shrink(pixels, side, side)


def _shrink(pixels: Pixels, width: int, height: int) -> Pixels:
    scale = min(width / pixels.shape[1], height / pixels.shape[0])
    if scale >= 1:
        return pixels
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    return _pixels(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA))


def _encode(pixels: Pixels, quality: int) -> str:
    settings = [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1]
    _, data = cv2.imencode(".jpg", pixels, settings)
    return "data:image/jpeg;base64," + base64.b64encode(data.tobytes()).decode("ascii")


def _pixels(array: Any) -> Pixels:
    return np.asarray(array, dtype=np.uint8)
