"""Page pictures and the cuts around evidence, as an HTML page shows them.

A page's picture stands in the file once, byte for byte as it was kept; a cut is a window onto it.
So no picture is decoded or encoded to write a report, and a cut is as sharp as the page. Pictures
are in the upload frame, possibly smaller than the page they stand for.
"""

import base64
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import copysign

from markupsafe import Markup

from pipeline.model.reading import Quad
from pipeline.model.report import ReportPage

Point = tuple[float, float]

_NOMINAL_SIDE = 1600
_NOMINAL_STRIP = 1000
"""Cuts are shown as large as on a page of this longest side (a long screenshot: shorter side)."""
CUT_WIDTH = 900
CUT_HEIGHT = 420
"""Largest size of a cut, in pixels of the screen."""
_MARGIN_X = (28, 140)
_MARGIN_Y = (12, 60)
_LEAST = (280, 48)
_OUTLINE_GAP = 4.0
_FORMATS = {b"\xff\xd8\xff": "jpeg", b"\x89PNG": "png", b"RIFF": "webp"}


@dataclass(frozen=True, slots=True)
class Cut:
    """A window onto the page's picture, shown `width` × `height` pixels large.

    `view` is the window (x, y, width, height) and `outline` the evidence in it, both in pixels of
    the upload with the page turned upright.
    """

    view: tuple[float, float, float, float]
    width: int
    height: int
    outline: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page as shown: upright, `width` × `height` in pixels of the upload.

    `uri` holds the picture as it was kept, `anchor` is its id in the file; `raw_width` and
    `raw_height` are the page as uploaded, which `turn` (an SVG transform) makes upright. `uri` is
    None when the picture is missing or was not to be embedded.
    """

    anchor: str
    uri: str | None
    width: int
    height: int
    raw_width: int
    raw_height: int
    turn: str
    is_missing: bool
    cuts: Mapping[Quad, Cut]

    @property
    def place(self) -> Markup:
        """What stands for `uri` in the page until it is written: nothing that is escaped reads so."""
        return Markup(f"<{self.anchor}>")  # noqa: S704 - our own number


def upright_size(page: ReportPage) -> tuple[int, int]:
    """Width and height of the page once turned upright, in pixels of the upload."""
    return (page.height, page.width) if page.rotation in (90, 270) else (page.width, page.height)


def upright_quad(page: ReportPage, quad: Quad) -> tuple[Point, ...]:
    """The corners of `quad` on the page once turned upright, in pixels of the upload."""
    w, h = page.width, page.height
    match page.rotation:
        case 90:
            return tuple((h - y, x) for x, y in quad)
        case 180:
            return tuple((w - x, h - y) for x, y in quad)
        case 270:
            return tuple((y, w - x) for x, y in quad)
        case _:
            return tuple(quad)


def make_sheet(
    page: ReportPage, picture: bytes | None, *, anchor: str, quads: Iterable[Quad] = ()
) -> Sheet:
    """The page turned upright with one cut for each of `quads`.

    `picture` is any encoded image of the page in the upload frame; one that is None or no picture
    gives a sheet that says so.
    """
    kind = next((k for head, k in _FORMATS.items() if (picture or b"").startswith(head)), None)
    if kind is None or picture is None:
        return plain_sheet(page, anchor=anchor, is_missing=True)
    width, height = upright_size(page)
    return Sheet(
        anchor=anchor,
        uri=f"data:image/{kind};base64,{base64.b64encode(picture).decode('ascii')}",
        width=width,
        height=height,
        raw_width=page.width,
        raw_height=page.height,
        turn=_turn(page),
        is_missing=False,
        cuts={quad: _cut(page, quad) for quad in dict.fromkeys(quads)},
    )


def plain_sheet(page: ReportPage, *, anchor: str, is_missing: bool = False) -> Sheet:
    """The page without its picture."""
    width, height = upright_size(page)
    return Sheet(anchor, None, width, height, page.width, page.height, "", is_missing, {})


def _turn(page: ReportPage) -> str:
    """The SVG transform from the upload frame to the upright page; "" when there is none."""
    w, h = page.width, page.height
    match page.rotation:
        case 90:
            return f"matrix(0 1 -1 0 {h} 0)"
        case 180:
            return f"matrix(-1 0 0 -1 {w} {h})"
        case 270:
            return f"matrix(0 -1 1 0 0 {w})"
        case _:
            return ""


def _cut(page: ReportPage, quad: Quad) -> Cut:
    width, height = upright_size(page)
    shown = _nominal_scale(width, height)
    points = [(x * shown, y * shown) for x, y in upright_quad(page, quad)]
    left, right = _window([x for x, _ in points], width * shown, _MARGIN_X, 1.6, _LEAST[0], points)
    top, bottom = _window([y for _, y in points], height * shown, _MARGIN_Y, 0.9, _LEAST[1], points)
    fitted = min(1.0, CUT_WIDTH / (right - left), CUT_HEIGHT / (bottom - top))
    gap = _OUTLINE_GAP / (shown * fitted)
    return Cut(
        view=(
            round(left / shown, 1),
            round(top / shown, 1),
            round((right - left) / shown, 1),
            round((bottom - top) / shown, 1),
        ),
        width=max(1, round((right - left) * fitted)),
        height=max(1, round((bottom - top) * fitted)),
        outline=spread(upright_quad(page, quad), gap=gap),
    )


def _nominal_scale(width: int, height: int) -> float:
    """Pixels of the screen for each pixel of the upload."""
    long, short = max(width, height), min(width, height)
    scale = _NOMINAL_SIDE / long
    if long > 2 * short:
        scale = max(scale, _NOMINAL_STRIP / short)
    return min(1.0, scale)


def spread(points: Sequence[Point], *, gap: float) -> tuple[Point, ...]:
    """The corners moved outwards by `gap`, so that a line along them leaves the print free."""
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    return tuple(
        (
            round(x + copysign(gap, x - middle_x), 1),
            round(y + copysign(gap, y - middle_y), 1),
        )
        for x, y in points
    )


def _window(
    values: list[float],
    limit: float,
    margins: tuple[int, int],
    share: float,
    least: int,
    points: list[Point],
) -> tuple[int, int]:
    """From where to where a cut goes along one axis: the values, a margin, at least `least`."""
    text_height = max(y for _, y in points) - min(y for _, y in points)
    margin = min(max(text_height * share, margins[0]), margins[1])
    low, high = min(values) - margin, max(values) + margin
    if high - low < least:
        middle = (low + high) / 2
        low, high = middle - least / 2, middle + least / 2
    start = int(min(max(low, 0), limit - 1))
    return start, int(min(max(high, start + 1), limit))
