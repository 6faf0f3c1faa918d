"""教育部学历证书电子注册备案表 (education record): era A, era B and the phone view."""

from extractors.layout import pages_run
from extractors.record_form import read_record_form
from pipeline.model.document import DocumentReading, Extraction


def extract_education_record(document: DocumentReading) -> Extraction:
    """Fields of a 备案表. The trait `era` says which form it is: A (prints 验证期至) or B."""
    sheet, _ = read_record_form(document)
    text = pages_run(document.pages).text
    if "valid_until" in sheet.fields or "验证期至" in text or "制表日期" in text:
        sheet.traits.append("era=A")
    elif "更新日期" in text or "updated_on" in sheet.fields:
        sheet.traits.append("era=B")
    return sheet.extraction()
