"""The plane of a photographed page: where its lines and edges converge, and what levels them."""

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.reading.engine import Boxes, Image

Transform = NDArray[np.float64]
"""A 3×3 homography."""

_WORK_SIDE = 640
_LONG = 4.0
_FEWEST_LINES = 6
_LEAST_FAN = 0.08
"""Lines whose directions differ less than this (radians, over the page) read as well as they lie."""
_LEAST_SPREAD = 0.02
"""Edges whose directions differ less than this are taken for parallel."""
_CERTAIN = 4.0
"""How many of its standard errors a convergence must measure."""
_LARGEST_FAN = 0.6
_UPRIGHT = 0.36
_SHORTEST_EDGE = 0.12
_AGREED = 0.008
_EDGES = 24
_APART = 0.35
_FLAT = 1e-6
_LEAST_SUPPORT = 0.6


def find_levelling(image: Image, boxes: Boxes) -> Transform | None:
    """The homography that makes the text lines of a page seen aslant level and its edges upright.

    `image` `(H, W, 3) uint8 BGR` lies with its text running to the right (no quarter turn), `boxes`
    `(N, 4, 2)` are its lines. None where the lines hardly fan out: scans, and photos as most people
    take them, read as well as they lie. Lines of text give the one vanishing point, edges of the
    paper and ruled lines the other (Hartley and Zisserman, Multiple View Geometry, 8.6).
    """
    height, width = image.shape[:2]
    unit = max(width, height) / 2
    to_unit = np.array(
        [[1 / unit, 0, -width / 2 / unit], [0, 1 / unit, -height / 2 / unit], [0, 0, 1]]
    )
    fanned = _text_fan(boxes, to_unit)
    if fanned is None:
        return None
    slope, fan = fanned
    tilt, spread = _edge_fan(image, unit, slope)
    levelling = _levelling(slope, fan, tilt, spread)
    return np.asarray(np.linalg.inv(to_unit) @ levelling @ to_unit, dtype=np.float64)


def _levelling(slope: float, fan: float, tilt: float, spread: float) -> Transform:
    """The homography that sends the points (1, slope, fan) and (tilt, 1, spread) to where the axes end."""
    horizon = np.cross([1.0, slope, fan], [tilt, 1.0, spread])
    flat = np.eye(3)
    flat[2] = horizon / horizon[2]
    axes = np.array([[1.0, tilt], [slope, 1.0]])
    square = np.eye(3)
    square[:2, :2] = np.diag(np.linalg.norm(axes, axis=0)) @ np.linalg.inv(axes)
    return square @ flat


def _text_fan(boxes: Boxes, to_unit: Transform) -> tuple[float, float] | None:
    """Slope of the lines of text at the middle of the page, and how they fan out; None: hardly."""
    if len(boxes) < _FEWEST_LINES:
        return None
    placed = cv2.perspectiveTransform(boxes.reshape(-1, 1, 2).astype(np.float64), to_unit)
    corners = placed.reshape(-1, 4, 2)
    along = (corners[:, 1] - corners[:, 0] + corners[:, 2] - corners[:, 3]) / 2
    down = np.linalg.norm(corners[:, 3] - corners[:, 0], axis=1)
    length = np.linalg.norm(along, axis=1)
    long = length > _LONG * down
    if long.sum() < _FEWEST_LINES:
        return None
    return _fan(corners[long].mean(axis=1), along[long], length[long])


