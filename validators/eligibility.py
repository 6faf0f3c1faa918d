"""The conditions (一)–(六): each met, not met, or not to be determined, and why."""

from collections.abc import Iterator, Sequence

from pipeline.model.declaration import TitleLevel
from pipeline.model.dossier import Case
from pipeline.model.finding import Finding
from pipeline.model.kinds import DocumentKind
from pipeline.model.report import Condition, Eligibility
from validators.conditions import fits, fits_condition, fitting_conditions
from validators.findings import found
from validators.intact import intact
from validators.registers import bar_on
from validators.rulebook_model import ConditionRule, Rulebook
from validators.schooling import proven_degree, proven_form, proven_level
from validators.tenure import Tenure, counted_until, full_months, measure_tenure, supported_since

Verdicts = list[tuple[bool | None, str]]


def assess_eligibility(case: Case, rulebook: Rulebook) -> Eligibility:
    """All conditions of the notice, the highest level met, and what is missing for the asked one."""
    case = intact(case)
    conditions = tuple(assess_condition(rule, case, rulebook) for rule in rulebook.conditions)
    asked = case.declaration.applied_level
    own = [c.met for c in conditions if c.level == asked]
    met = [TitleLevel(c.level) for c in conditions if c.met]
    return Eligibility(
        applied_level=asked,
        met=any_of(own),
        conditions=conditions,
        highest_level_met=max(met, key=rulebook.rank, default=None),
    )


def any_of(values: Sequence[bool | None]) -> bool | None:
    """Three-valued or: True when one is, None when one may be, else False."""
    if any(values):
        return True
    return None if None in values else False


def all_of(values: Sequence[bool | None]) -> bool | None:
    """Three-valued and."""
    if False in values:
        return False
    return None if None in values else True


def assess_condition(rule: ConditionRule, case: Case, rulebook: Rulebook) -> Condition:
    """One condition, with a reason for everything it asks."""
    verdicts = _schooling(rule, case, rulebook)
    if verdicts[0][0] is not False:
        verdicts += _tenure(rule, measure_tenure(case, rulebook))
        verdicts += _achievements(rule, case)
        verdicts += _bar(rule, case, rulebook)
    return Condition(
        clause=rule.clause,
        level=rule.level,
        met=all_of([met for met, _ in verdicts]),
        reasons=tuple(reason for _, reason in verdicts),
    )


def _schooling(rule: ConditionRule, case: Case, rulebook: Rulebook) -> Verdicts:
    education = case.declaration.education
    told = f"{education.level}、{education.degree or '无学位'}"
    if not fits_condition(rule, education):
        return [(False, f"要求{describe_schooling(rule)}，申报为{told}")]
    ways = [schooling for schooling in rule.schooling if fits(schooling, education)]
    verdicts: Verdicts = []
    if all(way.education for way in ways):
        level = proven_level(case, rulebook)
        verdicts.append((level.holds, f"要求{describe_schooling(rule)}：{level.why}"))
    if any(way.degree for way in ways):
        degree = proven_degree(case, rulebook)
        verdicts.append((degree.holds, degree.why))
    if all(way.study_forms for way in ways):
        form = proven_form(case, rulebook, {form for way in ways for form in way.study_forms})
        verdicts.append((form.holds, form.why))
    return verdicts or [(True, f"符合{describe_schooling(rule)}")]


def describe_schooling(rule: ConditionRule) -> str:
    """The schooling asked for, in Chinese."""
    ways = []
    for schooling in rule.schooling:
        parts = [
            "或".join(
                f"{level}学历" if "学位" not in level else level for level in schooling.education
            )
        ]
        parts.append(f"{schooling.degree}学位" if schooling.degree else "")
        parts.append("、".join(schooling.study_forms))
        ways.append("和".join(part for part in parts if part))
    text = "，或".join(ways)
    if rule.graduated_from:
        text += f"（{rule.graduated_from}及以后毕业）"
    if rule.graduated_to:
        text += f"（{rule.graduated_to}及以前毕业）"
    return text


def _tenure(rule: ConditionRule, tenure: Tenure) -> Verdicts:
    if not rule.months:
        return [(True, "不要求工作年限")]
    start, until, needed = tenure.start, tenure.until, rule.months
    count = f"自{start}起算至{until}"
    reached = tenure.reaches(needed)
    if reached:
        return [(True, f"{count}为{tenure.at_least}个足月，达到{needed}个月")]
    if reached is None:
        return [
            (
                None,
                f"{count}在{tenure.at_least}至{tenure.at_most}个足月之间（未印日），要求{needed}个月",
            )
        ]
    return [
        (
            False,
            f"{count}为{tenure.at_most}个足月，少于{needed}个月，满{needed}个月的日期为{tenure.reached_on(needed)}",
        )
    ]


