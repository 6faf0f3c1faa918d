"""Pages of PDF files, drawn by PDFium."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import Any

import pdfplumber
import pypdfium2
import pypdfium2.raw as pdfium
from pdfplumber.pdf import PDF

from pipeline.errors import MaterialRefused
from pipeline.model.reading import Rect, Segment
from pipeline.pages import reasons
from pipeline.pages.affine import Affine
from pipeline.pages.fonts import ChineseFontSource, install_chinese_font
from pipeline.pages.page import LayerLine, OpenedPage, PageLimits, PageProblem, Picture, as_picture
from pipeline.pages.pdf_file import open_pdf
from pipeline.pages.table_rules import UNREADABLE_RULES, read_table_rules
from pipeline.pages.text_layer import read_text_layer

_LONG_SIDE = 4000
"""Pages are drawn no larger, in pixels, unless they are elongated."""

_ELONGATED = 2.5
_ELONGATED_SHORT_SIDE = 2000
_SMALL_SIDE = 2000
"""A small page that holds a finer scan is drawn at the scan's own resolution, up to this side."""

_MAX_OBJECTS = 50_000
_MAX_DEPTH = 6
_SCAN_SHARE = 0.2
_NO_FONT = "PDF 未嵌入中文字体，本机也没有可用的中文字体，页面图像可能缺字。"
_NO_TEXT = "PDF 的文字层无法读取，本页按图像识别。"
_NO_RULES = "PDF 的表格线无法解析，本页按图像识别表格。"
_UNDRAWN = "页面无法显示（PDF 中该页的数据已损坏）。请重新导出该文件。"
_BROKEN_SCAN = "页面中的扫描图像已损坏或不完整，未读取。请重新扫描。"
_NO_SIZE = "页面尺寸无效，无法显示。请重新导出该文件。"


@dataclass(slots=True)
class _Contents:
    """What a page is made of. `images` are the image objects with their rectangle in pixels."""

    images: list[tuple[Any, Rect]] = field(default_factory=list)
    has_paths: bool = False


class PdfSource:
    """An open PDF. Pages are drawn one at a time; the file is only ever read."""

    def __init__(self, path: Path, limits: PageLimits) -> None:
        self._fonts: ChineseFontSource = install_chinese_font()
        self._unanswered_before = self._fonts.unanswered
        self._path = path
        self._limits = limits
        self._plumber: PDF | None = None
        self._plumber_file: BufferedReader | None = None
        self._document = open_pdf(path)
        self.page_count = len(self._document)
        self.notes: tuple[str, ...] = ()
        self._require_pages()

    def _require_pages(self) -> None:
        reason = None
        if self.page_count < 1:
            reason = reasons.NO_PAGES
        elif self.page_count > self._limits.max_pages:
            reason = reasons.too_many_pages(self.page_count, self._limits.max_pages)
        if reason:
            self.close()
            raise MaterialRefused(reason)

    def draw(self, number: int) -> OpenedPage | PageProblem:
        """Page `number` (from 1) drawn, with its text layer; or why it cannot be drawn."""
        try:
            page = self._document[number - 1]
        except pypdfium2.PdfiumError:
            return PageProblem(number, _UNDRAWN)
        try:
            return self._draw(page, number)
        except (pypdfium2.PdfiumError, MemoryError):
            return PageProblem(number, _UNDRAWN)
        finally:
            page.close()

    def _draw(self, page: Any, number: int) -> OpenedPage | PageProblem:
        width_points, height_points = page.get_size()
        left, bottom, right, top = page.get_bbox()
        if min(width_points, height_points, right - left, top - bottom) < 1:
            return PageProblem(number, _NO_SIZE)
        contents = _contents(page)
        scale = self._scale(width_points, height_points, contents)
        picture = as_picture(page.render(scale=scale).to_numpy())
        height, width = picture.shape[:2]
        to_pixels = Affine.of_page(page, width, height)
        images = [(image, _clip(to_pixels.rect(*r), width, height)) for image, r in contents.images]
        if _has_broken_scan(picture, images):
            return PageProblem(number, _BROKEN_SCAN)
        text_layer, notes = self._text_layer(page, to_pixels, width, height)
        rules, rule_notes = self._rules(number, to_pixels, contents)
        return OpenedPage(
            number=number,
            width=width,
            height=height,
            image=picture,
            text_layer=text_layer,
            table_rules=rules,
            image_areas=tuple(area for _, area in images if _area(area) > 0),
            annotation_areas=tuple(
                _clip(to_pixels.rect(*rect), width, height) for rect in _annotations(page)
            ),
            notes=notes + rule_notes,
        )

    def _scale(self, width: float, height: float, contents: _Contents) -> float:
        """Pixels per point: the set resolution, less for huge pages, more for small fine scans."""
        scale = self._limits.pdf_dpi / 72
        long_side, short_side = max(width, height), min(width, height)
        native = max((_native_scale(*image) for image in contents.images), default=0.0)
        scale = max(scale, min(native, _SMALL_SIDE / long_side))
        if long_side / short_side <= _ELONGATED:
            scale = min(scale, _LONG_SIDE / long_side)
        else:
            scale = min(scale, max(_LONG_SIDE / long_side, _ELONGATED_SHORT_SIDE / short_side))
        return min(scale, math.sqrt(self._limits.max_pixels / (width * height)) * 0.999)

    def _text_layer(
        self, page: Any, to_pixels: Affine, width: int, height: int
    ) -> tuple[tuple[LayerLine, ...], tuple[str, ...]]:
        try:
            lines = read_text_layer(page, to_pixels, width, height)
        except pypdfium2.PdfiumError:
            return (), (_NO_TEXT,)
        lacks_font = lines and self._fonts.unanswered > self._unanswered_before
        return lines, ((_NO_FONT,) if lacks_font else ())

    def _rules(
        self, number: int, to_pixels: Affine, contents: _Contents
    ) -> tuple[tuple[Segment, ...], tuple[str, ...]]:
        if not contents.has_paths:
            return (), ()
        try:
            return read_table_rules(self._open_plumber(), number, to_pixels), ()
        except UNREADABLE_RULES:
            return (), (_NO_RULES,)

    def _open_plumber(self) -> PDF:
        if self._plumber_file is None:
            self._plumber_file = self._path.open("rb")
        if self._plumber is None:
            self._plumber = pdfplumber.open(self._plumber_file)
        return self._plumber

    def close(self) -> None:
        """Closes the file in both libraries (pdfplumber's own `close` parses, and may raise)."""
        self._plumber = None
        if self._plumber_file is not None:
            self._plumber_file.close()
            self._plumber_file = None
        self._document.close()


