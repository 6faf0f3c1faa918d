"""What covers text on a PDF page: notes and shapes laid over it, paper-coloured patches, pictures."""

from collections.abc import Iterator, Sequence
from ctypes import c_uint
from dataclasses import dataclass, field
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
_SHEET = 0.5
"""A picture of so much of a page is taken for the sheet itself."""
_PIECES = 8
"""More pieces than this are how scanners compress a page."""
_Found = tuple[Rect, str, CueKind]
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
            for rect, what, kind in (*_covered(page), *_notes(page)):
                x0, y0, x1, y1 = to_pixels.rect(*rect)
                cues.append(
                    Cue(
                        kind=kind,
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


@dataclass(slots=True)
class _Layers:
    """What was drawn on a page so far that a later shape may cover: its size, text that shows, and
    pictures of the sheet."""

    size: tuple[float, float]
    texts: list[Rect] = field(default_factory=list)
    sheets: list[Rect] = field(default_factory=list)

    def share(self, rect: Rect) -> float:
        """How much of the page the rectangle takes."""
        return (rect[2] - rect[0]) * (rect[3] - rect[1]) / (self.size[0] * self.size[1])


def _covered(page: Any) -> Iterator[_Found]:
    """Parts of text that a paper-coloured shape was drawn over; shapes and pictures laid over the
    picture of a sheet, and pictures over text."""
    layers = _Layers(page.get_size())
    pieces: list[_Found] = []
    objects = page.get_objects(max_depth=_MAX_DEPTH)
    for _, item in zip(range(_MAX_OBJECTS), objects, strict=False):
        if item.container is not None:
            continue
        if item.type == pdfium.FPDF_PAGEOBJ_TEXT:
            if (
                pdfium.FPDFTextObj_GetTextRenderMode(item.raw)
                != pdfium.FPDF_TEXTRENDERMODE_INVISIBLE
            ):
                layers.texts.append(item.get_bounds())
        elif item.type == pdfium.FPDF_PAGEOBJ_PATH and _is_patch(item):
            for part in _covered_texts(layers, item.get_bounds()):
                yield part, "原有文字上盖有与底色相同的色块", CueKind.OVERLAY
            pieces += _laid_on_sheet(layers, item.get_bounds(), "扫描图像上盖有与底色相同的色块")
        elif item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            bounds = item.get_bounds()
            if layers.share(bounds) >= _SHEET:
                layers.sheets.append(bounds)
            else:
                pieces += _laid_image(layers, item)
    if len(pieces) <= _PIECES:
        yield from pieces


def _covered_texts(layers: _Layers, shape: Rect) -> Iterator[Rect]:
    """The parts of text that lie under a small shape."""
    if layers.share(shape) < _MOST_OF_PAGE:
        for text in layers.texts:
            if part := _covered_part(text, shape):
                yield part


def _laid_on_sheet(layers: _Layers, patch: Rect, what: str) -> list[_Found]:
    """A small shape that lies within the picture of a sheet."""
    is_small = layers.share(patch) < _MOST_OF_PAGE and patch[3] - patch[1] >= _SMALLEST
    if is_small and any(_is_within(patch, sheet) for sheet in layers.sheets):
        return [(patch, what, CueKind.PATCH)]
    return []


def _laid_image(layers: _Layers, image: Any) -> list[_Found]:
    """A small opaque picture over the picture of a sheet or over text."""
    bounds = image.get_bounds()
    found = _laid_on_sheet(layers, bounds, "扫描图像上另盖有图片")
    covered = _covered_texts(layers, bounds)
    found += [(part, "原有文字上盖有图片", CueKind.PATCH) for part in covered]
    return found if found and _is_opaque(image) else []


def _is_within(inner: Rect, outer: Rect) -> bool:
    return (
        inner[0] >= outer[0] - 1 and inner[1] >= outer[1] - 1
        and inner[2] <= outer[2] + 1 and inner[3] <= outer[3] + 1
    )  # fmt: skip


def _is_opaque(image: Any) -> bool:
    """True when nothing under the picture shows through: seals and signatures are let be."""
    if pdfium.FPDFPageObj_HasTransparency(image.raw):
        return False
    try:
        pixels = image.get_bitmap(render=True).to_numpy()
    except pypdfium2.PdfiumError:
        return False
    return (
        pixels.ndim == 2 or pixels.shape[2] < 4 or float((pixels[..., 3] < _OPAQUE).mean()) < 0.02
    )


def _is_patch(path: Any) -> bool:
    mode, stroke = pdfium.c_int(), pdfium.c_int()
    pdfium.FPDFPath_GetDrawMode(path.raw, mode, stroke)
    if mode.value == pdfium.FPDF_FILLMODE_NONE or pdfium.FPDFPageObj_HasTransparency(path.raw):
        return False
    red, green, blue, alpha = (c_uint() for _ in range(4))
    if not pdfium.FPDFPageObj_GetFillColor(path.raw, red, green, blue, alpha):
        return False
    return alpha.value >= _OPAQUE and min(red.value, green.value, blue.value) >= _PAPER


def _covered_part(text: Rect, patch: Rect) -> Rect | None:
    """The part of a line of text under a patch, when it is at least about a character."""
    x0, y0 = max(text[0], patch[0]), max(text[1], patch[1])
    x1, y1 = min(text[2], patch[2]), min(text[3], patch[3])
    height = text[3] - text[1]
    if height < _SMALLEST or y1 - y0 < _COVERING * height or x1 - x0 < 0.4 * height:
        return None
    return (x0, y0, x1, y1)


def _notes(page: Any) -> Iterator[_Found]:
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
                yield (
                    (rect.left, rect.bottom, rect.right, rect.top),
                    f"页面上附加了{what}",
                    CueKind.OVERLAY,
                )
        finally:
            pdfium.FPDFPage_CloseAnnot(note)
