"""Reads the registers: earlier recognitions, and established falsifications."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.intake import cells
from pipeline.intake.cells import Cell
from pipeline.intake.tables import Row, open_table
from pipeline.model.declaration import PriorRecognition, Sanction
from pipeline.model.dossier import IntakeError

_RECOGNITIONS = "registers/prior_recognitions.csv"
_SANCTIONS = "registers/sanctions.csv"
_ID = ("id_number", "身份证号", "身份证号码", "公民身份号码")


def _day(cell: Cell) -> date:
    return date.fromisoformat(cells.parse_date(cell))


@dataclass(frozen=True, slots=True)
class _Column:
    headers: tuple[str, ...]
    parse: Callable[[Cell], Any]


_RECOGNITION_COLUMNS = {
    "id_number": _Column(_ID, cells.parse_number),
    "level": _Column(("level", "级别", "职称级别", "认定级别"), cells.parse_title_level),
    "clause": _Column(
        ("clause", "route_clause", "routeclause", "条款", "认定条款", "依据条款"), cells.parse_text
    ),
    "decided_on": _Column(("decided_on", "认定日期", "批准日期"), _day),
}
_SANCTION_COLUMNS = {
    "id_number": _Column(_ID, cells.parse_number),
    "established_on": _Column(("established_on", "查实日期", "认定日期"), _day),
    "reason": _Column(("reason", "原因", "事由"), cells.parse_text),
}


@dataclass(slots=True)
class Registers:
    """Register rows by ID number, and what could not be read of them."""

    recognitions: dict[str, list[PriorRecognition]] = field(
        default_factory=lambda: defaultdict(list)
    )
    sanctions: dict[str, list[Sanction]] = field(default_factory=lambda: defaultdict(list))
    errors: list[IntakeError] = field(default_factory=list)

    def recognitions_of(self, id_number: str) -> tuple[PriorRecognition, ...]:
        return tuple(self.recognitions.get(same_number(id_number), ()))

    def sanctions_of(self, id_number: str) -> tuple[Sanction, ...]:
        return tuple(self.sanctions.get(same_number(id_number), ()))


def same_number(id_number: str) -> str:
    """An ID number as registers and declarations are joined by: no spaces, half-width, capital X."""
    return cells.parse_number(Cell(id_number))


def read_registers(folder: Path) -> Registers:
    """The registers of an intake folder; both are optional, and a bad row costs that row only."""
    registers = Registers()
    for values in _read(folder, _RECOGNITIONS, _RECOGNITION_COLUMNS, registers.errors):
        recognition = PriorRecognition(**values)
        registers.recognitions[recognition.id_number].append(recognition)
    for values in _read(folder, _SANCTIONS, _SANCTION_COLUMNS, registers.errors):
        sanction = Sanction(**values)
        registers.sanctions[sanction.id_number].append(sanction)
    return registers


def _read(
    folder: Path, file: str, columns: Mapping[str, _Column], errors: list[IntakeError]
) -> list[dict[str, Any]]:
    path = folder / file
    if not path.exists() and not path.is_symlink():
        return []
    table = open_table(path, file, frozenset(_ID))
    if isinstance(table, IntakeError):
        errors.append(table)
        return []
    places: dict[str, int] = {}
    for key, column in columns.items():
        found = [i for i, header in enumerate(table.headers) if header in column.headers]
        if len(found) != 1:
            what = "缺少" if not found else "重复"
            message = f"表头{what}“{column.headers[0]}”（或“{column.headers[1]}”）列，整张表未读取。请改正表头。"
            errors.append(
                IntakeError(
                    dossier_id=None, file=file, row=table.header_row, key=key, message=message
                )
            )
            return []
        places[key] = found[0]
    rows: list[dict[str, Any]] = []
    for row in table.rows():
        values = row if isinstance(row, IntakeError) else _values(row, file, columns, places)
        if isinstance(values, IntakeError):
            errors.append(values)
        else:
            rows.append(values)
    return rows


def _values(
    row: Row, file: str, columns: Mapping[str, _Column], places: Mapping[str, int]
) -> dict[str, Any] | IntakeError:
    values: dict[str, Any] = {}
    for key, column in columns.items():
        cell = row.cells[places[key]] if places[key] < len(row.cells) else Cell(None)
        try:
            if cell.is_blank:
                raise ValueError("是空的。请补填，否则本行不起作用。")
            values[key] = column.parse(cell)
        except ValueError as error:
            message = f"“{column.headers[1]}”：{error}"
            return IntakeError(dossier_id=None, file=file, row=row.number, key=key, message=message)
    return values
