"""What `benchmarks.scale` watches while a run goes on: cost, memory, answers, block by block.

The machine may be shared, so that the same work costs more in one minute than in the next. A fixed
piece of the same work (the facts of a few dossiers out of their stored readings) is therefore done again
and again beside the run, and each block's cost is also given in units of it. It is done in the run's
own process, whose caches and tables do not grow with the workers'; its cost is left out of the block's.
"""

import hashlib
import resource
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from statistics import fmean, median

import psutil
from sqlalchemy import select

from pipeline.dossier import extract_facts
from pipeline.intake import iter_dossiers
from pipeline.model.dossier import Dossier
from pipeline.progress import Progress
from pipeline.report.build import from_json
from pipeline.store.database import Store, store_session
from pipeline.store.schema import StoredReport
from pipeline.window import WindowRun
from pipeline.windows.register import open_register
from pipeline.windows.status import window_status
from pipeline.workers import load_readings

MIB = 2**20
_ASKED_EVERY = 5.0
_FIXED_DOSSIERS = 10
_FIXED_TIMES = 10 * _FIXED_DOSSIERS
"""How often in a block (of that many dossiers or more) one of them is done."""
HEADER = """
| dossiers done | CPU ms each | of which own | fixed work, ms | each / fixed | wall ms each \
| own MiB | largest worker MiB | status ms, median (most) | a report ms, median (most) |
|---|---|---|---|---|---|---|---|---|---|"""


class TimeIsUp(Exception):
    """The run was to go on no longer."""


def fixed_work(run: WindowRun) -> Callable[[], None]:
    """The facts of one of the window's first dossiers after the other, read from the store anew."""
    entries = iter_dossiers(run.intake, max_file_bytes=run.settings.max_file_bytes)
    first = list(islice((d for d in entries if isinstance(d, Dossier)), _FIXED_DOSSIERS))
    turns = cycle([(dossier, run._readings.find(dossier.materials)) for dossier in first])

    def work() -> None:
        dossier, keys = next(turns)
        extract_facts(dossier, load_readings(run.blobs, keys))

    return work


@dataclass
class Watch:
    """Samples time and memory of this process and its workers as dossiers are done."""

    every: int
    fixed: Callable[[], None]
    until: float
    """By the monotonic clock: when the run is ended."""
    swept: "Sweep | None" = None
    peak: int = 0
    worker_peak: int = 0
    done: int = 0
    costs: list[float] = field(default_factory=list)
    """Processor seconds a dossier, by block."""
    ratios: list[float] = field(default_factory=list)
    """The same in units of the fixed work."""
    status_seconds: list[float] = field(default_factory=list)
    report_seconds: list[float] = field(default_factory=list)
    _mark: tuple[float, float, float, int] = (0.0, 0.0, 0.0, 0)
    _fixed: list[float] = field(default_factory=list)
    _asked: int = 0
    _asking: float = 0.0
    """Processor seconds of the thread that asks."""
    _ended: threading.Event = field(default_factory=threading.Event)

    def begin(self) -> None:
        for _ in range(_FIXED_DOSSIERS):
            self.fixed()
        used = processor_seconds(), time.process_time()
        self._mark = (time.monotonic(), *used, self.done)
        threading.Thread(target=self._ask, daemon=True).start()

    def __call__(self, progress: Progress) -> None:
        done = progress.dossiers_done
        if done == self.done:
            return
        self.done = done
        if done % max(1, self.every // _FIXED_TIMES) == 0:
            began = time.thread_time()
            self.fixed()
            self._fixed.append(time.thread_time() - began)
        if done % self.every == 0 or done == progress.dossiers_total:
            self._end_block()
            if time.monotonic() > self.until:
                raise TimeIsUp

    def _end_block(self) -> None:
        wall, used, used_here, before = self._mark
        count, fixed = self.done - before, sum(self._fixed)
        asking, now = self._asking, time.monotonic()
        spent, spent_here = processor_seconds() - asking, time.process_time() - asking
        own, workers = memory()
        self.peak, self.worker_peak = max(self.peak, own), max(self.worker_peak, workers)
        each, own_each = (spent - used - fixed) / count, (spent_here - used_here - fixed) / count
        unit = fmean(self._fixed or [0.0])
        self.costs.append(each)
        self.ratios.append(each / unit if unit else 0.0)
        status, report = self.status_seconds[self._asked :], self.report_seconds[self._asked :]
        self._asked = min(len(self.status_seconds), len(self.report_seconds))
        print(
            f"| {self.done} | {1000 * each:.1f} | {1000 * own_each:.1f} | {1000 * unit:.1f} "
            f"| {self.ratios[-1]:.3f} | {1000 * (now - wall) / count:.0f} "
            f"| {own / MIB:.0f} | {workers / MIB:.0f} | {_said(status)} | {_said(report)} |",
            flush=True,
        )
        self._fixed.clear()
        began = time.process_time()
        if self.swept is not None:
            self.swept()
        sweeping = time.process_time() - began
        # Not measured anew: a worker that has ended and is not yet waited for would be lost.
        self._mark = (time.monotonic(), spent + sweeping, spent_here + sweeping, self.done)

    def _ask(self) -> None:
        with open_register() as register:
            while not self._ended.wait(_ASKED_EVERY):
                began = time.monotonic()
                window_status(register, "2022H2")
                took = time.monotonic() - began
                began = time.monotonic()
                _open_a_report(register.store, Path(register.get("2022H2").out))
                self.report_seconds.append(time.monotonic() - began)
                self.status_seconds.append(took)
                self._asking = time.thread_time()

    def end(self) -> None:
        self._ended.set()


def _said(seconds: list[float]) -> str:
    if not seconds:
        return "–"
    return f"{1000 * median(seconds):.0f} ({1000 * max(seconds):.0f})"


def _open_a_report(store: Store, out: Path) -> None:
    """Finds the report of somebody to be looked at first and opens it, if there is one."""
    query = select(StoredReport.dossier_id).where(StoredReport.route == "review")
    with store_session(store.engine) as session:
        dossier_id = session.scalars(query.order_by(StoredReport.score).limit(1)).first()
    if dossier_id is not None:
        from_json((out / "reports" / f"{dossier_id}.json").read_bytes())


@dataclass
class Sweep:
    """Takes away the HTML of reports that are done, once each is found to be what the store says.

    A window of 100 000 reports would take 180 GB. They are written in full all the same.
    """

    store: Store
    out: Path
    checked: int = 0

    def __call__(self) -> None:
        paths = {p.stem: p for p in (self.out / "reports").glob("*.html")}
        ids = iter(sorted(paths))
        while some := list(islice(ids, 500)):
            query = select(StoredReport).where(StoredReport.dossier_id.in_(some))
            with store_session(self.store.engine) as session:
                kept = list(session.scalars(query))
            for report in kept:
                path = paths[report.dossier_id]
                written = path.read_bytes(), path.with_suffix(".json").read_bytes()
                found = tuple(hashlib.sha256(data).hexdigest() for data in written)
                assert found == (report.html_sha256, report.json_sha256), report.dossier_id
                path.unlink()
                self.checked += 1


def processor_seconds() -> float:
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
