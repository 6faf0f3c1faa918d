"""Scale: a simulated window through the real intake, store, checks, reports and status.

    python -m benchmarks.scale [--dossiers 2000] [--every 250] [--files N] [--workers 2]
                               [--folder DIR] [--sweep] [--minutes M] [--clones N]

Readings are generated and put in the store under their content keys, so a run reads nothing and
does everything else. Printed: processor time and wall time per dossier for each block of dossiers
(beside a fixed piece of work, see `benchmarks.scale_watch`), memory of the run's own process and of
its workers, the time of `status` and of opening a report while it runs, of the summaries, of a
second run (not with `--sweep`), and the size of what is kept.
"""

import argparse
import hashlib
import itertools
import multiprocessing
import os
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from sqlalchemy import insert

from benchmarks.scale_clones import make_clones, measure_clones
from benchmarks.scale_watch import HEADER, MIB, Sweep, TimeIsUp, Watch, fixed_work, memory
from benchmarks.simulated import SimulatedFile, begin_window, reading_in, simulate_dossiers
from benchmarks.simulated_pictures import DrawnPictures
from pipeline.fingerprint import key_of
from pipeline.intake import count_dossiers
from pipeline.report.summaries import write_summaries
from pipeline.store.database import Store, store_session
from pipeline.store.schema import StoredReading
from pipeline.window import WindowRun
from pipeline.windows.register import open_register
from pipeline.windows.shared import prepare_registered
from pipeline.workers import READING_SUFFIX


def generate(intake: Path, count: int, models: int, files: int, minutes: float) -> tuple[int, int]:
    """Writes the window and keeps its readings; returns how many files and pages it has.

    Fewer than `count` dossiers when it takes longer than `minutes`.
    """
    until = time.monotonic() + 60 * minutes
    begin_window(intake)
    with open_register() as register:
        register.add(intake)
        run = prepare_registered(register, register.get("2022H2"))
        pictures = DrawnPictures(run.blobs)
        written = pages = 0
        dossiers = simulate_dossiers(count, models=models, pictures=pictures, most_files=files)
        while time.monotonic() < until and (batch := list(itertools.islice(dossiers, 100))):
            for dossier in batch:
                dossier.write(intake)
            kept = [_keep(run, file) for dossier in batch for file in dossier.files]
            written += len(kept)
            pages += sum(file.pages for dossier in batch for file in dossier.files)
            with store_session(register.store.engine) as session:
                session.execute(insert(StoredReading), kept)
    return written, pages


def _keep(run: WindowRun, file: SimulatedFile) -> dict[str, object]:
    """Keeps the reading that the upload carries, without waiting for the disk; returns its row."""
    sha256 = hashlib.sha256(file.data).hexdigest()
    packed = reading_in(file.data)
    blob = hashlib.sha256(packed).hexdigest() + READING_SUFFIX
    path = run.blobs.path_of(blob)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(packed)
    return {
        "content_key": key_of(sha256, run.reading_version, Path(file.name).suffix),
        "sha256": sha256,
        "version": run.reading_version,
        "blob": blob,
        "pages": file.pages,
        "seconds": 1.0,
    }


def measure(every: int, minutes: float, *, second: bool, sweep: bool) -> None:
    """One run over the window that `generate` wrote; prints its table."""
    with open_register() as register:
        run = prepare_registered(register, register.get("2022H2"))
        swept = Sweep(register.store, run.out) if sweep else None
        watch = Watch(every, fixed_work(run), time.monotonic() + 60 * minutes, swept)
        print(HEADER, flush=True)
        run.listen(watch)
        watch.begin()
        began = time.monotonic()
        try:
            outcome = run.run()
        except TimeIsUp:
            outcome = None
        watch.end()
    name = "second run (nothing changed)" if second else "run"
    print_watched(name, watch, time.monotonic() - began)
    if outcome is None:
        print(f"ended after {minutes:.0f} minutes, before the window was done")
        return
    print(
        f"unchanged {outcome.progress.dossiers_unchanged}, read {outcome.progress.materials_read}, "
        f"unreported {len(outcome.unreported)}"
    )
    before = memory()[0]
    began, used = time.monotonic(), time.process_time()
    write_summaries(
        run.out, window=run.window, rows=outcome.source, errors=outcome.errors,
        unreported=outcome.unreported,
    )  # fmt: skip
    print(f"summaries: {time.monotonic() - began:.1f} s wall, {time.process_time() - used:.1f} s CPU, "
          f"memory {before / MIB:.0f} → {memory()[0] / MIB:.0f} MiB")  # fmt: skip


