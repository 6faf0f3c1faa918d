"""Contribution months from the rows of a table: status, payer, base, place, with evidence."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from extractors.confidence import Grammar, field_confidence
from extractors.dates import parse_date
from extractors.employers import ends_like_employer
from extractors.folding import compact
from extractors.months import read_month_cell
from extractors.social_insurance.headers import AMOUNTS, Role
from extractors.social_insurance.monthtable import MonthRow, MonthTable
from extractors.social_insurance.namesakes import DOUBTED_NAME, MENDED, PrintedName, elected_names
from extractors.social_insurance.payers import Payer, clean_unit_name, payer_of
from extractors.social_insurance.statuses import (
    INJURY,
    MEDICAL,
    PENSION,
    UNEMPLOYMENT,
    amount_of,
    insurance_of,
    is_dash,
    is_illegible,
    is_numeric_place,
    is_refund,
    person_share_fits,
    state_of,
    status_of,
    worn_state_of,
)
from extractors.tables import Piece, confidence_of, evidence_of, text_of
from extractors.unit_names import UNSURE
from pipeline.model.document import ContributionMonth, Evidence, MonthStatus
from pipeline.model.values import Month

LATE_AFTER_MONTHS = 2
"""A contribution that arrives this many months after its month was paid late (实收时间)."""

_PAID_IN = (Role.UNIT_PART, Role.PERSON_PART, Role.AMOUNT)
COUNTED = (PENSION, UNEMPLOYMENT, INJURY)
_EDGE = 0.4
_NOT_A_UNIT = re.compile(r"^[\d.,\-/—]*$")
_PENSION = re.compile(r"养老|基本(?:养.|.老)保险")
"""养老 among others, or with one of its characters misread."""
_ROW_NUMBER = re.compile(r"\d{1,3}")
PAYER_DOUBTED = 0.97
"""A cell read with less certainty may hold a misread character."""
DOUBT = 0.93
_BLANK = 0.95


@dataclass(frozen=True, slots=True)
class Paper:
    """What the whole paper says that its rows need: payers of its note, evidence of their names, which
    of these were read with some doubt."""

    payers: tuple[Payer, ...]
    payer_evidence: dict[str, tuple[Evidence, ...]]
    insurance: str
    """The insurance the whole paper is of, where rows and columns do not say ("" when open)."""
    doubted: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _Verdict:
    status: MonthStatus
    confidence: float


def months_of_table(table: MonthTable, paper: Paper) -> list[ContributionMonth]:
    """The rows of basic insurances (养老 decides; 失业, 工伤 only where rows are theirs), top to bottom."""
    names = [c.insurance for c in table.columns if c.insurance]
    units = _named_units(table)
    found: list[tuple[MonthRow, ContributionMonth]] = []
    for row, unit in zip(table.rows, units, strict=True):
        insurance = _insurance_of_row(table, row, names, paper)
        if insurance in (*COUNTED, "") or (insurance == MEDICAL == paper.insurance):
            found.append((row, _month(table, row, insurance, paper, unit)))
    return _without_refunds(table, found)


@dataclass(frozen=True, slots=True)
class _NamedUnit:
    """The unit that a row names: the name that all rows of that unit elected ("" where they could not
    settle a character of it), whether the row itself reads otherwise, and whether a character of the
    name was read with some doubt in all of them."""

    name: str
    is_mended: bool
    is_doubted: bool


def _named_units(table: MonthTable) -> list[_NamedUnit | None]:
    """The units that the rows name, one a row; None where a row names none."""
    cells = [_without_number(table.cell(row, Role.UNIT_NAME)) for row in table.rows]
    texts = [clean_unit_name("".join(text_of(cell).split())) for cell in cells]
    named = [i for i, text in enumerate(texts) if text and not _NOT_A_UNIT.fullmatch(text)]
    units: list[_NamedUnit | None] = [None] * len(cells)
    for elected in elected_names([PrintedName.of(cells[i]) for i in named]):
        name = clean_unit_name(elected.text) if elected.is_settled else ""
        for i in (named[k] for k in elected.prints):
            units[i] = _NamedUnit(
                name,
                is_mended=compact(name) != compact(texts[i]),
                is_doubted=elected.weakest < UNSURE,
            )
    return units


def _without_number(cell: Sequence[Piece]) -> Sequence[Piece]:
    """A cell without the number of its row, whose own column was not told apart."""
    return cell[1:] if len(cell) > 1 and _ROW_NUMBER.fullmatch(compact(cell[0].text)) else cell


def _without_refunds(
    table: MonthTable, rows: Sequence[tuple[MonthRow, ContributionMonth]]
) -> list[ContributionMonth]:
    """The months; one that was paid and given back is `unknown`, unless more was paid than given back."""
    paid: dict[tuple[Month, str], Decimal] = {}
    refunded: set[tuple[Month, str]] = set()
    for row, month in rows:
        key = (month.month, month.insurance)
        parts = AMOUNTS if not table.has(*_PAID_IN) else _PAID_IN
        money = _money([table.cell(row, role, _group(table, month.insurance)) for role in parts])
        paid[key] = paid.get(key, Decimal(0)) + (money or Decimal(0))
        if (money is not None and money < 0) or _says_refund(table, row):
            refunded.add(key)
    kept: list[ContributionMonth] = []
    for _, month in rows:
        key = (month.month, month.insurance)
        if key not in refunded:
            kept.append(month)
        elif paid[key] <= 0 or not any(c.role in AMOUNTS for c in table.columns):
            kept.append(month.model_copy(update={"status": MonthStatus.UNKNOWN}))
        elif month.status is not MonthStatus.UNKNOWN:
            kept.append(month)
    return kept


def _says_refund(table: MonthTable, row: MonthRow) -> bool:
    cells = (
        *table.cell(row, Role.STATUS),
        *table.cell(row, Role.TYPE),
        *table.cell(row, Role.OTHER),
    )
    return is_refund(text_of(cells))


def _group(table: MonthTable, insurance: str) -> str:
    """The heading that the insurance's columns stand under ("" where there is none)."""
    return insurance if any(c.insurance == insurance for c in table.columns) else ""


