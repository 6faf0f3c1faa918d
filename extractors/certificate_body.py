"""The sentence of a certificate: who, born when, studied what, from when to when.

Works on the paper's text as one compact run, so that line breaks, columns and odd spacing do not
matter, and every part still points at its place.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from extractors.dates import FoundDate, dates_in, find_date_range
from extractors.fields import Candidate
from extractors.layout import pages_run, text_lines
from extractors.textrun import TextRun
from pipeline.model.reading import PageReading

_NAME = r"[^,，。:;()0-9]{2,24}?"
_NAMES = (
    rf"(?:研究生|学\s?生|学员|考生|学习者|留学生)[:]?(?P<name>{_NAME})[,，、;]?性别",
    rf"(?:研究生|学生|学员|考生)[:]?(?P<name>{_NAME})[,，、;](?:男|女)[,，、;]",
    rf"(?:^|书|[。号])(?P<name>{_NAME})(?:同志|同学)?[,，、;]?性别[:]?[男女]",
    rf"(?:^|书|证|[。号])(?P<name>{_NAME})[,，、;](?:男|女)[,，、;]",
)
_GENDERS = (
    r"性别[:]?(?P<value>[男女])",
    r"[,，、;](?P<value>[男女])[,，、;。]",
)
_SCHOOL_ENDS = "大学|学院|学校|分校|研究院|研究所|研究生院|电大"
_HERE = "在(?:本校|我校|本院|我院|本所|我所|校|本学院|本学校)?"
_MAJORS = (
    r"在(?:本|我)(?:校|院|所|学院|学校)(?P<value>[^,，。;]{2,40}?)专业",
    r"参加(?P<value>[^,，。;]{2,40}?)专业",
    rf"在[^,，。;]{{2,30}}?(?:{_SCHOOL_ENDS})(?:[^,，。;专]{{2,14}}?(?:学院|系|分院))?(?P<value>[^,，。;]{{2,40}}?)专业",
    r"在(?P<value>[^,，。;校院]{2,40}?)专业(?:[(][^)]{1,12}[)])?(?:学习|[,，])",
    r"专业[:](?P<value>[^,，。;:]{2,40}?)(?=学制|学习|层次|于|培养|$)",
    r"(?:修完|完成了?)(?P<value>[^,，。;]{2,40}?)专业",
)
_SCHOOLS = (
    rf"在(?P<value>(?![本我])[^,，。;0-9]{{2,40}}?(?:{_SCHOOL_ENDS}))(?=[^,，。;]{{2,60}}?专业)",
    rf"(?:毕业于|就读于|系)(?P<value>[^,，。;0-9]{{2,40}}?(?:{_SCHOOL_ENDS}))",
)


@dataclass(frozen=True, slots=True, eq=False)
class PlacedDate:
    """A date with the run it stands on."""

    date: FoundDate
    run: TextRun


def body_text(pages: Iterable[PageReading]) -> TextRun:
    """The paper's text, column by column, as one compact run."""
    return pages_run(pages)


def by_patterns(text: TextRun, patterns: Iterable[str], certainty: float = 0.97) -> list[Candidate]:
    """What the group `value` (or `name`) of each pattern matches, pattern by pattern."""
    found: list[Candidate] = []
    for pattern in patterns:
        for match in text.finditer(pattern):
            group = "name" if "name" in match.match.groupdict() else "value"
            found.append(Candidate(match.group(group), certainty))
        certainty -= 0.01
    return found


def names_in(text: TextRun) -> list[Candidate]:
    """Where the sentence names its holder."""
    return by_patterns(text, _NAMES)


def genders_in(text: TextRun) -> list[Candidate]:
    return by_patterns(text, _GENDERS)


def majors_in(text: TextRun) -> list[Candidate]:
    return by_patterns(text, _MAJORS)


def schools_in(text: TextRun) -> list[Candidate]:
    """Institutions named in the sentence itself (在〔大学〕…专业)."""
    return by_patterns(text, _SCHOOLS, 0.9)


def placed_dates(text: TextRun) -> list[PlacedDate]:
    """Every date of the text, in order."""
    return [PlacedDate(date, run) for date, run in dates_in(text)]


def births_in(text: TextRun) -> list[Candidate]:
    """Dates that are followed by 生, or preceded by 出生."""
    plain = text.compact()
    found = []
    for placed in placed_dates(plain):
        date = placed.date
        after, before = plain.text[date.end : date.end + 3], plain.text[: date.start][-8:]
        if after.startswith(("生", "出生", "日生")) or "出生" in before or before.endswith("生于"):
            found.append(Candidate(placed.run, 0.98))
    if not found:
        found = [
            Candidate(match.group("value"), 0.9)
            for match in plain.finditer(r"(?P<value>[^,，。;]{4,16}日)生[,，。;于自]")
        ]
    return found


def study_periods(text: TextRun) -> list[tuple[Candidate, Candidate]]:
    """Begin and end of study: `于…至…`, `自…至…`, as candidates."""
    plain = text.compact()
    ends = find_date_range(plain.text)
    if ends is None:
        return []
    first, second = (Candidate(plain[each.start : each.end], 0.98) for each in ends)
    return [(first, second)]


def loose_dates(text: TextRun) -> list[PlacedDate]:
    """Dates that belong to no sentence: neither born, nor the begin or end of a period."""
    plain = text.compact()
    ends = find_date_range(plain.text)
    spans = [(each.start, each.end) for each in ends] if ends else []
    loose = []
    for placed in placed_dates(plain):
        date = placed.date
        before, after = plain.text[: date.start][-4:], plain.text[date.end : date.end + 3]
        if (date.start, date.end) in spans or after.startswith(("生", "出生", "日生")):
            continue
        if "出生" in before or "生于" in before or before.endswith(("于", "自")):
            continue
        loose.append(placed)
    return loose


def school_headings(pages: Iterable[PageReading]) -> list[Candidate]:
    """Lines that are an institution's name and nothing else, the largest print first.

    A line of `…监制` names the school as well.
    """
    found: list[tuple[float, Candidate]] = []
    for page in pages:
        for line in text_lines(page):
            run = TextRun.of_line(page, line).compact()
            whole = run.search(
                rf"^(?P<value>[^,，。:;()0-9]{{2,30}}(?:{_SCHOOL_ENDS}))(?:监制|制|印制)?$"
            )
            if whole is not None and "自学考试" not in run.text and "证" not in run.text:
                found.append((line.height, Candidate(whole.group("value"), 0.85)))
    return [candidate for _, candidate in sorted(found, key=lambda each: -each[0])]
