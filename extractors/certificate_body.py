"""The sentence of a certificate: who, born when, studied what, from when to when.

Works on the paper's text as one compact run, so that line breaks, columns and odd spacing do not
matter, and every part still points at its place.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from extractors.confidence import Grammar
from extractors.dates import FoundDate, dates_in, find_clipped_dates, find_date_range
from extractors.fields import Candidate, Parsed, Parser
from extractors.folding import compact, is_han
from extractors.layout import pages_blocks, pages_run, text_lines
from extractors.textrun import TextRun
from pipeline.model.reading import Line, PageReading

_NAME = r"(?!研究生|学生|学员|考生)[^,，。:;()0-9\n]{2,24}?"
_FROM = r"系[^,，。;:0-9]{2,18}?人"
_NAMES = (
    rf"(?:研究生|学生|学员|考生|学习者|留学生|同学)[:]?\n?(?P<name>{_NAME})\n?[,，、;]?\n?性\n?别",
    rf"(?:研究生|学生|学员|考生)[:]?\n?(?P<name>{_NAME})\n?[,，、;]?\n?(?:男|女)\n?[,，、;]",
    rf"(?:^|[\n。])(?P<name>{_NAME})(?:同志|同学)?\n?[,，、;]?\n?性\n?别[:]?\n?[男女]",
    rf"(?:^|[\n。])(?P<name>{_NAME})\n?[,，、;]\n?(?:男|女)\n?[,，、;]",
    rf"(?:(?:研究生|学生|学员|考生)[:]?\n?|^|[\n。])(?P<name>{_NAME})\n?[,，]?\n?{_FROM}\n?[,，、;]",
)
_GENDERS = (
    r"性\n?别[:]?\n?(?P<value>[男女])",
    r"[,，、;\n](?P<value>[男女])\n?[,，、;。]",
    r"(?:研究生|学生|学员)[^,，。:;0-9]{2,24}?[,，、;]?(?P<value>[男女])[,，、;]",
)
_SCHOOL_ENDS = "党校|大学|大學|学院|學院|学校|學校|中学|分校|研究院|研究所|研究生院"
_CAMPUS = r"(?:\([^()]{1,10}\))?"
_MAJORS = (
    r"在\n?(?:本|我)(?:校|院|所|学院|学校)\n?(?P<value>[^,，。;]{2,40}?)\n?专业",
    r"入\n?(?:本|我|该)(?:校|院|所|学院|学校)\n?(?P<value>[^,，。;]{2,40}?)\n?专业",
    r"参加\n?(?P<value>[^,，。;]{2,40}?)\n?专业",
    rf"在\n?[^,，。;]{{2,30}}?(?:{_SCHOOL_ENDS}){_CAMPUS}\n?(?:[^,，。;专]{{2,14}}?(?:学院|系(?!统|列)|分院))?\n?(?P<value>[^,，。;]{{2,40}}?)\n?专业",
    r"在\n?(?P<value>[^,，。;校院]{2,40}?)\n?专业\n?(?:[(][^)]{1,12}[)])?[^,，。;]{0,8}?(?:学习|[,，])",
    r"专业[:]\n?(?P<value>[^,，。;:\n]{2,40}?)(?=学制|学习|层次|于|培养|\n|$)",
    r"(?:修完|完成了?)\n?(?P<value>[^,，。;]{2,40}?)\n?专业",
)
_SCHOOLS = (
    rf"在\n?(?P<value>(?![本我])[^,，。;0-9\n]{{2,40}}?(?:{_SCHOOL_ENDS}){_CAMPUS})(?=[^,，。;]{{2,60}}?专业)",
    rf"(?:毕业于|就读于|系)\n?(?P<value>[^,，。;0-9\n]{{2,40}}?(?:{_SCHOOL_ENDS}){_CAMPUS})",
)
_NO_SCHOOL = re.compile(
    r".*(?:自学考试|证|学位评定).*|(?:普通|成人)?高等(?:学校|学院|教育学院)|"
    r"(?:中等职业|中等专业|职业高级中|技工|职业中等专业)学校?"
)
"""Lines that end like a school but name a kind of school, an office or a paper."""


@dataclass(frozen=True, slots=True, eq=False)
class Body:
    """The text of a certificate twice: in blocks, where a break ends a sentence, and as one piece.

    Blocks keep a heading apart from the name below it; one piece survives a sentence that the
    geometry tore apart. Blocks are asked first.
    """

    blocks: TextRun
    solid: TextRun

    @property
    def text(self) -> str:
        """All of it as one piece."""
        return self.solid.text


@dataclass(frozen=True, slots=True, eq=False)
class PlacedDate:
    """A date with the run it stands on."""

    date: FoundDate
    run: TextRun


def body_of(pages: Iterable[PageReading]) -> Body:
    """The text of the paper's pages, column by column."""
    pages = tuple(pages)
    return Body(pages_blocks(pages), pages_run(pages))


