"""A run that several machines share: each takes chunks of dossiers from the store until none is left.

A chunk is held by a lease that its holder renews. A machine that dies stops renewing, and another
takes its chunk; what it had read and reported is kept by content and is not done again.
"""

import logging
import os
import socket
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.intake import read_window
from pipeline.model.dossier import IntakeError
from pipeline.progress import Progress
from pipeline.report.summaries import write_summaries
from pipeline.report.summary import Unreported
from pipeline.settings import Settings
from pipeline.store.rows import StoredRows
from pipeline.store.runs import Chunk, RunLedger
from pipeline.store.schema import StoredWindow
from pipeline.window import ChunkResult, RunPart, WindowRun, prepare_run, store_url
from pipeline.windows.register import WindowRegister, open_register
from pipeline.windows.uploads import dossier_ids_at, uploads_here

log = logging.getLogger("chuhe.windows")

_NOTE_SECONDS = 10.0
"""How often a machine notes how far it is with its chunk, at the least."""


@dataclass(frozen=True, slots=True)
class SharedRun:
    """A run of a registered window as every machine that works on it knows it."""

    window_id: str
    run_id: int


def prepare_registered(
    register: WindowRegister, window: StoredWindow, *, part: RunPart | None = None
) -> WindowRun:
    """A run of a registered window, ready to start. Raises what `prepare_run` does, or
    `WindowSealed`."""
    register.require_open(window)
    intake = uploads_of(register, window, None if part is None else part.dossier_ids)
    return prepare_run(intake, Path(window.out), state=register.state, part=part)


def uploads_of(register: WindowRegister, window: StoredWindow, only: Sequence[str] | None) -> Path:
    """The window's intake folder on this machine, with the files of these dossiers (None: of all)."""
    return uploads_here(window.intake, register.state / "uploads" / window.id, only)


def begin_shared_run(
    register: WindowRegister, window: StoredWindow, settings: Settings
) -> SharedRun:
    """A new run with its chunks written down, all waiting."""
    register.require_open(window)
    ids = dossier_ids_at(window.intake)
    size = settings.shared_chunk_dossiers
    run_id = register.runs.begin(window.id, Progress(dossiers_total=len(ids)))
    register.runs.plan(run_id, [ids[at : at + size] for at in range(0, len(ids), size)])
    return SharedRun(window.id, run_id)


def take_chunk(
    register: WindowRegister,
    run: SharedRun,
    settings: Settings,
    *,
    listen: Callable[[WindowRun], None] = lambda _run: None,
) -> ChunkResult | None:
    """Does one chunk of `run` that nobody works on; None when there is none just now."""
    holder = f"{socket.gethostname()[:30]}/{os.getpid()}/{uuid.uuid4().hex[:8]}"
    chunk = register.runs.take(run.run_id, holder, settings.lease_seconds)
    if chunk is None:
        return None
    window = register.get(run.window_id)
    part = RunPart(run.run_id, chunk.number, chunk.dossier_ids)
    taken: list[WindowRun] = []

    def progress() -> Progress:
        return taken[0].progress if taken else Progress(dossiers_total=len(part.dossier_ids))

    with _held(register.runs, chunk, holder, settings.lease_seconds, progress):
        taken.append(prepare_registered(register, window, part=part))
        listen(taken[0])
        outcome = taken[0].run()
    done = outcome.progress.dossiers_done
    result = ChunkResult(
        chunk.number, done, done - len(outcome.unreported), len(outcome.unreported)
    )
    if not register.runs.finish(chunk, holder, outcome.progress):
        log.warning("chunk %d was taken over by another machine", chunk.number)
    return result


def perform_chunk(run: SharedRun) -> ChunkResult | None:
    """The same in a process that knows no more than the settings: one of any number of machines."""
    settings = Settings()
    with open_register(settings) as register:
        return take_chunk(register, run, settings)


@contextmanager
def _held(
    ledger: RunLedger, chunk: Chunk, holder: str, seconds: float, progress: Callable[[], Progress]
) -> Iterator[None]:
    """Renews the lease of a chunk until the block ends, and notes how far it is."""
    ended = threading.Event()

    def renew() -> None:
        while not ended.wait(min(seconds / 4, _NOTE_SECONDS)):
            if not ledger.hold(chunk, holder, seconds, progress()):
                return

    thread = threading.Thread(target=renew, name="chunk-lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        ended.set()
        thread.join()


def end_shared_run(register: WindowRegister, run: SharedRun, settings: Settings) -> Path | None:
    """Compares the dossiers and writes the summaries once every chunk is done; returns the index.

    None when some chunk is not. Whoever does the last chunk does this; done twice it gives the
    same files.
    """
    if register.runs.unfinished(run.run_id):
        return None
    window = register.get(run.window_id)
    prepare_registered(register, window, part=RunPart(run.run_id, 0, ())).revise()
    errors = tuple(
        IntakeError.model_validate_json(body)
        for body in dict.fromkeys(register.runs.problems(run.run_id, "error"))
    )
    index = write_summaries(
        Path(window.out),
        window=read_window(uploads_of(register, window, ())),
        rows=StoredRows(store_url(settings, register.state), window.id, run.run_id),
        errors=errors,
        unreported=unreported_of(register.runs, run.run_id),
    )
    register.runs.end(run.run_id, "done")
    return index


def unreported_of(ledger: RunLedger, run_id: int) -> tuple[Unreported, ...]:
    """The dossiers of a run without a report, each once, by id, with all its reasons."""
    reasons: dict[str, list[str]] = {}
    for body in ledger.problems(run_id, "unreported"):
        item = Unreported.model_validate_json(body)
        known = reasons.setdefault(item.dossier_id, [])
        if item.reason not in known:
            known.append(item.reason)
    return tuple(
        Unreported(dossier_id=dossier_id, reason="；".join(said))
        for dossier_id, said in sorted(reasons.items())
    )


def progress_of(register: WindowRegister, run: SharedRun) -> Progress:
    """The numbers of a run over all machines, as far as it is written down."""
    stored = register.runs.find(run.run_id)
    empty = Progress(dossiers_total=0)
    if stored is None:
        return empty
    return replace(empty, **{name: getattr(stored, name) for name in Progress.__slots__})
