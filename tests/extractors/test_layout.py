"""Which lines of a page are text of the paper."""

from extractors.layout import text_lines
from pipeline.model.reading import Line, PageReading


def line(text: str, top: float, height: float) -> Line:
    spans = tuple((10.0 * i, 10.0 * i + 10) for i in range(len(text)))
    return Line(
        text=text, rect=(0, top, 10.0 * len(text), top + height), confidence=0.9, spans=spans
    )


def test_a_portrait_read_as_a_digit_does_not_stand_inside_a_date() -> None:
    lines = (line("自2012年09", 100, 50), line("2", 90, 430), line("月至2016年12月", 160, 50))
    page = PageReading(
        number=1, width=900, height=900, upright_width=900, upright_height=900, lines=lines
    )
    assert [x.text for x in text_lines(page)] == ["自2012年09", "月至2016年12月"]


def test_letters_that_stand_aslant_are_a_seal_or_a_watermark_and_no_text() -> None:
    lines = (
        line("证书编号", 971, 43),
        line("信网", 940, 160),
        line("990101201905001234", 971, 40),
        line("毕业", 1052, 48),
        line("学历类别", 534, 42),
    )
    page = PageReading(
        number=1, width=900, height=1900, upright_width=900, upright_height=1900, lines=lines
    )
    assert "信网" not in [x.text for x in text_lines(page)]


def test_a_heading_in_large_print_stays_text() -> None:
    heading = Line(
        text="毕业",
        rect=(0, 0, 200, 104),
        confidence=0.9,
        spans=((0, 100), (100, 200)),
    )
    lines = (heading, line("证书编号", 971, 40), line("学历类别", 534, 42), line("层次", 600, 40))
    page = PageReading(
        number=1, width=900, height=1900, upright_width=900, upright_height=1900, lines=lines
    )
    assert heading in text_lines(page)
