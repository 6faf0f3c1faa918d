"""毕业证书 (diploma): ordinary, adult, self-study, online, open, graduate, secondary; also 毕业证明书.

Facts §1.1. The body is read as one sentence over broken lines and columns; labels are read where
the paper has them; the institution comes from its 校名 line, then the body, then a heading.
"""

import re

from extractors import schooling
from extractors.certificate_body import (
    Body,
    births_in,
    body_of,
    by_patterns,
    clipped_date_parser,
    clipped_dates,
    genders_in,
    loose_dates,
    majors_in,
    names_in,
    school_headings,
    schools_in,
    study_periods,
)
from extractors.confidence import Grammar
from extractors.fields import (
    Candidate,
    FieldSheet,
    Parsed,
    date_parser,
    first_blocks,
    first_date_parser,
    from_values,
    gender_parser,
    institution_parser,
    level_parser,
    lowered,
    major_parser,
    name_parser,
)
from extractors.labels import Label, Value, label_page
from extractors.layout import columns_of
from extractors.numbers import (
    diploma_number_parts,
    parse_diploma_number,
    parse_free_diploma_number,
)
from extractors.record_form import diploma_number_agrees, number_in_context
from extractors.seal_names import as_witnesses, completed_by_seals, seal_runs
from extractors.textrun import TextRun
from extractors.witness import take_with_witnesses
from pipeline.model.document import DocumentReading, Extraction
from pipeline.model.values import PartialDate

LABELS = (
    Label("name", ("姓名",)),
    Label("gender", ("性别",)),
    Label("birth_date", ("出生日期", "出生年月", "出生年月日")),
    Label(
        "institution",
        (
            "校名", "学校名称", "培养单位", "办学单位", "高等院校", "主考院校", "主考学校", "毕业院校",
            "学校(盖章)", "学校(公章)", "高等学校", "毕业学校", "校(院)名",
        ),
        wraps=True,
        strict=True,
    ),
    Label("institution", ("学校",), below=False, strict=True),
    Label("major", ("专业名称", "所学专业", "专业"), strict=True),
    Label("level", ("学历层次", "培养层次", "层次"), strict=True),
    Label("study_form", ("学习形式", "学习方式"), strict=True),
    Label("enrolled_on", ("入学日期", "入学时间", "入学年月")),
    Label("graduated_on", ("毕业日期", "毕业时间", "毕业年月")),
    Label(
        "diploma_number",
        ("毕业证书编号", "证书编号", "证书号码", "证书号", "电子注册号", "注册编号", "编号", "证明书编号"),
        spread=8.0,
    ),
    Label("issued_on", ("发证日期", "签发日期", "颁发日期", "发证时间"), strict=True),
)  # fmt: skip
STOPS = (
    "校(院)长", "校(院、所)长", "校长", "院长", "院(所)长", "学制", "查询网址", "民族", "身份证号",
    "身份证号码", "证件号码", "学校编号", "主考院校(章)", "签章", "学校负责人", "负责人", "监制",
    "原证书编号", "原毕业证书编号", "批准文号", "准考证号",
)  # fmt: skip

_LEVEL_WORDS = (
    r"第二学士学位|专科起点升?本科|专升本|高起本|高升本|高起专|高升专|高职\(?专科\)?|专科\(高职\)|高职高专|高等职业教育|"
    r"博士研究生|硕士研究生|本科|专科(?!起)|大专|中等专业|中等职业|中专|中职"
)
_LEVELS = (
    rf"专业[^。]{{0,24}}?(?P<value>{_LEVEL_WORDS})",
    rf"\((?P<value>{_LEVEL_WORDS})\)\n?专业",
    rf"(?P<value>{_LEVEL_WORDS})(?:教学计划|培养计划|培养方案|学习|高等教育自学考试|段)",
    r"(?P<value>博士研究生|硕士研究生)毕业证",
    r"(?P<value>中等职业学校|中等专业学校|技工学校|职业高中|职业高级中学|职业中等专业|中等职业教育|职业技术学校|中等专业教育)[^。]{0,6}?毕业证",
    r"(?P<value>博士研究生|硕士研究生|第二学士学位|中等专业学校|中等职业学校|技工学校|职业高级中学|职业高)",
)
_FORM_WORDS = r"非\n?全日制|普通\n?全日制|(?<!非)(?<!非\n)全日制|半脱产|函授|业余|脱产|夜大学?|网络教育|开放教育|远程教育"
_FORMS = (
    rf"专业[^。]{{0,24}}?(?P<value>{_FORM_WORDS})",
    rf"\((?P<value>{_FORM_WORDS})\)\n?专业",
    rf"学习(?:形式|方式)[:]?(?P<value>{_FORM_WORDS})",
    rf"(?P<value>{_FORM_WORDS})(?:[^。,，]{{0,8}})?学习",
)
_CONCLUSIONS = (
    r"准予(?P<value>毕业|结业|肄业|肆业)",
    r"(?P<value>结业|肄业|肆业)证(?:明)?书",
    r"(?P<value>毕业)证(?:明)?书",
)
_ISSUED_BEFORE, _ISSUED_AFTER = 2, 12
"""Months between graduation and issue that are usual; replacements may be later, with less trust."""
_DOUBTFUL = 0.75
_BARE_NUMBER = r"(?<![0-9A-Za-z])(?P<value>[0-9]{17,18})(?![0-9A-Za-z])"


