"""Worker processes: whatever a job does, the others come back."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from pipeline.errors import StoreError
from pipeline.pool import JobFailed, WorkerPool
from pipeline.settings import Settings
from pipeline.workers import WorkerSetup
from tests.pipeline import faulty_jobs

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def pool(tmp_path: Path) -> Iterator[WorkerPool]:
    setup = WorkerSetup(
        parent_pid=os.getpid(), settings=Settings(workers=2), blobs=str(tmp_path / "blobs")
    )
    pool = WorkerPool(setup)
    yield pool
    pool.close(wait=False)


def test_a_crash_and_a_hang_cost_their_own_job_only(pool: WorkerPool) -> None:
    pool.submit(faulty_jobs.crash, None, tag="crash", seconds=60)
    pool.submit(faulty_jobs.hang, None, tag="hang", seconds=1)
    for number in range(6):
        pool.submit(faulty_jobs.double, number, tag=number, seconds=60)
    done = {job.tag: job.outcome for job in (pool.completed.get(timeout=60) for _ in range(8))}
    assert [done[n] for n in range(6)] == [0, 2, 4, 6, 8, 10]
    assert isinstance(done["crash"], JobFailed) and done["crash"].why == "crash"
    assert done["hang"] == JobFailed("timeout", "")


def test_what_an_error_says_of_a_person_stays_in_the_worker(pool: WorkerPool) -> None:
    pool.submit(faulty_jobs.raise_with_data, None, tag="x", seconds=60)
    assert pool.completed.get(timeout=60).outcome == JobFailed("error", "ValueError")


def test_a_full_disk_is_no_fault_of_the_file(pool: WorkerPool) -> None:
    pool.submit(faulty_jobs.report_full_disk, None, tag="x", seconds=60)
    assert isinstance(pool.completed.get(timeout=60).outcome, StoreError)


_PARENT = """
import os, pathlib, sys, time
from pipeline.pool import WorkerPool
from pipeline.settings import Settings
from pipeline.workers import WorkerSetup
from tests.pipeline import faulty_jobs
if __name__ == "__main__":
    setup = WorkerSetup(parent_pid=os.getpid(), settings=Settings(workers=2), blobs=sys.argv[1])
    pool = WorkerPool(setup)
    for n in range(2):
        pool.submit(faulty_jobs.worker_pid, None, tag=n, seconds=60)
    for n in range(2):
        print(pool.completed.get().outcome, flush=True)
    pool.submit(faulty_jobs.hang, None, tag="hang", seconds=600)
    time.sleep(600)
"""


def test_workers_do_not_outlive_a_killed_parent(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(_PARENT)
    with subprocess.Popen(
        [sys.executable, str(script), str(tmp_path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    ) as parent:
        assert parent.stdout is not None
        parent.stdout.readline()
        children = [p.pid for p in psutil.Process(parent.pid).children(recursive=True)]
        assert children
        os.kill(parent.pid, signal.SIGKILL)
        parent.wait()
        deadline = time.monotonic() + 20
        while any(psutil.pid_exists(pid) for pid in children) and time.monotonic() < deadline:
            time.sleep(0.2)
        assert not any(psutil.pid_exists(pid) for pid in children)


def test_a_worker_starts_without_what_only_the_run_needs() -> None:
    """Database and spreadsheets were half of the time that a fresh worker took."""
    said = "import sys, pipeline.pool; print(*{m.split('.')[0] for m in sys.modules})"
    loaded = subprocess.run(
        [sys.executable, "-c", said], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert not {"sqlalchemy", "alembic", "openpyxl", "typer", "prefect"} & set(
        loaded.stdout.split()
    )
