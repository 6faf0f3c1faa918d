"""What dossiers share, as workers are told it: they know no database."""

from dataclasses import dataclass

LISTED = 5
"""How many of the other dossiers a finding names."""


@dataclass(frozen=True, slots=True, order=True)
class Link:
    """Other people's dossiers under one key: the first few by id, and how many in all."""

    key: str
    dossiers: tuple[str, ...]
    others: int
    same_unit: bool
