"""Why a dossier stands as it does: clause by clause, condition by condition, point by point."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from pipeline.kept import KeptDossier
from pipeline.model.finding import Finding
from pipeline.report.wording import OUTCOME_LABELS, ROUTE_LABELS, SEVERITY_LABELS, finding_title
from pipeline.scoring import score_steps
from validators import Rulebook
from validators.clauses import VERDICT_LABELS, ClauseVerdict, Verdict, clause_verdicts

_SIGNS = {
    Verdict.SATISFIED: "✓",
    Verdict.CANNOT_DETERMINE: "?",
    Verdict.NOT_SUBMITTED: "○",
    Verdict.MISMATCH: "✕",
}
_MET = {True: "符合", False: "不符合", None: "无法判定"}


@dataclass(frozen=True, slots=True)
class Explanation:
    """One dossier with the rulebook it was checked by."""

    kept: KeptDossier
    rulebook: Rulebook

    @property
    def clauses(self) -> tuple[ClauseVerdict, ...]:
        report = self.kept.report
        return clause_verdicts(report.findings, report.eligibility, self.rulebook)

    def as_json(self) -> dict[str, Any]:
        report = self.kept.report
        steps = score_steps(report.findings, self.rulebook)
        return {
            "dossier_id": report.dossier_id,
            "rulebook": self.rulebook.fingerprint,
            "route": report.route,
            "route_reasons": list(report.route_reasons),
            "score": report.score.total,
            "clauses": [_clause_json(item) for item in self.clauses],
            "eligibility": report.eligibility.model_dump(mode="json"),
            "lost_points": [
                {"part": s.part, "points": s.points, "code": report.findings[s.finding].code}
                for s in steps
            ],
        }

    def lines(self) -> Iterator[str]:
        """The explanation as Chinese text."""
        report = self.kept.report
        yield f"{report.dossier_id}：{ROUTE_LABELS[report.route]}，{report.score.total} 分"
        yield f"规则 {self.rulebook.title}（{self.rulebook.fingerprint}）"
        for reason in report.route_reasons:
            yield f"  · {reason}"
        yield ""
        yield "逐条说明"
        for item in self.clauses:
            if item.verdict is not None:
                yield from _clause_lines(item)
        yield ""
        yield from self._eligibility_lines()
        yield ""
        yield from self._score_lines()

    def _eligibility_lines(self) -> Iterator[str]:
        eligibility = self.kept.report.eligibility
        yield (
            f"申报{eligibility.applied_level}：{_MET[eligibility.met]}；"
            f"可以达到的最高级别：{eligibility.highest_level_met or '无'}"
        )
        for condition in eligibility.conditions:
            yield f"  {condition.clause} → {condition.level}：{_MET[condition.met]}"
            for reason in condition.reasons:
                yield f"      {reason}"

    def _score_lines(self) -> Iterator[str]:
        report = self.kept.report
        labels = {part.name: part.label for part in self.rulebook.score.parts}
        yield "评分"
        for step in score_steps(report.findings, self.rulebook):
            title = finding_title(report.findings[step.finding].code)
            yield f"  −{step.points} {labels[step.part]}：{title}"
        yield f"  = {report.score.total}"

    def describe(self, console: Console) -> None:
        for line in self.lines():
            console.print(line, markup=False, highlight=False, soft_wrap=True)


def _clause_lines(item: ClauseVerdict) -> Iterator[str]:
    assert item.verdict is not None
    told = f"{_SIGNS[item.verdict]} {item.clause.id} {VERDICT_LABELS[item.verdict]}"
    yield f"{told}：{item.clause.sentence}"
    for finding in item.findings:
        yield from _finding_lines(finding)


def _finding_lines(finding: Finding) -> Iterator[str]:
    severity, outcome = SEVERITY_LABELS[finding.severity], OUTCOME_LABELS[finding.outcome]
    yield f"    [{severity}·{outcome}] {finding.code} {finding.message}"
    places = dict.fromkeys(f"{e.file} 第{e.page}页" if e.page else e.file for e in finding.evidence)
    if places:
        yield f"        见 {'；'.join(places)}"
    if finding.counterfactual:
        yield f"        {finding.counterfactual}"


def _clause_json(item: ClauseVerdict) -> dict[str, Any]:
    return {
        "clause": item.clause.id,
        "sentence": item.clause.sentence,
        "verdict": item.verdict,
        "checks": [rule.code for rule in item.checks],
        "findings": [finding.model_dump(mode="json") for finding in item.findings],
    }
