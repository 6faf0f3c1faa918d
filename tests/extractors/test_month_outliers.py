"""Rows outside the stated period of a month list."""

from extractors.months import FoundPeriod
from extractors.social_insurance.monthkeys import MonthKey, settle_keys
from extractors.social_insurance.outliers import not_after, within_period
from extractors.tables import Piece
from pipeline.model.document import ContributionMonth, Evidence, MonthStatus
from pipeline.model.values import Month

BOX = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))


def row(month: str) -> ContributionMonth:
    return ContributionMonth(
        month=Month(month), status=MonthStatus.PAID, evidence=(Evidence(page=1, box=BOX),)
    )


def period(first: str, last: str) -> FoundPeriod:
    return FoundPeriod(first=Month(first), last=Month(last), start=0, end=0)


def test_a_misread_year_is_put_right_by_the_run_of_months() -> None:
    rows = [row(f"2022-{n:02d}") for n in range(1, 12)] + [row("2002-12")]
    found = within_period(rows, period("2022-01", "2022-12"))
    assert [m.month for m in found] == list(Month.span(Month("2022-01"), Month("2022-12")))
    assert found[-1].confidence < 1


def test_a_row_that_could_be_several_months_is_dropped() -> None:
    rows = [row(f"2022-{n:02d}") for n in range(1, 11)] + [row("2002-12")]
    found = within_period(rows, period("2022-01", "2022-12"))
    assert [m.month for m in found] == [f"2022-{n:02d}" for n in range(1, 11)]


def test_a_list_outside_the_period_stays_as_it_is() -> None:
    rows = [row(f"2021-{n:02d}") for n in range(1, 7)]
    assert within_period(rows, period("2022-01", "2022-12")) == rows


def test_months_after_the_day_of_printing_are_dropped() -> None:
    rows = [row(f"2022-{n:02d}") for n in range(1, 7)] + [row("2082-07")]
    assert [m.month for m in not_after(rows, "2022-07-03")] == [m.month for m in rows[:-1]]


def test_a_misread_day_of_printing_drops_nothing() -> None:
    rows = [row(f"2022-{n:02d}") for n in range(1, 7)]
    assert not_after(rows, "2020-07-03") == rows
    assert not_after(rows, None) == rows


def key(y: int, month: str) -> MonthKey:
    piece = Piece("", 1, (0, y, 60, y + 16), 0.9, (), 0, 60, y + 8, 16)
    return MonthKey(piece, Month(month))


def test_a_first_or_last_row_years_off_in_one_digit_is_put_right() -> None:
    keys = [key(30 * i, f"2022-{12 - i:02d}") for i in range(5)]
    keys[0] = key(0, "2082-12")
    assert settle_keys(keys)[0].month == "2022-12"
    keys = [*[key(30 * i, f"2022-{12 - i:02d}") for i in range(4)], key(120, "2002-08")]
    assert settle_keys(keys)[-1].month == "2022-08"


def test_a_gap_before_the_last_row_stays_a_gap() -> None:
    keys = [*[key(30 * i, f"2022-{i + 1:02d}") for i in range(5)], key(150, "2022-07")]
    assert settle_keys(keys)[-1].month == "2022-07"
