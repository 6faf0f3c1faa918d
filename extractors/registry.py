"""Which extractor reads which kind of paper. A new kind is one new file and one line here."""

from collections.abc import Callable

from extractors.achievement import extract_achievement
from extractors.calibration import calibrate
from extractors.degree_certificate import extract_degree_certificate
from extractors.degree_report import extract_degree_report
from extractors.diploma import extract_diploma
from extractors.dispatch_agreement import extract_dispatch_agreement
from extractors.education_certification import extract_education_certification
from extractors.education_query import extract_education_query
from extractors.education_record import extract_education_record
from extractors.foreign_certification import extract_foreign_certification
from extractors.id_card import extract_id_card
from extractors.integrity_pledge import extract_integrity_pledge
from extractors.labour_contract import extract_labour_contract
from extractors.recommendation import extract_recommendation
from extractors.social_insurance import extract_social_insurance
from pipeline.model.document import DocumentReading, Extraction
from pipeline.model.kinds import DocumentKind

Extractor = Callable[[DocumentReading], Extraction]

EXTRACTORS: dict[DocumentKind, Extractor] = {
    DocumentKind.ID_CARD: extract_id_card,
    DocumentKind.DIPLOMA: extract_diploma,
    DocumentKind.DEGREE_CERTIFICATE: extract_degree_certificate,
    DocumentKind.EDUCATION_RECORD: extract_education_record,
    DocumentKind.EDUCATION_CERTIFICATION: extract_education_certification,
    DocumentKind.EDUCATION_QUERY: extract_education_query,
    DocumentKind.DEGREE_REPORT: extract_degree_report,
    DocumentKind.FOREIGN_CERTIFICATION: extract_foreign_certification,
    DocumentKind.SOCIAL_INSURANCE: extract_social_insurance,
    DocumentKind.RECOMMENDATION: extract_recommendation,
    DocumentKind.LABOUR_CONTRACT: extract_labour_contract,
    DocumentKind.INTEGRITY_PLEDGE: extract_integrity_pledge,
    DocumentKind.DISPATCH_AGREEMENT: extract_dispatch_agreement,
    DocumentKind.ACHIEVEMENT: extract_achievement,
}


def extract(document: DocumentReading) -> Extraction:
    """The fields of the paper, each with the probability that it is right.

    Nothing for kinds that have no fields (blank, unknown, enrolment report).
    """
    return calibrate(document, extract_raw(document))


def extract_raw(document: DocumentReading) -> Extraction:
    """The fields of the paper with the raw scores of its extractor, which are no probabilities."""
    extractor = EXTRACTORS.get(document.kind)
    return extractor(document) if extractor else Extraction()
