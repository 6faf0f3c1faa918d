"""Round seals in grey copies: their ink told from the print under it by shape and darkness, not colour.

A seal's rim is the same all the way round, and its star comes back when turned by a fifth; print
does neither. So both are measured where no print crosses them, and divided out: ink over ink
multiplies. What is left is the text along the rim, of a thinner ink than print: print is what hangs
together with strokes darker than that ink.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.reading.engine import Image
from pipeline.reading.pixels import paper_of
from pipeline.reading.rings import Ring

Plane = NDArray[np.float32]

_BEYOND = 1.08
_AROUND = 1.5
_ANGLES = 720
_FIGURE = 0.45
_FIGURE_ANGLES = 360
_OFF_CENTRE = 0.09
_HEART = 0.5
_DARKEST = 0.02
_DARKER = 1.15
_DARKER_BY = 0.04
_INKED = 0.3
_STROKE = 0.05
_LEFT = 0.15
_GENTLY = 0.3
_PRINT = 0.6
_LEAST_PRINT = 60
_SURVIVES = 0.93
"""So much of the print where the seal has no text must hang together with dark strokes."""


@dataclass(frozen=True, slots=True)
class Lifted:
    """A page `(H, W, 3) uint8` whose grey seals were taken away, in two ways for several readings.

    Rim and star are gone from both. From `clear` the text along the rim is gone as well where print
    is so dark that it can be told from it, and `other` still has it; where it cannot, `clear` has
    it, and in `other` it is paler.
    """

    clear: Image
    other: Image


def lift_seals(image: Image, rings: tuple[Ring, ...]) -> Lifted:
    """The picture without the seals whose rims are `rings` (pixels of the picture)."""
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    paper = paper_of(grey)
    sheets = [grey.copy() for _ in range(2)]
    for ring in rings:
        reach = ring.radius * _AROUND
        top, left = max(0, int(ring.y - reach)), max(0, int(ring.x - reach))
        place = (slice(top, int(ring.y + reach) + 2), slice(left, int(ring.x + reach) + 2))
        white = paper[place]
        light = np.clip(grey[place] / white, 0.01, 1.0).astype(np.float32)
        seal, outwards = _seal_alone(light, ring, ring.x - left, ring.y - top)
        ink = 1.0 - np.minimum(light / seal, 1.0)
        for sheet, left_over in zip(sheets, _ways(ink, outwards, ring), strict=True):
            cleared = np.clip((1.0 - left_over) * white, 0, 255).astype(np.uint8)
            sheet[place] = np.where(outwards < _BEYOND, cleared, sheet[place])
    clear, other = (
        np.asarray(cv2.cvtColor(sheet, cv2.COLOR_GRAY2BGR), dtype=np.uint8) for sheet in sheets
    )
    return Lifted(clear, other)


def _ways(ink: Plane, outwards: Plane, ring: Ring) -> tuple[Plane, Plane]:
    """The darkness that is left of `ink` without rim and star: the best of two ways first."""
    written = (outwards > _HEART) & (outwards < 1.0)
    strokes = _strokes(ink, ring)
    inked = (ink > _PRINT * ring.level) & ((outwards < _HEART) | (outwards > _BEYOND))
    if inked.sum() < _LEAST_PRINT or float(strokes[inked].mean()) < _SURVIVES:
        return ink, _paler(ink, written, _GENTLY * ring.level)
    told = np.where(written, ink * (_LEFT + (1 - _LEFT) * strokes), ink)
    return told, ink


def _paler(ink: Plane, where: NDArray[np.bool_], taken: float) -> Plane:
    """`ink` without the first `taken` of its darkness, where it is asked for."""
    return np.where(where, np.clip((ink - taken) / (1 - taken), 0.0, 1.0), ink)


def _strokes(ink: Plane, ring: Ring) -> Plane:
    """1 where ink hangs together with strokes that are darker than the seal, 0 elsewhere."""
    grown = (ink > _DARKER * ring.level + _DARKER_BY).astype(np.uint8)
    inked = (ink > _INKED * ring.level).astype(np.uint8)
    around = np.ones((3, 3), np.uint8)
    for _ in range(max(3, int(_STROKE * ring.radius))):
        grown = np.asarray(cv2.dilate(grown, around), dtype=np.uint8) & inked
    soft = cv2.GaussianBlur(cv2.dilate(grown, around).astype(np.float32), (0, 0), 0.7)
    return np.asarray(soft, dtype=np.float32)


def _seal_alone(light: Plane, ring: Ring, x: float, y: float) -> tuple[Plane, Plane]:
    """How much light rim and star let through, and how far out each pixel lies (1: on the rim).

    `light` is what ink lets through of the paper's light (0–1) around the seal; (x, y) its middle.
    """
    angles = np.linspace(0, 2 * np.pi, _ANGLES, endpoint=False)
    rim, middle = _rim(light, ring.radius, (x, y), angles)
    steps = np.linspace(0, _BEYOND, max(40, int(1.5 * _BEYOND * ring.radius)))
    around = np.median(_polar(light, (x, y), steps[:, None] * rim, angles), axis=1)
    around[steps < _HEART] = 1.0
    rows, columns = np.mgrid[0 : light.shape[0], 0 : light.shape[1]].astype(np.float32)
    turned = np.mod(np.arctan2(rows - y, columns - x), 2 * np.pi)
    reach = np.interp(turned.ravel(), [*angles, 2 * np.pi], [*rim, rim[0]]).reshape(turned.shape)
    outwards = (np.hypot(columns - x, rows - y) / reach).astype(np.float32)
    seal = np.interp(outwards.ravel(), steps, around, right=1.0).reshape(light.shape)
    figure = _figure(light, middle, _FIGURE * ring.radius)
    both = np.clip(np.minimum(seal, figure), _DARKEST, 1.0).astype(np.float32)
    return np.asarray(cv2.erode(both, np.ones((3, 3), np.uint8)), dtype=np.float32), outwards


def _rim(
    light: Plane, radius: float, middle: tuple[float, float], angles: NDArray[np.float64]
) -> tuple[NDArray[np.float64], tuple[float, float]]:
    """Distance of the rim from `middle` in every direction, and the middle that it really has.

    A rim on a copy is hardly ever a true circle; circle, shift and ellipse are fitted to its
    darkest points (three harmonics), crossing print set aside.
    """
    steps = np.arange(0.9 * radius, 1.09 * radius, 0.5)
    sharp = _polar(light, middle, np.repeat(steps[:, None], len(angles), axis=1), angles)
    thick = max(3, int(0.09 * radius) | 1)
    band = cv2.blur(sharp, (9, thick), borderType=cv2.BORDER_REPLICATE)
    found = steps[band.argmin(axis=0)]
    dark = 1 - band.min(axis=0)
    shapes = np.stack(
        [np.ones_like(angles), *(f(k * angles) for k in (1, 2) for f in (np.cos, np.sin))], 1
    )
    inked = dark > 0.5 * np.median(dark)
    harmonics = np.array([np.median(found), 0.0, 0.0, 0.0, 0.0])
    used, tolerance = inked, 0.05 * radius
    for _ in range(4):
        if used.sum() < len(angles) // 12:
            break
        harmonics = np.linalg.lstsq(shapes[used], found[used], rcond=None)[0]
        used = inked & (np.abs(found - shapes @ harmonics) < tolerance)
        tolerance = max(tolerance / 2, 1.5)
    shift = (middle[0] + float(harmonics[1]), middle[1] + float(harmonics[2]))
    return np.asarray(shapes @ harmonics, dtype=np.float64), shift


def _figure(light: Plane, middle: tuple[float, float], radius: float) -> Plane:
    """How much light the star in the middle lets through: what stays when it is turned by fifths.

    Of the five turns the second lightest is taken: print covers a point of the star in some of
    them only. The star's own middle is looked for around `middle`.
    """
    angles = np.linspace(0, 2 * np.pi, _FIGURE_ANGLES, endpoint=False)
    steps = np.linspace(0, radius, max(16, int(radius)))[:, None]
    distances = np.repeat(steps, _FIGURE_ANGLES, axis=1)

    def turned(centre: tuple[float, float]) -> Plane:
        polar = _polar(light, centre, distances, angles)
        fifths = [np.roll(polar, k * _FIGURE_ANGLES // 5, axis=1) for k in range(5)]
        return np.asarray(np.sort(np.stack(fifths), axis=0)[-2], dtype=np.float32)

    def inked(centre: tuple[float, float]) -> float:
        return float(((1 - turned(centre)) * steps).sum())

    step = max(2.0, _OFF_CENTRE * radius) / 2
    for reach in (2, 1, 1):
        tried = range(-reach, reach + 1)
        places = [(middle[0] + i * step, middle[1] + j * step) for i in tried for j in tried]
        middle = max(places, key=inked)
        step /= 2
    figure = turned(middle)
    closed = np.concatenate([figure, figure[:, :1]], axis=1)
    rows, columns = np.mgrid[0 : light.shape[0], 0 : light.shape[1]].astype(np.float32)
    angle = np.mod(np.arctan2(rows - middle[1], columns - middle[0]), 2 * np.pi)
    return np.asarray(
        cv2.remap(
            closed,
            (angle * (_FIGURE_ANGLES / (2 * np.pi))).astype(np.float32),
            (np.hypot(columns - middle[0], rows - middle[1]) / radius * (len(steps) - 1)).astype(
                np.float32
            ),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=(1.0,),
        ),
        dtype=np.float32,
    )


def _polar(
    light: Plane,
    middle: tuple[float, float],
    distances: NDArray[np.float64],
    angles: NDArray[np.float64],
) -> Plane:
    """`light` at those distances (rows) in those directions (columns) from a middle; paper outside."""
    return np.asarray(
        cv2.remap(
            light,
            (middle[0] + distances * np.cos(angles)).astype(np.float32),
            (middle[1] + distances * np.sin(angles)).astype(np.float32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_CONSTANT,
            borderValue=(1.0,),
        ),
        dtype=np.float32,
    )
