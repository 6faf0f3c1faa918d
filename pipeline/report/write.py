"""Writing what comes out: the reports of a dossier, the summaries of a window."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.model.declaration import Declaration, Window
from pipeline.model.dossier import IntakeError
from pipeline.model.report import Report
from pipeline.report.build import to_json
from pipeline.report.html import Pictures, render_report
from pipeline.report.index import render_index
from pipeline.report.summary import FindingRow, SummaryRow, Unreported, to_summary_json
from pipeline.report.workbook import write_summary_xlsx
from pipeline.store.blobs import write_atomically


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """SHA-256 (hex) of both files of a report."""

    json_sha256: str
    html_sha256: str


def write_report(
    out: Path,
    report: Report,
    *,
    declaration: Declaration,
    clauses: Mapping[str, str],
    pictures: Pictures,
    accepted_confidence: float,
) -> WrittenReport:
    """Writes `reports/<dossier_id>.json` and `.html` below `out`, each whole or not at all."""
    html = render_report(
        report,
        declaration=declaration,
        clauses=clauses,
        pictures=pictures,
        accepted_confidence=accepted_confidence,
    ).encode()
    data = to_json(report)
    folder = out / "reports"
    write_atomically(folder / f"{report.dossier_id}.html", html)
    write_atomically(folder / f"{report.dossier_id}.json", data)
    return WrittenReport(hashlib.sha256(data).hexdigest(), hashlib.sha256(html).hexdigest())


def write_summaries(
    out: Path,
    *,
    window: Window,
    rows: Sequence[SummaryRow],
    errors: Sequence[IntakeError],
    unreported: Sequence[Unreported],
) -> Path:
    """Writes `index.html`, `summary.json` and `summary.xlsx`; returns the path of the index."""
    write_summary_xlsx(out / "summary.xlsx", rows, errors=errors, unreported=unreported)
    write_atomically(
        out / "summary.json",
        to_summary_json(window, rows, errors=errors, unreported=unreported),
    )
    index = out / "index.html"
    write_atomically(index, render_index(window, rows, errors, unreported).encode())
    return index


def pack_row(row: SummaryRow) -> str:
    """The row as JSON with its findings, which `summary.json` leaves out."""
    findings = [finding.model_dump(mode="json") for finding in row.findings]
    return json.dumps({"row": row.model_dump(mode="json"), "findings": findings})


def unpack_row(text: str) -> SummaryRow:
    data = json.loads(text)
    findings = tuple(FindingRow.model_validate(f) for f in data["findings"])
    return SummaryRow.model_validate(data["row"]).model_copy(update={"findings": findings})
