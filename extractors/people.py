"""Persons named in the sentences of letters and agreements: X同志, 兹证明X, 本人X, 职工X."""

import re
from collections.abc import Sequence

from extractors.employers import employer_parser
from extractors.fields import Candidate, Parsed, name_parser
from extractors.folding import is_han
from extractors.textrun import RunMatch, TextRun

_BEFORE = (
    r"(?:^|[。,;:、!?\"“”》)]|意见[书表]?|证明书?|推荐[信表书]?|证书|荣誉证(?!书)|证(?!书)|奖状|总结|兹有|现有|我单位|本单位|我司|本公司|我院|我校|"
    r"职工|员工|工作人员|技术人员|人员|同意|授予|将|由|对|就|关于|荣誉|表彰|派遣|劳动者)"
)
_STOP = r"意见|证明|推荐|单位|职工|员工|人员|证书|同志|公司|申报|承诺|本人|派遣|劳动者|总结|该|荣誉|奖状|有限|专用|从事|工作|以来"
_LEAD = r"证|关于|兹有|现有|现将|我司|我院|我校|同意|授予|荣誉|表彰|现就|现对|已对|已就|已将|针对|在|对|将"
"""Words that lead up to a name and are no part of one, also at the head of a line."""
_NAME = rf"(?P<value>(?!{_LEAD})(?:(?!{_STOP})[^,。;:()0-9\"“”《》!?/]){{2,20}}?)"
_HEADINGS = frozenset(
    [
        "职务",
        "分工",
        "序号",
        "岗位",
        "性别",
        "学历",
        "职称",
        "部门",
        "单位",
        "备注",
        "电话",
        "签名",
        "签字",
        "日期",
        "民族",
        "年龄",
        "专业",
        "角色",
        "职责",
        "工种",
        "编号",
        "籍贯",
        "住址",
        "地址",
        "身份证",
        "身份证号",
        "联系电话",
        "工作单位",
        "所在单位",
        "出生年月",
        "出生日期",
        "政治面貌",
        "现任职务",
        "所学专业",
        "毕业院校",
    ]
)
"""Words of forms that have the length of a name and are none."""
_TITLES = r"(?:同志|先生|女士|同学)"
_PATTERNS = (
    (rf"{_BEFORE}{_NAME}{_TITLES}", 0.96),
    (rf"(?:兹证明|现证明|特证明|兹有|证明)[,:]?(?:我单位|本单位|我司|本公司|我院)?(?:职工|员工|工作人员|技术人员)?{_NAME}(?=[,(]|在\d|于\d|自\d|系我|是我|为我|作为|担任|参与|参加|负责|同志)", 0.95),
    (rf"本人[:]?{_NAME}(?=[,(]|性别|身份证|公民身份|居民身份|系|是|现在|现为|现任|自愿|郑重|就职|任职|申报|,)", 0.95),
    (rf"(?:就|对|为|将|由)?(?:我单位|本单位|我司|本公司|我院|单位)?(?:职工|员工|工作人员|申报人员?|被推荐人)(?:为|是|:)?{_NAME}(?=申报|参加|同志|[(,]|在|的|所|提交|提供)", 0.95),
    (rf"(?:申报人|总结人|报告人|汇报人|承诺人|被推荐人|当事人|参评人|姓名|获奖者|获奖人)(?:\([^)]*\))?:{_NAME}(?=$|[,。;(]|性别|身份证|单位|日期|\d)", 0.95),
    (rf"{_BEFORE}{_NAME}(?=[,(](?:性别:?)?[男女][,)])", 0.94),
    (rf"{_BEFORE}{_NAME}(?=[,(](?:居民|公民)?身份证?(?:件)?号?码?)", 0.94),
)  # fmt: skip


_LABEL_BEHIND = re.compile(
    rf"(?:(?:工作|所在|承诺|申报|用人|推荐)单位|申报(?:专业|级别|职称)|{'|'.join(sorted(_HEADINGS))})(?=[^同等])"
)


def people_named(text: TextRun) -> list[Candidate]:
    """Where a (compact) text names persons, the surest way of naming first, then in reading order."""
    return [
        Candidate(_upto_next_label(text, match), certainty)
        for pattern, certainty in _PATTERNS
        for match in text.finditer(pattern)
    ]


def _upto_next_label(text: TextRun, match: RunMatch) -> TextRun:
    """The name without the label of the next row that the text runs on into (马样例|工作单位:)."""
    value = match.group("value")
    start = match.match.start("value")
    for at in range(_SHORTEST, len(value)):
        if value.gap_before(at) == float("inf") and _LABEL_BEHIND.match(text.text, start + at):
            return value[:at]
    return value


_SHORTEST = 2


def dotted_first(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates; a name of which another print has its middle dot goes behind that print.

    A signature or a seal hides a dot easily, and nothing puts one where none was printed.
    """
    dotted = {
        name.replace(DOT, ""): candidate
        for candidate in reversed(candidates)
        if (name := _name_of(candidate)) and DOT in name
    }
    ordered: list[Candidate] = []
    for candidate in candidates:
        whole = dotted.get(_name_of(candidate) or "")
        ordered += [each for each in (whole, candidate) if each and each not in ordered]
    return ordered


def _name_of(candidate: Candidate) -> str | None:
    parsed = person_parser(candidate.run)
    return str(parsed.value) if parsed else None


DOT = "·"


def person_parser(run: TextRun) -> Parsed | None:
    """A field parser for a person's name: no organisation's, and not Han and Latin in one."""
    if employer_parser(run) or run.compact().text.strip(":：") in _HEADINGS:
        return None
    parsed = name_parser(run)
    if parsed is None or not isinstance(parsed.value, str):
        return None
    mixed = any(c.isascii() and c.isalpha() for c in parsed.value) and any(
        is_han(c) for c in parsed.value
    )
    return None if mixed else parsed
