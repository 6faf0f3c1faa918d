"""Writing the reports of a dossier."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pipeline.model.acceptance import Acceptance
from pipeline.model.base import Frozen
from pipeline.model.declaration import Declaration
from pipeline.model.report import Report
from pipeline.report.build import to_json
from pipeline.report.html import Pictures, iter_report
from pipeline.report.slip import render_slip
from pipeline.report.summary import FindingRow, SummaryRow
from pipeline.store.blobs import write_atomically, write_pieces_atomically
from validators.rulebook import Rulebook


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
    acceptance: Acceptance,
) -> WrittenReport:
    """Writes `reports/<dossier_id>.json` and `.html` below `out`, each whole or not at all."""
    html = list(
        iter_report(
            report,
            declaration=declaration,
            clauses=clauses,
            pictures=pictures,
            acceptance=acceptance,
        )
    )
    data = to_json(report)
    folder = out / "reports"
    write_pieces_atomically(folder / f"{report.dossier_id}.html", html)
    write_atomically(folder / f"{report.dossier_id}.json", data)
    digest = hashlib.sha256()
    for piece in html:
        digest.update(piece)
    return WrittenReport(hashlib.sha256(data).hexdigest(), digest.hexdigest())


def write_slip(out: Path, report: Report, *, declaration: Declaration, rulebook: Rulebook) -> None:
    """Writes `slips/<dossier_id>.html` for an incomplete dossier, and takes away that of any other."""
    path = slip_path(out, report.dossier_id)
    slip = render_slip(report, declaration=declaration, rulebook=rulebook)
    if slip is None:
        path.unlink(missing_ok=True)
    else:
        write_atomically(path, slip.encode())


def slip_path(out: Path, dossier_id: str) -> Path:
    """Where the slip of a dossier is, if it has one."""
    return out / "slips" / f"{dossier_id}.html"


def pack_row(row: SummaryRow) -> str:
    """The row as JSON with its findings, which `summary.json` leaves out."""
    findings = [finding.model_dump(mode="json") for finding in row.findings]
    return json.dumps({"row": row.model_dump(mode="json"), "findings": findings})


def unpack_row(text: str) -> SummaryRow:
    packed = _Packed.model_validate_json(text)
    return packed.row.model_copy(update={"findings": packed.findings})


class _Packed(Frozen):
    row: SummaryRow
    findings: tuple[FindingRow, ...]