def print_watched(name: str, watch: Watch, seconds: float) -> None:
    """What the blocks come to."""
    first, last, ratios = watch.costs[0], watch.costs[-1], watch.ratios
    print(f"\n{name}: {watch.done} dossiers in {seconds:.0f} s, "
          f"{1000 * seconds / watch.done:.0f} ms wall each; CPU of the last block is "
          f"{last / first:.2f} × the first, {ratios[-1] / ratios[0]:.2f} × in units of the fixed work "
          f"(all blocks {min(ratios) / ratios[0]:.2f}–{max(ratios) / ratios[0]:.2f}); "
          f"peak {watch.peak / MIB:.0f} MiB own, {watch.worker_peak / MIB:.0f} MiB a worker")  # fmt: skip
    if watch.status_seconds:
        for what, held in (("status", watch.status_seconds), ("a report", watch.report_seconds)):
            print(f"{what} while it ran: {len(held)} times, median {1000 * median(held):.0f} ms, "
                  f"slowest {1000 * max(held):.0f} ms")  # fmt: skip
    if watch.swept is not None:
        print(f"{watch.swept.checked} reports found as the store says and their HTML taken away")


def sizes(home: Path) -> Iterator[str]:
    """What is kept on disk, by kind."""
    for name, folder, pattern in (
        ("reports", home / "2022H2" / "reports", "*.html"),
        ("reports for machines", home / "2022H2" / "reports", "*.json"),
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
    parser.add_argument(
        "--files", type=int, default=100, help="at most so many files for four dossiers of five"
    )
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=1e6, help="end the run after so many")
    parser.add_argument(
        "--generate-minutes", type=float, default=1e6, help="stop generating after so many"
    )
    parser.add_argument(
        "--sweep", action="store_true", help="take the HTML of a block away once it is checked"
    )
    parser.add_argument("--clones", type=int, default=0, help="status and summaries over copies")
    parser.add_argument("--folder", type=Path, default=None, help="keep the window here")
    options = parser.parse_args()
    os.environ["CHUHE_WORKERS"] = str(options.workers)
    with tempfile.TemporaryDirectory(prefix="chuhe-scale-") as scratch:
        folder = options.folder or Path(scratch)
        os.environ["CHUHE_HOME"] = str(folder / "home")
        if not (folder / "2022H2").exists():
            began = time.monotonic()
            _in_a_process(
                generate, folder / "2022H2", options.dossiers, options.models,
                options.files, options.generate_minutes,
            )  # fmt: skip
            print(f"generated {count_dossiers(folder / '2022H2')} dossiers "
                  f"in {time.monotonic() - began:.0f} s", flush=True)  # fmt: skip
        _in_a_process(measure, options.every, options.minutes, second=False, sweep=options.sweep)
        if not options.sweep:
            _in_a_process(measure, options.every, options.minutes, second=True, sweep=False)
        if options.clones:
            if not (folder / "clones").exists():
                _in_a_process(make_clones, folder / "clones", options.clones)
            _in_a_process(measure_clones)
        print("\n" + "; ".join(sizes(folder / "home")))
        with open_register() as register:
            count_of_rows(register.store)


def count_of_rows(store: Store) -> None:
    began = time.monotonic()
    routes = store.count_routes("2022H2")
    print(f"counted by route in {1000 * (time.monotonic() - began):.1f} ms: {routes}")


if __name__ == "__main__":
    main()
