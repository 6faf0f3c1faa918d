"""How a registered window stands: counted from the store, without a look at any report."""

import time
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from rich.console import Console

from pipeline.errors import UnusableIntake, UsageError
from pipeline.model.report import Route
from pipeline.report.wording import ROUTE_LABELS
from pipeline.store.schema import StoredRun, StoredWindow
from pipeline.windows.calendar import ZONE
from pipeline.windows.register import WindowRegister, days_of
from pipeline.windows.uploads import count_dossiers_at

STALE_SECONDS = 300.0
"""A run that has not said for so long how far it is has ended without a word."""


@dataclass(frozen=True, slots=True)
class WindowStatus:
    """Counts of a window and of its latest run; times are ISO, by the clock of Sichuan."""

    window_id: str
    opens_on: str
    closes_on: str
    intake: str
    out: str
    phase: str
    """`before`, `open`, `closing` (the day after, for the last run), `closed` or `sealed`."""
    sealed_at: str | None
    seal: str | None
    seal_holds: bool | None
    """Whether the reports still give the seal; None when that was not asked."""
    dossiers_in_intake: int | None
    reported: int
    routes: dict[str, int]
    run: dict[str, Any] | None

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    def describe(self, console: Console) -> None:
        """Says the same in Chinese."""
        words = {
            "before": "未开始", "open": "受理中", "closing": "已截止，可收尾运行",
            "closed": "已截止", "sealed": "已封存",
        }  # fmt: skip
        console.print(
            f"[bold]{self.window_id}[/]　{self.opens_on} 至 {self.closes_on}　{words[self.phase]}",
            highlight=False,
        )
        total = "无法读取" if self.dossiers_in_intake is None else f"{self.dossiers_in_intake} 份"
        console.print(f"收件 {total}，已出报告 {self.reported} 份", highlight=False)
        counts = "　".join(f"{ROUTE_LABELS[r]} {self.routes[r]}" for r in Route)
        console.print(counts, highlight=False)
        if self.run is not None:
            console.print(_said_of_run(self.run), highlight=False)
        if self.seal is not None:
            held = {True: "，核验一致", False: "，[red]核验不一致[/]", None: ""}[self.seal_holds]
            console.print(f"封存于 {self.sealed_at}　{self.seal}{held}", highlight=False)


def _said_of_run(run: dict[str, Any]) -> str:
    state = {"running": "运行中", "done": "已结束", "failed": "失败", "stopped": "中断"}
    left = run["seconds_left"]
    ending = f"，约剩 {left / 60:.0f} 分" if left is not None else ""
    return (
        f"最近一次运行 {run['started_at']}　{state[run['state']]}　"
        f"{run['dossiers_done']}/{run['dossiers_total']} 份，{run['pages_read']} 页，"
        f"每分钟 {run['pages_per_minute']:.0f} 页，隔离 {run['materials_quarantined']}{ending}"
    )


def window_status(
    register: WindowRegister, window_id: str, *, verify: bool = False, now: datetime | None = None
) -> WindowStatus:
    """How the window stands. With `verify`, a sealed window's reports are hashed again."""
    window = register.get(window_id)
    counted = register.store.count_routes(window.id)
    run = register.runs.latest(window.id)
    return WindowStatus(
        window_id=window.id,
        opens_on=window.opens_on.isoformat(),
        closes_on=window.closes_on.isoformat(),
        intake=window.intake,
        out=window.out,
        phase=phase_of(window, now or datetime.now(ZONE)),
        sealed_at=None if window.sealed_at is None else _iso(window.sealed_at),
        seal=window.seal,
        seal_holds=_seal_holds(register, window) if verify and window.seal else None,
        dossiers_in_intake=_count(window.intake),
        reported=sum(counted.values()),
        routes={route.value: counted.get(route.value, 0) for route in Route},
        run=None if run is None else _run_numbers(run),
    )


def phase_of(window: StoredWindow, now: datetime) -> str:
    days = days_of(window)
    if window.sealed_at is not None:
        return "sealed"
    if now < days.opens_at:
        return "before"
    if now < days.closes_at:
        return "open"
    return "closing" if now < days.runs_until else "closed"


def _seal_holds(register: WindowRegister, window: StoredWindow) -> bool:
    try:
        return register.compute_seal(window).sha256 == window.seal
    except UsageError:
        return False


def _count(location: str) -> int | None:
    try:
        return count_dossiers_at(location)
    except UnusableIntake:
        return None


def _run_numbers(run: StoredRun) -> dict[str, Any]:
    is_stale = run.state == "running" and time.time() - run.updated_at > STALE_SECONDS
    seconds = max(run.updated_at - run.started_at, 0.001)
    fresh = run.dossiers_done - run.dossiers_unchanged
    left = run.dossiers_total - run.dossiers_done
    is_running = run.state == "running" and not is_stale
    return {
        "run_id": run.id,
        "state": "stopped" if is_stale else run.state,
        "started_at": _iso(run.started_at),
        "updated_at": _iso(run.updated_at),
        "dossiers_total": run.dossiers_total,
        "dossiers_done": run.dossiers_done,
        "dossiers_unchanged": run.dossiers_unchanged,
        "materials_read": run.materials_read,
        "materials_quarantined": run.materials_quarantined,
        "pages_read": run.pages_read,
        "pages_per_minute": round(60 * run.pages_read / seconds, 1),
        "seconds_left": round(seconds / fresh * left) if is_running and fresh > 0 else None,
    }


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, ZONE).isoformat(timespec="seconds")
