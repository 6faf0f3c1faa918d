"""The notice clause by clause: what every clause comes to in one dossier, in four values."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from pipeline.model.finding import Finding, Outcome, Severity
from pipeline.model.report import Condition, Eligibility
from validators.rulebook_model import Clause, Rule, Rulebook


class Verdict(StrEnum):
    """What a clause comes to. The order is that of gravity, least first."""

    SATISFIED = "satisfied"
    CANNOT_DETERMINE = "cannot_determine"
    NOT_SUBMITTED = "not_submitted"
    MISMATCH = "mismatch"


VERDICT_LABELS: dict[Verdict, str] = {
    Verdict.SATISFIED: "符合",
    Verdict.CANNOT_DETERMINE: "无法判定",
    Verdict.NOT_SUBMITTED: "未提交",
    Verdict.MISMATCH: "不一致",
}

_BY_OUTCOME = {
    Outcome.MISMATCH: Verdict.MISMATCH,
    Outcome.CANNOT_DETERMINE: Verdict.CANNOT_DETERMINE,
    Outcome.NOT_SUBMITTED: Verdict.NOT_SUBMITTED,
}
_GRAVITY = {verdict: place for place, verdict in enumerate(Verdict)}
_BETWEEN = re.compile("[、,，]")


@dataclass(frozen=True, slots=True)
class ClauseVerdict:
    """A clause, what it comes to (None: no check rests on it), and what that follows from.

    `findings` are those that cite the clause, gravest first; `checks` the rules that speak of it.
    """

    clause: Clause
    verdict: Verdict | None
    checks: tuple[Rule, ...]
    findings: tuple[Finding, ...]
    condition: Condition | None = None


def clause_verdicts(
    findings: Sequence[Finding], eligibility: Eligibility, rulebook: Rulebook
) -> tuple[ClauseVerdict, ...]:
    """Every clause of the notice in order.

    A notice that costs nothing leaves a clause satisfied. Of the conditions only those of the
    applied level count, and an unmet one does not where another is met: one is enough.
    """
    conditions = {
        condition.clause: condition
        for condition in eligibility.conditions
        if condition.level == eligibility.applied_level and (condition.met or not eligibility.met)
    }
    others = {c.clause for c in eligibility.conditions} - set(conditions)
    return tuple(
        _verdict_on(clause, findings, conditions.get(clause.id), rulebook, clause.id in others)
        for clause in rulebook.clauses
    )


def _verdict_on(
    clause: Clause,
    findings: Sequence[Finding],
    condition: Condition | None,
    rulebook: Rulebook,
    is_beside_the_point: bool,
) -> ClauseVerdict:
    own = tuple(f for f in findings if clause.id in cited_clauses(f.clause))
    checks = tuple(rule for rule in rulebook.rules if clause.id in _clauses_of(rule))
    heavy = [f for f in own if f.severity is not Severity.NOTICE]
    verdict: Verdict | None = None
    if heavy:
        verdict = max((_BY_OUTCOME[f.outcome] for f in heavy), key=_GRAVITY.__getitem__)
    elif condition is not None:
        verdict = _BY_MET[condition.met]
    elif checks and not is_beside_the_point:
        verdict = Verdict.SATISFIED
    return ClauseVerdict(clause, verdict, checks, own, condition)


_BY_MET: dict[bool | None, Verdict] = {
    True: Verdict.SATISFIED,
    False: Verdict.MISMATCH,
    None: Verdict.CANNOT_DETERMINE,
}


def cited_clauses(cited: str) -> tuple[str, ...]:
    """The clause ids of a finding's `clause` (`六(二)、八(三)`)."""
    return tuple(part.strip() for part in _BETWEEN.split(cited) if part.strip())


def _clauses_of(rule: Rule) -> Iterator[str]:
    yield from rule.clauses
    for message in rule.messages.values():
        if message.clause:
            yield message.clause
