"""Dates as papers print them: Chinese numerals in every glyph, financial capitals, Arabic.

All of domain facts §1.2. A date that does not exist, or whose day is printed but cannot be read, is
no date: nothing is guessed.
"""

import re
from dataclasses import dataclass, replace
from itertools import pairwise

from extractors.textrun import TextRun
from pipeline.model.reading import LineSource
from pipeline.model.values import PartialDate

_ZEROS = "0〇○◯零OoQОоО°。口囗"
_DIGITS = {
    **dict.fromkeys(_ZEROS, 0),
    **dict.fromkeys("1一壹弌Il|!", 1),
    **dict.fromkeys("2二贰貳弍", 2),
    **dict.fromkeys("3三叁參弎叄", 3),
    **dict.fromkeys("4四肆", 4),
    **dict.fromkeys("5五伍", 5),
    **dict.fromkeys("6六陆陸", 6),
    **dict.fromkeys("7七柒", 7),
    **dict.fromkeys("8八捌", 8),
    **dict.fromkeys("9九玖", 9),
}
_TENS = {"十": 1, "拾": 1, "+": 1, "廿": 2, "卄": 2, "卅": 3}
_DASHES = "-—–一－ー_"
_PLAIN_ZEROS = "0〇○◯零"
_PLAIN_DIGITS = set("0123456789〇○◯零一二三四五六七八九壹贰叁肆伍陆柒捌玖貳參陸")

