"""Months and partial dates."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model.values import Month, PartialDate

months = st.builds(Month.of, st.integers(1950, 2100), st.integers(1, 12))


@given(months, st.integers(-200, 200))
def test_adding_months_is_undone_by_subtracting_them(month: Month, by: int) -> None:
    assert month.plus(by).plus(-by) == month
    assert month.plus(by).ordinal - month.ordinal == by


@given(months, st.integers(0, 60))
def test_a_span_holds_every_month_once(first: Month, length: int) -> None:
    span = Month.span(first, first.plus(length))
    assert len(span) == length + 1 and list(span) == sorted(set(span))


@given(st.dates(date(1900, 1, 1), date(2199, 12, 31)))
def test_a_full_date_means_one_day(day: date) -> None:
    value = PartialDate(day.isoformat())
    assert value.earliest == value.latest == day and value.month == day.isoformat()[:7]


def test_a_month_without_a_day_means_all_its_days() -> None:
    value = PartialDate("2020-02")
    assert (value.earliest, value.latest) == (date(2020, 2, 1), date(2020, 2, 29))
    assert value.agrees_with(PartialDate("2020-02-29"))
    assert not value.agrees_with(PartialDate("2020-03-01"))


@pytest.mark.parametrize(
    "text", ["2020", "2020-13", "2020-2", "2020-02-30", "1899-01-01", "", "二〇"]
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        PartialDate(text)


@pytest.mark.parametrize("text", ["2020-00", "2020-13", "202001", "2020-01-01"])
def test_what_is_no_month_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a month"):
        Month(text)
