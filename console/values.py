"""Values typed by a person, checked and normalised as the report contract writes them."""

import re
from collections.abc import Mapping

from console.masking import DOT
from pipeline.model.declaration import Degree, EducationLevel
from pipeline.model.document import MonthStatus
from pipeline.model.kinds import DocumentKind
from pipeline.model.values import PartialDate

DATE_FIELDS = frozenset(
    {
        "birth_date", "valid_from", "valid_to", "enrolled_on", "graduated_on", "issued_on",
        "degree_awarded_on", "updated_on", "valid_until", "printed_on", "starts_on", "ends_on",
        "signed_on", "dated_on",
    }
)  # fmt: skip
NUMBER_FIELDS = frozenset(
    {
        "id_number", "employee_id_number", "diploma_number", "degree_number",
        "certification_number", "verification_code", "employer_uscc",
    }
)  # fmt: skip
CLOSED: Mapping[str, tuple[str, ...]] = {
    "gender": ("男", "女"),
    "level": tuple(EducationLevel),
    "degree": tuple(Degree),
    "term_kind": ("fixed", "open_ended", "task"),
    "signed": ("true", "false"),
    "status": tuple(MonthStatus),
}
CONCLUSIONS: Mapping[DocumentKind, tuple[str, ...]] = {
    DocumentKind.RECOMMENDATION: ("同意推荐", "不同意推荐"),
}
_CONCLUSIONS = ("毕业", "结业", "肄业", "在籍")
_LONGEST = 200
_DATE = re.compile(r"(\d{4})[-./年]?(\d{1,2})(?:[-./月]?(\d{1,2})日?)?月?")


class InvalidValue(ValueError):
    """A typed value that is none of its field's kind; `key` names the message to show."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def choices(kind: DocumentKind, name: str) -> tuple[str, ...]:
    """The closed set a field's value comes from; empty when it is free."""
    if name == "conclusion":
        return CONCLUSIONS.get(kind, _CONCLUSIONS)
    return CLOSED.get(name, ())


def parse_value(kind: DocumentKind, name: str, typed: str) -> str | bool:
    """The value of field `name` as the contract writes it. Raises `InvalidValue`."""
    text = typed.strip()
    if not text:
        raise InvalidValue("value.empty")
    if DOT * 3 in text:
        raise InvalidValue("value.masked")
    if len(text) > _LONGEST:
        raise InvalidValue("value.long")
    closed = choices(kind, name)
    if closed:
        if text not in closed:
            raise InvalidValue("value.choice")
        return text == "true" if name == "signed" else text
    if name in DATE_FIELDS:
        return text if name == "valid_to" and text == "长期" else parse_date(text)
    if name in NUMBER_FIELDS:
        number = re.sub(r"\s", "", text).upper()
        if not re.fullmatch(r"[0-9A-Z()（）-]+", number):
            raise InvalidValue("value.number")
        return number
    return re.sub(r"\s+", " ", text)


def parse_date(text: str) -> PartialDate:
    """A date as people type it (2019-06-30, 2019.6, 20190630, 2019年6月30日). Raises `InvalidValue`."""
    match = _DATE.fullmatch(re.sub(r"\s", "", text))
    if not match:
        raise InvalidValue("value.date")
    year, month, day = match.groups()
    if re.fullmatch(r"\d+", text) and len(text) not in (6, 8):
        raise InvalidValue("value.date")
    try:
        return PartialDate.of(int(year), int(month), int(day) if day else None)
    except ValueError as error:
        raise InvalidValue("value.date") from error
