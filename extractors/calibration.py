"""Calibrated confidence: the measured probability that a value is exactly right.

An extractor's raw score orders values but is no probability. `calibration.json` holds what was
measured on papers of seeds kept apart (`python -m benchmarks.calibrate` writes it): a logistic
curve over the signs of a value (`extractors.signs`), none of which can lower the confidence by
being better, with a constant for each group of like fields; and how many of the values read so
surely were wrong, from which acceptance thresholds follow for any error rate an operator allows.
"""

import math
from collections.abc import Callable, Sequence
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import NamedTuple

from extractors.signs import PaperSigns, Signs
from pipeline.model.acceptance import Acceptance
from pipeline.model.base import Frozen
from pipeline.model.document import DocumentReading, Extraction, Field
from pipeline.model.kinds import FIELD_NAMES

MONTHS = "months"


class FieldGroup(StrEnum):
    """Fields that are read and go wrong in the same way; they share a constant and a threshold."""

    PERSON = "person"
    UNIT = "unit"
    SCHOOL = "school"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    WORD = "word"
    MONTH = "month"


_MEMBERS = {
    FieldGroup.PERSON: "name employee",
    FieldGroup.UNIT: "employer agency host issuer",
    FieldGroup.SCHOOL: "institution major degree_field",
    FieldGroup.TEXT: "address title role position",
    FieldGroup.NUMBER: (
        "id_number employee_id_number employer_uscc diploma_number degree_number"
        " verification_code certification_number"
    ),
    FieldGroup.DATE: (
        "birth_date valid_from valid_to valid_until enrolled_on graduated_on issued_on"
        " degree_awarded_on updated_on printed_on starts_on ends_on signed_on dated_on period"
    ),
    FieldGroup.WORD: (
        "gender level study_form education_type conclusion degree country province term_kind signed"
    ),
    FieldGroup.MONTH: MONTHS,
}
GROUP_OF = {name: group for group, names in _MEMBERS.items() for name in names.split()}
"""The group of each field name of `FIELD_NAMES`."""


class Step(NamedTuple):
    """Of the measured values of a group, those with at least this confidence: how many, how many wrong.

    `spread` (at least 1) is how much more the wrong ones of one dossier come together than by
    chance: a rare character in a name is misread on each of a person's papers.
    """

    confidence: float
    values: float
    wrong: float
    spread: float


class Calibration(Frozen):
    """What was measured, and on what."""

    seeds: tuple[int, ...]
    dossiers: int
    values: int
    wrong: int
    intercept: float
    slopes: dict[str, float]
    """By sign (`sign_values`), in log-odds; none is negative."""
    groups: dict[FieldGroup, float]
    """What each group adds to the log-odds."""
    support: dict[FieldGroup, tuple[int, ...]]
    """Of each group, how many values had at most the raw scores of `SUPPORT_SCORES`."""
    steps: dict[str, tuple[Step, ...]]
    """By group, and under `all` for all together: from the surest down, each holding those before.

    The confidences are those of values that the curve was not fitted on (cross-validation)."""

    def ceiling(self, group: FieldGroup, score: float) -> float:
        """The highest confidence that the sample can speak for (the rule of succession).

        Of values that were read as badly as this one, or worse, there may be few: a paper that
        contradicts itself is rare, and that none of three was wrong says little.
        """
        counts = self.support.get(group, ())
        at = next((i for i, s in enumerate(SUPPORT_SCORES) if score <= s), len(SUPPORT_SCORES) - 1)
        return 1 - 1 / ((counts[at] if counts else 0) + 2)

    def probability(self, group: FieldGroup, signs: Signs) -> float:
        """The probability that a value of that group with these signs is exactly right."""
        log_odds = self.intercept + self.groups.get(group, 0.0)
        for name, value in sign_values(signs).items():
            log_odds += self.slopes.get(name, 0.0) * value
        chance = 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))
        return round(min(self.ceiling(group, signs.score), max(_LEAST, chance)), 4)


SUPPORT_SCORES = tuple(i / 20 for i in range(1, 21))
_LEAST = 0.0001
_FLOOR = 0.01
"""What is added to a doubt before its logarithm is taken: finer differences mean nothing."""


