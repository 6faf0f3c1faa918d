"""The dossiers of a finished run as they were kept, one at a time. Nothing is changed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from pipeline.errors import InvalidRulebook, StoreError, UsageError
from pipeline.kept import KeptDossier, unpack_kept
from pipeline.settings import Settings
from pipeline.store.blobs import BlobStore, blobs_at, open_blobs
from pipeline.store.database import Store, store_session
from pipeline.store.schema import StoredReport
from pipeline.window import STATE_FOLDER, store_url
from pipeline.windows.register import open_register
from validators import Rulebook, RulebookError, parse_rulebook


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished run: where its reports are, and the store they came from."""

    out: Path
    window_id: str
    store: Store
    blobs: BlobStore

    def ids(self) -> list[str]:
        """Ids of the reported dossiers, in order."""
        query = select(StoredReport.dossier_id).where(StoredReport.window_id == self.window_id)
        with store_session(self.store.engine) as session:
            return list(session.scalars(query.order_by(StoredReport.dossier_id)))

    def kept(self, dossier_id: str) -> KeptDossier:
        """A dossier as it was checked. Raises `UsageError` for an unknown one."""
        row = self.store.find_report(self.window_id, dossier_id)
        if row is None or row.kept is None:
            raise UsageError(
                f"no report of {dossier_id} is kept in {self.out}",
                next_step="`chuhe run` on the intake folder makes the reports.",
            )
        return unpack_kept(self._blob(row.kept))

    def each(self) -> Iterator[KeptDossier]:
        """Every dossier in the order of ids; one is held at a time."""
        for dossier_id in self.ids():
            yield self.kept(dossier_id)

    def rulebook(self, kept: KeptDossier) -> Rulebook:
        """The rulebook that the dossier was checked with."""
        try:
            return parse_rulebook(self._blob(kept.rulebook).decode())
        except RulebookError as error:
            raise InvalidRulebook(
                f"the rulebook that {kept.dossier.dossier_id} was checked with does not load: {error}"
            ) from error

    def _blob(self, key: str) -> bytes:
        data = self.blobs.get(key)
        if data is None:
            raise StoreError(
                f"a blob of the store is gone: {key[:12]}…",
                untouched="Nothing was changed.",
                next_step="Put the blobs folder back, or run the window again.",
            )
        return data


@contextmanager
def open_finished(out: Path) -> Iterator[Finished]:
    """The finished run that wrote to `out`; raises `UsageError` when there is none."""
    window_id = _window_of(out)
    settings = Settings()
    state = out / STATE_FOLDER
    if not state.is_dir():
        with open_register(settings) as register:
            state = register.state
    store = Store(store_url(settings, state))
    try:
        yield Finished(out, window_id, store, open_blobs(blobs_at(settings.blobs_url, state)))
    finally:
        store.close()


def _window_of(out: Path) -> str:
    try:
        summary = json.loads((out / "summary.json").read_bytes())
        return str(summary["window"]["id"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise UsageError(
            f"no finished run in {out}",
            next_step="Name the folder that `chuhe run` or `chuhe window run` wrote to.",
        ) from error
