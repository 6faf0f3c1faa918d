"""Terms of contracts: the dates between which they run, told from all the other dates of a contract."""

import re
from dataclasses import dataclass
from itertools import pairwise

from extractors.dates import FoundDate, find_dates
from extractors.textrun import TextRun

_JOIN = re.compile(r"(?:[(（][^)）]*[)）])?[\s日起,，]*(?:至|到|止于|—+|-+|–|~|～|一)+[\s自]*")
_PROBATION = re.compile(r"试用期|见习期")


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """First and last day as printed, each with its place; `last` is None when none is printed."""

    first: FoundDate
    first_run: TextRun
    last: FoundDate | None
    last_run: TextRun | None


def first_term(text: TextRun) -> Term | None:
    """The first `自…起至…止` of a (compact) text that is not the probation's, or None."""
    dates = find_dates(text.text)
    for first, last in pairwise(dates):
        if _JOIN.fullmatch(text.text, first.end, last.start) and not _is_probation(text, first):
            return Term(first, text[first.start : first.end], last, text[last.start : last.end])
    return None


def first_start(text: TextRun) -> Term | None:
    """The first `自…起` without an end, or None."""
    for date in find_dates(text.text):
        opens = text.text[max(0, date.start - 2) : date.start].endswith(("自", "从", "于"))
        starts = text.text[date.end : date.end + 2].startswith(("起", "开始", "日起"))
        if (opens or starts) and not _is_probation(text, date):
            return Term(date, text[date.start : date.end], None, None)
    return None


def _is_probation(text: TextRun, date: FoundDate) -> bool:
    """True when the nearest word before the date, in its own sentence part, is that of probation."""
    before = text.text[max(0, date.start - 14) : date.start]
    return _PROBATION.search(re.split(r"[。;]", before)[-1]) is not None
