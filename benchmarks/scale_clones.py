"""Status and summaries over many reports, which are copies of those that a run made.

Copied are the rows of the store, each under an id of its own, into a window of their own with as many
(empty) dossier folders: what `status` and the summaries look at, and nothing else.
"""

import threading
import time
from pathlib import Path
from statistics import median

import psutil
from sqlalchemy import insert, select

from benchmarks.scale_watch import MIB, memory
from benchmarks.simulated import begin_window
from pipeline.intake import read_window
from pipeline.report.summaries import write_summaries
from pipeline.settings import Settings
from pipeline.store.database import store_session
from pipeline.store.rows import StoredRows
from pipeline.store.schema import StoredReport
from pipeline.window import store_url
from pipeline.windows.register import open_register
from pipeline.windows.status import window_status

WINDOW = "clones"
_MODELS = 500
_AT_ONCE = 5000
_STATUS_TIMES = 5


def make_clones(intake: Path, count: int) -> None:
    """Registers the window with `count` folders and reports, copied from the latest run's."""
    begin_window(intake, WINDOW)
    for number in range(count):
        (intake / "dossiers" / _id_of(number)).mkdir()
    with open_register() as register:
        register.add(intake)
        run = register.runs.latest("2022H2")
        assert run is not None
        with store_session(register.store.engine) as session:
            models = list(session.scalars(select(StoredReport).limit(_MODELS)))
            for start in range(0, count, _AT_ONCE):
                numbers = range(start, min(start + _AT_ONCE, count))
                rows = [_clone(models[n % len(models)], _id_of(n), run.id) for n in numbers]
                session.execute(insert(StoredReport), rows)


def measure_clones() -> None:
    """Prints what status and summaries take, in time and in memory beyond what the process had."""
    with open_register() as register:
        run = register.runs.latest("2022H2")
        assert run is not None
        took: list[float] = []
        for _ in range(_STATUS_TIMES):
            began = time.perf_counter()
            status = window_status(register, WINDOW)
            took.append(time.perf_counter() - began)
        print(f"\nstatus over {status.reported} reports and {status.dossiers_in_intake} folders: "
              f"median {1000 * median(took):.0f} ms, slowest {1000 * max(took):.0f} ms")  # fmt: skip
        out = register.home / WINDOW
        out.mkdir(exist_ok=True)
        window = read_window(Path(register.get(WINDOW).intake))
        source = StoredRows(store_url(Settings(), register.state), WINDOW, run.id)
        before, began, used = memory()[0], time.perf_counter(), time.process_time()
        with _Peak() as peak:
            write_summaries(out, window=window, rows=source, errors=(), unreported=())
        wall, spent = time.perf_counter() - began, time.process_time() - used
        files = {path.name: path.stat().st_size for path in out.iterdir()}
        pages = [size for name, size in files.items() if name.startswith("index")]
        print(f"summaries of {status.reported} dossiers: {wall:.1f} s wall, {spent:.1f} s CPU "
              f"({1000 * spent / status.reported:.2f} ms each), memory {before / MIB:.0f} MiB before, "
              f"{peak.bytes / MIB:.0f} MiB at most; summary.xlsx {files['summary.xlsx'] / MIB:.0f} MiB, "
              f"summary.json {files['summary.json'] / MIB:.0f} MiB, {len(pages)} index pages of "
              f"{sum(pages) / MIB:.0f} MiB")  # fmt: skip


class _Peak:
    """The most resident bytes of this process while the block goes on, looked at often."""

    def __init__(self) -> None:
        self.bytes = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def __enter__(self) -> "_Peak":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        process = psutil.Process()
        while not self._ended.wait(0.1):
            self.bytes = max(self.bytes, process.memory_info().rss)


def _id_of(number: int) -> str:
    return f"clone-{number:07d}"


def _clone(model: StoredReport, dossier_id: str, run_id: int) -> dict[str, object]:
    held = {c.name: getattr(model, c.name) for c in StoredReport.__table__.columns}
    row = model.row.replace(f'"{model.dossier_id}"', f'"{dossier_id}"', 1)
    return {**held, "window_id": WINDOW, "dossier_id": dossier_id, "run_id": run_id, "row": row}
