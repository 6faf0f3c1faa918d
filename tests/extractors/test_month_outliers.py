"""Rows outside the stated period of a month list."""

from extractors.months import FoundPeriod
from extractors.social_insurance.outliers import within_period
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
