"""Worker processes: one OCR engine each, hard limits, and no orphan when the parent dies."""

import gc
import hashlib
import os
import sys
import threading
import time
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.util import Finalize
from pathlib import Path

from extractors.calibration import acceptance_for
from pipeline.dossier import Engines, extract_facts, report_facts
from pipeline.errors import MaterialChanged
from pipeline.kept import KEPT_SUFFIX, RULEBOOK_SUFFIX, keep_dossier, pack_kept, unpack_kept
from pipeline.model.acceptance import Acceptance
from pipeline.model.declaration import Window
from pipeline.model.dossier import Dossier, Facts
from pipeline.model.reading import MaterialReading
from pipeline.model.shared import Shared
from pipeline.report.summary import SummaryRow, summarise
from pipeline.report.write import WrittenReport, write_report, write_slip
from pipeline.settings import Settings
from pipeline.store.blobs import BlobStore, open_blobs
from pipeline.traces.links import Link
from pipeline.traces.shared import lay_links
from pipeline.traces.trace import Left, traces_of
from validators import Rulebook, load_rulebook

READING_SUFFIX = ".reading"


@dataclass(frozen=True, slots=True)
class WorkerSetup:
    """What a worker process is told once, when it starts."""

    parent_pid: int
    settings: Settings
    blobs: str
    """Where blobs lie: see `open_blobs`."""
    reporting: "Reporting | None" = None


@dataclass(frozen=True, slots=True)
class Reporting:
    """What a worker that writes reports needs beside."""

    out: Path
    rulebook: Path
    window: Window
    engines: Engines


@dataclass(frozen=True, slots=True)
class ReadRequest:
    path: Path
    sha256: str


@dataclass(frozen=True, slots=True)
class ReadOutcome:
    """`blob` is the key of the reading; `seconds` the time it took, of which `ocr_seconds` in OCR."""

    blob: str
    pages: int
    seconds: float
    ocr_seconds: float


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """A dossier and, per material file, the blob key of its reading."""

    dossier: Dossier
    readings: dict[str, str]


@dataclass(frozen=True, slots=True)
class ReviseRequest:
    """The blob of a dossier as it was checked, and what it shares with others of its window."""

    kept: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class ReportOutcome:
    """`kept` is the blob of the dossier as it was checked, `left` its traces."""

    row: SummaryRow
    written: WrittenReport
    kept: str
    seconds: float
    left: Left


class _Worker:
    """The state of this worker process: made once, never shared."""

    def __init__(self, setup: WorkerSetup) -> None:
        self.setup = setup
        self.blobs = open_blobs(setup.blobs)
        self._rulebook: Rulebook | None = None
        self._rulebook_blob = ""
        self._engine: object | None = None

    def rulebook(self, reporting: Reporting) -> Rulebook:
        if self._rulebook is None:
            text = reporting.rulebook.read_bytes()
            self._rulebook = load_rulebook(reporting.rulebook)
            self._rulebook_blob = self.blobs.put(text, RULEBOOK_SUFFIX)
        return self._rulebook

    @property
    def rulebook_blob(self) -> str:
        """The blob of the text that `rulebook` was loaded from."""
        return self._rulebook_blob

    def acceptance(self) -> Acceptance:
        """From which confidence on values are accepted: as fixed, or for the target error rate."""
        settings = self.setup.settings
        if settings.accepted_confidence is not None:
            return Acceptance.fixed(settings.accepted_confidence)
        return acceptance_for(settings.target_error_rate)

    def engine(self) -> object:
        """The OCR engine, made when the first page needs it."""
        if self._engine is None:
            from pipeline.reading import Engine

            self._engine = Engine()
            _limit_memory(self.setup.settings.worker_memory_bytes)
        return self._engine


_worker: _Worker | None = None


def start_worker(setup: WorkerSetup) -> None:
    """Makes this process a worker: watches its parent, and holds one engine."""
    global _worker
    _limit_memory(setup.settings.worker_memory_bytes)
    # Native libraries print of themselves when an interpreter winds down: this one just ends.
    Finalize(None, os._exit, args=(0,), exitpriority=-100)
    threading.Thread(target=_watch_parent, args=(setup.parent_pid,), daemon=True).start()
    _worker = _Worker(setup)
    _collect_garbage_seldom()


def _collect_garbage_seldom() -> None:
    """A dossier makes many objects and hardly a cycle: by default a fifth of its cost was looking
    for cycles among them and among all that was imported."""
    gc.freeze()
    gc.set_threshold(100_000, 20, 20)


def _watch_parent(parent_pid: int) -> None:
    while os.getppid() == parent_pid:
        time.sleep(0.5)
    os._exit(3)


def _limit_memory(growth: int) -> None:
    """Lets this process grow by `growth` bytes of address space from here, and no further."""
    if sys.platform == "linux":
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limit = pages * resource.getpagesize() + growth
        resource.setrlimit(resource.RLIMIT_AS, (limit, resource.RLIM_INFINITY))


def limit_processor_time(seconds: int) -> None:
    """Lets this process use `seconds` of processor time from here; then the system ends it."""
    if sys.platform != "win32":
        import resource

        limit = int(time.process_time()) + 1 + seconds
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))


