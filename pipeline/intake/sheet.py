"""Reads `declarations.xlsx` or `declarations.csv`: one dossier a row, Chinese headers."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.intake import cells
from pipeline.intake.cells import Cell
from pipeline.intake.declaration import build_declaration
from pipeline.intake.tables import Row, Table, open_table
from pipeline.model.declaration import Declaration
from pipeline.model.dossier import IntakeError, IntakeNote

FILES = ("declarations.xlsx", "declarations.csv")
ID_HEADER = "申报编号"


@dataclass(frozen=True, slots=True)
class _Column:
    key: str
    parse: Callable[[Cell], Any]
    required: bool = False


_COLUMNS: dict[str, _Column] = {
    ID_HEADER: _Column("dossier_id", cells.parse_dossier_id, required=True),
    "申报日期": _Column("submitted_on", cells.parse_date, required=True),
    "申报通道": _Column("channel", cells.parse_channel, required=True),
    "申报级别": _Column("applied_level", cells.parse_title_level, required=True),
    "姓名": _Column("person.name", cells.parse_text, required=True),
    "身份证号": _Column("person.id_number", cells.parse_id_number, required=True),
    "性别": _Column("person.gender", cells.parse_gender),
    "出生日期": _Column("person.birth_date", cells.parse_partial_date),
    "曾用名": _Column("person.former_names", cells.parse_names),
    "学历": _Column("education.level", cells.parse_education_level, required=True),
    "学位": _Column("education.degree", cells.parse_degree),
    "毕业院校": _Column("education.institution", cells.parse_text, required=True),
    "所学专业": _Column("education.major", cells.parse_text, required=True),
    "学习形式": _Column("education.study_form", cells.parse_text),
    "入学日期": _Column("education.enrolled_on", cells.parse_partial_date),
    "毕业日期": _Column("education.graduated_on", cells.parse_partial_date, required=True),
    "毕业证书编号": _Column("education.diploma_number", cells.parse_number, required=True),
    "学位授予日期": _Column("education.degree_awarded_on", cells.parse_partial_date),
    "学位证书编号": _Column("education.degree_number", cells.parse_number),
    "国(境)外学历": _Column("education.foreign", cells.parse_yes),
    "工作单位": _Column("employment.employer", cells.parse_text),
    "统一社会信用代码": _Column("employment.employer_uscc", cells.parse_number),
    "用工形式": _Column("employment.status", cells.parse_status, required=True),
    "派遣单位": _Column("employment.dispatch_agency", cells.parse_text),
    "岗位": _Column("employment.position", cells.parse_text, required=True),
    "从事网络安全工作起始日期": _Column(
        "employment.security_work_since", cells.parse_partial_date, required=True
    ),
    "社保起始月": _Column("contributions.first_month", cells.parse_month),
    "社保截止月": _Column("contributions.last_month", cells.parse_month),
    "社保缴费单位": _Column("contributions.payer", cells.parse_text),
}
_SAME_HEADERS = {"身份证号码": "身份证号", "公民身份号码": "身份证号", "公民身份证号码": "身份证号"}
LABELS = {column.key: header for header, column in _COLUMNS.items()}
_SECTIONS = ("person", "education", "employment", "contributions")


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One row as declared: the dossier it is of, and its declaration or what is wrong with it."""

    dossier_id: str | None
    number: int
    declaration: Declaration | None
    errors: tuple[IntakeError, ...]
    notes: tuple[IntakeNote, ...] = ()


@dataclass(frozen=True, slots=True)
class Sheet:
    """The declarations sheet of a window, read a row at a time; only the ids are held in memory."""

    table: Table
    counts: Counter[str]
    """How many rows each dossier id has."""

    @property
    def file(self) -> str:
        return self.table.file

    def rows(self) -> Iterator[SheetRow | IntakeError]:
        """Every row, in order; errors of the file itself as they come."""
        for row in self.table.rows():
            yield row if isinstance(row, IntakeError) else _read_row(self.table, row)


