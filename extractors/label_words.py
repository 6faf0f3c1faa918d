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

    `by_first` holds the words by their first character, each with its rank (longest first);
    `by_variant` the ranks of the words that are, or become by leaving out one character, some text.
    `texts` are the words alone, `beginnings` what a word of four or more characters may begin with.
    """

    by_first: Mapping[str, tuple[tuple[int, str, Label | None], ...]]
    texts: frozenset[str]
    beginnings: frozenset[str]
    by_variant: Mapping[str, frozenset[int]]
    words: tuple[tuple[str, Label | None], ...]

    def found_in(self, text: str) -> list[tuple[int, str, Label | None]]:
        """Every place (start, word, label) where a word stands in `text`: longer words first,
        then from left to right."""
        found = [
            (rank, start, word, label)
            for start, character in enumerate(text)
            if character in self.by_first
            for rank, word, label in self.by_first[character]
            if text.startswith(word, start)
        ]
        found.sort(key=lambda each: each[:2])
        return [(start, word, label) for _, start, word, label in found]

    def near(self, part: str) -> list[tuple[str, Label | None]]:
        """The words that `part` could be a misreading of, longest first."""
        ranks: set[int] = set()
        for variant in _variants(part):
            ranks.update(self.by_variant.get(variant, ()))
        near = [self.words[rank] for rank in sorted(ranks)]
        return [(word, label) for word, label in near if _reads_nearly(word, part)]


@lru_cache(maxsize=256)
def vocabulary_of(labels: tuple[Label, ...], stops: tuple[str, ...]) -> Vocabulary:
    """The vocabulary of these labels and further words that end a value."""
    found: list[tuple[str, Label | None]] = [
        (compact(alias), label) for label in labels for alias in label.aliases
    ]
    found.extend((compact(stop), None) for stop in stops)
    words = tuple(sorted(filter(lambda word: word[0], found), key=lambda word: -len(word[0])))
    variants: dict[str, set[int]] = {}
    for rank, (word, _) in enumerate(words):
        for text in _variants(word):
            variants.setdefault(text, set()).add(rank)
    long = {word for word, _ in words if len(word) > 3}
    ranked = [(rank, word, label) for rank, (word, label) in enumerate(words)]
    return Vocabulary(
        by_first={
            first: tuple(each for each in ranked if each[1].startswith(first))
            for first in {word[0] for word, _ in words}
        },
        texts=frozenset(word for word, _ in words),
        beginnings=frozenset(word[:end] for word in long for end in range(len(word))),
        by_variant={text: frozenset(ranks) for text, ranks in variants.items()},
        words=words,
    )


def _variants(word: str) -> set[str]:
    """The word and what is left of it without one character: words one step apart share one."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}


def _reads_nearly(word: str, part: str) -> bool:
    """One character wrong, missing or added in four or more; in three, only the middle one wrong."""
    if len(word) >= 4:
        return Levenshtein.distance(word, part, score_cutoff=1) == 1
    return len(word) == len(part) == 3 and word[0] == part[0] and word[2] == part[2]
