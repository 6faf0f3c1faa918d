"""Tables with one row a month: where they are on a page, their columns, and their rows."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from extractors.folding import compact
from extractors.months import (
    FoundMonth,
    find_periods,
    read_month_cell,
    read_month_number,
    read_year_cell,
)
from extractors.social_insurance.headers import AMOUNTS, Column, Role, columns_of
from extractors.social_insurance.monthkeys import MonthKey, direction_of, settle_keys
from extractors.tables import Piece, Row, Sheet, boundaries, pitch_of, rows_of
from pipeline.model.values import Month

_HEADER_REACH = 9.0
"""How far above the first row a header may begin, in heights of a key."""
_HEADER_ROWS = 2.2
"""How far above the key column's own label its header may begin, in heights of that label."""
_FOOT = re.compile(
    r"打印时间|打印日期|打印人|说明[:：]|^注[:：]|^备注[:：]|经办人|制表|温馨提示|验证码|合计"
)
_YEAR_HEADING = re.compile(r"(?:19|20)\d{2}年(?:度)?(?:缴费|参保|社会保险)?[^\d]{0,8}$")
_ALIGNED = 2.5
"""How far, in heights, the keys of one table may stand from one another sideways."""

_SEAL_LETTERS = re.compile(r"(?<=\d\d)[㐀-鿿]{1,2}$")
"""Letters of a seal that were read as one with the month under them (`202212务`)."""
_ENOUGH_SINGLE = 3
_FORM_YEAR = re.compile(
    r"^[(\[]?(?P<alone>(?:19|20)\d{2})(?:年度?)?[)\]]?$|(?P<named>(?:19|20)\d{2})年度"
)


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A row, its month, how the month was settled, and what was detected in each column."""

    month: Month
    repairs: tuple[str, ...]
    row: Row


@dataclass(frozen=True, slots=True)
class MonthTable:
    """A table of months on one page."""

    sheet: Sheet
    columns: tuple[Column, ...]
    rows: tuple[MonthRow, ...]
    caption: str
    """The words above the table (title, tab, section heading), the nearest last."""
    unkeyed: tuple[Piece, ...] = ()
    """Pieces inside the table that belong to no row."""

    def cell(self, row: MonthRow, role: Role, insurance: str = "") -> tuple[Piece, ...]:
        """The pieces of the row's column of that role (for that insurance, or the whole row's)."""
        for column, cell in zip(self.columns, row.row.cells, strict=True):
            if column.role is role and column.insurance in (insurance, ""):
                return cell
        return ()

    def has(self, *roles: Role) -> bool:
        return any(column.role in roles for column in self.columns)


def month_tables(sheets: Sequence[Sheet]) -> list[MonthTable]:
    """The month tables of a paper, page after page; a page that goes on without a header takes the
    columns of the page before it."""
    tables: list[MonthTable] = []
    for sheet in sheets:
        before = tables[-1] if tables else None
        tables.extend(_tables_on(sheet, before))
    return tables


def _tables_on(sheet: Sheet, before: MonthTable | None) -> list[MonthTable]:
    keyed = [(p, m) for p in sheet.pieces if (m := _month_of_cell(p.text))]
    found: list[MonthTable] = []
    for group in _key_columns(keyed):
        table = _table(sheet, [MonthKey(p, m.month, m.repairs) for p, m in group], before)
        if table:
            found.append(table)
    if not found:
        table = _year_month_table(sheet)
        if table:
            found.append(table)
    found.sort(key=lambda t: (t.rows[0].row.key.y, t.rows[0].row.key.x))
    return _distinct(found)


def _month_of_cell(text: str) -> FoundMonth | None:
    """The month that a cell holds, also as a period of that one month (202206-202206)."""
    periods = find_periods(text)
    if (
        len(periods) == 1
        and periods[0].length == 1
        and periods[0].end - periods[0].start == len(text)
    ):
        return FoundMonth(periods[0].first, periods[0].start, periods[0].end, periods[0].repairs)
    return read_month_cell(text)


def _key_columns(
    keyed: Sequence[tuple[Piece, FoundMonth]],
) -> list[list[tuple[Piece, FoundMonth]]]:
    """Month cells that stand under one another, the leftmost column first."""
    columns: list[list[tuple[Piece, FoundMonth]]] = []
    for item in sorted(keyed, key=lambda k: k[0].y):
        piece = item[0]
        home = next(
            (c for c in columns if abs(c[-1][0].x - piece.x) < _ALIGNED * piece.height), None
        )
        if home is None:
            columns.append([item])
        else:
            home.append(item)
    return sorted(columns, key=lambda c: c[0][0].x)


def _table(sheet: Sheet, keys: list[MonthKey], before: MonthTable | None) -> MonthTable | None:
    """The table whose keys these are, or None when nothing makes them the key column of one."""
    pieces = [k.piece for k in keys]
    header, caption = _above(sheet, pieces)
    columns = _header_columns(header, pieces, (Role.MONTH,))
    key_column = _column_at(columns, pieces, (Role.MONTH,))
    if key_column is None and before is not None and len(columns) < 3:
        columns = _carried(before, sheet, pieces)
        key_column = _column_at(columns, pieces, (Role.MONTH,))
        caption = caption or before.caption
    if key_column is None:
        first = _column_at(columns, pieces, (Role.FIRST_MONTH,))
        if first is not None:
            return _of_single_months(_filled(sheet, _as_months(columns, first), keys, caption))
        columns = _unlabelled(columns, keys)
        if not columns:
            return None
    return _filled(sheet, columns, keys, caption)


def _as_months(columns: Sequence[Column], first: Column) -> list[Column]:
    """The columns with that of first months as the month column."""
    return [replace(c, role=Role.MONTH) if c is first else c for c in columns]


def _of_single_months(table: MonthTable) -> MonthTable | None:
    """Of a list of periods (起始年月, 截止年月) the rows that are one month long: a longer one does not
    prove each of its months."""
    single = [row for row in table.rows if _last_month(table, row) == row.month]
    if len(single) < _ENOUGH_SINGLE:
        return replace(table, rows=tuple(single)) if single else None
    longer = [row for row in table.rows if _last_month(table, row) not in (None, row.month)]
    rows = tuple(
        row for row in table.rows if row in single or (not longer and _is_worn_single(table, row))
    )
    return replace(table, rows=rows)


def _is_worn_single(table: MonthTable, row: MonthRow) -> bool:
    """True when the last month of a row lost one digit, and the others are those of its first month:
    so it stands among rows that are a month long each."""
    read = "".join(c for p in table.cell(row, Role.LAST_MONTH) for c in p.text if c.isdigit())
    digits = row.month.replace("-", "")
    rest = iter(digits)
    return len(read) == len(digits) - 1 and all(c in rest for c in read)


def _last_month(table: MonthTable, row: MonthRow) -> Month | None:
    cell = table.cell(row, Role.LAST_MONTH)
    text = "".join(p.text for p in cell)
    read = (read_month_cell(text) or read_month_cell(_SEAL_LETTERS.sub("", text))) if cell else None
    return read.month if read else None


def _above(sheet: Sheet, keys: Sequence[Piece]) -> tuple[list[Piece], str]:
    """The header pieces above the first key, and the caption above these."""
    first = min(keys, key=lambda k: k.y)
    reach = max(_HEADER_REACH * first.height, 3.2 * pitch_of(sorted(keys, key=lambda k: k.y)))
    over = [p for p in sheet.pieces if first.y - reach < p.y < first.y - 0.5 * first.height]
    titles = [p.y for p in over if find_periods(p.text) or "明细" in p.text or "记录" in p.text]
    top = max(titles, default=float("-inf"))
    header = [p for p in over if p.y > top + 0.4 * p.height]
    edge = min((p.y for p in header), default=first.y)
    caption = [p for p in sheet.pieces if p.y < edge - 0.3 * p.height]
    return header, "\n".join(p.text for p in sorted(caption, key=lambda p: p.y))


def _unlabelled(columns: Sequence[Column], keys: Sequence[MonthKey]) -> list[Column]:
    """The columns with one for the keys, where the month column's own label could not be read: three
    or more rows that step month by month, left of columns that only such a table has."""
    pieces = [k.piece for k in keys]
    ordered = sorted(keys, key=lambda k: k.piece.y)
    known = [
        c for c in columns if c.role in (*AMOUNTS, Role.STATUS, Role.UNIT_NAME, Role.UNIT_NUMBER)
    ]
    right = [c for c in known if c.x > pieces[0].x1]
    over = _column_at(columns, pieces, (Role.ARRIVAL, Role.FIRST_MONTH, Role.LAST_MONTH, Role.BASE))
    if (
        len(keys) < 3
        or not direction_of([k.month for k in ordered if k.month])
        or over
        or len(right) < 2
    ):
        return []
    x0, x1 = min(p.x0 for p in pieces), max(p.x1 for p in pieces)
    column = Column(Role.MONTH, "", x0, x1, right[0].y, pieces[0].height)
    others = [c for c in columns if c.role is not Role.MONTH]
    return sorted([*others, column], key=lambda c: c.x)


def _header_columns(
    header: Sequence[Piece], keys: Sequence[Piece], roles: tuple[Role, ...]
) -> list[Column]:
    """The columns of the header row that the key column's label stands in: lines of particulars
    above the table hold the same words and are no part of it."""
    label = _column_at(columns_of(header), keys, roles)
    if label is None:
        return columns_of(header)
    return columns_of([p for p in header if p.y > label.y - _HEADER_ROWS * label.height])


def _column_at(
    columns: Sequence[Column], keys: Sequence[Piece], roles: tuple[Role, ...]
) -> Column | None:
    """The column of one of the roles that stands over the keys, or None."""
    x = sum(k.x for k in keys) / len(keys)
    half = max(k.x1 - k.x0 for k in keys) / 2
    for column in columns:
        near = abs(column.x - x) <= max(half + (column.x1 - column.x0) / 2, 2 * keys[0].height)
        if column.role in roles and near:
            return column
    return None


def _carried(before: MonthTable, sheet: Sheet, keys: Sequence[Piece]) -> list[Column]:
    """The columns of the page before, moved and scaled to where this page's keys stand."""
    scale = sheet.page.upright_width / max(before.sheet.page.upright_width, 1)
    old = [r.row.key for r in before.rows]
    shift = sum(k.x for k in keys) / len(keys) - scale * sum(k.x for k in old) / len(old)
    if abs(shift) > 0.2 * sheet.page.upright_width:
        return []
    return [replace(c, x0=c.x0 * scale + shift, x1=c.x1 * scale + shift) for c in before.columns]


