"""Detection on pages of any length: long strips are looked at in overlapping tiles."""

import numpy as np

from pipeline.reading.engine import Boxes, Engine, Image
from pipeline.reading.frames import is_strip

_TILE_ASPECT = 1.5
_OVERLAP = 0.25


def tile_rows(width: int, height: int) -> list[tuple[int, int]]:
    """Top and bottom of every tile, in pixels: one for an ordinary page, overlapping ones for a strip.

    Neighbours share a quarter of the width, several times the height of any line.
    """
    if not is_strip(width, height):
        return [(0, height)]
    tall = round(_TILE_ASPECT * width)
    step = tall - round(_OVERLAP * width)
    count = max(1, -(-(height - tall) // step)) + 1
    tops = [round(i * (height - tall) / (count - 1)) for i in range(count)]
    return [(top, top + tall) for top in tops]


def detect_tiled(image: Image, engine: Engine, side: int, *, tiles: bool = True) -> Boxes:
    """Boxes of all lines of an upright picture, in its pixels.

    In the overlap of two tiles each line is taken from the tile in whose middle part it lies, so
    that no line is cut by a tile's edge and none is found twice.
    """
    height, width = image.shape[:2]
    rows = tile_rows(width, height) if tiles else [(0, height)]
    found: list[Boxes] = []
    for i, (top, bottom) in enumerate(rows):
        boxes = engine.detect(image[top:bottom], side)
        if not len(boxes):
            continue
        boxes = boxes + np.array([0, top], dtype=np.float32)
        middles = boxes[:, :, 1].mean(axis=1)
        first = 0.0 if i == 0 else (rows[i - 1][1] + top) / 2
        last = float(height) if i + 1 == len(rows) else (bottom + rows[i + 1][0]) / 2
        found.append(boxes[(middles >= first) & (middles < last)])
    if not found:
        return np.zeros((0, 4, 2), dtype=np.float32)
    return np.concatenate(found).astype(np.float32)
