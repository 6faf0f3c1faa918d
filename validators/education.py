"""Schooling: level, degree, school, major, graduation, certificate numbers, whether graduated."""

from collections.abc import Iterator
from functools import partial

from pipeline.model.document import Document
from pipeline.model.dossier import Case
from pipeline.model.finding import Finding
from pipeline.model.kinds import DocumentKind
from pipeline.model.values import PartialDate
from validators.comparison import Comparison, Observation, compare_papers, is_trusted, look_for
from validators.findings import found, joined, label_of, paper_evidence
from validators.identity import compare_dates
from validators.matching import Verdict, compare_institutions, compare_majors, compare_numbers
from validators.matching.verdict import SAME, different, doubtful
from validators.rulebook_model import Rulebook
from validators.schooling import degree_papers, level_papers, papers_of

_GRADUATED = "毕业"


def check_education_level(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """三: the papers are of the declared education level."""
    declared = case.declaration.education.level
    yield from compare_papers(
        rulebook,
        Comparison("EDUCATION_LEVEL_MISMATCH", declared, _compare_words, "level"),
        look_for(level_papers(case), "level"),
    )


def check_degree(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """三: the degree papers are of the declared degree."""
    declared = case.declaration.education.degree
    if declared is None:
        return
    yield from compare_papers(
        rulebook,
        Comparison("DEGREE_MISMATCH", declared, _compare_words, "degree"),
        look_for(degree_papers(case), "degree"),
    )


def _compare_words(declared: str, observed: str) -> Verdict:
    return SAME if declared == observed else different("所载不同")


def check_institution(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """五(二): the papers are of the declared school (names of before and after a renaming: review)."""
    compare = partial(
        compare_institutions, renamed=[school.names for school in rulebook.institutions]
    )
    papers = (*level_papers(case), *degree_papers(case))
    yield from compare_papers(
        rulebook,
        Comparison(
            "INSTITUTION_MISMATCH",
            case.declaration.education.institution,
            compare,
            "institution",
            is_wording=True,
            has_words=True,
        ),
        look_for(papers, "institution"),
    )


def check_major(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """五(二): the papers are of the declared major. A degree's field may be wider: diplomas decide."""
    yield from compare_papers(
        rulebook,
        Comparison(
            "MAJOR_MISMATCH",
            case.declaration.education.major,
            compare_majors,
            "major",
            unread=None,
            is_wording=True,
        ),
        look_for(level_papers(case), "major"),
    )


def check_graduation_date(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """五(二): year and month of graduation agree; a day-only difference is for review."""
    yield from compare_papers(
        rulebook,
        Comparison(
            "GRADUATION_DATE_MISMATCH",
            case.declaration.education.graduated_on,
            compare_graduation,
            "graduated_on",
        ),
        look_for(level_papers(case), "graduated_on"),
    )


def compare_graduation(declared: str, observed: str) -> Verdict:
    """How two graduation dates stand: another day of the same month is for a person to judge."""
    if PartialDate(declared).month == PartialDate(observed).month:
        verdict = compare_dates(declared, observed)
        return verdict if verdict.agrees else doubtful(verdict.reason)
    return compare_dates(declared, observed)


def check_diploma_number(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """五(二): diploma, record and declaration bear one number, the strongest test without a network."""
    yield from compare_papers(
        rulebook,
        Comparison(
            "DIPLOMA_NUMBER_MISMATCH",
            case.declaration.education.diploma_number,
            compare_numbers,
            "diploma_number",
        ),
        look_for(level_papers(case), "diploma_number"),
    )


def check_degree_number(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """五(二): degree certificate, degree report and declaration bear one number."""
    education = case.declaration.education
    if education.degree is None and education.degree_number is None:
        return
    papers = papers_of(
        degree_papers(case), DocumentKind.DEGREE_CERTIFICATE, DocumentKind.DEGREE_REPORT
    )
    yield from compare_papers(
        rulebook,
        Comparison(
            "DEGREE_NUMBER_MISMATCH", education.degree_number, compare_numbers, "degree_number"
        ),
        look_for(papers, "degree_number"),
    )


def check_conclusion(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """三: the papers say 毕业; an enrolment report is no education record."""
    seen = look_for(level_papers(case), "conclusion")
    for observation in seen.observations:
        if observation.text != _GRADUATED:
            yield from _not_graduated(rulebook, observation)
    if seen.carriers and not seen.observations:
        yield from found(
            rulebook,
            "NOT_GRADUATED",
            "unread",
            subject="conclusion",
            evidence=[paper_evidence(document) for document in seen.carriers],
            paper=joined(dict.fromkeys(label_of(document) for document in seen.carriers)),
        )
    for document in _enrolment_in_place_of_record(case):
        yield from found(
            rulebook,
            "NOT_GRADUATED",
            "enrolment",
            subject=document.document_id,
            observed=label_of(document),
            evidence=[paper_evidence(document)],
            counterfactual="若提交学历证书电子注册备案表，则不提出",
            paper=label_of(document),
        )


def _not_graduated(rulebook: Rulebook, observation: Observation) -> Iterator[Finding]:
    yield from found(
        rulebook,
        "NOT_GRADUATED",
        "conclusion" if is_trusted(rulebook, observation.field) else "doubtful",
        subject=f"{observation.document.document_id}.conclusion",
        observed=observation.text,
        evidence=observation.evidence,
        counterfactual=f"若{label_of(observation.document)}的结论为“{_GRADUATED}”，则不提出",
        paper=label_of(observation.document),
    )


def _enrolment_in_place_of_record(case: Case) -> tuple[Document, ...]:
    records = case.facts.of_kind(
        DocumentKind.EDUCATION_RECORD,
        DocumentKind.EDUCATION_CERTIFICATION,
        DocumentKind.FOREIGN_CERTIFICATION,
    )
    return () if records else case.facts.of_kind(DocumentKind.ENROLMENT_REPORT)


CHECKS = (
    check_education_level,
    check_degree,
    check_institution,
    check_major,
    check_graduation_date,
    check_diploma_number,
    check_degree_number,
    check_conclusion,
)