def _filled(
    sheet: Sheet, columns: Sequence[Column], keys: Sequence[MonthKey], caption: str
) -> MonthTable:
    """The table with its rows; months that do not fit the run of rows are settled by it."""
    pieces = sorted((k.piece for k in keys), key=lambda p: p.y)
    under = max((c.y + 0.6 * c.height for c in columns if c.y < pieces[0].y), default=0.0)
    body = _body(sheet, pieces, under)
    cuts = boundaries(sheet, [c.x for c in columns], body)
    lost = _lost_keys(body, pieces, columns, cuts)
    settled = settle_keys([*keys, *(MonthKey(p, None) for p in lost)])
    rows = rows_of(body, [k.piece for k in settled], cuts)
    by_key = {id(k.piece): k for k in settled}
    month_rows = tuple(
        MonthRow(key.month, key.repairs, row)
        for row in rows
        if (key := by_key[id(row.key)]).month is not None
    )
    used = {(p.page, p.rect) for row in rows for p in row.pieces}
    rest = tuple(p for p in body if (p.page, p.rect) not in used)
    return MonthTable(sheet, tuple(columns), month_rows, caption, rest)


def _body(sheet: Sheet, keys: Sequence[Piece], under: float) -> list[Piece]:
    """The pieces of the table's rows: from below the header (`under`), at most one row above the
    first key that was read, to the foot."""
    pitch = pitch_of(keys)
    top, bottom = max(keys[0].y - 1.6 * pitch, under), keys[-1].y + 1.6 * pitch
    feet = [
        p.y
        for p in sheet.pieces
        if p.y > keys[-1].y + 0.3 * p.height and _FOOT.search(compact(p.text))
    ]
    bottom = min([bottom, *(y - 0.3 * pitch for y in feet)])
    return [p for p in sheet.pieces if top <= p.y <= max(bottom, keys[-1].y + 0.4 * pitch)]


