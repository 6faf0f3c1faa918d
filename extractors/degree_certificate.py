"""学位证书 (degree certificate) of all layout eras, academic and professional. Facts §1.4."""

import re
from collections.abc import Callable

from extractors import schooling
from extractors.certificate_body import (
    Body,
    births_in,
    body_of,
    by_patterns,
    clipped_date_parser,
    clipped_dates,
    course_of,
    genders_in,
    loose_dates,
    majors_in,
    names_in,
    school_headings,
    schools_in,
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
    major_parser,
    name_parser,
)
from extractors.labels import Label, Value, label_page
from extractors.layout import columns_of
from extractors.numbers import degree_level_digit, parse_degree_number
from extractors.record_form import number_in_context
from extractors.seal_names import as_witnesses, completed_by_seals, seal_runs
from extractors.textrun import TextRun
from extractors.witness import take_with_witnesses
from pipeline.model.document import DocumentReading, Extraction

LABELS = (
    Label("name", ("姓名",)),
    Label("gender", ("性别",)),
    Label("birth_date", ("出生日期", "出生年月", "出生年月日")),
    Label(
        "institution",
        ("学位授予单位", "授予单位", "校名", "学校名称", "培养单位", "院校名称"),
        wraps=True,
        strict=True,
    ),
    Label("major", ("学科专业", "学科专业名称", "专业名称", "专业", "学科"), strict=True),
    Label("degree", ("所授学位", "学位类别", "授予学位", "学位"), strict=True),
    Label(
        "degree_number",
        ("学位证书编号", "证书编号", "学位证书号", "证书号码", "证书号", "编号"),
        spread=8.0,
    ),
    Label("degree_awarded_on", ("发证日期", "授予日期", "获学位日期", "签发日期", "颁发日期"), strict=True),
)  # fmt: skip
STOPS = (
    "校长", "院长", "校(院)长", "主席", "学位评定委员会主席", "学位评定委员会", "查询网址", "监制",
    "学位证书", "身份证号", "民族",
)  # fmt: skip

_DEGREES = (
    r"授予(?P<value>[^,，。;:0-9]{0,14}?(?:学士|硕士|博士))(?:专业)?学位",
    r"(?P<value>[^,，。;:0-9]{1,10}(?:学士|硕士|博士))专业学位",
    r"(?P<value>学士|硕士|博士)学位证书",
    r"(?P<value>学士|硕士|博士)专业学位证书",
)
_FIELDS = (
    r"授予(?P<value>[^,，。;:0-9]{1,12}?)(?:学士|硕士|博士)(?:专业)?学位",
    r"(?P<value>[^,，。;:0-9授予]{1,8}?)(?:学士|硕士|博士)专业学位",
)
_MAJORS = (
    r"完成了(?P<value>[^,，。;]{2,40}?)专业",
    r"(?:学科|专业)[:](?P<value>[^,，。;:]{2,30}?)(?=完成|已|经|学习|$)",
    r"在\n?(?:我|本)(?:校|院|所)\n?(?P<value>[^,，。;]{2,40}?)\n?(?:学科|专业|领域)",
    r"在\n?[^,，。;]{2,30}?(?:大学|学院|研究院|研究所)\n?(?:[^,，。;专]{2,14}?(?:学院|系(?!统|列)|分院))?"
    r"(?P<value>[^,，。;]{2,40}?)\n?(?:学科|专业|领域)",
    r"申请\n?(?:我|本)(?:校|院|所)\n?(?P<value>[^,，。;]{2,40}?)\n?(?:学科|专业|领域)",
    r"[,，](?P<value>[^,，。;校院]{2,30}?)(?:专业|学科)(?:本科|专科)?(?:毕业|学习)",
)
_NUMBERS = (
    r"(?<![0-9A-Za-z])(?P<value>[ZCTJ]?[0-9]{10}[0-9SEZ][0-9]{5})(?![0-9A-Za-z])",
    r"(?<![0-9A-Za-z])(?P<value>[0-9]{5}[234][0-9]{6})(?![0-9A-Za-z])",
)

_SHORT = 12
"""Digits of the older form, in which the year has two."""


def extract_degree_certificate(document: DocumentReading) -> Extraction:
    """Fields of a degree certificate. Traits: `programme` (普通/成人/来华 as bracketed), `kind` of degree."""
    sheet = FieldSheet()
    body = body_of(document.pages)
    values = _labelled(document)
    sheet.take("name", names_in(body) + from_values(values["name"]), name_parser, "姓名无法辨认")
    sheet.take(
        "gender", genders_in(body) + from_values(values["gender"]), gender_parser, "性别无法辨认"
    )
    births = births_in(body) + from_values(values["birth_date"])
    sheet.take("birth_date", births, first_date_parser, "出生日期无法辨认")
    _take_schooling(sheet, document, body, values)
    _take_degree(sheet, body, values)
    _take_awarded(sheet, body, values)
    numbers = first_blocks(from_values(values["degree_number"])) + by_patterns(body, _NUMBERS, 0.9)
    parser = number_in_context(parse_degree_number, _number_agrees(sheet))
    sheet.take("degree_number", numbers, parser, "学位证书编号位数或字符不符")
    _complete_awarded(sheet, body)
    sheet.traits.extend(_traits(body))
    return sheet.extraction()


