"""Insured relations: tables that say which unit insured the person from when to when (湖南, 2.6)."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from extractors.employers import ends_like_employer, parse_employer
from extractors.months import FoundPeriod, find_periods
from extractors.social_insurance.payers import Payer, clean_unit_name
from extractors.social_insurance.statuses import insurance_of
from extractors.tables import Piece, Sheet, evidence_of
from pipeline.model.document import ContributionMonth, Evidence, MonthStatus

_UNIT_NUMBER = re.compile(r"\d{6,20}")


@dataclass(frozen=True, slots=True)
class Relation:
    """One unit that insured the person over a period, of one insurance ("" when not said)."""

    unit: str
    insurance: str
    period: FoundPeriod
    evidence: Evidence


def with_related_payers(
    months: Sequence[ContributionMonth], sheets: Sequence[Sheet]
) -> list[ContributionMonth]:
    """The months, those without a payer given the one unit that insured the person then.

    Where several units cover a month, its payer stays open. A month that nobody paid has none.
    """
    if all(_is_settled(m) for m in months):
        return list(months)
    relations = [r for sheet in sheets for r in _relations_on(sheet)]
    return [m if _is_settled(m) else _with_payer(m, relations) for m in months]


def _is_settled(month: ContributionMonth) -> bool:
    return bool(month.payer) or month.status is MonthStatus.UNPAID


def _with_payer(month: ContributionMonth, relations: Sequence[Relation]) -> ContributionMonth:
    fitting = [
        r
        for r in relations
        if r.insurance in (month.insurance, "") and r.period.first <= month.month <= r.period.last
    ]
    if len({r.unit for r in fitting}) != 1:
        return month
    relation = fitting[0]
    return month.model_copy(
        update={"payer": relation.unit, "evidence": (*month.evidence, relation.evidence)}
    )


def numbered_units(sheets: Sequence[Sheet]) -> list[tuple[Payer, Evidence]]:
    """The units of a table whose rows hold a unit's number and its name (参保单位情况), each with
    where it stands."""
    found: dict[str, tuple[Payer, Evidence]] = {}
    for sheet in sheets:
        for piece in sheet.pieces:
            number = "".join(piece.text.split())
            if not _UNIT_NUMBER.fullmatch(number):
                continue
            row = [
                p for p in sheet.pieces if abs(p.y - piece.y) < 0.6 * max(p.height, piece.height)
            ]
            units = [p for p in row if _is_unit(p)]
            if len(units) == 1:
                name = clean_unit_name("".join(units[0].text.split()))
                found.setdefault(
                    number, (Payer(number, name, 0, 0), evidence_of(sheet, [piece, *units]))
                )
    return list(found.values())


def _relations_on(sheet: Sheet) -> list[Relation]:
    """Rows that hold a unit's name and a single period."""
    found: list[Relation] = []
    for piece in sheet.pieces:
        periods = find_periods(piece.text)
        if len(periods) != 1:
            continue
        row = [p for p in sheet.pieces if abs(p.y - piece.y) < 0.6 * max(p.height, piece.height)]
        units = [p for p in row if _is_unit(p)]
        if len(units) == 1:
            said = [name for p in row if (name := insurance_of(p.text))]
            found.append(
                Relation(
                    unit=clean_unit_name("".join(units[0].text.split())),
                    insurance=said[0] if len(said) == 1 else "",
                    period=periods[0],
                    evidence=evidence_of(sheet, [*units, piece]),
                )
            )
    return found


def _is_unit(piece: Piece) -> bool:
    name = parse_employer(piece.text)
    return piece.text.startswith("灵活就业") or (name is not None and ends_like_employer(name))
