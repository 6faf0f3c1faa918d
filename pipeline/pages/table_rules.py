"""The ruled lines of a PDF page, by pdfplumber."""

import logging
from typing import Any

from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException
from pdfplumber.pdf import PDF
from pdfplumber.table import merge_edges
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from pipeline.model.reading import Segment
from pipeline.pages.affine import Affine

# What it warns of quotes the file, and a page it cannot follow is reported as such.
logging.getLogger("pdfminer").setLevel(logging.CRITICAL)

_MIN_POINTS = 6.0
_SNAP_POINTS = 2.0
_MAX_RULES = 2000

UNREADABLE_RULES = (
    PDFException,
    PSException,
    PdfminerException,
    MalformedPDFException,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
    ArithmeticError,
    AssertionError,
    RecursionError,
    OSError,
)
"""What pdfminer raises on PDFs that PDFium draws without complaint."""


def read_table_rules(document: PDF, number: int, to_pixels: Affine) -> tuple[Segment, ...]:
    """Horizontal and vertical rules of page `number` (from 1), merged, in pixels of its picture.

    Raises one of `UNREADABLE_RULES` when pdfminer cannot follow the page.
    """
    page = document.pages[number - 1]
    try:
        edges = [edge for edge in page.edges if edge["orientation"] in ("h", "v")]
        merged = merge_edges(
            edges,
            snap_x_tolerance=_SNAP_POINTS,
            snap_y_tolerance=_SNAP_POINTS,
            join_x_tolerance=_SNAP_POINTS,
            join_y_tolerance=_SNAP_POINTS,
        )
        to_page = to_pixels.after(_to_user_space(page))
        rules = [_segment(edge, page, to_page) for edge in merged if _length(edge) >= _MIN_POINTS]
    finally:
        page.close()
    return tuple(sorted(rules, key=lambda rule: (rule.y0, rule.x0, rule.y1, rule.x1))[:_MAX_RULES])


def _length(edge: Any) -> float:
    return float(max(edge["x1"] - edge["x0"], edge["bottom"] - edge["top"]))


def _to_user_space(page: Any) -> Affine:
    """The inverse of the turn that pdfminer gives a page (its MediaBox to the origin, /Rotate done).

    pdfplumber's own boxes are wrong for a rotated page with a CropBox off its centre; going back to
    user space and letting PDFium place the rules avoids that.
    """
    x0, y0, x1, y1 = (float(value) for value in page.page_obj.mediabox)
    match page.page_obj.rotate % 360:
        case 90:
            return Affine(0, 1, -1, 0, x1, y0)
        case 180:
            return Affine(-1, 0, 0, -1, x1, y1)
        case 270:
            return Affine(0, -1, 1, 0, x0, y1)
        case _:
            return Affine(1, 0, 0, 1, x0, y0)


def _segment(edge: Any, page: Any, to_page: Affine) -> Segment:
    left, top = page.mediabox[:2]
    height = float(page.height)
    x0, x1 = float(edge["x0"] - left), float(edge["x1"] - left)
    y0, y1 = height - float(edge["bottom"] - top), height - float(edge["top"] - top)
    rect = to_page.rect(x0, y0, x1, y1)
    return Segment(
        x0=round(rect[0], 1), y0=round(rect[1], 1), x1=round(rect[2], 1), y1=round(rect[3], 1)
    )
