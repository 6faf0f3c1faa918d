"""Page pictures for simulated windows: drawn and scanned as the factory does it, kept as a run does."""

from random import Random

import cv2
import numpy as np

from fixtures.factory.canvas import Canvas
from fixtures.factory.damage import Damage, apply
from fixtures.factory.raster import draw
from pipeline.model.kinds import DocumentKind
from pipeline.pages import encode_picture
from pipeline.pages.page import as_picture
from pipeline.settings import Settings
from pipeline.store.blobs import BlobStore


class DrawnPictures:
    """Pictures of pages, several of each page of each kind: those that follow share them.

    So that a window of 100 000 dossiers fits on a disk; each still decodes and weighs as much.
    """

    def __init__(self, blobs: BlobStore, *, each: int = 2) -> None:
        self._blobs = blobs
        self._each = each
        self._made: dict[tuple[DocumentKind, int], list[str]] = {}
        self._asked: dict[tuple[DocumentKind, int], int] = {}

    def __call__(self, kind: DocumentKind, page: int, canvas: Canvas) -> str:
        """The blob key of a picture for this page."""
        made = self._made.setdefault((kind, page), [])
        asked = self._asked.get((kind, page), 0)
        self._asked[(kind, page)] = asked + 1
        if len(made) < self._each:
            made.append(self._put(canvas, Random(f"{kind}/{page}/{len(made)}")))
        return made[asked % len(made)]

    def _put(self, canvas: Canvas, rng: Random) -> str:
        scanned, _ = apply(draw(canvas, 150), Damage(("scan",)), rng)
        pixels = as_picture(cv2.cvtColor(np.asarray(scanned), cv2.COLOR_RGB2BGR))
        return self._blobs.put(encode_picture(pixels, Settings().picture_side), ".jpg")
