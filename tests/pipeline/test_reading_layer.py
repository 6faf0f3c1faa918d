"""A text layer against its picture: what contradicts, what does not."""

from pathlib import Path

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from pipeline.model.reading import IDENTITY, LineSource
from pipeline.pages import open_material
from pipeline.reading.ctc import Glyph
from pipeline.reading.layer import (
    LayerCharacter,
    contradicts,
    grouped,
    inside,
    layer_line,
    pieces_without,
    stacked,
)
from pipeline.reading.layered import layer_characters

RARE = frozenset("㛃𠮷")


def known(char: str) -> bool:
    return char not in RARE


def seen(text: str, confidence: float = 0.99, alternatives: str = "") -> list[Glyph]:
    others = tuple((char, 0.01) for char in alternatives)
    return [Glyph(char, confidence, (i + 0.5) / len(text), others) for i, char in enumerate(text)]


def layer(text: str, x: float = 0.0, line: int = 0) -> list[LayerCharacter]:
    return [
        LayerCharacter(char, (x + 20 * i, 0.0, x + 20 * i + 20, 20.0), place=(line, i))
        for i, char in enumerate(text)
    ]


@pytest.mark.parametrize(
    ("text", "picture"),
    [
        ("2019年06月30日", "2019年06月30日"),
        ("张㛃·买买提", "张洁买买提"),
        ("（2019）", "(2019)"),
        ("二〇一九年", "二○一九年"),
        ("单位: 元", "单位：元"),
    ],
)
def test_the_same_text_written_another_way_is_no_contradiction(text: str, picture: str) -> None:
    assert not contradicts(text, seen(picture), known)


def test_another_digit_surely_read_contradicts() -> None:
    assert contradicts("2019年06月30日", seen("2018年06月30日"), known)


def test_another_digit_unsurely_read_does_not() -> None:
    glyphs = seen("2018年06月30日")
    glyphs[3] = Glyph("8", 0.6, glyphs[3].centre)
    assert not contradicts("2019年06月30日", glyphs, known)


def test_a_character_that_the_recogniser_also_holds_for_possible_does_not() -> None:
    glyphs = seen("未缴")
    glyphs[0] = Glyph("未", 0.95, 0.25, (("末", 0.04),))
    assert not contradicts("末缴", glyphs, known)


def test_another_name_contradicts() -> None:
    assert contradicts("王小明", seen("李小明"), known)


def test_a_digit_that_the_layer_lacks_contradicts() -> None:
    assert contradicts("缴费12个月", seen("缴费126个月"), known)


def test_characters_are_taken_by_their_middle() -> None:
    found = inside((0, 0, 45, 20), layer("甲乙丙"))
    assert "".join(c.char for c in found) == "甲乙"


def test_a_layer_line_is_surely_read_and_has_one_span_a_character() -> None:
    line = layer_line(layer("张㛃·买买提 "))
    assert (line.text, line.confidence, line.source) == ("张㛃·买买提", 1.0, LineSource.TEXT_LAYER)
    assert len(line.spans) == len(line.text)


def test_lines_of_the_layer_stay_whole_and_part_where_characters_are_missing() -> None:
    characters = layer("累计月数(个)") + layer("性别", x=400, line=1)
    assert ["".join(c.char for c in g) for g in grouped(characters)] == ["累计月数(个)", "性别"]
    assert ["".join(c.char for c in g) for g in grouped(characters[:3] + characters[5:])] == [
        "累计月",
        "个)",
        "性别",
    ]


def test_what_the_layer_does_not_cover_is_found_beside_it() -> None:
    covered = [c.rect for c in layer("姓名", x=10)]
    assert pieces_without((0, 0, 200, 20), covered, 20.0) == [(50.0, 200)]


def test_two_rows_in_one_detected_box_are_read_row_by_row() -> None:
    upper = layer("古丽米热阿不")
    lower = [
        LayerCharacter(c.char, (c.rect[0], 19.0, c.rect[2], 39.0), place=(1, i))
        for i, c in enumerate(layer("都热合曼"))
    ]
    rows = stacked([*lower, *upper])
    assert ["".join(c.char for c in row) for row in rows] == ["古丽米热阿不", "都热合曼"]


def test_two_lines_of_the_layer_side_by_side_are_one_row() -> None:
    beside = [
        LayerCharacter(c.char, (c.rect[0], 3.0, c.rect[2], 23.0), place=(1, i))
        for i, c in enumerate(layer("男", x=100))
    ]
    assert ["".join(c.char for c in row) for row in stacked([*layer("性别"), *beside])] == [
        "性别男"
    ]


def test_the_arc_of_a_seal_drawn_as_text_is_no_text_of_the_paper(tmp_path: Path) -> None:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    sheet = canvas.Canvas(str(tmp_path / "a.pdf"), pagesize=(300, 300))
    sheet.setFont("STSong-Light", 14)
    sheet.drawString(40, 40, "样例有限公司")
    for i, letter in enumerate("成都样例科技公司章"):
        angle = 80 - 20 * i
        sheet.saveState()
        sheet.translate(150, 150)
        sheet.rotate(angle)
        sheet.drawCentredString(0, 60, letter)
        sheet.restoreState()
    sheet.save()
    with open_material(tmp_path / "a.pdf") as material:
        page = next(iter(material))
    kept = layer_characters(page, IDENTITY)
    assert "".join(c.char for c in kept) == "样例有限公司"
