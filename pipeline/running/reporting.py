"""The reports of a run: which still hold, which are written, which are written again."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path

from pipeline.fingerprint import key_of
from pipeline.model.dossier import Dossier
from pipeline.model.report import Route
from pipeline.pool import JobFailed
from pipeline.report.write import pack_row, slip_path
from pipeline.running.jobs import Jobs
from pipeline.running.telling import Telling
from pipeline.store.database import Store
from pipeline.store.schema import StoredReport
from pipeline.traces.index import Revision, find_revisions, rows_of
from pipeline.workers import ReportOutcome, ReportRequest, ReviseRequest, report_one, revise_one

_STAMP_AT_ONCE = 500


class Reports:
    """Reports by input. `version` is all that they are made with beside their dossier."""

    def __init__(
        self, store: Store, jobs: Jobs, telling: Telling, *, out: Path, version: str
    ) -> None:
        self._store = store
        self._jobs = jobs
        self._telling = telling
        self._out = out
        self._version = version
        self._unchanged: list[str] = []

    # --- those that hold -------------------------------------------------------------------

    def key_of(self, dossier: Dossier) -> str:
        """A hash of all that the report of this dossier follows from."""
        content = dossier.model_dump(mode="json")
        for material in content["materials"]:
            del material["path"]
        return key_of(self._version, json.dumps(content, sort_keys=True))

    def holds(self, dossier_id: str, input_key: str) -> bool:
        """True when the report on disk is the one this input gives."""
        stored = self._store.find_report(self._telling.window_id, dossier_id)
        if stored is None or stored.input_key != input_key:
            return False
        reports = self._out / "reports"
        expected = {".json": stored.json_sha256, ".html": stored.html_sha256}
        for suffix, digest in expected.items():
            if _sha256(reports / f"{dossier_id}{suffix}") != digest:
                return False
        if stored.route == Route.INCOMPLETE and not slip_path(self._out, dossier_id).is_file():
            return False
        return stored.route is not None

    def keep_unchanged(self, dossier_id: str) -> None:
        """Notes that this run found the report as it was; `stamp` writes the last of it down."""
        self._unchanged.append(dossier_id)
        if len(self._unchanged) >= _STAMP_AT_ONCE:
            self.stamp()

    def stamp(self) -> None:
        self._store.stamp_reports(self._telling.window_id, self._unchanged, self._telling.run_id)
        self._unchanged.clear()

    # --- those that are written ------------------------------------------------------------

    def write(
        self,
        dossier: Dossier,
        input_key: str,
        readings: dict[str, str],
        then: Callable[[bool], None],
    ) -> None:
        """Has the report written and keeps it; `then` is told whether there is one."""

        def handle(outcome: ReportOutcome | JobFailed) -> None:
            dossier_id = dossier.dossier_id
            if isinstance(outcome, JobFailed):
                self._telling.leave_unreported(dossier_id, f"生成报告失败{_said(outcome)}")
            else:
                self._keep(dossier_id, input_key, outcome)
                self._telling.worker_seconds += outcome.seconds
                self._telling.log("dossier reported", dossier_id, route=outcome.row.route)
            then(not isinstance(outcome, JobFailed))

        self._jobs.send(report_one, ReportRequest(dossier, readings), handle)

    def revise(self) -> None:
        """Writes again what reports of the run say of things that several dossiers share."""
        window_id, run_id = self._telling.window_id, self._telling.run_id
        for revision in find_revisions(self._store.engine, window_id, run_id):
            self._send_revision(revision)
            self._jobs.handle_surplus()
        self._jobs.handle_all()

    def _send_revision(self, revision: Revision) -> None:
        def handle(outcome: ReportOutcome | JobFailed) -> None:
            dossier_id = revision.dossier_id
            if isinstance(outcome, JobFailed):
                reason = f"与其他申报比对后重写报告失败{_said(outcome)}"
                self._telling.leave_unreported(dossier_id, reason)
                return
            stored = self._store.find_report(self._telling.window_id, dossier_id)
            if stored is not None:
                self._keep(dossier_id, stored.input_key, outcome, shared=revision.shared)
            self._telling.log("report revised", dossier_id, route=outcome.row.route)

        self._jobs.send(revise_one, ReviseRequest(revision.kept, revision.links), handle)

    def _keep(
        self, dossier_id: str, input_key: str, outcome: ReportOutcome, *, shared: str = ""
    ) -> None:
        """Keeps a report that was written, with the traces its dossier leaves."""
        report = StoredReport(
            window_id=self._telling.window_id,
            dossier_id=dossier_id,
            input_key=input_key,
            row=pack_row(outcome.row),
            json_sha256=outcome.written.json_sha256,
            html_sha256=outcome.written.html_sha256,
            kept=outcome.kept,
            run_id=self._telling.run_id,
            route=str(outcome.row.route),
            score=outcome.row.score,
            quarantined=len(outcome.row.quarantined),
            seconds=round(outcome.seconds, 3),
            shared=shared,
        )
        traces = rows_of(self._telling.window_id, dossier_id, outcome.left)
        self._store.keep_report(report, traces)


def _said(failed: JobFailed) -> str:
    return f"（{failed.why} {failed.detail}）".replace(" ）", "）")


def _sha256(path: Path) -> str | None:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError:
        return None