def by_patterns(body: Body, patterns: Iterable[str], certainty: float = 0.97) -> list[Candidate]:
    """What the group `value` (or `name`) of each pattern matches: in blocks first, then as one piece."""
    patterns = tuple(patterns)
    found: list[Candidate] = []
    for text, start in ((body.blocks, certainty), (body.solid, certainty - 0.06)):
        for i, pattern in enumerate(patterns):
            for match in text.finditer(pattern):
                group = "name" if "name" in match.match.groupdict() else "value"
                found.append(Candidate(match.group(group), round(start - 0.01 * i, 3)))
    return found


def names_in(body: Body) -> list[Candidate]:
    """Where the sentence names its holder."""
    return by_patterns(body, _NAMES)


def genders_in(body: Body) -> list[Candidate]:
    return by_patterns(body, _GENDERS)


_TRIMS = (
    r"^\n?(?:参加)?\n?(?:全国)?(?:高等教育)?自学考试\n?",
    r"^[^,，。()]{2,14}?(?:学院|分院|学部)\n?(?=[^,，。]{2})",
    r"^[^,，。()]{2,10}?(?<![关体谱])系\n?(?![统列])(?=[^,，。]{2})",
)
_TRAIL = (
    r"\((?:网络教育|网络|远程教育|函授|业余|脱产|夜大学?|成人教育|开放教育|专升本|专科起点升?本科|"
    r"高起本|高起专|[本专]科(?:段)?|独立本科段|[一二三四五]年(?:半)?制)\)$"
)


def course_of(run: TextRun) -> TextRun:
    """The major alone: without the faculty before it or the form of study in brackets behind it."""
    plain = run.compact()
    for pattern in _TRIMS:
        lead = plain.search(pattern)
        if lead is not None:
            plain = plain[lead.end :]
    trail = plain.search(_TRAIL)
    return plain[: trail.start] if trail is not None and trail.start >= 2 else plain


def majors_in(body: Body, school: str | None = None) -> list[Candidate]:
    """Where the sentence names the major; what follows the name of `school`, if known, comes first."""
    own: tuple[str, ...] = ()
    if school is not None:
        own = (
            rf"在\n?{re.escape(compact(school))}{_CAMPUS}\n?(?:[^,，。;专]{{2,14}}?(?:学院|系(?!统|列)))?"
            r"(?P<value>[^,，。;]{2,40}?)\n?(?:专业|学科|领域)",
        )
    found = by_patterns(body, (*own, *_MAJORS))
    return [Candidate(course_of(each.run), each.certainty) for each in found]


def schools_in(body: Body) -> list[Candidate]:
    """Institutions named in the sentence itself (在〔大学〕…专业)."""
    return by_patterns(body, _SCHOOLS, 0.92)


def placed_dates(text: TextRun) -> list[PlacedDate]:
    """Every date of the text, in order."""
    return [PlacedDate(date, run) for date, run in dates_in(text)]


def clipped_dates(body: Body, year: int) -> list[Candidate]:
    """Dates with a figure of the year unread that belong to no sentence, the last first (see `dates`)."""
    plain = body.blocks.compact()
    found = [
        Candidate(plain[date.start : date.end], 0.85)
        for date in find_clipped_dates(plain.text, year)
        if not re.match(r"\n*(?:出?生|至|到|起|在|止)", plain.text[date.end :])
        and not re.search(
            r"[至到于自][〇○零一二三四五六七八九0-9]{0,3}\n*$", plain.text[: date.start]
        )
    ]
    return found[::-1]


def clipped_date_parser(year: int) -> Parser:
    """A parser for a date of which a figure of the year was not read."""

    def parser(run: TextRun) -> Parsed | None:
        found = find_clipped_dates(run.compact().text, year)
        if len(found) != 1:
            return None
        return Parsed(str(found[0].value), Grammar.FORMED, found[0].repairs)

    return parser


