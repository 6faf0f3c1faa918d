"""One run over an intake window: dossiers flow in, reports come out, each kept as it is done.

A dossier is the unit of work and a material the unit of reading. What was read stays in the
store by content, so a run that was ended at any moment goes on where it was, and a second run on
the same input reads nothing again.
"""

import hashlib
import json
import logging
import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline import __version__
from pipeline.dossier import Engines
from pipeline.errors import InvalidRulebook, MaterialChanged, StoreError
from pipeline.fingerprint import key_of, source_key
from pipeline.intake import count_dossiers, iter_dossiers, read_window
from pipeline.model.dossier import Dossier, IntakeError
from pipeline.model.reading import MaterialReading
from pipeline.model.report import Route
from pipeline.pool import JobDone, JobFailed, WorkerPool
from pipeline.progress import Progress, ProgressListener, be_silent
from pipeline.reading import engine_name, model_hashes, reading_version
from pipeline.report.summary import SummaryRow, Unreported
from pipeline.report.write import pack_row, slip_path
from pipeline.runlock import RunLock, require_unsealed
from pipeline.settings import Settings
from pipeline.store.blobs import BlobStore
from pipeline.store.database import Store
from pipeline.store.rows import StoredRows
from pipeline.store.runs import RunLedger
from pipeline.store.schema import StoredReading, StoredReport
from pipeline.traces.index import Revision, find_revisions, rows_of
from pipeline.workers import (
    READING_SUFFIX,
    ReadOutcome,
    ReadRequest,
    Reporting,
    ReportOutcome,
    ReportRequest,
    ReviseRequest,
    WorkerSetup,
    pack_reading,
    read_one,
    report_one,
    revise_one,
)
from validators import DEFAULT_RULEBOOK, Rulebook, RulebookError, load_rulebook

log = logging.getLogger("chuhe.run")

STATE_FOLDER = ".chuhe"
"""Where a run keeps what was read, inside its output folder."""

ATTEMPTS = 2
"""How often a file is tried before it is quarantined, and a dossier before it is unreported."""

TELL_SECONDS = 2.0
"""How often a run writes down how far it is."""

_REASONS = {
    "timeout": "读取超过时限仍未完成（已重试一次），文件可能异常复杂或已损坏，请重新扫描后上传",
    "crash": "读取过程中程序异常中止（已重试一次），文件可能已损坏，请重新扫描后上传",
    "memory": "读取所需内存超过限额（已重试一次），请降低分辨率或拆分后重新上传",
    "error": "读取时发生错误（已重试一次），文件可能已损坏，请重新扫描后上传",
}


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


@dataclass(slots=True)
class _Pending:
    """A dossier on its way: which of its materials are still being read."""

    dossier: Dossier
    input_key: str
    chunk: int
    waiting: set[str] = field(default_factory=set)
    readings: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _ReadTag:
    dossier_id: str
    file: str
    sha256: str
    path: Path
    content_key: str
    attempt: int


@dataclass(frozen=True, slots=True)
class _ReportTag:
    dossier_id: str
    attempt: int


