"""The upright frame: turns, skew, and the way back to the upload."""

import numpy as np
import pytest

from pipeline.model.reading import PageReading
from pipeline.reading.frames import Rotation, _forward, find_skew, is_strip, matrix, turn_boxes

BOX = np.array([[[10, 20], [110, 20], [110, 40], [10, 40]]], dtype=np.float32)


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
def test_boxes_turn_as_the_page_does(rotation: Rotation) -> None:
    forward, size = _forward(400, 300, rotation, 0.0)
    assert size == ((400, 300) if rotation in (0, 180) else (300, 400))
    turned = turn_boxes(BOX, 400, 300, rotation)
    corners = np.concatenate([BOX[0], np.ones((4, 1))], axis=1) @ forward.T
    expected = {tuple(np.round(corner[:2], 3)) for corner in corners}
    assert {tuple(np.round(corner, 3)) for corner in turned[0].astype(float)} == expected
    assert turned[0][0].sum() == turned[0].sum(axis=1).min()


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("skew", [0.0, 5.0, -8.0])
def test_the_way_back_leads_to_the_same_pixel(rotation: Rotation, skew: float) -> None:
    forward, (width, height) = _forward(1600, 1200, rotation, skew)
    page = PageReading(
        number=1,
        width=1600,
        height=1200,
        upright_width=width,
        upright_height=height,
        to_upload=matrix(np.asarray(np.linalg.inv(forward))),
    )
    x, y, w = forward @ np.array([700.0, 500.0, 1.0])
    quad = page.quad((x / w, y / w, x / w, y / w))
    assert list(quad[0]) == pytest.approx([700.0, 500.0], abs=0.1)


def test_skew_is_the_lean_of_the_long_lines() -> None:
    lean = np.tan(np.radians(3.0))
    boxes = np.array(
        [
            [[0, y], [500, y + 500 * lean], [500, y + 20 + 500 * lean], [0, y + 20]]
            for y in (0, 50, 90)
        ]
        + [[[0, 200], [20, 200], [20, 220], [0, 220]]],
        dtype=np.float32,
    )
    assert find_skew(boxes) == pytest.approx(3.0, abs=0.1)


def test_an_empty_page_has_no_skew() -> None:
    assert find_skew(np.zeros((0, 4, 2), dtype=np.float32)) == 0.0


def test_huge_pictures_are_made_smaller_but_long_strips_keep_their_length() -> None:
    assert max(_forward(8000, 6000, 0, 0.0)[1]) == 3000
    assert _forward(1080, 12000, 0, 0.0)[1] == (1080, 12000)
    assert is_strip(1080, 12000)
    assert not is_strip(1654, 2339)
