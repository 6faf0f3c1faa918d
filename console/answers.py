"""Answers of a person to fields, months and findings, and the facts as they stand after them.

The machine's value is never overwritten: an answer names its target, and the facts are made anew.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from console.values import choices, parse_value
from pipeline.facts import PENSION, merge_months
from pipeline.model.document import (
    ContributionMonth,
    Document,
    Evidence,
    Field,
    MonthStatus,
    Unreadable,
)
from pipeline.model.dossier import Facts
from pipeline.model.finding import Finding
from pipeline.model.kinds import FIELD_NAMES
from pipeline.model.values import Month

BY_HAND = "人工更正"
ILLEGIBLE = "人工判定无法辨认"


class FieldAnswer(StrEnum):
    """What a person says of a field or of a month of contributions."""

    RIGHT = "right"
    CORRECTED = "corrected"
    ILLEGIBLE = "illegible"
    ABSENT = "absent"
    ORIGINAL = "original"


class PagesAnswer(StrEnum):
    """What a person says of how pages are put together as papers."""

    REGROUPED = "regrouped"


class FindingAnswer(StrEnum):
    UPHELD = "upheld"
    DISMISSED = "dismissed"
    ASK = "ask"


class DismissalReason(StrEnum):
    """Why a finding does not hold."""

    MISREAD = "misread"
    SAME_THING = "same_thing"
    OTHER_PAPER = "other_paper"
    EXPLAINED = "explained"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Target:
    """What an answer is about, as one string: `field:DOCUMENT:NAME`, `month:DOCUMENT:2022-09`,
    `finding:CODE:SUBJECT`, or `pages:dossier:` for how its pages are put together as papers."""

    kind: Literal["field", "month", "finding", "pages"]
    first: str
    second: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.first}:{self.second}"

    @classmethod
    def parse(cls, text: str) -> "Target":
        """Raises `ValueError` when the text names no target."""
        kind, first, second = text.split(":", 2)
        if kind not in ("field", "month", "finding", "pages") or not first:
            raise ValueError(f"no target: {text[:40]!r}")
        return cls(kind, first, second)  # type: ignore[arg-type] # checked above

    @classmethod
    def of_finding(cls, finding: Finding) -> "Target":
        return cls("finding", finding.code, finding.subject)


PAGES = str(Target("pages", "dossier", ""))
"""The target of the one answer about how the pages are put together."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer that stands. `value` is what was typed, for a correction."""

    target: str
    answer: str
    value: str = ""
    reason: str = ""
    note: str = ""

    @property
    def changes_facts(self) -> bool:
        return not self.target.startswith("finding:") and self.answer != FieldAnswer.ORIGINAL


def apply_answers(facts: Facts, answers: Iterable[Answer]) -> Facts:
    """The facts with every answer to a field or month applied. Raises `InvalidValue` for a value of the wrong kind."""
    by_document: dict[str, list[tuple[Target, Answer]]] = {}
    for answer in answers:
        target = Target.parse(answer.target)
        if target.kind in ("field", "month"):
            by_document.setdefault(target.first, []).append((target, answer))
    documents = tuple(
        _answered(document, by_document.get(document.document_id, ()))
        for document in facts.documents
    )
    return facts.model_copy(update={"documents": documents, "months": merge_months(documents)})


def _answered(document: Document, given: Iterable[tuple[Target, Answer]]) -> Document:
    for target, answer in given:
        if target.kind == "month":
            document = _answer_month(document, target.second, answer)
        elif target.second in FIELD_NAMES[document.kind]:
            document = _answer_field(document, target.second, answer)
    return document


