"""`summary.xlsx`: the window as a workbook that a clerk sorts and filters."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path

from pipeline.model.dossier import IntakeError
from pipeline.model.report import Route
from pipeline.report.rows import RowSource, as_source
from pipeline.report.sheets import Sheet, Style, write_sheets
from pipeline.report.summary import SummaryRow, Unreported
from pipeline.report.wording import OUTCOME_LABELS, ROUTE_LABELS, ROUTE_SIGNS, SEVERITY_LABELS

_DOSSIERS = (
    ("申报编号", 18), ("姓名", 12), ("申报级别", 10), ("申报单位", 32), ("去向", 16), ("评分", 7),
    ("阻断", 7), ("需复核", 8), ("提示", 7), ("条件", 10), ("可达最高级别", 13), ("连续缴费月数", 13),
    ("最后缴费单位", 32), ("材料份数", 9), ("页数", 7), ("未能读取文件", 13), ("主要事项", 60),
)  # fmt: skip
_FINDINGS = (
    ("申报编号", 18), ("姓名", 12), ("代码", 30), ("事项", 26), ("程度", 9), ("结果", 10), ("条款", 10),
    ("说明", 60), ("申报所填", 28), ("材料所示", 28), ("文件", 32), ("页", 6),
)  # fmt: skip
_QUARANTINED = (("申报编号", 18), ("姓名", 12), ("文件", 44), ("原因", 70))
_ERRORS = (("申报编号", 18), ("文件", 44), ("行", 8), ("键", 26), ("说明", 80))
_MET = {True: "满足", False: "未满足", None: "无法判定"}
_ROUTES = {route: f"{ROUTE_SIGNS[route]} {ROUTE_LABELS[route]}" for route in Route}
_ROUTE_STYLES = {
    _ROUTES[Route.INCOMPLETE]: Style.RED,
    _ROUTES[Route.REVIEW]: Style.AMBER,
    _ROUTES[Route.CLEARED]: Style.GREEN,
}


class SummaryBook:
    """The four sheets 总表, 问题清单, 隔离文件, 收件错误, filled in one pass. Is to be closed."""

    def __init__(self) -> None:
        self._dossiers = Sheet("总表", _DOSSIERS, styles=_ROUTE_STYLES)
        self._findings = Sheet("问题清单", _FINDINGS)
        self._quarantined = Sheet("隔离文件", _QUARANTINED)
        self._errors = Sheet("收件错误", _ERRORS)
        self._sheets = (self._dossiers, self._findings, self._quarantined, self._errors)

    def close(self) -> None:
        for sheet in self._sheets:
            sheet.close()

    def noting(self, rows: Iterable[SummaryRow]) -> Iterator[SummaryRow]:
        """The same rows, each noted in the workbook as it passes."""
        for row in rows:
            self._note(row)
            yield row

    def write(
        self, path: Path, errors: Sequence[IntakeError], unreported: Sequence[Unreported]
    ) -> None:
        """Writes the workbook to `path`, replacing it whole."""
        for error in errors:
            self._errors.append((error.dossier_id, error.file, error.row, error.key, error.message))
        for item in unreported:
            said = f"未能生成报告：{item.reason}"
            self._errors.append((item.dossier_id, "", None, "", said))
        write_sheets(path, self._sheets)

    def _note(self, row: SummaryRow) -> None:
        self._dossiers.append(
            (
                row.dossier_id,
                row.name,
                row.applied_level,
                row.employer,
                _ROUTES[row.route],
                row.score,
                row.blocking,
                row.review,
                row.notice,
                _MET[row.met],
                row.highest_level_met,
                row.continuous_months if row.required_months else "不需要",
                row.last_payer,
                row.documents,
                row.pages,
                len(row.quarantined),
                "；".join(dict.fromkeys(f.title for f in row.findings)),
            )
        )
        for finding in row.findings:
            self._findings.append(
                (
                    row.dossier_id,
                    row.name,
                    finding.code,
                    finding.title,
                    SEVERITY_LABELS[finding.severity],
                    OUTCOME_LABELS[finding.outcome],
                    finding.clause,
                    finding.message,
                    finding.declared,
                    finding.observed,
                    finding.file,
                    finding.page,
                )
            )
        for q in row.quarantined:
            self._quarantined.append((row.dossier_id, row.name, q.file, q.reason))


def write_summary_xlsx(
    path: Path,
    rows: Sequence[SummaryRow] | RowSource,
    *,
    errors: Sequence[IntakeError] = (),
    unreported: Sequence[Unreported] = (),
) -> None:
    """Writes the workbook of these rows to `path`, replacing it whole."""
    with closing(SummaryBook()) as book:
        for _ in book.noting(as_source(rows).by_work()):
            pass
        book.write(path, errors, unreported)
