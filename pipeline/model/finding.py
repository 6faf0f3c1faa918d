"""Findings: one disagreement, absence or doubt that a person should see."""

from enum import StrEnum

from pipeline.model.base import Frozen
from pipeline.model.reading import Quad


class Severity(StrEnum):
    BLOCKING = "blocking"
    REVIEW = "review"
    NOTICE = "notice"


class Outcome(StrEnum):
    MISMATCH = "mismatch"
    CANNOT_DETERMINE = "cannot_determine"
    NOT_SUBMITTED = "not_submitted"


class FindingEvidence(Frozen):
    """Where a value that a finding speaks of stands."""

    document_id: str | None = None
    file: str
    page: int | None = None
    box: Quad | None = None
    raw: str = ""
    field: str | None = None


class Finding(Frozen):
    """What a check found. `subject` tells findings of one code apart (document or value)."""

    code: str
    severity: Severity
    outcome: Outcome
    clause: str
    message: str
    subject: str = ""
    declared: str | None = None
    observed: str | None = None
    evidence: tuple[FindingEvidence, ...] = ()
    counterfactual: str | None = None
