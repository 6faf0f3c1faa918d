"""Dossiers as taken in, and facts as extracted."""

from pipeline.model.base import Frozen
from pipeline.model.declaration import Declaration, PriorRecognition, Sanction, Window
from pipeline.model.document import ContributionMonth, Document
from pipeline.model.kinds import DocumentKind
from pipeline.model.shared import Shared


class Material(Frozen):
    """One uploaded file. `file` is its path relative to the dossier's folder, with `/`, NFC."""

    file: str
    path: str
    sha256: str
    size: int


class Quarantined(Frozen):
    """A file put aside, with a reason a clerk understands (Chinese)."""

    file: str
    reason: str


class IntakeNote(Frozen):
    """Something a clerk should know about how a dossier came in (Chinese), e.g. an unknown key."""

    where: str
    message: str


class Dossier(Frozen):
    """One applicant's declaration and materials, as found in the intake folder."""

    dossier_id: str
    declaration: Declaration
    materials: tuple[Material, ...]
    quarantined: tuple[Quarantined, ...] = ()
    notes: tuple[IntakeNote, ...] = ()
    prior_recognitions: tuple[PriorRecognition, ...] = ()
    sanctions: tuple[Sanction, ...] = ()


class IntakeError(Frozen):
    """A dossier (or the row of one) that could not be taken in; the others go on."""

    dossier_id: str | None
    file: str
    row: int | None = None
    key: str | None = None
    message: str


class Intake(Frozen):
    """A whole intake folder as read."""

    window: Window
    dossiers: tuple[Dossier, ...]
    errors: tuple[IntakeError, ...] = ()


class MergedMonth(Frozen):
    """One month over all social insurance papers: the best-supported row, and which paper it is on."""

    document_id: str
    row: ContributionMonth
    province: str | None = None


class Facts(Frozen):
    """Everything extracted from one dossier. No declared value ever enters here."""

    documents: tuple[Document, ...] = ()
    quarantined: tuple[Quarantined, ...] = ()
    months: tuple[MergedMonth, ...] = ()
    """Basic pension months (基本养老保险), one entry a month, in order."""
    repeated_pages: tuple[tuple[str, str], ...] = ()
    """Pairs of `file#page` with the same page content."""

    def of_kind(self, *kinds: DocumentKind) -> tuple[Document, ...]:
        return tuple(d for d in self.documents if d.kind in kinds)


class Case(Frozen):
    """All that a check may look at, beside the rulebook."""

    facts: Facts
    declaration: Declaration
    window: Window
    prior_recognitions: tuple[PriorRecognition, ...] = ()
    sanctions: tuple[Sanction, ...] = ()
    shared: tuple[Shared, ...] = ()
    """What stands in dossiers of other people of the window too."""