def _labelled(document: DocumentReading) -> dict[str, tuple[Value, ...]]:
    sheets = [
        label_page(page, LABELS, stops=STOPS, lines=column)
        for page in document.pages
        for column in columns_of(page)
    ]
    return {label.key: tuple(v for s in sheets for v in s.values(label.key)) for label in LABELS}


def _take_schooling(
    sheet: FieldSheet,
    document: DocumentReading,
    body: Body,
    values: dict[str, tuple[Value, ...]],
) -> None:
    schools = from_values(values["institution"]) + school_headings(document.pages)
    committee = by_patterns(
        body, (r"(?P<value>[^,，。:;0-9\n]{2,20}(?:大学|学院))学位评定委员会",), 0.9
    )
    candidates = schools + schools_in(body) + committee
    reason = "学位授予单位无法辨认"
    seals = seal_runs(document.pages)
    parser = completed_by_seals(institution_parser, seals)
    take_with_witnesses(
        sheet, "institution", candidates, parser, reason, witnesses=as_witnesses(seals)
    )
    majors = [
        c
        for c in majors_in(body, sheet.text("institution")) + _own_majors(body)
        if not re.search(r"学习|教学计划|本科|论文|通过|[学硕博]士|自学考试", c.run.text)
    ]
    sheet.take("major", from_values(values["major"]) + majors, major_parser, "专业无法辨认")


def _own_majors(body: Body) -> list[Candidate]:
    return [Candidate(course_of(c.run), c.certainty) for c in by_patterns(body, _MAJORS)]


def _take_degree(sheet: FieldSheet, body: Body, values: dict[str, tuple[Value, ...]]) -> None:
    degrees = by_patterns(body, _DEGREES) + from_values(values["degree"])
    sheet.take("degree", degrees, _degree_parser, "学位无法辨认")
    fields = by_patterns(body, _FIELDS) + from_values(values["degree"])
    sheet.take("degree_field", fields, _field_parser, "学科门类无法辨认")


def _degree_parser(run: TextRun) -> Parsed | None:
    word = schooling.parse_degree(run.text)
    return Parsed(word, Grammar.CLOSED) if word else None


def _field_parser(run: TextRun) -> Parsed | None:
    """工学, 理学 …, or the kind of a professional degree; the degree's own word is cut off."""
    plain = run.compact()
    cut = plain.search(
        r"(?:专业)?(?:(?:第二|双|辅修|联合)?(?:学士|硕士|博士)|第二$|双$|辅修$|联合$)"
    )
    part = plain[: cut.start] if cut else plain
    word = schooling.parse_degree_field(part.text)
    if word is None:
        return None
    is_known = word in schooling.FIELDS or word in schooling.PROFESSIONAL_FIELDS
    return Parsed(word, Grammar.CLOSED if is_known else Grammar.DOUBTFUL, part=part)


def _take_awarded(sheet: FieldSheet, body: Body, values: dict[str, tuple[Value, ...]]) -> None:
    loose = [Candidate(placed.run, 0.95) for placed in reversed(loose_dates(body))]
    dates = from_values(values["degree_awarded_on"]) + loose
    sheet.take("degree_awarded_on", dates, date_parser, "授予日期无法辨认")


def _complete_awarded(sheet: FieldSheet, body: Body) -> None:
    """A date whose year lost a figure, where the number names the year and the degree."""
    number = (sheet.text("degree_number") or "").lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    if len(number) == 16 and degree_level_digit(number) == sheet.text("degree"):
        year = int(number[6:10])
        parser = clipped_date_parser(year)
        sheet.take("degree_awarded_on", clipped_dates(body, year), parser, "授予日期无法辨认")


def _number_agrees(sheet: FieldSheet) -> Callable[[str], bool | None]:
    """Whether the number's level digit and year are those of the paper (§1.4)."""
    degree, awarded = sheet.text("degree"), sheet.text("degree_awarded_on")

    def agrees(number: str) -> bool | None:
        if degree is None or awarded is None:
            return None
        digits = number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
        year = awarded[2:4] if len(digits) == _SHORT else awarded[:4]
        return degree_level_digit(number) == degree and digits[6:].startswith(year)

    return agrees


def _traits(body: Body) -> list[str]:
    traits = []
    programme = body.solid.search(
        r"\((?P<value>普通高等教育本科毕业生|成人高等教育本科毕业生|来华留学本科毕业生)\)"
    )
    if programme is not None:
        traits.append(f"programme={programme.group('value').text}")
    if "专业学位" in body.text:
        traits.append("kind=专业学位")
    for word in ("第二学士学位", "双学士学位", "辅修学士学位", "联合学士学位"):
        if word in body.text:
            traits.append(f"kind={word}")
    return traits
