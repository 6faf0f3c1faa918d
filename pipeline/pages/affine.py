"""From a PDF page's own coordinates to pixels of its picture."""

import ctypes
import math
from dataclasses import dataclass
from typing import Any, Self

import pypdfium2.raw as pdfium

from pipeline.model.reading import Rect

_FINE = 1000
"""PDFium answers in whole pixels: it is asked about a picture this many times as large."""


@dataclass(frozen=True, slots=True)
class Affine:
    """x' = a·x + c·y + e, y' = b·x + d·y + f."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float

    @classmethod
    def of_page(cls, page: Any, width: int, height: int) -> Self:
        """PDF user space to pixels of a `width` × `height` picture (/Rotate and CropBox included)."""
        left, bottom, right, top = page.get_bbox()

        def device(x: float, y: float) -> tuple[float, float]:
            u, v = ctypes.c_int(), ctypes.c_int()
            size = (width * _FINE, height * _FINE)
            pdfium.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, u, v)
            return u.value / _FINE, v.value / _FINE

        origin, along_x, along_y = device(left, bottom), device(right, bottom), device(left, top)
        span_x, span_y = right - left, top - bottom
        a, b = (along_x[0] - origin[0]) / span_x, (along_x[1] - origin[1]) / span_x
        c, d = (along_y[0] - origin[0]) / span_y, (along_y[1] - origin[1]) / span_y
        return cls(a, b, c, d, origin[0] - a * left - c * bottom, origin[1] - b * left - d * bottom)

    def point(self, x: float, y: float) -> tuple[float, float]:
        return (self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f)

    def rect(self, x0: float, y0: float, x1: float, y1: float) -> Rect:
        """The upright rectangle around the transformed one."""
        corners = [self.point(x, y) for x in (x0, x1) for y in (y0, y1)]
        xs, ys = [p[0] for p in corners], [p[1] for p in corners]
        return (min(xs), min(ys), max(xs), max(ys))

    def angle(self, dx: float, dy: float) -> float:
        """The direction (dx, dy) of user space, in degrees clockwise from left-to-right."""
        return math.degrees(math.atan2(self.b * dx + self.d * dy, self.a * dx + self.c * dy))

    def after(self, first: "Affine") -> "Affine":
        """`first`, then this."""
        e, f = self.point(first.e, first.f)
        return Affine(
            self.a * first.a + self.c * first.b,
            self.b * first.a + self.d * first.b,
            self.a * first.c + self.c * first.d,
            self.b * first.c + self.d * first.d,
            e,
            f,
        )
