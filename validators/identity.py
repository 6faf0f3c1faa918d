"""Who the papers are about: name, ID number, birth date, gender, validity of the card."""

import re
from collections.abc import Iterator
from datetime import date
from functools import partial

from pipeline.model.checksums import (
    id_number_birth_date,
    id_number_check_digit,
    id_number_gender,
    is_valid_id_number,
)
from pipeline.model.declaration import EmploymentStatus
from pipeline.model.document import Document
from pipeline.model.dossier import Case
from pipeline.model.finding import Finding
from pipeline.model.kinds import DocumentKind
from pipeline.model.values import PartialDate
from validators.comparison import (
    Compare,
    Comparison,
    Seen,
    compare_papers,
    is_trusted,
    look_for,
)
from validators.findings import applied, field_evidence, found, label_of
from validators.matching import Likeness, Verdict, compare_id_numbers, compare_names
from validators.matching.numbers import fold_number
from validators.matching.verdict import SAME, alias, different, doubtful
from validators.rulebook_model import Rulebook

_NAMED = (
    DocumentKind.ID_CARD,
    DocumentKind.DIPLOMA,
    DocumentKind.DEGREE_CERTIFICATE,
    DocumentKind.EDUCATION_RECORD,
    DocumentKind.EDUCATION_QUERY,
    DocumentKind.EDUCATION_CERTIFICATION,
    DocumentKind.DEGREE_REPORT,
    DocumentKind.FOREIGN_CERTIFICATION,
    DocumentKind.SOCIAL_INSURANCE,
    DocumentKind.LABOUR_CONTRACT,
)
_ADVISORY = (
    DocumentKind.DISPATCH_AGREEMENT,
    DocumentKind.INTEGRITY_PLEDGE,
    DocumentKind.ACHIEVEMENT,
)
"""Papers that may also name others: a list of workers, a unit's signer, a team."""
_CHECKED_BY_STATE = (
    DocumentKind.ID_CARD,
    DocumentKind.EDUCATION_RECORD,
    DocumentKind.EDUCATION_QUERY,
    DocumentKind.EDUCATION_CERTIFICATION,
    DocumentKind.DEGREE_REPORT,
)
_CERTIFICATES = (
    DocumentKind.DIPLOMA,
    DocumentKind.DEGREE_CERTIFICATE,
    DocumentKind.FOREIGN_CERTIFICATION,
)


