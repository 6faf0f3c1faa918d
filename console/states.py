"""The states of a dossier and of a review, and how likely a person changes what becomes of it."""

from collections.abc import Mapping
from enum import StrEnum

from pipeline.kept import KeptDossier
from pipeline.model.finding import Finding, Outcome, Severity
from pipeline.model.report import Route


class State(StrEnum):
    """Whose turn it is."""

    WAITING = "waiting"
    SECOND = "second"
    SENIOR = "senior"
    DECIDED = "decided"


class Decision(StrEnum):
    """What became of a dossier. `passed` goes to the panel; nothing here rejects anybody."""

    PASSED = "passed"
    NOT_MET = "not_met"
    RETURNED = "returned"


class Round(StrEnum):
    """Which blind round a review is; each state that waits for a person has one."""

    FIRST = "first"
    SECOND = "second"
    SENIOR = "senior"


ROUND_OF = {
    State.WAITING: Round.FIRST,
    State.SECOND: Round.SECOND,
    State.SENIOR: Round.SENIOR,
}

_SURE = 0.95
_PRIOR_WEIGHT = 8.0


def effect_of(kept: KeptDossier, dismissed: Mapping[str, tuple[int, int]]) -> float:
    """How likely a person's answers change the outcome (0–1).

    That is the product, over the findings that hold the dossier, of how likely each is to be
    dismissed: from how surely its evidence was read, and from `dismissed` (code → dismissed,
    decided) of the window so far, with a prior worth eight decisions. A dossier held only by
    values that were read unsurely counts by those values.
    """
    holding = [f for f in kept.report.findings if f.severity is not Severity.NOTICE]
    if holding:
        chance = 1.0
        for finding in holding:
            gone, decided = dismissed.get(finding.code, (0, 0))
            prior = _prior(kept, finding)
            chance *= (gone + _PRIOR_WEIGHT * prior) / (decided + _PRIOR_WEIGHT)
        return round(chance, 4)
    return 0.3 if kept.report.route is Route.REVIEW else 0.0


def _prior(kept: KeptDossier, finding: Finding) -> float:
    """How likely the finding is dismissed, before anybody decided one like it."""
    if finding.outcome is Outcome.NOT_SUBMITTED:
        return 0.05
    if finding.outcome is Outcome.CANNOT_DETERMINE:
        return 0.6
    doubt = 1.0 - _least_confidence(kept, finding)
    base = 0.15 if finding.severity is Severity.BLOCKING else 0.5
    return min(0.95, base + 2.0 * max(0.0, doubt - (1.0 - _SURE)))


def _least_confidence(kept: KeptDossier, finding: Finding) -> float:
    documents = {d.document_id: d for d in kept.report.documents}
    found = [
        documents[e.document_id].fields[e.field].confidence
        for e in finding.evidence
        if e.document_id in documents and e.field in documents[e.document_id].fields
    ]
    return min(found, default=1.0)
