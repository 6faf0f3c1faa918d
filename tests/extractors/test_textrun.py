"""Runs of text keep the place of each character."""

from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.textrun import TextRun
from pipeline.model.reading import Line
from tests.extractors.drawn_pages import Drawing


def _page_of(*texts: str) -> Drawing:
    page = Drawing()
    for i, text in enumerate(texts):
        page.write(100, 100 + 40 * i, text)
    return page


def test_a_match_over_a_line_break_has_a_box_on_each_line() -> None:
    page = _page_of("在本校信息", "安全专业学习").page()
    run = TextRun.of_lines(page, page.lines).compact()
    match = run.search(r"本校(?P<major>.+?)专业")
    assert match is not None
    boxes = match.group("major").evidence()
    assert [box.raw for box in boxes] == ["信息", "安全"]
    assert boxes[0].box[0] == (160.0, 90.0)
    assert boxes[1].box[0] == (100.0, 130.0)
    assert boxes[1].box[1] == (140.0, 130.0)


def test_folding_keeps_raw_text() -> None:
    page = _page_of("编号：１２３（甲）").page()
    run = TextRun.of_line(page, page.lines[0]).compact()
    assert run.text == "编号:123(甲)"
    assert run[3:6].raw == "１２３"


def test_confidence_is_that_of_the_worst_line() -> None:
    page = Drawing()
    page.write(100, 100, "一二", confidence=0.9)
    page.write(100, 140, "三四", confidence=0.7)
    reading = page.page()
    run = TextRun.of_lines(reading, reading.lines)
    assert run.confidence == 0.7
    assert run[:2].confidence == 0.9


def test_the_second_reading_of_a_part() -> None:
    page = _page_of("编号12345678").page()
    line = page.lines[0].model_copy(update={"alternative": "编号12345878"})
    run = TextRun.of_line(page, line)
    other = run[2:].alternative()
    assert other is not None
    assert other.text == "12345878"
    assert other.evidence()[0].box == run[2:].evidence()[0].box


def test_no_second_reading_no_alternative() -> None:
    page = _page_of("编号").page()
    assert TextRun.of_line(page, page.lines[0]).alternative() is None


@settings(deadline=None)  # machines of the build are busy
@given(st.text(min_size=1, max_size=30), st.data())
def test_any_slice_of_a_folded_run_points_into_its_line(text: str, data: st.DataObject) -> None:
    page = Drawing().page()
    spans = tuple((float(i), float(i + 1)) for i in range(len(text)))
    line = Line(text=text, rect=(0, 0, len(text), 10), confidence=1, spans=spans)
    run = TextRun.of_line(page, line).compact()
    start = data.draw(st.integers(0, len(run)))
    end = data.draw(st.integers(start, len(run)))
    part = run[start:end]
    for glyph in part.glyphs:
        assert 0 <= glyph.index < len(text)
    assert bool(part.evidence()) == bool(part.text)


def test_a_box_that_goes_on_past_its_text_has_lost_a_character() -> None:
    line = Line(
        text="林样", rect=(100, 90, 160, 110), confidence=0.99, spans=((100, 120), (120, 140))
    )
    page = Drawing().page()
    assert TextRun.of_line(page, line).has_lost_end()
    assert not TextRun.of_line(page, line)[:1].has_lost_end()
    assert not TextRun.of_line(
        page, line.model_copy(update={"rect": (96, 88, 142, 112)})
    ).has_lost_end()


def test_a_character_that_only_the_second_reading_saw_stands_in_the_gap() -> None:
    spans = ((0.0, 20.0), (20.0, 40.0), (60.0, 80.0), (80.0, 100.0))
    line = Line(
        text="鹿鸣大学", rect=(0, 0, 100, 20), confidence=0.9, spans=spans, alternative="鹿鸣样大学",
        scores=(0.9, 0.8, 0.9, 0.9),
    )  # fmt: skip
    other = TextRun.of_line(Drawing().page(), line).alternative()
    assert other is not None
    assert other.text == "鹿鸣样大学"
    assert other[2:3].glyphs[0].rect[::2] == (40.0, 60.0)
    assert not other.has_lost_inside()
    assert TextRun.of_line(Drawing().page(), line).weakest == 0.8


def test_a_repeated_character_that_only_the_second_reading_has_leaves_no_hole() -> None:
    spans = ((0, 43), (43, 94), (118, 165), (165, 205), (205, 248), (248, 287), (287, 323))
    line = Line(
        text="四川屏理工大学", rect=(0, 0, 323, 45), confidence=0.99, spans=spans,
        alternative="四川川屏理工大学",
    )  # fmt: skip
    run = TextRun.of_line(Drawing().page(), line)
    other = run.alternative()
    assert run.has_lost_inside()
    assert other is not None
    assert not other.has_lost_inside()


def test_latin_words_get_their_spaces_back() -> None:
    page = _page_of("学生ANNA MARIE", "SAMPLE，性别女").page()
    run = TextRun.of_lines(page, page.lines).compact()
    match = run.search(r"学生(?P<name>[^,，]+)[,，]")
    assert match is not None
    assert match.group("name").spaced_words() == "ANNA MARIE SAMPLE"


def test_a_box_that_begins_before_its_text_may_hide_a_character() -> None:
    spans = ((40.0, 60.0), (60.0, 80.0))
    lost = Line(text="湖竹", rect=(0, 0, 82, 22), confidence=0.9, spans=spans)
    wide = Line(text="湖竹", rect=(0, 0, 120, 22), confidence=0.9, spans=spans)
    page = Drawing().page()
    assert TextRun.of_line(page, lost).has_lost_start()
    assert not TextRun.of_line(page, wide).has_lost_start()
