"""Rows of a spreadsheet or a CSV under a header row, read one at a time."""

import codecs
import csv
import re
import unicodedata
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Protocol
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from pipeline.intake.cells import Cell
from pipeline.model.dossier import IntakeError

_HEADER_SEARCH = 20
_UNREADABLE_BOOK = (
    InvalidFileException,
    zipfile.BadZipFile,
    ParseError,
    OSError,
    EOFError,
    ValueError,
    TypeError,
    LookupError,
    AttributeError,
)
"""What openpyxl raises on files that are no workbook, or a damaged one."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its number as the spreadsheet shows it, and its cells by column."""

    number: int
    cells: tuple[Cell, ...]

    @property
    def is_blank(self) -> bool:
        return all(cell.text == "" for cell in self.cells)


class _Source(Protocol):
    def rows(self) -> Iterator[Row]:
        """Every row from the first. Raises one of `_UNREADABLE_BOOK` or `csv.Error`."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table with a known header row. `headers` are as written; `columns` maps each key to its column."""

    file: str
    source: _Source
    header_row: int
    headers: tuple[str, ...]

    def rows(self) -> Iterator[Row | IntakeError]:
        """The rows below the header, blank ones left out; an error where reading broke off."""
        try:
            for row in self.source.rows():
                if row.number > self.header_row and not row.is_blank:
                    yield row
        except (*_UNREADABLE_BOOK, csv.Error):
            message = "读到一半出错，其后的行未读取。请重新导出该文件。"
            yield IntakeError(dossier_id=None, file=self.file, message=message)


def open_table(path: Path, file: str, landmark: frozenset[str]) -> Table | IntakeError:
    """The table at `path`, its header row being the first that holds a header of `landmark`.

    `file` is how errors call it. Titles above the header row are skipped. Nothing is guessed about
    the encoding of a CSV: UTF-8 (with or without BOM), else GB18030, and the header must be found.
    """
    if path.is_symlink() or not path.is_file():
        return IntakeError(
            dossier_id=None, file=file, message="不是普通文件，未读取。请放入文件本身。"
        )
    try:
        sources = _workbook(path) if path.suffix.lower() == ".xlsx" else _csv(path)
        found = [t for t in (_with_header(s, file, landmark) for s in sources) if t]
    except (*_UNREADABLE_BOOK, csv.Error):
        message = "文件无法读取。请另存为 xlsx 或 UTF-8 编码的 CSV 后重试。"
        return IntakeError(dossier_id=None, file=file, message=message)
    if len(found) == 1:
        return _checked(found[0])
    wanted = "”或“".join(sorted(landmark))
    if not found:
        message = f"前 {_HEADER_SEARCH} 行中找不到含“{wanted}”的表头。请检查表头和文件编码。"
    else:
        message = f"有 {len(found)} 个工作表都含“{wanted}”。请只保留一个。"
    return IntakeError(dossier_id=None, file=file, message=message)


def header_name(text: str) -> str:
    """A header as compared: composed, without spaces, stars and a remark in brackets at its end."""
    text = re.sub(r"[\s*＊:]", "", unicodedata.normalize("NFKC", text))
    return re.sub(r"\((必填|选填|可不填|文本|文本格式)\)$", "", text)


def _with_header(source: _Source, file: str, landmark: frozenset[str]) -> Table | None:
    for row in source.rows():
        if row.number > _HEADER_SEARCH:
            return None
        names = tuple(header_name(cell.text) for cell in row.cells)
        if landmark & set(names):
            return Table(file, source, row.number, names)
    return None


def _checked(table: Table) -> Table | IntakeError:
    named = [name for name in table.headers if name]
    twice = sorted({name for name in named if named.count(name) > 1})
    if not twice:
        return table
    message = f"表头“{twice[0]}”出现多次，无法确定用哪一列。请只保留一列。"
    return IntakeError(
        dossier_id=None, file=table.file, row=table.header_row, key=twice[0], message=message
    )


@dataclass(frozen=True, slots=True)
class _Sheet:
    path: Path
    title: str

    def rows(self) -> Iterator[Row]:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # styles and validations it does not know
            book = openpyxl.load_workbook(self.path, read_only=True, data_only=True)
            rows = book[self.title].iter_rows()
        try:
            number = 0
            while True:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore", UserWarning)
                    row = next(rows, None)
                if row is None:
                    return
                number += 1
                yield Row(number, tuple(_cell(cell) for cell in row))
        finally:
            book.close()


def _workbook(path: Path) -> list[_Source]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        return [_Sheet(path, sheet.title) for sheet in book.worksheets]
    finally:
        book.close()


def _cell(cell: Any) -> Cell:
    value = cell.value
    if isinstance(value, datetime):
        return Cell(value.date(), shows_day=_shows_day(cell.number_format))
    if value is None or isinstance(value, (int, float, date)):
        return Cell(value)
    return Cell(str(value), is_typed=True)


def _shows_day(number_format: str) -> bool:
    """Whether a date format shows the day ("yyyy年m月" does not; text in quotes and brackets aside)."""
    bare = re.sub(r'"[^"]*"|\[[^\]]*\]|\\.', "", number_format or "")
    return "d" in bare.lower() or "y" not in bare.lower()


@dataclass(frozen=True, slots=True)
class _CsvFile:
    path: Path
    encoding: str
    delimiter: str

    def rows(self) -> Iterator[Row]:
        with self.path.open(encoding=self.encoding, newline="") as file:
            reader = csv.reader(file, delimiter=self.delimiter, strict=True)
            for number, values in enumerate(reader, start=1):
                yield Row(number, tuple(Cell(value) for value in values))


def _csv(path: Path) -> list[_Source]:
    encoding = _encoding(path)
    if encoding is None:
        return []
    with path.open(encoding=encoding, newline="") as file:
        start = file.read(4096)
    delimiter = max(",\t;", key=lambda mark: start.count(mark))
    return [_CsvFile(path, encoding, delimiter)]


def _encoding(path: Path) -> str | None:
    """UTF-8 where every byte of the file is UTF-8, else GB18030 where every byte is, else None."""
    for encoding in ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)("strict")
        try:
            with path.open("rb") as file:
                while chunk := file.read(1 << 20):
                    decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    return None