def _achievements(rule: ConditionRule, case: Case) -> Verdicts:
    if not rule.needs_achievements:
        return []
    if case.facts.of_kind(DocumentKind.ACHIEVEMENT):
        return [(True, "已提交业绩证明")]
    return [(None, "未见业绩证明")]


def _bar(rule: ConditionRule, case: Case, rulebook: Rulebook) -> Verdicts:
    bar = bar_on(rule.level, case, rulebook)
    if bar is None:
        return []
    decided, clause = bar.prior.decided_on, bar.clause
    if bar.is_certain:
        return [(False, f"已于{decided}按{clause}取得职称，此后未见更高学历或学位")]
    return [(None, f"已于{decided}按{clause}取得职称，此后的学历或学位是否更高需人工核对")]


def check_tenure(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """三(一)–(五): the full months that a condition of the applied level asks for are there."""
    tenure = measure_tenure(case, rulebook)
    conditions = fitting_conditions(case, rulebook)
    if any(tenure.reaches(rule.months) for rule in conditions):
        return
    short = [rule for rule in conditions if tenure.reaches(rule.months) is False]
    if not short:
        return
    rule = min(short, key=lambda condition: condition.months)
    reached = tenure.reached_on(rule.months)
    yield from found(
        rulebook,
        "TENURE_SHORT",
        "short",
        subject=rule.clause,
        declared=case.declaration.employment.security_work_since,
        observed=f"{tenure.at_most}个月",
        counterfactual=_when_reached(case, rulebook, rule),
        clause=rule.clause,
        start=tenure.start,
        until=tenure.until,
        months=tenure.at_most,
        needed=rule.months,
        reached=reached,
    )


def _when_reached(case: Case, rulebook: Rulebook, rule: ConditionRule) -> str:
    """The day from which the check is silent, tried on the check itself."""
    reached = measure_tenure(case, rulebook).reached_on(rule.months)
    declaration = case.declaration.model_copy(update={"submitted_on": reached})
    window = case.window.model_copy(update={"closes_on": reached})
    later = case.model_copy(update={"declaration": declaration, "window": window})
    assert measure_tenure(later, rulebook).reaches(rule.months)
    what = (
        "申请日" if counted_until(case, rulebook) == case.declaration.submitted_on else "受理截止日"
    )
    return f"满{rule.months}个月的日期为{reached}；若{what}为该日或以后，则不提出"


def check_tenure_support(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """三(一)–(五): contracts and contributions bear out as many months as the condition asks."""
    tenure = measure_tenure(case, rulebook)
    met = [c for c in fitting_conditions(case, rulebook) if tenure.reaches(c.months)]
    if not met:
        return
    needed = min(rule.months for rule in met)
    since = supported_since(case, rulebook)
    if not needed or since is None:
        return
    start = max(since, tenure.start.earliest)
    months = full_months(start, tenure.until)
    if months >= needed:
        return
    rule = min(met, key=lambda condition: condition.months)
    yield from found(
        rulebook,
        "TENURE_UNPROVEN",
        "unproven",
        subject=rule.clause,
        declared=case.declaration.employment.security_work_since,
        observed=f"{months}个月",
        clause=rule.clause,
        start=start,
        months=months,
        needed=needed,
    )


def check_conditions(case: Case, rulebook: Rulebook) -> Iterator[Finding]:
    """三: some condition gives the applied level."""
    eligibility = assess_eligibility(case, rulebook)
    if eligibility.met is not False:
        return
    own = [c for c in eligibility.conditions if c.level == eligibility.applied_level]
    reason = "；".join(f"{c.clause}{_obstacle(c, case, rulebook)}" for c in own)
    highest = eligibility.highest_level_met
    yield from found(
        rulebook,
        "NO_CLAUSE_MET",
        "none",
        subject=eligibility.applied_level,
        declared=eligibility.applied_level,
        observed=highest or "无",
        counterfactual=f"若申报{highest}，则不提出" if highest else None,
        level=eligibility.applied_level,
        reason=reason or "本通知没有该级别",
    )


def _obstacle(condition: Condition, case: Case, rulebook: Rulebook) -> str:
    """The first thing that keeps a condition from being met."""
    rule = next(rule for rule in rulebook.conditions if rule.clause == condition.clause)
    verdicts = _schooling(rule, case, rulebook)
    verdicts += _tenure(rule, measure_tenure(case, rulebook)) + _bar(rule, case, rulebook)
    return next((reason for met, reason in verdicts if met is False), "")


CHECKS = (check_tenure, check_tenure_support, check_conditions)
