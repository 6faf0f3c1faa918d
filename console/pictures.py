"""Page pictures as the console serves them: pages, small pages, and pieces of pages, as JPEG."""

from dataclasses import dataclass

import cv2
import numpy as np

from console.covering import Pixels, Veil, area_of, decode, draw_page, scaled
from console.prepared import PreparedPages
from console.shelf import Shelf
from pipeline.kept import KeptDossier, KeptPage
from pipeline.model.reading import Quad
from pipeline.store.blobs import BlobStore

_PAGES = 32
"""Decoded pages held in memory, about 6 MB each."""
_QUALITY = 80
_COVERED = Veil()
"""What a reviewer is shown before anything is revealed: the only pictures that are kept on disk."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page of a dossier: `blob` names the dossier as it was kept, `number` counts its pages."""

    blob: str
    kept: KeptDossier
    number: int

    @property
    def page(self) -> KeptPage:
        return self.kept.pages[self.number]


class PictureShelf:
    """Pictures by sheet and veil; decoded, covered and turned once while they are in use."""

    def __init__(self, blobs: BlobStore, prepared: PreparedPages) -> None:
        cv2.setNumThreads(1)  # several requests at once share the cores better than one alone
        self._blobs = blobs
        self._prepared = prepared
        self._pages: Shelf[tuple[str, int, Veil], Pixels | None] = Shelf(_PAGES)
        self._encoded: Shelf[tuple[str, int, Veil, int], bytes | None] = Shelf(4 * _PAGES)

    def page(self, sheet: Sheet, veil: Veil, *, side: int = 0) -> bytes | None:
        """The page as JPEG, at most `side` pixels long (0: as kept); None when there is no picture."""
        if veil == _COVERED and not side:
            return self.prepare(sheet)
        key = (sheet.blob, sheet.number, veil, side)
        return self._encoded.get(key, lambda: self._encode(sheet, veil, side))

    def prepare(self, sheet: Sheet) -> bytes | None:
        """The covered page as it is kept on disk; made, and kept, when it is not there."""
        data = self._prepared.get(sheet.blob, sheet.number)
        if data is None:
            key = (sheet.blob, sheet.number, _COVERED, 0)
            data = self._encoded.get(key, lambda: self._make(sheet))
        return data

    def crop(self, sheet: Sheet, veil: Veil, box: Quad, *, margin: float = 0.5) -> bytes | None:
        """The piece of the page around `box` (pixels of the upload) as JPEG."""
        pixels = self._pixels(sheet, veil)
        if pixels is None:
            return None
        x0, y0, x1, y1 = scaled(area_of(sheet.page, box), sheet.page, pixels)
        pad = max((y1 - y0) * margin, 8)
        x0, x1 = _widen(x0 - 2 * pad, x1 + 2 * pad, 240, pixels.shape[1])
        y0, y1 = _widen(y0 - pad, y1 + pad, 36, pixels.shape[0])
        piece = pixels[int(y0) : int(y1), int(x0) : int(x1)]
        return _encode(_fit(piece, 900)) if piece.size else None

    def _make(self, sheet: Sheet) -> bytes | None:
        pixels = draw_page(self._blobs, sheet.kept, sheet.page, _COVERED)
        if pixels is None:
            return None
        data = _encode(pixels)
        self._prepared.put(sheet.blob, sheet.number, data)
        return data

    def _encode(self, sheet: Sheet, veil: Veil, side: int) -> bytes | None:
        pixels = self._small(sheet, side) if veil == _COVERED else self._pixels(sheet, veil)
        return None if pixels is None else _encode(_fit(pixels, side))

    def _small(self, sheet: Sheet, side: int) -> Pixels | None:
        """The covered page, decoded no larger than a small picture needs."""
        data = self.prepare(sheet)
        pixels = decode(data, cv2.IMREAD_REDUCED_COLOR_4) if data is not None else None
        if pixels is not None and max(pixels.shape[:2]) < side:
            return self._pixels(sheet, _COVERED)
        return pixels

    def _pixels(self, sheet: Sheet, veil: Veil) -> Pixels | None:
        def make() -> Pixels | None:
            if veil != _COVERED:
                return draw_page(self._blobs, sheet.kept, sheet.page, veil)
            data = self.prepare(sheet)
            return decode(data) if data is not None else None

        return self._pages.get((sheet.blob, sheet.number, veil), make)


def _widen(low: float, high: float, least: float, limit: int) -> tuple[float, float]:
    if high - low < least:
        middle = (low + high) / 2
        low, high = middle - least / 2, middle + least / 2
    return max(low, 0.0), min(high, float(limit))


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
