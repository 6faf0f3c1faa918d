"""Basic social insurance: continuous, in the province, paid last by the applying unit (六(二))."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from statistics import median

from pipeline.model.document import ContributionMonth, Document, MonthStatus
from pipeline.model.dossier import Case, MergedMonth
from pipeline.model.finding import Finding, FindingEvidence
from pipeline.model.kinds import DocumentKind
from pipeline.model.values import Month
from validators.findings import (
    found,
    joined,
    month_evidence,
    month_spans,
    paper_evidence,
)
from validators.rulebook_model import Rulebook
from validators.window import required_window

PAID = (MonthStatus.PAID, MonthStatus.LATE)
_LARGEST_CHANGE = 3
"""Counterfactuals name at most so many months."""


@dataclass(frozen=True, slots=True)
class Window:
    """The required months sorted by what the papers say of them."""

    months: tuple[Month, ...]
    paid: tuple[Month, ...]
    late: tuple[Month, ...]
    unpaid: tuple[Month, ...]
    """Shown as not paid, and read well enough."""
    absent: tuple[Month, ...]
    """Not shown, on papers that leave no room for a row that was not read."""
    unclear: tuple[Month, ...]
    """The row could not be read."""
    doubtful: tuple[Month, ...]
    """Seemingly not paid, but not read well enough to say so."""

    @property
    def missing(self) -> tuple[Month, ...]:
        return tuple(m for m in self.months if m not in (*self.paid, *self.late, *self.unclear))


def rows_by_month(case: Case) -> dict[Month, MergedMonth]:
    """The merged row of each month."""
    return {merged.row.month: merged for merged in case.facts.months}


def read_window(case: Case, rulebook: Rulebook, months: Sequence[Month]) -> Window:
    """The months as the papers show them."""
    rows = rows_by_month(case)
    trusted = rulebook.reading.trusted_confidence
    sorted_months: dict[str, list[Month]] = {
        name: [] for name in ("paid", "late", "unpaid", "absent", "unclear", "doubtful")
    }
    for month in months:
        merged = rows.get(month)
        if merged is None:
            group = "absent" if is_truly_absent(case, month) else "doubtful"
        elif merged.row.status is MonthStatus.UNKNOWN:
            group = "unclear"
        elif merged.row.status in PAID:
            group = "late" if merged.row.status is MonthStatus.LATE else "paid"
        else:
            group = "unpaid" if merged.row.confidence >= trusted else "doubtful"
        sorted_months[group].append(month)
    return Window(tuple(months), **{name: tuple(group) for name, group in sorted_months.items()})


def is_truly_absent(case: Case, month: Month) -> bool:
    """True when no row of that month can have gone unread.

    So it is on a text layer, and on a picture whose rows before and after stand as close to each
    other as rows do. At the ends of a table that was read from a picture nobody can say.
    """
    papers = case.facts.of_kind(DocumentKind.SOCIAL_INSURANCE)
    if papers and all(paper.source == "text" for paper in papers):
        return True
    rows = rows_by_month(case)
    before = max((m for m in rows if m < month), default=None)
    after = min((m for m in rows if m > month), default=None)
    if before is None or after is None:
        return False
    return _stand_close(rows[before], rows[after], list(rows.values()))


def _stand_close(one: MergedMonth, other: MergedMonth, rows: Sequence[MergedMonth]) -> bool:
    distance = _distance(one, other)
    if distance is None:
        return False
    pitches = [
        pitch
        for a, b in pairwise(rows)
        if b.row.month == a.row.month.plus(1) and (pitch := _distance(a, b))
    ]
    return bool(pitches) and 0 < distance <= 1.4 * median(pitches)


def _distance(one: MergedMonth, other: MergedMonth) -> float | None:
    """Pixels between the rows of two months on one page; None when they are not on one."""
    a, b = one.row.evidence[0], other.row.evidence[0]
    if one.document_id != other.document_id or a.page != b.page:
        return None
    (ax, ay), (bx, by) = _centre(one.row), _centre(other.row)
    return float(((ax - bx) ** 2 + (ay - by) ** 2) ** 0.5)


def _centre(row: ContributionMonth) -> tuple[float, float]:
    box = row.evidence[0].box
    return sum(x for x, _ in box) / 4, sum(y for _, y in box) / 4


def check_continuity(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """六(二): every month of the window is paid; a missing newest month is for review."""
    months = required_window(case, rulebook)
    papers = case.facts.of_kind(DocumentKind.SOCIAL_INSURANCE)
    if not months or not papers:
        return
    if not case.facts.months:
        yield from _no_months(rulebook, papers, months)
        return
    yield from _gaps(case, rulebook, read_window(case, rulebook, months))
    if rulebook.parameters.contributions_insurance_kinds == "all":
        yield from _other_insurances(case, rulebook, months)


def _no_months(
    rulebook: Rulebook, papers: Sequence[Document], months: Sequence[Month]
) -> Iterator[Finding]:
    """The papers show a range, a count or another insurance instead of months."""
    proofs = {paper.trait("proof") for paper in papers}
    others = {
        "medical_only": "医疗保险",
        "fund_only": "住房公积金",
    }
    insurance = joined(sorted(others[p] for p in proofs if p in others)) or _printed(papers)
    variant = "no_months"
    if "range_only" in proofs:
        variant = "range"
    elif "count_only" in proofs:
        variant = "count"
    elif insurance:
        variant = "insurance"
    yield from found(
        rulebook,
        "CONTRIBUTIONS_UNPROVEN",
        variant,
        subject="months",
        evidence=[paper_evidence(paper, field="months") for paper in papers],
        counterfactual=f"若材料逐月列明{months[0]}至{months[-1]}均已缴，则不提出",
        first=months[0],
        last=months[-1],
        insurance=insurance,
    )


def _printed(papers: Sequence[Document]) -> str:
    return joined(sorted({row.insurance for paper in papers for row in paper.months}))


def _gaps(case: Case, rulebook: Rulebook, window: Window) -> Iterator[Finding]:
    if window.unclear:
        yield from _finding(case, rulebook, "CONTRIBUTIONS_UNPROVEN", "months", window.unclear)
    if window.late:
        yield from _finding(case, rulebook, "CONTRIBUTIONS_LATE_PAID", "late", window.late)
    if not window.missing:
        return
    if _is_pending(case, rulebook, window):
        yield from _pending(case, rulebook, window)
        return
    change = smallest_payment(case, rulebook, window.missing, is_raised=has_gap)
    for variant, months in (
        ("unpaid", window.unpaid),
        ("not_shown", window.absent),
        ("doubtful", window.doubtful),
    ):
        if months:
            yield from _finding(case, rulebook, "CONTRIBUTIONS_GAP", variant, months, change=change)


def _is_pending(case: Case, rulebook: Rulebook, window: Window) -> bool:
    """Only the newest months are missing, no more than the lag, and as many as asked are paid before."""
    lag = rulebook.parameters.contributions_posting_lag_months
    count = len(window.missing)
    if not 0 < count <= lag or window.missing != window.months[-count:]:
        return False
    earlier = Month.span(window.months[0].plus(-count), window.months[-count - 1])
    before = read_window(case, rulebook, earlier)
    return len(before.paid) + len(before.late) == len(earlier)


def _pending(case: Case, rulebook: Rulebook, window: Window) -> Iterator[Finding]:
    count = len(window.missing)
    yield from _finding(
        case,
        rulebook,
        "CONTRIBUTIONS_LATEST_PENDING",
        "pending",
        window.missing,
        first=window.months[0].plus(-count),
        last=window.months[-count - 1],
        change=smallest_payment(case, rulebook, window.missing, is_raised=is_incomplete),
    )


def _finding(
    case: Case,
    rulebook: Rulebook,
    code: str,
    variant: str,
    months: Sequence[Month],
    *,
    first: Month | None = None,
    last: Month | None = None,
    change: str | None = None,
) -> Iterator[Finding]:
    required = required_window(case, rulebook)
    yield from found(
        rulebook,
        code,
        variant,
        subject=f"{variant}:{months[0]}",
        observed=month_spans(months),
        evidence=evidence_of_months(case, months),
        counterfactual=change,
        months=month_spans(months),
        first=first or required[0],
        last=last or required[-1],
    )


def evidence_of_months(case: Case, months: Sequence[Month]) -> list[FindingEvidence]:
    """The rows of the months; for one that has none, the rows around it, else the papers."""
    rows = rows_by_month(case)
    wanted: list[Month] = []
    for month in months:
        around = (month.plus(-1), month.plus(1))
        wanted += [month] if month in rows else [m for m in around if m in rows]
    papers = case.facts.of_kind(DocumentKind.SOCIAL_INSURANCE)
    evidence = [
        e
        for month in dict.fromkeys(wanted)
        for e in month_evidence(papers, rows[month].document_id, rows[month].row)
    ]
    return evidence or [paper_evidence(paper, field="months") for paper in papers]


def smallest_payment(
    case: Case,
    rulebook: Rulebook,
    missing: Sequence[Month],
    *,
    is_raised: Callable[[Case, Rulebook], bool],
) -> str:
    """The fewest months whose payment would silence the finding, found by asking the check again."""
    for size in range(1, min(len(missing), _LARGEST_CHANGE) + 1):
        for months in combinations(missing, size):
            if not is_raised(with_paid(case, months), rulebook):
                return f"若{month_spans(months)}已缴，则不提出"
    return f"若{month_spans(missing)}均已缴，则不提出"


def has_gap(case: Case, rulebook: Rulebook) -> bool:
    """True when months are missing that no posting lag explains."""
    window = read_window(case, rulebook, required_window(case, rulebook))
    return bool(window.missing) and not _is_pending(case, rulebook, window)


def is_incomplete(case: Case, rulebook: Rulebook) -> bool:
    """True when any month of the window is missing."""
    return bool(read_window(case, rulebook, required_window(case, rulebook)).missing)


def with_paid(case: Case, months: Sequence[Month]) -> Case:
    """The case as it would be had these months been paid."""
    rows = rows_by_month(case)
    pattern = next(iter(rows.values()))
    for month in months:
        merged = rows.get(month, pattern)
        row = merged.row.model_copy(
            update={"month": month, "status": MonthStatus.PAID, "confidence": 1.0}
        )
        rows[month] = merged.model_copy(update={"row": row})
    facts = case.facts.model_copy(update={"months": tuple(rows[m] for m in sorted(rows))})
    return case.model_copy(update={"facts": facts})


def _other_insurances(case: Case, rulebook: Rulebook, months: Sequence[Month]) -> Iterator[Finding]:
    """The other reading of 六(二): every insurance of the rulebook is paid in every month."""
    papers = case.facts.of_kind(DocumentKind.SOCIAL_INSURANCE)
    for insurance in rulebook.contributions.insurances[1:]:
        rows = [row for paper in papers for row in paper.months if insurance in row.insurance]
        paid = {row.month for row in rows if row.status in PAID}
        missing = [month for month in months if month not in paid]
        if not missing:
            continue
        evidence = [
            e
            for paper in papers
            for row in paper.months
            if insurance in row.insurance and row.month in missing
            for e in month_evidence(papers, paper.document_id, row)
        ]
        yield from found(
            rulebook,
            "CONTRIBUTIONS_GAP" if rows else "CONTRIBUTIONS_UNPROVEN",
            "unpaid" if rows else "months",
            subject=f"{insurance}:{missing[0]}",
            observed=f"{insurance}：{month_spans(missing)}",
            evidence=evidence or [paper_evidence(paper) for paper in papers],
            counterfactual=f"若{insurance}保险{month_spans(missing)}已缴，则不提出",
            months=f"{insurance}保险{month_spans(missing)}",
            first=months[0],
            last=months[-1],
        )


def check_declared_months(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """六(二): the declared months are paid on the papers. The required ones are told elsewhere."""
    declared = case.declaration.contributions
    if declared is None or not case.facts.months or not required_window(case, rulebook):
        return
    if declared.first_month > declared.last_month:
        span = Month.span(declared.last_month, declared.first_month)
    else:
        span = Month.span(declared.first_month, declared.last_month)
    required = required_window(case, rulebook)
    window = read_window(case, rulebook, [month for month in span if month not in required])
    if window.missing:
        yield from found(
            rulebook,
            "CONTRIBUTIONS_DECLARED_MISMATCH",
            "months",
            subject="months",
            declared=f"{declared.first_month}至{declared.last_month}",
            observed=month_spans(m.row.month for m in case.facts.months if m.row.status in PAID),
            evidence=evidence_of_months(case, window.missing),
            months=month_spans(window.missing),
        )


def last_paid(case: Case) -> MergedMonth | None:
    """The newest paid month up to the month of application."""
    submitted = case.declaration.submitted_on
    until = Month.of(submitted.year, submitted.month)
    paid = [m for m in case.facts.months if m.row.status in PAID and m.row.month <= until]
    return max(paid, key=lambda merged: merged.row.month, default=None)


CHECKS = (check_continuity, check_declared_months)
