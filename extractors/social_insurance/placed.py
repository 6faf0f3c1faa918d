"""The places of a paper's months, settled among its rows: one office prints one place many times."""

from collections import Counter
from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from extractors.places import province_of
from pipeline.model.document import ContributionMonth

_NEAR = 1
"""Characters in which two readings of one place differ."""
_MOST = 2 / 3


def with_settled_places(months: Sequence[ContributionMonth]) -> list[ContributionMonth]:
    """The months with look-alike readings of one place made one, or left out.

    Readings that differ by a character are of one place when they come from the same list. The one
    that two thirds of the rows bear, and that begins with a place that exists, is it; where no
    reading does, none of them can be told from a misreading and the place is left out.
    """
    counts = Counter(month.place for month in months if month.place)
    settled = {
        place: _settle({p: n for p, n in counts.items() if Levenshtein.distance(p, place) <= _NEAR})
        for place in counts
    }
    return [
        month
        if settled.get(month.place, month.place) == month.place
        else month.model_copy(update={"place": settled[month.place]})
        for month in months
    ]


def _settle(readings: dict[str, int]) -> str:
    if len(readings) == 1:
        return next(iter(readings))
    place, rows = max(readings.items(), key=lambda item: (item[1], item[0]))
    return place if rows >= _MOST * sum(readings.values()) and province_of(place) else ""
