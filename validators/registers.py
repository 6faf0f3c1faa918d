"""What registers say of the applicant: recognised before (三(四)), barred for a time (八(四))."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipeline.model.declaration import EducationLevel, PriorRecognition, TitleLevel
from pipeline.model.dossier import Case
from pipeline.model.finding import Finding
from validators.findings import applied, found
from validators.matching.characters import fold
from validators.matching.numbers import compare_id_numbers
from validators.rulebook_model import ConditionRule, Rulebook
from validators.schooling import graduation

_ORDER = tuple(EducationLevel)


@dataclass(frozen=True, slots=True)
class Bar:
    """An earlier recognition that stands against a level. Not certain when schooling may be higher."""

    prior: PriorRecognition
    clause: str
    is_certain: bool


def bar_on(level: TitleLevel, case: Case, rulebook: Rulebook) -> Bar | None:
    """The earlier recognition that bars `level`, or None (三(四), 三-末)."""
    number = case.declaration.person.id_number
    for rule in rulebook.conditions:
        if level not in rule.bars_levels:
            continue
        for prior in sorted(case.prior_recognitions, key=lambda p: p.decided_on, reverse=True):
            if _is_clause(prior.clause, rule.clause) and _is_of(prior.id_number, number):
                since = _higher_since(prior.decided_on, rule, case, rulebook)
                return None if since else Bar(prior, rule.clause, since is False)
    return None


def _is_clause(written: str, clause: str) -> bool:
    return fold(written).replace("第", "") == fold(clause)


def _is_of(registered: str, declared: str) -> bool:
    return compare_id_numbers(declared, registered).agrees


def _higher_since(
    decided: date, rule: ConditionRule, case: Case, rulebook: Rulebook
) -> bool | None:
    """Whether a higher schooling was obtained after the decision.

    None: a schooling that the condition itself names was obtained since, which is higher only if
    the one recognised then was lower; the register does not say which it was.
    """
    education = case.declaration.education
    obtained = graduation(case, rulebook)
    if education.degree_awarded_on and education.degree_awarded_on.latest > obtained.latest:
        obtained = education.degree_awarded_on
    if obtained.latest <= decided:
        return False
    named = [level for way in rule.schooling for level in way.education]
    rank = _ORDER.index(education.level)
    if rank > max((_ORDER.index(level) for level in named), default=-1):
        return True
    return None if rank > min(_ORDER.index(level) for level in named) else False


def check_prior_recognition(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """三(四): whoever was recognised by it does not ask for the barred level on the same schooling."""
    level = case.declaration.applied_level
    bar = bar_on(level, case, rulebook)
    if bar is None:
        return
    yield from found(
        rulebook,
        "PRIOR_RECOGNITION_BARS",
        "barred" if bar.is_certain else "unclear",
        subject=bar.prior.decided_on.isoformat(),
        declared=level,
        observed=f"{bar.prior.decided_on}，{bar.clause}，{bar.prior.level}",
        counterfactual=f"若{bar.prior.decided_on}之后取得更高学历或学位（{rulebook.renewal_clause}），则不提出",
        clause=bar.clause,
        decided=bar.prior.decided_on,
        level=level,
    )


def check_sanctions(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """八(四): no application within the years after the day it was established."""
    submitted = case.declaration.submitted_on
    number = case.declaration.person.id_number
    for sanction in sorted(case.sanctions, key=lambda s: s.established_on):
        until = _years_later(sanction.established_on, rulebook.sanction.years)
        if not _is_of(sanction.id_number, number) or submitted >= until:
            continue
        yield from found(
            rulebook,
            "SANCTION_IN_FORCE",
            "in_force",
            subject=sanction.established_on.isoformat(),
            declared=applied(case.declaration),
            observed=sanction.established_on.isoformat(),
            counterfactual=f"若申请日为{until}或以后，则不提出",
            clause=rulebook.sanction.clause,
            established=sanction.established_on,
            until=until,
        )


def _years_later(day: date, years: int) -> date:
    """The same day `years` later; 29 February becomes 1 March, so that the time is never short."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)


CHECKS = (check_prior_recognition, check_sanctions)
