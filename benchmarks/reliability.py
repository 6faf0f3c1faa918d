"""How well confidences keep their word: tables of reliability and of what is accepted."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from benchmarks.judged import Judged, spread_of
from extractors.calibration import Calibration, FieldGroup, Step, acceptance_for, error_bounds

EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 1.0)
"""Bounds of the classes of confidence, finer where most values lie."""
TARGETS = (0.002, 0.005, 0.01, 0.02)


@dataclass(frozen=True, slots=True)
class Class:
    """The values between two confidences: how many, how sure they are said to be, how many are right."""

    low: float
    high: float
    values: float
    said: float
    right: float


def classes(values: Sequence[Judged], confidences: Sequence[float]) -> tuple[Class, ...]:
    """The classes that have values, from the least sure up."""
    found = []
    for low, high in pairwise(EDGES):
        inside = [
            (v, c) for v, c in zip(values, confidences, strict=True)
            if low <= c < high or c == high == 1.0
        ]  # fmt: skip
        weight = sum(v.weight for v, _ in inside)
        if weight:
            said = sum(v.weight * c for v, c in inside) / weight
            right = sum(v.weight for v, _ in inside if v.is_right) / weight
            found.append(Class(low, high, weight, said, right))
    return tuple(found)


def calibration_error(found: Sequence[Class]) -> float:
    """The expected calibration error: by how much word and deed differ, weighted by values."""
    total = sum(c.values for c in found)
    return sum(c.values * abs(c.said - c.right) for c in found) / total if total else 0.0


def describe(values: Sequence[Judged], confidences: Sequence[float], measured: Calibration) -> str:
    """Markdown: reliability, calibration error, and what is accepted for some target error rates."""
    found = classes(values, confidences)
    wrong = sum(not v.is_right for v in values)
    lines = [
        f"{len(values)} values of {len({v.dossier for v in values})} dossiers, {wrong} of them wrong; "
        f"expected calibration error {calibration_error(found):.4f}",
        "",
        "| confidence | values | said | right |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {c.low:g}–{c.high:g} | {c.values:.0f} | {c.said:.2%} | {c.right:.2%} |" for c in found
    ]
    lines += [
        "",
        "| target | accepted | of those wrong (90 % interval) | thresholds |",
        "|---|---|---|---|",
    ]
    lines += [_accepted_row(values, confidences, measured, target) for target in TARGETS]
    rows = _group_rows(values, confidences, measured)
    return "\n".join([*lines, "", *rows, "", *_beside_raw(values, confidences, measured)])


def _beside_raw(
    values: Sequence[Judged], confidences: Sequence[float], measured: Calibration
) -> list[str]:
    """What calibration brings: the same values by their raw scores, and as many of them accepted."""
    acceptance = acceptance_for(0.005, measured)
    pairs = list(zip(values, confidences, strict=True))
    accepted = [v for v, c in pairs if acceptance.accepts(v.kind, v.name, c)]
    room = sum(v.weight for v in accepted)
    surest: list[Judged] = []
    for value in sorted(values, key=lambda v: -v.signs.score):
        if room <= 0:
            break
        surest.append(value)
        room -= value.weight
    raw_error = calibration_error(classes(values, [v.signs.score for v in values]))
    return [
        "| accepted by | calibration error | of as many accepted wrong |",
        "|---|---|---|",
        f"| the calibrated confidence | {calibration_error(classes(values, confidences)):.4f} "
        f"| {_rate(accepted)} |",
        f"| the raw score | {raw_error:.4f} | {_rate(surest)} |",
    ]


def _accepted_row(
    values: Sequence[Judged], confidences: Sequence[float], measured: Calibration, target: float
) -> str:
    acceptance = acceptance_for(target, measured)
    inside = [
        v for v, c in zip(values, confidences, strict=True) if acceptance.accepts(v.kind, v.name, c)
    ]
    share = sum(v.weight for v in inside) / sum(v.weight for v in values)
    return (
        f"| {target:.1%} | {share:.1%} | {_rate(inside)} "
        f"| {acceptance.least:.4f}–{acceptance.most:.4f} |"
    )


def _group_rows(
    values: Sequence[Judged], confidences: Sequence[float], measured: Calibration
) -> list[str]:
    acceptance = acceptance_for(0.005, measured)
    rows = [
        "| group | values | right | threshold | accepted | of those wrong |",
        "|---|---|---|---|---|---|",
    ]
    for group in FieldGroup:
        own = [(v, c) for v, c in zip(values, confidences, strict=True) if v.group is group]
        if own:
            weight = sum(v.weight for v, _ in own)
            inside = [v for v, c in own if acceptance.accepts(v.kind, v.name, c)]
            rows.append(
                f"| {group} | {weight:.0f} | {sum(v.weight for v, _ in own if v.is_right) / weight:.2%} "
                f"| {acceptance.threshold(own[0][0].kind, own[0][0].name):.4f} "
                f"| {sum(v.weight for v in inside) / weight:.1%} | {_rate(inside)} |"
            )
    return rows


def _rate(values: Sequence[Judged]) -> str:
    if not values:
        return "–"
    total = sum(v.weight for v in values)
    wrong = sum(v.weight for v in values if not v.is_right)
    low, high = error_bounds(
        Step(confidence=1, values=total, wrong=wrong, spread=spread_of(values))
    )
    return f"{wrong / total:.2%} ({low:.2%}–{high:.2%})"
