"""How the characters of a text layer become lines."""

from pipeline.model.reading import Rect
from pipeline.pages.text_lines import Glyph, group_lines


def row(
    text: str, x: float, y: float, *, size: float = 20, angle: int = 0, hidden: bool = False
) -> list[Glyph]:
    """Square characters set solid, from (x, y) on, running at `angle`."""

    def box(i: int) -> Rect:
        step = i * size
        match angle:
            case 90:
                return (x, y + step, x + size, y + step + size)
            case 270:
                return (x, y - step - size, x + size, y - step)
            case 180:
                return (x - step - size, y, x - step, y + size)
            case _:
                return (x + step, y, x + step + size, y + size)

    return [Glyph(character, box(i), angle, hidden) for i, character in enumerate(text)]


def texts(glyphs: list[Glyph]) -> list[str]:
    return [line.text for line in group_lines(glyphs)]


def test_cells_of_a_table_row_stay_apart() -> None:
    glyphs = row("缴费月份", 0, 0) + row("缴费状态", 120, 0) + row("已缴", 240, 0)
    assert texts(glyphs) == ["缴费月份", "缴费状态", "已缴"]


def test_characters_drawn_one_by_one_in_any_order_are_one_line() -> None:
    glyphs = row("逐字绘制", 0, 0)
    assert texts([glyphs[2], glyphs[0], glyphs[3], glyphs[1]]) == ["逐字绘制"]


def test_a_spread_label_is_one_line() -> None:
    assert texts(row("姓　　名", 0, 0)) == ["姓　　名"]


def test_columns_made_with_spaces_are_parted() -> None:
    assert texts(row("甲    乙", 0, 0)) == ["甲", "乙"]


def test_spaces_at_the_ends_are_dropped_with_their_boxes() -> None:
    (line,) = group_lines(row("  四川  ", 0, 0))
    assert line.text == "四川"
    assert line.rect == (40, 0, 80, 20)
    assert len(line.boxes) == 2


def test_a_gap_that_shows_becomes_a_space() -> None:
    (line,) = group_lines(row("2022年", 0, 0) + row("12月", 110, 0))
    assert line.text == "2022年 12月"
    assert line.boxes[5] == (100, 0, 110, 20)


def test_imitated_bold_is_read_once() -> None:
    assert texts(row("合计", 0, 0) + row("合计", 0.6, 0)) == ["合计"]


def test_two_texts_in_one_place_are_both_kept() -> None:
    """A value drawn over another must not be woven into it."""
    assert sorted(texts(row("3200", 0, 0) + row("8600", 1, 0))) == ["3200", "8600"]


def test_ligature_shares_its_box_among_its_letters() -> None:
    (line,) = group_lines([Glyph("ffi", (0, 0, 30, 20)), Glyph("x", (30, 0, 40, 20))])
    assert line.text == "ffix"
    assert line.boxes == ((0, 0, 10, 20), (10, 0, 20, 20), (20, 0, 30, 20), (30, 0, 40, 20))


def test_one_character_drawn_over_another_is_a_line_of_its_own() -> None:
    digits = [Glyph(c, (i * 10, 0, i * 10 + 10, 20)) for i, c in enumerate("3200")]
    assert sorted(texts([*digits, Glyph("8", digits[3].rect)])) == ["3200", "8"]


def test_turned_text_reads_along_its_own_direction() -> None:
    for angle, rect in (
        (90, (50, 50, 70, 130)),
        (270, (50, -30, 70, 50)),
        (180, (-30, 50, 50, 70)),
    ):
        (line,) = group_lines(row("劳动合同", 50, 50, angle=angle))
        assert (line.text, line.angle, line.rect) == ("劳动合同", angle, rect)
        assert line.boxes[0] == row("劳", 50, 50, angle=angle)[0].rect


def test_hidden_and_shown_text_are_never_one_line() -> None:
    glyphs = row("张三", 0, 0) + row("李四", 40, 0, hidden=True)
    assert [(line.text, line.is_hidden) for line in group_lines(glyphs)] == [
        ("张三", False),
        ("李四", True),
    ]


def test_slanted_watermark_is_one_line() -> None:
    glyphs = [
        Glyph(c, (i * 15, -i * 15, i * 15 + 20, 20 - i * 15), 315) for i, c in enumerate("样张")
    ]
    assert texts(glyphs) == ["样张"]


def test_small_print_beside_a_large_title_stays_apart() -> None:
    assert texts(row("证书", 0, 0, size=60) + row("编号", 130, 20, size=20)) == ["证书", "编号"]


def test_nothing_gives_nothing() -> None:
    assert group_lines([]) == ()
    assert group_lines(row("   ", 0, 0)) == ()
