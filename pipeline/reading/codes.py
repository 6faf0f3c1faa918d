"""QR and PDF417 codes on a page."""

import cv2
import numpy as np

from pipeline.model.reading import Code, Quad, Rect
from pipeline.reading.engine import Image

_WORK_SIDE = 1000
_WORK_WIDTH = 700
_WINDOW = 13
_CROSSINGS = 0.22
_CROSSINGS_EACH_WAY = 0.07
_SMALLEST = 0.06
_FILLED = 0.6
_TRIED = 3
_MARGIN = 0.12
_CLOSE_SIDE = 1800
_LARGEST_SCALE = 4.0


def read_codes(image: Image) -> tuple[Code, ...]:
    """Codes on an upload's picture `(H, W, 3) uint8 BGR`, top to bottom; boxes in its pixels.

    Where the page as it is shows none, the places that look like one are looked at closely.
    """
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), dtype=np.uint8)
    found = _decoded(grey, 1.0, (0.0, 0.0))
    if not found:
        for area in code_areas(grey)[:_TRIED]:
            found += _look_closely(grey, area)
    return tuple(sorted(found, key=lambda c: (c.box[0][1], c.box[0][0], c.payload)))


def code_areas(grey: np.ndarray) -> list[Rect]:
    """Places that look like a code on a grey picture `(H, W) uint8`, the largest first.

    A code changes between dark and light everywhere, and as often downwards as across.
    """
    height, width = grey.shape
    scale = min(1.0, max(_WORK_SIDE / max(height, width), _WORK_WIDTH / min(height, width)))
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    dark = cv2.adaptiveThreshold(
        small, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 3 * _WINDOW + 2, 8
    ).astype(np.int16)
    window = (_WINDOW, _WINDOW)
    across, down = (
        cv2.boxFilter(np.abs(np.diff(dark, axis=axis, prepend=0)).astype(np.float32), -1, window)
        for axis in (1, 0)
    )
    ink = cv2.boxFilter(dark.astype(np.float32), -1, window)
    busy = (np.minimum(across, down) > _CROSSINGS_EACH_WAY) & (across + down > _CROSSINGS)
    mask = (busy & (ink > 0.2) & (ink < 0.8)).astype(np.uint8)
    mask = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, np.ones(window, np.uint8)), np.uint8)
    mask = np.asarray(cv2.morphologyEx(mask, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8)), np.uint8)
    _, _, stats, _ = cv2.connectedComponentsWithStats(mask)
    least = _SMALLEST * min(small.shape)
    kept = [
        (x / scale, y / scale, (x + w) / scale, (y + h) / scale)
        for x, y, w, h, area in stats[1:].tolist()
        if min(w, h) >= least and area >= _FILLED * w * h
    ]
    return sorted(kept, key=lambda r: ((r[0] - r[2]) * (r[3] - r[1]), r))


def _look_closely(grey: np.ndarray, area: Rect) -> list[Code]:
    """The code in one place, from an enlarged copy of it, as it is or sharpened."""
    margin = _MARGIN * max(area[2] - area[0], area[3] - area[1])
    x0, y0 = max(0, int(area[0] - margin)), max(0, int(area[1] - margin))
    part = grey[y0 : int(area[3] + margin), x0 : int(area[2] + margin)]
    scale = min(_LARGEST_SCALE, max(1.0, _CLOSE_SIDE / max(part.shape)))
    large = cv2.resize(part, None, fx=scale, fy=scale, interpolation=cv2.INTER_CUBIC)
    soft = cv2.GaussianBlur(large, (0, 0), scale)
    for sight in (large, cv2.addWeighted(large, 3.0, soft, -2.0, 0)):
        found = _decoded(np.asarray(sight, dtype=np.uint8), scale, (x0, y0))
        if found:
            return found
    return []


def _decoded(grey: np.ndarray, scale: float, origin: tuple[float, float]) -> list[Code]:
    """Codes of a picture that is a part of the page at `origin`, enlarged by `scale`."""
    import zxingcpp  # here, not above: it complains aloud when a process that holds it ends

    formats = zxingcpp.BarcodeFormats(
        (zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.PDF417)
    )
    found = []
    for code in zxingcpp.read_barcodes(grey, formats=formats, try_invert=False):
        if not code.valid or not code.text:
            continue
        place = code.position
        box: Quad = (
            _point(place.top_left, scale, origin),
            _point(place.top_right, scale, origin),
            _point(place.bottom_right, scale, origin),
            _point(place.bottom_left, scale, origin),
        )
        name = str(code.format).replace(" ", "").replace("-", "").replace("BarcodeFormat.", "")
        found.append(Code(format=name, payload=code.text, box=box))
    return found


def _point(place: object, scale: float, origin: tuple[float, float]) -> tuple[float, float]:
    x, y = float(place.x), float(place.y)  # type: ignore[attr-defined]  # zxingcpp has no types
    return (round(x / scale + origin[0], 1), round(y / scale + origin[1], 1))
