"""Documents: the pages of a material that are one paper, with the fields read from them."""

from enum import StrEnum
from typing import Literal

from pydantic import Field as PydanticField
from pydantic import model_validator

from pipeline.model.base import Frozen
from pipeline.model.kinds import FIELD_NAMES, DocumentKind
from pipeline.model.reading import PageReading, Quad
from pipeline.model.values import Month, PartialDate


class Evidence(Frozen):
    """Where a value stands: the page of the material (from 1), its corners in upload pixels, the raw text."""

    page: int = PydanticField(ge=1)
    box: Quad
    raw: str = ""


class MonthStatus(StrEnum):
    PAID = "paid"
    UNPAID = "unpaid"
    LATE = "late"
    UNKNOWN = "unknown"


class ContributionMonth(Frozen):
    """One month of social insurance as printed.

    `payer` is the unit's name ("" when the paper does not say); `insurance` as printed
    (养老, 失业, 工伤 …); `base` in yuan as printed; `place` is the 参保地 as printed.
    """

    month: Month
    status: MonthStatus
    payer: str = ""
    base: str = ""
    insurance: str = "养老"
    place: str = ""
    confidence: float = PydanticField(default=1.0, ge=0, le=1)
    evidence: tuple[Evidence, ...] = PydanticField(min_length=1)


FieldValue = str | bool | tuple[ContributionMonth, ...]


class Field(Frozen):
    """A value read from a document. Cannot be built without evidence.

    `value` is normalised (dates `YYYY-MM-DD`/`YYYY-MM`, gender 男/女, numbers without spaces);
    `raw` is what stood on the page; `repairs` name what structure put right (e.g. "身份证校验位").
    `may_be` are the values that the same pixels may read as too, the likeliest first.
    """

    name: str
    value: FieldValue
    raw: str
    confidence: float = PydanticField(ge=0, le=1)
    evidence: tuple[Evidence, ...] = PydanticField(min_length=1)
    repairs: tuple[str, ...] = ()
    may_be: tuple[str, ...] = ()


class Unreadable(Frozen):
    """A field whose place was found on the paper but whose value could not be read safely."""

    name: str
    reason: str
    raw: str = ""
    evidence: tuple[Evidence, ...] = ()


class PageGroup(Frozen):
    """Pages of one material (from 1) that a person says are one paper, and its kind."""

    pages: tuple[int, ...] = PydanticField(min_length=1)
    kind: DocumentKind


class DocumentReading(Frozen):
    """The pages that are one paper, before its fields are read: all that an extractor sees.

    `piece` counts from 1 the papers that lie on the same page; 0 where a paper has its pages to itself.
    """

    kind: DocumentKind
    kind_confidence: float
    anchors: tuple[str, ...] = ()
    pages: tuple[PageReading, ...]
    piece: int = PydanticField(default=0, ge=0)


class Extraction(Frozen):
    """What an extractor returns: the fields it read, and those it saw but could not read.

    `traits` are facts about the paper itself that checks may need and the report contract has no
    field for, as `name=value` strings (e.g. `proof=range_only`, `variant=毕业证明书`).
    """

    fields: tuple[Field, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    traits: tuple[str, ...] = ()


class Document(Frozen):
    """One paper of a dossier, with its fields."""

    document_id: str
    file: str
    pages: tuple[int, ...]
    kind: DocumentKind
    kind_confidence: float
    anchors: tuple[str, ...] = ()
    source: Literal["text", "ocr", "mixed"]
    fields: tuple[Field, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()
    traits: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _known_fields(self) -> "Document":
        known = FIELD_NAMES[self.kind]
        names = [f.name for f in self.fields] + [u.name for u in self.unreadable]
        for name in names:
            if name not in known:
                raise ValueError(f"{self.kind} has no field {name!r}")
        return self

    def field(self, name: str) -> Field | None:
        """The field of that name, or None when the paper did not give it (see `unreadable`)."""
        return next((f for f in self.fields if f.name == name), None)

    def text(self, name: str) -> str | None:
        """The value as text, or None when not read."""
        found = self.field(name)
        return found.value if found and isinstance(found.value, str) else None

    def date(self, name: str) -> PartialDate | None:
        """The value as a date, or None when not read."""
        value = self.text(name)
        return PartialDate(value) if value else None

    def could_not_read(self, name: str) -> Unreadable | None:
        return next((u for u in self.unreadable if u.name == name), None)

    @property
    def months(self) -> tuple[ContributionMonth, ...]:
        """The contribution months of a social insurance paper (empty elsewhere)."""
        found = self.field("months")
        return found.value if found and isinstance(found.value, tuple) else ()

    def trait(self, name: str) -> str | None:
        """The value of the trait `name`, or None."""
        prefix = f"{name}="
        return next((t[len(prefix) :] for t in self.traits if t.startswith(prefix)), None)
