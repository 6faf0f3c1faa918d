"""Where the summaries of a window take their rows from: a list, or a store that is read in passes."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.model.report import Route
from pipeline.report.summary import SummaryRow, count_routes, sort_rows


class RowSource(Protocol):
    """The rows of a window, in either order, as often as they are wanted. None is held."""

    @property
    def routes(self) -> Mapping[Route, int]:
        """How many dossiers each route has, all routes named."""

    @property
    def quarantined(self) -> int:
        """How many files could not be read."""

    def by_id(self) -> Iterator[SummaryRow]:
        """By dossier id."""

    def by_work(self) -> Iterator[SummaryRow]:
        """As a clerk works through them: incomplete, review, cleared; lowest score first."""


@dataclass(frozen=True, slots=True)
class ListedRows:
    """Rows that are at hand."""

    rows: Sequence[SummaryRow]

    @property
    def routes(self) -> Mapping[Route, int]:
        return count_routes(self.rows)

    @property
    def quarantined(self) -> int:
        return sum(len(row.quarantined) for row in self.rows)

    def by_id(self) -> Iterator[SummaryRow]:
        return iter(sorted(self.rows, key=lambda row: row.dossier_id))

    def by_work(self) -> Iterator[SummaryRow]:
        return iter(sort_rows(self.rows))


def as_source(rows: Sequence[SummaryRow] | RowSource) -> RowSource:
    return ListedRows(rows) if isinstance(rows, Sequence) else rows
