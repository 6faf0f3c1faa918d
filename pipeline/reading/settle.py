"""Doubtful ideographs of names settled between two recognisers that learned from other pictures.

The true character is among the likeliest five of either recogniser for practically every rare
character that they learned, but the likeliest is often a common look-alike: running text, which
they learned from, hardly holds the rare one. The two seldom prefer the same wrong one. Per
character the probabilities of both are multiplied, and weighed by how much likelier a rare
character is in a name than in running text.

Between two everyday characters nothing is settled: of 238 drawn ones, small and much damaged, that
the product took for another everyday one, the first reading had been right in 117, the product in 31.
"""

from collections.abc import Sequence
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from pipeline.reading.ctc import Glyph, Recognised
from pipeline.reading.unlearned import added_characters
from pipeline.reading.votes import FIRST_IDEOGRAPH, is_everyday
from pipeline.reading.weave import recognised, simplified

SETTLED = 0.97
"""An ideograph that all readings are at least that sure of is left as it is."""
_TWINS = frozenset("吉")
"""Everyday characters that one recogniser alone does not tell from a rare one, be it ever so sure (𠮷)."""
_FLOOR = 0.001
"""What a recogniser that does not list a character is taken to hold it for."""
_SECOND_LEVEL = 2.0
_BEYOND = 4.0
"""What a character counts that is in the second level of GB 2312, or in none of its levels."""
_ALTERNATIVES = 4
_SEEN = 0.3
_ROOM = 0.6
"""How far apart two characters stand at least, in heights of the crop (neighbours: about 0.8)."""

Chances = dict[str, float]


def is_settled(found: Recognised) -> bool:
    """True when no ideograph of a reading is unsure, and none was read by an added class alone or
    may be one that differs from it in the length of a stroke."""
    return all(
        not _is_ideograph(g.char)
        or (g.confidence >= SETTLED and g.char not in _TWINS and g.char not in added_characters())
        for g in found.glyphs
    )


def settle(chosen: Recognised, *witnesses: Sequence[Recognised]) -> Recognised:
    """`chosen` with its unsure ideographs as the recognisers together see them.

    Each of `witnesses` holds the readings of one recogniser.
    """
    seen = [_chances(chosen, readings) for readings in witnesses]
    return recognised(
        _settled(glyph, [each[i] for each in seen]) for i, glyph in enumerate(chosen.glyphs)
    )


def with_lost(chosen: Recognised, other: Recognised, height: float) -> Recognised:
    """`chosen` with the ideographs that only another recogniser saw, where it has room for them.

    A character that none of its classes fits is sometimes left out altogether, and a name without
    it is another name. `height` is that of the crop as a fraction of its width. What was put back
    is worth half of what the other recogniser gives it.
    """
    centres = [glyph.centre for glyph in chosen.glyphs]
    lost = [
        replace(glyph, confidence=glyph.confidence / 2)
        for edit in Levenshtein.opcodes(chosen.text, other.text)
        if edit.tag == "insert"
        for glyph in other.glyphs[edit.dest_start : edit.dest_end]
        if _is_ideograph(glyph.char)
        and glyph.confidence >= _SEEN
        and all(abs(glyph.centre - centre) > _ROOM * height for centre in centres)
    ]
    if not lost:
        return chosen
    return recognised(sorted((*chosen.glyphs, *lost), key=lambda glyph: glyph.centre))


def _chances(chosen: Recognised, readings: Sequence[Recognised]) -> list[Chances]:
    """What the readings of one recogniser hold for likely in each place of `chosen`, on average."""
    places: list[Chances] = [{} for _ in chosen.glyphs]
    for reading in readings:
        for edit in Levenshtein.opcodes(chosen.text, reading.text):
            if edit.tag not in ("equal", "replace"):
                continue
            theirs = reading.glyphs[edit.dest_start : edit.dest_end]
            for i, glyph in zip(range(edit.src_start, edit.src_end), theirs, strict=True):
                for char, chance in ((glyph.char, glyph.confidence), *glyph.alternatives):
                    places[i][char] = places[i].get(char, 0.0) + chance / len(readings)
    return places


def _settled(glyph: Glyph, seen: Sequence[Chances]) -> Glyph:
    """The glyph that most is said for; as it is where nobody doubts it or somebody saw nothing there."""
    if not _is_ideograph(glyph.char) or not all(seen):
        return glyph
    if all(each.get(glyph.char, 0.0) >= SETTLED for each in seen):
        return glyph
    weights: Chances = {}
    for char in {c for each in seen for c in each if _is_ideograph(c)}:
        product = 1.0
        for each in seen:
            product *= each.get(char, 0.0) + _FLOOR
        weights[char] = product ** (1 / len(seen)) * _worth(char)
    total = sum(weights.values())
    shares = {char: weight / total for char, weight in weights.items()}
    best = min(shares, key=lambda c: (-shares[c], c))
    sure = min(1.0, shares[best])
    if best != glyph.char and is_everyday(glyph.char) and is_everyday(simplified(best)):
        rare = sum(share for char, share in shares.items() if not is_everyday(simplified(char)))
        best, sure = glyph.char, min(glyph.confidence, 1 - rare)
    return replace(glyph, char=best, confidence=sure, alternatives=_others(best, sure, shares))


def _others(best: str, sure: float, shares: Chances) -> tuple[tuple[str, float], ...]:
    """The likeliest other characters, which share what `best` leaves."""
    others = sorted((c for c in shares if c != best), key=lambda c: (-shares[c], c))
    left = (1 - sure) / max(sum(shares[c] for c in others), _FLOOR)
    return tuple((c, left * shares[c]) for c in others[:_ALTERNATIVES])


def _is_ideograph(char: str) -> bool:
    return char >= FIRST_IDEOGRAPH and char.isalpha()


def _worth(char: str) -> float:
    """What a character counts in a name; of those with an added class the chances are fair ones
    (`pipeline.reading.unlearned`), and traditional forms are rarer in names than in what was learned."""
    if char in added_characters() or is_everyday(char) or simplified(char) != char:
        return 1.0
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return _BEYOND
    return _SECOND_LEVEL
