"""Prints of units in the rows of a table, and the names that they elect."""

from collections.abc import Mapping

from extractors.social_insurance.namesakes import PrintedName, elected_names


def printed(text: str, **unsure: tuple[float, Mapping[str, float]]) -> PrintedName:
    """A print read for certain but for the characters named: their score, and what else they may be."""
    return PrintedName(
        text,
        tuple(unsure[c][0] if c in unsure else 1.0 for c in text),
        tuple(unsure[c][1] if c in unsure else {} for c in text),
    )


def test_a_character_misread_in_one_row_is_what_the_others_say() -> None:
    rows = [printed("样例云栈科技有限公司")] * 3
    rows.append(printed("样例云线科技有限公司", 线=(0.6, {"栈": 0.3})))
    (name,) = elected_names(rows)
    assert (name.text, name.prints, name.is_settled) == ("样例云栈科技有限公司", (0, 1, 2, 3), True)


def test_a_character_that_the_rows_do_not_agree_on_is_not_settled() -> None:
    rows = [printed("样例御栈科技有限公司", 御=(0.4, {"部": 0.35}))] * 2
    rows.append(printed("样例部栈科技有限公司", 部=(0.5, {"御": 0.2})))
    (name,) = elected_names(rows)
    assert not name.is_settled


def test_units_that_differ_in_one_sure_character_stay_two() -> None:
    rows = [printed("样例甲云科技有限公司"), printed("样例乙云科技有限公司")]
    assert [name.text for name in elected_names(rows)] == [row.text for row in rows]


def test_branches_told_apart_by_a_number_or_a_place_stay_two() -> None:
    names = [
        "样例科技有限公司第1分公司",
        "样例科技有限公司第2分公司",
        "样例科技有限公司成都第1分公司",
    ]
    assert [name.text for name in elected_names(list(map(printed, names)))] == names


def test_an_end_that_was_cut_off_makes_no_other_unit() -> None:
    rows = [printed("样例云栈科技有限公司")] * 2 + [printed("样例云栈科技有限公")]
    (name,) = elected_names(rows)
    assert name.text == "样例云栈科技有限公司"


def test_a_bracket_taken_for_another_sign_makes_no_other_unit() -> None:
    rows = [printed("样例科技（成都）有限公司")] * 2 + [printed("样例科技（成都》有限公司")]
    (name,) = elected_names(rows)
    assert name.text == "样例科技（成都）有限公司"


def test_an_unsure_print_of_another_unit_is_not_drawn_in() -> None:
    other = printed("样例磐石信息技术有限公司", 磐=(0.5, {"警": 0.3}), 石=(0.55, {"右": 0.2}))
    rows = [printed("样例云岚信息技术有限公司")] * 3 + [other]
    assert len(elected_names(rows)) == 2


def test_a_place_and_a_word_settle_what_no_row_saw_surely() -> None:
    unsure = {"都": (0.6, {"部": 0.4}), "技": (0.5, {"枝": 0.4})}
    (name,) = elected_names([printed("样例信息技术（成都）有限公司", **unsure)] * 3)
    assert (name.text, name.is_settled) == ("样例信息技术（成都）有限公司", True)
    (name,) = elected_names([printed("沪州样例信息技术有限公司", 沪=(0.5, {"泸": 0.4}))] * 3)
    assert (name.text, name.is_settled) == ("泸州样例信息技术有限公司", True)


def test_rows_under_a_seal_do_not_outweigh_those_that_show_the_name() -> None:
    shown = printed("样例岷数科技有限公司", 岷=(0.95, {}))
    hidden = printed("样例昵数科技有限公司", 昵=(0.2, {"岷": 0.1}))
    (name,) = elected_names([shown, shown, hidden, hidden, hidden, shown])
    assert (name.text, name.is_settled) == ("样例岷数科技有限公司", True)


def test_an_unsettled_print_between_two_of_one_unit_that_it_is_near_is_that_units() -> None:
    sure = printed("样例岷数科技有限公司")
    worn = printed("样例敏教科技有限公司", 敏=(0.4, {}), 教=(0.5, {}))
    (name,) = elected_names([sure, worn, sure])
    assert (name.text, name.prints) == ("样例岷数科技有限公司", (0, 1, 2))
    last = elected_names([sure, sure, worn])
    assert [name.is_settled for name in last] == [True, False]
