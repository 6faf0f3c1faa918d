"""Scale: a simulated window through the real intake, store, checks, reports and status.

    python -m benchmarks.scale [--dossiers 2000] [--every 250] [--workers 2] [--folder DIR]

Readings are generated and put in the store under their content keys, so a run reads nothing and
does everything else. Printed: processor time and wall time per dossier for each block of dossiers,
memory of the run's own process and of its workers, the time of `status` while it runs, of the
summaries, of a second run, and the size of what is kept.
"""

import argparse
import hashlib
import itertools
import multiprocessing
import os
import resource
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

import psutil
from sqlalchemy import insert, select

from benchmarks.simulated import SimulatedFile, begin_window, reading_in, simulate_dossiers
from benchmarks.simulated_pictures import DrawnPictures
from pipeline.fingerprint import key_of
from pipeline.intake import read_window
from pipeline.progress import Progress
from pipeline.report.build import from_json
from pipeline.report.write import write_summaries
from pipeline.settings import Settings
from pipeline.store.database import Store, store_session
from pipeline.store.rows import StoredRows
from pipeline.store.schema import StoredReading, StoredReport
from pipeline.window import WindowRun, store_url
from pipeline.windows.register import open_register
from pipeline.windows.shared import prepare_registered
from pipeline.windows.status import window_status
from pipeline.workers import READING_SUFFIX

MIB = 2**20
_STATUS_EVERY = 5.0


def generate(intake: Path, count: int, models: int) -> tuple[int, int]:
    """Writes the window and keeps its readings; returns how many files and pages it has."""
    begin_window(intake)
    with open_register() as register:
        register.add(intake)
        run = prepare_registered(register, register.get("2022H2"))
        pictures = DrawnPictures(run.blobs)
        files = pages = 0
        dossiers = simulate_dossiers(count, models=models, pictures=pictures)
        while batch := list(itertools.islice(dossiers, 100)):
            kept: list[StoredReading] = []
            for dossier in batch:
                dossier.write(intake)
                kept += [_keep(run, file) for file in dossier.files]
            files += len(kept)
            pages += sum(row.pages for row in kept)
            with store_session(register.store.engine) as session:
                session.add_all(kept)
    return files, pages


def _keep(run: WindowRun, file: SimulatedFile) -> StoredReading:
    """Keeps the reading that the upload carries, without waiting for the disk."""
    sha256 = hashlib.sha256(file.data).hexdigest()
    packed = reading_in(file.data)
    key = hashlib.sha256(packed).hexdigest() + READING_SUFFIX
    path = run.blobs.path_of(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packed)
    return _kept(run, sha256, key, file.pages)


def _kept(run: WindowRun, sha256: str, blob: str, pages: int) -> StoredReading:
    return StoredReading(
        content_key=key_of(sha256, run.reading_version),
        sha256=sha256,
        version=run.reading_version,
        blob=blob,
        pages=pages,
        seconds=1.0,
    )


@dataclass
class Watch:
    """Samples time and memory of this process and its workers as dossiers are done."""

    every: int
    started: float = field(default_factory=time.monotonic)
    peak: int = 0
    worker_peak: int = 0
    status_seconds: list[float] = field(default_factory=list)
    report_seconds: list[float] = field(default_factory=list)
    blocks: list[str] = field(default_factory=list)
    per_dossier: list[float] = field(default_factory=list)
    _mark: tuple[float, float, float, int] = (0.0, 0.0, 0.0, 0)
    _ended: threading.Event = field(default_factory=threading.Event)

    def begin(self) -> None:
        self._mark = (time.monotonic(), _processor_seconds(), time.process_time(), 0)
        threading.Thread(target=self._ask_status, daemon=True).start()

    def __call__(self, progress: Progress) -> None:
        done = progress.dossiers_done
        if done == self._mark[3] or (done % self.every and done != progress.dossiers_total):
            return
        wall, used, used_here, before = self._mark
        now, spent, spent_here = time.monotonic(), _processor_seconds(), time.process_time()
        own, workers = memory()
        self.peak, self.worker_peak = max(self.peak, own), max(self.worker_peak, workers)
        each = (spent - used) / (done - before)
        self.per_dossier.append(each)
        line = (
            f"| {done} | {1000 * each:.0f} | {1000 * (spent_here - used_here) / (done - before):.0f} "
            f"| {1000 * (now - wall) / (done - before):.0f} "
            f"| {own / MIB:.0f} | {workers / MIB:.0f} |"
        )
        print(line, flush=True)
        self._mark = (now, spent, spent_here, done)

    def _ask_status(self) -> None:
        with open_register() as register:
            while not self._ended.wait(_STATUS_EVERY):
                began = time.monotonic()
                window_status(register, "2022H2")
                self.status_seconds.append(time.monotonic() - began)
                began = time.monotonic()
                if _open_a_report(register.store, Path(register.get("2022H2").out)):
                    self.report_seconds.append(time.monotonic() - began)

    def end(self) -> None:
        self._ended.set()