def _insurance_of_row(
    table: MonthTable, row: MonthRow, names: Sequence[str], paper: Paper
) -> str | None:
    """What insurance the row is of; None when it is of none that counts."""
    cell = table.cell(row, Role.INSURANCE)
    if cell and not any(c.insurance for c in table.columns):
        said = insurance_of(text_of(cell))
        return said or (PENSION if _PENSION.search(compact(text_of(cell))) else None)
    if names:
        unnamed = any(c.role in AMOUNTS and not c.insurance for c in table.columns)
        if unnamed and PENSION not in names:
            return paper.insurance
        counted = next((n for n in COUNTED if n in names), None)
        return counted or (MEDICAL if MEDICAL in names else None)
    return paper.insurance


def _month(
    table: MonthTable, row: MonthRow, insurance: str, paper: Paper, unit: _NamedUnit | None
) -> ContributionMonth:
    group = _group(table, insurance)
    verdict = _verdict(table, row, group)
    payer, payer_cell = (unit.name, True) if unit else _payer(table, row, paper)
    base_cell = table.cell(row, Role.BASE, group)
    base = _base(table, row, group)
    place = compact(text_of(table.cell(row, Role.PLACE, group)))
    used = row.row.pieces
    evidence = (evidence_of(table.sheet, used), *paper.payer_evidence.get(payer, ()))
    doubt = 0.9 if base_cell and not base else 1.0
    if payer == "" and payer_cell:
        doubt *= 0.9
    if confidence_of(table.cell(row, Role.UNIT_NAME)) < PAYER_DOUBTED:
        doubt *= DOUBT
    if unit and unit.is_mended:
        doubt *= MENDED
    if payer in paper.doubted or (unit and unit.is_doubted):
        doubt *= DOUBTED_NAME
    return ContributionMonth(
        month=row.month,
        status=verdict.status,
        payer=payer if verdict.status is not MonthStatus.UNPAID or payer_cell else "",
        base=base,
        insurance=insurance,
        place=place,
        confidence=round(verdict.confidence * doubt, 4),
        evidence=evidence,
    )


