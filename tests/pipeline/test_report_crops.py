"""Cuts around evidence: upright, in the right place, with a margin."""

import base64
import io

import pytest
from PIL import Image

from pipeline.model.reading import Quad
from pipeline.model.report import ReportPage
from pipeline.report.crops import (
    CUT_HEIGHT,
    CUT_WIDTH,
    Cut,
    Sheet,
    make_sheet,
    upright_quad,
    upright_size,
)

UPRIGHT = (400, 600)
SPOT = (100, 200, 220, 240)
"""A black block on an otherwise white upright page."""


def _upload(rotation: int) -> tuple[ReportPage, bytes, Quad]:
    """A page that lies `rotation` degrees before it is upright, its picture, and where SPOT is on it."""
    image = Image.new("RGB", UPRIGHT, "white")
    image.paste("black", SPOT)
    x0, y0, x1, y1 = SPOT
    corners = ((x0, y0), (x1, y0), (x1, y1), (x0, y1))
    a, b, c, d = (_back(rotation, x, y) for x, y in corners)
    turned = image.rotate(rotation, expand=True)
    buffer = io.BytesIO()
    turned.save(buffer, "PNG")
    page = ReportPage(
        file="materials/a.jpg",
        page=1,
        width=turned.width,
        height=turned.height,
        rotation=rotation,
        source="ocr",
    )
    return page, buffer.getvalue(), (a, b, c, d)


def _back(rotation: int, x: float, y: float) -> tuple[float, float]:
    """Where a point of the upright page lies in the upload."""
    w, h = UPRIGHT
    match rotation:
        case 90:
            return (y, w - x)
        case 180:
            return (w - x, h - y)
        case 270:
            return (h - y, x)
        case _:
            return (x, y)


def _shown(sheet: Sheet, cut: Cut) -> Image.Image:
    """What a viewer shows of the cut: the kept picture through the sheet's transform and the window."""
    assert sheet.uri is not None
    data = base64.b64decode(sheet.uri.split(",", 1)[1])
    image = Image.open(io.BytesIO(data)).convert("L").resize((sheet.raw_width, sheet.raw_height))
    a, b, c, d, e, f = _matrix(sheet)
    x, y, width, height = cut.view
    return image.transform(
        (round(width), round(height)),
        Image.Transform.AFFINE,
        _inverse(a, b, c, d, e - x, f - y),
        fillcolor=255,
    )


def _matrix(sheet: Sheet) -> tuple[float, ...]:
    if not sheet.turn:
        return (1, 0, 0, 1, 0, 0)
    return tuple(float(n) for n in sheet.turn.removeprefix("matrix(").removesuffix(")").split())


def _inverse(a: float, b: float, c: float, d: float, e: float, f: float) -> tuple[float, ...]:
    """From (x', y') back to (x, y), as PIL wants it, of the SVG matrix (a b c d e f)."""
    det = a * d - b * c
    return (
        d / det, -c / det, (c * f - d * e) / det,
        -b / det, a / det, (b * e - a * f) / det,
    )  # fmt: skip


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_boxes_are_turned_upright_with_their_page(rotation: int) -> None:
    page, _, quad = _upload(rotation)
    x0, y0, x1, y1 = SPOT
    assert upright_size(page) == UPRIGHT
    assert upright_quad(page, quad) == ((x0, y0), (x1, y0), (x1, y1), (x0, y1))


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_the_transform_turns_the_picture_as_the_boxes_are_turned(rotation: int) -> None:
    page, picture, quad = _upload(rotation)
    sheet = make_sheet(page, picture, anchor="i0")
    a, b, c, d, e, f = _matrix(sheet)
    turned = tuple((a * x + c * y + e, b * x + d * y + f) for x, y in quad)
    assert turned == upright_quad(page, quad)
    assert (sheet.width, sheet.height) == UPRIGHT


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_cut_holds_its_evidence_whole_and_upright(rotation: int) -> None:
    page, picture, quad = _upload(rotation)
    sheet = make_sheet(page, picture, anchor="i0", quads=(quad,))
    cut = sheet.cuts[quad]
    image = _shown(sheet, cut)
    assert cut.width > cut.height
    dark = sum(1 for value in image.tobytes() if value < 128)
    assert dark == pytest.approx((220 - 100) * (240 - 200), rel=0.05)
    xs = [x - cut.view[0] for x, _ in cut.outline]
    ys = [y - cut.view[1] for _, y in cut.outline]
    inside = image.crop((int(min(xs)), int(min(ys)), int(max(xs)) + 1, int(max(ys)) + 1))
    assert sum(1 for value in inside.tobytes() if value < 128) == dark


def test_the_picture_stands_in_the_file_as_it_was_kept() -> None:
    page, picture, _ = _upload(0)
    sheet = make_sheet(page, picture, anchor="i0")
    assert sheet.uri == "data:image/png;base64," + base64.b64encode(picture).decode()


def test_a_page_larger_than_its_picture_is_cut_at_its_own_scale() -> None:
    page, picture, quad = _upload(0)
    big = page.model_copy(update={"width": 3200, "height": 4800})
    a, b, c, d = ((8 * x, 8 * y) for x, y in quad)
    sheet = make_sheet(big, picture, anchor="i0", quads=((a, b, c, d),))
    cut = sheet.cuts[(a, b, c, d)]
    dark = sum(1 for value in _shown(sheet, cut).tobytes() if value < 128)
    assert dark == pytest.approx(64 * (220 - 100) * (240 - 200), rel=0.05)


def test_a_box_outside_the_page_still_gives_a_cut() -> None:
    page, picture, _ = _upload(0)
    quad: Quad = ((390, 590), (900, 590), (900, 900), (390, 900))
    cut = make_sheet(page, picture, anchor="i0", quads=(quad,)).cuts[quad]
    assert cut.width >= 1
    assert cut.height >= 1


def test_a_box_without_area_still_gives_a_cut() -> None:
    page, picture, _ = _upload(0)
    quad: Quad = ((50, 50), (50, 50), (50, 50), (50, 50))
    assert make_sheet(page, picture, anchor="i0", quads=(quad,)).cuts[quad].width >= 100


def test_large_cuts_are_shown_smaller() -> None:
    page, picture, _ = _upload(0)
    large = page.model_copy(update={"width": 2400, "height": 3200})
    whole: Quad = ((0, 0), (2400, 0), (2400, 3200), (0, 3200))
    cut = make_sheet(large, picture, anchor="i0", quads=(whole,)).cuts[whole]
    assert cut.view == (0, 0, 2400, 3200)
    assert cut.width <= CUT_WIDTH
    assert cut.height <= CUT_HEIGHT
    assert cut.width / cut.height == pytest.approx(2400 / 3200, rel=0.01)


def test_a_row_of_a_long_screenshot_stays_readable() -> None:
    page, picture, _ = _upload(0)
    strip = page.model_copy(update={"width": 1080, "height": 9000})
    row: Quad = ((100, 4000), (900, 4000), (900, 4040), (100, 4040))
    cut = make_sheet(strip, picture, anchor="i0", quads=(row,)).cuts[row]
    assert cut.width / cut.view[2] >= 0.85


@pytest.mark.parametrize("picture", [None, b"", b"\xff\xd8 no picture"])
def test_a_missing_picture_is_a_sheet_that_says_so(picture: bytes | None) -> None:
    page, _, quad = _upload(0)
    sheet = make_sheet(page, picture, anchor="i0", quads=(quad,))
    assert sheet.is_missing
    assert sheet.cuts == {}