def _open_a_report(store: Store, out: Path) -> bool:
    """Finds a report of somebody to be looked at and opens it; False while there is none."""
    query = select(StoredReport.dossier_id).where(StoredReport.route == "review")
    with store_session(store.engine) as session:
        dossier_id = session.scalars(query.order_by(StoredReport.score).limit(1)).first()
    if dossier_id is not None:
        from_json((out / "reports" / f"{dossier_id}.json").read_bytes())
    return dossier_id is not None


def _processor_seconds() -> float:
    """Processor time of this process and all its workers, also of those that are gone."""
    gone = resource.getrusage(resource.RUSAGE_CHILDREN)
    total = time.process_time() + gone.ru_utime + gone.ru_stime
    for process in psutil.Process().children(recursive=True):
        try:
            times = process.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system
    return total


def memory() -> tuple[int, int]:
    """Resident bytes of this process, and of its largest worker."""
    workers = [0]
    for process in psutil.Process().children(recursive=True):
        try:
            workers.append(process.memory_info().rss)
        except psutil.NoSuchProcess:
            continue
    return psutil.Process().memory_info().rss, max(workers)


def measure(every: int, *, second: bool) -> None:
    """One run over the window that `generate` wrote; prints its table."""
    with open_register() as register:
        run = prepare_registered(register, register.get("2022H2"))
    watch = Watch(every)
    print(
        "\n| dossiers done | CPU ms each | of which own | wall ms each | own MiB | largest worker MiB |"
    )
    print("|---|---|---|---|---|---|", flush=True)
    run.listen(watch)
    watch.begin()
    began = time.monotonic()
    outcome = run.run()
    watch.end()
    seconds = time.monotonic() - began
    count = outcome.progress.dossiers_done
    first, last = watch.per_dossier[0], watch.per_dossier[-1]
    name = "second run (nothing changed)" if second else "run"
    print(f"\n{name}: {count} dossiers in {seconds:.0f} s, {1000 * seconds / count:.0f} ms each; "
          f"CPU of the last block is {last / first:.2f} × the first; "
          f"peak {watch.peak / MIB:.0f} MiB own, {watch.worker_peak / MIB:.0f} MiB a worker; "
          f"unchanged {outcome.progress.dossiers_unchanged}, read {outcome.progress.materials_read}, "
          f"unreported {len(outcome.unreported)}")  # fmt: skip
    if watch.status_seconds:
        for name, held in (("status", watch.status_seconds), ("a report", watch.report_seconds)):
            print(f"{name} while it ran: {len(held)} times, median {1000 * median(held or [0]):.0f} ms, "
                  f"slowest {1000 * max(held, default=0):.0f} ms")  # fmt: skip
    before = memory()[0]
    began, used = time.monotonic(), time.process_time()
    write_summaries(
        run.out, window=run.window, rows=outcome.source, errors=outcome.errors,
        unreported=outcome.unreported,
    )  # fmt: skip
    print(f"summaries: {time.monotonic() - began:.1f} s wall, {time.process_time() - used:.1f} s CPU, "
          f"memory {before / MIB:.0f} → {memory()[0] / MIB:.0f} MiB")  # fmt: skip