def _verdict(table: MonthTable, row: MonthRow, group: str) -> _Verdict:
    """The month's status, and how sure it is; what is there but cannot be read is unknown."""
    key, repaired = row.row.key, bool(row.repairs)
    sure = field_confidence(key.confidence, 1.0, Grammar.CLOSED, repaired=repaired)
    status_cell = table.cell(row, Role.STATUS, group)
    arrival_cell = table.cell(row, Role.ARRIVAL, group)
    amounts = [table.cell(row, role, group) for role in AMOUNTS]
    money = _money(amounts)
    if status_cell and not is_dash(text_of(status_cell)):
        text = text_of(status_cell)
        word = state_of(text) or worn_state_of(text) or _state_thought_of(status_cell)
        repaired = repaired or (word is not None and state_of(text) is None)
        if word is None and is_illegible(text) and _came_in(arrival_cell, money):
            word, repaired = MonthStatus.PAID, True
        if word is None:
            return _Verdict(MonthStatus.UNKNOWN, sure)
        reading = confidence_of((*status_cell, key))
        if word is MonthStatus.PAID and _is_late(table, row, group):
            word, reading = MonthStatus.LATE, min(reading, confidence_of(arrival_cell))
        if word is MonthStatus.PAID and money is not None and money < 0:
            word = MonthStatus.UNKNOWN
        return _Verdict(word, field_confidence(reading, 1.0, Grammar.CLOSED, repaired=repaired))
    if status_of(text_of(arrival_cell)) is MonthStatus.UNPAID:
        return _Verdict(MonthStatus.UNPAID, sure)
    awaited = not arrival_cell and any(table.cell(r, Role.ARRIVAL, group) for r in table.rows)
    if awaited and money is not None:
        return _Verdict(MonthStatus.UNKNOWN, sure)
    if money is not None and money > 0:
        read = [cell for cell in amounts if cell]
        reading = min(key.confidence, max(confidence_of(cell) for cell in read))
        grammar = Grammar.CHECKED if _arithmetic(table, row, group) else Grammar.CLOSED
        is_late = _is_late(table, row, group)
        status = MonthStatus.LATE if is_late else MonthStatus.PAID
        doubt = DOUBT if is_late and confidence_of(arrival_cell) < PAYER_DOUBTED else 1.0
        return _Verdict(status, field_confidence(reading, doubt, grammar, repaired=repaired))
    if money is not None and money < 0:
        return _Verdict(MonthStatus.UNKNOWN, sure)
    if not table.has(*AMOUNTS, Role.STATUS):
        word = status_of(text_of(table.cell(row, Role.TYPE, group)))
        word = MonthStatus.LATE if word is not None and _is_late(table, row, group) else word
        if word is not None:
            return _Verdict(word, sure)
    return _blank(table, row, group, sure, has_zero=money is not None)


def _state_thought_of(cell: Sequence[Piece]) -> MonthStatus | None:
    """The status that a cell of states says with one of its characters as the recogniser thought of it as
    well, where all that it thought of says the same (文缴, where 文 may be 实)."""
    printed = PrintedName.of(cell)
    said = {
        status
        for i, others in enumerate(printed.others)
        for other in others
        if (status := state_of(printed.text[:i] + other + printed.text[i + 1 :]))
    }
    return said.pop() if len(said) == 1 else None


def _came_in(arrival: Sequence[Piece], money: Decimal | None) -> bool:
    """True when an amount and the day on which it came in stand in the row."""
    return money is not None and money > 0 and _arrived(arrival) is not None


def _is_late(table: MonthTable, row: MonthRow, group: str) -> bool:
    """True when the kind, a remark or the arrival cell says 补缴, or the money came months later."""
    arrival = table.cell(row, Role.ARRIVAL, group)
    cells = (arrival, table.cell(row, Role.TYPE, group), table.cell(row, Role.OTHER, group))
    says_late = any(status_of(text_of(cell)) is MonthStatus.LATE for cell in cells)
    return says_late or _arrived_late(row.month, arrival)


def _money(cells: Sequence[Sequence[Piece]]) -> Decimal | None:
    """The greatest amount of a row, the least where one is negative (a refund); None when there is none."""
    amounts = [a for cell in cells for p in cell if (a := amount_of(p.text)) is not None]
    return min(amounts) if any(a < 0 for a in amounts) else max(amounts, default=None)


