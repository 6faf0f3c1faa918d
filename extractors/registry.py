"""Which extractor reads which kind of paper. A new kind is one new file and one line here."""

from collections.abc import Callable

from pipeline.model.document import DocumentReading, Extraction
from pipeline.model.kinds import DocumentKind

Extractor = Callable[[DocumentReading], Extraction]

EXTRACTORS: dict[DocumentKind, Extractor] = {}


def extract(document: DocumentReading) -> Extraction:
    """The fields of the paper; nothing for kinds that have none (blank, unknown, enrolment report)."""
    extractor = EXTRACTORS.get(document.kind)
    return extractor(document) if extractor else Extraction()
