"""Dates in every glyph of domain facts §1.2, and none where one would be a guess."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.dates import dates_in, find_clipped_dates, find_date_range, find_dates, parse_date
from extractors.textrun import TextRun
from tests.extractors.drawn_pages import Drawing

_UNITS = "〇一二三四五六七八九"
_CAPITALS = "零壹贰叁肆伍陆柒捌玖"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("二〇一九年六月三十日", "2019-06-30"),
        ("二○一九年六月三十日", "2019-06-30"),
        ("二O一九年六月三十日", "2019-06-30"),
        ("二o一九年六月三十日", "2019-06-30"),
        ("二0一九年六月三十日", "2019-06-30"),
        ("二Q一九年六月三十日", "2019-06-30"),
        ("二零一九年六月三十日", "2019-06-30"),
        ("二〇一九年六月", "2019-06"),
        ("贰零壹玖年陆月叁拾日", "2019-06-30"),
        ("贰零壹玖年壹拾贰月零伍日", "2019-12-05"),
        ("二〇一九年十二月卅一日", "2019-12-31"),
        ("二〇一九年六月廿一日", "2019-06-21"),
        ("二〇一九年六月廿日", "2019-06-20"),
        ("二千零一十九年六月一日", "2019-06-01"),
        ("一九九七年三月八日", "1997-03-08"),
        ("2019年6月30日", "2019-06-30"),
        ("2019 年 06 月 30 日", "2019-06-30"),
        ("2019年06月", "2019-06"),
        ("2019.06.30", "2019-06-30"),
        ("2019-06-30", "2019-06-30"),
        ("2019/6/30", "2019-06-30"),
        ("20190630", "2019-06-30"),
        ("2019.06", "2019-06"),
        ("2O19年O6月3O日", "2019-06-30"),
        ("二〇一九年年六月月三十日日", "2019-06-30"),
        ("二〇—九年六月十—日", "2019-06-11"),
        ("二〇一九年六月二七日", "2019-06-27"),
        ("二〇二〇年十月二〇日", "2020-10-20"),
        ("二一三年六月", "2013-06"),
        ("至二一三年六月三十日", "2013-06-30"),
        ("零一八年七月一日", "2018-07-01"),
        ("〇〇九年七月", "2009-07"),
    ],
)  # fmt: skip
def test_glyph_variants_are_read(text: str, value: str) -> None:
    found = parse_date(text)
    assert found is not None
    assert found.value == value


@pytest.mark.parametrize(
    "text",
    [
        "2019年2月30日",
        "二〇一九年六月卅一日",
        "三_0一三年年六月三七日日",
        "二〇一九年六月三七日",
        "二〇一九年一三月三日",
        "2019年13月1日",
        "二〇一九年—月—日",
        "    年  月  日",
        "3019年6月3日",
        "二〇三年六月",
        "一九九年六月",
        "二二一年",
        "201906301",
        "1.2.3",
    ],
)
def test_no_date_is_guessed(text: str) -> None:
    assert parse_date(text) is None


def test_two_different_dates_are_not_one() -> None:
    assert parse_date("2019年6月30日或2019年7月1日") is None


def test_read_through_glyphs_are_named() -> None:
    found = parse_date("二O一九年年六月三十日")
    assert found is not None
    assert found.repairs == ("日期数字形近字", "日期叠字")
    clean = parse_date("二〇一九年六月三十日")
    assert clean is not None
    assert clean.repairs == ()


def test_range_of_study() -> None:
    ends = find_date_range("于二〇一五年九月至二〇一九年六月在本校")
    assert ends is not None
    assert [end.value for end in ends] == ["2015-09", "2019-06"]


def test_range_with_points_and_dash() -> None:
    ends = find_date_range("有效期限2016.10.08-2036.10.08")
    assert ends is not None
    assert [end.value for end in ends] == ["2016-10-08", "2036-10-08"]


def test_two_dates_apart_are_no_range() -> None:
    assert find_date_range("1997年3月8日生，于2015年9月") is None


def _chinese(number: int) -> str:
    tens, units = divmod(number, 10)
    head = "" if not tens else ("十" if tens == 1 else _UNITS[tens] + "十")
    return head + (_UNITS[units] if units else "")


def _capital(number: int) -> str:
    tens, units = divmod(number, 10)
    head = f"{_CAPITALS[tens]}拾" if tens else "零"
    return head + (_CAPITALS[units] if units else "")


@settings(deadline=None)  # machines of the build are busy
@given(
    day=st.dates(date(1950, 1, 1), date(2060, 12, 31)),
    zero=st.sampled_from("〇○◯零0OoО"),
    has_day=st.booleans(),
)
def test_chinese_dates_of_any_zero_are_read_back(day: date, zero: str, has_day: bool) -> None:
    year = "".join(zero if c == "0" else _UNITS[int(c)] for c in str(day.year))
    text = f"{year}年{_chinese(day.month)}月" + (f"{_chinese(day.day)}日" if has_day else "")
    found = parse_date(text)
    assert found is not None
    assert found.value == (day.isoformat() if has_day else f"{day:%Y-%m}")


@settings(deadline=None)  # machines of the build are busy
@given(day=st.dates(date(1950, 1, 1), date(2060, 12, 31)))
def test_capital_dates_are_read_back(day: date) -> None:
    year = "".join(_CAPITALS[int(c)] for c in str(day.year))
    found = parse_date(f"{year}年{_capital(day.month)}月{_capital(day.day)}日")
    assert found is not None
    assert found.value == day.isoformat()


@settings(deadline=None)  # machines of the build are busy
@given(
    day=st.dates(date(1950, 1, 1), date(2060, 12, 31)),
    form=st.sampled_from(["{0}年{1}月{2}日", "{0}.{1:02}.{2:02}", "{0}-{1}-{2}", "{0}/{1:02}/{2}",
                          "{0}{1:02}{2:02}", "{0} 年 {1} 月 {2} 日"]),
)  # fmt: skip
def test_arabic_dates_are_read_back(day: date, form: str) -> None:
    found = parse_date(form.format(day.year, day.month, day.day))
    assert found is not None
    assert found.value == day.isoformat()


@settings(deadline=None)  # machines of the build are busy
@given(st.text(alphabet="二〇一九三十年月日0123456789.-/廿卅OQ至 _", max_size=24))
def test_whatever_is_found_stands_where_it_says(text: str) -> None:
    for found in find_dates(text):
        assert 0 <= found.start < found.end <= len(text)
        again = parse_date(text[found.start : found.end])
        assert again is not None
        assert again.value == found.value


def _row(*parts: tuple[float, str]) -> TextRun:
    page = Drawing()
    for x, text in parts:
        page.write(x, 100, text)
    reading = page.page()
    return TextRun.of_lines(reading, reading.lines)


def test_a_date_with_room_for_a_hidden_digit_is_left_out() -> None:
    assert dates_in(_row((100, "2017年6月2"), (214, "日"))) == ()


def test_a_date_read_in_two_boxes_side_by_side_is_whole() -> None:
    ((found, part),) = dates_in(_row((100, "2017年6月"), (182, "25日")))
    assert found.value == "2017-06-25"
    assert len(part.evidence()) == 2


def test_a_filled_in_form_is_whole() -> None:
    ((found, _),) = dates_in(
        _row((100, "2017"), (170, "年"), (220, "6"), (260, "月"), (310, "25"), (360, "日"))
    )
    assert found.value == "2017-06-25"


@pytest.mark.parametrize(
    ("text", "year", "value"),
    [
        ("二〇八年七月一日", 2018, "2018-07-01"),
        ("二0九年一月十五日", 2019, "2019-01-15"),
        ("九年七月一日", 2019, "2019-07-01"),
        ("209年7月1日", 2019, "2019-07-01"),
    ],
)
def test_a_clipped_year_is_completed_by_the_known_one(text: str, year: int, value: str) -> None:
    found = find_clipped_dates(text, year)
    assert [str(date.value) for date in found] == [value]
    assert found[0].repairs


@pytest.mark.parametrize(
    ("text", "year"),
    [("二〇八年七月一日", 2019), ("二〇一年六月", 2018), ("八年七月日", 2018), ("二〇一八年七月一日", 2018)],
)  # fmt: skip
def test_what_no_known_year_completes(text: str, year: int) -> None:
    assert find_clipped_dates(text, year) == ()


def test_a_day_lost_between_month_and_mark_is_no_date() -> None:
    assert find_dates("二〇一八年七月日") == ()


def test_a_written_one_read_as_an_exclamation_mark() -> None:
    found = find_dates("自2022年1月!日起")
    assert [(str(d.value), bool(d.repairs)) for d in found] == [("2022-01-01", True)]


def test_a_day_that_runs_into_another_number_leaves_no_month_in_its_place() -> None:
    assert find_dates("2025/06/301.3") == ()
    assert [str(d.value) for d in find_dates("2018-09-2022-06")] == ["2018-09", "2022-06"]
