"""Names of units and schools of which a seal hid a character: left unread, never closed up."""

import pytest

from extractors.employers import employer_parser
from extractors.fields import institution_parser
from extractors.textrun import TextRun
from pipeline.model.reading import Line, LineSource
from tests.extractors.drawn_pages import Drawing


def _line(printed: str, hidden: str = "", *, source: LineSource = LineSource.OCR) -> TextRun:
    """A printed line as a recogniser gives it that left the hidden characters out."""
    spans = [(40.0 * i + 4, 40.0 * i + 36) for i, c in enumerate(printed) if c not in hidden]
    line = Line(
        text="".join(c for c in printed if c not in hidden),
        rect=(0.0, 0.0, 40.0 * len(printed), 44.0),
        confidence=0.99,
        spans=tuple(spans),
        source=source,
    )
    page = Drawing().page()
    return TextRun.of_line(page, line)


@pytest.mark.parametrize("hidden", ["川", "信", "术"])
def test_a_unit_that_lacks_a_character_is_unread(hidden: str) -> None:
    assert employer_parser(_line("成都样川信息技术股份有限公司", hidden)) is None


def test_a_school_that_lacks_a_character_is_unread() -> None:
    assert institution_parser(_line("云岚信息工程样例大学", "息")) is None


def test_whole_names_are_read() -> None:
    unit, school = _line("成都样川信息技术股份有限公司"), _line("云岚信息工程样例大学")
    assert employer_parser(unit) is not None
    assert institution_parser(school) is not None


def test_a_gap_before_the_name_is_not_inside_it() -> None:
    run = _line("单位名称　　成都样川信息技术有限公司", "　")
    assert run.has_lost_inside()
    assert not run[4:].has_lost_inside()


def test_a_text_layer_has_lost_nothing() -> None:
    run = _line("成都样川信息技术股份有限公司", "川", source=LineSource.TEXT_LAYER)
    assert not run.has_lost_inside()
