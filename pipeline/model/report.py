"""The report of one dossier (contract `chuhe/report/1`): keys may be added, never renamed."""

from enum import StrEnum
from typing import Literal

from pydantic import Field as PydanticField

from pipeline.model.base import Frozen
from pipeline.model.document import FieldValue, MonthStatus
from pipeline.model.dossier import IntakeNote, Quarantined
from pipeline.model.finding import Finding
from pipeline.model.kinds import DocumentKind
from pipeline.model.reading import Quad
from pipeline.model.values import Month


class Route(StrEnum):
    INCOMPLETE = "incomplete"
    REVIEW = "review"
    CLEARED = "cleared"


class PageBox(Frozen):
    page: int
    box: Quad


class ReportField(Frozen):
    """A field as reported; `value` is null when it was found but could not be read (`unreadable` says why).

    `may_be`: what a value that was read unsurely may be as well, the likeliest first.
    """

    value: FieldValue | None
    raw: str
    confidence: float
    evidence: tuple[PageBox, ...]
    repairs: tuple[str, ...] = ()
    may_be: tuple[str, ...] = ()
    unreadable: str | None = None


class ReportPage(Frozen):
    """One page of a material: its size in pixels, which every box on it refers to."""

    file: str
    page: int
    width: int
    height: int
    rotation: int
    source: str
    picture: str = PydanticField(default="", exclude=True)


class ReportDocument(Frozen):
    document_id: str
    file: str
    pages: tuple[int, ...]
    kind: DocumentKind
    kind_confidence: float
    anchors: tuple[str, ...] = ()
    source: Literal["text", "ocr", "mixed"]
    fields: dict[str, ReportField]
    traits: tuple[str, ...] = ()


class MonthEvidence(Frozen):
    document_id: str
    page: int
    box: Quad


class ReportMonth(Frozen):
    month: Month
    status: MonthStatus
    payer: str
    place: str
    confidence: float
    evidence: tuple[MonthEvidence, ...]


class ReportContributions(Frozen):
    """`required` is empty when the applicant is exempt (六(二))."""

    required: tuple[Month, ...]
    months: tuple[ReportMonth, ...]
    continuous_months: int
    last_payer: str | None


class Condition(Frozen):
    """One of 三(一)–(六). `met` is None when it cannot be determined."""

    clause: str
    level: str
    met: bool | None
    reasons: tuple[str, ...]


class Eligibility(Frozen):
    applied_level: str
    met: bool | None
    conditions: tuple[Condition, ...]
    highest_level_met: str | None = None


class ScorePart(Frozen):
    """Points of one part; `findings` are the indexes into the report's findings that cost points here."""

    name: str
    points: int
    max: int
    findings: tuple[int, ...] = ()
    label: str = ""
    """What the rulebook calls this part (Chinese); empty where it gives no word."""


class Score(Frozen):
    total: int
    parts: tuple[ScorePart, ...]


class Provenance(Frozen):
    version: str
    rulebook: str
    engine: str
    models: dict[str, str]
    inputs: dict[str, str]


class Report(Frozen):
    schema_: Literal["chuhe/report/1"] = PydanticField(default="chuhe/report/1", alias="schema")
    dossier_id: str
    window_id: str
    route: Route
    route_reasons: tuple[str, ...] = ()
    score: Score
    documents: tuple[ReportDocument, ...]
    pages: tuple[ReportPage, ...] = ()
    contributions: ReportContributions
    findings: tuple[Finding, ...]
    eligibility: Eligibility
    quarantined: tuple[Quarantined, ...]
    notes: tuple[IntakeNote, ...] = ()
    provenance: Provenance
