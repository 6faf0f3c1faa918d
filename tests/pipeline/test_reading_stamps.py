"""Seals in grey copies: rim and star go by their shape, print stays whole."""

import cv2
import numpy as np
import pytest

from pipeline.reading.rings import Ring, find_rings
from pipeline.reading.stamps import lift_seals

INK = 125
MIDDLE, RADIUS = (520.0, 700.0), 100
PRINT = (slice(690, 716), slice(430, 620))


def print_alone() -> np.ndarray:
    page = np.full((1200, 850, 3), 250, np.uint8)
    for row in range(150, 1100, 110):
        for column in range(100, 720, 45):
            cv2.rectangle(page, (column, row - 10), (column + 18, row + 14), (30, 30, 30), 4)
            cv2.line(page, (column, row), (column + 18, row), (120, 120, 120), 1)
    return page


def star(middle: tuple[float, float], size: float) -> np.ndarray:
    points = [
        (
            middle[0] + np.sin(k * np.pi / 5) * size * (1 if k % 2 == 0 else 0.38),
            middle[1] - np.cos(k * np.pi / 5) * size * (1 if k % 2 == 0 else 0.38),
        )
        for k in range(10)
    ]
    return np.array(points, np.int32)


def stamped(
    page: np.ndarray, off: float = 0.0, axes: tuple[int, int] = (RADIUS, RADIUS)
) -> np.ndarray:
    """The page under a seal whose star sits `off` pixels aside: ink over ink multiplies."""
    ink = np.full_like(page, 255)
    centre = (int(MIDDLE[0]), int(MIDDLE[1]))
    cv2.ellipse(ink, centre, axes, 0, 0, 360, (INK,) * 3, 6, cv2.LINE_AA)
    cv2.fillPoly(ink, [star((MIDDLE[0] + off, MIDDLE[1]), 32)], (INK,) * 3, cv2.LINE_AA)
    for angle in range(-120, 121, 15):
        x = MIDDLE[0] + 76 * np.sin(np.radians(angle))
        y = MIDDLE[1] - 76 * np.cos(np.radians(angle))
        cv2.rectangle(ink, (int(x) - 8, int(y) - 8), (int(x) + 8, int(y) + 8), (INK,) * 3, 2)
    product = page.astype(np.float32) * (ink.astype(np.float32) / 255)
    return np.asarray(cv2.GaussianBlur(product, (0, 0), 0.6), np.uint8)


RING = Ring(x=MIDDLE[0], y=MIDDLE[1], radius=RADIUS, level=0.5, ink="grey")


@pytest.mark.parametrize("off", [0.0, 2.5])
@pytest.mark.parametrize("axes", [(100, 100), (101, 97)])
def test_rim_and_star_go_and_print_stays(off: float, axes: tuple[int, int]) -> None:
    page = print_alone()
    lifted = lift_seals(stamped(page, off, axes), (RING,))
    rim, heart = (slice(650, 670), slice(604, 620)), (slice(720, 730), slice(515, 525))
    assert stamped(page, off, axes)[rim].min() < 140
    for sheet in (lifted.clear, lifted.other):
        assert sheet[rim].min() > 190
        assert sheet[heart].min() > 190
        strokes = page[PRINT][:, :, 0] < 40
        assert float(sheet[PRINT][:, :, 0][strokes].mean()) < 90


def test_thin_strokes_of_print_stay_where_the_text_along_the_rim_goes() -> None:
    page = print_alone()
    lifted = lift_seals(stamped(page), (RING,))
    top = (slice(612, 640), slice(510, 530))
    assert stamped(page)[top].min() < 150
    assert lifted.clear[top].min() > 200
    assert lifted.other[top].min() < 160
    thin = (700, slice(467, 475))
    seen = float(cv2.GaussianBlur(page, (0, 0), 0.6)[thin].mean())
    assert float(lifted.clear[thin].mean()) == pytest.approx(seen, abs=20)


def test_nothing_changes_away_from_the_seal() -> None:
    page = stamped(print_alone())
    lifted = lift_seals(page, (RING,))
    assert np.array_equal(lifted.clear[:500], page[:500])
    assert lift_seals(page, ()).clear.shape == page.shape


def test_the_found_rim_is_near_enough() -> None:
    page = stamped(print_alone())
    rings = find_rings(page)
    assert len(rings) == 1
    assert lift_seals(page, rings).clear[650:670, 604:620].min() > 190


def test_a_seal_cut_by_the_edge_of_the_page_is_lifted_without_error() -> None:
    page = stamped(print_alone())
    cut = Ring(x=10, y=1190, radius=100, level=0.48, ink="grey")
    assert lift_seals(page, (cut,)).clear.shape == page.shape


def test_print_no_darker_than_the_seal_stays_with_the_text_along_the_rim() -> None:
    page = 250 - (250 - print_alone()) // 2
    lifted = lift_seals(stamped(page), (RING,))
    top = (slice(612, 640), slice(510, 530))
    assert lifted.clear[top].min() < 160
    assert lifted.other[top].min() > lifted.clear[top].min() + 10
    assert float(lifted.clear[PRINT][page[PRINT] < 150].mean()) < 165
    assert lifted.clear[650:670, 604:620].min() > 190