def check_name(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """五(一): every paper bears the declared name."""
    person = case.declaration.person
    compare = partial(compare_names, former_names=person.former_names)
    comparison = Comparison("NAME_MISMATCH", person.name, compare, "name", is_wording=True)
    named = names_on_papers(case)
    advisory = Comparison(
        "NAME_MISMATCH",
        person.name,
        partial(_among, compare),
        "name",
        different="doubtful",
        unread=None,
        is_wording=True,
        witnesses=named,
    )
    documents = case.facts.of_kind(*_ADVISORY)
    if case.declaration.employment.status is not EmploymentStatus.FREELANCE:
        documents = tuple(d for d in documents if d.kind is not DocumentKind.INTEGRITY_PLEDGE)
    also = (advisory, look_for(documents, *_NAMES))
    yield from compare_papers(rulebook, comparison, named, also)


_NAMES = ("name", "employee")


def names_on_papers(case: Case) -> Seen:
    """The names on the papers that are about the applicant alone."""
    return look_for(case.facts.of_kind(*_NAMED), *_NAMES)


_BETWEEN_NAMES = re.compile("[、,，;；]")


def _among(compare: Compare, declared: str, observed: str) -> Verdict:
    """The verdict on the name of a list that agrees best (a roster of dispatched workers)."""
    verdicts = [compare(declared, name) for name in _BETWEEN_NAMES.split(observed) if name]
    order = list(Likeness)
    return min(
        verdicts, key=lambda verdict: order.index(verdict.likeness), default=doubtful("未读出姓名")
    )


def check_id_number(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """五(一): the number is a number (GB 11643), and every paper bears the declared one."""
    declared = fold_number(case.declaration.person.id_number)
    seen = look_for(
        case.facts.of_kind(
            DocumentKind.ID_CARD, DocumentKind.SOCIAL_INSURANCE, DocumentKind.LABOUR_CONTRACT
        ),
        "id_number",
        "employee_id_number",
    )
    yield from _invalid_numbers(rulebook, declared, seen)
    compare = partial(_compare_id_numbers, is_declared_valid=is_valid_id_number(declared))
    yield from compare_papers(
        rulebook, Comparison("ID_NUMBER_MISMATCH", declared, compare, "id_number"), seen
    )


def _compare_id_numbers(declared: str, observed: str, *, is_declared_valid: bool) -> Verdict:
    """As numbers are compared; the check character tells a slip of reading from another number."""
    verdict = compare_id_numbers(declared, observed)
    if verdict.likeness is Likeness.LOOKALIKE:
        if is_valid_id_number(fold_number(observed)):
            valid = "两个号码均" if is_declared_valid else "材料上的号码"
            return different(f"{verdict.reason}，但{valid}符合编码规则")
        if is_declared_valid:
            return doubtful(f"{verdict.reason}，读出的号码不符合校验码")
    return verdict


def _invalid_numbers(rulebook: Rulebook, declared: str, seen: Seen) -> Iterator[Finding]:
    if problem := id_number_problem(declared):
        same = [o for o in seen.observations if fold_number(o.text) == declared]
        yield from found(
            rulebook,
            "ID_NUMBER_INVALID",
            "declared",
            subject="declaration",
            declared=declared,
            observed=same[0].text if same else None,
            evidence=[e for o in same for e in o.evidence],
            counterfactual=_right_number(declared),
            reason=problem,
        )
    for observation in seen.observations:
        number = fold_number(observation.text)
        problem = id_number_problem(number)
        if number == declared or "*" in number or not problem or len(number) == 15:
            continue
        verdict = compare_id_numbers(declared, number)
        if verdict.likeness is Likeness.DIFFERENT and is_trusted(rulebook, observation.field):
            yield from found(
                rulebook,
                "ID_NUMBER_INVALID",
                "paper",
                subject=f"{observation.document.document_id}.{observation.field.name}",
                declared=declared,
                observed=number,
                evidence=observation.evidence,
                paper=label_of(observation.document),
                reason=problem,
            )


def id_number_problem(number: str) -> str | None:
    """Why it is no ID number by GB 11643, in Chinese, or None when it is one."""
    if is_valid_id_number(number):
        return None
    if len(number) != 18:
        return f"应为18位，实为{len(number)}位"
    if not (number[:17].isascii() and number[:17].isdigit()):
        return "前17位应为数字"
    if id_number_birth_date(number) is None:
        return f"第7至14位“{number[6:14]}”不是存在的日期"
    return f"校验码应为{id_number_check_digit(number)}，实为{number[17]}"


def _right_number(number: str) -> str | None:
    """The smallest change, tried on the rule itself: another check character."""
    if len(number) != 18 or not number[:17].isdigit():
        return None
    changed = number[:17] + id_number_check_digit(number)
    return f"若末位为{changed[17]}，则不提出" if is_valid_id_number(changed) else None


def check_birth_date(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """五(一): declaration, ID number and papers give one birth date."""
    person = case.declaration.person
    born = _born(case)
    if person.birth_date and born and not person.birth_date.agrees_with(_partial(born)):
        yield from found(
            rulebook,
            "BIRTH_DATE_MISMATCH",
            "declared",
            subject="declaration",
            declared=person.birth_date,
            observed=born.isoformat(),
            counterfactual=f"若申报的出生日期为{born.isoformat()}，则不提出",
        )
    measure = person.birth_date or (_partial(born) if born else None)
    yield from compare_papers(
        rulebook,
        Comparison("BIRTH_DATE_MISMATCH", measure, compare_dates, "birth_date", unread=None),
        look_for(case.facts.of_kind(*_CHECKED_BY_STATE), "birth_date"),
    )
    old, newer = _by_age(case.facts.of_kind(*_CERTIFICATES), rulebook)
    for documents, variant in ((newer, "different"), (old, "doubtful")):
        yield from compare_papers(
            rulebook,
            Comparison(
                "BIRTH_DATE_MISMATCH",
                measure,
                compare_dates,
                "birth_date",
                different=variant,
                unread=None,
            ),
            look_for(documents, "birth_date"),
        )


def _by_age(
    documents: tuple[Document, ...], rulebook: Rulebook
) -> tuple[list[Document], list[Document]]:
    """Certificates of before the month up to which other birth dates were common, and later ones."""
    old: list[Document] = []
    newer: list[Document] = []
    for document in documents:
        made = document.date("graduated_on") or document.date("degree_awarded_on")
        is_old = made is not None and made.month < rulebook.reading.soft_birth_dates_before
        (old if is_old else newer).append(document)
    return old, newer


def _born(case: Case) -> date | None:
    number = fold_number(case.declaration.person.id_number)
    return id_number_birth_date(number) if is_valid_id_number(number) else None


def _partial(day: date) -> PartialDate:
    return PartialDate(day.isoformat())


def compare_dates(declared: str, observed: str) -> Verdict:
    """How two dates stand: a day that is not printed agrees with every day of the month."""
    want, seen = PartialDate(declared), PartialDate(observed)
    if want == seen:
        return SAME
    if want.agrees_with(seen):
        return alias("一方未印日，年月相同")
    if want.month == seen.month:
        return different("年月相同，日不同")
    return different("年份不同" if want[:4] != seen[:4] else "月份不同")


def check_gender(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """五(一): declaration, ID number and papers give one gender."""
    person = case.declaration.person
    number = fold_number(person.id_number)
    by_number = id_number_gender(number) if is_valid_id_number(number) else None
    if person.gender and by_number and person.gender != by_number:
        yield from found(
            rulebook,
            "GENDER_MISMATCH",
            "declared",
            subject="declaration",
            declared=person.gender,
            observed=by_number,
            counterfactual=f"若申报的性别为{by_number}，则不提出",
        )
    yield from compare_papers(
        rulebook,
        Comparison(
            "GENDER_MISMATCH", person.gender or by_number, _compare_words, "gender", unread=None
        ),
        look_for(case.facts.of_kind(*_CHECKED_BY_STATE, *_CERTIFICATES), "gender"),
    )


def _compare_words(declared: str, observed: str) -> Verdict:
    return SAME if declared == observed else different("所载不同")


def check_id_card_validity(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """六(一): the card was in force at application; one card in force is enough."""
    cards = look_for(case.facts.of_kind(DocumentKind.ID_CARD), "valid_to").observations
    ended = [
        o
        for o in cards
        if (until := _date_or_none(o.text)) and until.latest < case.declaration.submitted_on
    ]
    if not ended or len(ended) < len(cards):
        return
    last = max(ended, key=lambda o: o.text)
    yield from found(
        rulebook,
        "ID_CARD_EXPIRED",
        "expired" if is_trusted(rulebook, last.field) else "doubtful",
        subject=f"{last.document.document_id}.valid_to",
        observed=last.text,
        evidence=list(field_evidence(last.document, last.field)),
        counterfactual=f"若有效期至{applied(case.declaration)}或以后，则不提出",
        applied=applied(case.declaration),
    )


def _date_or_none(text: str) -> PartialDate | None:
    """The date, or None for 长期."""
    try:
        return PartialDate(text)
    except ValueError:
        return None


CHECKS = (check_name, check_id_number, check_birth_date, check_gender, check_id_card_validity)

__all__ = ["CHECKS", "compare_dates", "id_number_problem", "names_on_papers"]
