"""What a run is of, and how it ended."""

from dataclasses import dataclass
from pathlib import Path

from pipeline.model.dossier import IntakeError
from pipeline.progress import Progress
from pipeline.report.summary import SummaryRow, Unreported
from pipeline.settings import Settings
from pipeline.store.rows import StoredRows

STATE_FOLDER = ".chuhe"
"""Where a run keeps what was read, inside its output folder."""


@dataclass(frozen=True, slots=True)
class ChunkResult:
    """What became of one chunk of dossiers: counts for whoever watches."""

    index: int
    dossiers: int
    reported: int
    unreported: int


@dataclass(frozen=True, slots=True)
class RunPart:
    """Some dossiers of a run that several machines share. `number` counts the parts from 0."""

    run_id: int
    number: int
    dossier_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WindowOutcome:
    """How a run ended. `unreported` names the dossiers without a report, with the reason."""

    run_id: int
    progress: Progress
    source: StoredRows
    errors: tuple[IntakeError, ...]
    unreported: tuple[Unreported, ...]
    ocr_seconds: float
    worker_seconds: float

    @property
    def rows(self) -> tuple[SummaryRow, ...]:
        """The rows of all reports, by dossier id. For small windows; `source` holds none of them."""
        return tuple(self.source.by_id())


def store_url(settings: Settings, state: Path) -> str:
    """The database that a run with this state folder uses."""
    return settings.database_url or f"sqlite:///{state / 'store.sqlite'}"
