"""Speed: pages a minute end to end, the share of time outside OCR, peak memory, against bare PaddleOCR.

    python -m benchmarks.speed [--window DIR] [--workers 2]

Both sides read the same pages in this one call, each with the same number of processes of one
thread. Bare PaddleOCR gets the pages as ready pictures in memory and only reads them (text,
scores, boxes), which is less work than a run does: it opens, turns, reads, splits, extracts,
checks and reports.
"""

import argparse
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from benchmarks.plain_paddle import SMALL, TINY, plain_paddle

SAMPLE = Path("fixtures/sample/2022H2")


@dataclass(frozen=True, slots=True)
class Measured:
    """One side: wall seconds, pages, peak resident memory of all its processes (bytes)."""

    name: str
    seconds: float
    pages: int
    peak: int
    detail: str = ""

    def row(self) -> str:
        rate = 60 * self.pages / self.seconds
        return (
            f"| {self.name} | {self.pages} | {self.seconds:.1f} | {rate:.1f} "
            f"| {self.peak / 2**20:.0f} | {self.detail} |"
        )


class PeakMemory:
    """Samples the resident memory of a process and all its children, ten times a second."""

    def __init__(self, pid: int) -> None:
        self.peak = 0
        self.largest_process = 0
        self._process = psutil.Process(pid)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._stop.wait(0.1):
            total = 0
            try:
                family = [self._process, *self._process.children(recursive=True)]
            except psutil.NoSuchProcess:
                return
            for process in family:
                try:
                    resident = process.memory_info().rss
                except psutil.NoSuchProcess:
                    continue
                total += resident
                self.largest_process = max(self.largest_process, resident)
            self.peak = max(self.peak, total)

    def stop(self) -> int:
        self._stop.set()
        self._thread.join()
        return self.peak


def run_chuhe(window: Path, out: Path, workers: int, *, prefect: bool) -> Measured:
    """A cold run of the whole product over `window`."""
    command = [sys.executable, "-m", "pipeline", "run", str(window), "--out", str(out), "--json"]
    command += ["--workers", str(workers)] + ([] if prefect else ["--local"])
    started = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        memory = PeakMemory(process.pid)
        output, _ = process.communicate()
        peak = memory.stop()
    seconds = time.monotonic() - started
    if process.returncode:
        raise SystemExit(f"the run ended with {process.returncode}")
    told: dict[str, Any] = json.loads(output)
    capacity = seconds * workers
    detail = (
        f"OCR {told['ocr_seconds']:.0f} s; outside OCR "
        f"{1 - told['ocr_seconds'] / told['worker_seconds']:.0%} of the workers' time, "
        f"{1 - told['ocr_seconds'] / capacity:.0%} of wall time × workers"
    )
    name = "chuhe run" + ("" if prefect else " --local")
    return Measured(name, seconds, told["pages_read"], peak, detail)


def page_pictures(window: Path, folder: Path) -> list[Path]:
    """Every page of the window as a picture file that loads without decoding work (`.npy`)."""
    import numpy as np

    from pipeline.errors import MaterialRefused
    from pipeline.intake import iter_dossiers
    from pipeline.model.dossier import Dossier
    from pipeline.pages import PageLimits, open_material
    from pipeline.settings import Settings

    limits = PageLimits.of(Settings())
    found: list[Path] = []
    for entry in iter_dossiers(window):
        for material in entry.materials if isinstance(entry, Dossier) else ():
            try:
                with open_material(Path(material.path), limits) as opened:
                    for page in opened:
                        path = folder / f"{len(found):05d}.npy"
                        np.save(path, page.image)
                        found.append(path)
            except MaterialRefused:
                continue
    return found


_bare: Any = None


def _start_bare(recogniser: str) -> None:
    global _bare
    _bare = plain_paddle(recogniser, return_word_box=True)


def _read_bare(path: Path) -> int:
    import numpy as np

    return len(_bare.predict(np.load(path))[0]["rec_texts"])


def run_bare(pages: list[Path], workers: int, recogniser: str) -> Measured:
    """PaddleOCR alone over the same pages: same detector, side, batch, threads and processes."""
    started = time.monotonic()
    memory = PeakMemory(os.getpid())
    context = multiprocessing.get_context("spawn")
    with context.Pool(workers, initializer=_start_bare, initargs=(recogniser,)) as pool:
        lines = sum(pool.imap_unordered(_read_bare, pages))
    seconds = time.monotonic() - started
    name = f"PaddleOCR alone, {recogniser}"
    return Measured(name, seconds, len(pages), memory.stop(), f"{lines} lines")


def main() -> None:
    """Prints one table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--window", type=Path, default=SAMPLE)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    rows: list[Measured] = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for prefect in (False, True):
            out = folder / f"out-{prefect}"
            rows.append(run_chuhe(options.window, out, options.workers, prefect=prefect))
            again = run_chuhe_again(options.window, out, options.workers)
            if not prefect:
                rows.append(again)
        pages = page_pictures(options.window, folder)
        for recogniser in (TINY, SMALL):
            rows.append(run_bare(pages, options.workers, recogniser))
    print(f"{psutil.cpu_count()} cores, {options.workers} processes of one thread")
    print("| what | pages | wall s | pages/min | peak MB, all processes | of that |")
    print("|---|---|---|---|---|---|")
    for row in rows:
        print(row.row())


def run_chuhe_again(window: Path, out: Path, workers: int) -> Measured:
    """The second run on the same input: nothing is read."""
    command = [sys.executable, "-m", "pipeline", "run", str(window), "--out", str(out), "--json"]
    command += ["--workers", str(workers), "--local"]
    started = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        memory = PeakMemory(process.pid)
        output, _ = process.communicate()
        peak = memory.stop()
    told = json.loads(output)
    detail = f"{told['dossiers_unchanged']} reports unchanged, {told['materials_read']} files read"
    return Measured(
        "chuhe run, again", time.monotonic() - started, told["pages_read"], peak, detail
    )


if __name__ == "__main__":
    main()