def _lost_keys(
    body: Sequence[Piece], keys: Sequence[Piece], columns: Sequence[Column], cuts: Sequence[float]
) -> list[Piece]:
    """Places of rows whose month could not be read: what stands in the month column between two
    keys, or else the first piece of a row without any."""
    pitch = pitch_of(keys)
    month_column = next((i for i, c in enumerate(columns) if c.role is Role.MONTH), 0)
    lone = [p for p in body if min(abs(p.y - k.y) for k in keys) > 0.6 * pitch]
    lost: list[Piece] = []
    for piece in sorted(
        lone, key=lambda p: (sum(1 for x in cuts if x <= p.x) != month_column, p.x)
    ):
        if all(abs(piece.y - other.y) > 0.6 * pitch for other in lost):
            lost.append(piece)
    return lost


def _year_month_table(sheet: Sheet) -> MonthTable | None:
    """A table with the year and the month in two columns (浙江); a year may stand once for many rows."""
    months = [p for p in sheet.pieces if read_month_number(p.text)]
    years = [
        p for p in sheet.pieces if read_year_cell(p.text) or _YEAR_HEADING.match(compact(p.text))
    ]
    heads = [p for p in sheet.pieces if compact(p.text) in ("月", "月份")]
    for head in heads:
        under = [
            p for p in months if p.y > head.y and abs(p.x - head.x) < _ALIGNED * max(p.height, 1)
        ]
        if not under:
            continue
        header = _above(sheet, under)[0]
        columns = _header_columns(header, under, (Role.MONTH, Role.MONTH_NUMBER))
        year_column = next((c for c in columns if c.role is Role.YEAR), None)
        keys = [k for p in under if (k := _with_year(p, years, year_column))]
        keys = keys or _of_one_year(under, _year_over(sheet, head))
        if keys:
            roles = [replace(c, role=Role.MONTH) if _is_over(c, head) else c for c in columns]
            return _filled(sheet, roles, keys, _above(sheet, under)[1])
    return None


