"""Decoding of recogniser columns, and the weaving of two readings."""

import numpy as np
import pytest

from pipeline.reading.ctc import Alphabet, Glyph, Recognised, decode, spans
from pipeline.reading.weave import recognised, simplified, weave

CHARACTERS = ("二", "〇", "○", "O", "0", "九", "年", "中", "五")
ALPHABET = Alphabet.of(CHARACTERS)


def columns(*cells: dict[str, float]) -> np.ndarray:
    """Probabilities with what is named in each column; the rest of the mass is the blank's."""
    table = np.zeros((len(cells), len(CHARACTERS) + 1), dtype=np.float32)
    for i, cell in enumerate(cells):
        for char, value in cell.items():
            table[i, CHARACTERS.index(char) + 1] = value
        table[i, 0] = 1.0 - sum(cell.values())
    return table


def reading(text: str, confidence: float = 0.95, **own: float) -> Recognised:
    """A reading with evenly spaced characters; `own` gives some of them another confidence."""
    count = len(text)
    return recognised(
        Glyph(char, own.get(char, confidence), (i + 0.5) / count) for i, char in enumerate(text)
    )


def always(_: str) -> bool:
    return True


def test_repeats_are_merged_and_a_blank_keeps_two_equal_characters_apart() -> None:
    found = decode(columns({"九": 0.9}, {"九": 0.8}, {}, {"九": 0.7}), ALPHABET, used=1.0)
    assert found.text == "九九"
    assert [round(g.confidence, 2) for g in found.glyphs] == [0.9, 0.7]


def test_alternatives_are_the_next_likely_classes() -> None:
    found = decode(columns({"五": 0.6, "九": 0.3}), ALPHABET, used=1.0)
    assert [char for char, _ in found.glyphs[0].alternatives[:2]] == ["九", ""]
    assert [p for _, p in found.glyphs[0].alternatives[:2]] == pytest.approx([0.3, 0.1])


def test_padding_does_not_move_the_characters() -> None:
    table = columns({"二": 0.9}, {}, {"九": 0.9}, {}, {}, {}, {}, {})
    found = decode(table, ALPHABET, used=0.5)
    assert [g.centre for g in found.glyphs] == [pytest.approx(0.125), pytest.approx(0.625)]


def test_zeros_of_a_year_split_over_look_alike_classes_are_put_back() -> None:
    shared = {"〇": 0.15, "○": 0.12, "0": 0.05}
    table = columns({"二": 0.9}, {}, shared, {}, shared, {}, {"九": 0.9}, {}, {"年": 0.9})
    assert decode(table, ALPHABET, used=1.0).text == "二〇〇九年"


def test_a_wide_gap_without_a_zero_stays_a_gap() -> None:
    table = columns({"二": 0.9}, {}, {}, {}, {}, {}, {"九": 0.9}, {}, {"年": 0.9}, {}, {"中": 0.9})
    assert decode(table, ALPHABET, used=1.0).text == "二九年中"


def test_a_letter_inside_a_chinese_year_is_its_zero() -> None:
    table = columns({"二": 0.9}, {}, {"O": 0.9}, {}, {"九": 0.9})
    assert decode(table, ALPHABET, used=1.0).text == "二〇九"


def test_a_letter_elsewhere_stays_a_letter() -> None:
    table = columns({"中": 0.9}, {}, {"O": 0.9})
    assert decode(table, ALPHABET, used=1.0).text == "中O"


def test_spans_follow_the_characters_and_leave_gaps_open() -> None:
    found = recognised([Glyph("九", 0.9, 0.05), Glyph("年", 0.9, 0.15), Glyph("中", 0.9, 0.95)])
    edges = spans(found, 100.0, 300.0, 20.0)
    assert edges[0][0] == pytest.approx(100.0)
    assert edges[0][1] == edges[1][0] == pytest.approx(120.0)
    assert edges[1][1] < 150.0 < edges[2][0]
    assert edges[2][1] == pytest.approx(300.0)


def test_the_small_reading_wins_where_they_differ() -> None:
    assert weave(reading("曹赞"), reading("曹赟"), always).text == "曹赟"


def test_a_traditional_form_gives_way_to_the_simplified_one_that_was_also_read() -> None:
    assert simplified("學") == "学"
    assert weave(reading("大学"), reading("大學", 0.99), always).text == "大学"


def test_a_traditional_form_read_by_both_stays() -> None:
    assert weave(reading("大學"), reading("大學"), always).text == "大學"


def test_a_character_that_fills_a_gap_of_the_small_reading_is_kept() -> None:
    tiny = reading("二〇一五年", 0.8)
    small = recognised(g for g in reading("二〇一五年", 0.99).glyphs if g.char != "〇")
    assert weave(tiny, small, always).text == "二〇一五年"


def test_an_unsure_tiny_extra_without_a_gap_is_dropped() -> None:
    assert weave(reading("二丨五年", 0.6), reading("二五年"), always).text == "二五年"


def test_a_stroke_that_only_the_small_reading_has_must_be_sure() -> None:
    small = reading("二〇一五年一十二月", 0.99)
    rim = (*small.glyphs[:5], Glyph("一", 0.7, 0.6), *small.glyphs[6:])
    assert weave(reading("二〇一五年十二月"), recognised(rim), always).text == "二〇一五年十二月"


def test_tiny_is_no_witness_about_a_character_it_does_not_know() -> None:
    small = recognised([Glyph("曹", 0.9, 0.25), Glyph("赟", 0.5, 0.75)])
    assert weave(reading("曹赞", 0.98), small, lambda char: char != "赟").text == "曹赟"
