"""Round seals found by their rim."""

import cv2
import numpy as np
import pytest

from pipeline.reading.pixels import paper_of
from pipeline.reading.rings import find_rings

INKS = {"red": (60, 50, 200), "blue": (190, 70, 60), "grey": (130, 130, 130)}


def sheet(ink: tuple[int, int, int] | None) -> np.ndarray:
    """A page with lines of black bars, and a seal over some of them."""
    page = np.full((1200, 850, 3), 250, np.uint8)
    for row in range(120, 1100, 110):
        for column in range(100, 720, 45):
            cv2.rectangle(page, (column, row), (column + 18, row + 24), (30, 30, 30), 4)
    if ink is None:
        return page
    stamp = np.full_like(page, 255)
    cv2.circle(stamp, (520, 700), 100, ink, 6)
    cv2.putText(stamp, "*", (480, 760), cv2.FONT_HERSHEY_SIMPLEX, 4, ink, 12)
    return np.minimum(page, stamp)


@pytest.mark.parametrize("ink", ["red", "blue", "grey"])
def test_a_seal_is_found_with_its_place_and_colour(ink: str) -> None:
    found = find_rings(sheet(INKS[ink]))
    assert len(found) == 1
    assert found[0].ink == ink
    assert (found[0].x, found[0].y, found[0].radius) == pytest.approx((520, 700, 100), abs=6)
    assert found[0].holds((500, 640, 560, 660))
    assert not found[0].holds((100, 640, 160, 660))


def test_a_page_of_text_has_no_seal() -> None:
    assert find_rings(sheet(None)) == ()


def test_a_large_picture_gives_the_place_in_its_own_pixels() -> None:
    large = cv2.resize(sheet(INKS["red"]), None, fx=2.5, fy=2.5)
    found = find_rings(np.asarray(large, np.uint8))
    assert (found[0].x, found[0].radius) == pytest.approx((1300, 250), abs=15)


def test_paper_is_what_surrounds_print() -> None:
    paper = paper_of(sheet(None))
    assert float(paper.min()) > 200