def _fan(
    places: NDArray[np.float64], along: NDArray[np.float64], weights: NDArray[np.float64]
) -> tuple[float, float] | None:
    """Slope and fan of level directions `along` at `places`, outliers set aside; None: parallel.

    A direction at (x, y) that leads to the point (1, s, c) is (1 - c x, s - c y).
    """
    direction = along / np.linalg.norm(along, axis=1)[:, None]
    normal = np.stack([-direction[:, 1], direction[:, 0]], axis=1)
    sides = np.stack([normal[:, 1], -(normal * places).sum(axis=1)], axis=1)
    wanted = -normal[:, 0]
    trust = weights.copy()
    for _ in range(8):
        root = np.sqrt(trust)[:, None]
        found, *_ = np.linalg.lstsq(sides * root, wanted * root[:, 0], rcond=None)
        error = np.abs(sides @ found - wanted)
        scale = max(float(np.median(error)) * 1.5, 1e-4)
        trust = weights / (1 + (error / scale) ** 2)
    slope, fan = (float(v) for v in found)
    inverse = np.linalg.pinv(sides.T @ (sides * trust[:, None]))
    variance = float((trust * error**2).sum() / trust.sum()) * float(weights.mean())
    certain = abs(fan) > _CERTAIN * float(np.sqrt(max(inverse[1, 1], 0.0) * variance))
    reach = float(np.ptp(places[:, 1]))
    if not certain or not _LEAST_FAN < abs(fan) * reach < _LARGEST_FAN:
        return None
    return slope, fan


def _edge_fan(image: Image, unit: float, slope: float) -> tuple[float, float]:
    """Lean of the upright edges at the middle of the page, and how they spread (0: parallel).

    Edges are those of the paper and of ruled lines; two far apart must agree with many others.
    """
    places, along, length = _edges(image, unit, slope)
    none = (-slope, 0.0)
    if len(places) < 2:
        return none
    normal = np.stack([-along[:, 1], along[:, 0]], axis=1)
    sides = np.stack([normal[:, 0], -(normal * places).sum(axis=1)], axis=1)
    wanted = -normal[:, 1]
    first, second = np.triu_indices(len(places), k=1)
    apart = np.abs(places[first, 0] - places[second, 0]) > _APART
    first, second = first[apart], second[apart]
    cross = sides[first, 0] * sides[second, 1] - sides[first, 1] * sides[second, 0]
    first, second, cross = (v[np.abs(cross) > _FLAT] for v in (first, second, cross))
    if not len(first):
        return none
    pairs = (
        np.stack(
            [
                wanted[first] * sides[second, 1] - wanted[second] * sides[first, 1],
                wanted[second] * sides[first, 0] - wanted[first] * sides[second, 0],
            ]
        )
        / cross
    )
    agree = np.abs(sides @ pairs - wanted[:, None]) < _AGREED
    agreed = agree[:, int((length @ agree).argmax())]
    support = float(length[agreed].sum())
    if agreed.sum() < 2 or support < _LEAST_SUPPORT * float(length.sum()):
        return none
    root = np.sqrt(length[agreed])[:, None]
    tilt, spread = np.linalg.lstsq(sides[agreed] * root, wanted[agreed] * root[:, 0], rcond=None)[0]
    reach = float(np.ptp(places[agreed, 0]))
    if not _LEAST_SPREAD < abs(spread) * reach < _LARGEST_FAN:
        return none
    return float(tilt), float(spread)


def _edges(
    image: Image, unit: float, slope: float
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Middles, directions (downwards) and lengths of the longest nearly upright edges."""
    height, width = image.shape[:2]
    scale = min(1.0, _WORK_SIDE / max(height, width))
    grey = cv2.cvtColor(
        cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA),
        cv2.COLOR_BGR2GRAY,
    )
    found = cv2.createLineSegmentDetector(cv2.LSD_REFINE_NONE).detect(grey)[0]
    empty = np.zeros((0, 2))
    if found is None:
        return empty, empty, np.zeros(0)
    ends = np.asarray(found, dtype=np.float64).reshape(-1, 2, 2) / scale
    ends = (ends - np.array([width / 2, height / 2])) / unit
    ends = np.where((ends[:, :1, 1:] > ends[:, 1:, 1:]), ends[:, ::-1], ends)
    along = ends[:, 1] - ends[:, 0]
    length = np.linalg.norm(along, axis=1)
    lean = np.arctan2(along[:, 0], along[:, 1]) + np.arctan(slope)
    keep = (length > _SHORTEST_EDGE) & (np.abs(lean) < _UPRIGHT)
    order = np.argsort(-length[keep], kind="stable")[:_EDGES]
    middles, along, length = ends[keep].mean(axis=1)[order], along[keep][order], length[keep][order]
    return middles, along / np.maximum(length, 1e-9)[:, None], length
