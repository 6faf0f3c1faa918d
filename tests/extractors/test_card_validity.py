"""有效期限 of identity cards: marks lost, terms of the law, 长期."""

import pytest

from extractors.card_validity import read_validity
from extractors.confidence import Grammar
from extractors.textrun import TextRun
from tests.extractors.drawn_pages import Drawing


def _run(text: str) -> TextRun:
    page = Drawing()
    page.write(100, 100, text)
    reading = page.page()
    return TextRun.of_line(reading, reading.lines[0])


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2016.10.08-2036.10.08", "2016-10-08", "2036-10-08"),
        ("2016.10.08一2026.10.08", "2016-10-08", "2026-10-08"),
        ("2016.1008-2036.10.08", "2016-10-08", "2036-10-08"),
        ("20161008-20361008", "2016-10-08", "2036-10-08"),
        ("2016.10.082036.10.08", "2016-10-08", "2036-10-08"),
        ("2016.10.08-长期", "2016-10-08", "长期"),
        ("2016.1008-长期", "2016-10-08", "长期"),
        ("2016.02.29-2026.02.28", "2016-02-29", "2026-02-28"),
    ],
)
def test_validities(text: str, first: str, last: str) -> None:
    ends = read_validity(_run(text))
    assert ends is not None
    assert (ends[0].value, ends[1].value) == (first, last)


@pytest.mark.parametrize(
    "text",
    [
        "2016.10.0-2036.10.08",
        "2016.1308-2036.1308",
        "2016.10082035.10.08",
        "2016.10.08-2036.1",
        "有效",
        "长期",
    ],
)
def test_what_is_not_read(text: str) -> None:
    assert read_validity(_run(text)) is None


def test_dates_that_are_no_term_apart_are_doubted() -> None:
    ends = read_validity(_run("2016.10.08-2038.10.08"))
    assert ends is not None
    assert ends[0].grammar is Grammar.DOUBTFUL
