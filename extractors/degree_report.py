"""Degree reports of three generations: 在线验证报告, 学位认证报告, the older one of 学位中心. Facts §1.7."""

import re

from extractors import schooling
from extractors.confidence import Grammar
from extractors.fields import (
    Candidate,
    FieldSheet,
    Parsed,
    date_parser,
    degree_parser,
    first_date_parser,
    from_values,
    gender_parser,
    institution_parser,
    name_parser,
    number_parser,
    verification_code_parser,
)
from extractors.labels import Label, label_values
from extractors.names import parse_major
from extractors.numbers import parse_degree_number
from extractors.textrun import TextRun
from extractors.witness import said_by_codes, witnessed
from pipeline.model.document import DocumentReading, Extraction

LABELS = (
    Label("name", ("姓名",)),
    Label("gender", ("性别",)),
    Label("birth_date", ("出生日期", "出生年月", "出生年月日")),
    Label("degree_awarded_on", ("获学位日期", "学位授予日期", "授予学位日期", "获得学位日期", "获学位年份", "获学位时间")),
    Label("institution", ("学位授予单位", "授予单位", "授予单位名称"), wraps=True),
    Label("degree", ("所授学位", "学位层级", "学位级别", "学位类别", "学位"), wraps=True),
    Label("field", ("学科门类",)),
    Label("major", ("学科/专业", "学科专业", "专业名称", "学科(专业)", "专业(学科)", "专业(领域)", "专业"), wraps=True),
    Label(
        "degree_number",
        ("学位证书编号", "学位证书(编号)", "学位证书号", "学位证书", "证书编号", "证书号"),
        spread=6.0,
    ),
    Label("verification_code", ("在线验证码", "验证编码", "验证码"), spread=6.0),
    Label("updated_on", ("更新日期", "打印日期", "认证日期", "制表日期", "报告日期")),
)  # fmt: skip
STOPS = (
    "报告编号", "照片", "学位照片", "注意事项", "在线验证", "备注", "证件号码", "身份证号", "民族",
    "学习形式", "培养单位", "二维码", "认证结论", "主办单位",
)  # fmt: skip


def extract_degree_report(document: DocumentReading) -> Extraction:
    """Fields of a degree report. Trait `awarded_year` when only the year of the degree is printed."""
    values = label_values(document.pages, LABELS, stops=STOPS)
    sheet = FieldSheet()
    said = said_by_codes(document.pages)
    names = from_values(values["name"])
    sheet.take("name", names, witnessed(name_parser, said), "姓名无法辨认")
    sheet.take("gender", from_values(values["gender"]), gender_parser, "性别无法辨认")
    sheet.take("birth_date", from_values(values["birth_date"]), date_parser, "出生日期无法辨认")
    institutions = from_values(values["institution"])
    school = witnessed(institution_parser, said)
    sheet.take("institution", institutions, school, "学位授予单位无法辨认")
    majors = from_values(values["major"])
    sheet.take("major", majors, witnessed(_major_parser, said), "专业无法辨认")
    sheet.take("degree", from_values(values["degree"]), degree_parser, "所授学位无法辨认")
    _take_awarded(sheet, from_values(values["degree_awarded_on"]))
    numbers = from_values(values["degree_number"])
    number = witnessed(number_parser(parse_degree_number), said)
    sheet.take("degree_number", numbers, number, "学位证书编号位数或字符不符")
    codes = from_values(values["verification_code"])
    code = witnessed(verification_code_parser, said)
    sheet.take("verification_code", codes, code, "在线验证码位数或字符不符")
    sheet.take(
        "updated_on", from_values(values["updated_on"]), first_date_parser, "更新日期无法辨认"
    )
    for value in values["field"]:
        word = schooling.parse_degree_field(value.run.text)
        if word in schooling.FIELDS:
            sheet.traits.append(f"degree_field={word}")
            break
    return sheet.extraction()


def _major_parser(run: TextRun) -> Parsed | None:
    """The major without a leading discipline code (081200 计算机科学与技术)."""
    plain = run.compact()
    code = plain.search(r"^\(?[0-9A-Z]{4,8}\)?")
    part = plain[code.end :] if code else run
    major = parse_major(part.text)
    return Parsed(major, Grammar.FREE, part=part) if major else None


def _take_awarded(sheet: FieldSheet, candidates: list[Candidate]) -> None:
    """The day of the degree. Older reports print the year alone, which is no date: a trait keeps it."""
    for candidate in candidates:
        year = re.fullmatch(r"((?:19|20)[0-9]{2})年?", candidate.run.compact().text)
        if year is not None:
            sheet.traits.append(f"awarded_year={year[1]}")
            return
    sheet.take("degree_awarded_on", candidates, date_parser, "获学位日期无法辨认")
