"""What is covered on a page picture before it is encoded: numbers, faces, codes and, when asked, names.

The upload itself is never opened here; a picture is what the run drew of a page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from console.masking import ID_FIELDS, NAME_FIELDS, mask_of
from console.portraits import find_faces, find_portraits
from pipeline.kept import KeptDossier, KeptPage
from pipeline.model.document import Document
from pipeline.model.kinds import DocumentKind
from pipeline.model.reading import PageReading, Quad
from pipeline.model.report import ReportPage
from pipeline.report.crops import upright_quad, upright_size
from pipeline.store.blobs import BlobStore
from pipeline.workers import unpack_reading

Pixels = NDArray[np.uint8]
"""(H, W, 3) uint8, BGR."""
Area = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels of the upright page."""

COVER = (188, 180, 172)


@dataclass(frozen=True, slots=True)
class Veil:
    """What is covered on pictures: nothing, what identifies a person, or names as well.

    `also` are papers that someone put together otherwise: what was read of them is covered too.
    """

    is_open: bool = False
    with_names: bool = False
    also: tuple[Document, ...] = ()


def draw_page(blobs: BlobStore, kept: KeptDossier, page: KeptPage, veil: Veil) -> Pixels | None:
    """The page upright, as much of it covered as `veil` says; None when there is no picture."""
    data = blobs.get(page.picture) if page.picture else None
    pixels = decode(data) if data is not None else None
    if pixels is None:
        return None
    pixels = _upright(pixels, page.rotation)
    if not veil.is_open:
        for area in cover_areas(blobs, pixels, kept, page, veil):
            _fill(pixels, scaled(area, page, pixels))
    return pixels


def decode(data: bytes, how: int = cv2.IMREAD_COLOR) -> Pixels | None:
    """The pixels of a JPEG; None when it is none."""
    decoded: Any = cv2.imdecode(np.frombuffer(data, np.uint8), how)
    return None if decoded is None else np.asarray(decoded, dtype=np.uint8)


def cover_areas(
    blobs: BlobStore, pixels: Pixels, kept: KeptDossier, page: KeptPage, veil: Veil
) -> tuple[Area, ...]:
    """What is covered of the page. Looking for faces and portraits on `pixels` takes longest."""
    documents = [
        d
        for d in (*kept.facts.documents, *veil.also)
        if d.file == page.file and page.page in d.pages
    ]
    names = ID_FIELDS | (NAME_FIELDS if veil.with_names else frozenset())
    reading = _reading(blobs, kept, page)
    width, height = upright_size(as_report_page(page))
    fx, fy = width / pixels.shape[1], height / pixels.shape[0]
    texts = [area_of(page, reading.quad(line.rect)) for line in reading.lines] if reading else []
    on_picture = [(a / fx, b / fy, c / fx, d / fy) for a, b, c, d in texts]
    faces = (*find_portraits(pixels, on_picture), *find_faces(pixels))
    return (
        *field_areas(documents, page, names),
        *number_areas(kept, page, veil, reading),
        *(area for d in documents for area in portrait_areas(d, page)),
        *((a * fx, b * fy, c * fx, d * fy) for a, b, c, d in faces),
    )


def _reading(blobs: BlobStore, kept: KeptDossier, page: KeptPage) -> PageReading | None:
    """What was read on the page; None when that is not kept."""
    blob = kept.readings.get(page.file)
    data = blobs.get(blob) if blob else None
    pages = unpack_reading(data).pages if data else ()
    return next((p for p in pages if p.number == page.page), None)


def number_areas(
    kept: KeptDossier, page: KeptPage, veil: Veil, reading: PageReading | None
) -> Iterable[Area]:
    """Where the page's own reading shows a phone number, an ID number or a masked name."""
    mask = mask_of(kept, also=veil.also, with_names=veil.with_names)
    for line in reading.lines if reading else ():
        shown = mask(line.text)
        if shown != line.text and reading is not None:
            for start, end in _changed(line.text, shown):
                yield area_of(page, reading.quad(line.rect_of(start, end)))


def field_areas(
    documents: Iterable[Document], page: KeptPage, names: frozenset[str]
) -> Iterable[Area]:
    """Where fields of those names stand on the page."""
    for document in documents:
        places = [(f.name, f.evidence) for f in document.fields]
        places += [(u.name, u.evidence) for u in document.unreadable]
        for name, evidence in places:
            if name in names:
                yield from (area_of(page, e.box) for e in evidence if e.page == page.page)


def portrait_areas(document: Document, page: KeptPage) -> Iterable[Area]:
    """Where the portrait of an identity card is, from where its number stands (GA/T 2000 layout).

    The number runs along the bottom of the card over 0.58 of its width and ends where the portrait
    ends; the portrait is 0.57 as wide and 0.72 as high as the number is long, and stands above it.
    A number in a narrower face ends before the portrait does, so what is to its right is covered too.
    """
    if document.kind is not DocumentKind.ID_CARD:
        return
    field = document.field("id_number") or document.could_not_read("id_number")
    for evidence in field.evidence if field else ():
        if evidence.page == page.page:
            x0, y0, x1, _ = area_of(page, evidence.box)
            length = x1 - x0
            yield (x1 - 0.57 * length, y0 - 0.86 * length, x1 + 0.3 * length, y0 - 0.04 * length)


def area_of(page: KeptPage, box: Quad) -> Area:
    """The upright rectangle around `box`, kept on the page."""
    shown = as_report_page(page)
    (width, height), points = upright_size(shown), upright_quad(shown, box)
    xs = [min(max(x, 0.0), width) for x, _ in points]
    ys = [min(max(y, 0.0), height) for _, y in points]
    return (min(xs), min(ys), max(xs), max(ys))


def as_report_page(page: KeptPage) -> ReportPage:
    return ReportPage(
        file=page.file,
        page=page.page,
        width=page.width,
        height=page.height,
        rotation=page.rotation,
        source="",
    )


def _changed(text: str, shown: str) -> Iterable[tuple[int, int]]:
    """From where to where the masked text differs; the whole text when lengths differ."""
    if len(text) != len(shown):
        return [(0, len(text))]
    runs: list[tuple[int, int]] = []
    for i, (a, b) in enumerate(zip(text, shown, strict=True)):
        if a != b:
            if runs and runs[-1][1] == i:
                runs[-1] = (runs[-1][0], i + 1)
            else:
                runs.append((i, i + 1))
    return runs


def scaled(area: Area, page: KeptPage, pixels: Pixels) -> Area:
    """The area in pixels of the picture."""
    width, height = upright_size(as_report_page(page))
    sx, sy = pixels.shape[1] / max(width, 1), pixels.shape[0] / max(height, 1)
    return (area[0] * sx, area[1] * sy, area[2] * sx, area[3] * sy)


def _fill(pixels: Pixels, area: Area) -> None:
    height, width = pixels.shape[:2]
    x0, y0 = max(int(area[0]) - 1, 0), max(int(area[1]) - 1, 0)
    x1, y1 = min(int(area[2]) + 2, width), min(int(area[3]) + 2, height)
    if x1 > x0 and y1 > y0:
        pixels[y0:y1, x0:x1] = COVER


_TURNS = {
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}


def _upright(pixels: Pixels, rotation: int) -> Pixels:
    turn = _TURNS.get(rotation)
    if turn is None:
        return pixels
    return np.asarray(cv2.rotate(pixels, turn), dtype=np.uint8)