def _year_over(sheet: Sheet, head: Piece) -> int | None:
    """The one year that a form of a whole year names above its table (`(2022)`, `2022年度`), or None."""
    named = {
        int(match["alone"] or match["named"])
        for p in sheet.pieces
        if p.y < head.y and (match := _FORM_YEAR.search(compact(p.text)))
    }
    return named.pop() if len(named) == 1 else None


def _of_one_year(under: Sequence[Piece], year: int | None) -> list[MonthKey]:
    """The keys of a table whose rows are months of one year, three or more in their order."""
    ordered = sorted(under, key=lambda p: p.y)
    numbers = [n for p in ordered if (n := read_month_number(p.text))]
    steps = {after - before for before, after in pairwise(numbers)}
    if year is None or len(numbers) < 3 or steps not in ({1}, {-1}):
        return []
    return [MonthKey(p, Month.of(year, n)) for p, n in zip(ordered, numbers, strict=True)]


def _is_over(column: Column, head: Piece) -> bool:
    return column.role in (Role.MONTH, Role.MONTH_NUMBER) and column.x0 <= head.x <= column.x1


def _with_year(month: Piece, years: Iterable[Piece], column: Column | None) -> MonthKey | None:
    """The month with the year beside it, or else with the last year printed above it: in the year
    column, or where there is none, in a heading (2022年度)."""
    above = [
        y for y in years
        if (column is None or abs(y.x - column.x) < _ALIGNED * y.height)
        and y.y <= month.y + 0.6 * month.height
    ]  # fmt: skip
    number = read_month_number(month.text)
    if not above or number is None:
        return None
    nearest = max(above, key=lambda y: y.y).text
    year = read_year_cell(nearest) or int(nearest[:4])
    return MonthKey(month, Month.of(year, number))


def _distinct(tables: Sequence[MonthTable]) -> list[MonthTable]:
    """Without tables whose rows are the rows of one further left (an arrival column, for example)."""
    kept: list[MonthTable] = []
    for table in tables:
        keys = [r.row.key for r in table.rows]
        inside = any(
            any(
                abs(k.y - r.row.key.y) < 0.5 * k.height
                for other in kept
                for r in other.rows
                if other.sheet is table.sheet
            )
            for k in keys
        )
        if not inside:
            kept.append(table)
    return kept
