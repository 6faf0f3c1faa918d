"""Several readings of one line put to the vote."""

import pytest

from pipeline.reading.ctc import Glyph, Recognised
from pipeline.reading.votes import is_everyday, vote
from pipeline.reading.weave import recognised, with_dropped

Said = str | tuple[str, float] | tuple[str, float, dict[str, float]]


def reading(*said: Said) -> Recognised:
    """A reading from characters, each with a confidence (0.99 unless told) and alternatives."""
    glyphs = []
    for i, one in enumerate(said):
        char, chance, others = (*((one, 0.99) if isinstance(one, str) else one), {})[:3]
        glyphs.append(
            Glyph(
                char=str(char),
                confidence=float(chance),  # type: ignore[arg-type]
                centre=(i + 0.5) / len(said),
                alternatives=tuple(dict(others).items()),  # type: ignore[call-overload]
            )
        )
    return recognised(glyphs)


def test_one_reading_is_left_as_it_is() -> None:
    assert vote([reading(*"云岫县")]).text == "云岫县"


def test_a_character_that_one_treatment_lost_is_put_back() -> None:
    lost = reading("邮", ("大", 0.6, {"太": 0.1}), "学")
    whole = reading("邮", "电", "大", "学")
    assert vote([lost, whole, whole]).text == "邮电大学"


def test_a_character_that_one_reading_made_of_a_seals_rim_is_left_out() -> None:
    more = reading("份", "锦", "安")
    plain = reading("锦", "安")
    assert vote([more, plain, plain]).text == "锦安"


def test_alternatives_count_as_much_as_what_was_chosen() -> None:
    readings = [
        reading("宜", ("案", 0.4, {"宾": 0.3})),
        reading("宜", ("实", 0.3, {"宾": 0.3})),
        reading("宜", ("定", 0.3, {"宾": 0.3})),
    ]
    assert vote(readings).text == "宜宾"


def test_disagreement_lowers_the_confidence_of_that_character_only() -> None:
    one = reading("石", ("枰", 0.64, {"秤": 0.24}))
    other = reading("石", ("秤", 0.6, {"枰": 0.4}))
    elected = vote([one, one, other])
    assert elected.text == "石枰"
    assert elected.glyphs[0].confidence == pytest.approx(0.99)
    assert elected.glyphs[1].confidence == pytest.approx((0.64 + 0.64 + 0.4) / 3)
    assert dict(elected.glyphs[1].alternatives)["秤"] == pytest.approx((0.24 + 0.24 + 0.6) / 3)


def test_a_rare_character_needs_half_the_votes_of_a_common_one() -> None:
    near = reading("琦", ("洽", 0.5, {"浛": 0.4}))
    far = reading("琦", ("洽", 0.8, {"浛": 0.15}))
    assert vote([near, near]).text == "琦浛"
    assert vote([far, far]).text == "琦洽"


def test_a_bracket_that_is_read_wide_here_and_narrow_there_is_one_bracket() -> None:
    wide, narrow, none = (
        reading(*"测评", *here, *"成都")
        for here in ([("（", 0.4, {"(": 0.3})], [("(", 0.4, {"（": 0.35})], [])
    )
    assert vote([wide, narrow, none]).text == "测评（成都"


def test_everyday_characters_are_those_of_the_first_level() -> None:
    assert all(is_everyday(char) for char in "秤侯候洽檀锦")
    assert not any(is_everyday(char) for char in "枰浛橦穹喆㛃𠮷")


def test_readings_of_nothing_elect_nothing() -> None:
    assert vote([reading(), reading()]).text == ""


def test_a_stroke_that_few_readings_saw_is_believed_where_the_print_has_a_gap_for_it() -> None:
    whole = reading("二", "〇", ("一", 0.8), *"八年七月")
    lost = recognised(g for i, g in enumerate(whole.glyphs) if i != 2)
    assert vote([whole, whole, lost, lost, lost]).text == "二〇一八年七月"
    close = reading(*"二〇八年七月")
    assert vote([whole, whole, close, close, close]).text == "二〇八年七月"


def test_a_zero_that_only_the_tiny_reading_has_comes_back_in_a_gap() -> None:
    tiny = reading(*"二〇一九年七月")
    small = recognised(g for i, g in enumerate(tiny.glyphs) if i != 1)
    assert with_dropped(tiny, small).text == "二〇一九年七月"
