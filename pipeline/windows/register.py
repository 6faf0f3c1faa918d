"""The register of windows: in the store of the home folder, or the database that the settings name."""

import hashlib
import json
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select

from pipeline.errors import UsageError, WindowSealed
from pipeline.intake import read_window
from pipeline.runlock import SEAL_FILE, RunLock
from pipeline.settings import Settings
from pipeline.store.blobs import write_atomically
from pipeline.store.database import Store, store_session
from pipeline.store.runs import RunLedger
from pipeline.store.schema import StoredReport, StoredWindow
from pipeline.window import STATE_FOLDER, store_url
from pipeline.windows.calendar import WindowDays
from pipeline.windows.uploads import is_remote, uploads_here


@dataclass(frozen=True, slots=True)
class Seal:
    """What a seal says: how many reports, and the SHA-256 over all of them."""

    reports: int
    sha256: str


class WindowRegister:
    """The registered windows, and the store that they share."""

    def __init__(self, store: Store, home: Path) -> None:
        self.store = store
        self.home = home
        self.runs = RunLedger(store.engine)

    @property
    def state(self) -> Path:
        """Where what was read of all registered windows is kept."""
        return self.home / STATE_FOLDER

    def add(self, intake: Path | str, out: Path | None = None) -> StoredWindow:
        """Registers the window of an intake folder, or of a URL such as `s3://bucket/2022H2`;
        adding it again updates folders and days.

        Raises `UnusableIntake`, or `WindowSealed` for one that is sealed.
        """
        location = str(intake)
        if not is_remote(location):
            location = str(Path(intake).absolute())
        with tempfile.TemporaryDirectory(prefix="chuhe-") as scratch:
            window = read_window(uploads_here(location, Path(scratch), ()))
        known = self.find(window.id)
        if known is not None and known.sealed_at is not None:
            raise _sealed(known)
        if known is not None and known.intake != location and out is None:
            raise UsageError(
                f"window {window.id} is registered with another intake folder",
                untouched="The register has not changed.",
                next_step="Name the output folder with --out to register it anew.",
            )
        stored = StoredWindow(
            id=window.id,
            notice=window.notice,
            opens_on=window.opens_on,
            closes_on=window.closes_on,
            intake=location,
            out=str((out or self.home / window.id).absolute()),
            added_at=known.added_at if known else time.time(),
        )
        with store_session(self.store.engine) as session:
            return session.merge(stored)

    def find(self, window_id: str) -> StoredWindow | None:
        with store_session(self.store.engine) as session:
            return session.get(StoredWindow, window_id)

    def get(self, window_id: str) -> StoredWindow:
        """The window; raises `UsageError` when none of that id is registered."""
        found = self.find(window_id)
        if found is None:
            raise UsageError(
                f"no window {window_id} is registered",
                next_step="`chuhe window list` shows those that are; `chuhe window add` adds one.",
            )
        return found

    def all(self) -> list[StoredWindow]:
        with store_session(self.store.engine) as session:
            return list(session.scalars(select(StoredWindow).order_by(StoredWindow.opens_on)))

    def require_open(self, window: StoredWindow) -> None:
        """Raises `WindowSealed` for a sealed window."""
        if window.sealed_at is not None:
            raise _sealed(window)

    def seal(self, window_id: str) -> Seal:
        """Seals a window: its reports are final, and no run touches them again.

        Raises `RunUnderWay` while a run writes to it, `UsageError` when a report is missing or is
        not the one that was made, `WindowSealed` when it is sealed already.
        """
        window = self.get(window_id)
        self.require_open(window)
        out = Path(window.out)
        lock = RunLock(out)
        try:
            seal = self.compute_seal(window)
            sealed_at = time.time()
            said = {
                "window_id": window_id,
                "reports": seal.reports,
                "sha256": seal.sha256,
                "sealed_at": datetime.fromtimestamp(sealed_at, UTC).isoformat(timespec="seconds"),
            }
            write_atomically(out / SEAL_FILE, (json.dumps(said, indent=1) + "\n").encode())
            with store_session(self.store.engine) as session:
                stored = session.get_one(StoredWindow, window_id)
                stored.sealed_at, stored.seal = sealed_at, seal.sha256
        finally:
            lock.release()
        return seal

    def compute_seal(self, window: StoredWindow) -> Seal:
        """The seal that the reports on disk give. Raises `UsageError` when one is not as made."""
        digest, count = hashlib.sha256(), 0
        query = (
            select(StoredReport.dossier_id, StoredReport.json_sha256, StoredReport.html_sha256)
            .where(StoredReport.window_id == window.id)
            .order_by(StoredReport.dossier_id)
            .execution_options(yield_per=1000)
        )
        reports = Path(window.out) / "reports"
        with store_session(self.store.engine) as session:
            for dossier_id, *expected in session.execute(query):
                for suffix, sha256 in zip((".json", ".html"), expected, strict=True):
                    if _sha256(reports / f"{dossier_id}{suffix}") != sha256:
                        raise UsageError(
                            f"the report of {dossier_id} is missing or is not the one that was made",
                            untouched="The window is as it was.",
                            next_step="Run the window once more, then seal it.",
                        )
                    digest.update(f"{dossier_id}{suffix} {sha256}\n".encode())
                count += 1
        return Seal(count, digest.hexdigest())


def _sha256(path: Path) -> str | None:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except FileNotFoundError:
        return None


def days_of(window: StoredWindow) -> WindowDays:
    return WindowDays(window.opens_on, window.closes_on)


def _sealed(window: StoredWindow) -> WindowSealed:
    return WindowSealed(
        f"window {window.id} is sealed",
        untouched="No report was read or changed.",
        next_step="What came in after the seal belongs to another window.",
    )


@contextmanager
def open_register(settings: Settings | None = None) -> Iterator[WindowRegister]:
    """The register that the settings name. Raises `StoreError`."""
    settings = settings or Settings()
    home = settings.home.absolute()
    (home / STATE_FOLDER).mkdir(parents=True, exist_ok=True)
    store = Store(store_url(settings, home / STATE_FOLDER))
    try:
        yield WindowRegister(store, home)
    finally:
        store.close()
