"""A PDF file looked at as a file, and the look of a page."""

from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from pipeline.integrity.overlays import find_overlays
from pipeline.integrity.revisions import find_edits
from pipeline.integrity.signatures import find_signatures
from pipeline.model.reading import Cue, PageReading

_SIDE = 32
_LOW = 8


def inspect_pdf(path: Path, pages: Sequence[PageReading]) -> list[Cue]:
    """What a PDF shows of changes after it was produced. The file is only ever read."""
    data = path.read_bytes()
    has_text = any(page.source != "ocr" for page in pages)
    return [
        *find_edits(data, has_text=has_text),
        *find_overlays(path, pages),
        *find_signatures(data),
    ]


def likeness(image: NDArray[np.uint8]) -> str:
    """A perceptual hash of a picture, 64 bits in hex: the signs of its 64 lowest frequencies.

    Copies of one page that were scaled or compressed again differ in a few bits.
    """
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    small = cv2.resize(grey, (_SIDE, _SIDE), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(small)[:_LOW, :_LOW].flatten()
    bits = low > np.median(low[1:])
    return f"{int(''.join('1' if bit else '0' for bit in bits), 2):016x}"
