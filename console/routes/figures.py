"""The dashboard of a window."""

from fastapi import APIRouter, Request
from fastapi.responses import Response

from console.dashboard import view_dashboard
from console.queue import window_list
from console.web import DashboardViewer, TheConsole, need_window, page

router = APIRouter()


@router.get("/w/{window_id}/dashboard")
def dashboard_page(
    request: Request, console: TheConsole, viewer: DashboardViewer, window_id: str
) -> Response:
    window = need_window(console, window_id)
    with console.database.read() as session:
        figures = view_dashboard(session, window_id)
        windows = window_list(session)
    with console.database.write() as unit:
        unit.record(viewer.username, "dashboard.view", window_id=window_id)
    return page(
        request,
        "dashboard.html",
        viewer=viewer,
        window=window,
        windows=windows,
        tab="dashboard",
        figures=figures,
    )
