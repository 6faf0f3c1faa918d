"""Fits calibrated confidence on dossiers that nothing was tuned on, and writes what was measured.

    python -m benchmarks.calibrate [--recorded DIR …] [--dossiers 110] [--seed 6000] [--write]

Without `--recorded`, a window is made with the fixture factory and read (`benchmarks.accuracy`);
with it, readings kept by such a run are taken, so that changed extractors are calibrated again
without reading again. Prints the reliability of values the curve was not fitted on (ten parts,
whole dossiers together); `--write` replaces `extractors/calibration.json`. Seeds from 6000 to 6499
are kept for this: nobody looks at what was missed in them, and nothing is measured on them.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.accuracy import make_window, run_window
from benchmarks.judged import Judged, judged_values, spread_of
from benchmarks.recorded import recorded_dossiers
from benchmarks.reliability import describe
from extractors.calibration import ALL, SUPPORT_SCORES, Calibration, FieldGroup, Step, sign_values

Array = NDArray[np.float64]

TARGET_FILE = Path(__file__).resolve().parent.parent / "extractors" / "calibration.json"
PARTS = 10
"""Into so many parts the dossiers are dealt; each is predicted by a curve fitted on the others."""
_SIGN_PENALTY, _GROUP_PENALTY = 0.05, 1.0
"""Ridge, in squared log-odds: a group strays from the others only as far as its values bear it."""
_STEPS_A_GROUP = 40
"""More of them where few values are left out: thresholds lie there."""
_LEAST_VALUES = 50
"""Fewer of the surest values than this say nothing of an error rate."""


def fit(values: Sequence[Judged], *, seeds: tuple[int, ...]) -> Calibration:
    """The curve over all `values`, with the error rates of values it was not fitted on."""
    held_out = out_of_sample(values)
    groups = {g: np.array([v.group is g for v in values], dtype=bool) for g in FieldGroup}
    own = {g: [v for v in values if v.group is g] for g in FieldGroup}
    steps = {str(g): steps_of(own[g], held_out[groups[g]]) for g in FieldGroup}
    return _curve_of(values, seeds).model_copy(
        update={"steps": {ALL: steps_of(values, held_out), **steps}}
    )


def _curve_of(values: Sequence[Judged], seeds: tuple[int, ...]) -> Calibration:
    """The curve alone, without what follows from it for thresholds."""
    signs, slopes = _slopes(values)
    return Calibration(
        seeds=seeds,
        dossiers=len({value.dossier for value in values}),
        values=len(values),
        wrong=sum(not value.is_right for value in values),
        intercept=round(float(slopes[0]), 4),
        slopes={name: round(float(slopes[1 + i]), 4) for i, name in enumerate(signs)},
        groups={g: round(float(slopes[1 + len(signs) + i]), 4) for i, g in enumerate(FieldGroup)},
        support={
            g: tuple(
                sum(v.group is g and v.signs.score <= score for v in values)
                for score in SUPPORT_SCORES
            )
            for g in FieldGroup
        },
        steps={},
    )


def out_of_sample(values: Sequence[Judged]) -> Array:
    """The probability of each value by a curve that was fitted on other dossiers."""
    dossiers = {d: i for i, d in enumerate(sorted({value.dossier for value in values}))}
    chances = np.zeros(len(values))
    for number in range(PARTS):
        part = [i for i, v in enumerate(values) if dossiers[v.dossier] % PARTS == number]
        train = [v for v in values if dossiers[v.dossier] % PARTS != number]
        if train and part:
            curve = _curve_of(train, ())
            chances[part] = [curve.probability(values[i].group, values[i].signs) for i in part]
    return chances


def _matrix(values: Sequence[Judged]) -> Array:
    """(N, 1 + signs + groups): 1, the signs, and which group the value belongs to."""
    groups = list(FieldGroup)
    return np.array(
        [
            [1.0, *sign_values(v.signs).values(), *(float(v.group is group) for group in groups)]
            for v in values
        ]
    )


def _slopes(values: Sequence[Judged]) -> tuple[list[str], Array]:
    """Names of the signs, and the log-odds: intercept, one a sign (none negative), one a group.

    Newton's method; a sign that would count against its own direction is left out and the rest
    fitted again.
    """
    names = list(sign_values(values[0].signs))
    matrix = _matrix(values)
    right = np.array([float(value.is_right) for value in values])
    weights = np.array([value.weight for value in values])
    penalty = np.array(
        [
            1e-6,
            *[_SIGN_PENALTY] * len(names),
            *[_GROUP_PENALTY] * (matrix.shape[1] - 1 - len(names)),
        ]
    )
    active = np.ones(matrix.shape[1], dtype=bool)
    while True:
        slopes = _newton(matrix, right, weights, penalty, active)
        wrong_way = np.flatnonzero(slopes[1 : 1 + len(names)] < 0) + 1
        if not len(wrong_way):
            return names, slopes
        active[wrong_way] = False


def _newton(matrix: Array, right: Array, weights: Array, penalty: Array, active: Array) -> Array:
    slopes = np.zeros(matrix.shape[1])
    used = np.flatnonzero(active)
    for _ in range(200):
        chance = _logistic(matrix @ slopes)
        gradient = matrix.T @ (weights * (right - chance)) - penalty * slopes
        spread = weights * chance * (1 - chance) + 1e-9
        hessian = (matrix * spread[:, None]).T @ matrix + np.diag(penalty)
        step = np.zeros_like(slopes)
        step[used] = np.linalg.solve(hessian[np.ix_(used, used)], gradient[used])
        largest = float(np.abs(step).max())
        slopes = slopes + step * min(1.0, 1.0 / max(largest, 1e-12))
        if largest < 1e-8:
            break
    return slopes


def _logistic(log_odds: Array) -> Array:
    return 1 / (1 + np.exp(-np.clip(log_odds, -30, 30)))


def steps_of(values: Sequence[Judged], chances: Array) -> tuple[Step, ...]:
    """How many values are at least so sure, and how many of those are wrong, from the surest down."""
    order = sorted(range(len(values)), key=lambda i: -chances[i])
    rest = np.geomspace(1, max(1, len(order) - _LEAST_VALUES), _STEPS_A_GROUP)
    cuts = sorted({len(order), *(len(order) - rest.astype(int)).tolist()})
    steps = []
    for cut in cuts:
        if _LEAST_VALUES <= cut <= len(order):
            inside = [values[i] for i in order[:cut]]
            steps.append(
                Step(
                    confidence=float(np.floor(chances[order[cut - 1]] * 1e4) / 1e4),
                    values=round(sum(v.weight for v in inside), 2),
                    wrong=round(sum(v.weight for v in inside if not v.is_right), 2),
                    spread=round(spread_of(inside), 2),
                )
            )
    return tuple(steps)


def as_text(measured: Calibration) -> str:
    """The data file: JSON with a line for each step."""
    said = measured.model_dump(mode="json")
    steps = {
        group: [json.dumps(list(step)) for step in rows]
        for group, rows in said.pop("steps").items()
    }
    listed = ",\n".join(
        f' "{group}": [\n  ' + ",\n  ".join(rows) + "\n ]" for group, rows in steps.items()
    )
    head = json.dumps(said, indent=1, ensure_ascii=False)[:-2]
    return f'{head},\n "steps": {{\n{listed}\n }}\n}}\n'


def main() -> None:
    """Gathers, fits, prints, and writes when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recorded", type=Path, nargs="+", help="windows read before")
    parser.add_argument("--dossiers", type=int, default=110)
    parser.add_argument("--seed", type=int, default=6000)
    parser.add_argument("--layouts", choices=("all", "tuning", "held-out"), default="all")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--write", action="store_true", help="replace what is committed")
    options = parser.parse_args()
    if options.recorded:
        values = [
            v for folder in options.recorded for v in judged_values(recorded_dossiers(folder))
        ]
    else:
        with tempfile.TemporaryDirectory() as scratch:
            make_window(options, Path(scratch))
            run_window(options, Path(scratch))
            values = list(judged_values(recorded_dossiers(Path(scratch))))
    measured = fit(values, seeds=(options.seed,))
    print(describe(values, out_of_sample(values).tolist(), measured))
    if options.write:
        TARGET_FILE.write_text(as_text(measured), encoding="utf-8")
        print(f"\nwritten: {TARGET_FILE.name}")


if __name__ == "__main__":
    main()