def _contents(page: Any) -> _Contents:
    """The page's images (rectangles in user space) and whether it holds drawn paths."""
    contents = _Contents()
    for _, item in zip(range(_MAX_OBJECTS), page.get_objects(max_depth=_MAX_DEPTH), strict=False):
        if item.type == pdfium.FPDF_PAGEOBJ_PATH:
            contents.has_paths = True
        elif item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            contents.images.append((item, _user_rect(item)))
    return contents


def _user_rect(item: Any) -> Rect:
    """The item's bounds in user space, through the form objects that hold it."""
    rect: Rect = item.get_bounds()
    container = item.container
    while container is not None:
        matrix = Affine(*container.get_matrix().get())
        rect = matrix.rect(*rect)
        container = container.container
    return rect


def _native_scale(image: Any, rect: Rect) -> float:
    """Pixels per point that the image itself holds."""
    try:
        pixels = max(image.get_px_size())
    except pypdfium2.PdfiumError:
        return 0.0
    return float(pixels / max(rect[2] - rect[0], rect[3] - rect[1], 1.0))


def _has_broken_scan(picture: Picture, images: list[tuple[Any, Rect]]) -> bool:
    """Whether an image that makes up much of the page is damaged.

    PDFium draws what it can decode and is silent about the rest: a cut JPEG shows as half a page,
    an undecodable one as nothing.
    """
    whole = picture.shape[0] * picture.shape[1]
    scans = [image for image, area in images if _area(area) >= _SCAN_SHARE * whole]
    if any(_is_cut_jpeg(image) for image in scans):
        return True
    sample = picture[::4, ::4]
    return bool(scans) and sample.min() == sample.max() and not all(map(_decodes, scans))


def _is_cut_jpeg(image: Any) -> bool:
    try:
        if image.get_filters()[-1:] != ["DCTDecode"]:
            return False
        data = bytes(image.get_data(decode_simple=True))
    except pypdfium2.PdfiumError:
        return True
    return data[:2] == b"\xff\xd8" and data.rfind(b"\xff\xd9") < data.rfind(b"\xff\xda")


def _decodes(image: Any) -> bool:
    try:
        image.get_bitmap(render=False)
    except pypdfium2.PdfiumError:
        return False
    return True


_UNSEEN_FLAGS = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_UNSEEN_KINDS = frozenset({pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP})


def _annotations(page: Any) -> Iterator[Rect]:
    """Rectangles (user space) of annotations that show: stamps, seals, notes, filled-in fields."""
    rect = pdfium.FS_RECTF()
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            if pdfium.FPDFAnnot_GetSubtype(annotation) in _UNSEEN_KINDS:
                continue
            if pdfium.FPDFAnnot_GetFlags(annotation) & _UNSEEN_FLAGS:
                continue
            if pdfium.FPDFAnnot_GetRect(annotation, rect) and rect.right > rect.left:
                yield (rect.left, rect.bottom, rect.right, rect.top)
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)


def _clip(rect: Rect, width: int, height: int) -> Rect:
    x0, x1 = (round(min(max(x, 0.0), width), 1) for x in (rect[0], rect[2]))
    y0, y1 = (round(min(max(y, 0.0), height), 1) for y in (rect[1], rect[3]))
    return (x0, y0, x1, y1)


def _area(rect: Rect) -> float:
    return (rect[2] - rect[0]) * (rect[3] - rect[1])
