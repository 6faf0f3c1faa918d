"""`index.html`: the dossiers of a window, with links to their reports."""

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from urllib.parse import quote

from pipeline.model.declaration import Window
from pipeline.model.dossier import IntakeError
from pipeline.model.report import Route
from pipeline.report.html import environment
from pipeline.report.rows import RowSource, as_source
from pipeline.report.summary import SummaryRow, Unreported

PAGE_ROWS = 2000
"""Rows on one page: more than that, and browsers grow slow."""


@dataclass(frozen=True, slots=True)
class IndexPage:
    """One page of the index, under the name it is written to."""

    name: str
    html: str


def iter_index(
    window: Window,
    rows: Iterator[SummaryRow],
    totals: Mapping[Route, int],
    *,
    errors: Sequence[IntakeError] = (),
    unreported: Sequence[Unreported] = (),
) -> Iterator[IndexPage]:
    """The pages of the index, at least one, each self-contained and in Chinese.

    `rows` come as a clerk works through them; `totals` says how many there are of each route. Rows
    link to `reports/<dossier_id>.html`. One small script filters a page; without it the page still
    shows everything.
    """
    total = sum(totals.values())
    pages = max(1, -(-total // PAGE_ROWS))
    names = tuple(page_name(number) for number in range(1, pages + 1))
    script = (Path(__file__).parent / "templates" / "filter.js").read_text(encoding="utf-8")
    template = environment().get_template("index.html")
    for number, name in enumerate(names, start=1):
        is_first = number == 1
        html = template.render(
            window=window,
            rows=list(islice(rows, PAGE_ROWS)),
            total=total,
            names=names,
            number=number,
            routes=tuple(Route),
            totals=totals,
            errors=errors if is_first else (),
            unreported=sorted(unreported, key=lambda u: u.dossier_id) if is_first else (),
            href=_report_href,
            script=script,
            script_hash=_hash(script),
        )
        yield IndexPage(name, html)


def render_index(
    window: Window,
    rows: Sequence[SummaryRow] | RowSource,
    errors: Sequence[IntakeError] = (),
    unreported: Sequence[Unreported] = (),
) -> str:
    """The first page of the index."""
    source = as_source(rows)
    pages = iter_index(
        window, source.by_work(), source.routes, errors=errors, unreported=unreported
    )
    return next(pages).html


def page_name(number: int) -> str:
    return "index.html" if number == 1 else f"index-{number}.html"


def _report_href(dossier_id: str) -> str:
    return f"reports/{quote(dossier_id, safe='')}.html"


def _hash(script: str) -> str:
    """What the page's own policy names as the only script that may run."""
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
