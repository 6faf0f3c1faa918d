"""Tells somebody how a run ended, over whatever Apprise can reach. Counts only, no person."""

import logging
from collections.abc import Mapping

from pipeline.progress import Progress
from pipeline.settings import Settings

log = logging.getLogger("chuhe.notify")


def notify(settings: Settings, title: str, body: str) -> bool:
    """True when every address of `CHUHE_NOTIFY` took the message; none is needed. Never raises."""
    addresses = settings.notify.split()
    if not addresses:
        return True
    import apprise

    bell = apprise.Apprise()
    taken = [bell.add(address) for address in addresses]
    sent = bool(bell.notify(title=title, body=body)) and all(taken)
    if not sent:
        log.warning("a notification could not be sent")
    return sent


def ended_message(
    window_id: str, progress: Progress, routes: Mapping[str, int], unreported: int
) -> tuple[str, str]:
    """Title and body (Chinese) of the message that a run has ended."""
    counts = "，".join(f"{route} {count}" for route, count in routes.items())
    body = (
        f"共 {progress.dossiers_done} 份申报，其中 {progress.dossiers_unchanged} 份未变；"
        f"{counts}；未出报告 {unreported}；隔离文件 {progress.materials_quarantined}。"
    )
    return f"初核 {window_id}：运行结束", body


def failed_message(window_id: str, code: str) -> tuple[str, str]:
    """Title and body (Chinese) of the message that a run has failed."""
    return f"初核 {window_id}：运行失败", f"错误代码 {code}。已完成的部分已保存，再次运行即可继续。"
