"""The contributions as a report shows them."""

from itertools import takewhile

from pipeline.model.dossier import Case
from pipeline.model.report import MonthEvidence, ReportContributions, ReportMonth
from pipeline.model.values import Month
from validators.contributions import PAID, last_paid
from validators.rulebook_model import Rulebook
from validators.window import required_window


def summarise_contributions(case: Case, rulebook: Rulebook) -> ReportContributions:
    """Every month on the papers, the required ones, the run of paid months, and who paid last."""
    last = last_paid(case)
    return ReportContributions(
        required=required_window(case, rulebook),
        months=tuple(
            ReportMonth(
                month=merged.row.month,
                status=merged.row.status,
                payer=merged.row.payer,
                place=merged.row.place or merged.province or "",
                confidence=merged.row.confidence,
                evidence=tuple(
                    MonthEvidence(document_id=merged.document_id, page=e.page, box=e.box)
                    for e in merged.row.evidence
                ),
            )
            for merged in sorted(case.facts.months, key=lambda m: m.row.month)
        ),
        continuous_months=continuous_months(case),
        last_payer=(last.row.payer or None) if last else None,
    )


def continuous_months(case: Case) -> int:
    """How many months in a row were paid, up to the newest paid one (months)."""
    last = last_paid(case)
    if last is None:
        return 0
    paid = {merged.row.month for merged in case.facts.months if merged.row.status in PAID}
    newest: Month = last.row.month
    back = (newest.plus(-i) for i in range(len(paid)))
    return len(list(takewhile(paid.__contains__, back)))
