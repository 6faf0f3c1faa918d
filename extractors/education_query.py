"""学历/学位 query screenshots: website, app, mini-programme. Same words as the record, as cards."""

from extractors.layout import pages_run
from extractors.record_form import read_record_form
from pipeline.model.document import DocumentReading, Extraction


def extract_education_query(document: DocumentReading) -> Extraction:
    """Fields of a query screenshot. The trait `about` says whether it shows 学历 or 学位."""
    sheet, _ = read_record_form(document)
    text = pages_run(document.pages).text
    if "所授学位" in text or "获学位日期" in text or "学位授予单位" in text:
        sheet.traits.append("about=学位")
    else:
        sheet.traits.append("about=学历")
    return sheet.extraction()
