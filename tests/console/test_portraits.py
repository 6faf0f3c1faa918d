"""Portraits are found as pictures, whatever face is on them; text, seals and lines are none."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from console.portraits import Area, close_square, find_portraits

Draw = Callable[[NDArray[np.uint8]], None]
PLACE = (1130, 220, 1330, 480)


def sheet(draw: Draw, *, light: int = 250) -> NDArray[np.uint8]:
    """A page of 1600 × 1600 with some lines of strokes on it."""
    page = np.full((1600, 1600, 3), light, np.uint8)
    for y in range(700, 1500, 60):
        for x in range(100, 1500, 34):
            cv2.line(page, (x, y), (x + 22, y + 26), (40, 40, 40), 3)
            cv2.line(page, (x + 20, y), (x, y + 24), (40, 40, 40), 3)
    draw(page)
    return page


def portrait(page: NDArray[np.uint8], ground: tuple[int, int, int]) -> None:
    x0, y0, x1, y1 = PLACE
    cv2.rectangle(page, (x0, y0), (x1, y1), ground, -1)
    cv2.ellipse(page, (1230, 330), (52, 66), 0, 0, 360, (150, 185, 220), -1)
    cv2.ellipse(page, (1230, 470), (88, 66), 0, 180, 360, (70, 50, 40), -1)


def covers(found: list[Area]) -> bool:
    x0, y0, x1, y1 = PLACE
    return any(a <= x0 + 8 and b <= y0 + 8 and c >= x1 - 8 and d >= y1 - 8 for a, b, c, d in found)


@pytest.mark.parametrize("ground", [(214, 140, 84), (60, 60, 205), (150, 150, 150), (90, 90, 90)])
@pytest.mark.parametrize("light", [250, 190])
def test_a_portrait_is_found_in_colour_and_grey(ground: tuple[int, int, int], light: int) -> None:
    page = sheet(lambda p: portrait(p, ground), light=light)
    assert covers(find_portraits(page, []))


def test_text_lines_and_the_ring_of_a_seal_are_no_portrait() -> None:
    def draw(page: NDArray[np.uint8]) -> None:
        cv2.circle(page, (400, 350), 160, (60, 60, 200), 9)
        cv2.rectangle(page, (700, 150), (1500, 600), (30, 30, 30), 4)

    assert find_portraits(sheet(draw), []) == []


def test_a_coloured_field_under_text_stays_to_be_read() -> None:
    def draw(page: NDArray[np.uint8]) -> None:
        cv2.rectangle(page, PLACE[:2], PLACE[2:], (230, 205, 180), -1)

    page = sheet(draw)
    assert find_portraits(page, []) != []
    assert find_portraits(page, [(1140, 260, 1320, 330), (1140, 380, 1320, 440)]) == []


@pytest.mark.parametrize(("shape", "wide"), [((60, 41, 3), 21), ((30, 90, 3), 201), ((9, 9, 3), 1)])
def test_the_quick_closing_is_that_of_opencv(shape: tuple[int, int, int], wide: int) -> None:
    picture = np.random.default_rng(5).integers(0, 256, shape, np.uint8)
    expected = cv2.morphologyEx(picture, cv2.MORPH_CLOSE, np.ones((wide, wide), np.uint8))
    assert np.array_equal(close_square(picture, wide), expected)
