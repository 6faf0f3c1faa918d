"""A whole run as the command line makes it: progress while it goes on, summaries at its end."""

import time
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, SpinnerColumn, TextColumn
from rich.progress import Progress as Bar

from pipeline.model.report import Route
from pipeline.progress import Progress, ProgressListener
from pipeline.report.summaries import write_summaries
from pipeline.report.wording import ROUTE_LABELS
from pipeline.window import WindowOutcome, WindowRun

Runner = Callable[[WindowRun], WindowOutcome]


@dataclass(frozen=True, slots=True)
class BatchOutcome:
    """How a run ended, for people and for machines."""

    window_id: str
    outcome: WindowOutcome
    routes: Mapping[Route, int]
    index: Path
    seconds: float

    @property
    def exit_status(self) -> int:
        return 1 if self.outcome.unreported else 0

    def as_json(self) -> dict[str, Any]:
        progress = self.outcome.progress
        return {
            "window_id": self.window_id,
            "index": str(self.index),
            "routes": {str(route): self.routes[route] for route in Route},
            "unreported": [item.model_dump(mode="json") for item in self.outcome.unreported],
            "errors": [error.model_dump(mode="json") for error in self.outcome.errors],
            "materials_read": progress.materials_read,
            "materials_reused": progress.materials_reused,
            "materials_quarantined": progress.materials_quarantined,
            "dossiers_unchanged": progress.dossiers_unchanged,
            "pages_read": progress.pages_read,
            "seconds": round(self.seconds, 1),
            "ocr_seconds": round(self.outcome.ocr_seconds, 1),
            "worker_seconds": round(self.outcome.worker_seconds, 1),
        }

    def describe(self, console: Console) -> None:
        """Says what was done, what became of the dossiers, and where to look next."""
        progress = self.outcome.progress
        if progress.materials_read == 0:
            console.print(
                f"没有重新读取任何文件：{progress.dossiers_unchanged} 份报告未变，"
                f"{progress.materials_reused} 个文件沿用上次的读取结果（nothing was read again）"
            )
        else:
            rate = 60 * progress.pages_read / self.seconds
            console.print(
                f"读取 {progress.materials_read} 个文件、{progress.pages_read} 页，"
                f"用时 {self.seconds:.0f} 秒（每分钟 {rate:.0f} 页）；"
                f"沿用 {progress.materials_reused} 个文件，{progress.dossiers_unchanged} 份报告未变"
            )
        counts = "　".join(f"{ROUTE_LABELS[r]}（{r}）{self.routes[r]}" for r in Route)
        console.print(f"[bold]{self.window_id}[/]　{counts}")
        for error in self.outcome.errors:
            row = f"第 {error.row} 行" if error.row is not None else ""
            parts = (error.dossier_id, error.file, row, error.key)
            place = " ".join(part for part in parts if part)
            said = f"[red]收件错误[/] {_shown(place)}：{_shown(error.message)}"
            console.print(said, highlight=False, soft_wrap=True)
        told = {error.dossier_id for error in self.outcome.errors}
        for item in self.outcome.unreported:
            if item.dossier_id in told:
                continue
            said = f"[red]未出报告[/] {_shown(item.dossier_id)}：{_shown(item.reason)}"
            console.print(said, highlight=False, soft_wrap=True)
        if self.routes[Route.INCOMPLETE]:
            console.print(
                f"补正通知单 {self.routes[Route.INCOMPLETE]} 份（slips）：{self.index.parent / 'slips'}",
                soft_wrap=True, markup=False, highlight=False,
            )  # fmt: skip
        console.print("报告目录页（open in a browser）：", end="")
        console.print(str(self.index), soft_wrap=True, markup=False, highlight=False)


def _shown(text: str) -> str:
    """Text of an upload for the terminal, which must not obey the control characters in it."""
    return escape(
        "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cf", "Cs") else c for c in text)
    )


def run_batch(run: WindowRun, runner: Runner, *, console: Console, quiet: bool) -> BatchOutcome:
    """Runs a window, shows progress unless `quiet`, and writes the window's summaries."""
    started = time.monotonic()
    with _shown_progress(run, console, quiet=quiet) as listener:
        run.listen(listener)
        outcome = runner(run)
    index = write_summaries(
        run.out,
        window=run.window,
        rows=outcome.source,
        errors=outcome.errors,
        unreported=outcome.unreported,
    )
    return BatchOutcome(
        run.window.id, outcome, outcome.source.routes, index, time.monotonic() - started
    )


@contextmanager
def _shown_progress(run: WindowRun, console: Console, *, quiet: bool) -> Iterator[ProgressListener]:
    """A listener that draws a live bar on a terminal, and prints a line now and then elsewhere."""
    if quiet:
        yield lambda _progress: None
    elif console.is_terminal:
        with Bar(
            SpinnerColumn(),
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[detail]}"),
            console=console,
        ) as bar:
            task = bar.add_task("核对", total=run.progress.dossiers_total, detail="")
            clock = _Clock()

            def draw(progress: Progress) -> None:
                bar.update(task, completed=progress.dossiers_done, detail=clock.detail(progress))

            yield draw
    else:
        clock = _Clock()

        def say(progress: Progress) -> None:
            if clock.is_due():
                done = f"{progress.dossiers_done}/{progress.dossiers_total}"
                console.print(f"核对 {done} 份　{clock.detail(progress)}", highlight=False)

        yield say


class _Clock:
    """Pages a minute and time left, from when the run began."""

    def __init__(self, every: float = 5.0) -> None:
        self._started = time.monotonic()
        self._said = self._started
        self._every = every

    def is_due(self) -> bool:
        now = time.monotonic()
        if now - self._said < self._every:
            return False
        self._said = now
        return True

    def detail(self, progress: Progress) -> str:
        elapsed = max(time.monotonic() - self._started, 0.001)
        rate = 60 * progress.pages_read / elapsed
        parts = [f"{progress.pages_read} 页", f"{rate:.0f} 页/分"]
        done = progress.dossiers_done - progress.dossiers_unchanged
        left = progress.dossiers_total - progress.dossiers_done
        if done > 0 and left > 0:
            seconds = elapsed / done * left
            parts.append(
                f"约剩 {seconds / 60:.0f} 分" if seconds >= 90 else f"约剩 {seconds:.0f} 秒"
            )
        if progress.materials_quarantined:
            parts.append(f"隔离 {progress.materials_quarantined}")
        return " · ".join(parts)
