"""What was read on a page: lines, characters, boxes, confidences, and how.

Two frames are used. The *upright* frame is the page turned and straightened so that its text runs
left to right; extractors work there, because "right of" and "below" mean something in it. The
*upload* frame is the page as a viewer of the upload shows it (EXIF orientation and PDF /Rotate
applied); everything that is shown to people is in it. `PageReading.quad` leads from one to the other.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Literal

from pydantic import Field as PydanticField

from pipeline.model.base import Frozen

Rect = tuple[float, float, float, float]
"""x0, y0, x1, y1 in pixels of the upright frame; x to the right, y downwards."""

Quad = tuple[tuple[float, float], tuple[float, float], tuple[float, float], tuple[float, float]]
"""Four corners in pixels of the upload frame: top left, top right, bottom right, bottom left of the text."""

Matrix = tuple[float, float, float, float, float, float, float, float, float]
"""A 3×3 homography, row by row."""

IDENTITY: Matrix = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0)


def join_rects(rects: Iterable[Rect]) -> Rect:
    """The smallest rectangle around all of `rects` (at least one)."""
    items = list(rects)
    return (
        min(r[0] for r in items),
        min(r[1] for r in items),
        max(r[2] for r in items),
        max(r[3] for r in items),
    )


class LineSource(StrEnum):
    """Where the characters of a line come from."""

    TEXT_LAYER = "text"
    OCR = "ocr"


class Doubt(Frozen):
    """A character of a line that may be another one.

    `at` is its index in the line's text, `others` are the characters that it may be as well, the
    likeliest first, and `chances` how likely the recognisers hold each for (0–1).
    """

    at: int = PydanticField(ge=0)
    others: str
    chances: tuple[float, ...]


class Line(Frozen):
    """One line of text in the upright frame.

    `spans[i]` is the left and right edge, in pixels, of the character `text[i]`, so
    `len(spans) == len(text)`. `confidence` is the recogniser's own score (0–1), which is not a
    probability; a trusted text layer gives 1. `alternative` is what a second reading of the same
    pixels said, where it differed. `scores[i]` is the score of `text[i]` (empty for a text layer).
    `doubts` are the ideographs that were read unsurely, with what else they may be.
    """

    text: str
    rect: Rect
    confidence: float
    spans: tuple[tuple[float, float], ...]
    source: LineSource = LineSource.OCR
    alternative: str | None = None
    scores: tuple[float, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    def others_at(self, index: int) -> dict[str, float]:
        """What else the character at `index` may be, each with its chance; nothing of a sure one."""
        doubt = next((d for d in self.doubts if d.at == index), None)
        return dict(zip(doubt.others, doubt.chances, strict=True)) if doubt else {}

    def rect_of(self, start: int, end: int) -> Rect:
        """The rectangle of `text[start:end]` (the whole line when the slice is empty)."""
        part = self.spans[start:end]
        if not part:
            return self.rect
        _, top, _, bottom = self.rect
        if len(part) == 1:
            return (part[0][0], top, part[0][1], bottom)
        return (min(s[0] for s in part), top, max(s[1] for s in part), bottom)

    @property
    def height(self) -> float:
        return self.rect[3] - self.rect[1]

    @property
    def centre(self) -> tuple[float, float]:
        return ((self.rect[0] + self.rect[2]) / 2, (self.rect[1] + self.rect[3]) / 2)


class Code(Frozen):
    """A QR or PDF417 code found on a page: its payload and where it is (upload frame)."""

    format: str
    payload: str
    box: Quad


class Seal(Frozen):
    """A round seal found on a page: the square around it (upright frame) and the colour of its ink.

    `text` is what was read along its rim ("" when nothing was, which means nothing: a rim seldom
    reads whole), `confidence` how surely (0–1). Neither stands among the page's lines.
    """

    rect: Rect
    ink: Literal["red", "blue", "grey"]
    text: str = ""
    confidence: float = PydanticField(default=0.0, ge=0.0, le=1.0)


class SigningPlace(Frozen):
    """A place to sign on a page, and what was seen there (upright frame).

    `label` are the printed words that ask for a signature, `label_rect` where they stand, `room` where
    the signature belongs. `state`: `written` by hand, `printed` (what stands there is print like the
    label), `empty` (well visible and bare), or `unclear`. `strokes` is the box of the handwriting,
    `ink` its colour; both None unless it is `written`.
    """

    label: str
    label_rect: Rect
    room: Rect
    state: Literal["written", "printed", "empty", "unclear"]
    strokes: Rect | None = None
    ink: Literal["blue", "black"] | None = None


class Segment(Frozen):
    """A ruled line of a table, in the upright frame."""

    x0: float
    y0: float
    x1: float
    y1: float


class Turned(Frozen):
    """A region of the upright frame that lies otherwise in the upload than the rest of its page
    (a card upside down beside another): its rectangle, and its own way to the upload."""

    rect: Rect
    to_upload: Matrix


class PageReading(Frozen):
    """Everything read on one page.

    `width`, `height`: pixels of the page in the upload frame. `upright_width`, `upright_height`:
    of the upright frame. `to_upload`: homography from upright to upload. `rotation`: quarter turns
    in degrees (clockwise) that make the upload upright. `lines` stand in reading order: top to
    bottom, then left to right. `text_layer_differs`: lines where a PDF's text layer and its
    picture disagree (the picture's reading is the one in `lines`). `turned`: regions that were
    turned by themselves before they were read.
    """

    number: int = PydanticField(ge=1)
    width: int
    height: int
    upright_width: int
    upright_height: int
    to_upload: Matrix = IDENTITY
    turned: tuple[Turned, ...] = ()
    rotation: Literal[0, 90, 180, 270] = 0
    source: Literal["text", "ocr", "mixed"] = "ocr"
    lines: tuple[Line, ...] = ()
    rules: tuple[Segment, ...] = ()
    codes: tuple[Code, ...] = ()
    seals: tuple[Seal, ...] = ()
    signing_places: tuple[SigningPlace, ...] = ()
    is_blank: bool = False
    text_layer_differs: tuple[str, ...] = ()
    picture: str = ""
    """Blob key of the page's picture (upload frame; may be smaller than width × height)."""
    likeness: str = ""
    """Perceptual hash (64 bits, hex) of the page as it reads; "" where none was taken."""

    def quad(self, rect: Rect) -> Quad:
        """The corners of an upright rectangle in upload pixels, rounded to a tenth of a pixel."""
        x0, y0, x1, y1 = rect
        width, height = self.width, self.height
        way = self.to_upload
        for region in self.turned:
            left, top, right, bottom = region.rect
            if left <= (x0 + x1) / 2 <= right and top <= (y0 + y1) / 2 <= bottom:
                way = region.to_upload
        if way == IDENTITY:
            left, right = (round(min(max(x, 0.0), width), 1) for x in (x0, x1))
            top, bottom = (round(min(max(y, 0.0), height), 1) for y in (y0, y1))
            return ((left, top), (right, top), (right, bottom), (left, bottom))
        a, b, c, d, e, f, g, h, i = way

        def to_upload(x: float, y: float) -> tuple[float, float]:
            w = g * x + h * y + i
            u = (a * x + b * y + c) / w
            v = (d * x + e * y + f) / w
            return (
                round(0.0 if u < 0.0 else width if u > width else u, 1),
                round(0.0 if v < 0.0 else height if v > height else v, 1),
            )

        return (to_upload(x0, y0), to_upload(x1, y0), to_upload(x1, y1), to_upload(x0, y1))

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)


class CueKind(StrEnum):
    """What was noticed about a file or a place on it; for a person to look at, no verdict."""

    FILE_EDITED = "file_edited"
    OVERLAY = "overlay"
    PATCH = "patch"
    """Something laid over the picture of a sheet, or a picture over text."""
    SIGNATURE_BROKEN = "signature_broken"
    SIGNATURE_UNVERIFIABLE = "signature_unverifiable"
    IMAGE_EDIT = "image_edit"


class Cue(Frozen):
    """One thing noticed (Chinese). `page` and `box` (upload frame) where it has a place."""

    kind: CueKind
    text: str
    page: int | None = None
    box: Quad | None = None


class MaterialReading(Frozen):
    """One upload as read: its pages, or why it was put aside."""

    sha256: str
    pages: tuple[PageReading, ...] = ()
    quarantine_reason: str | None = None
    engine: str = ""
    notes: tuple[str, ...] = ()
    """What a person should know of how it was opened (Chinese), e.g. that a page could not be drawn."""
    cues: tuple[Cue, ...] = ()
    """What was noticed about the file itself. Never changes what is read of it."""
