"""What a dossier has in common with dossiers of other people in its window."""

from enum import StrEnum

from pipeline.model.base import Frozen
from pipeline.model.finding import FindingEvidence


class SharedKind(StrEnum):
    FILE = "file"
    PAGE = "page"
    NUMBER = "number"
    CODE = "code"
    CONTRACT = "contract"
    LETTER = "letter"
    """The wording of a recommendation, without the names in it."""


class Shared(Frozen):
    """One thing that stands in this dossier and in those of other people.

    `what` is Chinese, e.g. 毕业证书编号. `dossiers` are the ids of the first few others, in order,
    of `others` in all. `same_unit` when each of them is declared by the applying unit of this one.
    `is_of_unit` when the paper is one that a unit may draw up once for several of its staff.
    """

    kind: SharedKind
    what: str
    dossiers: tuple[str, ...]
    others: int
    same_unit: bool = False
    is_of_unit: bool = False
    subject: str = ""
    evidence: tuple[FindingEvidence, ...] = ()
