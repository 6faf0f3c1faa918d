"""Page pictures as the console serves them: upright, with what is sensitive covered before encoding.

The upload itself is never opened here; a picture is what the run drew of a page.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from console.masking import ID_FIELDS, NAME_FIELDS, mask_of
from console.portraits import find_portraits
from console.shelf import Shelf
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

_Name = tuple[str, str, str, int, int]

COVER = (188, 180, 172)
_PAGES = 32
"""Decoded pages held in memory, about 6 MB each."""
_QUALITY = 78
_FACES_SIDE, _SMALLEST_FACE = 720, 28


@dataclass(frozen=True, slots=True)
class Veil:
    """What is covered on pictures: nothing, what identifies a person, or names as well.

    `also` are papers that someone put together otherwise: what was read of them is covered too.
    """

    is_open: bool = False
    with_names: bool = False
    also: tuple[Document, ...] = ()


class PictureShelf:
    """Pictures by page and veil; decoded, covered and turned once while they are in use."""

    def __init__(self, blobs: BlobStore) -> None:
        cv2.setNumThreads(1)  # several requests at once share the cores better than one alone
        self._blobs = blobs
        self._pages: Shelf[tuple[_Name, Veil], Pixels | None] = Shelf(_PAGES)
        self._encoded: Shelf[tuple[_Name, Veil, int], bytes | None] = Shelf(4 * _PAGES)
        self._covers: Shelf[tuple[_Name, Veil], tuple[Area, ...]] = Shelf(20_000)
        self._detectors: list[Any] = []

    def page(self, kept: KeptDossier, page: KeptPage, veil: Veil, *, side: int = 0) -> bytes | None:
        """The page as JPEG, at most `side` pixels long (0: as kept); None when there is no picture."""

        def make() -> bytes | None:
            pixels = self._pixels(kept, page, veil)
            return None if pixels is None else _encode(_fit(pixels, side))

        return self._encoded.get((_name(kept, page), veil, side), make)

    def prepare(self, kept: KeptDossier, page: KeptPage, veil: Veil) -> None:
        """Finds what is covered of the page, so that its picture is quick to make."""
        if (_name(kept, page), veil) not in self._covers:
            self._pixels(kept, page, veil)

    def crop(
        self, kept: KeptDossier, page: KeptPage, veil: Veil, box: Quad, *, margin: float = 0.5
    ) -> bytes | None:
        """The piece of the page around `box` (pixels of the upload) as JPEG."""
        pixels = self._pixels(kept, page, veil)
        if pixels is None:
            return None
        x0, y0, x1, y1 = _scaled(area_of(page, box), page, pixels)
        pad = max((y1 - y0) * margin, 8)
        x0, x1 = _widen(x0 - 2 * pad, x1 + 2 * pad, 240, pixels.shape[1])
        y0, y1 = _widen(y0 - pad, y1 + pad, 36, pixels.shape[0])
        piece = pixels[int(y0) : int(y1), int(x0) : int(x1)]
        return _encode(_fit(piece, 900)) if piece.size else None

    def _pixels(self, kept: KeptDossier, page: KeptPage, veil: Veil) -> Pixels | None:
        def make() -> Pixels | None:
            data = self._blobs.get(page.picture) if page.picture else None
            if data is None:
                return None
            decoded: Any = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
            if decoded is None:
                return None
            pixels = _upright(np.asarray(decoded, dtype=np.uint8), page.rotation)
            if not veil.is_open:
                for area in self._areas(pixels, kept, page, veil):
                    _fill(pixels, _scaled(area, page, pixels))
            return pixels

        return self._pages.get((_name(kept, page), veil), make)

    def _areas(
        self, pixels: Pixels, kept: KeptDossier, page: KeptPage, veil: Veil
    ) -> tuple[Area, ...]:
        """What is covered of the page: found once, because looking for faces takes long."""

        def make() -> tuple[Area, ...]:
            documents = [
                d
                for d in (*kept.facts.documents, *veil.also)
                if d.file == page.file and page.page in d.pages
            ]
            names = ID_FIELDS | (NAME_FIELDS if veil.with_names else frozenset())
            reading = self._reading(kept, page)
            width, height = upright_size(as_report_page(page))
            fx, fy = width / pixels.shape[1], height / pixels.shape[0]
            texts = (
                [area_of(page, reading.quad(line.rect)) for line in reading.lines]
                if reading
                else []
            )
            on_picture = [(a / fx, b / fy, c / fx, d / fy) for a, b, c, d in texts]
            faces = (*find_portraits(pixels, on_picture), *self._find_faces(pixels))
            return (
                *field_areas(documents, page, names),
                *number_areas(kept, page, veil, reading),
                *(area for d in documents for area in portrait_areas(d, page)),
                *((a * fx, b * fy, c * fx, d * fy) for a, b, c, d in faces),
            )

        return self._covers.get((_name(kept, page), veil), make)

    def _reading(self, kept: KeptDossier, page: KeptPage) -> PageReading | None:
        """What was read on the page; None when that is not kept."""
        blob = kept.readings.get(page.file)
        data = self._blobs.get(blob) if blob else None
        pages = unpack_reading(data).pages if data else ()
        return next((p for p in pages if p.number == page.page), None)

    def _find_faces(self, pixels: Pixels) -> Iterable[Area]:
        """Frontal faces on the upright page, with a margin."""
        try:
            detector: Any = self._detectors.pop()  # one at a time: it is not safe for threads
        except IndexError:
            cascade = Path(cv2.__file__).parent / "data" / "haarcascade_frontalface_default.xml"
            detector = cv2.CascadeClassifier(str(cascade))
        scale = min(1.0, _FACES_SIDE / max(pixels.shape[:2]))
        grey = cv2.cvtColor(_fit(pixels, _FACES_SIDE), cv2.COLOR_BGR2GRAY)
        found = detector.detectMultiScale(grey, 1.2, 5, minSize=(_SMALLEST_FACE, _SMALLEST_FACE))
        self._detectors.append(detector)
        for x, y, w, h in found:
            x0, y0, x1, y1 = x - 0.15 * w, y - 0.25 * h, x + 1.15 * w, y + 1.3 * h
            yield (x0 / scale, y0 / scale, x1 / scale, y1 / scale)


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
    """
    if document.kind is not DocumentKind.ID_CARD:
        return
    field = document.field("id_number") or document.could_not_read("id_number")
    for evidence in field.evidence if field else ():
        if evidence.page == page.page:
            x0, y0, x1, _ = area_of(page, evidence.box)
            length = x1 - x0
            yield (x1 - 0.57 * length, y0 - 0.86 * length, x1 + 0.04 * length, y0 - 0.04 * length)


