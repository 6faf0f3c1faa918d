"""Which conditions of the notice a schooling fits."""

from pipeline.model.declaration import Education
from pipeline.model.dossier import Case
from validators.rulebook_model import ConditionRule, Rulebook, Schooling


def fits(schooling: Schooling, education: Education) -> bool:
    """True when the declared schooling is the one asked for (a form not declared may be any)."""
    if schooling.education and education.level not in schooling.education:
        return False
    if schooling.degree is not None and education.degree is not schooling.degree:
        return False
    form = education.study_form
    return not schooling.study_forms or form is None or form in schooling.study_forms


def fits_condition(condition: ConditionRule, education: Education) -> bool:
    """True when schooling and year of graduation are those of the condition."""
    month = education.graduated_on.month
    if condition.graduated_from and month < condition.graduated_from:
        return False
    if condition.graduated_to and month > condition.graduated_to:
        return False
    return any(fits(schooling, education) for schooling in condition.schooling)


def fitting_conditions(case: Case, rulebook: Rulebook) -> tuple[ConditionRule, ...]:
    """Conditions of the applied level that the declared schooling fits."""
    declaration = case.declaration
    return tuple(
        condition
        for condition in rulebook.conditions
        if condition.level is declaration.applied_level
        and fits_condition(condition, declaration.education)
    )
