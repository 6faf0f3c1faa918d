"""Groups the characters of a text layer into lines, by where they stand."""

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.model.reading import Rect, join_rects
from pipeline.pages.page import LayerLine

_MAX_GAP = 1.0
"""A wider gap than this many line heights parts two lines: the next cell, the next column."""

_JOIN_GAP = 0.6
"""Pieces drawn apart are one line when no further apart than this many line heights."""

_SIZE_RATIO = 1.6
"""Characters further apart in height than this are not of one line."""

_SPACE_GAP = 0.3
_WIDE_SPACES = 3.0
"""A run of spaces wider than this many line heights parts two lines ("姓　　名" stays one)."""


@dataclass(frozen=True, slots=True)
class Glyph:
    """One drawn shape, in pixels: a character, or the few that a ligature means.

    `angle` is in degrees clockwise; `text_object` tells which drawing command it belongs to.
    """

    text: str
    rect: Rect
    angle: int = 0
    is_hidden: bool = False
    text_object: int = 0


@dataclass(slots=True)
class _Piece:
    """Characters on one line. `boxes` are in the line's own frame: u along it, v across."""

    text: list[str]
    boxes: list[Rect]
    angle: int
    is_hidden: bool

    @property
    def start(self) -> float:
        return min(box[0] for box in self.boxes)

    @property
    def end(self) -> float:
        return max(box[2] for box in self.boxes)

    @property
    def height(self) -> float:
        return max(box[3] - box[1] for box in self.boxes)

    @property
    def middle(self) -> float:
        return sum(box[1] + box[3] for box in self.boxes) / (2 * len(self.boxes))


def group_lines(glyphs: Iterable[Glyph]) -> tuple[LayerLine, ...]:
    """Lines made of `glyphs`, top to bottom, then left to right.

    Characters that follow each other in the content and stand side by side are one piece; pieces
    side by side on one row are joined. Text drawn twice in one place (imitated bold) counts once;
    two different texts in one place stay two lines.
    """
    pieces: list[_Piece] = []
    for glyph in glyphs:
        _place(pieces, glyph)
    pieces = [part for piece in pieces for part in _split_at_spaces(piece)]
    lines = [_to_line(piece) for piece in _join_rows(pieces)]
    return tuple(sorted(lines, key=lambda line: (round(line.rect[1]), line.rect[0])))


def _place(pieces: list[_Piece], glyph: Glyph) -> None:
    """Adds `glyph` to the last piece when it continues it, else as a new piece."""
    box = _along(glyph.rect, glyph.angle)
    last = pieces[-1] if pieces else None
    if last is None or not _continues(last, glyph, box):
        if glyph.text.isspace():
            return
        last = _Piece([], [], glyph.angle, glyph.is_hidden)
        pieces.append(last)
    else:
        _bridge(last, box, glyph.text)
    for offset, character in enumerate(glyph.text):
        last.text.append(character)
        last.boxes.append(_slice(box, offset, len(glyph.text)))


def _continues(piece: _Piece, glyph: Glyph, box: Rect) -> bool:
    if (piece.angle, piece.is_hidden) != (glyph.angle, glyph.is_hidden):
        return False
    if piece.angle % 90:
        return True
    before = piece.boxes[-1]
    gap = box[0] - before[2]
    overstrike = -0.5 * min(before[2] - before[0], box[2] - box[0])
    height = max(before[3] - before[1], 1.0)
    if not overstrike <= gap <= _MAX_GAP * height:
        return False
    return glyph.text.isspace() or _is_level(before, box)


def _is_level(before: Rect, box: Rect) -> bool:
    """Whether two characters are of one size and stand at one height."""
    small, large = sorted((before[3] - before[1], box[3] - box[1]))
    overlap = min(before[3], box[3]) - max(before[1], box[1])
    return large <= _SIZE_RATIO * small and overlap >= 0.5 * small


def _bridge(piece: _Piece, box: Rect, text: str) -> None:
    """A space where the gap shows one that the content does not hold."""
    before = piece.boxes[-1]
    gap = box[0] - before[2]
    if piece.angle % 90 or gap < _SPACE_GAP * (before[3] - before[1]):
        return
    if not text.isspace() and not piece.text[-1].isspace():
        piece.text.append(" ")
        piece.boxes.append((before[2], before[1], box[0], before[3]))


