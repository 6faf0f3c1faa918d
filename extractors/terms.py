"""Terms of contracts: the dates between which they run, told from all the other dates of a contract."""

import re
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from extractors.dates import FoundDate, find_dates
from extractors.textrun import TextRun
from pipeline.model.values import PartialDate

_JOIN = re.compile(r"(?:[(（][^)）]*[)）])?[\s日起,，]*(?:至|到|止于|—+|-+|–|~|～|一)+[\s自]*")
_NUMERALS = "零一二三四五六七八九"
_CAPITALS = str.maketrans("壹贰叁肆伍陆柒捌玖拾两", "一二三四五六七八九十二")
_LENGTH = re.compile(
    r"(?<!试用)(?:期限|合同期|聘期|聘用期|有效期|为期)(?:暂?定?为|共计?|是|:|,)?"
    r"(?P<n>\d{1,2}|[一二两三四五六七八九十壹贰叁肆伍陆柒捌玖拾]{1,3})(?:\(\w{1,3}\))?(?P<unit>年|个月)(?!以上|以下|以内|内|月)"
)
REPAIR_LENGTH = "期限推算"
"""Name of the repair: a last day counted from the first day and the length of the term."""
_PROBATION = re.compile(r"试用期|见习期")


@dataclass(frozen=True, slots=True, eq=False)
class Term:
    """First and last day as printed, each with its place; `last` is None when none is printed."""

    first: FoundDate
    first_run: TextRun
    last: FoundDate | None
    last_run: TextRun | None


@dataclass(frozen=True, slots=True, eq=False)
class Length:
    """The length of a term in months, and where it stands."""

    months: int
    run: TextRun

    def last_day(self, first: PartialDate) -> PartialDate:
        """The day before the one on which the term is full (2022-07-01, three years: 2025-06-30)."""
        month = first.month.plus(self.months)
        day = first.earliest.day
        while day > 28:
            try:
                return _day_before(PartialDate.of(int(month[:4]), int(month[5:]), day))
            except ValueError:
                day -= 1
        return _day_before(PartialDate.of(int(month[:4]), int(month[5:]), day))


def _day_before(day: PartialDate) -> PartialDate:
    return PartialDate((day.earliest - timedelta(days=1)).isoformat())


def find_length(text: TextRun) -> Length | None:
    """The length that a (compact) text gives for a term, in digits or in words; None when it gives
    none, or several that differ."""
    found = [
        Length(months, m.group()) for m in text.finditer(_LENGTH) if (months := _months(m.match))
    ]
    return found[0] if len({length.months for length in found}) == 1 else None


def _months(match: re.Match[str]) -> int | None:
    number = _number(match["n"])
    if number is None or not 0 < number <= 60:
        return None
    return number * 12 if match["unit"] == "年" else number


def _number(text: str) -> int | None:
    """3, 三, 叁, 十, 十二, 二十: a number below a hundred."""
    if text.isdigit():
        return int(text)
    tens, ten, units = text.translate(_CAPITALS).rpartition("十")
    if any(c not in _NUMERALS for c in tens + units) or len(tens) > 1 or len(units) > 1:
        return None
    first = (_NUMERALS.index(tens) if tens else 1) * 10 if ten else 0
    return first + (_NUMERALS.index(units) if units else 0)


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
