"""What covers text on a PDF page: notes and shapes laid over it, and paper-coloured patches."""

from collections.abc import Iterator, Sequence
from ctypes import c_uint
from pathlib import Path
from typing import Any

import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.model.reading import Cue, CueKind, PageReading, Rect
from pipeline.pages.affine import Affine

_MAX_OBJECTS = 50_000
_MAX_DEPTH = 6
_PAPER = 225
_OPAQUE = 250
_MOST_OF_PAGE = 0.1
_SMALLEST = 4.0
_COVERING = 0.7
_COVERS = {
    pdfium.FPDF_ANNOT_FREETEXT: "文字批注",
    pdfium.FPDF_ANNOT_SQUARE: "方框批注",
    pdfium.FPDF_ANNOT_CIRCLE: "圆形批注",
    pdfium.FPDF_ANNOT_POLYGON: "图形批注",
    pdfium.FPDF_ANNOT_REDACT: "遮盖批注",
}
"""Stamps and signature fields are left out: that is how seals stand on papers of the state."""
_UNSEEN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW


def find_overlays(path: Path, pages: Sequence[PageReading]) -> list[Cue]:
    """Places where something covers text, in the pixels of the pages as they were read."""
    cues: list[Cue] = []
    document = pypdfium2.PdfDocument(path)
    try:
        for reading in pages:
            page = document[reading.number - 1]
            to_pixels = Affine.of_page(page, reading.width, reading.height)
            for rect, what in (*_covered_text(page), *_notes(page)):
                x0, y0, x1, y1 = to_pixels.rect(*rect)
                cues.append(
                    Cue(
                        kind=CueKind.OVERLAY,
                        text=what,
                        page=reading.number,
                        box=((x0, y0), (x1, y0), (x1, y1), (x0, y1)),
                    )
                )
            page.close()
    except pypdfium2.PdfiumError:
        return cues
    finally:
        document.close()
    return cues


def _covered_text(page: Any) -> Iterator[tuple[Rect, str]]:
    """Parts of text that a paper-coloured, opaque shape was drawn over."""
    width, height = page.get_size()
    texts: list[Rect] = []
    objects = page.get_objects(max_depth=_MAX_DEPTH)
    for _, item in zip(range(_MAX_OBJECTS), objects, strict=False):
        if item.type == pdfium.FPDF_PAGEOBJ_TEXT and item.container is None:
            texts.append(item.get_bounds())
        elif item.type == pdfium.FPDF_PAGEOBJ_PATH and _is_patch(item):
            patch = item.get_bounds()
            small = (patch[2] - patch[0]) * (patch[3] - patch[1]) < _MOST_OF_PAGE * width * height
            if small and item.container is None:
                for text in texts:
                    if part := _covered(text, patch):
                        yield part, "原有文字上盖有与底色相同的色块"


def _is_patch(path: Any) -> bool:
    mode, stroke = pdfium.c_int(), pdfium.c_int()
    pdfium.FPDFPath_GetDrawMode(path.raw, mode, stroke)
    if mode.value == pdfium.FPDF_FILLMODE_NONE or pdfium.FPDFPageObj_HasTransparency(path.raw):
        return False
    red, green, blue, alpha = (c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(path.raw, red, green, blue, alpha):
        return False
    return alpha.value >= _OPAQUE and min(red.value, green.value, blue.value) >= _PAPER


def _covered(text: Rect, patch: Rect) -> Rect | None:
    """The part of a line of text under a patch, when it is at least about a character."""
    x0, y0 = max(text[0], patch[0]), max(text[1], patch[1])
    x1, y1 = min(text[2], patch[2]), min(text[3], patch[3])
    height = text[3] - text[1]
    if height < _SMALLEST or y1 - y0 < _COVERING * height or x1 - x0 < 0.4 * height:
        return None
    return (x0, y0, x1, y1)


def _notes(page: Any) -> Iterator[tuple[Rect, str]]:
    rect = pdfium.FS_RECTF()
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        note = pdfium.FPDFPage_GetAnnot(page, index)
        if not note:
            continue
        try:
            what = _COVERS.get(pdfium.FPDFAnnot_GetSubtype(note))
            if what is None or pdfium.FPDFAnnot_GetFlags(note) & _UNSEEN:
                continue
            if pdfium.FPDFAnnot_GetRect(note, rect):
                yield (rect.left, rect.bottom, rect.right, rect.top), f"页面上附加了{what}"
        finally:
            pdfium.FPDFPage_CloseAnnot(note)