def sign_values(signs: Signs) -> dict[str, float]:
    """The signs as numbers that grow as the value gets surer."""
    return {
        "score": _sureness(signs.score),
        "weakest": _sureness(signs.weakest),
        "page": _sureness(signs.page),
        "read_alike": float(signs.is_read_alike),
        "as_printed": float(signs.is_as_printed),
        "typed": float(signs.is_typed),
        "repeated": float(signs.is_repeated),
    }


def _sureness(score: float) -> float:
    return -math.log(1 - min(1.0, max(0.0, score)) + _FLOOR)


@cache
def calibration() -> Calibration:
    """What was measured for this version."""
    return Calibration.model_validate_json(
        resources.files("extractors").joinpath("calibration.json").read_bytes()
    )


def calibrate(
    document: DocumentReading, extraction: Extraction, measured: Calibration | None = None
) -> Extraction:
    """The extraction with every raw score turned into the probability that the value is right.

    The field of contribution months is as sure as its least sure row.
    """
    if not extraction.fields:
        return extraction
    curve = measured or calibration()
    paper = PaperSigns(document)
    return extraction.model_copy(
        update={"fields": tuple(_calibrated(field, paper, curve) for field in extraction.fields)}
    )


def _calibrated(field: Field, paper: PaperSigns, curve: Calibration) -> Field:
    group = GROUP_OF[field.name]
    if not isinstance(field.value, tuple):
        signs = paper.of(field.confidence, field.evidence, repaired=bool(field.repairs))
        return field.model_copy(update={"confidence": curve.probability(group, signs)})
    rows = tuple(
        row.model_copy(
            update={
                "confidence": curve.probability(
                    group, paper.of(row.confidence, row.evidence, repaired=False)
                )
            }
        )
        for row in field.value
    )
    least = min((row.confidence for row in rows), default=field.confidence)
    return field.model_copy(update={"value": rows, "confidence": least})


_ONE_SIDED = 1.645
"""Standard deviations of a one-sided 95 % bound."""
ALL = "all"


def error_bounds(step: Step) -> tuple[float, float]:
    """Between which rates the error lies: each end is a one-sided 95 % bound (Wilson's).

    The sample counts for as many values as it would if those of a dossier were independent.
    """
    if step.values <= 0:
        return 0.0, 1.0
    count, rate = step.values / step.spread, step.wrong / step.values
    square = _ONE_SIDED**2
    middle = (rate + square / (2 * count)) / (1 + square / count)
    half = (
        _ONE_SIDED
        / (1 + square / count)
        * math.sqrt(rate * (1 - rate) / count + square / (4 * count**2))
    )
    return max(0.0, middle - half), min(1.0, middle + half)


def acceptance_for(target: float, measured: Calibration | None = None) -> Acceptance:
    """The thresholds under which at most `target` of the accepted values is wrong.

    All fields together decide first: the lowest confidence from which on the upper bound of their
    error rate stays within the target. A group whose own values are known to do worse than the
    target there (the lower bound of their rate exceeds it) gets a higher threshold, from which on
    that is no longer known. A group with few values thus leans on all of them.
    """
    curve = measured or calibration()
    common = _lowest(curve.steps.get(ALL, ()), lambda step: error_bounds(step)[1] <= target)
    by_group = {
        group: _lowest(
            curve.steps.get(group, ()),
            lambda step: error_bounds(step)[0] <= target,
            otherwise=common,
        )
        for group in FieldGroup
    }
    return Acceptance(
        otherwise=common,
        thresholds={
            f"{kind}.{name}": max(common, by_group[GROUP_OF[name]])
            for kind, names in FIELD_NAMES.items()
            for name in names
        },
        target=target,
    )


def _lowest(
    steps: Sequence[Step], fits: Callable[[Step], bool], *, otherwise: float = 1.0
) -> float:
    """The confidence of the longest run of values that fits; `otherwise` where there are no steps.

    1 where no run fits: then nothing is accepted.
    """
    if not steps:
        return otherwise
    return min((step.confidence for step in steps if fits(step)), default=1.0)
