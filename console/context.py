"""What the console is made of while it runs: one object that every route is handed."""

import time
from dataclasses import dataclass, field
from pathlib import Path

from console.ahead import Preparer
from console.database import Clock, Database
from console.dossiers import DossierShelf
from console.keys import load_key
from console.pictures import PictureShelf
from console.prepared import PreparedPages
from console.queue import Counts
from console.settings import ConsoleSettings
from console.shelf import Shelf
from pipeline.settings import Settings
from pipeline.store.blobs import BlobStore, blobs_at, open_blobs

STATE_FOLDER = ".chuhe"


@dataclass(slots=True)
class Console:
    """The database, the blobs, and what is held in memory of them."""

    settings: ConsoleSettings
    out: Path
    database: Database
    blobs: BlobStore
    dossiers: DossierShelf
    pictures: PictureShelf
    prepared: PreparedPages
    preparer: Preparer
    counts: Shelf[tuple[str, int], Counts] = field(default_factory=lambda: Shelf(16))

    def close(self) -> None:
        self.preparer.close()
        self.database.close()


def open_console(
    out: Path,
    *,
    database_url: str | None = None,
    settings: ConsoleSettings | None = None,
    clock: Clock = time.time,
) -> Console:
    """The console over what runs wrote to `out`. Raises `StoreError`."""
    state = out / STATE_FOLDER
    key = load_key(state)
    database = Database(database_url or f"sqlite:///{state / 'store.sqlite'}", key, clock=clock)
    blobs = open_blobs(blobs_at(Settings().blobs_url, state))
    settings = settings or ConsoleSettings()
    dossiers, prepared = DossierShelf(blobs), PreparedPages(state)
    return Console(
        settings=settings,
        out=out,
        database=database,
        blobs=blobs,
        dossiers=dossiers,
        pictures=PictureShelf(blobs, prepared),
        prepared=prepared,
        preparer=Preparer(database, dossiers, blobs.location, state, ahead=settings.prepare_ahead),
    )
