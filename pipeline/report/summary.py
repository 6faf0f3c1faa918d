"""A window at a glance: one row a dossier, totals, and what did not come in."""

from collections import Counter
from collections.abc import Sequence

from pydantic import Field as PydanticField

from pipeline.model.base import Frozen
from pipeline.model.declaration import Declaration
from pipeline.model.dossier import Quarantined
from pipeline.model.finding import Outcome, Severity
from pipeline.model.report import Report, Route
from pipeline.report.marks import display_order
from pipeline.report.wording import finding_title

WORK_ORDER = (Route.INCOMPLETE, Route.REVIEW, Route.CLEARED)
"""The routes in the order a clerk works through them."""
_ROUTE_ORDER = {route: place for place, route in enumerate(WORK_ORDER)}


class FindingRow(Frozen):
    """One finding as a line of a list; `file` and `page` are where its first evidence stands."""

    code: str
    title: str
    severity: Severity
    outcome: Outcome
    clause: str
    message: str
    declared: str | None
    observed: str | None
    file: str = ""
    page: int | None = None


class SummaryRow(Frozen):
    """One dossier as a line of a list. `name` and `employer` come from the declaration."""

    dossier_id: str
    name: str = ""
    employer: str = ""
    applied_level: str
    route: Route
    route_reasons: tuple[str, ...] = ()
    score: int
    blocking: int
    review: int
    notice: int
    codes: tuple[str, ...]
    met: bool | None
    highest_level_met: str | None
    documents: int
    pages: int
    required_months: int
    continuous_months: int
    last_payer: str | None
    quarantined: tuple[Quarantined, ...] = ()
    findings: tuple[FindingRow, ...] = PydanticField(default=(), exclude=True)
    """Blocking first. Not written to `summary.json`: the reports hold them in full."""


class Unreported(Frozen):
    """A dossier that came in but could not be reported, and why (Chinese)."""

    dossier_id: str
    reason: str


def summarise(report: Report, *, declaration: Declaration | None = None) -> SummaryRow:
    """The row of one report; without its declaration, name and employer stay empty."""
    severities = Counter(finding.severity for finding in report.findings)
    ordered = [report.findings[index] for index in display_order(report)]
    return SummaryRow(
        dossier_id=report.dossier_id,
        name=declaration.person.name if declaration else "",
        employer=(declaration.employment.employer or "") if declaration else "",
        applied_level=report.eligibility.applied_level,
        route=report.route,
        route_reasons=report.route_reasons,
        score=report.score.total,
        blocking=severities[Severity.BLOCKING],
        review=severities[Severity.REVIEW],
        notice=severities[Severity.NOTICE],
        codes=tuple(dict.fromkeys(finding.code for finding in ordered)),
        met=report.eligibility.met,
        highest_level_met=report.eligibility.highest_level_met,
        documents=len(report.documents),
        pages=len(report.pages),
        required_months=len(report.contributions.required),
        continuous_months=report.contributions.continuous_months,
        last_payer=report.contributions.last_payer,
        quarantined=report.quarantined,
        findings=tuple(
            FindingRow(
                code=finding.code,
                title=finding_title(finding.code),
                severity=finding.severity,
                outcome=finding.outcome,
                clause=finding.clause,
                message=finding.message,
                declared=finding.declared,
                observed=finding.observed,
                file=finding.evidence[0].file if finding.evidence else "",
                page=finding.evidence[0].page if finding.evidence else None,
            )
            for finding in ordered
        ),
    )


def sort_rows(rows: Sequence[SummaryRow]) -> tuple[SummaryRow, ...]:
    """The rows as a clerk works through them: incomplete, review, cleared; lowest score first."""
    return tuple(sorted(rows, key=lambda r: (_ROUTE_ORDER[r.route], r.score, r.dossier_id)))


def count_routes(rows: Sequence[SummaryRow]) -> dict[Route, int]:
    """How many dossiers each route has, all routes named."""
    counted = Counter(row.route for row in rows)
    return {route: counted[route] for route in Route}
