"""One run over an intake window: dossiers flow in, reports come out, each kept as it is done.

A dossier is the unit of work and a material the unit of reading. What was read stays in the
store by content, so a run that was ended at any moment goes on where it was, and a second run on
the same input reads nothing again.
"""

import json
import os
import threading
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

from pipeline import __version__
from pipeline.dossier import Engines
from pipeline.errors import InvalidRulebook, UsageError
from pipeline.fingerprint import key_of, source_key
from pipeline.intake import count_dossiers, iter_dossiers, read_window
from pipeline.model.dossier import Dossier, IntakeError, Material
from pipeline.progress import Progress, ProgressListener
from pipeline.reading import engine_name, model_hashes, reading_version
from pipeline.report.write import slip_path
from pipeline.runlock import RunLock, require_unsealed
from pipeline.running.jobs import Jobs
from pipeline.running.outcome import (
    STATE_FOLDER,
    ChunkResult,
    RunPart,
    WindowOutcome,
    store_url,
)
from pipeline.running.reading import Readings
from pipeline.running.reporting import Reports
from pipeline.running.telling import Telling
from pipeline.settings import Settings
from pipeline.store.blobs import BlobStore, blobs_at, open_blobs, sweep_parts
from pipeline.store.database import Store
from pipeline.store.rows import StoredRows
from pipeline.store.runs import RunLedger
from pipeline.workers import Reporting, WorkerSetup, read_one
from validators import DEFAULT_RULEBOOK, Rulebook, RulebookError, load_rulebook

__all__ = [
    "STATE_FOLDER", "ChunkResult", "RunPart", "WindowOutcome", "WindowRun", "prepare_run",
    "read_one", "store_url",
]  # fmt: skip


@dataclass(slots=True)
class _Pending:
    """A dossier on its way: which of its materials are still being read."""

    dossier: Dossier
    input_key: str
    chunk: int
    waiting: set[str] = field(default_factory=set)
    readings: dict[str, str] = field(default_factory=dict)
    is_given_up: bool = False


