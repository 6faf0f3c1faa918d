"""How sure a field is: free text by its weakest character."""

import pytest

from extractors.fields import Candidate, FieldSheet, build_field, name_parser
from extractors.textrun import TextRun
from pipeline.model.reading import Doubt, Line
from tests.extractors.drawn_pages import Drawing


def _name(scores: tuple[float, ...]) -> float:
    spans = tuple((20.0 * i, 20.0 * i + 20) for i in range(3))
    line = Line(
        text="林样例", rect=(0, 0, 60, 20), confidence=0.97, spans=spans, scores=scores
    )  # fmt: skip
    made = build_field("name", Candidate(TextRun.of_line(Drawing().page(), line)), name_parser)
    assert made is not None
    return made.confidence


@pytest.mark.parametrize(
    ("first", "second", "taken"),
    [
        ("网样例", "阙样例", "阙样例"),
        ("阙样例", "网样例", "阙样例"),
        ("网样例", "阔样例", "网样例"),
        ("扎样例", "礼样例", "扎样例"),
        ("亓样例", "元样例", "亓样例"),
        ("林样例", "林祥例", "林样例"),
    ],
)
def test_of_two_readings_of_a_name_the_one_with_a_surname_is_taken(
    first: str, second: str, taken: str
) -> None:
    spans = tuple((20.0 * i, 20.0 * i + 20) for i in range(3))
    line = Line(
        text=first, rect=(0, 0, 60, 20), confidence=0.9, spans=spans, alternative=second
    )  # fmt: skip
    made = build_field("name", Candidate(TextRun.of_line(Drawing().page(), line)), name_parser)
    assert made is not None
    assert made.value == taken
    assert made.confidence < 0.8


def test_a_name_with_one_doubtful_character_is_doubtful() -> None:
    assert _name((0.99, 0.99, 0.98)) > 0.9
    assert _name((0.99, 0.4, 0.99)) < 0.5


def _candidate(text: str, weak: int, score: float, top: float = 0.0) -> Candidate:
    spans = tuple((20.0 * i, 20.0 * i + 20) for i in range(len(text)))
    scores = tuple(score if i == weak else 0.99 for i in range(len(text)))
    line = Line(
        text=text, rect=(0, top, 60, top + 20), confidence=0.97, spans=spans, scores=scores
    )  # fmt: skip
    return Candidate(TextRun.of_line(Drawing().page(), line))


def test_a_name_with_a_character_that_was_hardly_read_is_no_name() -> None:
    sheet = FieldSheet()
    others = [_candidate("林祥例", 1, 0.2), _candidate("张某某", 1, 0.99, 40)]
    assert sheet.take("name", others, name_parser, "姓名无法辨认") is None
    assert sheet.unreadable["name"].raw == "林祥例"


def test_another_print_of_the_same_name_stands_for_the_doubted_one() -> None:
    sheet = FieldSheet()
    prints = [_candidate("林祥例", 1, 0.2), _candidate("林样例", 1, 0.98, 40)]
    made = sheet.take("name", prints, name_parser, "姓名无法辨认")
    assert made is not None
    assert made.value == "林样例"


def _open(
    text: str, at: int, score: float, others: dict[str, float], top: float = 0.0
) -> Candidate:
    (glyph, *_) = _candidate(text, at, score, top).run.glyphs
    doubt = Doubt(at=at, others="".join(others), chances=tuple(others.values()))
    line = glyph.line.model_copy(update={"doubts": (doubt,)})
    return Candidate(TextRun.of_line(glyph.page, line))


def test_a_name_says_what_an_unsure_character_of_it_may_be() -> None:
    made = build_field(
        "name", _open("王骥样", 1, 0.6, {"𬴊": 0.3, "骐": 0.1, "骠": 0.02}), name_parser
    )
    assert made is not None
    assert made.value == "王骥样" and made.may_be == ("王𬴊样", "王骐样")
    sure = build_field("name", _candidate("王骥样", 1, 0.99), name_parser)
    assert sure is not None and sure.may_be == ()


def test_of_what_a_name_may_be_another_print_on_the_paper_decides() -> None:
    sheet = FieldSheet()
    prints = [_open("王骥样", 1, 0.6, {"𬴊": 0.3}), _candidate("王𬴊样", 1, 0.9, 40)]
    made = sheet.take("name", prints, name_parser, "姓名无法辨认")
    assert made is not None and made.value == "王𬴊样" and made.repairs
    sheet = FieldSheet()
    other = [_open("王骥样", 1, 0.6, {"骐": 0.3}), _candidate("王𬴊样", 1, 0.9, 40)]
    made = sheet.take("name", other, name_parser, "姓名无法辨认")
    assert made is not None and made.value == "王骥样"
