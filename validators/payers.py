"""Who paid the contributions, and where (六(二), 八(三))."""

from collections.abc import Iterator

from pipeline.model.declaration import EmploymentStatus
from pipeline.model.document import MonthStatus
from pipeline.model.dossier import Case, MergedMonth
from pipeline.model.finding import Finding, FindingEvidence, Severity
from pipeline.model.kinds import DocumentKind
from pipeline.model.values import Month
from validators.comparison import (
    READ_DIFFERENTLY,
    Others,
    is_slight,
    is_trusted,
    look_for,
    reads_differently,
)
from validators.contributions import PAID, evidence_of_months, last_paid
from validators.findings import (
    field_evidence,
    found,
    label_of,
    month_evidence,
    month_spans,
    paper_evidence,
)
from validators.matching import Likeness, Verdict, compare_units
from validators.matching.places import province_in, province_name
from validators.matching.words import breaks_a_word
from validators.rulebook_model import Rulebook
from validators.window import required_window

_OF_UNITS = (
    DocumentKind.LABOUR_CONTRACT,
    DocumentKind.RECOMMENDATION,
    DocumentKind.INTEGRITY_PLEDGE,
    DocumentKind.DISPATCH_AGREEMENT,
)
_PERSONAL = ("灵活就业", "个人缴费", "个体参保", "个人参保", "自由职业", "个人身份", "代理个人")


def applying_units(case: Case, rulebook: Rulebook) -> tuple[str, ...]:
    """The units that may apply, and so must have paid last, by `dispatch.applying_unit`."""
    employment = case.declaration.employment
    host, agency = employment.employer, declared_agency(case)
    if employment.status is not EmploymentStatus.DISPATCHED:
        return (host,) if host else ()
    reading = rulebook.parameters.dispatch_applying_unit
    units = {"agency": (agency,), "host": (host,), "either": (host, agency)}[reading]
    return tuple(unit for unit in units if unit)


def declared_agency(case: Case) -> str | None:
    """The declared dispatch agency, or the one that the dispatch agreement names."""
    declared = case.declaration.employment.dispatch_agency
    if declared:
        return declared
    for agreement in case.facts.of_kind(DocumentKind.DISPATCH_AGREEMENT):
        if agency := agreement.text("agency"):
            return agency
    return None


def closest(units: tuple[str, ...], observed: str) -> tuple[str, Verdict]:
    """The unit that the observed name agrees with best, and how."""
    order = list(Likeness)
    verdicts = [(unit, compare_units(unit, observed)) for unit in units]
    return min(verdicts, key=lambda pair: order.index(pair[1].likeness))


def is_personal(payer: str, name: str) -> bool:
    """True when the 'payer' is the person: flexible employment, or the own name."""
    return not payer or payer == name or any(word in payer for word in _PERSONAL)


