"""The text layer of a PDF page, read with PDFium.

PDFium, because pdfplumber and pdfminer lose the middle dot of names and mis-map rare characters
with the fonts that official PDFs use (domain facts, 8.1).
"""

import ctypes
import unicodedata
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pypdfium2.raw as pdfium

from pipeline.model.reading import Rect, join_rects
from pipeline.pages.affine import Affine
from pipeline.pages.page import LayerLine
from pipeline.pages.text_lines import Glyph, group_lines

UNMAPPED = "\ufffd"
_HYPHENS = {0x02, 0xAD, 0xFFFE}
_INVISIBLE_MODES = {3, 7}
_DROPPED_CATEGORIES = {"Cc", "Cf", "Cs"}
_SPACES = {0x09, 0xA0}


def read_text_layer(page: Any, to_pixels: Affine, width: int, height: int) -> tuple[LayerLine, ...]:
    """The lines of the page's text layer, in pixels, top to bottom, then left to right.

    Text without extent or outside the visible page is dropped. Raises `PdfiumError` when the page's
    text cannot be loaded.
    """
    text_page = page.get_textpage()
    try:
        return group_lines(_whole(_visible(_glyphs(text_page, to_pixels), width, height)))
    finally:
        text_page.close()


def _visible(glyphs: Iterator[Glyph], width: int, height: int) -> Iterator[Glyph]:
    for glyph in glyphs:
        x0, y0, x1, y1 = glyph.rect
        is_inside = 0 <= (x0 + x1) / 2 <= width and 0 <= (y0 + y1) / 2 <= height
        if is_inside and (glyph.text.isspace() or (x1 - x0 > 0.5 and y1 - y0 > 0.5)):
            yield glyph


def _whole(glyphs: Iterator[Glyph]) -> Iterator[Glyph]:
    """Characters that are one drawn shape (one code that means several) as one glyph."""
    held: Glyph | None = None
    for glyph in glyphs:
        if held and held.rect == glyph.rect and held.text_object == glyph.text_object:
            held = replace(held, text=held.text + glyph.text)
            continue
        if held:
            yield held
        held = glyph
    if held:
        yield held


def _glyphs(text_page: Any, to_pixels: Affine) -> Iterator[Glyph]:
    """Every character that stands in the page's content; what PDFium adds itself is left out."""
    styles = _Styles(text_page, to_pixels)
    count = pdfium.FPDFText_CountChars(text_page)
    box = pdfium.FS_RECTF()
    high: tuple[int, Rect] | None = None
    for index in range(count):
        if pdfium.FPDFText_IsGenerated(text_page, index) == 1:
            continue
        if not pdfium.FPDFText_GetLooseCharBox(text_page, index, box):
            continue
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        rect = to_pixels.rect(box.left, box.bottom, box.right, box.top)
        if 0xD800 <= code < 0xDC00:  # PDFium gives characters beyond the BMP in two halves
            high = (code, rect)
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code = 0x10000 + ((high[0] - 0xD800) << 10) + (code - 0xDC00)
            rect = join_rects((high[1], rect))
        high = None
        text = _readable(code, text_page, index)
        if text:
            yield Glyph(text, rect, *styles.of(index))


def _readable(code: int, text_page: Any, index: int) -> str:
    """The character(s) that a code stands for; empty for what has no shape of its own.

    Ligatures are written out; Kangxi radicals, which some PDF writers put in place of the ideograph
    of the same shape, become that ideograph. Everything else stays as it is.
    """
    if code in _HYPHENS or pdfium.FPDFText_IsHyphen(text_page, index) == 1:
        return "-"
    if code == 0 or pdfium.FPDFText_HasUnicodeMapError(text_page, index) == 1:
        return UNMAPPED
    if code in _SPACES:
        return " "
    text = chr(code)
    if unicodedata.category(text) in _DROPPED_CATEGORIES:
        return ""
    if 0xFB00 <= code <= 0xFB06 or 0x2E80 <= code <= 0x2FDF:
        return unicodedata.normalize("NFKC", text)
    return text


class _Styles:
    """Direction and visibility of characters, looked up once per text object."""

    def __init__(self, text_page: Any, to_pixels: Affine) -> None:
        self._text_page = text_page
        self._to_pixels = to_pixels
        self._known: dict[int, tuple[int, bool]] = {}

    def of(self, index: int) -> tuple[int, bool, int]:
        """The angle in whole degrees clockwise, whether nothing shows, and which text object."""
        handle = pdfium.FPDFText_GetTextObject(self._text_page, index)
        key = ctypes.cast(handle, ctypes.c_void_p).value or 0
        if key not in self._known or key == 0:
            self._known[key] = (self._angle(index), self._is_hidden(handle, index))
        return (*self._known[key], key)

    def _angle(self, index: int) -> int:
        matrix = pdfium.FS_MATRIX()
        if not pdfium.FPDFText_GetMatrix(self._text_page, index, matrix):
            return 0
        angle = round(self._to_pixels.angle(matrix.a, matrix.b)) % 360
        nearest = round(angle / 90) * 90
        return nearest % 360 if abs(angle - nearest) <= 5 else angle

    def _is_hidden(self, handle: Any, index: int) -> bool:
        if handle and pdfium.FPDFTextObj_GetTextRenderMode(handle) in _INVISIBLE_MODES:
            return True
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        known = pdfium.FPDFText_GetFillColor(self._text_page, index, red, green, blue, alpha)
        return bool(known) and alpha.value == 0
