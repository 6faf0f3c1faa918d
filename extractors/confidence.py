"""How sure a value is: one place, so that calibration has one place to fit."""

from enum import Enum


class Grammar(Enum):
    """What the value's own form says about the reading. The number is the factor it brings."""

    CHECKED = 1.0
    """A checksum, or a second print of the same value on the paper, agrees."""
    CLOSED = 0.995
    """One of a closed set of words, or a date that exists."""
    FORMED = 0.985
    """Fits a grammar without a check (certificate number, verification code)."""
    FREE = 0.97
    """Free text: name, institution, major, address."""
    LOOSE = 0.88
    """Fits only the widest form of its grammar (old free-form numbers, unusual parts)."""
    DOUBTFUL = 0.7
    """Has the form, but not the look of such a value (a name with a function word in it)."""


_REPAIRED = 0.9
_CHECKED_LIFT = 0.25


def field_confidence(
    reading: float, label: float, grammar: Grammar, *, repaired: bool = False
) -> float:
    """The confidence (0–1) of a field.

    `reading` is the lowest recogniser score of the lines it stands on, `label` how sure it is that
    the value belongs to the field. A checked value keeps only a quarter of the reading's doubt,
    because a misread character would have broken the check; a repaired one loses a tenth.
    """
    if grammar is Grammar.CHECKED:
        reading = 1 - (1 - reading) * _CHECKED_LIFT
    score = reading * label * grammar.value * (_REPAIRED if repaired else 1.0)
    return round(min(1.0, max(0.0, score)), 4)