def area_of(page: KeptPage, box: Quad) -> Area:
    """The upright rectangle around `box`, kept on the page."""
    width, height = upright_size(as_report_page(page))
    points = upright_quad(as_report_page(page), box)
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


def _name(kept: KeptDossier, page: KeptPage) -> _Name:
    """Which page it is, of which report: what is covered follows from what was read."""
    return (kept.window.id, kept.dossier.dossier_id, page.file, page.page, _version(kept))


def _version(kept: KeptDossier) -> int:
    """Tells reports of one dossier apart, by where numbers and names were read."""
    return hash(
        tuple(
            (field.name, field.evidence)
            for document in kept.facts.documents
            for field in document.fields
            if field.name in ID_FIELDS or field.name in NAME_FIELDS
        )
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


def _scaled(area: Area, page: KeptPage, pixels: Pixels) -> Area:
    width, height = upright_size(as_report_page(page))
    sx, sy = pixels.shape[1] / max(width, 1), pixels.shape[0] / max(height, 1)
    return (area[0] * sx, area[1] * sy, area[2] * sx, area[3] * sy)


def _fill(pixels: Pixels, area: Area) -> None:
    height, width = pixels.shape[:2]
    x0, y0 = max(int(area[0]) - 1, 0), max(int(area[1]) - 1, 0)
    x1, y1 = min(int(area[2]) + 2, width), min(int(area[3]) + 2, height)
    if x1 > x0 and y1 > y0:
        pixels[y0:y1, x0:x1] = COVER


def _widen(low: float, high: float, least: float, limit: int) -> tuple[float, float]:
    if high - low < least:
        middle = (low + high) / 2
        low, high = middle - least / 2, middle + least / 2
    return max(low, 0.0), min(high, float(limit))


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


def _fit(pixels: Pixels, side: int) -> Pixels:
    longest = max(pixels.shape[:2])
    if not side or longest <= side:
        return pixels
    scale = side / longest
    size = (max(1, round(pixels.shape[1] * scale)), max(1, round(pixels.shape[0] * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)


def _encode(pixels: Pixels) -> bytes:
    _, data = cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, _QUALITY])
    return data.tobytes()
