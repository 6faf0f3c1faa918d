"""From which confidence on a value is taken as read, without a person looking at it."""

from pydantic import Field as PydanticField

from pipeline.model.base import Frozen
from pipeline.model.kinds import DocumentKind


class Acceptance(Frozen):
    """The least confidence (0–1) of an accepted value, by field of a kind of paper.

    `target` is the error rate that the thresholds were derived from; None when a person fixed one
    confidence for all. A threshold of 1 accepts nothing: no value is that sure.
    """

    otherwise: float = PydanticField(ge=0, le=1)
    thresholds: dict[str, float] = PydanticField(default_factory=dict)
    """By `kind.field`."""
    target: float | None = PydanticField(default=None, gt=0, lt=1)

    @classmethod
    def fixed(cls, confidence: float) -> "Acceptance":
        """The same confidence for every field."""
        return cls(otherwise=confidence)

    def threshold(self, kind: DocumentKind, name: str) -> float:
        """The least confidence of an accepted value of the field `name` on a paper of that kind."""
        return self.thresholds.get(f"{kind}.{name}", self.otherwise)

    def accepts(self, kind: DocumentKind, name: str, confidence: float) -> bool:
        """True when a value read with that confidence needs no person."""
        return confidence >= self.threshold(kind, name)

    @property
    def least(self) -> float:
        """The lowest of the thresholds."""
        return min(self.thresholds.values(), default=self.otherwise)

    @property
    def most(self) -> float:
        """The highest of the thresholds."""
        return max(self.thresholds.values(), default=self.otherwise)