def measure_clones(count: int) -> None:
    """Status and summaries over `count` report rows, copied in the store under other ids."""
    with open_register() as register:
        engine = register.store.engine
        run = register.runs.latest("2022H2")
        assert run is not None
        with store_session(engine) as session:
            rows = list(session.scalars(select(StoredReport).limit(500)))
        with store_session(engine) as session:
            for start in range(0, count, 5000):
                session.execute(insert(StoredReport), [
                    _clone(rows[n % len(rows)], n, run.id) for n in range(start, min(count, start + 5000))
                ])  # fmt: skip
        began = time.monotonic()
        status = window_status(register, "2022H2")
        print(
            f"\nstatus over {status.reported} reports: {1000 * (time.monotonic() - began):.0f} ms"
        )
        source = StoredRows(store_url(Settings(), register.state), "clones", run.id)
        before, began = memory()[0], time.monotonic()
        out = register.home / "clones"
        write_summaries(out, window=read_window(Path(register.get("2022H2").intake)), rows=source,
                        errors=(), unreported=())  # fmt: skip
        files = {p.name: p.stat().st_size for p in out.iterdir()}
        pages = sum(1 for name in files if name.startswith("index"))
        print(f"summaries of {count} dossiers: {time.monotonic() - began:.0f} s, memory {before / MIB:.0f} "
              f"→ {memory()[0] / MIB:.0f} MiB; summary.xlsx {files['summary.xlsx'] / MIB:.0f} MiB, "
              f"summary.json {files['summary.json'] / MIB:.0f} MiB, {pages} index pages")  # fmt: skip


def _clone(row: StoredReport, number: int, run_id: int) -> dict[str, object]:
    held = {c.name: getattr(row, c.name) for c in StoredReport.__table__.columns}
    return {**held, "window_id": "clones", "dossier_id": f"clone-{number:07d}", "run_id": run_id}


def sizes(home: Path) -> Iterator[str]:
    """What is kept on disk, by kind."""
    for name, folder, pattern in (
        ("reports", home / "2022H2" / "reports", "*"),
        ("blobs", home / ".chuhe" / "blobs", "*/*"),
        ("database", home / ".chuhe", "store.sqlite*"),
    ):
        held = [p.stat().st_size for p in folder.glob(pattern)]
        yield f"{name}: {sum(held) / MIB:.0f} MiB in {len(held)} files"


def _in_a_process(target: object, *arguments: object, **more: object) -> None:
    """Runs one stage in a process of its own, so that its memory is its own."""
    process = multiprocessing.get_context("spawn").Process(
        target=target, args=arguments, kwargs=more  # type: ignore[arg-type]
    )  # fmt: skip
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(process.exitcode)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--dossiers", type=int, default=2000)
    parser.add_argument("--every", type=int, default=250, help="dossiers in a block of the table")
    parser.add_argument("--models", type=int, default=40, help="dossiers the others vary")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--clones", type=int, default=0, help="rows for a summary of many dossiers")
    parser.add_argument("--folder", type=Path, default=None, help="keep the window here")
    options = parser.parse_args()
    os.environ["CHUHE_WORKERS"] = str(options.workers)
    with tempfile.TemporaryDirectory(prefix="chuhe-scale-") as scratch:
        folder = options.folder or Path(scratch)
        os.environ["CHUHE_HOME"] = str(folder / "home")
        if not (folder / "2022H2").exists():
            began = time.monotonic()
            _in_a_process(generate, folder / "2022H2", options.dossiers, options.models)
            print(f"generated {options.dossiers} dossiers in {time.monotonic() - began:.0f} s")
        _in_a_process(measure, options.every, second=False)
        _in_a_process(measure, options.every, second=True)
        if options.clones:
            _in_a_process(measure_clones, options.clones)
        print("\n" + "; ".join(sizes(folder / "home")))
        with open_register() as register:
            count_of_rows(register.store)


def count_of_rows(store: Store) -> None:
    began = time.monotonic()
    routes = store.count_routes("2022H2")
    print(f"counted by route in {1000 * (time.monotonic() - began):.1f} ms: {routes}")


if __name__ == "__main__":
    main()
