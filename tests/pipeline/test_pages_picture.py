"""Kept pictures and the crops cut from them."""

import cv2
import numpy as np
import pytest

from pipeline.pages import crop_quad, encode_picture
from pipeline.pages.page import Picture


def page(height: int = 400, width: int = 600) -> Picture:
    """Grey, with a 100 × 40 box from (200, 100): red left half, blue right half."""
    image = np.full((height, width, 3), 128, np.uint8)
    image[100:140, 200:250] = (0, 0, 255)
    image[100:140, 250:300] = (255, 0, 0)
    return image


BOX = ((200.0, 100.0), (300.0, 100.0), (300.0, 140.0), (200.0, 140.0))


@pytest.mark.parametrize(("side", "expected"), [(300, (200, 300)), (1600, (400, 600))])
def test_picture_is_made_no_larger_than_asked(side: int, expected: tuple[int, int]) -> None:
    data = encode_picture(page(), side)
    back = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert back is not None
    assert back.shape[:2] == expected


def test_same_pixels_give_same_bytes() -> None:
    assert encode_picture(page(), 300) == encode_picture(page().copy(), 300)


def test_crop_holds_the_quad_and_its_margin() -> None:
    cut = crop_quad(page(), BOX, 1.0, margin=0.5)
    assert cut.shape == (80, 140, 3)
    assert cut[40, 30].tolist() == [0, 0, 255]
    assert cut[40, 110].tolist() == [255, 0, 0]
    assert cut[5, 5].tolist() == [128, 128, 128]


def test_crop_from_a_smaller_picture_uses_page_coordinates() -> None:
    half = cv2.resize(page(), (300, 200), interpolation=cv2.INTER_AREA)
    cut = crop_quad(half, BOX, 0.5, margin=0.0)  # type: ignore[arg-type]
    assert cut.shape == (20, 50, 3)
    assert cut[10, 10].tolist() == [0, 0, 255]


def test_crop_turns_text_that_runs_upwards() -> None:
    """The corners come in the order of the text, so the crop reads left to right."""
    turned = np.ascontiguousarray(np.rot90(page()))
    quad = tuple((y, 600.0 - x) for x, y in BOX)
    cut = crop_quad(turned, quad, 1.0, margin=0.0)  # type: ignore[arg-type]
    assert cut.shape == (40, 100, 3)
    assert cut[20, 20].tolist() == [0, 0, 255]
    assert cut[20, 80].tolist() == [255, 0, 0]


def test_outside_of_the_page_is_white() -> None:
    cut = crop_quad(page(), ((0.0, 0.0), (40.0, 0.0), (40.0, 20.0), (0.0, 20.0)), 1.0, margin=1.0)
    assert cut[0, 0].tolist() == [255, 255, 255]
    assert cut[30, 30].tolist() == [128, 128, 128]


def test_quad_without_extent_and_very_long_quad_still_give_a_picture() -> None:
    point = ((5.0, 5.0),) * 4
    assert min(crop_quad(page(), point, 1.0).shape[:2]) >= 1
    wide = ((0.0, 0.0), (9000.0, 0.0), (9000.0, 30.0), (0.0, 30.0))
    assert crop_quad(np.full((50, 9000, 3), 9, np.uint8), wide, 1.0).shape[1] <= 2400
