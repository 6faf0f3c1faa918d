"""Codes found on pages, small and worn ones too."""

import cv2
import numpy as np
import pytest
import zxingcpp

from pipeline.reading.codes import _decoded, code_areas, read_codes

PAYLOAD = "姓名：样例甲；证书编号：999991201305001234；毕业院校：样例大学；专业名称：信息安全；学习形式：全日制"
PLACE = (300, 1500)


def page_with(kind: str, pixels: float, *, soft: float = 0.0) -> np.ndarray:
    """A page of bars with a code whose modules are `pixels` wide, blurred by `soft` pixels."""
    barcode = zxingcpp.create_barcode(PAYLOAD, zxingcpp.barcode_format_from_str(kind))
    drawn = np.array(zxingcpp.write_barcode_to_image(barcode, scale=8))
    code = cv2.resize(drawn, None, fx=pixels / 8, fy=pixels / 8, interpolation=cv2.INTER_AREA)
    page = np.full((2000, 1400), 250, np.uint8)
    for row in range(100, 1300, 60):
        for column in range(100, 1300, 40):
            cv2.rectangle(page, (column, row), (column + 24, row + 24), 30, 3)
    page[PLACE[1] : PLACE[1] + code.shape[0], PLACE[0] : PLACE[0] + code.shape[1]] = code
    if soft:
        page = cv2.GaussianBlur(page, (0, 0), soft)
    grain = np.random.default_rng(3).normal(0, 3, page.shape)
    return np.clip(page + grain, 0, 255).astype(np.uint8)


def in_colour(page: np.ndarray) -> np.ndarray:
    return np.repeat(page[:, :, None], 3, axis=2)


@pytest.mark.parametrize("kind", ["QRCode", "PDF417"])
def test_a_clear_code_is_read_where_it_stands(kind: str) -> None:
    (code,) = read_codes(in_colour(page_with(kind, 4)))
    assert (code.format, code.payload) == (kind, PAYLOAD)
    left, top = code.box[0]
    assert PLACE[0] - 5 <= left <= PLACE[0] + 120
    assert PLACE[1] - 5 <= top <= PLACE[1] + 120


def test_a_small_worn_code_that_the_page_as_it_is_does_not_yield_is_looked_at_closely() -> None:
    page = page_with("PDF417", 1.75, soft=1.0)
    assert _decoded(page, 1.0, (0.0, 0.0)) == []
    (code,) = read_codes(in_colour(page))
    assert code.payload == PAYLOAD
    left, top = code.box[0]
    assert PLACE[0] - 5 <= left <= PLACE[0] + 60
    assert PLACE[1] - 5 <= top <= PLACE[1] + 60


def test_places_that_look_like_a_code_are_found() -> None:
    x0, y0, x1, y1 = code_areas(page_with("QRCode", 4))[0]
    assert x0 <= PLACE[0] + 40
    assert y0 <= PLACE[1] + 40
    assert x1 > PLACE[0] + 100
    assert y1 > PLACE[1] + 100


def test_a_page_of_print_has_no_code() -> None:
    page = page_with("QRCode", 4)
    page[PLACE[1] - 10 :] = 250
    assert read_codes(in_colour(page)) == ()
