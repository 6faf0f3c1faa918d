"""The values a decision rests on, each as its best-read paper gives it."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.model.dossier import Case
from pipeline.model.kinds import DocumentKind
from pipeline.model.values import Month
from validators.comparison import Compare, Seen, look_for
from validators.contributions import rows_by_month
from validators.education import compare_graduation
from validators.intact import intact
from validators.matching import (
    Verdict,
    compare_id_numbers,
    compare_institutions,
    compare_names,
    compare_numbers,
    compare_units,
)
from validators.matching.verdict import SAME, different
from validators.rulebook_model import Rulebook
from validators.schooling import degree_papers, level_papers, papers_of
from validators.window import required_window


@dataclass(frozen=True, slots=True)
class DecisiveValue:
    """What it is (Chinese), on which paper it was read best, and how well (0–1).

    `field` is the name of the paper's field, or `months`; `month` is set for the latter only.
    """

    label: str
    kind: DocumentKind
    confidence: float
    document_id: str
    field: str
    month: Month | None = None


def decisive_values(case: Case, rulebook: Rulebook) -> Iterator[DecisiveValue]:
    """Identity, schooling, contract and every required month.

    A value that several papers bear is as sure as its surest paper that agrees with the
    declaration; papers that do not agree are told by findings.
    """
    case = intact(case)
    education, person = case.declaration.education, case.declaration.person
    levels, degrees = level_papers(case), degree_papers(case)
    identity = case.facts.of_kind(DocumentKind.ID_CARD)
    contracts = case.facts.of_kind(DocumentKind.LABOUR_CONTRACT)
    named = (*identity, *levels, *degrees, *contracts)
    certificates = papers_of(degrees, DocumentKind.DEGREE_CERTIFICATE, DocumentKind.DEGREE_REPORT)
    wanted: tuple[tuple[str, str | None, Seen, Compare], ...] = (
        ("姓名", person.name, look_for(named, "name", "employee"), compare_names),
        ("公民身份号码", person.id_number, look_for(identity, "id_number"), compare_id_numbers),
        ("学历层次", education.level, look_for(levels, "level"), _same),
        ("学位", education.degree, look_for(degrees, "degree"), _same),
        (
            "院校",
            education.institution,
            look_for((*levels, *degrees), "institution"),
            compare_institutions,
        ),
        ("毕业日期", education.graduated_on, look_for(levels, "graduated_on"), compare_graduation),
        (
            "毕业证书编号",
            education.diploma_number,
            look_for(levels, "diploma_number"),
            compare_numbers,
        ),
        (
            "学位证书编号",
            education.degree_number,
            look_for(certificates, "degree_number"),
            compare_numbers,
        ),
        (
            "用人单位",
            case.declaration.employment.employer,
            look_for(contracts, "employer"),
            compare_units,
        ),
    )
    for label, declared, seen, compare in wanted:
        if declared is not None:
            yield from _surest(label, declared, seen, compare)
    rows = rows_by_month(case)
    for month in required_window(case, rulebook):
        if month in rows:
            yield DecisiveValue(
                label=f"{month}缴费",
                kind=DocumentKind.SOCIAL_INSURANCE,
                confidence=rows[month].row.confidence,
                document_id=rows[month].document_id,
                field="months",
                month=month,
            )


def _surest(label: str, declared: str, seen: Seen, compare: Compare) -> Iterator[DecisiveValue]:
    agreeing = [o for o in seen.observations if compare(declared, o.text).agrees]
    if agreeing:
        best = max(agreeing, key=lambda o: o.field.confidence)
        yield DecisiveValue(
            label=label,
            kind=best.document.kind,
            confidence=best.field.confidence,
            document_id=best.document.document_id,
            field=best.field.name,
        )


def _same(declared: str, observed: str) -> Verdict:
    return SAME if declared == observed else different("所载不同")