def open_sheet(folder: Path) -> Sheet | IntakeError | None:
    """The declarations sheet of an intake folder; None when there is none."""
    present = [name for name in FILES if (folder / name).exists() or (folder / name).is_symlink()]
    if not present:
        old = folder / "declarations.xls"
        message = "不支持旧的 xls 格式，其中的申报未读取。请另存为 xlsx。"
        return (
            IntakeError(dossier_id=None, file=old.name, message=message) if old.exists() else None
        )
    if len(present) > 1:
        message = "declarations.xlsx 与 declarations.csv 同时存在，无法确定用哪一个，均未读取。请只保留一个。"
        return IntakeError(dossier_id=None, file=present[0], message=message)
    table = open_table(folder / present[0], present[0], frozenset({ID_HEADER}))
    if isinstance(table, IntakeError):
        return table
    headers = _known(table.headers)
    lacking = [h for h, column in _COLUMNS.items() if column.required and h not in headers]
    if lacking:
        message = f"表头缺少：{'、'.join(lacking)}。请补上这些列，整张表未读取。"
        return IntakeError(
            dossier_id=None,
            file=present[0],
            row=table.header_row,
            key=lacking[0],
            message=message,
        )
    return Sheet(table, _count_ids(table))


def _known(headers: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_SAME_HEADERS.get(header, header) for header in headers)


def _count_ids(table: Table) -> Counter[str]:
    column = _known(table.headers).index(ID_HEADER)
    counts: Counter[str] = Counter()
    for row in table.rows():
        if isinstance(row, Row) and column < len(row.cells):
            counts[_id_of(row.cells[column])] += 1
    return counts


def _id_of(cell: Cell) -> str:
    try:
        return cells.parse_dossier_id(cell)
    except ValueError:
        return ""


def _read_row(table: Table, row: Row) -> SheetRow:
    headers = _known(table.headers)
    dossier_id = _id_of(row.cells[headers.index(ID_HEADER)]) if row.cells else ""
    errors: list[IntakeError] = []

    def wrong(key: str | None, message: str) -> None:
        errors.append(
            IntakeError(
                dossier_id=dossier_id or None,
                file=table.file,
                row=row.number,
                key=key,
                message=message,
            )
        )

    if any(cell.text for cell in row.cells[len(headers) :]):
        wrong(None, "本行的列数多于表头，内容可能错列。请检查是否有未加引号的逗号。")
        return SheetRow(dossier_id or None, row.number, None, tuple(errors))
    content: dict[str, Any] = {section: {} for section in _SECTIONS}
    for header, cell in zip(headers, row.cells, strict=False):
        if header:
            _put(content, header, cell, wrong)
    if not any(value is not None for value in content["contributions"].values()):
        del content["contributions"]
    if errors:
        return SheetRow(dossier_id or None, row.number, None, tuple(errors))
    _fill_absent(content)
    built = build_declaration(content, LABELS)
    if isinstance(built, Declaration):
        return SheetRow(dossier_id, row.number, built, (), _doubts(table, row))
    for key, message in built:
        wrong(key, message)
    return SheetRow(dossier_id or None, row.number, None, tuple(errors))


def _doubts(table: Table, row: Row) -> tuple[IntakeNote, ...]:
    """Certificate numbers that a spreadsheet may have cut on their way into a CSV."""
    return tuple(
        IntakeNote(
            where=f"{table.file} 第 {row.number} 行",
            message=f"“{header}”以 000 结尾，请核对是否被表格软件丢失了末位。",
        )
        for header, cell in zip(_known(table.headers), row.cells, strict=False)
        if header in ("毕业证书编号", "学位证书编号") and cells.may_have_lost_digits(cell)
    )


def _put(
    content: dict[str, Any], header: str, cell: Cell, wrong: Callable[[str | None, str], None]
) -> None:
    """Writes one cell into the declaration's shape; a column nobody knows is kept as it is."""
    column = _COLUMNS.get(header)
    if column is None:
        if cell.text:
            content[f"{header}（列）" if header in Declaration.model_fields else header] = cell.text
        return
    if cell.text in cells.ERROR_VALUES:
        wrong(header, f"“{header}”是表格的错误值（{cell.text}）。请改正公式或直接填写。")
    elif cell.is_blank:
        if column.required:
            wrong(header, f"缺少必填项“{header}”。请补填。")
    else:
        try:
            value = column.parse(cell)
        except ValueError as error:
            wrong(header, f"“{header}”：{error}")
            return
        section, _, name = column.key.rpartition(".")
        (content[section] if section else content)[name] = value


def _fill_absent(content: dict[str, Any]) -> None:
    """What the contract wants spelled out even where there is nothing."""
    content["education"].setdefault("degree", None)
    content["employment"].setdefault("employer", None)
