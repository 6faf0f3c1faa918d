"""When it was applied: the window, and the months of contributions it asks for."""

from collections.abc import Iterator

from pipeline.model.declaration import Channel, Degree, EducationLevel
from pipeline.model.dossier import Case
from pipeline.model.finding import Finding
from pipeline.model.values import Month
from validators.findings import applied, found
from validators.rulebook_model import Rulebook


def check_submission(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """四: applied within the window. The local channel has its own dates."""
    declaration, window = case.declaration, case.window
    if declaration.channel is Channel.LOCAL:
        return
    if window.opens_on <= declaration.submitted_on <= window.closes_on:
        return
    nearest = min(max(declaration.submitted_on, window.opens_on), window.closes_on)
    yield from found(
        rulebook,
        "SUBMITTED_OUTSIDE_WINDOW",
        "outside",
        subject="submitted_on",
        declared=applied(declaration),
        observed=f"{window.opens_on}至{window.closes_on}",
        counterfactual=f"若申请日为{nearest}，则不提出",
        applied=applied(declaration),
        opens=window.opens_on,
        closes=window.closes_on,
    )


def is_exempt(case: Case, rulebook: Rulebook) -> bool:
    """True when the notice asks no contributions of this schooling at this level (六(二))."""
    education, level = case.declaration.education, case.declaration.applied_level
    for exemption in rulebook.exemptions:
        name = exemption.when_parameter
        if name is not None and not rulebook.parameters.is_on(name):
            continue
        if level in exemption.levels and (
            _is_one_of(education.level, exemption.education)
            or _is_one_of(education.degree, exemption.degrees)
        ):
            return True
    return False


def _is_one_of(
    value: EducationLevel | Degree | None, accepted: tuple[EducationLevel | Degree, ...]
) -> bool:
    return value is not None and value in accepted


def window_months(case: Case, rulebook: Rulebook) -> tuple[Month, ...]:
    """The months in a row that must be paid, whoever is asked for them."""
    submitted = case.declaration.submitted_on
    month = Month.of(submitted.year, submitted.month)
    including = rulebook.parameters.contributions_window == "including_application_month"
    last = month if including else month.plus(-1)
    count = rulebook.contributions.months
    return Month.span(last.plus(1 - count), last) if count else ()


def required_window(case: Case, rulebook: Rulebook) -> tuple[Month, ...]:
    """The months the applicant must show as paid; none when exempt (六(二))."""
    return () if is_exempt(case, rulebook) else window_months(case, rulebook)


CHECKS = (check_submission,)
