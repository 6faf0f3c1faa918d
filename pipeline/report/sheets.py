"""Workbooks written row by row: every cell holds text or a small number, never a formula.

openpyxl writes the frame (styles, headers, filters), which costs little; rows are spooled as they
come and laid into it, so that memory does not grow with them. The same rows give the same bytes:
the archive carries no time of writing.
"""

import re
import shutil
import tempfile
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from contextlib import ExitStack, closing
from datetime import datetime
from enum import IntEnum
from pathlib import Path
from types import MappingProxyType
from typing import IO, Any
from xml.sax.saxutils import escape

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

Cell = str | int | None
Columns = tuple[tuple[str, int], ...]
"""(header, width) pairs."""
Table = tuple[str, Columns, Iterable[tuple[Cell, ...]]]
"""Sheet name, columns, rows."""


class Style(IntEnum):
    """How a cell looks: its number in the workbook's list of styles."""

    HEADER = 1
    TEXT = 2
    LIKE_FORMULA = 3
    RED = 4
    AMBER = 5
    GREEN = 6


_FILLS = {
    Style.HEADER: "E4EAF0", Style.RED: "F8D7D4", Style.AMBER: "FBE8C3", Style.GREEN: "D5EDDF",
}  # fmt: skip
_EPOCH = datetime(2022, 1, 1)
_ZIP_EPOCH = (2022, 1, 1, 0, 0, 0)
_LONGEST_CELL = 32_000
_LONGEST_SHEET = 1_048_575
_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_MARKUP = re.compile("[&<>\r]")
_LIKE_FORMULAS = ("=", "+", "-", "@")
_AT_ONCE = 2**20
_ROWS_END = b"</sheetData>"
_NONE: Mapping[str, Style] = MappingProxyType({})


class Sheet:
    """One sheet: its name, its columns, and its rows in a file without a name. Is to be closed.

    Cells that hold just a text of `styles` look as it says.
    """

    def __init__(self, name: str, columns: Columns, *, styles: Mapping[str, Style] = _NONE) -> None:
        self.name = name
        self.columns = columns
        self.last = 1
        self.rows = tempfile.TemporaryFile(buffering=_AT_ONCE)  # noqa: SIM115 - closed with the sheet
        self._styles = styles
        self._letters = tuple(get_column_letter(n) for n in range(1, len(columns) + 1))

    def close(self) -> None:
        self.rows.close()

    def append(self, row: Iterable[Cell]) -> None:
        """Adds a row. One too many for a sheet is left out, and a last row says so."""
        if self.last > _LONGEST_SHEET:
            return
        if self.last == _LONGEST_SHEET:
            row = ("行数超出工作表上限，其余见 summary.json",)
        self.last += 1
        number = self.last
        pieces = [f'<row r="{number}">']
        for letter, value in zip(self._letters, row, strict=False):
            if value is None:
                continue
            if isinstance(value, int):
                pieces.append(f'<c r="{letter}{number}"><v>{value}</v></c>')
            else:
                style = self._styles.get(value) or _style_of(value)
                pieces.append(f'<c r="{letter}{number}" s="{style:d}"{_text_of(value)}')
        pieces.append("</row>")
        self.rows.write("".join(pieces).encode())


def write_book(path: Path, tables: Iterable[Table]) -> None:
    """Writes a workbook with one sheet for each table to `path`, replacing it whole."""
    with ExitStack() as stack:
        sheets: list[Sheet] = []
        for name, columns, rows in tables:
            sheet = stack.enter_context(closing(Sheet(name, columns)))
            for row in rows:
                sheet.append(row)
            sheets.append(sheet)
        write_sheets(path, sheets)


def write_sheets(path: Path, sheets: Sequence[Sheet]) -> None:
    """Writes a workbook of these sheets, in this order, to `path`, replacing it whole."""
    draft = path.with_name(path.name + ".part")
    try:
        with tempfile.TemporaryFile() as frame:
            with zipfile.ZipFile(frame, "w", zipfile.ZIP_STORED) as archive:
                ExcelWriter(_frame(sheets), archive).write_data()
            _fill_frame(frame, sheets, draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def clean_text(value: str) -> str:
    """`value` as a workbook can hold it: no control characters, no lone surrogates, cut if very long."""
    if not value.isprintable():
        value = _NO_XML.sub(" ", value).encode("utf-8", "replace").decode("utf-8")
    return value if len(value) <= _LONGEST_CELL else value[:_LONGEST_CELL] + "…（已截断）"


def _style_of(value: str) -> Style:
    return Style.LIKE_FORMULA if value.startswith(_LIKE_FORMULAS) else Style.TEXT


def _text_of(value: str) -> str:
    """What follows the attributes of a cell with this text."""
    if not value:
        return ' t="inlineStr"/>'
    text = clean_text(value)
    if _MARKUP.search(text):
        text = escape(text, {"\r": "&#13;"})
    space = "" if text == text.strip() else ' xml:space="preserve"'
    return f' t="inlineStr"><is><t{space}>{text}</t></is></c>'


def _frame(sheets: Sequence[Sheet]) -> Any:
    """An openpyxl workbook of these sheets with their headers and none of their rows."""
    book = Workbook(write_only=True)
    book.properties.created = _EPOCH
    book.properties.modified = _EPOCH
    book.properties.creator = "chuhe"
    for sheet in sheets:
        made = book.create_sheet(sheet.name)
        for style in Style:
            assert _cell(made, "", style).style_id == style
        made.freeze_panes = "B2"
        for number, (_, width) in enumerate(sheet.columns, start=1):
            made.column_dimensions[get_column_letter(number)].width = width
        made.append([_cell(made, title, Style.HEADER) for title, _ in sheet.columns])
        last = min(sheet.last, _LONGEST_SHEET)
        made.auto_filter.ref = f"A1:{get_column_letter(len(sheet.columns))}{last}"
    return book


def _cell(made: Any, text: str, style: Style) -> Any:
    cell = WriteOnlyCell(made, text)
    cell.alignment = Alignment(vertical="top", wrap_text=True)
    cell.quotePrefix = style is Style.LIKE_FORMULA
    if style is Style.HEADER:
        cell.font = Font(bold=True)
    else:
        cell.number_format = "@"
    if style in _FILLS:
        cell.fill = PatternFill("solid", fgColor=_FILLS[style])
    return cell


def _fill_frame(frame: IO[bytes], sheets: Sequence[Sheet], path: Path) -> None:
    """Copies the frame's archive to `path` with the rows laid in and every entry dated alike."""
    rows = {f"xl/worksheets/sheet{n}.xml": sheet.rows for n, sheet in enumerate(sheets, start=1)}
    with (
        zipfile.ZipFile(frame) as source,
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target,
    ):
        for name in source.namelist():
            entry = zipfile.ZipInfo(name, date_time=_ZIP_EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            data = source.read(name)
            with target.open(entry, "w", force_zip64=True) as out:
                if name not in rows:
                    out.write(data)
                    continue
                at = data.index(_ROWS_END)
                out.write(data[:at])
                rows[name].seek(0)
                shutil.copyfileobj(rows[name], out, _AT_ONCE)
                out.write(data[at:])