def extract_diploma(document: DocumentReading) -> Extraction:
    """Fields of a diploma. Traits: `variant` (毕业证明书, 自考), `heading` as far as it says more."""
    sheet = FieldSheet()
    body = body_of(document.pages)
    values = _labelled(document)
    sheet.take("name", names_in(body) + from_values(values["name"]), name_parser, "姓名无法辨认")
    sheet.take(
        "gender", genders_in(body) + from_values(values["gender"]), gender_parser, "性别无法辨认"
    )
    births = births_in(body) + from_values(values["birth_date"])
    sheet.take("birth_date", births, first_date_parser, "出生日期无法辨认")
    _take_institution(sheet, document, body, values)
    _take_study(sheet, body, values)
    _take_dates(sheet, body, values)
    _take_number(sheet, body, values)
    _complete_issue(sheet, body)
    _weigh_level(sheet)
    sheet.traits.extend(_traits(body))
    return sheet.extraction()


def _labelled(document: DocumentReading) -> dict[str, tuple[Value, ...]]:
    """Labelled values, column by column, so that one half of a spread never answers for the other."""
    sheets = [
        label_page(page, LABELS, stops=STOPS, lines=column)
        for page in document.pages
        for column in columns_of(page)
    ]
    return {label.key: tuple(v for s in sheets for v in s.values(label.key)) for label in LABELS}


def _take_study(sheet: FieldSheet, body: Body, values: dict[str, tuple[Value, ...]]) -> None:
    school = sheet.text("institution")
    majors = [c for c in majors_in(body, school) if not re.search(r"学习|教学计划", c.run.text)]
    sheet.take("major", majors + from_values(values["major"]), major_parser, "专业无法辨认")
    levels = from_values(values["level"]) + by_patterns(body, _LEVELS)
    sheet.take("level", levels, level_parser, "学历层次无法辨认")
    forms = from_values(values["study_form"]) + by_patterns(body, _FORMS)
    sheet.take("study_form", forms, _form_parser, "学习形式无法辨认")
    sheet.take(
        "conclusion", by_patterns(body, _CONCLUSIONS), _conclusion_parser, "毕业结论无法辨认"
    )


def _form_parser(run: TextRun) -> Parsed | None:
    """半脱产 is registered as 业余."""
    word = "业余" if "半脱产" in run.text else schooling.parse_study_form(run.text)
    return Parsed(word, Grammar.CLOSED) if word else None


def _conclusion_parser(run: TextRun) -> Parsed | None:
    word = schooling.parse_conclusion(run.text)
    return Parsed(word, Grammar.CLOSED) if word else None


def _take_institution(
    sheet: FieldSheet,
    document: DocumentReading,
    body: Body,
    values: dict[str, tuple[Value, ...]],
) -> None:
    candidates = from_values(values["institution"]) + schools_in(body)
    candidates += school_headings(document.pages)
    seals = seal_runs(document.pages)
    parser = completed_by_seals(_school_parser, seals)
    take_with_witnesses(
        sheet, "institution", candidates, parser, "学校名称无法辨认", witnesses=as_witnesses(seals)
    )


def _school_parser(run: TextRun) -> Parsed | None:
    """The institution, without what stands behind it in the same row (校长, seal)."""
    plain = run.compact()
    cut = plain.search(r"\(?(?:校\(?院|院\(?校|校长|院长|盖章|公章|印章|签章|章\))")
    return institution_parser(plain[: cut.start] if cut and cut.start >= 4 else run)


