"""Verification codes of contribution papers: whole, or not given."""

import pytest

from pipeline.model.reading import Line
from tests.extractors.drawn_pages import Drawing, SichuanRow, sichuan_page
from tests.extractors.test_social_insurance import read, values

CODE = "ab12cd34ef56"


def page_with(code: str, scores: dict[int, float]) -> Drawing:
    """The Sichuan form with that code, its characters read with the scores given (others for certain)."""
    page = sichuan_page([SichuanRow(f"2022{m:02d}") for m in range(1, 13)])
    i = next(i for i, line in enumerate(page.lines) if CODE in line.text)
    line: Line = page.lines[i]
    text = line.text.replace(CODE, code)
    start = text.index(code)
    marks = [scores.get(k - start, 1.0) for k in range(len(text))]
    spans = line.spans[: len(text)]
    page.lines[i] = line.model_copy(update={"text": text, "spans": spans, "scores": tuple(marks)})
    return page


@pytest.mark.parametrize(
    ("code", "scores", "given"),
    [(CODE, {}, True), (CODE, {3: 0.7}, True), (CODE, {3: 0.4}, False), (CODE[:-1], {3: 0.9}, False),
     (CODE[:-1], {}, True)],
)  # fmt: skip
def test_a_code_with_a_character_lost_or_hardly_read_is_not_given(
    code: str, scores: dict[int, float], given: bool
) -> None:
    found = values(read(page_with(code, scores)))
    assert found.get("verification_code") == (code if given else None)
