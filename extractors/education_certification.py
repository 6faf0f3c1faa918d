"""中国高等教育学历认证报告 (certification report), the way of diplomas without an electronic number."""

from extractors.certificate_body import (
    births_in,
    body_of,
    genders_in,
    majors_in,
    names_in,
    schools_in,
    study_periods,
)
from extractors.fields import (
    FieldSheet,
    first_date_parser,
    gender_parser,
    institution_parser,
    major_parser,
    name_parser,
)
from extractors.record_form import read_record_form
from pipeline.model.document import DocumentReading, Extraction


def extract_education_certification(document: DocumentReading) -> Extraction:
    """Fields of a certification report; diploma numbers may have any older form.

    Reports in sentences instead of rows are read as a certificate's body is.
    """
    sheet, values = read_record_form(document, free_numbers=True)
    if not values["name"] or not values["institution"]:
        _take_sentences(sheet, document)
    return sheet.extraction()


def _take_sentences(sheet: FieldSheet, document: DocumentReading) -> None:
    body = body_of(document.pages)
    sheet.take("name", names_in(body), name_parser, "姓名无法辨认")
    sheet.take("gender", genders_in(body), gender_parser, "性别无法辨认")
    sheet.take("birth_date", births_in(body), first_date_parser, "出生日期无法辨认")
    sheet.take("institution", schools_in(body), institution_parser, "学校名称无法辨认")
    majors = majors_in(body, sheet.text("institution"))
    sheet.take("major", majors, major_parser, "专业无法辨认")
    first, last = study_periods(body)
    sheet.take("enrolled_on", first, first_date_parser, "入学日期无法辨认")
    sheet.take("graduated_on", last, first_date_parser, "毕业日期无法辨认")
