"""Whether the dates of study can be: order, age, length. Soft rules, always for review."""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.model.declaration import EducationLevel
from pipeline.model.dossier import Case
from pipeline.model.finding import Finding, FindingEvidence
from pipeline.model.values import PartialDate
from validators.comparison import is_trusted, look_for
from validators.findings import found, label_of
from validators.rulebook_model import Rulebook, StudyRule
from validators.schooling import degree_papers, graduation, level_papers

_YOUNGEST_AT_ENROLMENT = 14
_DEGREE_EARLIEST_MONTHS = 6
_DEGREE_LATEST_MONTHS = 24
_WITHOUT_TERMS = ("自学考试",)


@dataclass(frozen=True, slots=True)
class _Course:
    """One paper's (or the declaration's) dates of study."""

    where: str
    enrolled: PartialDate | None
    graduated: PartialDate


def check_study_dates(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """五(二): enrolled, graduated, awarded and born in an order and at distances that can be."""
    reasons: list[str] = []
    for course in _courses(case, rulebook):
        told = [
            *_order(course, case),
            *_ages(course, case, rulebook),
            *_length(course, case, rulebook),
        ]
        reasons += [f"{course.where}：{reason}" for reason in told]
    if not case.declaration.education.foreign:
        reasons += _degree_date(case, rulebook)
    if reasons:
        yield from found(
            rulebook,
            "STUDY_DATES_IMPLAUSIBLE",
            "implausible",
            subject="study",
            observed=str(graduation(case, rulebook)),
            evidence=_evidence(case),
            reason="；".join(dict.fromkeys(reasons)),
        )


def _courses(case: Case, rulebook: Rulebook) -> Iterator[_Course]:
    """The dates on each paper that were read well; the declared ones when no paper has any."""
    education = case.declaration.education
    graduated = graduation(case, rulebook)
    found_one = False
    for paper in level_papers(case):
        dates = {
            name: PartialDate(str(field.value))
            for name in ("enrolled_on", "graduated_on")
            if (field := paper.field(name)) and is_trusted(rulebook, field)
        }
        if "enrolled_on" in dates:
            found_one = True
            end = dates.get("graduated_on", graduated)
            yield _Course(label_of(paper), dates["enrolled_on"], end)
    if not found_one:
        yield _Course("申报", education.enrolled_on, graduated)


def _evidence(case: Case) -> list[FindingEvidence]:
    papers = (*level_papers(case), *degree_papers(case))
    return [
        e
        for name in ("enrolled_on", "graduated_on", "degree_awarded_on")
        for o in look_for(papers, name).observations
        for e in o.evidence
    ]


def _order(course: _Course, case: Case) -> Iterator[str]:
    enrolled, graduated = course.enrolled, course.graduated
    if enrolled and enrolled.earliest >= graduated.latest:
        yield f"入学日期{enrolled}不早于毕业日期{graduated}"
    if graduated.earliest > case.declaration.submitted_on:
        yield f"毕业日期{graduated}晚于申请日{case.declaration.submitted_on}"


def _ages(course: _Course, case: Case, rulebook: Rulebook) -> Iterator[str]:
    born = case.declaration.person.birth_date
    rule = _rule(case, rulebook)
    if born is None:
        return
    at_graduation = int(course.graduated[:4]) - int(born[:4])
    if rule and at_graduation < rule.youngest_at_graduation:
        yield f"毕业时{at_graduation}岁，通常不小于{rule.youngest_at_graduation}岁"
    if course.enrolled:
        age = int(course.enrolled[:4]) - int(born[:4])
        if age < _YOUNGEST_AT_ENROLMENT:
            yield f"入学时{age}岁，通常不小于{_YOUNGEST_AT_ENROLMENT}岁"


def _length(course: _Course, case: Case, rulebook: Rulebook) -> Iterator[str]:
    rule = _rule(case, rulebook)
    education = case.declaration.education
    if course.enrolled is None or rule is None or education.foreign or _is_without_terms(case):
        return
    months = course.graduated.month.ordinal - course.enrolled.month.ordinal
    if 0 < months < rule.shortest_months:
        yield f"学习{months}个月，通常不少于{rule.shortest_months}个月"
    elif months > rule.longest_months:
        yield f"学习{months}个月，通常不超过{rule.longest_months}个月"


def _is_without_terms(case: Case) -> bool:
    """Self-study examinations have no term of study."""
    printed = [case.declaration.education.study_form or ""]
    for document in level_papers(case):
        printed += [
            document.text("education_type") or "",
            document.text("study_form") or "",
            document.trait("education_type") or "",
        ]
    return any(word in text for word in _WITHOUT_TERMS for text in printed)


def _degree_date(case: Case, rulebook: Rulebook) -> Iterator[str]:
    best = look_for(degree_papers(case), "degree_awarded_on").best(rulebook)
    awarded = PartialDate(best.text) if best else case.declaration.education.degree_awarded_on
    if awarded is None or case.declaration.education.level is EducationLevel.SECONDARY:
        return
    graduated = graduation(case, rulebook)
    months = awarded.month.ordinal - graduated.month.ordinal
    if months < -_DEGREE_EARLIEST_MONTHS or months > _DEGREE_LATEST_MONTHS:
        yield f"获学位日期{awarded}与毕业日期{graduated}相差{abs(months)}个月"


def _rule(case: Case, rulebook: Rulebook) -> StudyRule | None:
    level = case.declaration.education.level
    return next((rule for rule in rulebook.study if rule.level is level), None)


CHECKS = (check_study_dates,)
