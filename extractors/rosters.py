"""Rosters: tables with a heading 姓名 and one person a row."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from extractors.folding import compact
from extractors.names import parse_name
from extractors.numbers import parse_id_number
from extractors.tables import Piece, Sheet, boundaries, pitch_of, rows_of, sheet_of, text_of
from pipeline.model.reading import PageReading, join_rects

_NAME_HEADS = ("姓名", "员工姓名", "派遣人员姓名", "人员姓名", "劳动者姓名", "成员姓名", "成员")


@dataclass(frozen=True, slots=True)
class RosterRow:
    """One person of a roster: the page, the name's piece, and the cells by heading."""

    sheet: Sheet
    name: Piece
    cells: tuple[tuple[str, tuple[Piece, ...]], ...]

    def cell(self, *headings: str) -> tuple[Piece, ...]:
        """The cell under the first of the headings that the roster has (empty when blank or none)."""
        for heading in headings:
            for label, cell in self.cells:
                if heading in label and cell:
                    return cell
        return ()

    @property
    def has_full_number(self) -> bool:
        """True when an ID number stands unmasked in the row."""
        return any(parse_id_number(text_of(cell)) is not None for _, cell in self.cells)


def roster_rows(pages: Sequence[PageReading]) -> list[RosterRow]:
    """The rows of all rosters, top to bottom; empty when no page has one."""
    return [row for page in pages for row in _rows_on(sheet_of(page))]


def _rows_on(sheet: Sheet) -> list[RosterRow]:
    for head in (p for p in sheet.pieces if compact(p.text) in _NAME_HEADS):
        level = sorted(
            (p for p in sheet.pieces if abs(p.y - head.y) < 0.6 * head.height), key=lambda p: p.x
        )
        if len(level) < 3:
            continue
        names = _names_under(sheet, head)
        if names:
            return _rows(sheet, level, names)
    return []


def _names_under(sheet: Sheet, head: Piece) -> list[Piece]:
    """Names below the heading, as long as row follows row."""
    column = sorted(
        (p for p in sheet.pieces
         if p.y > head.y + 0.5 * head.height and abs(p.x - head.x) < 2.5 * p.height),
        key=lambda p: p.y,
    )  # fmt: skip
    under = [p for p in _whole_cells(sheet, column) if parse_name(p.text)]
    pitch = pitch_of([head, *under])
    names: list[Piece] = []
    for piece in under:
        last = names[-1] if names else head
        if piece.y - last.y > 2.2 * pitch:
            break
        names.append(piece)
    return names


def _whole_cells(sheet: Sheet, column: Sequence[Piece]) -> list[Piece]:
    """The pieces of a column, two lines of one cell as one: something else of their row stands at the
    height between them."""
    cells: list[Piece] = []
    for piece in column:
        before = cells[-1] if cells else None
        if before is not None and _is_one_cell(sheet, before, piece):
            cells[-1] = _joined(before, piece)
        else:
            cells.append(piece)
    return cells


def _is_one_cell(sheet: Sheet, upper: Piece, lower: Piece) -> bool:
    height = min(upper.height, lower.height)
    if lower.rect[1] - upper.rect[3] > 0.5 * height or not parse_name(upper.text + lower.text):
        return False
    middle = (upper.y + lower.y) / 2
    return any(
        abs(p.y - middle) < 0.35 * height and (p.x1 < upper.x0 or p.x0 > upper.x1)
        for p in sheet.pieces
    )


def _joined(upper: Piece, lower: Piece) -> Piece:
    return replace(
        upper,
        text=upper.text + lower.text,
        rect=join_rects((upper.rect, lower.rect)),
        confidence=min(upper.confidence, lower.confidence),
        spans=(*upper.spans, *lower.spans),
        x0=min(upper.x0, lower.x0),
        x1=max(upper.x1, lower.x1),
        y=(upper.y + lower.y) / 2,
    )


def _rows(sheet: Sheet, level: Sequence[Piece], names: Sequence[Piece]) -> list[RosterRow]:
    pitch = pitch_of(names) if len(names) > 1 else names[0].y - level[0].y
    body = [p for p in sheet.pieces if names[0].y - 0.6 * pitch < p.y < names[-1].y + 0.6 * pitch]
    cuts = boundaries(sheet, [p.x for p in level], body)
    labels = [compact(p.text) for p in level]
    return [
        RosterRow(sheet, row.key, tuple(zip(labels, row.cells, strict=True)))
        for row in rows_of(body, names, cuts)
    ]