_BORN = re.compile(r"出生(?:日期|年月日?|时间)?[:]?$|(?<![日年月])生于$")


def births_in(body: Body) -> list[Candidate]:
    """Dates that are followed by 生, or preceded by 出生."""
    found = []
    for text, certainty in ((body.blocks, 0.98), (body.solid, 0.92)):
        plain = text.compact()
        for placed in placed_dates(plain):
            after = plain.text[placed.date.end :].lstrip("\n")[:3]
            before = plain.text[: placed.date.start].rstrip("\n")[-8:]
            if after.startswith(("生", "出生", "日生")) or _BORN.search(before):
                found.append(Candidate(placed.run, certainty))
    if not found:
        found = [
            Candidate(match.group("value"), 0.9)
            for match in body.solid.finditer(r"(?P<value>[^,，。;]{4,16}日)出?生[,，。;于自]")
        ]
    return found


def study_periods(body: Body) -> tuple[list[Candidate], list[Candidate]]:
    """Begin and end of study: `于…至…`, `自…至…`; the one without the other where that alone was read."""
    for text, certainty in ((body.blocks, 0.98), (body.solid, 0.93)):
        plain = text.compact()
        ends = find_date_range(plain.text)
        if ends is not None:
            first, second = (Candidate(plain[e.start : e.end], certainty) for e in ends)
            return [first], [second]
    plain = body.solid.compact()
    begins, finishes = [], []
    for date, part in dates_in(plain):
        after = plain.text[date.end :].lstrip("\n")
        before = plain.text[: date.start].rstrip("\n")
        if re.match(r"(?:起)?至|到|入(?:学|本|我|该)|考入|进入", after):
            begins.append(Candidate(part, 0.9))
        elif before.endswith(("至", "到")) or re.match(
            r"(?:止|毕业(?!证)|修业期满|学完|修完)", after
        ):
            finishes.append(Candidate(part, 0.9))
    return begins[:1], finishes[:1]


def loose_dates(body: Body) -> list[PlacedDate]:
    """Dates that belong to no sentence: neither born, nor the begin or end of a period."""
    plain = body.blocks.compact()
    ends = find_date_range(plain.text)
    spans = [(each.start, each.end) for each in ends] if ends else []
    loose = []
    for placed in placed_dates(plain):
        date = placed.date
        before = plain.text[: date.start].rstrip("\n")[-8:]
        after = plain.text[date.end :].lstrip("\n")[:3]
        if (date.start, date.end) in spans or after.startswith(("生", "出生", "日生", "至")):
            continue
        if _BORN.search(before) or before.endswith(("于", "自", "至")):
            continue
        loose.append(placed)
    return loose


def _goes_on_beside(line: Line, other: Line) -> bool:
    """True when the other line is a piece of the same print: a name that a seal broke in the middle."""
    height = min(line.height, other.height)
    gap = max(line.rect[0] - other.rect[2], other.rect[0] - line.rect[2])
    if line is other or not other.text.strip() or not is_han(other.text.strip()[0]):
        return False
    larger, off = max(line.height, other.height), abs(line.centre[1] - other.centre[1])
    if len(other.text.strip()) == 1:  # a letter of a seal, unless it fits in closely
        return (
            larger <= 1.15 * height
            and off <= 0.15 * height
            and -0.2 * height <= gap <= 0.3 * height
        )
    return larger <= 1.35 * height and off <= 0.35 * height and -0.5 * height <= gap <= 0.8 * height


def school_headings(pages: Iterable[PageReading]) -> list[Candidate]:
    """Lines that are an institution's name and nothing else, the largest print first.

    A line of `…监制` names the school as well; a kind of school (普通高等学校) is no name.
    """
    found: list[tuple[float, Candidate]] = []
    for page in pages:
        lines = text_lines(page)
        for line in lines:
            if any(_goes_on_beside(line, other) for other in lines):
                continue
            run = TextRun.of_line(page, line).compact()
            whole = run.search(
                rf"^(?P<value>[^,，。:;()0-9]{{2,30}}(?:{_SCHOOL_ENDS}){_CAMPUS})(?:监制|制|印制|\((?:盖?章|公章)\))?$"
            )
            if whole is None or _NO_SCHOOL.fullmatch(whole.group("value").text):
                continue
            found.append((line.height, Candidate(whole.group("value"), 0.9)))
    return [candidate for _, candidate in sorted(found, key=lambda each: -each[0])]
