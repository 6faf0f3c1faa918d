"""Cases whose dates are dates: what is none counts as not read."""

from pipeline.model.document import Document, Field, Unreadable
from pipeline.model.dossier import Case
from pipeline.model.values import PartialDate

_DATES = frozenset(
    [
        "birth_date",
        "valid_from",
        "valid_to",
        "valid_until",
        "enrolled_on",
        "graduated_on",
        "issued_on",
        "degree_awarded_on",
        "updated_on",
        "printed_on",
        "starts_on",
        "ends_on",
        "signed_on",
        "dated_on",
    ]
)
_FOREVER = "长期"


def intact(case: Case) -> Case:
    """The case, with every date that cannot be one taken for unreadable; the same case when none is."""
    documents = tuple(_intact(document) for document in case.facts.documents)
    if all(a is b for a, b in zip(documents, case.facts.documents, strict=True)):
        return case
    facts = case.facts.model_copy(update={"documents": documents})
    return case.model_copy(update={"facts": facts})


def _intact(document: Document) -> Document:
    broken = [field for field in document.fields if not _is_sound(field)]
    if not broken:
        return document
    unread = tuple(
        Unreadable(
            name=field.name,
            reason="日期无法识别",
            raw=field.raw or str(field.value),
            evidence=field.evidence,
        )
        for field in broken
    )
    return document.model_copy(
        update={
            "fields": tuple(field for field in document.fields if field not in broken),
            "unreadable": (*document.unreadable, *unread),
        }
    )


def _is_sound(field: Field) -> bool:
    if field.name not in _DATES or field.value == _FOREVER:
        return True
    try:
        PartialDate(str(field.value))
    except ValueError:
        return False
    return True
