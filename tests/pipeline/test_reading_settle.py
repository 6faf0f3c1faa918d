"""Doubtful ideographs of names, settled between two recognisers."""

import numpy as np
import pytest

from pipeline.reading.ctc import Recognised
from pipeline.reading.lines import doubts, has_room
from pipeline.reading.settle import is_settled, settle, with_lost
from pipeline.reading.unlearned import Unlearned
from pipeline.reading.weave import recognised
from tests.pipeline.test_reading_votes import reading


def settled(one: Recognised, other: Recognised) -> str:
    return settle(one, [one], [other]).text


def test_what_both_hold_for_possible_is_taken_before_what_each_prefers() -> None:
    one = reading("王", ("频", 0.6, {"頔": 0.3}))
    other = reading("王", ("顿", 0.5, {"頔": 0.4}))
    found = settle(one, [one], [other])
    assert found.text == "王頔"
    assert found.glyphs[0].confidence == pytest.approx(0.99)
    assert {c for c, _ in found.glyphs[1].alternatives} == {"频", "顿"}


def test_a_rare_character_needs_less_than_a_common_one_and_not_next_to_nothing() -> None:
    assert (
        settled(reading("张", ("态", 0.6, {"忞": 0.3})), reading("张", ("态", 0.6, {"忞": 0.3})))
        == "张忞"
    )
    assert (
        settled(reading("张", ("态", 0.9, {"忞": 0.05})), reading("张", ("态", 0.9, {"忞": 0.05})))
        == "张态"
    )


def test_what_both_are_sure_of_stays_and_so_does_what_one_saw_nothing_of() -> None:
    sure = reading("刘", "洋")
    assert settle(sure, [sure], [sure]) == sure and is_settled(sure)
    unsure = reading("刘", ("洋", 0.6, {"泮": 0.2}))
    assert not is_settled(unsure)
    assert settled(unsure, reading("刘")) == "刘洋"


def test_a_character_of_an_added_class_is_asked_of_the_other_recogniser_however_sure() -> None:
    """A class that was fitted on drawn pictures takes a look-alike surely now and then."""
    sure = reading("张", ("𬴊", 0.99, {"骥": 0.01}))
    assert not is_settled(sure)
    found = settle(sure, [sure], [reading("张", ("骥", 0.99))])
    assert found.text == "张骥" and found.glyphs[1].confidence < 0.9


def test_a_sure_ji_is_asked_of_the_other_recogniser_and_doubted_where_that_sees_its_twin() -> None:
    sure = reading("宋", ("吉", 0.999))
    assert not is_settled(sure)
    assert settle(sure, [sure], [reading("宋", ("吉", 0.99))]).glyphs[1].confidence >= 0.97
    found = settle(sure, [sure], [reading("宋", ("𠮷", 0.99))])
    assert found.glyphs[1].confidence < 0.9
    assert {found.glyphs[1].char, found.glyphs[1].alternatives[0][0]} == {"吉", "𠮷"}


def test_a_traditional_form_is_not_preferred_for_being_rare() -> None:
    one = reading("李", ("华", 0.6, {"華": 0.35}))
    assert settled(one, one) == "李华"


def test_what_else_an_unsure_ideograph_may_be_is_kept_of_ideographs_alone() -> None:
    found = reading("王", ("骥", 0.6, {"𬴊": 0.3, "?": 0.05, "骐": 0.01}), ("1", 0.5, {"l": 0.4}))
    (doubt,) = doubts(found.glyphs)
    assert (doubt.at, doubt.others, doubt.chances) == (1, "𬴊", (0.3,))


def test_added_classes_take_their_share_and_every_row_still_adds_up_to_one() -> None:
    head = Unlearned(
        listed=("一", "丁", "七"),
        anchors=np.array([1, 2]),
        classes=np.array([3]),
        weights=np.array([[1.0], [-1.0]], dtype=np.float32),
        bias=np.array([0.0], dtype=np.float32),
    )
    rows = np.array([[0.1, 0.8, 0.1, 0.0], [0.1, 0.1, 0.8, 0.0]], dtype=np.float32)
    found = head.added(rows)
    assert found.sum(axis=1) == pytest.approx(1.0)
    assert found[0, 3] > 0.5 > found[1, 3]


def test_an_added_class_that_the_recogniser_does_not_list_stands_behind_its_list() -> None:
    head = Unlearned(
        listed=("一", "吉", "𠮷"),
        anchors=np.array([1, 2]),
        classes=np.array([3]),
        weights=np.array([[1.0], [-1.0]], dtype=np.float32),
        bias=np.array([0.0], dtype=np.float32),
    )
    found = head.added(np.array([[0.1, 0.8, 0.1]], dtype=np.float32))
    assert found.shape == (1, 4)
    assert found.sum(axis=1) == pytest.approx(1.0)
    assert found[0].argmax() == 3


@pytest.mark.parametrize(("read", "other"), [("老", "者"), ("工", "土"), ("华", "華")])
def test_between_everyday_characters_the_first_reading_is_left_alone(read: str, other: str) -> None:
    """企业养老 was settled to 企业养者, 理工 to 理土."""
    one = reading((read, 0.6, {other: 0.35}))
    found = settle(one, [one], [reading((other, 0.9, {read: 0.05}))])
    assert found.text == read
    assert found.glyphs[0].confidence == pytest.approx(0.6, abs=0.01)
    first, chance = found.glyphs[0].alternatives[0]
    assert first == other and chance == pytest.approx(0.4, abs=0.02)


@pytest.mark.parametrize(("read", "rare"), [("好", "妤"), ("秤", "枰"), ("样", "枰"), ("态", "忞")])
def test_an_everyday_character_is_still_settled_with_a_rare_one(read: str, rare: str) -> None:
    one = reading("张", (read, 0.6, {rare: 0.35}))
    assert settled(one, reading("张", (rare, 0.8, {read: 0.15}))) == "张" + rare
    back = reading("张", (rare, 0.4, {read: 0.35}))
    assert settled(back, reading("张", (read, 0.95, {rare: 0.02}))) == "张" + read


def test_a_rare_character_that_may_stand_there_lowers_what_everyday_ones_leave_alone() -> None:
    one = reading(("好", 0.9, {"妤": 0.02}))
    found = settle(one, [one], [reading(("奸", 0.7, {"好": 0.02, "妤": 0.1}))])
    (glyph,) = found.glyphs
    assert glyph.char == "好" and glyph.confidence < 0.8
    assert {char for char, _ in glyph.alternatives} == {"奸", "妤"}


def test_a_character_that_only_the_other_recogniser_saw_comes_back_where_there_is_room() -> None:
    """华遆菊 was read as 华菊, and surely."""
    whole = reading("华", ("遆", 0.8), "菊")
    lost = recognised([whole.glyphs[0], whole.glyphs[2]])
    found = with_lost(lost, whole, 0.4)
    assert found.text == "华遆菊" and found.glyphs[1].confidence == pytest.approx(0.4)
    assert with_lost(lost, whole, 0.8) == lost
    assert with_lost(whole, lost, 0.4) == whole
    faint = reading("华", ("遆", 0.2), "菊")
    assert with_lost(lost, faint, 0.4) == lost


def test_a_lone_ideograph_on_a_wide_crop_may_be_half_a_name() -> None:
    wide, narrow = (np.zeros((40, width, 3), dtype=np.uint8) for width in (72, 44))
    assert has_room("毛", wide) and not has_room("毛", narrow)
    assert not has_room("毛陑", wide) and not has_room("1", wide)
