"""What the forms of 学信网 have in common: their labels across eras, and how each value is read."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from extractors.confidence import Grammar
from extractors.fields import (
    Candidate,
    FieldSheet,
    Parsed,
    Parser,
    conclusion_parser,
    date_parser,
    education_type_parser,
    first_blocks,
    first_date_parser,
    from_values,
    gender_parser,
    institution_parser,
    level_parser,
    lowered,
    major_parser,
    name_parser,
    number_parser,
    study_form_parser,
    verification_code_parser,
)
from extractors.labels import Label, Value, values_of
from extractors.layout import (
    cell_of,
    detected_height,
    page_paragraphs,
    pages_blocks,
    vertical_overlap,
)
from extractors.numbers import (
    ReadNumber,
    diploma_number_parts,
    parse_diploma_number,
    parse_free_diploma_number,
)
from extractors.record_cards import highest_card
from extractors.schooling import level_of_number
from extractors.textrun import TextRun
from extractors.witness import said_by_codes, witnessed
from pipeline.model.checksums import is_valid_id_number
from pipeline.model.document import DocumentReading, Unreadable
from pipeline.model.reading import Line, LineSource, join_rects

RECORD_LABELS = (
    Label("name", ("姓名",), wraps=True),
    Label("gender", ("性别", "性別")),
    Label("birth_date", ("出生日期", "出生年月", "出生年月日", "出生时间"), wraps=True),
    Label(
        "institution",
        ("学校名称", "毕业院校", "院校名称", "毕业学校", "毕业院校名称", "毕业学校名称", "学位授予单位", "学校", "院校"),
        wraps=True,
    ),
    Label("major", ("专业名称", "所学专业", "学科/专业", "学科专业", "专业"), wraps=True),
    Label("level", ("学历层次", "培养层次", "层次")),
    Label("education_type", ("学历类别", "学历类型", "学历种类")),
    Label("study_form", ("学习形式", "学习方式")),
    Label("enrolled_on", ("入学日期", "入学时间", "入学年月"), wraps=True),
    Label(
        "graduated_on",
        ("毕(结)业日期", "毕(结)业时间", "毕结业日期", "毕业日期", "毕业时间", "毕业年月", "毕(肄)业日期"),
        wraps=True,
    ),
    Label(
        "conclusion",
        ("毕(结)业结论", "毕结业结论", "毕(结)业", "毕结业", "毕业结论", "结论", "毕(肄)业"),
    ),
    Label(
        "diploma_number",
        ("毕业证书编号", "学历证书编号", "证书编号", "证书号码", "证书号"),
        wraps=True,
        spread=6.0,
    ),
    Label("verification_code", ("在线验证码", "验证码", "报告验证码"), wraps=True, spread=6.0),
    Label(
        "updated_on",
        ("更新日期", "制表日期", "更新时间", "打印日期", "报告日期", "认证日期", "查询日期", "查询时间"),
    ),
    Label(
        "valid_until",
        ("验证期至", "验证有效期至", "有效期至", "验证有效期", "报告有效期至", "有效期"),
    ),
)  # fmt: skip
RECORD_STOPS = (
    "学制", "校(院)长姓名", "校(院)长", "校长姓名", "院校所在地", "学校所在地", "证件号码", "证件类型",
    "身份证号", "身份证号码", "民族", "分院", "系所", "系(所)", "班级", "学号", "学历照片", "录取照片",
    "报告编号", "二维码", "在线验证", "注意事项", "温馨提示", "备注", "国籍", "毕业证书", "主办单位",
    "学籍状态", "学位证书编号", "所授学位", "院系", "PDF417",
)  # fmt: skip

_PARSERS: tuple[tuple[str, Parser, str], ...] = (
    ("name", name_parser, "姓名无法辨认"),
    ("gender", gender_parser, "性别无法辨认"),
    ("birth_date", date_parser, "出生日期无法辨认"),
    ("institution", institution_parser, "学校名称无法辨认"),
    ("major", major_parser, "专业无法辨认"),
    ("level", level_parser, "学历层次无法辨认"),
    ("education_type", education_type_parser, "学历类别无法辨认"),
    ("study_form", study_form_parser, "学习形式无法辨认"),
    ("enrolled_on", date_parser, "入学日期无法辨认"),
    ("graduated_on", date_parser, "毕业日期无法辨认"),
    ("conclusion", conclusion_parser, "毕（结）业结论无法辨认"),
    ("diploma_number", number_parser(parse_diploma_number), "证书编号位数或字符不符"),
    ("verification_code", verification_code_parser, "在线验证码位数或字符不符"),
    ("updated_on", first_date_parser, "更新日期无法辨认"),
    ("valid_until", first_date_parser, "验证有效期无法辨认"),
)


def read_record_form(
    document: DocumentReading, *, free_numbers: bool = False
) -> tuple[FieldSheet, dict[str, tuple[Value, ...]]]:
    """The fields of a 学历 form, and the labelled values they were taken from.

    `free_numbers`: the diploma may be older than electronic numbers (before 2001).
    """
    cards = [highest_card(page, RECORD_LABELS, RECORD_STOPS) for page in document.pages]
    values = values_of([card for card, _ in cards], RECORD_LABELS)
    texts = (
        pages_blocks(document.pages),
        *(run for page in document.pages for run in page_paragraphs(page)),
    )
    lines = [TextRun.of_line(c.page, line).compact() for c, _ in cards for line in c.lines]
    said = said_by_codes(document.pages)
    sheet = FieldSheet()
    count = max((count for _, count in cards), default=1)
    if count > 1:
        sheet.traits.append(f"records={count}")
    for name, parser, reason in _PARSERS:
        if name == "diploma_number":
            parser = number_in_context(
                parse_free_diploma_number if free_numbers else parse_diploma_number,
                diploma_number_agrees(sheet, "graduated_on"),
            )
        whole = [part for value in values[name] if (part := _before_two_rows(value))]
        if name == "name":
            whole = [value for value in whole if _is_whole(value)]
        candidates = from_values(whole)
        if name in _IN_ONE_BLOCK:
            candidates = first_blocks(candidates)
        candidates.extend(_beyond_label(name, texts, lines))
        if name in _IN_CODES:
            parser = witnessed(parser, said)
        sheet.take(name, candidates, parser, reason)
        if values[name] and not whole and name not in sheet.fields:
            broken = values[name][0].run
            sheet.unreadable[name] = Unreadable(
                name=name, reason=reason, raw=broken.raw, evidence=broken.evidence()
            )
    _weigh_bare_days(sheet)
    return sheet, values


_BARE_PART = re.compile(r"(?<![0-9])[1-9](?![0-9])")
_PADDED_PART = re.compile(r"(?<![0-9])0[1-9](?![0-9])")
_BARE = 0.75
_DATES = ("birth_date", "enrolled_on", "graduated_on")


def _weigh_bare_days(sheet: FieldSheet) -> None:
    """A form writes its dates in one style: beside 2019年06月30日, 2015年9月1日 has lost a figure."""
    dates = [sheet.fields[name] for name in _DATES if name in sheet.fields]
    if any(_PADDED_PART.search(date.raw) for date in dates):
        for date in dates:
            if _BARE_PART.search(date.raw):
                sheet.replace(lowered(date, _BARE))


_IN_CODES = {"name", "institution", "major", "diploma_number", "verification_code"}
_IN_ONE_BLOCK = {
    "birth_date", "enrolled_on", "graduated_on", "diploma_number", "verification_code",
}  # fmt: skip
"""Values that a narrow cell may break; should the lines joined give none, the first alone may."""


def _before_two_rows(value: Value) -> Value | None:
    """The value up to a line so high that two rows of print were read as one; None without such rest."""
    label = value.hit.run.glyphs[0].line
    for position, glyph in enumerate(value.run.glyphs):
        if glyph.line is not label and _is_of_two_rows(glyph.line, detected_height(label)):
            run = value.run[:position]
            return Value(value.hit, run, value.certainty) if run else None
    return value


def _is_of_two_rows(line: Line, label_height: float) -> bool:
    pitch = (line.rect[2] - line.rect[0]) / max(
        1.0, sum(1.0 if c > "⺀" else 0.5 for c in line.text)
    )
    return (
        line.source is LineSource.OCR
        and line.height > _HIGH * label_height
        and line.height > _NARROW * pitch
    )


_HIGH, _NARROW = 1.85, 1.5
"""Forms print labels and values in one size, screens values up to half as large again; characters
are about as wide as their line is high."""


def _is_whole(value: Value) -> bool:
    """True for a value on one line level with its label or under it, or on the lines of one ruled cell.

    Names have no form that would tell them from whatever else stands near an empty place.
    """
    slices = value.run.slices()
    around = join_rects(line.rect_of(start, end) for _, line, start, end in slices)
    is_beside = around[0] >= value.hit.rect[2]
    is_level = not is_beside or vertical_overlap(around, value.hit.rect) >= 0.4
    if is_level and len({id(line) for _, line, _, _ in slices}) < 2:
        return True
    cell = cell_of(slices[0][0], around)
    slack = slices[0][1].height
    return cell is not None and cell[1] - slack <= around[1] and around[3] <= cell[3] + slack


_ALONE: dict[str, tuple[str, float]] = {
    "diploma_number": (r"(?P<value>[0-9]{18})", 0.88),
    "level": (r"(?P<value>专科|专科\(高职\)|本科|专升本|硕士研究生|博士研究生|第二学士学位)", 0.86),
    "study_form": (r"(?P<value>普通全日制|全日制|非全日制|函授|业余|脱产)", 0.86),
    "education_type": (r"(?P<value>普通高等教育|成人高等教育)", 0.86),
    "conclusion": (r"(?P<value>毕业|结业)", 0.86),
}
"""Lines that nothing else on such a form can be, where their label was not read."""
_BESIDE: dict[str, str] = {
    "verification_code": r"(?:在线)?验证码?码[:;.]?(?P<value>[0-9]{12}|[AX][A-Z0-9]{15})(?![0-9A-Z])",
    "updated_on": r"(?:更新|制表|打印|报告|认证)(?:日期|时间)[:;.]?(?P<value>[0-9〇一二三四五六七八九]{4}.{4,12})",
    "valid_until": r"(?:验证期至|有效期至)[:;.]?(?P<value>[0-9]{4}.{4,8})",
}


def _beyond_label(name: str, texts: Sequence[TextRun], lines: Sequence[TextRun]) -> list[Candidate]:
    """Values that stand in running text, under their label while something else is beside it, or in
    the form without a label that was read."""
    beside = re.compile(_BESIDE.get(name, _NEVER))
    found = [Candidate(m.group("value"), 0.9) for text in texts for m in text.finditer(beside)]
    pattern, certainty = _ALONE.get(name, (_NEVER, 0.0))
    alone = [m.group("value") for line in lines for m in line.finditer(rf"^{pattern}$")]
    if len({each.text for each in alone}) == 1 and not is_valid_id_number(alone[0].text):
        found.append(Candidate(alone[0], certainty))
    return found


_NEVER = r"(?!)"


def number_in_context(
    parse: Callable[[str], ReadNumber | None], agrees: Callable[[str], bool | None]
) -> Parser:
    """A number parser for a paper that says again what the number's own digits say (year, level).

    `agrees(number)`: True is a check on the reading, which then also decides between two readings;
    False takes trust away; None says nothing. Year and level bear nothing out about the other digits,
    so one that was read unsurely stays in doubt.
    """
    plain = number_parser(parse)

    def parser(run: TextRun) -> Parsed | None:
        parsed = plain(run)
        if parsed is None or not isinstance(parsed.value, str):
            return parsed
        verdict = agrees(parsed.value)
        if verdict is None:
            return parsed
        surely = (parsed.part or run).weakest >= _SURE_DIGIT
        borne_out = Grammar.CHECKED if surely else Grammar.FORMED
        return replace(parsed, grammar=borne_out if verdict else Grammar.LOOSE)

    return parser


_SURE_DIGIT = 0.95


def diploma_number_agrees(sheet: FieldSheet, year_field: str) -> Callable[[str], bool | None]:
    """Whether a diploma number's year and level are those of the paper (§1.3)."""
    year, level = sheet.text(year_field), sheet.text("level")

    def agrees(number: str) -> bool | None:
        parts = diploma_number_parts(number)
        if parts is None or year is None:
            return None
        said = level_of_number(parts.level)
        return str(parts.year) == year[:4] and (level is None or said is None or said == level)

    return agrees