def _this_worker() -> _Worker:
    if _worker is None:
        raise RuntimeError("start_worker was not called in this process")
    return _worker


def pack_reading(reading: MaterialReading) -> bytes:
    return zlib.compress(reading.model_dump_json().encode(), 6)


def unpack_reading(data: bytes) -> MaterialReading:
    return MaterialReading.model_validate_json(zlib.decompress(data))


def read_one(request: ReadRequest) -> ReadOutcome:
    """Reads one upload in this worker process and stores what was read.

    Raises `MaterialChanged` when the file is not the one that was taken in.
    """
    from pipeline.reading import Engine, read_material

    _require_same(request)

    worker = _this_worker()
    started = time.perf_counter()
    engine = worker.engine()
    assert isinstance(engine, Engine)
    before = engine.seconds
    reading = read_material(
        request.path,
        sha256=request.sha256,
        settings=worker.setup.settings,
        engine=engine,
        put_blob=worker.blobs.put,
    )
    blob = worker.blobs.put(pack_reading(reading), READING_SUFFIX)
    return ReadOutcome(
        blob=blob,
        pages=len(reading.pages),
        seconds=time.perf_counter() - started,
        ocr_seconds=engine.seconds - before,
    )


def _require_same(request: ReadRequest) -> None:
    try:
        with request.path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise MaterialChanged("the upload is gone") from error
    if digest != request.sha256:
        raise MaterialChanged("the upload has changed")


def report_one(request: ReportRequest) -> ReportOutcome:
    """Checks one dossier in this worker process and writes its report."""
    started = time.perf_counter()
    readings = load_readings(_this_worker().blobs, request.readings)
    facts = extract_facts(request.dossier, readings)
    left = traces_of(request.dossier, facts, readings)
    return _write(_Checked(request.dossier, facts, readings, request.readings), left, (), started)


def revise_one(request: ReviseRequest) -> ReportOutcome:
    """Writes the report of a dossier again, now that it is known what it shares. Reads nothing."""
    started = time.perf_counter()
    blobs = _this_worker().blobs
    data = blobs.get(request.kept)
    if data is None:
        raise FileNotFoundError(f"a kept dossier is gone: {request.kept}")
    kept = unpack_kept(data)
    readings = load_readings(blobs, kept.readings)
    left = traces_of(kept.dossier, kept.facts, readings)
    shared = lay_links(left.traces, request.links)
    checked = _Checked(kept.dossier, kept.facts, readings, kept.readings)
    return _write(checked, left, shared, started)


def load_readings(blobs: BlobStore, keys: Mapping[str, str]) -> dict[str, MaterialReading]:
    """The stored readings, by file. Raises `FileNotFoundError` when one is gone."""
    readings: dict[str, MaterialReading] = {}
    for file, key in keys.items():
        data = blobs.get(key)
        if data is None:
            raise FileNotFoundError(f"a stored reading is gone: {key}")
        readings[file] = unpack_reading(data)
    return readings


@dataclass(frozen=True, slots=True)
class _Checked:
    """A dossier with what was read of it; `keys` are the blobs of its readings."""

    dossier: Dossier
    facts: Facts
    readings: dict[str, MaterialReading]
    keys: dict[str, str]


def _write(
    checked: _Checked, left: Left, shared: tuple[Shared, ...], started: float
) -> ReportOutcome:
    worker = _this_worker()
    reporting = worker.setup.reporting
    if reporting is None:
        raise RuntimeError("this worker was set up for reading only")
    rulebook = worker.rulebook(reporting)
    acceptance = worker.acceptance()
    report = report_facts(
        checked.dossier,
        checked.facts,
        checked.readings,
        window=reporting.window,
        rulebook=rulebook,
        engines=reporting.engines,
        acceptance=acceptance,
        shared=shared,
    )
    kept = keep_dossier(
        dossier=checked.dossier,
        facts=checked.facts,
        report=report,
        window=reporting.window,
        readings=checked.readings,
        reading_blobs=checked.keys,
        rulebook_blob=worker.rulebook_blob,
        acceptance=acceptance,
        shared=shared,
    )
    written = write_report(
        reporting.out,
        report,
        declaration=checked.dossier.declaration,
        clauses={c.id: c.sentence for c in rulebook.clauses},
        pictures=lambda file, page: picture_of(worker.blobs, checked.readings, file, page),
        acceptance=acceptance,
    )
    write_slip(reporting.out, report, declaration=checked.dossier.declaration, rulebook=rulebook)
    return ReportOutcome(
        row=summarise(report, declaration=checked.dossier.declaration),
        written=written,
        kept=worker.blobs.put(pack_kept(kept), KEPT_SUFFIX),
        seconds=time.perf_counter() - started,
        left=left,
    )


def picture_of(
    blobs: BlobStore, readings: Mapping[str, MaterialReading], file: str, page: int
) -> bytes | None:
    """The picture of a page, or None where none is kept."""
    found = next((p for p in readings[file].pages if p.number == page), None)
    return blobs.get(found.picture) if found and found.picture else None