def _answer_field(document: Document, name: str, answer: Answer) -> Document:
    field, unread = document.field(name), document.could_not_read(name)
    fields = [f for f in document.fields if f.name != name]
    unreadable = [u for u in document.unreadable if u.name != name]
    evidence = field.evidence if field else unread.evidence if unread else ()
    match answer.answer:
        case FieldAnswer.RIGHT:
            if field is None:
                return document
            fields.append(field.model_copy(update={"confidence": 1.0}))
        case FieldAnswer.CORRECTED:
            fields.append(
                Field(
                    name=name,
                    value=parse_value(document.kind, name, answer.value),
                    raw=answer.value,
                    confidence=1.0,
                    evidence=evidence or (whole_page(document),),
                    repairs=(BY_HAND,),
                )
            )
        case FieldAnswer.ILLEGIBLE:
            unreadable.append(Unreadable(name=name, reason=ILLEGIBLE, evidence=evidence))
        case FieldAnswer.ABSENT:
            pass
        case _:
            return document
    return _with(document, fields, unreadable)


def _answer_month(document: Document, month: str, answer: Answer) -> Document:
    field = document.field("months")
    rows = list(document.months)
    old = [r for r in rows if r.month == month and r.insurance == PENSION]
    if answer.answer == FieldAnswer.RIGHT:
        new = [r.model_copy(update={"confidence": 1.0}) for r in old]
    elif answer.answer == FieldAnswer.CORRECTED:
        new = [_corrected_row(document, old, month, answer.value)]
    elif answer.answer == FieldAnswer.ILLEGIBLE:
        new = [r.model_copy(update={"status": MonthStatus.UNKNOWN}) for r in old[:1]]
    elif answer.answer == FieldAnswer.ABSENT:
        new = []
    else:
        return document
    kept = [r for r in rows if r not in old]
    rows = sorted((*kept, *new), key=lambda r: (r.month, r.insurance))
    others = [f for f in document.fields if f.name != "months"]
    if rows:
        base = field or Field(
            name="months", value=tuple(rows), raw="", confidence=1.0, evidence=rows[0].evidence
        )
        others.append(base.model_copy(update={"value": tuple(rows)}))
    return _with(document, others, document.unreadable)


def _corrected_row(
    document: Document, old: list[ContributionMonth], month: str, value: str
) -> ContributionMonth:
    """The row with the typed `STATUS` or `STATUS PAYER`."""
    status, _, payer = value.partition(" ")
    read = parse_value(document.kind, "status", status)
    nearest = old[0] if old else None
    return ContributionMonth(
        month=Month(month),
        status=MonthStatus(str(read)),
        payer=payer.strip() or (nearest.payer if nearest else ""),
        base=nearest.base if nearest else "",
        insurance=PENSION,
        place=nearest.place if nearest else "",
        confidence=1.0,
        evidence=nearest.evidence if nearest else (whole_page(document),),
    )


def whole_page(document: Document) -> Evidence:
    """The first page as a whole: where a value that the machine did not find was seen by a person.

    Its corners are far apart on purpose; whoever draws them keeps them on the page.
    """
    far = 1e6
    corners = ((0.0, 0.0), (far, 0.0), (far, far), (0.0, far))
    return Evidence(page=document.pages[0], box=corners, raw=BY_HAND)


def _with(
    document: Document, fields: Iterable[Field], unreadable: Iterable[Unreadable]
) -> Document:
    order: Mapping[str, int] = {n: i for i, n in enumerate(FIELD_NAMES[document.kind])}
    return document.model_copy(
        update={
            "fields": tuple(sorted(fields, key=lambda f: order[f.name])),
            "unreadable": tuple(sorted(unreadable, key=lambda u: order[u.name])),
        }
    )


def machine_value(facts: Facts, target: Target) -> str:
    """What the machine read there, as text; empty when it read nothing."""
    document = next((d for d in facts.documents if d.document_id == target.first), None)
    if document is None:
        return ""
    if target.kind == "month":
        rows = [r for r in document.months if r.month == target.second and r.insurance == PENSION]
        return f"{rows[0].status} {rows[0].payer}".strip() if rows else ""
    field = document.field(target.second)
    if field is None or isinstance(field.value, tuple):
        return ""
    return str(field.value).lower() if isinstance(field.value, bool) else field.value


__all__ = [
    "PAGES", "Answer", "DismissalReason", "FieldAnswer", "FindingAnswer", "PagesAnswer", "Target",
    "apply_answers", "choices", "machine_value", "whole_page",
]  # fmt: skip
