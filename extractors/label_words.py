"""The words of labels: what is looked for on a page, made once for each kind of paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from extractors.folding import compact

USUAL_SPREAD = 3.5
"""Space, in line heights, after which text in the same row no longer belongs to the value."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label by its aliases (any spacing, width and bracket form matches).

    `wraps`: the value may go on in the next lines. `strict`: needs a colon, a gap or the end of
    the line behind it (for words that also occur inside sentences, such as 专业). `below`: the
    value may stand under the label. `spread`: gap, in line heights, allowed inside the value.
    """

    key: str
    aliases: tuple[str, ...]
    wraps: bool = False
    strict: bool = False
    below: bool = True
    spread: float = USUAL_SPREAD


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The compact words of labels and stops, each with its label (None for a stop).

    `words` stand longest first; `texts` are the words alone, `beginnings` what a word of four or
    more characters may begin with, and `by_length` the words by their length.
    """

    words: tuple[tuple[str, Label | None], ...]
    texts: frozenset[str]
    beginnings: frozenset[str]
    by_length: Mapping[int, tuple[tuple[str, Label | None], ...]]

    def near(self, part: str) -> list[tuple[str, Label | None]]:
        """The words that `part` could be a misreading of, longest first."""
        size = len(part)
        return [
            (word, label)
            for length in (size + 1, size, size - 1)
            for word, label in self.by_length.get(length, ())
            if _reads_nearly(word, part)
        ]


@lru_cache(maxsize=256)
def vocabulary_of(labels: tuple[Label, ...], stops: tuple[str, ...]) -> Vocabulary:
    """The vocabulary of these labels and further words that end a value."""
    found: list[tuple[str, Label | None]] = [
        (compact(alias), label) for label in labels for alias in label.aliases
    ]
    found.extend((compact(stop), None) for stop in stops)
    words = tuple(sorted(found, key=lambda word: -len(word[0])))
    long = {word for word, _ in words if len(word) > 3}
    return Vocabulary(
        words=words,
        texts=frozenset(word for word, _ in words),
        beginnings=frozenset(word[:end] for word in long for end in range(len(word))),
        by_length={
            length: tuple(word for word in words if len(word[0]) == length)
            for length in {len(word) for word, _ in words}
        },
    )


def _reads_nearly(word: str, part: str) -> bool:
    """One character wrong, missing or added in four or more; in three, only the middle one wrong."""
    if len(word) >= 4:
        return Levenshtein.distance(word, part, score_cutoff=1) == 1
    return len(word) == len(part) == 3 and word[0] == part[0] and word[2] == part[2]