class WindowRun:
    """Runs an intake folder through a pool of workers. `run` is for one thread; once per object."""

    def __init__(
        self,
        intake: Path,
        out: Path,
        *,
        settings: Settings,
        rulebook: Rulebook,
        rulebook_path: Path,
        engines: Engines,
        reading_version: str,
        retry_failed: bool = False,
        state: Path | None = None,
        part: RunPart | None = None,
    ) -> None:
        """`state` is where what was read is kept (by default inside `out`); with `part`, only
        those dossiers are taken, as part of a run that others share."""
        self.window = read_window(intake)
        self.intake = intake
        self.out = out
        self.settings = settings
        self.reading_version = reading_version
        self.state = state or out / STATE_FOLDER
        self._retry_failed = retry_failed
        self._part = part
        require_unsealed(out)
        self.state.mkdir(parents=True, exist_ok=True)
        self.blobs: BlobStore = open_blobs(blobs_at(settings.blobs_url, self.state))
        self._url = store_url(settings, self.state)
        self._store = Store(self._url)
        self._ledger = RunLedger(self._store.engine)
        self._telling = Telling(
            self._ledger,
            self.window.id,
            total=count_dossiers(intake) if part is None else len(part.dossier_ids),
            chunk_dossiers=settings.chunk_dossiers,
            part=part,
        )
        self._jobs = Jobs(self._worker_setup(rulebook_path, engines))
        self._readings = Readings(
            self._store,
            self.blobs,
            self._jobs,
            self._telling,
            version=reading_version,
            job=read_one,
            retry_failed=retry_failed,
        )
        self._reports = Reports(
            self._store,
            self._jobs,
            self._telling,
            out=out,
            version=self._report_version(rulebook, engines),
        )

    def _worker_setup(self, rulebook_path: Path, engines: Engines) -> WorkerSetup:
        return WorkerSetup(
            parent_pid=os.getpid(),
            settings=self.settings,
            blobs=self.blobs.location,
            reporting=Reporting(
                out=self.out, rulebook=rulebook_path, window=self.window, engines=engines
            ),
        )

    def _report_version(self, rulebook: Rulebook, engines: Engines) -> str:
        return key_of(
            source_key("pipeline", "extractors", "validators"),
            rulebook.fingerprint,
            self.reading_version,
            self.window.model_dump_json(),
            str(self.settings.accepted_confidence),
            str(self.settings.target_error_rate),
            json.dumps(engines.models, sort_keys=True),
        )

    def run(self) -> WindowOutcome:
        """Takes every dossier to its report. Raises `StoreError` when results cannot be kept."""
        lock = RunLock(self.out, shared=self._part is not None)
        try:
            self._sweep()
            self._telling.begin()
            for chunk, entry in self._entries():
                if isinstance(entry, IntakeError):
                    self._telling.take_error(entry, chunk)
                    continue
                self._admit(entry, chunk)
                self._jobs.handle_surplus()
            self._jobs.handle_all()
            self._reports.stamp()
            if self._part is None:
                self._reports.revise()
            self._telling.end()
        except BaseException as error:
            self._close(wait=False)
            lock.release()
            self._telling.settle(error)
            raise
        self._close(wait=True)
        lock.release()
        self._telling.settle()
        return WindowOutcome(
            run_id=self._telling.run_id,
            progress=self.progress,
            source=self.source,
            errors=tuple(self._telling.errors),
            unreported=tuple(self._telling.unreported),
            ocr_seconds=self._telling.ocr_seconds,
            worker_seconds=self._telling.worker_seconds,
        )

    def start(self) -> "Future[WindowOutcome]":
        """Runs in a thread of its own, so that the reading waits for nobody."""
        outcome: Future[WindowOutcome] = Future()

        def target() -> None:
            try:
                outcome.set_result(self.run())
            except BaseException as error:  # noqa: BLE001 - handed to whoever waits
                outcome.set_exception(error)

        threading.Thread(target=target, name="window-run", daemon=True).start()
        return outcome

    def revise(self) -> None:
        """Writes again what reports of the run say of things that several dossiers share.

        For a run of several parts, once all of them are done; a run of its own does it by itself.
        """
        try:
            self._reports.revise()
        finally:
            self._close(wait=True)

    # --- for whoever watches ---------------------------------------------------------------

    @property
    def progress(self) -> Progress:
        return self._telling.progress

    @property
    def ledger(self) -> RunLedger:
        """What is written down of this run and the others."""
        return self._ledger

    @property
    def source(self) -> StoredRows:
        """The rows of what this run has reported so far."""
        return StoredRows(self._url, self.window.id, self._telling.run_id)

    @property
    def chunks(self) -> int:
        """How many chunks of dossiers the run has."""
        return len(self._telling.chunks)

    def listen(self, listener: ProgressListener) -> None:
        """Tells `listener` of every step from now on."""
        self._telling.listener = listener

    def wait_for_chunk(self, index: int) -> ChunkResult:
        """Blocks until chunk `index` (from 0) is done; for other threads than the running one."""
        return self._telling.chunks[index].result()

    # --- one dossier after another ---------------------------------------------------------

    def _entries(self) -> Iterator[tuple[int, Dossier | IntakeError]]:
        """Dossiers and errors in order, each with the chunk it belongs to."""
        seen, last = 0, None
        only = frozenset(self._part.dossier_ids) if self._part else None
        for entry in iter_dossiers(
            self.intake, max_file_bytes=self.settings.max_file_bytes, only=only
        ):
            if entry.dossier_id is not None and entry.dossier_id != last:
                seen, last = seen + 1, entry.dossier_id
            yield self._telling.chunk_of(max(seen - 1, 0)), entry

    def _admit(self, dossier: Dossier, chunk: int) -> None:
        """Leaves a report that holds; else has read what was not, and then the report written."""
        input_key = self._reports.key_of(dossier)
        if not self._retry_failed and self._reports.holds(dossier.dossier_id, input_key):
            self._reports.keep_unchanged(dossier.dossier_id)
            self._telling.count(dossiers_unchanged=1)
            self._telling.dossier_ended(chunk, reported=True)
            return
        pending = _Pending(dossier, input_key, chunk)
        asked: list[Material] = []
        known = self._readings.find(dossier.materials)
        for material in dossier.materials:
            blob = known.get(material.file)
            if blob is None:
                pending.waiting.add(material.file)
                asked.append(material)
            else:
                pending.readings[material.file] = blob
                self._telling.count(materials_reused=1)
        for material in asked:
            self._ask(pending, material)
        if not asked:
            self._report(pending)

    def _ask(self, pending: _Pending, material: Material) -> None:
        def take(blob: str | None) -> None:
            if pending.is_given_up:
                return
            if blob is None:
                self._give_up(pending, material.file)
                return
            pending.readings[material.file] = blob
            pending.waiting.discard(material.file)
            if not pending.waiting:
                self._report(pending)

        self._readings.ask(pending.dossier.dossier_id, material, take)

    def _give_up(self, pending: _Pending, file: str) -> None:
        """Leaves a dossier of which a file changed under the run for the next run."""
        pending.is_given_up = True
        reason = f"文件“{file}”在运行期间被改动或移走，请重新运行"
        self._telling.leave_unreported(pending.dossier.dossier_id, reason)
        self._telling.dossier_ended(pending.chunk, reported=False)

    def _report(self, pending: _Pending) -> None:
        self._reports.write(
            pending.dossier,
            pending.input_key,
            pending.readings,
            lambda written: self._telling.dossier_ended(pending.chunk, reported=written),
        )

    def _sweep(self) -> None:
        """Removes what a run that was killed left half written."""
        self.blobs.sweep()
        for folder in (self.out, self.out / "reports", slip_path(self.out, "any").parent):
            sweep_parts(folder)

    def _close(self, *, wait: bool) -> None:
        self._jobs.close(wait=wait)
        self._store.close()


