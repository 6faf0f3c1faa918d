"""The month column of a table: what each row's month is, settled by the rows before and after."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz.distance import Levenshtein

from extractors.folding import compact
from extractors.months import as_digits
from extractors.tables import Piece
from pipeline.model.values import Month

REPAIR_SEQUENCE = "月份序列"
"""Name of the repair: a month settled by the rows before and after."""
_YEARS_OFF = 24


@dataclass(frozen=True, slots=True)
class MonthKey:
    piece: Piece
    month: Month | None
    repairs: tuple[str, ...] = ()


def settle_keys(keys: Sequence[MonthKey]) -> list[MonthKey]:
    """Keys top to bottom, each with a month that the run of rows allows, or with none.

    A month that could not be read, or that breaks the run of its neighbours, takes the month
    between them when they leave exactly that one open. The first or last one, when one wrong digit
    puts it years off, takes the month next to its neighbour's.
    """
    ordered = sorted(keys, key=lambda k: k.piece.y)
    direction = direction_of([k.month for k in ordered if k.month])
    settled = list(ordered)
    for i, key in enumerate(ordered):
        left = ordered[i - 1].month if i else None
        right = ordered[i + 1].month if i + 1 < len(ordered) else None
        between = left.plus(direction) if left and right and direction else None
        fits = between is not None and right == between.plus(direction)
        if fits and key.month != between:
            settled[i] = MonthKey(key.piece, between, (*key.repairs, REPAIR_SEQUENCE))
        elif key.month is None and direction:
            settled[i] = MonthKey(key.piece, _run_on(ordered, i, direction), (REPAIR_SEQUENCE,))
        elif (nearest := _at_end(left, right, direction)) and is_years_off(key.month, nearest):
            settled[i] = MonthKey(key.piece, nearest, (*key.repairs, REPAIR_SEQUENCE))
    return [k for k in settled if k.month is not None]


def _at_end(left: Month | None, right: Month | None, direction: int) -> Month | None:
    """The month that the first or last row should have by its only neighbour; None inside the list."""
    if not direction or (left is None) == (right is None):
        return None
    return left.plus(direction) if left else right.plus(-direction) if right else None


def is_years_off(month: Month | None, expected: Month) -> bool:
    """True when a month differs from the expected one in one digit, and lies years away from it."""
    return (
        month is not None
        and sum(a != b for a, b in zip(month, expected, strict=True)) == 1
        and abs(month.ordinal - expected.ordinal) > _YEARS_OFF
    )


def _run_on(keys: Sequence[MonthKey], i: int, direction: int) -> Month | None:
    """The month of an unread row: when it and its unread neighbours just fill the step between two
    read ones; at either end, when what was read differs from the next month in one character."""
    before = next((j for j in range(i - 1, -1, -1) if keys[j].month), None)
    after = next((j for j in range(i + 1, len(keys)) if keys[j].month), None)
    first = keys[before].month if before is not None else None
    last = keys[after].month if after is not None else None
    if first and last and before is not None and after is not None:
        fills = first.plus(direction * (after - before)) == last
        return first.plus(direction * (i - before)) if fills else None
    if first and before == i - 1:
        expected = first.plus(direction)
    elif last and after == i + 1:
        expected = last.plus(-direction)
    else:
        return None
    digits = re.sub(r"\D", "", as_digits(compact(keys[i].piece.text))[0])
    near = Levenshtein.distance(digits, expected.replace("-", "")) <= 1
    return expected if near else None


def direction_of(months: Sequence[Month]) -> int:
    """1 when most rows step to the next month, -1 when to the one before, 0 when neither."""
    steps = [b.ordinal - a.ordinal for a, b in pairwise(months)]
    up, down = sum(1 for s in steps if s == 1), sum(1 for s in steps if s == -1)
    return 1 if up > down else -1 if down > up else 0
