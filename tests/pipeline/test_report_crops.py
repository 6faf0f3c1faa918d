"""Cuts around evidence: upright, in the right place, with a margin."""

import base64
import io

import pytest
from PIL import Image

from pipeline.model.reading import Quad
from pipeline.model.report import ReportPage
from pipeline.report.crops import CUT_WIDTH, PAGE_SIDE, make_sheet, upright_quad, upright_size

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


def _opened(uri: str) -> Image.Image:
    head, data = uri.split(",", 1)
    assert head == "data:image/jpeg;base64"
    return Image.open(io.BytesIO(base64.b64decode(data))).convert("L")


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_boxes_are_turned_upright_with_their_page(rotation: int) -> None:
    page, _, quad = _upload(rotation)
    x0, y0, x1, y1 = SPOT
    assert upright_size(page) == UPRIGHT
    assert upright_quad(page, quad) == ((x0, y0), (x1, y0), (x1, y1), (x0, y1))


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_a_cut_holds_its_evidence_whole_and_upright(rotation: int) -> None:
    page, picture, quad = _upload(rotation)
    cut = make_sheet(page, picture, quads=(quad,)).cuts[quad]
    image = _opened(cut.uri)
    assert image.size == (cut.width, cut.height)
    assert cut.width > cut.height
    dark = sum(1 for value in image.tobytes() if value < 128)
    assert dark == pytest.approx((220 - 100) * (240 - 200), rel=0.05)
    xs = [x for x, _ in cut.outline]
    ys = [y for _, y in cut.outline]
    inside = image.crop((int(min(xs)), int(min(ys)), int(max(xs)) + 1, int(max(ys)) + 1))
    assert sum(1 for value in inside.tobytes() if value < 128) == dark


def test_a_picture_smaller_than_its_page_is_cut_at_its_own_scale() -> None:
    page, picture, quad = _upload(0)
    big = page.model_copy(update={"width": 800, "height": 1200})
    a, b, c, d = ((2 * x, 2 * y) for x, y in quad)
    doubled = make_sheet(big, picture, quads=((a, b, c, d),)).cuts[(a, b, c, d)]
    assert doubled.uri == make_sheet(page, picture, quads=(quad,)).cuts[quad].uri


def test_a_box_outside_the_page_still_gives_a_cut() -> None:
    page, picture, _ = _upload(0)
    quad: Quad = ((390, 590), (900, 590), (900, 900), (390, 900))
    cut = make_sheet(page, picture, quads=(quad,)).cuts[quad]
    assert cut.width >= 1
    assert cut.height >= 1


def test_a_box_without_area_still_gives_a_cut() -> None:
    page, picture, _ = _upload(0)
    quad: Quad = ((50, 50), (50, 50), (50, 50), (50, 50))
    assert make_sheet(page, picture, quads=(quad,)).cuts[quad].width >= 100


def test_large_pages_and_cuts_are_made_smaller() -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (2400, 3200), "white").save(buffer, "JPEG")
    page = ReportPage(
        file="materials/a.jpg", page=1, width=2400, height=3200, rotation=0, source="ocr"
    )
    whole: Quad = ((0, 0), (2400, 0), (2400, 3200), (0, 3200))
    sheet = make_sheet(page, buffer.getvalue(), quads=(whole,))
    assert sheet.uri is not None
    assert max(_opened(sheet.uri).size) == PAGE_SIDE
    assert sheet.cuts[whole].width <= CUT_WIDTH


def test_a_long_screenshot_stays_readable() -> None:
    buffer = io.BytesIO()
    Image.new("RGB", (1080, 9000), "white").save(buffer, "JPEG")
    page = ReportPage(
        file="materials/a.png", page=1, width=1080, height=9000, rotation=0, source="ocr"
    )
    sheet = make_sheet(page, buffer.getvalue())
    assert sheet.uri is not None
    assert _opened(sheet.uri).width == 700


@pytest.mark.parametrize("picture", [None, b"", b"\xff\xd8 no picture"])
def test_a_missing_picture_is_a_sheet_that_says_so(picture: bytes | None) -> None:
    page, _, quad = _upload(0)
    sheet = make_sheet(page, picture, quads=(quad,))
    assert sheet.is_missing
    assert sheet.cuts == {}
