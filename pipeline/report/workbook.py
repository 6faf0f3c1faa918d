"""`summary.xlsx`: the window as a workbook that a clerk sorts and filters.

Every cell holds text or a small number, never a formula: text that begins like one is marked as
text. The same rows give the same bytes, so the archive carries no time of writing.
"""

import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from pipeline.model.dossier import IntakeError
from pipeline.model.report import Route
from pipeline.report.rows import RowSource, as_source
from pipeline.report.summary import SummaryRow, Unreported
from pipeline.report.wording import OUTCOME_LABELS, ROUTE_LABELS, ROUTE_SIGNS, SEVERITY_LABELS

Cell = str | int | None
Table = tuple[str, tuple[tuple[str, int], ...], Iterable[tuple[Cell, ...]]]
"""Sheet name, (header, column width) pairs, rows."""

_EPOCH = datetime(2022, 1, 1)
_ZIP_EPOCH = (2022, 1, 1, 0, 0, 0)
_LONGEST_CELL = 32_000
_LONGEST_SHEET = 1_048_575
_HEADER = PatternFill("solid", fgColor="E4EAF0")
_ROUTE_FILLS = {
    f"{ROUTE_SIGNS[Route.INCOMPLETE]} {ROUTE_LABELS[Route.INCOMPLETE]}": "F8D7D4",
    f"{ROUTE_SIGNS[Route.REVIEW]} {ROUTE_LABELS[Route.REVIEW]}": "FBE8C3",
    f"{ROUTE_SIGNS[Route.CLEARED]} {ROUTE_LABELS[Route.CLEARED]}": "D5EDDF",
}
_WRAPPED = Alignment(vertical="top", wrap_text=True)


def write_summary_xlsx(
    path: Path,
    rows: Sequence[SummaryRow] | RowSource,
    *,
    errors: Sequence[IntakeError] = (),
    unreported: Sequence[Unreported] = (),
) -> None:
    """Writes the four sheets 总表, 问题清单, 隔离文件, 收件错误 to `path`, replacing it whole.

    Rows pass through one at a time, so that memory does not grow with the window.
    """
    source = as_source(rows)
    tables = (
        _overview(source),
        _findings(source),
        _quarantined(source),
        _errors(errors, unreported),
    )
    write_book(path, tables)


