"""One upload read: its pages opened one at a time, each read and told where it stands."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import cv2
import numpy as np

from pipeline.errors import MaterialRefused
from pipeline.integrity import INTEGRITY_VERSION
from pipeline.integrity.image_edits import find_image_edits
from pipeline.integrity.inspect import inspect_pdf, likeness
from pipeline.integrity.marks import MARKED, bears_mark
from pipeline.model.reading import (
    Cue,
    LineSource,
    MaterialReading,
    Matrix,
    PageReading,
    Segment,
)
from pipeline.pages import OpenedPage, PageLimits, encode_picture, open_material
from pipeline.pages.formats import Format
from pipeline.reading.codes import read_codes
from pipeline.reading.engine import Engine, engine_name
from pipeline.reading.models import model_hashes
from pipeline.reading.read import PageText, read_page
from pipeline.reading.rules import find_rules
from pipeline.reading.seal_text import read_seal
from pipeline.reading.signing import find_signatures
from pipeline.reading.techniques import ALL, Techniques
from pipeline.settings import Settings

STAGE_VERSION = "15"
"""Raised whenever the same upload may read differently than before."""

PutBlob = Callable[[bytes, str], str]
"""Keeps bytes under a suffix (".jpg") and returns their key."""


def reading_version(settings: Settings | None = None) -> str:
    """Short text that changes whenever a reading made now could differ from a stored one.

    It covers this stage's version, the engine and its weights, and the settings that steer reading.
    """
    settings = settings or Settings()
    steering = {
        "stage": STAGE_VERSION,
        "integrity": INTEGRITY_VERSION,
        "engine": engine_name(),
        "models": model_hashes(),
        "pdf_dpi": settings.pdf_dpi,
        "max_file_bytes": settings.max_file_bytes,
        "max_pages": settings.max_pages,
        "max_pixels": settings.max_pixels,
        "picture_side": settings.picture_side,
    }
    digest = hashlib.sha256(json.dumps(steering, sort_keys=True).encode()).hexdigest()
    return f"reading-{STAGE_VERSION}-{digest[:16]}"


def read_material(
    path: Path, *, sha256: str, settings: Settings, engine: Engine, put_blob: PutBlob
) -> MaterialReading:
    """Everything read in one upload, or why it was put aside (`quarantine_reason`, Chinese).

    Page pictures are kept through `put_blob(bytes, suffix) -> key`. The same bytes give the same
    reading. Raises nothing for a bad file; what crashes or hangs is the worker's to end.
    """
    pages: list[PageReading] = []
    pictures: list[bytes] = []
    notes: list[str] = []
    cues: list[Cue] = []
    try:
        with open_material(path, PageLimits.of(settings)) as opened:
            for page in opened:
                reading, remarks, noticed = read_opened(page, engine)
                if bears_mark(reading.lines, reading.upright_height):
                    raise MaterialRefused(MARKED)
                pictures.append(encode_picture(page.image, settings.picture_side))
                pages.append(reading)
                cues += noticed
                notes += [f"第 {page.number} 页：{n}" for n in (*page.notes, *remarks)]
            notes = [*opened.notes, *(str(problem) for problem in opened.problems), *notes]
            if opened.format is Format.PDF:
                cues += inspect_pdf(path, pages)
    except MaterialRefused as refused:
        return MaterialReading(
            sha256=sha256, quarantine_reason=refused.message, engine=engine_name()
        )
    # Pictures are kept once every page was seen: of a file with a state-secret mark nothing is.
    kept = [
        reading.model_copy(update={"picture": put_blob(picture, ".jpg")})
        for reading, picture in zip(pages, pictures, strict=True)
    ]
    return MaterialReading(
        sha256=sha256,
        pages=tuple(kept),
        engine=engine_name(),
        notes=tuple(notes),
        cues=tuple(cues),
    )


def read_opened(
    page: OpenedPage, engine: Engine, techniques: Techniques = ALL
) -> tuple[PageReading, tuple[str, ...], tuple[Cue, ...]]:
    """The reading of one opened page, remarks on it (Chinese), and what its picture shows of edits."""
    text = read_page(page, engine, techniques)
    rules = _moved(page.table_rules, text.to_upload) or find_rules(text.image)
    reading = PageReading(
        number=page.number,
        width=page.width,
        height=page.height,
        upright_width=text.image.shape[1],
        upright_height=text.image.shape[0],
        to_upload=text.to_upload,
        turned=text.turned,
        rotation=text.rotation,
        source=_source(text),
        lines=text.lines,
        rules=rules,
        codes=read_codes(page.image),
        seals=tuple(read_seal(text.image, ring, engine) for ring in text.rings),
        is_blank=not text.lines,
        text_layer_differs=text.differs,
        likeness=likeness(text.image),
    )
    places = find_signatures(text.image, reading)
    reading = reading.model_copy(update={"signing_places": places})
    return reading, text.remarks, tuple(find_image_edits(text.image, reading))


def _source(text: PageText) -> Literal["text", "ocr", "mixed"]:
    sources = {line.source for line in text.lines}
    if sources == {LineSource.TEXT_LAYER}:
        return "text"
    return "mixed" if LineSource.TEXT_LAYER in sources else "ocr"


def _moved(rules: tuple[Segment, ...], to_upload: Matrix) -> tuple[Segment, ...]:
    """Segments of the upload frame in the upright frame."""
    if not rules:
        return ()
    back = np.linalg.inv(np.array(to_upload, dtype=np.float64).reshape(3, 3))
    ends = np.array([[[s.x0, s.y0], [s.x1, s.y1]] for s in rules], dtype=np.float64)
    moved = cv2.perspectiveTransform(ends.reshape(-1, 1, 2), back).reshape(-1, 2, 2)
    moved = np.concatenate([moved.min(axis=1), moved.max(axis=1)], axis=1).round(1)
    return tuple(Segment(x0=a, y0=b, x1=c, y1=d) for a, b, c, d in moved.tolist())
