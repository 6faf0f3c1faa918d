"""What if another rulebook held: the checks again over stored facts, without reading."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from rich.console import Console

from pipeline.after.finished import Finished
from pipeline.assess import Assessment, assess_case
from pipeline.kept import KeptDossier
from pipeline.model.finding import Finding
from pipeline.model.report import Eligibility, Route
from pipeline.report.wording import ROUTE_LABELS, finding_title
from validators import Rulebook

_MET = {True: "符合", False: "不符合", None: "无法判定"}


@dataclass(frozen=True, slots=True)
class Change:
    """A finding that is raised, no longer raised, or raised otherwise; no value of a person.

    `before` and `after` are severity and clause, None where it is not raised.
    """

    code: str
    title: str
    before: str | None
    after: str | None

    def __str__(self) -> str:
        title = f"{self.code} {self.title}"
        if self.before is None:
            return f"新提出：{title}（{self.after}）"
        if self.after is None:
            return f"不再提出：{title}（{self.before}）"
        return f"改为：{title}（{self.before} → {self.after}）"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one dossier stands by both rulebooks."""

    dossier_id: str
    routes: tuple[Route, Route]
    scores: tuple[int, int]
    met: tuple[bool | None, bool | None]
    highest: tuple[str | None, str | None]
    changes: tuple[Change, ...]

    @property
    def flips(self) -> bool:
        """True when route or eligibility come out otherwise."""
        pairs = (self.routes, self.met, self.highest)
        return any(before != after for before, after in pairs)

    @property
    def differs(self) -> bool:
        return self.flips or bool(self.changes) or self.scores[0] != self.scores[1]

    def as_json(self) -> dict[str, Any]:
        return {
            "dossier_id": self.dossier_id,
            "flips": self.flips,
            "route": list(self.routes),
            "score": list(self.scores),
            "met": list(self.met),
            "highest_level_met": list(self.highest),
            "why": [{"code": c.code, "before": c.before, "after": c.after} for c in self.changes],
        }

    def lines(self) -> Iterator[str]:
        before, after = self.routes
        told = f"{self.dossier_id}：{ROUTE_LABELS[before]} → {ROUTE_LABELS[after]}"
        yield f"{told}，{self.scores[0]} → {self.scores[1]} 分"
        if self.met[0] != self.met[1]:
            yield f"    申报级别的条件：{_MET[self.met[0]]} → {_MET[self.met[1]]}"
        if self.highest[0] != self.highest[1]:
            yield f"    可达到的最高级别：{self.highest[0] or '无'} → {self.highest[1] or '无'}"
        for change in self.changes:
            yield f"    {change}"


def compare_rulebooks(finished: Finished, rulebook: Rulebook) -> Iterator[Outcome]:
    """How each dossier of a finished run stands by its own rulebook and by `rulebook`."""
    for kept in finished.each():
        assessed = assess_case(kept.case(), rulebook, kept.acceptance)
        yield outcome_of(kept, assessed, rulebook)


def outcome_of(kept: KeptDossier, assessed: Assessment, rulebook: Rulebook) -> Outcome:
    """The two outcomes side by side; `assessed` is by `rulebook`."""
    report = kept.report
    return Outcome(
        dossier_id=report.dossier_id,
        routes=(report.route, assessed.route),
        scores=(report.score.total, assessed.score.total),
        met=(report.eligibility.met, assessed.eligibility.met),
        highest=(_highest(report.eligibility), _highest(assessed.eligibility)),
        changes=tuple(_changes(report.findings, assessed.findings, rulebook)),
    )


def _highest(eligibility: Eligibility) -> str | None:
    return eligibility.highest_level_met


def _changes(
    before: Iterable[Finding], after: Iterable[Finding], rulebook: Rulebook
) -> Iterator[Change]:
    old = {(f.code, f.subject): _told(f) for f in before}
    new = {(f.code, f.subject): _told(f) for f in after}
    for code, subject in sorted(old.keys() | new.keys()):
        was, now = old.get((code, subject)), new.get((code, subject))
        if was != now:
            rule = rulebook.rule(code)
            yield Change(code, rule.title if rule else finding_title(code), was, now)


def _told(finding: Finding) -> str:
    return f"{finding.severity}，{finding.clause}"


def describe(outcomes: Iterable[Outcome], console: Console) -> Counter[str]:
    """Prints what comes out otherwise, then the sums; returns the sums."""
    sums: Counter[str] = Counter()
    for outcome in outcomes:
        sums["dossiers"] += 1
        sums["flips"] += outcome.flips
        sums["differs"] += outcome.differs
        if outcome.differs:
            for line in outcome.lines():
                console.print(line, markup=False, highlight=False, soft_wrap=True)
    console.print(
        f"共 {sums['dossiers']} 份：{sums['flips']} 份的去向或条件改变，"
        f"另有 {sums['differs'] - sums['flips']} 份只是事项或分数不同。没有重新读取，报告未改动。",
        highlight=False,
        soft_wrap=True,
    )
    return sums
