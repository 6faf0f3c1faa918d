"""What Prefect costs, and what a second worker brings: the same generated work, again and again.

    python -m benchmarks.orchestration [--dossiers 50] [--page-seconds 0.2] [--workers 1,2] [--plain]

Reading is stood for by a fixed amount of work a page: a layer of a network, as often as takes
`--page-seconds` of processor time when it is tried at the start. The same window is run with each
number of workers, without Prefect and (unless `--plain`) under it. Printed for each run: wall time,
processor time of all its processes, and of that the run's own process and Prefect's server; then what
Prefect costs, and pages a minute against those of the first number of workers.
"""

import argparse
import multiprocessing
import os
import resource
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks import simulated_jobs
from benchmarks.simulated import write_simulated

_SERVER = "flows.server"


@dataclass(frozen=True, slots=True)
class Spent:
    """What one run took, in seconds; `used` is of all its processes, `own` and `server` are part of it."""

    pages: int
    wall: float
    used: float
    own: float
    server: float


class ServerWatch:
    """Processor time of this process's Prefect server, looked at until it ends."""

    def __init__(self) -> None:
        self.seconds = 0.0
        threading.Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        found: psutil.Process | None = None
        while True:
            try:
                if found is None:
                    children = psutil.Process().children()
                    found = next((c for c in children if _SERVER in c.cmdline()), None)
                else:
                    times = found.cpu_times()
                    self.seconds = times.user + times.system
            except psutil.Error:
                pass
            time.sleep(0.3)


def run_once(
    intake: Path, out: Path, watched: bool, results: "multiprocessing.Queue[Spent]"
) -> None:
    """One run, in a process of its own; puts what it took on the queue."""
    from flows.runners import run_plainly, run_with_prefect
    from pipeline import window

    setattr(window, "read_one", simulated_jobs.read_as_long)  # noqa: B010 - not exported
    server = ServerWatch()
    began = time.monotonic()
    outcome = (run_with_prefect if watched else run_plainly)(window.prepare_run(intake, out))
    wall = time.monotonic() - began
    assert not outcome.unreported
    own, children = (
        used.ru_utime + used.ru_stime
        for used in map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    )
    pages = outcome.progress.pages_read
    results.put(Spent(pages, wall, own + children, own, server.seconds))


def run_apart(intake: Path, out: Path, workers: int, watched: bool) -> Spent:
    """The same in a fresh process; says what it took."""
    os.environ["CHUHE_WORKERS"] = str(workers)
    context = multiprocessing.get_context("spawn")
    results: multiprocessing.Queue[Spent] = context.Queue()
    process = context.Process(target=run_once, args=(intake, out, watched, results))
    process.start()
    spent = results.get()
    process.join()
    name = f"{workers} worker{'s' * (workers > 1)}, {'under' if watched else 'without'} Prefect"
    print(f"{name}: {spent.pages} pages in {spent.wall:.1f} s wall, "
          f"{60 * spent.pages / spent.wall:.1f} pages a minute; {spent.used:.1f} s CPU, of which "
          f"{spent.own:.1f} s the run's own process, {spent.server:.1f} s the server", flush=True)  # fmt: skip
    return spent


def told_of_prefect(plain: Spent, watched: Spent) -> str:
    """What Prefect costs. Workers do the same in both runs: what they swing by is the machine's."""
    cost = watched.server + watched.own - plain.own
    return (
        f"  Prefect: {cost:.1f} s CPU (server {watched.server:.1f} s, the run's own process "
        f"{watched.own - plain.own:+.1f} s), {100 * cost / plain.used:.1f} % of the run; all processes "
        f"{watched.used - plain.used:+.1f} s ({100 * (watched.used / plain.used - 1):+.1f} %), "
        f"wall {watched.wall - plain.wall:+.1f} s ({100 * (watched.wall / plain.wall - 1):+.1f} %)"
    )


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.orchestration", description=__doc__)
    parser.add_argument("--dossiers", type=int, default=50)
    parser.add_argument("--page-seconds", type=float, default=0.2)
    parser.add_argument("--workers", default="2", help="how many, or several numbers: 1,2")
    parser.add_argument("--plain", action="store_true", help="only without Prefect")
    options = parser.parse_args()
    numbers = [int(number) for number in options.workers.split(",")]
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
        os.environ[name] = "1"
    steps = _steps_apart(options.page_seconds)
    os.environ[simulated_jobs.PAGE_STEPS] = str(steps)
    print(f"a page is {steps} steps", flush=True)
    ways = (False,) if options.plain else (False, True)
    with tempfile.TemporaryDirectory(prefix="chuhe-orchestration-") as scratch:
        intake = write_simulated(Path(scratch) / "2022H2", options.dossiers, models=5)
        spent: dict[tuple[int, bool], Spent] = {}
        for workers in numbers:
            for watched in ways:
                out = Path(scratch) / f"{workers}-{watched}"
                spent[workers, watched] = run_apart(intake, out, workers, watched)
            if not options.plain:
                print(told_of_prefect(spent[workers, False], spent[workers, True]), flush=True)
    first = numbers[0]
    for workers in numbers[1:]:
        for watched in ways:
            ratio = spent[first, watched].wall / spent[workers, watched].wall
            print(f"{workers} workers against {first}, {'under' if watched else 'without'} Prefect: "
                  f"{ratio:.2f} × the pages a minute")  # fmt: skip


def _steps_apart(seconds: float) -> int:
    """Tried in a fresh process, whose numerical libraries keep to one thread."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(simulated_jobs.steps_in, (seconds,))


if __name__ == "__main__":
    main()
