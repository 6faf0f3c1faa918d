"""Every declared value beside what the papers say, grouped by what they say.

This only lays values side by side; whether a difference matters is for the checks to say.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.model.declaration import Declaration
from pipeline.model.kinds import KIND_LABELS
from pipeline.model.report import Report
from pipeline.report.marks import field_anchor
from pipeline.report.wording import field_label


@dataclass(frozen=True, slots=True)
class Said:
    """One value (None: could not be read), and the papers that say it as (label, link) pairs."""

    value: str | None
    is_declared: bool
    papers: tuple[tuple[str, str | None], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One declared value (None when the applicant declared none) and what the papers say."""

    label: str
    declared: str | None
    said: tuple[Said, ...]


_DATES = frozenset({"birth_date", "enrolled_on", "graduated_on", "degree_awarded_on"})
_ALSO: dict[str, tuple[str, ...]] = {
    "name": ("name", "employee"),
    "id_number": ("id_number", "employee_id_number"),
    "employer": ("employer", "host"),
}


def view_agreement(report: Report, declaration: Declaration) -> tuple[Row, ...]:
    """One row for each declared value that a paper also carries, or could."""
    rows = []
    for name, declared in _declared(declaration):
        said = _said(report, name, declared)
        if declared is not None or said:
            rows.append(Row(label=field_label(name), declared=declared, said=said))
    payer = declaration.contributions.payer if declaration.contributions else None
    last = report.contributions.last_payer
    if payer or last:
        papers = (("最后缴费单位", "#contributions"),)
        found = (Said(last, last == payer, papers),) if last else ()
        rows.append(Row(label="社保缴费单位", declared=payer, said=found))
    return tuple(rows)


def _declared(declaration: Declaration) -> Iterator[tuple[str, str | None]]:
    person, education, work = declaration.person, declaration.education, declaration.employment
    yield "name", person.name
    yield "id_number", person.id_number
    yield "gender", person.gender
    yield "birth_date", person.birth_date
    yield "level", education.level
    yield "degree", education.degree
    yield "institution", education.institution
    yield "major", education.major
    yield "study_form", education.study_form
    yield "enrolled_on", education.enrolled_on
    yield "graduated_on", education.graduated_on
    yield "diploma_number", education.diploma_number
    yield "degree_awarded_on", education.degree_awarded_on
    yield "degree_number", education.degree_number
    yield "employer", work.employer
    yield "employer_uscc", work.employer_uscc
    yield "agency", work.dispatch_agency
    yield "position", work.position


def _said(report: Report, name: str, declared: str | None) -> tuple[Said, ...]:
    groups: dict[str | None, list[tuple[str, str | None]]] = {}
    for index, document in enumerate(report.documents):
        for field_name in _ALSO.get(name, (name,)):
            field = document.fields.get(field_name)
            if field is None:
                continue
            if field.value is None or isinstance(field.value, str):
                href = f"#{field_anchor(index, field_name, 0)}" if field.evidence else None
                groups.setdefault(field.value, []).append((KIND_LABELS[document.kind], href))
    return tuple(
        Said(value, _agrees(name, value, declared), tuple(papers))
        for value, papers in groups.items()
    )


def _agrees(name: str, value: str | None, declared: str | None) -> bool:
    if declared is None or value is None:
        return False
    if name in _DATES:
        return value.startswith(declared) or declared.startswith(value)
    return value == declared
