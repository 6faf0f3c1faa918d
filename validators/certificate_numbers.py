"""The parts of certificate numbers against what the papers say (domain facts 1.3, 1.4).

The number's last digits are the school's own and are never looked at; secondary schools and
foreign ones have no national numbering.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.model.declaration import Degree, EducationLevel
from pipeline.model.dossier import Case
from pipeline.model.finding import Finding, FindingEvidence
from pipeline.model.kinds import DocumentKind
from pipeline.model.values import PartialDate
from validators.comparison import is_trusted, look_for
from validators.findings import found
from validators.matching import compare_numbers
from validators.matching.numbers import fold_number
from validators.rulebook_model import Rulebook
from validators.schooling import degree_papers, graduation, level_papers, papers_of

_DIPLOMA = re.compile(
    r"(?P<school>[0-9]{5})(?P<type>[0-9])(?P<year>[0-9]{4})(?P<level>[0-9]{2})[0-9]{5,6}"
)
_SELF_STUDY = re.compile(r"(?P<type>6)(?P<level>[0-9])[0-9]{6}(?P<year>[0-9]{2})[0-9]{7}")
_DEGREE = re.compile(
    r"(?P<prefix>[A-Z]?)(?P<school>[0-9]{5})(?P<level>[0-9])(?P<year>[0-9]{4})[0-9A-Z][0-9]{5}"
)
_OLD_DEGREE = re.compile(
    r"(?P<prefix>)(?P<school>[0-9]{5})(?P<level>[0-9])(?P<year>[0-9]{2})[0-9]{4}"
)
_LEVELS = {
    "01": EducationLevel.DOCTOR,
    "02": EducationLevel.MASTER,
    "04": EducationLevel.SECOND_BACHELOR,
    "05": EducationLevel.BACHELOR,
    "06": EducationLevel.COLLEGE,
}
_SELF_STUDY_LEVELS = {"5": EducationLevel.BACHELOR, "6": EducationLevel.COLLEGE}
_DEGREES = {"2": Degree.DOCTOR, "3": Degree.MASTER, "4": Degree.BACHELOR}
_TYPES = {
    "普通": ("1",),
    "研究生": ("1",),
    "成人": ("5",),
    "自学考试": ("6",),
    "网络": ("7",),
    "开放": ("5", "7", "8"),
}
_ELECTRONIC_SINCE = 2002


@dataclass(frozen=True, slots=True)
class _Number:
    """A number as best read, and where it stands."""

    text: str
    evidence: tuple[FindingEvidence, ...]


def check_certificate_numbers(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """五(二): school, type, year and level in the numbers do not contradict the papers."""
    education = case.declaration.education
    if education.foreign:
        return
    diploma = _diploma_number(case, rulebook)
    if diploma and education.level is not EducationLevel.SECONDARY:
        reasons = diploma_contradictions(diploma.text, case, rulebook)
        yield from _inconsistent(rulebook, "diploma_number", "毕业证书编号", diploma, reasons)
    degree = _degree_number(case, rulebook)
    if degree and education.degree:
        reasons = degree_contradictions(degree.text, case, rulebook)
        if diploma and not reasons:
            reasons = _schools(diploma.text, degree.text, case)
        yield from _inconsistent(rulebook, "degree_number", "学位证书编号", degree, reasons)


def _inconsistent(
    rulebook: Rulebook, subject: str, label: str, number: _Number, reasons: list[str]
) -> Iterator[Finding]:
    if reasons:
        yield from found(
            rulebook,
            "CERTIFICATE_NUMBER_INCONSISTENT",
            "inconsistent",
            subject=subject,
            observed=number.text,
            evidence=number.evidence,
            number=f"{label}{number.text}",
            reason="；".join(reasons),
        )


def _diploma_number(case: Case, rulebook: Rulebook) -> _Number | None:
    declared = case.declaration.education.diploma_number
    best = look_for(level_papers(case), "diploma_number").best(rulebook)
    if best is not None:
        return _Number(fold_number(best.text), best.evidence)
    return _Number(fold_number(declared), ()) if declared else None


def _degree_number(case: Case, rulebook: Rulebook) -> _Number | None:
    declared = case.declaration.education.degree_number
    papers = papers_of(
        degree_papers(case), DocumentKind.DEGREE_CERTIFICATE, DocumentKind.DEGREE_REPORT
    )
    best = look_for(papers, "degree_number").best(rulebook)
    if best is not None:
        return _Number(fold_number(best.text), best.evidence)
    return _Number(fold_number(declared), ()) if declared else None


def diploma_contradictions(number: str, case: Case, rulebook: Rulebook) -> list[str]:
    """What in a diploma's number contradicts the papers, in Chinese.

    A number of 17 digits may be of two forms; the one that contradicts less is taken.
    """
    levels = _told(case, rulebook, "level") or {case.declaration.education.level}
    year = int(graduation(case, rulebook)[:4])
    forms = []
    if match := _DIPLOMA.fullmatch(number):
        forms.append(
            [
                *_year(match["year"], year),
                *_level(_LEVELS.get(match["level"]), match["level"], levels),
                *_type(match["type"], case),
            ]
        )
    if match := _SELF_STUDY.fullmatch(number):
        forms.append(
            [
                *_year(match["year"], year % 100),
                *_level(_SELF_STUDY_LEVELS.get(match["level"]), match["level"], levels),
                *_type(match["type"], case),
            ]
        )
    if forms:
        return min(forms, key=len)
    if year > _ELECTRONIC_SINCE and not _is_masked(number):
        return [f"{year}年毕业的证书编号应为17或18位数字，实为{len(number)}位"]
    return []


def _is_masked(number: str) -> bool:
    return "*" in number


def _year(coded: str, graduated: int) -> list[str]:
    if int(coded) == graduated:
        return []
    return [f"编号中的年份为{coded}，毕业年份为{graduated:02d}"]


def _told(case: Case, rulebook: Rulebook, name: str) -> set[str]:
    """The levels or degrees that the papers print, as far as they were read well."""
    papers = level_papers(case) if name == "level" else degree_papers(case)
    return {o.text for o in look_for(papers, name).observations if is_trusted(rulebook, o.field)}


def _level(coded: EducationLevel | None, digits: str, levels: set[str]) -> list[str]:
    if coded in levels:
        return []
    told = "、".join(sorted(levels))
    return [f"编号中的层次码为{digits}（{coded or '未知'}），学历为{told}"]


def _type(coded: str, case: Case) -> list[str]:
    """The kind of schooling, when a paper prints it."""
    for document in level_papers(case):
        printed = document.text("education_type") or document.trait("education_type")
        fitting = next((types for word, types in _TYPES.items() if word in (printed or "")), None)
        if fitting and coded not in fitting:
            return [f"编号中的办学类型码为{coded}，材料所载学历类别为{printed}"]
    return []


def degree_contradictions(number: str, case: Case, rulebook: Rulebook) -> list[str]:
    """What in a degree's number contradicts the papers, in Chinese. Unknown forms contradict nothing.

    A degree awarded some days before graduation may bear the year of either.
    """
    match = _DEGREE.fullmatch(number) or _OLD_DEGREE.fullmatch(number)
    if match is None:
        return []
    reasons = []
    coded, year = _DEGREES.get(match["level"]), match["year"]
    declared = case.declaration.education.degree
    degrees = _told(case, rulebook, "degree") or ({declared} if declared else set())
    if coded not in degrees:
        told = "、".join(sorted(degrees))
        reasons.append(f"编号中的级别码为{match['level']}（{coded or '未知'}），学位为{told}")
    awarded = _awarded(case)
    years = {day[2:4] for day in (awarded, graduation(case, rulebook)) if day}
    if awarded and year[-2:] not in years:
        reasons.append(f"编号中的年份为{year}，获学位年份为{awarded[:4]}")
    return reasons


def _awarded(case: Case) -> PartialDate | None:
    for document in degree_papers(case):
        if date := document.date("degree_awarded_on"):
            return date
    return case.declaration.education.degree_awarded_on


def _schools(diploma: str, degree: str, case: Case) -> list[str]:
    """School codes of both numbers, when both papers name one and the same school."""
    of_diploma, of_degree = _DIPLOMA.fullmatch(diploma), _DEGREE.fullmatch(degree)
    if not of_diploma or not of_degree or len(diploma) != 18:
        return []
    schools = {
        document.text("institution")
        for document in (*level_papers(case), *degree_papers(case))
        if document.text("institution")
    }
    if len(schools) != 1 or compare_numbers(of_diploma["school"], of_degree["school"]).agrees:
        return []
    return [
        f"院校代码为{of_degree['school']}，毕业证书编号的院校代码为{of_diploma['school']}，而两证院校相同"
    ]


CHECKS = (check_certificate_numbers,)
