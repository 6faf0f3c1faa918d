from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.months import (
    REPAIR_DIGITS,
    find_months,
    find_periods,
    read_month_cell,
    read_month_number,
    read_year_cell,
)
from pipeline.model.values import Month

months = st.builds(Month.of, st.integers(1985, 2035), st.integers(1, 12))
CHINESE = "〇一二三四五六七八九"
CHINESE_MONTHS = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]


def written(month: Month, notation: str) -> str:
    year, number = month[:4], int(month[5:])
    return {
        "solid": f"{year}{number:02d}",
        "dash": f"{year}-{number:02d}",
        "dot": f"{year}.{number:02d}",
        "slash": f"{year}/{number:02d}",
        "marked": f"{year}年{number:02d}月",
        "short": f"{year}年{number}月",
        "chinese": "".join(CHINESE[int(d)] for d in year) + f"年{CHINESE_MONTHS[number - 1]}月",
    }[notation]


NOTATIONS = ("solid", "dash", "dot", "slash", "marked", "short", "chinese")


@given(months, st.sampled_from(NOTATIONS))
def test_every_notation_of_a_month_is_found(month: Month, notation: str) -> None:
    text = f"缴费{written(month, notation)}到账"
    (found,) = find_months(text)
    assert found.month == month
    assert text[found.start : found.end] == written(month, notation)


@given(months, st.integers(0, 60), st.sampled_from(NOTATIONS), st.sampled_from("-~至—～到"))
def test_every_notation_of_a_period_is_found(
    first: Month, length: int, notation: str, dash: str
) -> None:
    last = first.plus(length)
    text = f"（二）{written(first, notation)}{dash}{written(last, notation)}的参保缴费明细"
    (found,) = find_periods(text)
    assert (found.first, found.last, found.length) == (first, last, length + 1)


@given(months, st.integers(0, 60))
def test_a_period_without_any_sign_between_is_found(first: Month, length: int) -> None:
    last = first.plus(length)
    (found,) = find_periods(f"{written(first, 'solid')}{written(last, 'solid')}")
    assert (found.first, found.last) == (first, last)


@given(months, st.integers(1, 60))
def test_a_period_that_ends_before_it_starts_is_none(last: Month, length: int) -> None:
    assert find_periods(f"{written(last.plus(length), 'dash')}至{written(last, 'dash')}") == ()


@pytest.mark.parametrize(
    "text",
    [
        "2022年6月至11月",
        "2022年6月1日起至2022年11月30日止",
        "2022-06-01至2022-11-30",
        "２０２２年６月至１１月",
    ],
)
def test_periods_with_days_or_one_year_for_both(text: str) -> None:
    (found,) = find_periods(text)
    assert (found.first, found.last) == ("2022-06", "2022-11")


def test_a_dash_read_as_one_still_parts_two_months() -> None:
    assert find_periods("2022年6月一2022年11月")[0].last == "2022-11"


def test_digits_after_a_period_are_not_taken_into_it() -> None:
    assert find_periods("201807-20221254") == ()


@pytest.mark.parametrize(
    "text",
    ["2022-12-30", "2022年12月30日", "510132202206081234", "5101202206", "2022-13", "20220601"],
)
def test_dates_and_numbers_are_not_months(text: str) -> None:
    assert find_months(text) == ()


@given(months, st.sampled_from(["solid", "dash", "dot", "slash", "short", "marked"]))
def test_a_cell_is_the_month_it_holds(month: Month, notation: str) -> None:
    found = read_month_cell(f" {written(month, notation)} ")
    assert found is not None
    assert found.month == month
    assert found.repairs == ()


@pytest.mark.parametrize(
    ("read", "meant"),
    [("2O2206", "2022-06"), ("20220S", "2022-05"), ("2022O6", "2022-06"), ("Z022I2", "2022-12")],
)
def test_a_letter_in_a_month_cell_is_a_recorded_repair(read: str, meant: str) -> None:
    found = read_month_cell(read)
    assert found is not None
    assert (found.month, found.repairs) == (meant, (REPAIR_DIGITS,))


@pytest.mark.parametrize(
    "text", ["4071.00", "51010012", "202213", "2022", "", "企业养老", "20226", "2022061"]
)
def test_a_cell_with_anything_else_is_no_month(text: str) -> None:
    assert read_month_cell(text) is None


def test_year_and_month_in_cells_of_their_own() -> None:
    assert [read_year_cell(t) for t in ("2022", "2022年", "2022年度", "202", "2022.5")] == [
        2022, 2022, 2022, None, None,
    ]  # fmt: skip
    assert [read_month_number(t) for t in ("6", "06", "6月", "十二月", "13", "")] == [
        6,
        6,
        6,
        12,
        None,
        None,
    ]


@given(st.text(max_size=40))
def test_no_text_breaks_the_reader(text: str) -> None:
    places = [(m.start, m.end) for m in find_months(text)]
    places += [(p.start, p.end) for p in find_periods(text)]
    assert all(0 <= start < end <= len(text) for start, end in places)
    read_month_cell(text)


def test_all_pairs_of_notations_in_one_period() -> None:
    first, last = Month("2022-06"), Month("2022-11")
    for a, b in product(("dash", "dot", "slash", "marked", "short"), repeat=2):
        found = find_periods(f"{written(first, a)}至{written(last, b)}")
        assert [(p.first, p.last) for p in found] == [(first, last)], (a, b)
