"""The upright frame of a page: quarter turn and skew found by trying, with the way back to the upload."""

import math
from dataclasses import dataclass
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.model.reading import Matrix
from pipeline.reading.crops import cut
from pipeline.reading.engine import Boxes, Engine, Image
from pipeline.reading.plane import Transform, find_levelling

Rotation = Literal[0, 90, 180, 270]

_PROBE_SIDE = 960
_PROBE_CROPS = 6
_SURE_SCORE = 0.85
_SURE_CHARACTERS = 8
_LONGEST_SIDE = 3000
_WIDEST_STRIP = 1600
_STRIP_ASPECT = 2.2
_SKEW_FLOOR = 0.25
_DEEPEST = 0.45
"""A corner of a photo may lie so much nearer or farther than its middle."""
_TURN: dict[Rotation, int] = {
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}


@dataclass(frozen=True, slots=True)
class Upright:
    """A page turned and straightened.

    `image` is the upright picture; `to_upload` leads from its pixels to the upload's; `rotation`
    is the clockwise quarter turn that was needed, `skew` the degrees (clockwise) taken out after it;
    `boxes` are the lines that the probe found, in upright pixels (empty: nothing that looks like text).
    """

    image: Image
    to_upload: Matrix
    rotation: Rotation
    skew: float
    boxes: Boxes


def is_strip(width: int, height: int) -> bool:
    """True for a picture so long and narrow (a scrolled screenshot) that it is read in tiles."""
    return height > _STRIP_ASPECT * width


