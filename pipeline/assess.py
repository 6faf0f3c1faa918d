"""What follows from the facts of a dossier: the checks, eligibility, contributions, score and route.

The one way from facts to an assessment, whether a run takes it or a person who corrected a value.
"""

from dataclasses import dataclass

from pipeline.model.acceptance import Acceptance
from pipeline.model.dossier import Case
from pipeline.model.finding import Finding
from pipeline.model.report import Eligibility, ReportContributions, Route, Score
from pipeline.scoring import route_dossier, score_findings
from validators import assess_eligibility, run_checks, summarise_contributions
from validators.rulebook import Rulebook


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the checks say of one case; `route_reasons` are Chinese."""

    findings: tuple[Finding, ...]
    eligibility: Eligibility
    contributions: ReportContributions
    score: Score
    route: Route
    route_reasons: tuple[str, ...]


def assess_case(case: Case, rulebook: Rulebook, acceptance: Acceptance) -> Assessment:
    """The assessment of `case`. Pure: the same case and rulebook give the same one."""
    findings = run_checks(case, rulebook)
    route, reasons = route_dossier(findings, case, rulebook, acceptance)
    return Assessment(
        findings=findings,
        eligibility=assess_eligibility(case, rulebook),
        contributions=summarise_contributions(case, rulebook),
        score=score_findings(findings, rulebook),
        route=route,
        route_reasons=reasons,
    )