@dataclass(frozen=True, slots=True)
class _ReviseTag:
    revision: Revision
    attempt: int


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
        self._rulebook = rulebook
        self.reading_version = reading_version
        self._retry_failed = retry_failed
        self._listener: ProgressListener = be_silent
        self._part = part
        self.state = state or out / STATE_FOLDER
        require_unsealed(out)
        self.blobs = BlobStore(self.state / "blobs")
        self.state.mkdir(parents=True, exist_ok=True)
        self._url = store_url(settings, self.state)
        self._store = Store(self._url)
        self._ledger = RunLedger(self._store.engine)
        self._setup = WorkerSetup(
            parent_pid=os.getpid(),
            settings=settings,
            blobs=self.blobs.root,
            reporting=Reporting(
                out=out, rulebook=rulebook_path, window=self.window, engines=engines
            ),
        )
        self._report_version = key_of(
            source_key("pipeline", "extractors", "validators"),
            rulebook.fingerprint,
            reading_version,
            self.window.model_dump_json(),
            str(settings.accepted_confidence),
            json.dumps(engines.models, sort_keys=True),
        )
        total = count_dossiers(intake) if part is None else len(part.dossier_ids)
        self.progress = Progress(dossiers_total=total)
        self.chunks = -(-total // settings.chunk_dossiers)
        self._chunk_futures: list[Future[ChunkResult]] = [Future() for _ in range(self.chunks)]
        self._chunk_counts: dict[int, list[int]] = {}
        self._pool: WorkerPool | None = None
        self._pending: dict[str, _Pending] = {}
        self._reading_now: dict[str, list[tuple[str, str]]] = {}
        self._in_flight = 0
        self._run_id = part.run_id if part else 0
        self._told_at = 0.0
        self._unchanged: list[str] = []
        self._errors: list[IntakeError] = []
        self._unreported: dict[str, list[str]] = {}
        self._ocr_seconds = 0.0
        self._worker_seconds = 0.0

    # --- the run ---------------------------------------------------------------------------

    def run(self) -> WindowOutcome:
        """Takes every dossier to its report. Raises `StoreError` when results cannot be kept."""
        lock = RunLock(self.out, shared=self._part is not None)
        try:
            self._begin()
            for chunk, entry in self._entries():
                if isinstance(entry, IntakeError):
                    self._take_error(entry, chunk)
                    continue
                self._admit(entry, chunk)
                while self._in_flight >= 4 * self.settings.workers:
                    self._handle_next()
            while self._in_flight:
                self._handle_next()
            self._stamp_unchanged()
            if self._part is None:
                self._revise()
                self._ledger.update(self._run_id, self.progress, state="done")
            else:
                self._ledger.add(self._run_id, self.progress)
        except BaseException as error:
            self._close(wait=False)
            lock.release()
            for future in self._chunk_futures:
                if not future.done():
                    future.set_exception(error)
            raise
        self._close(wait=True)
        lock.release()
        self._settle_chunks()
        return WindowOutcome(
            run_id=self._run_id,
            progress=self.progress,
            source=self.source,
            errors=tuple(self._errors),
            unreported=tuple(
                Unreported(dossier_id=dossier_id, reason="；".join(reasons))
                for dossier_id, reasons in sorted(self._unreported.items())
            ),
            ocr_seconds=self._ocr_seconds,
            worker_seconds=self._worker_seconds,
        )

    @property
    def ledger(self) -> RunLedger:
        """What is written down of this run and the others."""
        return self._ledger

    @property
    def source(self) -> StoredRows:
        """The rows of what this run has reported so far."""
        return StoredRows(self._url, self.window.id, self._run_id)

    def listen(self, listener: ProgressListener) -> None:
        """Tells `listener` of every step from now on."""
        self._listener = listener

    def wait_for_chunk(self, index: int) -> ChunkResult:
        """Blocks until chunk `index` (from 0) is done; for other threads than the running one."""
        return self._chunk_futures[index].result()

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

    def _begin(self) -> None:
        if self._part is None:
            self._run_id = self._ledger.begin(self.window.id, self.progress)

    def _entries(self) -> Iterator[tuple[int, Dossier | IntakeError]]:
        """Dossiers and errors in order, each with the chunk it belongs to."""
        seen, last = 0, None
        only = frozenset(self._part.dossier_ids) if self._part else None
        for entry in iter_dossiers(
            self.intake, max_file_bytes=self.settings.max_file_bytes, only=only
        ):
            if entry.dossier_id is not None and entry.dossier_id != last:
                seen, last = seen + 1, entry.dossier_id
            place = max(seen - 1, 0) // self.settings.chunk_dossiers
            yield min(place, max(self.chunks - 1, 0)), entry

    def _take_error(self, error: IntakeError, chunk: int) -> None:
        """Keeps an intake error; a dossier with several of them is unreported once."""
        part = self._part
        if part is not None and part.number > 0 and error.dossier_id not in part.dossier_ids:
            return  # what concerns the whole folder is said once, by the first part
        self._errors.append(error)
        self._ledger.note(self._run_id, "error", error.dossier_id, error.model_dump_json())
        if error.dossier_id is None:
            return
        if error.dossier_id not in self._unreported:
            self._dossier_ended(chunk, reported=False)
        self._leave_unreported(error.dossier_id, error.message)

    def _leave_unreported(self, dossier_id: str, reason: str) -> None:
        log.info("dossier unreported", extra=self._said(dossier_id))
        self._unreported.setdefault(dossier_id, []).append(reason)
        self._ledger.note(
            self._run_id,
            "unreported",
            dossier_id,
            Unreported(dossier_id=dossier_id, reason=reason).model_dump_json(),
        )

    # --- one dossier -----------------------------------------------------------------------

    def _input_key(self, dossier: Dossier) -> str:
        content = dossier.model_dump(mode="json")
        for material in content["materials"]:
            del material["path"]
        return key_of(self._report_version, json.dumps(content, sort_keys=True))

    def _admit(self, dossier: Dossier, chunk: int) -> None:
        key = self._input_key(dossier)
        if not self._retry_failed and self._is_unchanged(dossier.dossier_id, key):
            self._unchanged.append(dossier.dossier_id)
            if len(self._unchanged) == 500:
                self._stamp_unchanged()
            self._tell(dossiers_unchanged=1)
            self._dossier_ended(chunk, reported=True)
            return
        pending = _Pending(dossier, key, chunk)
        self._pending[dossier.dossier_id] = pending
        for material in dossier.materials:
            content_key = key_of(material.sha256, self.reading_version)
            stored = self._store.find_reading(content_key)
            if stored is not None and self._is_kept(stored):
                pending.readings[material.file] = stored.blob
                self._tell(materials_reused=1)
                continue
            pending.waiting.add(material.file)
            sharers = self._reading_now.setdefault(content_key, [])
            sharers.append((dossier.dossier_id, material.file))
            if len(sharers) == 1:
                self._submit_read(
                    _ReadTag(
                        dossier_id=dossier.dossier_id,
                        file=material.file,
                        sha256=material.sha256,
                        path=Path(material.path),
                        content_key=content_key,
                        attempt=1,
                    )
                )
        if not pending.waiting:
            self._submit_report(dossier.dossier_id, attempt=1)

    def _is_kept(self, stored: StoredReading) -> bool:
        """True when what was read may be used again."""
        failed_before = stored.pages == 0 and stored.seconds == 0
        return self.blobs.has(stored.blob) and not (self._retry_failed and failed_before)

    def _is_unchanged(self, dossier_id: str, key: str) -> bool:
        """True when the report on disk is the one this input gives."""
        stored = self._store.find_report(self.window.id, dossier_id)
        if stored is None or stored.input_key != key:
            return False
        reports = self.out / "reports"
        expected = {".json": stored.json_sha256, ".html": stored.html_sha256}
        for suffix, digest in expected.items():
            path = reports / f"{dossier_id}{suffix}"
            if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
                return False
        if stored.route == Route.INCOMPLETE and not slip_path(self.out, dossier_id).is_file():
            return False
        return stored.route is not None

    def _stamp_unchanged(self) -> None:
        self._store.stamp_reports(self.window.id, self._unchanged, self._run_id)
        self._unchanged.clear()

    def revise(self) -> None:
        """Writes again what reports of the run say of things that several dossiers share.

        For a run of several parts, once all of them are done; a run of its own does it by itself.
        """
        try:
            self._revise()
        finally:
            self._close(wait=True)

    def _revise(self) -> None:
        for revision in find_revisions(self._store.engine, self.window.id, self._run_id):
            self._submit_revision(_ReviseTag(revision, attempt=1))
            while self._in_flight >= 4 * self.settings.workers:
                self._handle_next()
        while self._in_flight:
            self._handle_next()

    def _submit_revision(self, tag: _ReviseTag) -> None:
        self._in_flight += 1
        self._workers().submit(
            revise_one,
            ReviseRequest(tag.revision.kept, tag.revision.links),
            tag=tag,
            seconds=self.settings.file_seconds,
        )

    def _submit_read(self, tag: _ReadTag) -> None:
        self._in_flight += 1
        self._workers().submit(
            read_one,
            ReadRequest(tag.path, tag.sha256),
            tag=tag,
            seconds=self.settings.file_seconds,
        )

    def _submit_report(self, dossier_id: str, attempt: int) -> None:
        pending = self._pending[dossier_id]
        self._in_flight += 1
        self._workers().submit(
            report_one,
            ReportRequest(pending.dossier, pending.readings),
            tag=_ReportTag(dossier_id, attempt),
            seconds=self.settings.file_seconds,
        )

    # --- what comes back -------------------------------------------------------------------

    def _handle_next(self) -> None:
        done: JobDone = self._workers().completed.get()
        self._in_flight -= 1
        if isinstance(done.outcome, StoreError):
            raise done.outcome
        if isinstance(done.tag, _ReadTag):
            self._handle_read(done.tag, done.outcome)
        elif isinstance(done.tag, _ReviseTag):
            self._handle_revision(done.tag, done.outcome)
        else:
            self._handle_report(done.tag, done.outcome)

    def _handle_read(self, tag: _ReadTag, outcome: ReadOutcome | JobFailed) -> None:
        if isinstance(outcome, JobFailed):
            if outcome.detail == MaterialChanged.code:
                self._give_up(tag)
                return
            if tag.attempt < ATTEMPTS:
                self._submit_read(replace(tag, attempt=tag.attempt + 1))
                return
            notes = (outcome.why,)
            reading = MaterialReading(
                sha256=tag.sha256, quarantine_reason=_REASONS[outcome.why], notes=notes
            )
            blob = self.blobs.put(pack_reading(reading), READING_SUFFIX)
            outcome = ReadOutcome(blob=blob, pages=0, seconds=0.0, ocr_seconds=0.0)
            log.info("file quarantined", extra=self._said(tag.dossier_id, why=notes[0]))
            self._tell(materials_quarantined=1)
        made = StoredReading(
            content_key=tag.content_key,
            sha256=tag.sha256,
            version=self.reading_version,
            blob=outcome.blob,
            pages=outcome.pages,
            seconds=outcome.seconds,
        )
        kept = self._store.keep_reading(made, replace=self._retry_failed)
        if not self.blobs.has(kept.blob):
            kept = self._store.keep_reading(made, replace=True)
        self._ocr_seconds += outcome.ocr_seconds
        self._worker_seconds += outcome.seconds
        self._tell(materials_read=1, pages_read=outcome.pages)
        for dossier_id, file in self._reading_now.pop(tag.content_key):
            pending = self._pending.get(dossier_id)
            if pending is None:
                continue
            pending.readings[file] = kept.blob
            pending.waiting.discard(file)
            if not pending.waiting:
                self._submit_report(dossier_id, attempt=1)

    def _give_up(self, tag: _ReadTag) -> None:
        """Leaves the dossiers of a file that changed under the run for the next run."""
        for dossier_id, file in self._reading_now.pop(tag.content_key):
            pending = self._pending.pop(dossier_id, None)
            if pending is not None:
                self._leave_unreported(
                    dossier_id, f"文件“{file}”在运行期间被改动或移走，请重新运行"
                )
                self._dossier_ended(pending.chunk, reported=False)

    def _handle_report(self, tag: _ReportTag, outcome: ReportOutcome | JobFailed) -> None:
        if isinstance(outcome, JobFailed) and tag.attempt < ATTEMPTS:
            self._submit_report(tag.dossier_id, tag.attempt + 1)
            return
        pending = self._pending.pop(tag.dossier_id)
        if isinstance(outcome, JobFailed):
            reason = f"生成报告失败（{outcome.why} {outcome.detail}）".replace(" ）", "）")
            self._leave_unreported(tag.dossier_id, reason)
            self._dossier_ended(pending.chunk, reported=False)
            return
        self._keep(tag.dossier_id, pending.input_key, outcome)
        self._worker_seconds += outcome.seconds
        log.info("dossier reported", extra=self._said(tag.dossier_id, route=outcome.row.route))
        self._dossier_ended(pending.chunk, reported=True)

    def _handle_revision(self, tag: _ReviseTag, outcome: ReportOutcome | JobFailed) -> None:
        dossier_id = tag.revision.dossier_id
        if isinstance(outcome, JobFailed):
            if tag.attempt < ATTEMPTS:
                self._submit_revision(replace(tag, attempt=tag.attempt + 1))
                return
            self._leave_unreported(
                dossier_id, f"与其他申报比对后重写报告失败（{outcome.why} {outcome.detail}）"
            )
            return
        stored = self._store.find_report(self.window.id, dossier_id)
        if stored is not None:
            self._keep(dossier_id, stored.input_key, outcome, shared=tag.revision.shared)
        log.info("report revised", extra=self._said(dossier_id, route=outcome.row.route))

    def _keep(
        self, dossier_id: str, input_key: str, outcome: ReportOutcome, *, shared: str = ""
    ) -> None:
        """Keeps a report that was written, with the traces its dossier leaves."""
        report = StoredReport(
            window_id=self.window.id,
            dossier_id=dossier_id,
            input_key=input_key,
            row=pack_row(outcome.row),
            json_sha256=outcome.written.json_sha256,
            html_sha256=outcome.written.html_sha256,
            kept=outcome.kept,
            run_id=self._run_id,
            route=str(outcome.row.route),
            score=outcome.row.score,
            quarantined=len(outcome.row.quarantined),
            seconds=round(outcome.seconds, 3),
            shared=shared,
        )
        self._store.keep_report(report, rows_of(self.window.id, dossier_id, outcome.left))

    def _dossier_ended(self, chunk: int, *, reported: bool) -> None:
        counts = self._chunk_counts.setdefault(chunk, [0, 0])
        counts[0 if reported else 1] += 1
        self._tell(dossiers_done=1)
        if sum(counts) == self.settings.chunk_dossiers and chunk < self.chunks:
            self._settle_chunk(chunk)

    # --- bookkeeping -----------------------------------------------------------------------

    def _settle_chunk(self, chunk: int) -> None:
        reported, unreported = self._chunk_counts.get(chunk, [0, 0])
        future = self._chunk_futures[chunk]
        if not future.done():
            future.set_result(ChunkResult(chunk, reported + unreported, reported, unreported))

    def _settle_chunks(self) -> None:
        for chunk in range(self.chunks):
            self._settle_chunk(chunk)

    def _said(self, dossier_id: str, **more: object) -> dict[str, object]:
        """What a log line says of a dossier: never a name, a number or a file name."""
        return {
            "window_id": self.window.id,
            "run_id": self._run_id,
            "dossier_id": dossier_id,
            **more,
        }

    def _tell(self, **more: int) -> None:
        changed = {name: getattr(self.progress, name) + by for name, by in more.items()}
        self.progress = replace(self.progress, **changed)
        self._listener(self.progress)
        if self._part is None and time.monotonic() - self._told_at > TELL_SECONDS:
            self._told_at = time.monotonic()
            self._ledger.update(self._run_id, self.progress)

    def _workers(self) -> WorkerPool:
        if self._pool is None:
            self._pool = WorkerPool(self._setup)
        return self._pool

    def _close(self, *, wait: bool) -> None:
        if self._pool is not None:
            self._pool.close(wait=wait)
        self._store.close()


def store_url(settings: Settings, state: Path) -> str:
    """The database that a run with this state folder uses."""
    return settings.database_url or f"sqlite:///{state / 'store.sqlite'}"


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

    Raises `UnusableIntake`, `InvalidRulebook`, `ModelsMissing` or `StoreError`, each before
    anything was read or written.
    """
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
            reading_version(settings), source_key("pipeline/reading", "pipeline/pages")
        ),
        retry_failed=retry_failed,
        state=state,
        part=part,
    )
