"""What an opened page is: its picture, a PDF's text layer, its ruled lines."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from pipeline.model.reading import Rect, Segment
from pipeline.settings import Settings

Picture = NDArray[np.uint8]
"""(H, W, 3) uint8, BGR."""


@dataclass(frozen=True, slots=True)
class PageLimits:
    """How much of one upload is opened; every limit is finite."""

    max_file_bytes: int = 100 * 2**20
    max_pages: int = 60
    max_pixels: int = 120_000_000
    pdf_dpi: int = 200

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The limits an operator has set."""
        return cls(
            max_file_bytes=settings.max_file_bytes,
            max_pages=settings.max_pages,
            max_pixels=settings.max_pixels,
            pdf_dpi=settings.pdf_dpi,
        )


@dataclass(frozen=True, slots=True)
class LayerLine:
    """One line of a PDF's text layer, in pixels of the page's picture.

    `boxes[i]` is the rectangle of the character `text[i]`, so `len(boxes) == len(text)`. `angle` is
    the direction the text runs in, in whole degrees clockwise from left-to-right (90: downwards).
    `is_hidden`: drawn so that nothing shows (render mode 3, the layer that scanners' own OCR
    writes, or fully transparent). A character whose code has no known meaning is U+FFFD.
    """

    text: str
    rect: Rect
    boxes: tuple[Rect, ...]
    angle: int = 0
    is_hidden: bool = False


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """One page in the upload frame (EXIF orientation, PDF /Rotate and CropBox applied).

    `image` is (height, width, 3) uint8, BGR. The rest is for PDF only and in the same pixels:
    `text_layer`; `table_rules` (pdfplumber's edges, merged); `image_areas`, the rectangles that
    embedded pictures cover, and `annotation_areas`, those that visible annotations, seals and form
    fields cover: neither is in the text layer, whatever they say. `notes` are Chinese.
    """

    number: int
    width: int
    height: int
    image: Picture
    text_layer: tuple[LayerLine, ...] = ()
    table_rules: tuple[Segment, ...] = ()
    image_areas: tuple[Rect, ...] = ()
    annotation_areas: tuple[Rect, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageProblem:
    """A page that could not be turned into a picture, with the reason (Chinese)."""

    number: int
    reason: str

    def __str__(self) -> str:
        return f"第 {self.number} 页：{self.reason}"


def as_picture(array: NDArray[Any]) -> Picture:
    """`array` as a contiguous (H, W, 3) uint8 picture that owns no foreign memory layout."""
    return np.ascontiguousarray(array, dtype=np.uint8)