def write_book(path: Path, tables: Iterable[Table]) -> None:
    """Writes a workbook with one sheet for each table to `path`, replacing it whole."""
    book = Workbook(write_only=True)
    book.properties.created = _EPOCH
    book.properties.modified = _EPOCH
    book.properties.creator = "chuhe"
    for table in tables:
        _add_sheet(book, table)
    draft = path.with_name(path.name + ".part")
    try:
        _write_same_every_time(book, draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _overview(source: RowSource) -> Table:
    columns = (
        ("申报编号", 18), ("姓名", 12), ("申报级别", 10), ("申报单位", 32), ("去向", 16), ("评分", 7),
        ("阻断", 7), ("需复核", 8), ("提示", 7), ("条件", 10), ("可达最高级别", 13), ("连续缴费月数", 13),
        ("最后缴费单位", 32), ("材料份数", 9), ("页数", 7), ("未能读取文件", 13), ("主要事项", 60),
    )  # fmt: skip
    met = {True: "满足", False: "未满足", None: "无法判定"}
    return (
        "总表",
        columns,
        (
            (
                row.dossier_id,
                row.name,
                row.applied_level,
                row.employer,
                f"{ROUTE_SIGNS[row.route]} {ROUTE_LABELS[row.route]}",
                row.score,
                row.blocking,
                row.review,
                row.notice,
                met[row.met],
                row.highest_level_met,
                row.continuous_months if row.required_months else "不需要",
                row.last_payer,
                row.documents,
                row.pages,
                len(row.quarantined),
                "；".join(dict.fromkeys(f.title for f in row.findings)),
            )
            for row in source.by_work()
        ),
    )


def _findings(source: RowSource) -> Table:
    columns = (
        ("申报编号", 18), ("姓名", 12), ("代码", 30), ("事项", 26), ("程度", 9), ("结果", 10), ("条款", 10),
        ("说明", 60), ("申报所填", 28), ("材料所示", 28), ("文件", 32), ("页", 6),
    )  # fmt: skip
    return (
        "问题清单",
        columns,
        (
            (
                row.dossier_id,
                row.name,
                finding.code,
                finding.title,
                SEVERITY_LABELS[finding.severity],
                OUTCOME_LABELS[finding.outcome],
                finding.clause,
                finding.message,
                finding.declared,
                finding.observed,
                finding.file,
                finding.page,
            )
            for row in source.by_work()
            for finding in row.findings
        ),
    )


def _quarantined(source: RowSource) -> Table:
    columns = (("申报编号", 18), ("姓名", 12), ("文件", 44), ("原因", 70))
    return (
        "隔离文件",
        columns,
        (
            (row.dossier_id, row.name, q.file, q.reason)
            for row in source.by_work()
            for q in row.quarantined
        ),
    )


def _errors(errors: Sequence[IntakeError], unreported: Sequence[Unreported]) -> Table:
    columns = (("申报编号", 18), ("文件", 44), ("行", 8), ("键", 26), ("说明", 80))
    taken: list[tuple[Cell, ...]] = [
        (error.dossier_id, error.file, error.row, error.key, error.message) for error in errors
    ]
    failed: list[tuple[Cell, ...]] = [
        (item.dossier_id, "", None, "", f"未能生成报告：{item.reason}") for item in unreported
    ]
    return ("收件错误", columns, [*taken, *failed])


def _add_sheet(book: Workbook, table: Table) -> None:
    name, columns, rows = table
    sheet = book.create_sheet(name)
    sheet.freeze_panes = "B2"
    for number, (_, width) in enumerate(columns, start=1):
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.append([_header(sheet, title) for title, _ in columns])
    last = 1
    for row in rows:
        if last == _LONGEST_SHEET:
            sheet.append(["行数超出工作表上限，其余见 summary.json"])
            break
        sheet.append([_cell(sheet, value) for value in row])
        last += 1
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{last}"


def _header(sheet: Any, title: str) -> Any:
    cell = WriteOnlyCell(sheet, title)
    cell.font = Font(bold=True)
    cell.fill = _HEADER
    cell.alignment = _WRAPPED
    return cell


def _cell(sheet: Any, value: Cell) -> Any:
    if value is None or isinstance(value, int):
        return value
    text = clean_text(value)
    cell = WriteOnlyCell(sheet, text)
    cell.data_type = "s"
    cell.number_format = "@"
    cell.alignment = _WRAPPED
    cell.quotePrefix = text.startswith(("=", "+", "-", "@"))
    if text in _ROUTE_FILLS:
        cell.fill = PatternFill("solid", fgColor=_ROUTE_FILLS[text])
    return cell


def clean_text(value: str) -> str:
    """`value` as a workbook can hold it: no control characters, no lone surrogates, cut if very long."""
    text: str = ILLEGAL_CHARACTERS_RE.sub(" ", value).encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= _LONGEST_CELL else text[:_LONGEST_CELL] + "…（已截断）"


def _write_same_every_time(book: Workbook, path: Path) -> None:
    """Writes the workbook's archive with every entry dated alike."""
    with tempfile.TemporaryFile() as written:
        with zipfile.ZipFile(written, "w", zipfile.ZIP_STORED) as archive:
            ExcelWriter(book, archive).write_data()
        with (
            zipfile.ZipFile(written) as source,
            zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
        ):
            for name in source.namelist():
                entry = zipfile.ZipInfo(name, date_time=_ZIP_EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                with source.open(name) as data, target.open(entry, "w", force_zip64=True) as out:
                    shutil.copyfileobj(data, out, 2**20)
