"""Findings built from the rulebook's wording, and the evidence they show."""

from collections.abc import Iterable, Iterator

from pipeline.model.declaration import Declaration
from pipeline.model.document import ContributionMonth, Document, Evidence, Field, Unreadable
from pipeline.model.finding import Finding, FindingEvidence, Severity
from pipeline.model.kinds import KIND_LABELS
from validators.rulebook_model import Rulebook


def found(
    rulebook: Rulebook,
    code: str,
    variant: str,
    *,
    subject: str = "",
    declared: str | None = None,
    observed: str | None = None,
    evidence: Iterable[FindingEvidence] = (),
    counterfactual: str | None = None,
    clause: str | None = None,
    severity: Severity | None = None,
    **words: object,
) -> Iterator[Finding]:
    """The finding in the rulebook's words; nothing when the notice has no such rule.

    `words` fill the placeholders of the message beside `declared` and `observed`.
    """
    rule = rulebook.rule(code)
    if rule is None:
        return
    message = rule.message(variant)
    cited = clause or message.clause or rule.clause
    filled = {"declared": declared or "", "observed": observed or "", "clause": cited, **words}
    yield Finding(
        code=code,
        severity=severity or message.severity or rule.severity,
        outcome=message.outcome,
        clause=cited,
        message=message.text.format(**filled),
        subject=subject,
        declared=declared,
        observed=observed,
        evidence=tuple(dict.fromkeys(evidence)),
        counterfactual=counterfactual,
    )


def label_of(document: Document) -> str:
    """The paper's name as people call it."""
    return KIND_LABELS[document.kind]


def field_evidence(document: Document, field: Field) -> Iterator[FindingEvidence]:
    """Every place of the field."""
    yield from _places(document, field.name, field.evidence, field.raw)


def unreadable_evidence(document: Document, unreadable: Unreadable) -> Iterator[FindingEvidence]:
    """The places where a value should have been read; the paper itself when none is known."""
    if not unreadable.evidence:
        yield paper_evidence(document, field=unreadable.name)
    yield from _places(document, unreadable.name, unreadable.evidence, unreadable.raw)


def month_evidence(
    documents: Iterable[Document], document_id: str, row: ContributionMonth
) -> Iterator[FindingEvidence]:
    """The places of a month's row; nothing when its paper is not among `documents`."""
    for document in documents:
        if document.document_id == document_id:
            yield from _places(document, "months", row.evidence, row.month)


def paper_evidence(document: Document, *, field: str | None = None) -> FindingEvidence:
    """The paper as a whole, by its first page."""
    return FindingEvidence(
        document_id=document.document_id,
        file=document.file,
        page=document.pages[0] if document.pages else None,
        field=field,
    )


def _places(
    document: Document, name: str, places: Iterable[Evidence], raw: str
) -> Iterator[FindingEvidence]:
    for place in places:
        yield FindingEvidence(
            document_id=document.document_id,
            file=document.file,
            page=place.page,
            box=place.box,
            raw=place.raw or raw,
            field=name,
        )


def applied(declaration: Declaration) -> str:
    """The application date as printed in messages."""
    return declaration.submitted_on.isoformat()


def joined(words: Iterable[str]) -> str:
    """A Chinese enumeration."""
    return "、".join(words)


def month_spans(months: Iterable[str]) -> str:
    """Months as people write them: neighbours run together (`2022-07至2022-09、2022-11`)."""
    runs: list[list[str]] = []
    for month in sorted(months):
        if runs and _ordinal(month) == _ordinal(runs[-1][-1]) + 1:
            runs[-1].append(month)
        else:
            runs.append([month])
    return joined(run[0] if len(run) == 1 else f"{run[0]}至{run[-1]}" for run in runs)


def _ordinal(month: str) -> int:
    return int(month[:4]) * 12 + int(month[5:7])
