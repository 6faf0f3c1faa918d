"""Photos taken aslant: levelled by their lines and edges, and left alone when they lie flat."""

import cv2
import numpy as np
import pytest

from pipeline.model.reading import PageReading
from pipeline.reading.frames import _levelled, matrix
from pipeline.reading.plane import find_levelling

WIDTH, HEIGHT, DESK = 1000, 1400, 60
PAPER = np.array([[0, 0], [WIDTH, 0], [WIDTH, HEIGHT], [0, HEIGHT]], dtype=np.float32)
FLAT = ((0, 0), (0, 0), (0, 0), (0, 0))
FROM_BELOW = ((90, 0), (-90, 0), (0, 0), (0, 0))
FROM_THE_LEFT = ((0, 0), (0, 120), (0, -120), (0, 0))
FROM_A_CORNER = ((30, 10), (0, 100), (-60, -60), (20, 0))


def photo(moved: tuple[tuple[int, int], ...]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """A sheet with lines on a desk, the boxes of its lines (a pixel off), and its corners."""
    sheet = np.full((HEIGHT, WIDTH, 3), 250, np.uint8)
    rng = np.random.default_rng(0)
    boxes = []
    for y in range(100, HEIGHT - 100, 60):
        right = int(rng.integers(500, 900))
        boxes.append([[80, y], [right, y], [right, y + 26], [80, y + 26]])
        for x in range(80, right, 30):
            cv2.rectangle(sheet, (x, y), (x + 20, y + 24), (20, 20, 20), 3)
    corners = (PAPER + DESK + np.array(moved)).astype(np.float32)
    seen = cv2.getPerspectiveTransform(PAPER, corners)
    size = (WIDTH + 2 * DESK, HEIGHT + 2 * DESK)
    image = cv2.warpPerspective(sheet, seen, size, borderValue=(120, 100, 80))
    placed = cv2.perspectiveTransform(np.array(boxes, np.float32).reshape(-1, 1, 2), seen)
    shaken = placed.reshape(-1, 4, 2) + rng.normal(0, 1, (len(boxes), 4, 2))
    return np.asarray(image, np.uint8), shaken.astype(np.float32), corners


@pytest.mark.parametrize("moved", [FROM_THE_LEFT, FROM_A_CORNER])
def test_a_sheet_seen_aslant_becomes_a_rectangle_again(moved: tuple[tuple[int, int], ...]) -> None:
    image, boxes, corners = photo(moved)
    levelling = find_levelling(image, boxes)
    assert levelling is not None
    fitted = _levelled(image.shape[1], image.shape[0], 0, levelling)
    assert fitted is not None
    flat = cv2.perspectiveTransform(corners.reshape(-1, 1, 2), fitted[0]).reshape(4, 2)
    assert flat[0] == pytest.approx((flat[3][0], flat[1][1]), abs=6)
    assert flat[2] == pytest.approx((flat[1][0], flat[3][1]), abs=6)


@pytest.mark.parametrize("moved", [FLAT, FROM_BELOW])
def test_a_sheet_whose_lines_are_parallel_is_left_alone(
    moved: tuple[tuple[int, int], ...],
) -> None:
    image, boxes, _ = photo(moved)
    assert find_levelling(image, boxes) is None


def test_a_page_with_few_lines_is_left_alone() -> None:
    image, boxes, _ = photo(FROM_THE_LEFT)
    assert find_levelling(image, boxes[:3]) is None


def test_the_way_back_from_a_levelled_page_leads_to_the_same_pixel() -> None:
    image, boxes, _ = photo(FROM_A_CORNER)
    levelling = find_levelling(image, boxes)
    assert levelling is not None
    height, width = image.shape[:2]
    fitted = _levelled(width, height, 90, levelling)
    assert fitted is not None
    forward, (across, down) = fitted
    page = PageReading(
        number=1,
        width=width,
        height=height,
        upright_width=across,
        upright_height=down,
        to_upload=matrix(np.asarray(np.linalg.inv(forward))),
    )
    x, y, w = forward @ np.array([700.0, 500.0, 1.0])
    assert page.quad((x / w, y / w, x / w, y / w))[0] == pytest.approx((700.0, 500.0), abs=0.1)


def test_a_page_that_would_be_torn_apart_is_not_levelled() -> None:
    steep = np.array([[1.0, 0, 0], [0, 1, 0], [0.005, 0, 1]])
    assert _levelled(1000, 1400, 0, steep) is None
