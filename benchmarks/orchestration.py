"""What Prefect costs: the same generated work without it and under it.

    python -m benchmarks.orchestration [--dossiers 50] [--page-seconds 0.2] [--workers 2]

Reading is stood for by so much processor time a page. Printed for each way: wall time, processor time
of all its processes (the embedded server's included), and the difference in hundredths of the work.
"""

import argparse
import multiprocessing
import os
import resource
import tempfile
import time
from pathlib import Path

from benchmarks import simulated_jobs
from benchmarks.simulated import write_simulated


def run_once(
    intake: Path, out: Path, watched: bool, results: "multiprocessing.Queue[float]"
) -> None:
    """One run, in a process of its own; puts wall and processor seconds on the queue."""
    from flows.runners import run_plainly, run_with_prefect
    from pipeline import window

    setattr(window, "read_one", simulated_jobs.read_as_long)  # noqa: B010 - not exported
    began = time.monotonic()
    outcome = (run_with_prefect if watched else run_plainly)(window.prepare_run(intake, out))
    assert not outcome.unreported
    wall = time.monotonic() - began
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    results.put(wall)
    results.put(sum(u.ru_utime + u.ru_stime for u in used))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.orchestration", description=__doc__)
    parser.add_argument("--dossiers", type=int, default=50)
    parser.add_argument("--page-seconds", type=float, default=0.2)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    os.environ["CHUHE_WORKERS"] = str(options.workers)
    os.environ[simulated_jobs.PAGE_SECONDS] = str(options.page_seconds)
    context = multiprocessing.get_context("spawn")
    spent: dict[bool, tuple[float, float]] = {}
    with tempfile.TemporaryDirectory(prefix="chuhe-orchestration-") as scratch:
        intake = write_simulated(Path(scratch) / "2022H2", options.dossiers, models=5)
        for watched in (False, True):
            results: multiprocessing.Queue[float] = context.Queue()
            arguments = (intake, Path(scratch) / str(watched), watched, results)
            process = context.Process(target=run_once, args=arguments)
            process.start()
            spent[watched] = (results.get(), results.get())
            process.join()
            name = "under Prefect" if watched else "without Prefect"
            print(
                f"{name}: {spent[watched][0]:.1f} s wall, {spent[watched][1]:.1f} s CPU", flush=True
            )
    (wall, used), (wall_watched, used_watched) = spent[False], spent[True]
    print(f"Prefect: {used_watched - used:.1f} s CPU ({100 * (used_watched / used - 1):.1f} %), "
          f"{wall_watched - wall:.1f} s wall ({100 * (wall_watched / wall - 1):.1f} %)")  # fmt: skip


if __name__ == "__main__":
    main()
