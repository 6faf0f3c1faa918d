"""Reading order, duplicates, tiles: geometry only."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.reading import Line, Rect
from pipeline.reading.order import overlap, reading_order, without_duplicates
from pipeline.reading.tiles import tile_rows


def line(text: str, rect: Rect, confidence: float = 0.9) -> Line:
    step = (rect[2] - rect[0]) / max(len(text), 1)
    edges = tuple((rect[0] + i * step, rect[0] + (i + 1) * step) for i in range(len(text)))
    return Line(text=text, rect=rect, confidence=confidence, spans=edges)


def texts(lines: tuple[Line, ...]) -> list[str]:
    return [found.text for found in lines]


def test_a_row_is_read_from_left_to_right_though_it_leans() -> None:
    cells = [
        line(t, (x, 100 + i * 6, x + 80, 130 + i * 6))
        for i, (t, x) in enumerate([("姓名", 0), ("性别", 200), ("专业", 400)])
    ]
    below = line("第二行", (0, 160, 80, 190))
    assert texts(reading_order([below, *reversed(cells)])) == ["姓名", "性别", "专业", "第二行"]


def test_a_tall_seal_beside_two_rows_does_not_join_them() -> None:
    rows = [line("甲", (0, 0, 200, 30)), line("乙", (0, 40, 200, 70))]
    assert texts(reading_order([rows[1], line("章", (300, 0, 360, 70)), rows[0]]))[0] == "甲"
    ordered = texts(reading_order([rows[1], line("章", (300, 0, 360, 70)), rows[0]]))
    assert ordered.index("甲") < ordered.index("乙")


def test_the_shorter_of_two_readings_of_one_place_goes() -> None:
    whole, part = line("成都市武侯区", (0, 0, 180, 30)), line("武侯区", (90, 1, 178, 29), 0.99)
    assert texts(without_duplicates([part, whole])) == ["成都市武侯区"]


def test_equal_text_in_another_place_stays() -> None:
    both = [line("已缴", (0, 0, 60, 30)), line("已缴", (0, 40, 60, 70))]
    assert len(without_duplicates(both)) == 2


@given(
    st.lists(
        st.tuples(
            st.integers(0, 500), st.integers(0, 500), st.integers(5, 200), st.integers(5, 40)
        ),
        max_size=12,
    )
)
def test_order_keeps_every_line_and_does_not_depend_on_how_they_came(
    places: list[tuple[int, int, int, int]],
) -> None:
    lines = [line(f"{i}", (x, y, x + w, y + h)) for i, (x, y, w, h) in enumerate(places)]
    ordered = reading_order(lines)
    assert sorted(texts(ordered)) == sorted(texts(tuple(lines)))
    assert reading_order(reversed(lines)) == ordered


@given(st.integers(40, 2000), st.integers(1, 60000))
def test_tiles_cover_every_row_and_overlap(width: int, height: int) -> None:
    rows = tile_rows(width, height)
    assert rows[0][0] == 0
    assert rows[-1][1] == height
    for (_, bottom), (top, _) in pairwise(rows):
        assert bottom - top >= 0.2 * width


def test_overlap_is_measured_against_the_smaller_rectangle() -> None:
    assert overlap((0, 0, 100, 100), (10, 10, 20, 20)) == 1.0
    assert overlap((0, 0, 10, 10), (20, 0, 30, 10)) == 0.0
