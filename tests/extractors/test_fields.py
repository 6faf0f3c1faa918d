"""How sure a field is: free text by its weakest character."""

from extractors.fields import Candidate, build_field, name_parser
from extractors.textrun import TextRun
from pipeline.model.reading import Line
from tests.extractors.drawn_pages import Drawing


def _name(scores: tuple[float, ...]) -> float:
    spans = tuple((20.0 * i, 20.0 * i + 20) for i in range(3))
    line = Line(
        text="林样例", rect=(0, 0, 60, 20), confidence=0.97, spans=spans, scores=scores
    )  # fmt: skip
    made = build_field("name", Candidate(TextRun.of_line(Drawing().page(), line)), name_parser)
    assert made is not None
    return made.confidence


def test_a_name_with_one_doubtful_character_is_doubtful() -> None:
    assert _name((0.99, 0.99, 0.98)) > 0.9
    assert _name((0.99, 0.4, 0.99)) < 0.5
