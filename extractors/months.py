"""Calendar months and month periods as papers print them (domain facts, section 2.5).

Every function keeps the places of characters: `text[start:end]` of a result is what stood on the
page. Look-alike letters are taken for digits only where the notation leaves no other reading
(between 年 and 月, or when a whole table cell is a month), and each such step is recorded.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from pipeline.model.values import Month

LOOKALIKES = {
    "O": "0",
    "o": "0",
    "Q": "0",
    "D": "0",
    "〇": "0",
    "○": "0",
    "◯": "0",
    "О": "0",
    "I": "1",
    "l": "1",
    "|": "1",
    "i": "1",
    "Z": "2",
    "z": "2",
    "B": "8",
    "S": "5",
    "s": "5",
    "G": "6",
    "b": "6",
}
"""Letters that recognisers read in place of a digit; used in numeric places only."""

REPAIR_DIGITS = "数字形近"
"""Name of the repair: letters read where digits stand."""

_DIGIT = "[0-9" + re.escape("".join(LOOKALIKES)) + "]"
_DASH = r"(?:[-‐‑–—―─－~～〜∼至到一]{1,3}|起至|起到)"
_CN_DIGIT = "〇○零一二三四五六七八九"
_CN_MONTHS = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]

_DAY = r"(?:\s*(?:[-./]\s*\d{1,2}(?!\d)|\d{1,2}\s*[日号]))?"
_NIAN = rf"(?P<y{{n}}>{_DIGIT}{{{{4}}}})\s*年\s*(?P<m{{n}}>{_DIGIT}{{{{1,2}}}})\s*月(?:份)?"
_MARKED = r"(?P<y{n}>(?:19|20)\d{{2}})\s*[-./]\s*(?P<m{n}>\d{{1,2}})(?!\d)"
_BARE = r"(?P<y{n}>(?:19|20)\d{{2}})(?P<m{n}>0[1-9]|1[0-2])(?!\d)"
_CHINESE = (
    rf"(?P<y{{n}}>[{_CN_DIGIT}]{{{{4}}}})\s*年\s*(?P<m{{n}}>十[一二]?|[一二三四五六七八九])\s*月"
)
_NOTATIONS = (_NIAN, _MARKED, _BARE, _CHINESE)


@dataclass(frozen=True, slots=True)
class FoundMonth:
    """A month and where it stands in the text it was found in."""

    month: Month
    start: int
    end: int
    repairs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class FoundPeriod:
    """A period, both months included, and where it stands in the text."""

    first: Month
    last: Month
    start: int
    end: int
    repairs: tuple[str, ...] = ()

    @property
    def length(self) -> int:
        """Number of months, both ends included."""
        return self.last.ordinal - self.first.ordinal + 1


def fold_width(text: str) -> str:
    """`text` with full-width forms made half-width, character by character (same length)."""
    if text.isascii():
        return text
    return "".join(map(_half_width, text))


@lru_cache(maxsize=16384)
def _half_width(character: str) -> str:
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character


def as_digits(text: str) -> tuple[str, tuple[str, ...]]:
    """`text` of a numeric place with look-alike letters made digits, and the repairs made."""
    digits = "".join(LOOKALIKES.get(c, c) for c in fold_width(text))
    return digits, (REPAIR_DIGITS,) if digits != fold_width(text) else ()


def _month_of(year: str, month: str) -> tuple[Month, tuple[str, ...]] | None:
    repairs: tuple[str, ...]
    if year[0] in _CN_DIGIT and month in _CN_MONTHS:
        digits = "".join(
            str("零一二三四五六七八九".find(c)) if c not in "〇○" else "0" for c in year
        )
        number, repairs = _CN_MONTHS.index(month) + 1, ()
    else:
        digits, year_repairs = as_digits(year)
        month_digits, month_repairs = as_digits(month)
        if not (digits.isdigit() and month_digits.isdigit()):
            return None
        number, repairs = int(month_digits), year_repairs or month_repairs
    if not ("1950" <= digits <= "2199" and 1 <= number <= 12):
        return None
    return Month.of(int(digits), number), repairs


def _patterns(n: int) -> str:
    """The four notations of a month as alternatives that share no group names."""
    return "|".join(p.format(n=f"{n}{i}") for i, p in enumerate(_NOTATIONS))


_ONE = re.compile(rf"(?<!\d)(?:{_patterns(0)})")
_DAY_FOLLOWS = re.compile(r"\s*(?:[-./]\s*\d{1,2}(?!\d)|\d{1,2}\s*[日号])")
_PERIOD = re.compile(
    rf"(?<!\d)(?:{_patterns(0)}){_DAY}\s*(?:起)?\s*{_DASH}\s*"
    rf"(?:{_patterns(1)}|(?P<short>{_DIGIT}{{1,2}})\s*月){_DAY}"
)
_JOINED = re.compile(r"(?<!\d)((?:19|20)\d{2})(0[1-9]|1[0-2])((?:19|20)\d{2})(0[1-9]|1[0-2])(?!\d)")


def _from(match: re.Match[str], n: int) -> tuple[Month, tuple[str, ...]] | None:
    groups = match.groupdict()
    for i in range(len(_NOTATIONS)):
        year, month = groups[f"y{n}{i}"], groups[f"m{n}{i}"]
        if year and month:
            return _month_of(year, month)
    return None


def find_months(text: str) -> tuple[FoundMonth, ...]:
    """Every month in running text, left to right; full dates (with a day) are not months."""
    folded = fold_width(text)
    found = []
    for match in _ONE.finditer(folded):
        read = _from(match, 0)
        if read and not _DAY_FOLLOWS.match(folded, match.end()):
            found.append(FoundMonth(read[0], match.start(), match.end(), read[1]))
    return tuple(found)


def find_periods(text: str) -> tuple[FoundPeriod, ...]:
    """Every `first … last` period in running text, in any notation; ends before its start: not one."""
    folded = fold_width(text)
    found = []
    for match in _PERIOD.finditer(folded):
        first = _from(match, 0)
        last = _from(match, 1)
        if first and match["short"]:
            last = _month_of(first[0][:4], match["short"])
        if first and last and first[0] <= last[0]:
            repairs = first[1] or last[1]
            found.append(FoundPeriod(first[0], last[0], match.start(), match.end(), repairs))
    for match in _JOINED.finditer(folded):
        first_month = Month(f"{match[1]}-{match[2]}")
        last_month = Month(f"{match[3]}-{match[4]}")
        if first_month <= last_month:
            found.append(FoundPeriod(first_month, last_month, match.start(), match.end()))
    return tuple(sorted(found, key=lambda p: p.start))


_CELL = re.compile(r"((?:19|20)\d{2})\s*[-./年]?\s*(\d{1,2})\s*月?(?:份)?")


def read_month_cell(text: str) -> FoundMonth | None:
    """The month that a whole cell holds (`202206`, `2022-06`, `2022年6月`), look-alikes put right.

    None when the cell holds anything else, so that an amount or a number is never taken for one.
    """
    stripped = text.strip().strip(".,，。:：")
    if not stripped:
        return None
    digits, repairs = as_digits(re.sub(r"\s+", "", stripped))
    match = _CELL.fullmatch(digits)
    if not match or (digits.isdigit() and len(digits) != 6):
        return None
    try:
        month = Month.of(int(match[1]), int(match[2]))
    except ValueError:
        return None
    start = text.index(stripped)
    return FoundMonth(month, start, start + len(stripped), repairs)


def read_year_cell(text: str) -> int | None:
    """The year that a whole cell holds (`2022`, `2022年`, `2022年度`), or None."""
    match = re.fullmatch(r"((?:19|20)\d{2})(?:年度?)?", as_digits(text.strip())[0])
    return int(match[1]) if match else None


def read_month_number(text: str) -> int | None:
    """The month of the year that a whole cell holds (`6`, `06`, `6月`, `六月`), or None."""
    stripped = text.strip()
    if stripped.removesuffix("月") in _CN_MONTHS:
        return _CN_MONTHS.index(stripped.removesuffix("月")) + 1
    match = re.fullmatch(r"(\d{1,2})月?(?:份)?", as_digits(stripped)[0])
    return int(match[1]) if match and 1 <= int(match[1]) <= 12 else None