def _require_output(intake: Path, out: Path) -> None:
    """Raises `UsageError` where nothing may be written (the intake folder) or nothing can be."""
    if out.resolve().is_relative_to(intake.resolve()):
        raise UsageError(
            "输出文件夹不能是受理文件夹，也不能放在其中。",
            untouched="没有读取任何申报，也没有改动任何文件。",
            next_step="请用 --out 指定受理文件夹之外的位置。",
        )
    standing = next(p for p in (out.resolve(), *out.resolve().parents) if p.exists())
    if not standing.is_dir() or not os.access(standing, os.W_OK):
        raise UsageError(
            f"输出文件夹无法建立：{standing} 不是可以写入的文件夹。",
            untouched="没有读取任何申报，也没有改动任何文件。",
            next_step="请用 --out 指定可以写入的文件夹。",
        )


def prepare_run(
    intake: Path,
    out: Path,
    *,
    workers: int | None = None,
    rulebook_path: Path | None = None,
    retry_failed: bool = False,
    state: Path | None = None,
    part: RunPart | None = None,
) -> WindowRun:
    """A run over `intake`, ready to start: rulebook loaded, weights found, store open.

    Raises `UsageError`, `UnusableIntake`, `InvalidRulebook`, `ModelsMissing` or `StoreError`, each
    before anything was read or written.
    """
    _require_output(intake, out)
    settings = Settings() if workers is None else Settings(workers=workers)
    path = rulebook_path or DEFAULT_RULEBOOK
    try:
        rulebook = load_rulebook(path)
    except (RulebookError, OSError) as error:
        raise InvalidRulebook(f"the rulebook {path} does not load: {error}") from error
    return WindowRun(
        intake,
        out,
        settings=settings,
        rulebook=rulebook,
        rulebook_path=path,
        engines=Engines(version=__version__, engine=engine_name(), models=model_hashes()),
        reading_version=key_of(
            reading_version(settings),
            source_key("pipeline/reading", "pipeline/pages", "pipeline/integrity"),
        ),
        retry_failed=retry_failed,
        state=state,
        part=part,
    )
