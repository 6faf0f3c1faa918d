"""Score and route of a dossier: how it stands, and what becomes of it. Nothing is ever rejected."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.model.acceptance import Acceptance
from pipeline.model.dossier import Case
from pipeline.model.finding import Finding, Severity
from pipeline.model.kinds import KIND_LABELS, DocumentKind
from pipeline.model.report import Route, Score, ScorePart
from validators import assess_eligibility
from validators.decisive import DecisiveValue, decisive_values
from validators.rulebook import Rulebook

LACKING = frozenset({"MATERIAL_MISSING", "MATERIAL_UNREADABLE"})
"""Codes under which something is missing for the dossier to be judged at all."""


def score_findings(findings: Sequence[Finding], rulebook: Rulebook) -> Score:
    """0–100 points in the rulebook's parts; every lost point names the findings that cost it.

    A part never goes below 0, so a further finding never raises the score.
    """
    parts = []
    for part in rulebook.score.parts:
        costs = [
            (i, _cost(f, rulebook))
            for i, f in enumerate(findings)
            if _part(f, rulebook) == part.name
        ]
        lost = min(part.max, sum(cost for _, cost in costs))
        parts.append(
            ScorePart(
                name=part.name,
                points=part.max - lost,
                max=part.max,
                findings=tuple(i for i, cost in costs if cost),
            )
        )
    return Score(total=sum(part.points for part in parts), parts=tuple(parts))


@dataclass(frozen=True, slots=True)
class ScoreStep:
    """Points that one finding cost in one part; `finding` is its index."""

    finding: int
    part: str
    points: int


def score_steps(findings: Sequence[Finding], rulebook: Rulebook) -> tuple[ScoreStep, ...]:
    """The score as a way down from 100: what each finding cost, in the order they were raised.

    A part that is used up costs nothing further, so the steps add up to what `score_findings` took.
    """
    left = {part.name: part.max for part in rulebook.score.parts}
    steps = []
    for i, finding in enumerate(findings):
        part = _part(finding, rulebook)
        points = min(left[part], _cost(finding, rulebook))
        if points:
            left[part] -= points
            steps.append(ScoreStep(i, part, points))
    return tuple(steps)


def _cost(finding: Finding, rulebook: Rulebook) -> int:
    rule = rulebook.rule(finding.code)
    own = rule.costs.get(finding.severity) if rule else None
    return rulebook.score.costs[finding.severity] if own is None else own


def _part(finding: Finding, rulebook: Rulebook) -> str:
    """The part a finding costs points in; the first for a code that this rulebook does not have."""
    rule = rulebook.rule(finding.code)
    return rule.part if rule else rulebook.score.parts[0].name


def route_dossier(
    findings: Sequence[Finding], case: Case, rulebook: Rulebook, acceptance: Acceptance
) -> tuple[Route, tuple[str, ...]]:
    """The route, and in Chinese why.

    `incomplete`: a required material is missing or unreadable. `review`: a blocking or review
    finding, a value the decision rests on that is not accepted (`acceptance`), or a
    condition that could not be shown. `cleared`: none of these.
    """
    lacking = tuple(_named(f) for f in findings if is_lacking(f))
    if lacking:
        return Route.INCOMPLETE, lacking
    reasons = [_named(f) for f in findings if f.severity is not Severity.NOTICE]
    reasons += [_told(value) for value in unsure_values(case, acceptance, rulebook)]
    if not reasons and assess_eligibility(case, rulebook).met is not True:
        reasons.append("申报条件是否符合未能确定")
    return (Route.REVIEW, tuple(reasons)) if reasons else (Route.CLEARED, ())


def is_lacking(finding: Finding) -> bool:
    """True when the dossier goes back to the applicant for this."""
    return finding.code in LACKING and finding.severity is Severity.BLOCKING


def _named(finding: Finding) -> str:
    return f"{finding.clause} {finding.message}"


def unsure_values(
    case: Case, acceptance: Acceptance, rulebook: Rulebook
) -> Iterator[DecisiveValue]:
    """The values the decision rests on that were not read surely enough to be accepted."""
    for value in decisive_values(case, rulebook):
        if not acceptance.accepts(value.kind, value.field, value.confidence):
            yield value


def _told(value: DecisiveValue) -> str:
    paper = KIND_LABELS[DocumentKind(value.kind)]
    return f"{paper}的{value.label}读取把握为{value.confidence:.2f}，低于可采信的程度，需人工核对"
