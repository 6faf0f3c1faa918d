"""What Prefect shows of a run: a summary, files put aside, the slowest dossiers. No person."""

from itertools import islice

from prefect.artifacts import create_table_artifact

from pipeline.model.report import Route
from pipeline.progress import Progress
from pipeline.report.wording import ROUTE_LABELS
from pipeline.store.rows import StoredRows
from pipeline.store.runs import RunLedger

SLOWEST = 20
MOST_QUARANTINED = 200


def publish_run(ledger: RunLedger, source: StoredRows, progress: Progress) -> None:
    """Writes the three tables of a run to Prefect, under keys of its window.

    Files are told by dossier and reason alone: their names are the applicants'.
    """
    key = "".join(c if c.isascii() and c.isalnum() else "-" for c in source.window_id.lower())
    routes = source.routes
    numbers = [
        ("申报", progress.dossiers_done),
        ("其中未变", progress.dossiers_unchanged),
        *((ROUTE_LABELS[route], routes[route]) for route in Route),
        ("读取文件", progress.materials_read),
        ("沿用文件", progress.materials_reused),
        ("隔离文件", progress.materials_quarantined),
        ("页数", progress.pages_read),
    ]
    create_table_artifact(
        key=f"summary-{key}",
        table=[{"项目": name, "数量": count} for name, count in numbers],
        description=f"{source.window_id} 第 {source.run_id} 次运行",
    )
    put_aside = source.iter_quarantined()
    create_table_artifact(
        key=f"quarantined-{key}",
        table=[
            {"申报编号": dossier_id, "原因": reason}
            for dossier_id, reason in islice(put_aside, MOST_QUARANTINED)
        ],
        description=f"{source.window_id} 未能读取的文件（最多列 {MOST_QUARANTINED} 个）",
    )
    slowest = ledger.slowest(source.window_id, source.run_id, SLOWEST)
    create_table_artifact(
        key=f"slowest-{key}",
        table=[{"申报编号": dossier_id, "秒": seconds} for dossier_id, seconds in slowest],
        description=f"{source.window_id} 出报告最慢的申报",
    )
