"""`index.html`: the dossiers of a window, with links to their reports."""

import base64
import hashlib
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from pipeline.model.declaration import Window
from pipeline.model.dossier import IntakeError
from pipeline.model.report import Route
from pipeline.report.html import environment
from pipeline.report.summary import SummaryRow, Unreported, count_routes, sort_rows


def render_index(
    window: Window,
    rows: Sequence[SummaryRow],
    errors: Sequence[IntakeError] = (),
    unreported: Sequence[Unreported] = (),
) -> str:
    """The window as one self-contained HTML page in Chinese, the dossiers to work on first.

    Rows link to `reports/<dossier_id>.html`. One small script filters the list; without it the
    page still shows everything.
    """
    script = (Path(__file__).parent / "templates" / "filter.js").read_text(encoding="utf-8")
    return (
        environment()
        .get_template("index.html")
        .render(
            window=window,
            rows=sort_rows(rows),
            routes=tuple(Route),
            totals=count_routes(rows),
            errors=errors,
            unreported=sorted(unreported, key=lambda u: u.dossier_id),
            href=_report_href,
            script=script,
            script_hash=_hash(script),
        )
    )


def _report_href(dossier_id: str) -> str:
    return f"reports/{quote(dossier_id, safe='')}.html"


def _hash(script: str) -> str:
    """What the page's own policy names as the only script that may run."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