def _split_at_spaces(piece: _Piece) -> list[_Piece]:
    """The parts between very wide runs of spaces, without spaces at their ends."""
    parts: list[_Piece] = []
    start, at = 0, 0
    text = piece.text
    while at < len(text):
        run = at
        while run < len(text) and text[run].isspace():
            run += 1
        if run > at:
            width = piece.boxes[run - 1][2] - piece.boxes[at][0]
            if run == len(text) or at == start or width > _WIDE_SPACES * piece.height:
                parts.append(_part(piece, start, at))
                start = run
            at = run
        else:
            at += 1
    parts.append(_part(piece, start, len(text)))
    return [part for part in parts if part.text]


def _part(piece: _Piece, start: int, end: int) -> _Piece:
    return _Piece(piece.text[start:end], piece.boxes[start:end], piece.angle, piece.is_hidden)


def _join_rows(pieces: list[_Piece]) -> list[_Piece]:
    """Pieces with neighbours on the same row joined, whatever order they were drawn in."""
    joined: list[_Piece] = []
    turned = [piece for piece in pieces if piece.angle % 90]
    level = [piece for piece in pieces if not piece.angle % 90]
    level.sort(key=lambda piece: (piece.angle, piece.is_hidden, piece.middle))
    row: list[_Piece] = []
    for piece in level:
        if row and not _same_row(row[0], piece):
            joined.extend(_join_row(row))
            row = []
        row.append(piece)
    if row:
        joined.extend(_join_row(row))
    return joined + turned


def _same_row(first: _Piece, piece: _Piece) -> bool:
    same_style = (first.angle, first.is_hidden) == (piece.angle, piece.is_hidden)
    near = abs(first.middle - piece.middle) <= 0.35 * min(first.height, piece.height)
    return same_style and near


def _join_row(row: list[_Piece]) -> list[_Piece]:
    row.sort(key=lambda piece: piece.start)
    done: list[_Piece] = []
    for piece in row:
        if any(_repeats(other, piece) for other in done):
            continue
        last = done[-1] if done else None
        if last is not None and _adjoins(last, piece):
            _bridge(last, piece.boxes[0], piece.text[0])
            last.text.extend(piece.text)
            last.boxes.extend(piece.boxes)
        else:
            done.append(piece)
    return done


def _adjoins(last: _Piece, piece: _Piece) -> bool:
    height = min(last.height, piece.height)
    alike = max(last.height, piece.height) <= _SIZE_RATIO * height
    return alike and -0.2 * height <= piece.start - last.end <= _JOIN_GAP * height


def _repeats(one: _Piece, other: _Piece) -> bool:
    slack = 0.25 * other.height
    near = abs(one.start - other.start) <= slack and abs(one.end - other.end) <= slack
    return near and one.text == other.text


def _to_line(piece: _Piece) -> LayerLine:
    boxes = tuple(_upright(box, piece.angle) for box in piece.boxes)
    return LayerLine("".join(piece.text), join_rects(boxes), boxes, piece.angle, piece.is_hidden)


def _slice(box: Rect, index: int, count: int) -> Rect:
    step = (box[2] - box[0]) / count
    return (box[0] + index * step, box[1], box[0] + (index + 1) * step, box[3])


def _along(rect: Rect, angle: int) -> Rect:
    """`rect` in the frame of text that runs at `angle` (only quarter turns are turned)."""
    x0, y0, x1, y1 = rect
    match angle:
        case 90:
            return (y0, -x1, y1, -x0)
        case 180:
            return (-x1, -y1, -x0, -y0)
        case 270:
            return (-y1, x0, -y0, x1)
        case _:
            return rect


def _upright(box: Rect, angle: int) -> Rect:
    """Back from `_along`, rounded to a hundredth of a pixel."""
    u0, v0, u1, v1 = box
    match angle:
        case 90:
            rect = (-v1, u0, -v0, u1)
        case 180:
            rect = (-u1, -v1, -u0, -v0)
        case 270:
            rect = (v0, -u1, v1, -u0)
        case _:
            rect = box
    return (round(rect[0], 2), round(rect[1], 2), round(rect[2], 2), round(rect[3], 2))
