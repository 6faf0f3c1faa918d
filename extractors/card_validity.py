"""有效期限 (validity) of an identity card: two dates a term of the law apart, or a date and 长期.

The law knows terms of 5, 10 and 20 years, from one day to the same day: a check on the reading, and
what tells the eight digits of a date whose points were not read.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from extractors.confidence import Grammar
from extractors.dates import find_date_range, find_dates
from extractors.textrun import TextRun
from pipeline.model.values import PartialDate

FORM = r"[0-9]{4}[.][0-9]{2}[.][0-9]{2}[-—–~至一]*(?:[0-9.]{8,10}|长期)"
_ALWAYS = "长期"
_TERMS = (5, 10, 20)
_MARKS = re.compile(r"[.,·:\-—–~至一_\s]+")
REPAIR_MARKS = "有效期限分隔符按年限补全"


@dataclass(frozen=True, slots=True)
class ReadEnd:
    """One end of the validity: a date or 长期, where it stands, and what bears it out."""

    value: str
    part: TextRun
    grammar: Grammar
    repairs: tuple[str, ...] = ()


def read_validity(candidate: TextRun) -> tuple[ReadEnd, ReadEnd] | None:
    """Begin and end of a validity, or None when either cannot be read safely."""
    run = candidate.compact()
    ends = find_date_range(run.text)
    if ends is not None and all(end.value.has_day for end in ends):
        first, last = ends
        grammar = Grammar.CHECKED if _is_term(first.value, last.value) else Grammar.DOUBTFUL
        return (
            ReadEnd(str(first.value), run[first.start : first.end], grammar, first.repairs),
            ReadEnd(str(last.value), run[last.start : last.end], grammar, last.repairs),
        )
    always = run.search(r"长期|长\.?期")
    if always is not None:
        begins = find_dates(run.text[: always.start]) or ()
        if begins and begins[0].value.has_day:
            part = run[begins[0].start : begins[0].end]
            return _with_end(str(begins[0].value), part, always.group(), begins[0].repairs)
        solid = _solid_dates(run[: always.start])
        if len(solid) == 1:
            return _with_end(str(solid[0][0]), solid[0][1], always.group(), (REPAIR_MARKS,))
        return None
    solid = _solid_dates(run)
    if len(solid) == 2 and _is_term(solid[0][0], solid[1][0]):
        first_end, last_end = (
            ReadEnd(str(value), part, Grammar.CHECKED, (REPAIR_MARKS,)) for value, part in solid
        )
        return first_end, last_end
    return None


def _with_end(
    value: str, part: TextRun, always: TextRun, repairs: tuple[str, ...]
) -> tuple[ReadEnd, ReadEnd]:
    return (
        ReadEnd(value, part, Grammar.CLOSED, repairs),
        ReadEnd(_ALWAYS, always, Grammar.CLOSED),
    )


def _is_term(first: PartialDate, last: PartialDate) -> bool:
    """True when the dates are as far apart as the law says; 29 February ends on the 28th or 1 March."""
    if int(last[:4]) - int(first[:4]) not in _TERMS:
        return False
    return first[4:] == last[4:] or (
        first[4:] == "-02-29" and last[4:] in ("-02-28", "-03-01", "-02-29")
    )


def _solid_dates(run: TextRun) -> list[tuple[PartialDate, TextRun]]:
    """The dates of a run that holds nothing but eight or sixteen digits and marks between them."""
    digits = [i for i, c in enumerate(run.text) if c in "0123456789"]
    if len(digits) not in (8, 16) or re.search(r"[^0-9]", _MARKS.sub("", run.text)):
        return []
    return list(_dates_of(run, digits))


def _dates_of(run: TextRun, digits: list[int]) -> Iterable[tuple[PartialDate, TextRun]]:
    for start in range(0, len(digits), 8):
        eight = digits[start : start + 8]
        text = "".join(run.text[i] for i in eight)
        try:
            value = PartialDate(f"{text[:4]}-{text[4:6]}-{text[6:]}")
        except ValueError:
            return
        yield value, run[eight[0] : eight[-1] + 1]