_D = "".join(re.escape(c) for c in _DIGITS)
_T = "".join(re.escape(c) for c in _TENS)
_MONTH_AND_DAY = (
    rf"年[年\s]*"
    rf"(?P<month>[{_D}{_T}元正\-—\s]{{1,5}}?)\s*月[月\s]*"
    rf"(?:(?P<day>[{_D}{_T}\-—\s]{{1,6}}?)\s*[日号曰旧目旦]+日*"
    rf"|(?P<bare>[0-9]{{2}})(?![0-9年月.])|(?P<unread>[{_D}{_T}旧目臼]))?"
)
_WRITTEN = re.compile(
    rf"(?:(?<![0-9])|(?=[一二壹贰]))(?P<year>(?:[{_D}\-—–ー]\s*){{4}}|[一二贰]\s*[千仟]\s*[{_D}百佰{_T}\s]{{0,7}})"
    + _MONTH_AND_DAY
)
_SHORT = re.compile(rf"(?<![{_D}])(?P<year>二[一二][一二三四五六七八九〇○零])" + _MONTH_AND_DAY)
"""A year of this century whose 〇 was not seen: 二一三年 can only be 二〇一三年."""
_HEADLESS = re.compile(
    rf"(?<![{_D}{_T}])(?P<year>[〇○零][〇○零一二][一二三四五六七八九〇○零])" + _MONTH_AND_DAY
)
"""A year of this century whose first figure was not seen: 零一八年 can only be 二零一八年."""
_CLIPPED = re.compile(
    rf"(?<![{_D}{_T}])(?P<year>[0-9]{{2,3}}|[〇○零OoQ0一二三四五六七八九]{{1,3}})" + _MONTH_AND_DAY
)
_SEPARATED = re.compile(
    r"(?<![0-9])(?<![0-9][./])(?P<year>(?:19|20)[0-9]{2})\s?(?P<mark>[.\-/·,—–])\s?(?P<month>[0-9]{1,2})"
    r"(?:\s?[.\-/·,—–]\s?(?P<day>[0-9]{1,2}))?(?![0-9])(?!(?P=mark)[0-9]{1,2}(?![0-9]{2}))"
)
_SOLID = re.compile(
    r"(?<![0-9])(?P<year>(?:19|20)[0-9]{2})(?P<month>0[1-9]|1[0-2])(?P<day>[0-2][0-9]|3[01])(?![0-9])"
)
_TORN = 0.5
_BETWEEN = re.compile(r"[\s日起]*(?:至|到|—+|-+|–|~|～|一)+[\s自]*")


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date found in a text, from `start` to `end`; `repairs` names what was read through."""

    value: PartialDate
    start: int
    end: int
    repairs: tuple[str, ...] = ()


def find_dates(text: str) -> tuple[FoundDate, ...]:
    """Every date in a (folded) text that can be read without a guess, in order."""
    found: list[FoundDate] = []
    forms = (
        (_WRITTEN, _written), (_SHORT, _short), (_HEADLESS, _headless), (_SEPARATED, _arabic),
        (_SOLID, _arabic),
    )  # fmt: skip
    for pattern, build in forms:
        for match in pattern.finditer(text):
            date = build(match)
            if date is not None and not any(
                other.start < date.end and date.start < other.end for other in found
            ):
                found.append(date)
    return tuple(sorted(found, key=lambda date: date.start))


def find_clipped_dates(text: str, year: int) -> tuple[FoundDate, ...]:
    """Dates of which a figure of the year (二〇八年七月一日), or its beginning (八年七月一日), was not
    read, where it can be `year` and month and day were read.

    Only for papers that say the year again elsewhere, in a number that was read whole.
    """
    digits = str(year)
    found = []
    for match in _CLIPPED.finditer(text):
        left = "".join(str(_DIGITS[c]) for c in match["year"])
        is_part = any(digits[:i] + digits[i + 1 :] == left for i in range(len(digits)))
        if is_part or digits.endswith(left):
            date = _written_parts(match, digits)
            if date is not None and date.value.has_day:
                found.append(replace(date, repairs=(*date.repairs, REPAIR_YEAR)))
    return tuple(found)


REPAIR_YEAR = "年份缺字，按编号中的年份补"


def parse_date(text: str) -> FoundDate | None:
    """The one date of a text; None when there is none, or several that differ."""
    found = find_dates(text)
    return found[0] if found and all(each.value == found[0].value for each in found) else None


def find_date_range(text: str) -> tuple[FoundDate, FoundDate] | None:
    """The first two dates joined by 至, 到, a dash or a tilde, in the order printed."""
    dates = find_dates(text)
    for first, second in pairwise(dates):
        if _BETWEEN.fullmatch(text, first.end, second.start):
            return first, second
    return None


def dates_in(run: TextRun) -> tuple[tuple[FoundDate, TextRun], ...]:
    """Every date of a run with the part of the run it stands on (positions refer to `run.compact()`).

    A date torn in two by a single gap is left out: a seal or a glare may hide a digit there
    (2017年6月2▯日). Where all parts stand apart, as in a filled-in form, nothing is missed.
    """
    plain = run.compact()
    found = ((date, plain[date.start : date.end]) for date in find_dates(plain.text))
    return tuple((date, part) for date, part in found if not _is_torn(part))


def _is_torn(part: TextRun) -> bool:
    gaps = [
        part.gap_before(i)
        for i in range(1, len(part))
        if part.glyphs[i].line is not part.glyphs[i - 1].line
        and part.glyphs[i].line.source is LineSource.OCR
    ]
    wide = [gap for gap in gaps if _TORN <= gap < float("inf")]
    inside = [
        part.gap_before(i) >= _TORN
        for i in range(1, len(part))
        if part.glyphs[i].line is part.glyphs[i - 1].line
    ]
    return len(wide) == 1 and not any(inside)


def _written(match: re.Match[str]) -> FoundDate | None:
    return _written_parts(match, match["year"])


def _written_parts(match: re.Match[str], year_text: str) -> FoundDate | None:
    repairs: list[str] = []
    year = _year(year_text, repairs)
    month = _small(match["month"], 12, repairs)
    if match["month"].strip() in ("元", "正"):
        month = 1
    day_text = match["day"] or match["bare"]
    if match["unread"] or year is None or month is None or _lost_day(match):
        return None
    day = _small(day_text, 31, repairs) if day_text else None
    if day_text and day is None:
        return None
    if re.search(r"年\s*年|月\s*月|日\s*日", match[0]):
        repairs.append("日期叠字")
    return _found(year, month, day, match, repairs)


def _lost_day(match: re.Match[str]) -> bool:
    """True for 六月日: a day stood there and was not read."""
    return match["day"] is None and match.string[match.end() :].lstrip()[:1] == "日"


def _short(match: re.Match[str]) -> FoundDate | None:
    found = _written_parts(match, "二〇" + match["year"][1:])
    return None if found is None else replace(found, repairs=(*found.repairs, "日期漏读〇"))


def _headless(match: re.Match[str]) -> FoundDate | None:
    found = _written_parts(match, "二" + match["year"])
    return None if found is None else replace(found, repairs=(*found.repairs, "年份漏读二"))


def _arabic(match: re.Match[str]) -> FoundDate | None:
    day = match["day"]
    return _found(int(match["year"]), int(match["month"]), int(day) if day else None, match, [])


def _found(
    year: int, month: int, day: int | None, match: re.Match[str], repairs: list[str]
) -> FoundDate | None:
    if not 1930 <= year <= 2099:
        return None
    try:
        value = PartialDate.of(year, month, day)
    except ValueError:
        return None
    return FoundDate(value, match.start(), match.end(), tuple(dict.fromkeys(repairs)))


def _year(text: str, repairs: list[str]) -> int | None:
    """Four digits in any script, or 二千〇一十九 written out."""
    characters = [c for c in text if not c.isspace()]
    if characters[1] in "千仟":
        return _written_out_year("".join(characters))
    if sum(1 for c in characters if c in "-—–ー") and not any(
        c in "一二三四五六七八九〇○零" for c in characters
    ):
        return None
    digits = [1 if c in "-—–ー" else _DIGITS[c] for c in characters]
    if any(c not in _PLAIN_DIGITS for c in characters):
        repairs.append("日期数字形近字")
    return int("".join(map(str, digits)))


def _written_out_year(text: str) -> int | None:
    thousands, rest = _DIGITS[text[0]], text[2:].lstrip(_PLAIN_ZEROS)
    hundreds = 0
    if len(rest) >= 2 and rest[1] in "百佰":
        hundreds, rest = _DIGITS.get(rest[0], 0), rest[2:].lstrip(_PLAIN_ZEROS)
    units = _small(rest, 99, []) if rest else 0
    return None if units is None else thousands * 1000 + hundreds * 100 + units


def _small(text: str, most: int, repairs: list[str]) -> int | None:
    """A number from 1 to `most`: 6, 06, 六, 〇六, 十二, 一十二, 二十, 廿一, 卅, 二〇."""
    characters = [c for c in text if not c.isspace()]
    if not characters:
        return None
    if any(c in "+" or (c in "-—–ー") for c in characters) or any(
        c in _DIGITS and c not in _PLAIN_DIGITS for c in characters
    ):
        repairs.append("日期数字形近字")
    tens_at = next((i for i, c in enumerate(characters) if c in _TENS), None)
    number = _positional(characters) if tens_at is None else _with_ten(characters, tens_at)
    return number if number is not None and 1 <= number <= most else None


def _positional(characters: list[str]) -> int | None:
    if len(characters) > 2 or any(c not in _DIGITS for c in characters):
        return None
    return int("".join(str(_DIGITS[c]) for c in characters))


def _with_ten(characters: list[str], at: int) -> int | None:
    """Numbers written with 十, 拾, 廿 or 卅; a dash beside 十 is a 一 read as a stroke."""
    mark = characters[at]
    before = [c for c in characters[:at] if c not in _PLAIN_ZEROS]
    after = [c for c in characters[at + 1 :] if c not in _PLAIN_ZEROS]
    if len(before) > 1 or len(after) > 1 or (before and mark in "廿卄卅"):
        return None
    values = [1 if c in "-—–ー" else _DIGITS.get(c) for c in (*before, *after)]
    if any(value is None for value in values):
        return None
    tens = _TENS[mark] * ((values[0] or 0) if before else 1)
    return tens * 10 + ((values[-1] or 0) if after else 0)