def _blank(
    table: MonthTable, row: MonthRow, group: str, sure: float, *, has_zero: bool
) -> _Verdict:
    """A row with no amount: unpaid when it was seen to be blank, unknown when it could not be seen.

    Blank is believed when nothing was detected in the row's amount cells while the amounts of
    other rows in these columns were read; something unreadable there, or something large laid over
    them (a seal), leaves the month open.
    """
    columns = [
        i for i, c in enumerate(table.columns)
        if c.role in (*AMOUNTS, Role.ARRIVAL, Role.STATUS) and c.insurance in (group, "")
    ]  # fmt: skip
    there = [p for i in columns for p in row.row.cells[i] if not is_dash(p.text)]
    unread = [p for p in there if amount_of(p.text) is None]
    dashed = any(is_dash(p.text) for i in columns for p in row.row.cells[i])
    others = any(
        amount_of(p.text)
        for other in table.rows
        if other is not row
        for i in columns
        for p in other.row.cells[i]
    )
    if not columns or unread or _is_covered(table, row, columns) or _is_cut(table, row):
        return _Verdict(MonthStatus.UNKNOWN, sure)
    if dashed or has_zero or others or _others_blank_too(table, row):
        return _Verdict(MonthStatus.UNPAID, round(sure * _BLANK, 4))
    return _Verdict(MonthStatus.UNKNOWN, sure)


def _others_blank_too(table: MonthTable, row: MonthRow) -> bool:
    """True when the row's unit or place was read, so that the row as a whole was seen."""
    return (
        bool(table.cell(row, Role.UNIT_NUMBER) or table.cell(row, Role.PLACE))
        and len(table.rows) > 1
    )


def _is_cut(table: MonthTable, row: MonthRow) -> bool:
    """True when the row stands right at the upper or lower edge of its page: a screenshot or a page
    end may have cut its cells off."""
    _, top, _, bottom = row.row.key.rect
    edge = _EDGE * (bottom - top)
    return top < edge or bottom > table.sheet.page.upright_height - edge


def _is_covered(table: MonthTable, row: MonthRow, columns: Sequence[int]) -> bool:
    """True when a piece much higher than the row, or one that belongs to no row, lies over its cells."""
    key = row.row.key
    x0 = min(table.columns[i].x0 for i in columns)
    x1 = max(table.columns[i].x1 for i in columns)
    over = [p for p in table.sheet.pieces if p.height > 1.9 * key.height] + list(table.unkeyed)
    return any(
        p.x0 < x1 and p.x1 > x0 and abs(p.y - key.y) < (p.height + key.height) / 2
        for p in over
        if not is_numeric_place(p.text)
    )


def _arrived(cell: Sequence[Piece]) -> Month | None:
    """The month in which money came in, by the cell of its arrival."""
    text = compact(text_of(cell))
    date = parse_date(text) if text else None
    single = read_month_cell(text) if text and date is None else None
    return date.value.month if date else single.month if single else None


def _arrived_late(month: Month, cell: Sequence[Piece]) -> bool:
    arrived = _arrived(cell)
    return arrived is not None and arrived.ordinal - month.ordinal >= LATE_AFTER_MONTHS


def _arithmetic(table: MonthTable, row: MonthRow, group: str) -> bool:
    """True when base and personal part were both read and bear each other out."""
    base = amount_of(text_of(table.cell(row, Role.BASE, group)))
    person = amount_of(text_of(table.cell(row, Role.PERSON_PART, group)))
    return base is not None and person is not None and person_share_fits(base, person)


def _base(table: MonthTable, row: MonthRow, group: str) -> str:
    """The base as printed; "" when blank or not readable as an amount.

    A lost decimal point is put back when the personal part says where it stood.
    """
    text = compact(text_of(table.cell(row, Role.BASE, group)))
    base = amount_of(text)
    if base is None or (base == 0 and "." not in text and len(text) > 1):
        return ""
    person = amount_of(text_of(table.cell(row, Role.PERSON_PART, group)))
    if (
        person is not None
        and "." not in text
        and len(text) > 4
        and person_share_fits(base / 100, person)
    ):
        return f"{base / 100:.2f}"
    return str(base)


def _payer(table: MonthTable, row: MonthRow, paper: Paper) -> tuple[str, bool]:
    """The name of the unit whose number the row prints ("" when the paper does not say or it cannot be
    told), and whether the row printed one at all. A number that was not detected is that of the only
    unit of the note."""
    number_cell = table.cell(row, Role.UNIT_NUMBER)
    number = compact(text_of(number_cell)) or compact(text_of(table.cell(row, Role.UNIT_NAME)))
    if not number:
        only = (
            paper.payers[0].name if len(paper.payers) == 1 and table.has(Role.UNIT_NUMBER) else ""
        )
        return only, False
    found = payer_of(number, paper.payers)
    is_told = found and (ends_like_employer(found.name) or found.name.startswith("灵活就业"))
    return (found.name if found and is_told else ""), True