def check_payer(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """六(二): the unit that paid last is the applying unit."""
    units = applying_units(case, rulebook)
    if not units or not required_window(case, rulebook):
        return
    last = last_paid(case)
    if last is None:
        return
    papers = case.facts.of_kind(DocumentKind.SOCIAL_INSURANCE)
    evidence = list(month_evidence(papers, last.document_id, last.row))
    if not last.row.payer:
        yield from found(
            rulebook,
            "PAYER_MISMATCH",
            "unread",
            subject="last_payer",
            declared=units[0],
            evidence=evidence,
            paper=label_of(papers[0]) if papers else "参保材料",
            reason=f"{last.row.month}未显示缴费单位",
        )
        return
    unit, verdict = closest(units, last.row.payer)
    if verdict.agrees:
        return
    variant = "different" if _is_certain(rulebook, last, verdict) else "doubtful"
    if is_misread(case, rulebook, unit, last):
        variant = READ_DIFFERENTLY
    yield from found(
        rulebook,
        "PAYER_MISMATCH",
        variant,
        subject="last_payer",
        declared=unit,
        observed=last.row.payer,
        evidence=evidence,
        counterfactual=f"若{last.row.month}由“{unit}”缴纳，则不提出",
        severity=Severity.NOTICE if variant == READ_DIFFERENTLY else None,
        month=last.row.month,
        paper=label_of(papers[0]) if papers else "参保材料",
        reason=verdict.reason,
    )


def _is_certain(rulebook: Rulebook, merged: MergedMonth, verdict: Verdict) -> bool:
    trust = rulebook.reading
    if verdict.likeness is Likeness.DIFFERENT:
        return merged.row.confidence >= trust.trusted_confidence
    if verdict.likeness is Likeness.LOOKALIKE:
        return merged.row.confidence >= trust.certain_confidence
    return False


def is_misread(case: Case, rulebook: Rulebook, unit: str, merged: MergedMonth) -> bool:
    """True when the payer rather is `unit` with a character misread: the unit's own papers bear it."""
    if not is_slight(unit, merged.row.payer):
        return False
    seen = look_for(case.facts.of_kind(*_OF_UNITS), "employer", "agency", "host")
    bearing = {
        o.document.document_id
        for o in seen.observations
        if is_trusted(rulebook, o.field) and compare_units(unit, o.text).agrees
    }
    others = Others(len(bearing), 1, is_misspelt=breaks_a_word(unit, merged.row.payer))
    return reads_differently(rulebook, unit, merged.row.payer, merged.row.confidence, others)


def check_declared_payer(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """六(二): the declared payer is on the paper; the applying unit itself is compared elsewhere."""
    declared = case.declaration.contributions
    last = last_paid(case)
    if declared is None or not declared.payer or last is None or not last.row.payer:
        return
    if is_personal(declared.payer, case.declaration.person.name):
        return
    units = applying_units(case, rulebook)
    if units and closest(units, declared.payer)[1].agrees:
        return
    verdict = compare_units(declared.payer, last.row.payer)
    if verdict.likeness is not Likeness.DIFFERENT or not required_window(case, rulebook):
        return
    if is_misread(case, rulebook, declared.payer, last):
        return
    papers = case.facts.of_kind(DocumentKind.SOCIAL_INSURANCE)
    yield from found(
        rulebook,
        "CONTRIBUTIONS_DECLARED_MISMATCH",
        "payer",
        subject="payer",
        declared=declared.payer,
        observed=last.row.payer,
        evidence=list(month_evidence(papers, last.document_id, last.row)),
        reason=verdict.reason,
    )


def check_province(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """六(二), 八(三): the months of the window were paid in the province."""
    required = required_window(case, rulebook)
    paid = [m for m in case.facts.months if m.row.month in required and m.row.status in PAID]
    places = {merged.row.month: where_paid(merged, rulebook) for merged in paid}
    papers = case.facts.of_kind(DocumentKind.SOCIAL_INSURANCE)
    for province in sorted({place for place in places.values() if place}):
        if province == rulebook.province.name:
            continue
        months = [m for m, place in places.items() if place == province]
        yield from found(
            rulebook,
            "CONTRIBUTIONS_OUTSIDE_PROVINCE",
            "outside" if _place_is_trusted(case, rulebook, months) else "doubtful",
            subject=province,
            declared=rulebook.province.name,
            observed=province,
            evidence=[
                *_province_evidence(case, province),
                *evidence_of_months(case, months),
            ],
            counterfactual=f"若这些月份在{rulebook.province.name}缴纳，则不提出",
            months=month_spans(months),
            province=rulebook.province.name,
        )
    if required and paid and not any(places.values()):
        yield from found(
            rulebook,
            "CONTRIBUTIONS_OUTSIDE_PROVINCE",
            "unknown",
            subject="province",
            declared=rulebook.province.name,
            evidence=[paper_evidence(paper, field="province") for paper in papers],
            province=rulebook.province.name,
        )


def where_paid(merged: MergedMonth, rulebook: Rulebook) -> str | None:
    """The province of a month: by its place as printed, else by its paper; None when neither says."""
    place = merged.row.place
    if place:
        if any(place.startswith(name) for name in rulebook.province.places):
            return rulebook.province.name
        if other := province_in(place):
            return other
    return province_name(merged.province) if merged.province else None


def _place_is_trusted(case: Case, rulebook: Rulebook, months: list[Month]) -> bool:
    """Read well: the paper's province, or the rows that name the place."""
    trusted = rulebook.reading.trusted_confidence
    rows = {merged.row.month: merged for merged in case.facts.months}
    for document in case.facts.of_kind(DocumentKind.SOCIAL_INSURANCE):
        field = document.field("province")
        if field and any(rows[m].document_id == document.document_id for m in months):
            return field.confidence >= trusted
    return all(rows[m].row.confidence >= trusted for m in months)


def _province_evidence(case: Case, province: str) -> list[FindingEvidence]:
    """Where papers say which province they are of."""
    return [
        e
        for document in case.facts.of_kind(DocumentKind.SOCIAL_INSURANCE)
        if (field := document.field("province")) and province_name(str(field.value)) == province
        for e in field_evidence(document, field)
    ]


def check_freelancer(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """五(一): whom an employer pays contributions for is no freelancer."""
    if case.declaration.employment.status is not EmploymentStatus.FREELANCE:
        return
    last = last_paid(case)
    name = case.declaration.person.name
    if last is None or is_personal(last.row.payer, name):
        return
    papers = case.facts.of_kind(DocumentKind.SOCIAL_INSURANCE)
    months = [
        m.row.month
        for m in case.facts.months
        if m.row.payer == last.row.payer and m.row.status is not MonthStatus.UNPAID
    ]
    trusted = last.row.confidence >= rulebook.reading.trusted_confidence
    yield from found(
        rulebook,
        "FREELANCER_HAS_EMPLOYER",
        "payer" if trusted else "doubtful",
        subject="payer",
        declared="自由职业",
        observed=last.row.payer,
        evidence=list(month_evidence(papers, last.document_id, last.row)),
        counterfactual="若社会保险以灵活就业身份缴纳，则不提出",
        months=month_spans(months),
        reason="读取把握不足",
    )


CHECKS = (check_payer, check_declared_payer, check_province, check_freelancer)
