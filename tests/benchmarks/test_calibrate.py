"""Fitting finds what is there: on values drawn from a known curve, and the same every time."""

from random import Random

import numpy as np

from benchmarks.calibrate import as_text, fit, out_of_sample
from benchmarks.judged import Judged
from benchmarks.reliability import calibration_error, classes
from extractors.calibration import Calibration, acceptance_for
from extractors.signs import Signs
from pipeline.model.kinds import DocumentKind

MEMBERS = (
    (DocumentKind.ID_CARD, "name", 0.0),
    (DocumentKind.DIPLOMA, "diploma_number", 0.03),
    (DocumentKind.DIPLOMA, "graduated_on", 0.02),
)


def drawn(count: int, seed: int) -> list[Judged]:
    """Values that are right with the probability 0.55 + 0.42 × score (and a little by field)."""
    rng = Random(seed)
    values = []
    for i in range(count):
        kind, name, better = MEMBERS[i % len(MEMBERS)]
        score = rng.random() ** 0.3
        signs = Signs(score, rng.random(), 0.99, rng.random() < 0.9, True, False, False)
        is_right = rng.random() < min(1.0, 0.55 + 0.42 * score + better)
        values.append(Judged(f"d{i // 12}", kind, name, "scan", False, signs, is_right))
    return values


def test_confidences_of_values_it_was_not_fitted_on_keep_their_word() -> None:
    values = drawn(3000, 1)
    assert calibration_error(classes(values, out_of_sample(values).tolist())) < 0.03


def test_what_it_predicts_holds_for_another_sample() -> None:
    curve, fresh = fit(drawn(3000, 1), seeds=(1,)), drawn(3000, 2)
    said = [curve.probability(v.group, v.signs) for v in fresh]
    assert calibration_error(classes(fresh, said)) < 0.03
    acceptance = acceptance_for(0.05, curve)
    inside = [
        v.is_right
        for v, c in zip(fresh, said, strict=True)
        if acceptance.accepts(v.kind, v.name, c)
    ]
    assert np.mean(inside) > 0.93 if inside else True


def test_a_sign_that_counts_against_its_direction_is_left_out() -> None:
    values = [
        Judged(f"d{i}", DocumentKind.ID_CARD, "name", "scan", False,
               Signs(0.9, 0.9, i / 500, True, True, False, False), i < 400)
        for i in range(500)
    ]  # fmt: skip
    curve = fit(values, seeds=(1,))
    assert curve.slopes["page"] == 0
    assert all(slope >= 0 for slope in curve.slopes.values())


def test_the_data_file_reads_back_as_it_was_measured_and_is_the_same_every_time() -> None:
    curve = fit(drawn(600, 3), seeds=(1,))
    assert Calibration.model_validate_json(as_text(curve)) == curve
    assert as_text(fit(drawn(600, 3), seeds=(1,))) == as_text(curve)
