"""How well the committed confidences keep their word on a window that nothing was fitted on.

    python -m benchmarks.calibration [--recorded DIR …] [--dossiers 110] [--seed 6500] [--picture FILE]

Prints the reliability by class of confidence, the expected calibration error, and what is accepted
for some target error rates with its 90 % interval; `--picture` draws the reliability diagram (SVG).
"""

import argparse
import tempfile
from collections.abc import Sequence
from math import log10
from pathlib import Path

from benchmarks.accuracy import make_window, run_window
from benchmarks.judged import Judged, judged_values
from benchmarks.recorded import recorded_dossiers
from benchmarks.reliability import Class, classes, describe
from extractors.calibration import calibration

_SIDE, _EDGE = 360, 50


def diagram(found: Sequence[Class]) -> str:
    """The reliability diagram as SVG: said against right a class, area by values.

    Both axes show how many in ten thousand are wrong, on a logarithmic scale: nearly all values lie
    above 0.99, where a plain scale shows nothing.
    """

    def at(share_right: float) -> float:
        wrong = min(1.0, max(1e-4, 1 - share_right))
        return _SIDE * (1 - (log10(wrong) + 4) / 4)

    size = _SIDE + 2 * _EDGE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}" font-family="sans-serif" font-size="11">',
        f'<rect width="{size}" height="{size}" fill="#fff"/>',
        f'<g transform="translate({_EDGE},{_EDGE})">',
        f'<rect width="{_SIDE}" height="{_SIDE}" fill="none" stroke="#888"/>',
        f'<line x1="0" y1="{_SIDE}" x2="{_SIDE}" y2="0" stroke="#bbb" stroke-dasharray="4 4"/>',
    ]
    for wrong in (1, 0.1, 0.01, 0.001, 0.0001):
        place = at(1 - wrong)
        label = f"{1 - wrong:.4g}"
        parts.append(f'<text x="{place:.0f}" y="{_SIDE + 16}" text-anchor="middle">{label}</text>')
        parts.append(f'<text x="-6" y="{_SIDE - place + 4:.0f}" text-anchor="end">{label}</text>')
    most = max(c.values for c in found)
    for c in found:
        radius = 3 + 9 * (c.values / most) ** 0.5
        parts.append(
            f'<circle cx="{at(c.said):.1f}" cy="{_SIDE - at(c.right):.1f}" r="{radius:.1f}"'
            ' fill="#2a6fb0" fill-opacity="0.7"/>'
        )
    parts.append(
        f'<text x="{_SIDE / 2}" y="{_SIDE + 38}" text-anchor="middle">said to be right</text>'
        f'<text transform="translate(-38,{_SIDE / 2}) rotate(-90)" text-anchor="middle">right</text>'
        "</g></svg>"
    )
    return "\n".join(parts) + "\n"


def main() -> None:
    """Gathers, prints, and draws when asked to."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--recorded", type=Path, nargs="+", help="windows read before")
    parser.add_argument("--dossiers", type=int, default=110)
    parser.add_argument("--seed", type=int, default=6500)
    parser.add_argument("--layouts", choices=("all", "tuning", "held-out"), default="all")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--picture", type=Path, help="where the diagram goes")
    options = parser.parse_args()
    values: list[Judged] = []
    if options.recorded:
        for folder in options.recorded:
            values += judged_values(recorded_dossiers(folder))
    else:
        with tempfile.TemporaryDirectory() as scratch:
            make_window(options, Path(scratch))
            run_window(options, Path(scratch))
            values += judged_values(recorded_dossiers(Path(scratch)))
    curve = calibration()
    said = [curve.probability(value.group, value.signs) for value in values]
    print(describe(values, said, curve))
    if options.picture:
        options.picture.write_text(diagram(classes(values, said)), encoding="utf-8")


if __name__ == "__main__":
    main()
