"""The summary rows of a run, read from the store in passes and never held."""

from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass

from pipeline.model.report import Route
from pipeline.report.summary import WORK_ORDER, SummaryRow
from pipeline.report.write import unpack_row
from pipeline.store.database import Store


@dataclass(frozen=True, slots=True)
class StoredRows:
    """A `RowSource` over the reports that run `run_id` made or found unchanged."""

    url: str
    window_id: str
    run_id: int

    @property
    def routes(self) -> Mapping[Route, int]:
        with closing(Store(self.url)) as store:
            counted = store.count_routes(self.window_id, self.run_id)
        return {route: counted.get(route.value, 0) for route in Route}

    @property
    def quarantined(self) -> int:
        with closing(Store(self.url)) as store:
            return store.count_quarantined(self.window_id, self.run_id)

    def by_id(self) -> Iterator[SummaryRow]:
        with closing(Store(self.url)) as store:
            for row in store.iter_rows(self.window_id, self.run_id):
                yield unpack_row(row)

    def by_work(self) -> Iterator[SummaryRow]:
        routes = tuple(route.value for route in WORK_ORDER)
        with closing(Store(self.url)) as store:
            for row in store.iter_rows_by_route(self.window_id, self.run_id, routes):
                yield unpack_row(row)

    def iter_quarantined(self) -> Iterator[tuple[str, str]]:
        """Dossier id and reason of each file that could not be read; no file name."""
        with closing(Store(self.url)) as store:
            for row in store.iter_rows(self.window_id, self.run_id, only_quarantined=True):
                summary = unpack_row(row)
                for item in summary.quarantined:
                    yield summary.dossier_id, item.reason
