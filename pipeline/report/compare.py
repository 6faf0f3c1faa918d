"""Two values side by side, with the characters in which they differ."""

from dataclasses import dataclass
from difflib import SequenceMatcher

from pipeline.model.finding import Finding, Outcome

_LONGEST = 120
_LEAST_LIKENESS = 0.6
_SHORT = 4


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters of a value, and whether the other value has something else there."""

    text: str
    differs: bool


def compare_sides(
    finding: Finding,
) -> tuple[tuple[Piece, ...] | None, tuple[Piece, ...] | None]:
    """Both sides of a finding; marked where they differ only when that difference is the finding."""
    if finding.outcome is Outcome.MISMATCH:
        return compare(finding.declared, finding.observed)
    return _whole(finding.declared), _whole(finding.observed)


def compare(
    declared: str | None, observed: str | None
) -> tuple[tuple[Piece, ...] | None, tuple[Piece, ...] | None]:
    """Both values cut into pieces that agree and pieces that differ.

    Values that have little in common, or are long, come back whole: marking every character helps
    nobody. A value that is absent stays None.
    """
    if declared is None or observed is None or declared == observed:
        return _whole(declared), _whole(observed)
    if max(len(declared), len(observed)) > _LONGEST:
        return _whole(declared), _whole(observed)
    matcher = SequenceMatcher(None, declared, observed, autojunk=False)
    is_short = max(len(declared), len(observed)) <= _SHORT
    if matcher.ratio() < (0.01 if is_short else _LEAST_LIKENESS):
        return _whole(declared), _whole(observed)
    left: list[Piece] = []
    right: list[Piece] = []
    for tag, a0, a1, b0, b1 in matcher.get_opcodes():
        if a1 > a0:
            left.append(Piece(declared[a0:a1], tag != "equal"))
        if b1 > b0:
            right.append(Piece(observed[b0:b1], tag != "equal"))
    return tuple(left), tuple(right)


def _whole(value: str | None) -> tuple[Piece, ...] | None:
    return None if value is None else (Piece(value, False),)
