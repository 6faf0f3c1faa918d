"""A rulebook as a person reads it: clauses, conditions, parameters, materials, rules, weights."""

from collections.abc import Iterator
from typing import Any

from rich.console import Console

from pipeline.model.kinds import KIND_LABELS
from pipeline.report.wording import SEVERITY_LABELS, STATUS_LABELS
from validators import Rulebook
from validators.eligibility import describe_schooling
from validators.rulebook_model import Exemption, MaterialRule, Rule


def rulebook_json(rulebook: Rulebook) -> dict[str, Any]:
    """The rulebook as data, with its fingerprint."""
    return {"fingerprint": rulebook.fingerprint, **rulebook.model_dump(mode="json")}


def describe_rulebook(rulebook: Rulebook, console: Console, *, code: str | None = None) -> None:
    """Prints a rulebook, or one rule of it in full."""
    rules = [rule for rule in rulebook.rules if code is None or rule.code == code]
    lines = _rule_lines(rules[0], whole=True) if code else _lines(rulebook)
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)


def _lines(rulebook: Rulebook) -> Iterator[str]:
    until = f"至 {rulebook.effective_to}" if rulebook.effective_to else "起"
    yield f"{rulebook.title}（{rulebook.id}）"
    yield f"{rulebook.issuer} {rulebook.notice}，{rulebook.issued_on} 印发，{rulebook.effective_from} {until}施行"
    yield f"指纹 {rulebook.fingerprint}"
    yield "\n条款"
    yield from (f"  {clause.id}　{clause.sentence}" for clause in rulebook.clauses)
    yield "\n条件"
    for condition in rulebook.conditions:
        work = f"，满{condition.months}个月" if condition.months else ""
        proof = "，有业绩" if condition.needs_achievements else ""
        yield f"  {condition.clause} → {condition.level}：{describe_schooling(condition)}{work}{proof}"
    yield "\n免提交社保"
    yield from (_exemption_line(exemption) for exemption in rulebook.exemptions)
    yield "\n有两种读法的条款（* 为现行读法）"
    for parameter in rulebook.parameter_list:
        yield f"  {parameter.name}（{parameter.clause}）"
        for reading in parameter.readings:
            sign = "*" if reading.value == parameter.value else " "
            yield f"    {sign} {_told(reading.value)}：{reading.meaning}"
    yield "\n应交材料"
    yield from (_material_line(rule) for rule in rulebook.materials)
    yield "\n规则"
    for rule in rulebook.rules:
        yield from _rule_lines(rule, whole=False)
    yield "\n评分"
    for part in rulebook.score.parts:
        yield f"  {part.label} {part.max}"
    costs = "、".join(f"{SEVERITY_LABELS[s]} {rulebook.score.costs[s]}" for s in SEVERITY_LABELS)
    yield f"  每项扣分：{costs}"


def _exemption_line(exemption: Exemption) -> str:
    who = "、".join([*exemption.education, *(f"{d}学位" for d in exemption.degrees)])
    only = f"（仅当 {exemption.when_parameter} 为 true）" if exemption.when_parameter else ""
    return f"  {exemption.clause}　{who} → {'、'.join(exemption.levels)}{only}"


def _material_line(rule: MaterialRule) -> str:
    kinds = " 或 ".join(KIND_LABELS[kind] for kind in rule.any_of)
    who = "、".join(STATUS_LABELS[status] for status in rule.statuses)
    return f"  {rule.clause}　{rule.label}：{kinds}（{who}）"


def _rule_lines(rule: Rule, *, whole: bool) -> Iterator[str]:
    yield f"  {rule.code}　{rule.title}（{rule.clause}，{SEVERITY_LABELS[rule.severity]}）：{rule.when}"
    if whole:
        yield f"    何时消除：{rule.clears}"
        yield f"    例：{rule.example}"
        yield f"    反例：{rule.counter_example}"
        for variant, message in rule.messages.items():
            severity = SEVERITY_LABELS[message.severity or rule.severity]
            yield f"    {variant}（{severity}，{message.outcome}）：{message.text}"


def _told(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
