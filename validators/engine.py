"""All checks over one dossier, in an order that depends on nothing but what was found."""

from collections.abc import Callable, Iterable

from pipeline.model.dossier import Case
from pipeline.model.finding import Finding, Severity
from validators import (
    certificate_numbers,
    contributions,
    education,
    eligibility,
    employer_papers,
    employment,
    identity,
    integrity,
    majors,
    materials,
    payers,
    records,
    registers,
    shared,
    study,
    window,
)
from validators.catalogue import CATALOGUE
from validators.intact import intact
from validators.rulebook_model import Rulebook

Check = Callable[[Case, Rulebook], Iterable[Finding]]

CHECKS: tuple[Check, ...] = (
    *materials.CHECKS,
    *identity.CHECKS,
    *education.CHECKS,
    *certificate_numbers.CHECKS,
    *records.CHECKS,
    *study.CHECKS,
    *majors.CHECKS,
    *contributions.CHECKS,
    *payers.CHECKS,
    *employment.CHECKS,
    *employer_papers.CHECKS,
    *eligibility.CHECKS,
    *registers.CHECKS,
    *window.CHECKS,
    *integrity.CHECKS,
    *shared.CHECKS,
)

_CODES = {code: place for place, code in enumerate(CATALOGUE)}
_SEVERITIES = {severity: place for place, severity in enumerate(Severity)}


def run_checks(case: Case, rulebook: Rulebook) -> tuple[Finding, ...]:
    """Every finding of the dossier, one per code and subject, gravest first, then by code.

    The order of documents does not matter: the same papers give the same findings.
    """
    case = in_order(case)
    findings: dict[tuple[str, str], Finding] = {}
    for check in CHECKS:
        for finding in check(case, rulebook):
            key = (finding.code, finding.subject)
            known = findings.get(key)
            if known is None or _place(finding) < _place(known):
                findings[key] = finding
    return tuple(sorted(findings.values(), key=_place))


def in_order(case: Case) -> Case:
    """The case with its papers in one fixed order, whatever order they came in."""
    case = intact(case)
    facts = case.facts
    ordered = facts.model_copy(
        update={
            "documents": tuple(sorted(facts.documents, key=lambda d: (d.file, d.pages))),
            "quarantined": tuple(sorted(facts.quarantined, key=lambda q: q.file)),
            "months": tuple(sorted(facts.months, key=lambda m: m.row.month)),
            "repeated_pages": tuple(sorted(facts.repeated_pages)),
        }
    )
    by_subject = tuple(sorted(case.shared, key=lambda s: (s.kind, s.subject)))
    return case.model_copy(update={"facts": ordered, "shared": by_subject})


def _place(finding: Finding) -> tuple[int, int, str, str]:
    return (
        _SEVERITIES[finding.severity],
        _CODES[finding.code],
        finding.subject,
        finding.message,
    )