def _take_dates(sheet: FieldSheet, body: Body, values: dict[str, tuple[Value, ...]]) -> None:
    first, last = study_periods(body)
    begins = from_values(values["enrolled_on"]) + first
    ends = from_values(values["graduated_on"]) + last
    sheet.take("enrolled_on", begins, first_date_parser, "入学日期无法辨认")
    sheet.take("graduated_on", ends, first_date_parser, "毕业日期无法辨认")
    labelled = {
        id(g.line)
        for key in ("enrolled_on", "graduated_on")
        for v in values[key]
        for g in v.run.glyphs
    }
    loose = [
        Candidate(placed.run, 0.95)
        for placed in reversed(loose_dates(body))
        if not any(id(glyph.line) in labelled for glyph in placed.run.glyphs)
    ]
    issues = from_values(values["issued_on"]) + loose
    sheet.take("issued_on", issues, date_parser, "发证日期无法辨认")
    if not ends and "自学考试" in body.text:
        _graduated_when_issued(sheet)
    if "毕业证明书" not in body.text:
        _weigh_issue(sheet)


def _complete_issue(sheet: FieldSheet, body: Body) -> None:
    """A date of issue whose year lost a figure, where the number and the graduation name the year."""
    number, graduated = sheet.text("diploma_number"), sheet.text("graduated_on")
    parts = diploma_number_parts(number) if number else None
    if parts is None or graduated is None or graduated[:4] != str(parts.year):
        return
    clipped = clipped_dates(body, parts.year)
    sheet.take("issued_on", clipped, clipped_date_parser(parts.year), "发证日期无法辨认")


def _weigh_level(sheet: FieldSheet) -> None:
    """A level that the number contradicts, though the number's year is right, may be misread."""
    number, level = sheet.text("diploma_number"), sheet.fields.get("level")
    parts = diploma_number_parts(number) if number else None
    if (
        parts is None
        or level is None
        or not (sheet.text("graduated_on") or "").startswith(str(parts.year))
    ):
        return
    said = schooling.level_of_number(parts.level)
    if said is not None and said != level.value:
        sheet.replace(lowered(level, _DOUBTFUL))


def _weigh_issue(sheet: FieldSheet) -> None:
    """A diploma is issued within months of graduation; a date far from it was likely misread."""
    issued, graduated = sheet.fields.get("issued_on"), sheet.text("graduated_on")
    if issued is None or graduated is None or not isinstance(issued.value, str):
        return
    apart = PartialDate(issued.value).month.ordinal - PartialDate(graduated).month.ordinal
    if not -_ISSUED_BEFORE <= apart <= _ISSUED_AFTER:
        sheet.replace(lowered(issued, _DOUBTFUL))


def _graduated_when_issued(sheet: FieldSheet) -> None:
    """Self-study papers print one date: the day of issue is the day of graduation (§1.1)."""
    issued = sheet.fields.get("issued_on")
    if issued is not None:
        sheet.put(issued.model_copy(update={"name": "graduated_on"}))


def _take_number(sheet: FieldSheet, body: Body, values: dict[str, tuple[Value, ...]]) -> None:
    graduated = sheet.text("graduated_on") or sheet.text("issued_on")
    is_old = graduated is not None and graduated[:4] <= "2002"
    is_secondary = sheet.text("level") == "中专"
    year = "graduated_on" if "graduated_on" in sheet.fields else "issued_on"
    parser = number_in_context(
        parse_free_diploma_number if is_old or is_secondary else parse_diploma_number,
        diploma_number_agrees(sheet, year),
    )
    labelled = first_blocks(from_values(values["diploma_number"]))
    bare = [
        Candidate(match.group("value"), 0.9)
        for match in body.blocks.finditer(_BARE_NUMBER)
        if "身份" not in body.text[max(0, match.start - 12) : match.start]
    ]
    legacy = by_patterns(
        body, (r"(?P<value>[^,，。:;\n]{0,8}字[(\[]?[0-9]*[)\]]?第?[0-9]{3,16}号)",), 0.9
    )
    sheet.take("diploma_number", labelled + bare + legacy, parser, "证书编号位数或字符不符")


def _traits(body: Body) -> list[str]:
    traits = []
    if "毕业证明书" in body.text:
        traits.append("variant=毕业证明书")
    if "自学考试" in body.text:
        traits.append("education_type=自学考试")
    elif "网络教育" in body.text:
        traits.append("education_type=网络教育")
    elif "成人高等教育" in body.text:
        traits.append("education_type=成人高等教育")
    return traits
