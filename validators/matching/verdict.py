"""What a comparison says."""

from dataclasses import dataclass
from enum import StrEnum


class Likeness(StrEnum):
    """How two written values stand to each other."""

    SAME = "same"
    ALIAS = "alias"  # written differently, means the same
    DOUBTFUL = "doubtful"  # a person must say, however well it was read
    LOOKALIKE = "lookalike"  # differs only where reading confuses characters
    DIFFERENT = "different"


@dataclass(frozen=True, slots=True)
class Verdict:
    """A likeness and why, in Chinese."""

    likeness: Likeness
    reason: str

    @property
    def agrees(self) -> bool:
        """True when both mean the same."""
        return self.likeness in (Likeness.SAME, Likeness.ALIAS)


SAME = Verdict(Likeness.SAME, "写法相同")


def alias(reason: str) -> Verdict:
    return Verdict(Likeness.ALIAS, reason)


def doubtful(reason: str) -> Verdict:
    return Verdict(Likeness.DOUBTFUL, reason)


def lookalike(reason: str) -> Verdict:
    return Verdict(Likeness.LOOKALIKE, reason)


def different(reason: str) -> Verdict:
    return Verdict(Likeness.DIFFERENT, reason)
