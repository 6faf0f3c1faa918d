"""Two prints of one value on one paper: codes and second lines."""

from extractors.fields import Candidate, FieldSheet, institution_parser, name_parser
from extractors.textrun import TextRun
from extractors.witness import said_by_codes, take_with_witnesses, witnessed
from pipeline.model.reading import Code, Line, PageReading

SAID = frozenset({"林样例", "990101201905001234"})


def _run(text: str, scores: tuple[float, ...] = (), top: float = 0.0) -> TextRun:
    spans = tuple((20.0 * i, 20.0 * i + 20) for i in range(len(text)))
    line = Line(
        text=text, rect=(0, top, 20.0 * len(text), top + 20), confidence=0.97, spans=spans,
        scores=scores or (0.99,) * len(text),
    )  # fmt: skip
    page = PageReading(
        number=1, width=900, height=900, upright_width=900, upright_height=900, lines=(line,)
    )
    return TextRun.of_line(page, line)


def test_a_rare_character_read_unsurely_is_what_the_code_says() -> None:
    parsed = witnessed(name_parser, SAID)(_run("林祥例", (0.99, 0.5, 0.99)))
    assert parsed is not None
    assert parsed.value == "林样例"
    assert parsed.repairs


def test_a_name_read_surely_stands_against_the_code() -> None:
    parsed = witnessed(name_parser, SAID)(_run("林祥例", (0.99, 0.99, 0.99)))
    assert parsed is not None
    assert parsed.value == "林祥例"
    assert parsed.repairs == ()


def test_a_code_of_another_person_changes_nothing() -> None:
    words = frozenset({"王某一"})
    parsed = witnessed(name_parser, words)(_run("林祥例", (0.5, 0.5, 0.5)))
    assert parsed is not None
    assert parsed.value == "林祥例"


def test_the_words_of_a_payload() -> None:
    box = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
    codes = (Code(format="QRCode", payload="姓名：林样例；证书编号：9901 0120 1905", box=box),)
    page = PageReading(
        number=1, width=9, height=9, upright_width=9, upright_height=9, codes=codes
    )  # fmt: skip
    assert said_by_codes([page]) >= {"林样例", "990101201905"}


def _school(*prints: tuple[str, float]) -> tuple[str, float]:
    sheet = FieldSheet()
    candidates = [
        Candidate(_run(text, (0.99,) * 2 + (score,) + (0.99,) * (len(text) - 3), 100.0 * i))
        for i, (text, score) in enumerate(prints)
    ]
    made = take_with_witnesses(sheet, "institution", candidates, institution_parser, "无法辨认")
    assert made is not None
    return str(made.value), made.confidence


def test_of_two_prints_that_differ_the_surer_is_taken_and_doubted() -> None:
    value, confidence = _school(("云岚祥例大学", 0.4), ("云岚样例大学", 0.97))
    assert value == "云岚样例大学"
    assert confidence < 0.8


def test_two_prints_read_alike_are_surer_than_one() -> None:
    once = _school(("云岚样例大学", 0.85))[1]
    assert _school(("云岚样例大学", 0.85), ("云岚样例大学", 0.9))[1] > once


def test_another_school_on_the_paper_is_no_rival() -> None:
    assert _school(("云岚样例大学", 0.97), ("江北示范学院", 0.99))[0] == "云岚样例大学"
