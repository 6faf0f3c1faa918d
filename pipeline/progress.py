"""What a run says of itself while it goes on. Counts only: no name, no number, no file."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands. Pages and materials are those of this run, not of earlier ones."""

    dossiers_total: int
    dossiers_done: int = 0
    dossiers_unchanged: int = 0
    materials_read: int = 0
    materials_reused: int = 0
    materials_quarantined: int = 0
    pages_read: int = 0


class ProgressListener(Protocol):
    def __call__(self, progress: Progress) -> None: ...


def be_silent(progress: Progress) -> None:
    """Ignores progress."""
