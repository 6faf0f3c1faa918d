"""Rows of one paper side by side: the same row seen twice (overlapping tiles) becomes one."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from pipeline.model.document import ContributionMonth, MonthStatus


def merge_rows(rows: Iterable[ContributionMonth]) -> list[ContributionMonth]:
    """Rows by month and insurance, in order; one month that two different units paid stays two rows.

    Rows that agree become the surer one, with what only the other says added. A row that could be
    read outweighs one that could not. One unit's month that is both paid and unpaid is `unknown`.
    """
    ordered = sorted(rows, key=lambda r: (r.month, r.insurance))
    merged: list[ContributionMonth] = []
    for _, group in groupby(ordered, key=lambda r: (r.month, r.insurance)):
        same = list(group)
        if len(same) == 1:
            merged.extend(same)
            continue
        paid = [r for r in same if r.status in (MonthStatus.PAID, MonthStatus.LATE)]
        payers = {r.payer for r in paid if r.payer}
        if len(payers) > 1:
            merged.extend(_one([r for r in paid if r.payer == p]) for p in sorted(payers))
        else:
            merged.append(_one(same))
    return merged


def _one(rows: Sequence[ContributionMonth]) -> ContributionMonth:
    """One row for all: see `merge_rows`."""
    read = [r for r in rows if r.status is not MonthStatus.UNKNOWN] or list(rows)
    best = max(read, key=lambda r: r.confidence)
    statuses = {r.status for r in read}
    evidence = tuple(dict.fromkeys(e for r in (best, *rows) for e in r.evidence))
    paid_elsewhere = MonthStatus.UNPAID in statuses and any(
        r.payer and r.payer != u.payer
        for r in read
        for u in read
        if u.status is MonthStatus.UNPAID and r.status is not MonthStatus.UNPAID
    )
    status = best.status
    if len(statuses) > 1:
        status = MonthStatus.UNKNOWN
        if statuses == {MonthStatus.PAID, MonthStatus.LATE}:
            status = MonthStatus.LATE
        elif paid_elsewhere:
            status = next(r.status for r in read if r.status is not MonthStatus.UNPAID)
    return best.model_copy(
        update={
            "status": status,
            "payer": best.payer or next((r.payer for r in rows if r.payer), ""),
            "base": best.base or next((r.base for r in rows if r.base), ""),
            "place": best.place or next((r.place for r in rows if r.place), ""),
            "evidence": evidence,
        }
    )
