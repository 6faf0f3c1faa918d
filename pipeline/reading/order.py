"""Reading order, and duplicates where tiles overlap: geometry only, no pixels."""

from collections.abc import Iterable, Sequence

from pipeline.model.reading import Line, Rect


def overlap(a: Rect, b: Rect) -> float:
    """Share of the smaller rectangle that lies inside the other (0–1)."""
    wide = min(a[2], b[2]) - max(a[0], b[0])
    high = min(a[3], b[3]) - max(a[1], b[1])
    if wide <= 0 or high <= 0:
        return 0.0
    smaller = min((a[2] - a[0]) * (a[3] - a[1]), (b[2] - b[0]) * (b[3] - b[1]))
    return wide * high / smaller if smaller > 0 else 0.0


def covered_by(rect: Rect, others: Iterable[Rect], share: float) -> bool:
    """True when at least `share` of the smaller rectangle is shared with one of the others."""
    return any(overlap(rect, other) >= share for other in others)


def same_row(a: Rect, b: Rect) -> bool:
    """True when two rectangles share at least half of the lower one's height."""
    shared = min(a[3], b[3]) - max(a[1], b[1])
    return shared >= 0.5 * min(a[3] - a[1], b[3] - b[1])


def reading_order(lines: Iterable[Line]) -> tuple[Line, ...]:
    """Lines from top to bottom; those that stand on one row from left to right.

    A row is opened by its topmost line and takes what shares half a height with the row's last
    member, so that a slightly leaning row stays together.
    """
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda x: (x.centre[1], x.centre[0], x.text)):
        for row in reversed(rows[-4:]):
            if same_row(row[-1].rect, line.rect) and _fits(row, line):
                row.append(line)
                break
        else:
            rows.append([line])
    return tuple(line for row in rows for line in sorted(row, key=lambda x: (x.rect[0], x.rect[1])))


def _fits(row: Sequence[Line], line: Line) -> bool:
    """False when the line would stand under a member of the row rather than beside it."""
    for member in row:
        beside = min(member.rect[2], line.rect[2]) - max(member.rect[0], line.rect[0])
        narrower = min(member.rect[2] - member.rect[0], line.rect[2] - line.rect[0])
        if beside > 0.5 * narrower and abs(member.centre[1] - line.centre[1]) > 0.4 * min(
            member.height, line.height
        ):
            return False
    return True


def without_duplicates(lines: Sequence[Line]) -> tuple[Line, ...]:
    """Lines without those that lie inside another one and say no more than it.

    Of two that cover each other the longer text wins, then the higher confidence. A line inside a
    larger one with characters of its own is kept.
    """
    kept: list[Line] = []
    for line in sorted(lines, key=lambda x: (-len(x.text), -x.confidence, x.rect)):
        if not any(_repeats(line, other) for other in kept):
            kept.append(line)
    return tuple(kept)


def _repeats(line: Line, other: Line) -> bool:
    covered = overlap(line.rect, other.rect)
    if covered < 0.6:
        return False
    return line.text in other.text or (covered > 0.85 and same_row(line.rect, other.rect))
