"""Writing the summaries of a window: index, JSON and workbook."""

from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from pipeline.model.declaration import Window
from pipeline.model.dossier import IntakeError
from pipeline.report.index import iter_index, page_name
from pipeline.report.rows import RowSource, as_source
from pipeline.report.summary import SummaryRow, Unreported
from pipeline.report.summary_json import iter_summary_json
from pipeline.report.workbook import SummaryBook
from pipeline.store.blobs import write_atomically, write_pieces_atomically


def write_summaries(
    out: Path,
    *,
    window: Window,
    rows: Sequence[SummaryRow] | RowSource,
    errors: Sequence[IntakeError],
    unreported: Sequence[Unreported],
) -> Path:
    """Writes `index.html`, `summary.json` and `summary.xlsx`; returns the path of the index.

    An index of many dossiers has more pages (`index-2.html`, …). Index and workbook share one pass
    over `rows`, `summary.json` takes another in its own order; memory does not grow with them.
    """
    source = as_source(rows)
    written: set[str] = set()
    with closing(SummaryBook()) as book:
        noted = book.noting(source.by_work())
        for page in iter_index(window, noted, source.routes, errors=errors, unreported=unreported):
            write_atomically(out / page.name, page.html.encode())
            written.add(page.name)
        for _ in noted:
            pass
        book.write(out / "summary.xlsx", errors, unreported)
    pieces = iter_summary_json(window, source, errors=errors, unreported=unreported)
    write_pieces_atomically(out / "summary.json", pieces)
    for old in out.glob("index-*.html"):
        if old.name not in written:
            old.unlink()
    return out / page_name(1)
