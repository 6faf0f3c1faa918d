"""Rows of a month list that lie outside the period its heading states, or after the day on which it was
printed: a digit was misread."""

from collections.abc import Sequence

from extractors.months import FoundPeriod
from pipeline.model.document import ContributionMonth, MonthStatus
from pipeline.model.values import Month

_REPAIRED = 0.9


def within_period(
    months: Sequence[ContributionMonth], period: FoundPeriod | None
) -> list[ContributionMonth]:
    """The months inside the stated period; one outside it is no month of this list.

    When a single month lies outside, a single one is missing inside, and the two differ in one
    digit, the row is that month's (the run of months repairs the reading). Otherwise rows outside
    are dropped: what was misread is not reported. A list that mostly lies outside says that the
    period is not its own, and stays as it is.
    """
    if period is None:
        return list(months)
    inside = [m for m in months if period.first <= m.month <= period.last]
    outside = [m for m in months if not period.first <= m.month <= period.last]
    if not outside or len(inside) < 4 * len(outside):
        return list(months)
    strays = {m.month for m in outside}
    listed = {m.month for m in inside}
    missing = [m for m in Month.span(period.first, period.last) if m not in listed]
    if len(strays) == 1 and len(missing) == 1 and _differ_in_one(strays.pop(), missing[0]):
        repaired = [
            m.model_copy(
                update={"month": missing[0], "confidence": round(m.confidence * _REPAIRED, 4)}
            )
            for m in outside
        ]
        return sorted([*inside, *repaired], key=lambda m: m.month)
    return inside


def _differ_in_one(first: Month, second: Month) -> bool:
    return sum(a != b for a, b in zip(first, second, strict=True)) == 1


def not_after(
    months: Sequence[ContributionMonth], printed_on: str | None
) -> list[ContributionMonth]:
    """The months without those paid after the day on which the paper was printed: a digit of such a
    month (or of that day, then most months are after it, and nothing is dropped) was misread."""
    if printed_on is None:
        return list(months)
    printed = Month(printed_on[:7])
    inside = [
        m
        for m in months
        if m.month <= printed or m.status not in (MonthStatus.PAID, MonthStatus.LATE)
    ]
    return inside if len(inside) >= 4 * (len(months) - len(inside)) else list(months)
