"""中国高等教育学历认证报告 (certification report), the way of diplomas without an electronic number."""

from extractors.record_form import read_record_form
from pipeline.model.document import DocumentReading, Extraction


def extract_education_certification(document: DocumentReading) -> Extraction:
    """Fields of a certification report; diploma numbers may have any older form."""
    sheet, _ = read_record_form(document, free_numbers=True)
    return sheet.extraction()