def find_upright(
    image: Image, engine: Engine, *, turns: bool = True, levels: bool = True
) -> Upright:
    """The page in its upright frame, at most 3000 px long.

    A long strip keeps its length; its width is at most 1600 px. Without `turns` the page is taken to
    lie upright, without `levels` to lie flat before the lens.
    """
    height, width = image.shape[:2]
    probe = image if not is_strip(width, height) else image[: int(_STRIP_ASPECT * width)]
    boxes = engine.detect(probe, _PROBE_SIDE)
    rotation = find_rotation(probe, boxes, engine) if turns else 0
    turned_probe = turn_boxes(boxes, probe.shape[1], probe.shape[0], rotation)
    skew = find_skew(turned_probe)
    if abs(skew) < _SKEW_FLOOR:
        skew = 0.0
    forward, size = _forward(width, height, rotation, skew)
    if levels and probe is image:
        turned = cv2.rotate(image, _TURN[rotation]) if rotation else image
        levelling = find_levelling(np.asarray(turned, dtype=np.uint8), turned_probe)
        if levelling is not None and (fitted := _levelled(width, height, rotation, levelling)):
            forward, size = fitted
            skew = skew or _SKEW_FLOOR
    upright = _warp(image, forward, size, rotation, skew)
    moved = cv2.perspectiveTransform(boxes.reshape(-1, 1, 2), forward) if len(boxes) else boxes
    # the corner that is top left now was another one in the upload
    corners = np.roll(np.asarray(moved, dtype=np.float32).reshape(-1, 4, 2), rotation // 90, axis=1)
    back = np.asarray(np.linalg.inv(forward), dtype=np.float64)
    return Upright(
        image=upright,
        to_upload=matrix(back),
        rotation=rotation,
        skew=skew,
        boxes=corners,
    )


def matrix(transform: Transform) -> Matrix:
    """The homography as nine numbers, scaled so that the last is 1."""
    flat = (transform / transform[2, 2]).reshape(-1)
    a, b, c, d, e, f, g, h, i = (float(value) for value in flat)
    return (a, b, c, d, e, f, g, h, i)


def find_rotation(image: Image, boxes: Boxes, engine: Engine) -> Rotation:
    """Clockwise quarter turn that makes the text upright: the one in which it reads best.

    The shape of the boxes says which axis the lines run along; a handful of lines is read in that
    axis's two directions. Only when neither reads well are the other two tried.
    """
    if not len(boxes):
        return 0
    sizes = _sizes(boxes)
    long_side = sizes.max(axis=1)
    vertical = float(long_side[sizes[:, 1] > 1.5 * sizes[:, 0]].sum())
    level = float(long_side[sizes[:, 0] > 1.5 * sizes[:, 1]].sum())
    first: tuple[Rotation, ...] = (0, 180) if level >= vertical else (90, 270)
    second: tuple[Rotation, ...] = (90, 270) if level >= vertical else (0, 180)
    sample = boxes[np.argsort(-long_side * np.sqrt(sizes.min(axis=1)), kind="stable")]
    best: tuple[float, Rotation] = (-1.0, 0)
    for group in (first, second):
        for rotation in group:
            score, characters = _score(image, sample[:_PROBE_CROPS], rotation, engine)
            if score >= _SURE_SCORE and characters >= _SURE_CHARACTERS:
                return rotation
            if score > best[0]:
                best = (score, rotation)
    return best[1]


def _score(image: Image, boxes: Boxes, rotation: Rotation, engine: Engine) -> tuple[float, int]:
    """How well some boxes read in a rotation (0–1, by characters), and how many characters."""
    total = 0.0
    characters = 0
    for box in boxes:
        crop = cut(image, box)
        if rotation:
            crop = np.asarray(cv2.rotate(crop, _TURN[rotation]), dtype=np.uint8)
        found = engine.recognise(crop)
        total += found.score * len(found.glyphs)
        characters += len(found.glyphs)
    return (total / characters if characters else 0.0), characters


def find_skew(boxes: Boxes) -> float:
    """Degrees (clockwise positive) by which the lines lean, from the long boxes; 0 when there are none."""
    if not len(boxes):
        return 0.0
    sizes = _sizes(boxes)
    lines = boxes[(sizes[:, 0] > 4 * sizes[:, 1])]
    if not len(lines):
        return 0.0
    top = lines[:, 1] - lines[:, 0]
    bottom = lines[:, 2] - lines[:, 3]
    direction = top + bottom
    angles = np.degrees(np.arctan2(direction[:, 1], direction[:, 0]))
    weights = np.linalg.norm(direction, axis=1)
    order = np.argsort(angles, kind="stable")
    half = np.searchsorted(np.cumsum(weights[order]), weights.sum() / 2)
    return float(angles[order][min(half, len(order) - 1)])


def turn_boxes(boxes: Boxes, width: int, height: int, rotation: Rotation) -> Boxes:
    """Boxes after a clockwise quarter turn of the picture, corners in reading order again."""
    if not len(boxes) or not rotation:
        return boxes
    x, y = boxes[..., 0], boxes[..., 1]
    if rotation == 90:
        turned = np.stack([height - y, x], axis=-1)
    elif rotation == 180:
        turned = np.stack([width - x, height - y], axis=-1)
    else:
        turned = np.stack([y, width - x], axis=-1)
    return np.roll(turned, rotation // 90, axis=1).astype(np.float32)


def _sizes(boxes: Boxes) -> NDArray[np.float32]:
    """(N, 2) width and height of every box, measured along its own sides."""
    across = np.linalg.norm(boxes[:, 1] - boxes[:, 0], axis=1)
    down = np.linalg.norm(boxes[:, 3] - boxes[:, 0], axis=1)
    return np.stack([across, down], axis=1).astype(np.float32)


def _quarter(width: int, height: int, rotation: Rotation) -> Transform:
    """Homography of a clockwise quarter turn of a picture of that size."""
    turns: dict[int, list[list[float]]] = {
        0: [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        90: [[0, -1, height], [1, 0, 0], [0, 0, 1]],
        180: [[-1, 0, width], [0, -1, height], [0, 0, 1]],
        270: [[0, 1, 0], [-1, 0, width], [0, 0, 1]],
    }
    return np.array(turns[rotation], dtype=np.float64)


def _forward(
    width: int, height: int, rotation: Rotation, skew: float
) -> tuple[Transform, tuple[int, int]]:
    """Homography from upload to upright, and the upright's width and height."""
    turned_w, turned_h = (height, width) if rotation in (90, 270) else (width, height)
    if is_strip(turned_w, turned_h):
        scale = min(1.0, _WIDEST_STRIP / turned_w)
    else:
        scale = min(1.0, _LONGEST_SIDE / max(turned_w, turned_h))
    radians = math.radians(skew)
    cos, sin = math.cos(radians) * scale, math.sin(radians) * scale
    lean = np.array([[cos, sin, 0.0], [-sin, cos, 0.0], [0.0, 0.0, 1.0]])
    return _shifted(lean @ _quarter(width, height, rotation), width, height)


def _levelled(
    width: int, height: int, rotation: Rotation, levelling: Transform
) -> tuple[Transform, tuple[int, int]] | None:
    """The same for a page that is levelled after its quarter turn; None when it would be torn apart."""
    transform = levelling @ _quarter(width, height, rotation)
    corners = np.array([[0, 0, 1], [width, 0, 1], [width, height, 1], [0, height, 1]])
    depth = corners @ transform[2] / (np.array([width / 2, height / 2, 1]) @ transform[2])
    if depth.min() < 1 - _DEEPEST or depth.max() > 1 + _DEEPEST:
        return None
    _, (across, down) = _shifted(transform, width, height)
    scale = min(1.0, _LONGEST_SIDE / max(across, down))
    return _shifted(np.diag([scale, scale, 1.0]) @ transform, width, height)


def _shifted(transform: Transform, width: int, height: int) -> tuple[Transform, tuple[int, int]]:
    """A homography of a picture with all of it in the positive, and the size of what results."""
    corners = np.array([[[0, 0]], [[width, 0]], [[width, height]], [[0, height]]], dtype=np.float64)
    moved = cv2.perspectiveTransform(corners, transform).reshape(-1, 2)
    low = moved.min(axis=0)
    span = moved.max(axis=0) - low
    shift = np.array([[1, 0, -low[0]], [0, 1, -low[1]], [0, 0, 1]], dtype=np.float64)
    size = (max(1, math.ceil(span[0] - 1e-6)), max(1, math.ceil(span[1] - 1e-6)))
    return shift @ transform, size


def _warp(
    image: Image, forward: Transform, size: tuple[int, int], rotation: Rotation, skew: float
) -> Image:
    if not skew:
        turned = cv2.rotate(image, _TURN[rotation]) if rotation else image
        if (turned.shape[1], turned.shape[0]) == size:
            return np.ascontiguousarray(turned, dtype=np.uint8)
        return np.asarray(cv2.resize(turned, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    edge = np.concatenate([image[0], image[-1], image[:, 0], image[:, -1]])
    border = tuple(float(v) for v in np.median(edge, axis=0))
    return np.asarray(
        cv2.warpPerspective(
            image,
            forward,
            size,
            flags=cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=border,
        ),
        dtype=np.uint8,
    )
