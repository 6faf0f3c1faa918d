"""Names of units put right by what stands on the page: a second reading of the same line, the words
that such names are made of, and the recogniser's own score of each character."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from rapidfuzz.distance import Levenshtein

from extractors.folding import compact, fold, is_han
from extractors.textrun import Glyph, TextRun
from extractors.unit_words import place_at_head, settled_by_words, with_known_places
from pipeline.model.reading import LineSource

REPAIR_WORD = "单位名称用词"
"""Name of the repair: a doubtful character settled by the word it stands in."""
REPAIR_SECOND = "两次识别互补"
"""Name of the repair: a character that only the second reading has, where there is room for it."""

DOUBTFUL = 0.95
"""A character whose score is lower is settled by words where they can."""
CERTAIN = 0.995
"""From this score on, hardly a character is misread."""
UNSURE = 0.8
"""A character that nothing settles is in doubt below this score: so read, half of them are wrong."""
_STAINS = "《》〈〉<>*★☆|\\^~`'"
"""Signs that stand in no name: a seal's rim or star."""
_TWICE = 0.5
"""Share of a character's width that lies on another one when both are the same print."""
_SHORTEST_RIM, _SAME_UNIT, _HARDLY = 6, 0.75, 0.35
"""A rim of so many characters, of which so many are the name's, is of the same unit; a character that
the print hardly showed is not settled by it."""
_ROOM = 1.4
"""Between two neighbouring ideographs a third one stands when their middles are so many steps apart."""


@dataclass(frozen=True, slots=True)
class MendedName:
    """A name as printed, with what was put right in it. `weakest`: the lowest score among the
    ideographs that nothing else settles (1 when each was read for certain)."""

    text: str
    repairs: tuple[str, ...]
    weakest: float
    filled: bool
    """True when a character that the first reading lacks was put in."""


@dataclass(frozen=True, slots=True)
class _Character:
    text: str
    score: float
    glyph: Glyph

    @property
    def chances(self) -> dict[str, float]:
        """What the character may be, each with its chance."""
        return {**self.glyph.line.others_at(self.glyph.index), self.text: self.score}


def mended_name(run: TextRun) -> MendedName:
    """The run's text (as printed, not folded) with characters settled as the module says."""
    read = _characters(run)
    whole = _with_second_reading(run, read)
    folded = [fold(c.text) if len(fold(c.text)) == 1 else c.text for c in whole]
    doubtful = [is_han(c.text) and c.score < DOUBTFUL for c in whole]
    said, covered = settled_by_words(folded, doubtful)
    placed = with_known_places(said)
    moved = {i for i, (a, b) in enumerate(zip(said, placed, strict=True)) if a != b}
    if all(whole[i].score < CERTAIN for i in moved):
        said, covered = placed, covered | moved
    head = place_at_head(said, [c.score < DOUBTFUL for c in whole], [c.chances for c in whole])
    if head is not None:
        said, covered = said[: head[0]] + head[1] + said[head[0] + 1 :], covered | {head[0]}
    text = "".join(
        said[i] if i in covered and said[i] != folded[i] else c.text for i, c in enumerate(whole)
    )
    repairs = [REPAIR_SECOND] if len(whole) > len(read) else []
    repairs += [REPAIR_WORD] if any(said[i] != folded[i] for i in covered) else []
    covered |= _on_a_seal(folded, whole) | _in_last_word(folded, whole)
    open_scores = [c.score for i, c in enumerate(whole) if is_han(c.text) and i not in covered]
    return MendedName(text, tuple(repairs), min(open_scores, default=1.0), len(whole) > len(read))


def _on_a_seal(folded: Sequence[str], read: Sequence[_Character]) -> frozenset[int]:
    """The places of doubtful characters that the rim of a seal of the same unit has as well.

    The rim is other print in other ink: what it says of a character that was read for certain, or
    hardly at all, counts for nothing, and it puts in none of its own.
    """
    name = "".join(folded)
    if len(name) != len(read) or not read:
        return frozenset()
    settled: set[int] = set()
    for seal in read[0].glyph.page.seals:
        rim = compact(seal.text)
        if len(rim) < _SHORTEST_RIM or Levenshtein.normalized_similarity(name, rim) < _SAME_UNIT:
            continue
        settled.update(
            i
            for block in Levenshtein.opcodes(name, rim)
            if block.tag == "equal"
            for i in range(block.src_start, block.src_end)
            if _HARDLY <= read[i].score < DOUBTFUL
        )
    return frozenset(settled)


def _in_last_word(folded: Sequence[str], read: Sequence[_Character]) -> frozenset[int]:
    """The places of doubtful characters in the word that the name ends with, where it is one that units
    end with: nothing else that looks like it would be one too."""
    name = "".join(folded)
    ends = len(name) == len(read) and name.endswith(_LAST_WORDS)
    tail = range(len(name) - 2, len(name)) if ends else range(0)
    return frozenset(i for i in tail if read[i].score >= _HARDLY)


_LAST_WORDS = ("中心", "公司", "集团", "银行", "协会", "学会", "商会")


def _characters(run: TextRun) -> list[_Character]:
    """The run's characters without white space, each once, with its score (1 where there is none)."""
    found: list[_Character] = []
    for glyph in run.glyphs:
        if found and found[-1].glyph.line is glyph.line and found[-1].glyph.index == glyph.index:
            continue
        text = glyph.line.text[glyph.index]
        score = glyph.line.scores[glyph.index] if glyph.line.scores else 1.0
        character = _Character(text, score, glyph)
        if text.isspace() or text in _STAINS:
            continue
        if found and _is_on(character, found[-1]):
            found[-1] = max(found[-1], character, key=lambda each: each.score)
        else:
            found.append(character)
    return found


def _is_on(character: _Character, before: _Character) -> bool:
    """True when a line begins on the last character of the one before it: half of it was seen twice.

    The box of a single character is wide, and reaches into its neighbour; its middle does not.
    """
    one, other = before.glyph, character.glyph
    if one.line is other.line or one.page is not other.page:
        return False
    (a0, top, a1, bottom), (b0, upper, b1, lower) = one.rect, other.rect
    beside = min(bottom, lower) - max(top, upper) > 0.5 * min(bottom - top, lower - upper)
    apart = abs(a0 + a1 - b0 - b1) / 2
    overlap = min(a1, b1) - max(a0, b0)
    return beside and overlap > _TWICE * min(a1 - a0, b1 - b0) and apart < _TWICE * (a1 - a0)


def _with_second_reading(run: TextRun, read: Sequence[_Character]) -> list[_Character]:
    """The characters with single ideographs that only the second reading has, where there is room."""
    other = run.alternative()
    if other is None or len(read) < 4:
        return list(read)
    second = "".join(other.text.split())
    first = "".join(fold(c.text) for c in read)
    if len(first) != len(read):
        return list(read)
    steps = [_step(a, b) for a, b in pairwise(read)]
    known = [step for step in steps if step > 0]
    if len(known) < 3:
        return list(read)
    usual = median(known)
    extra: dict[int, str] = {}
    for op in Levenshtein.opcodes(first, fold(second)):
        at = op.src_start
        if (
            op.tag == "insert"
            and op.dest_end - op.dest_start == 1
            and 0 < at < len(read)
            and is_han(second[op.dest_start])
            and steps[at - 1] > _ROOM * usual
        ):
            extra[at] = second[op.dest_start]
    whole: list[_Character] = []
    for i, character in enumerate(read):
        if i in extra:
            whole.append(_Character(extra[i], DOUBTFUL, character.glyph))
        whole.append(character)
    return whole


def _step(before: _Character, after: _Character) -> float:
    """From middle to middle of two neighbouring ideographs of one OCR line; 0 where that says nothing."""
    line = before.glyph.line
    if line is not after.glyph.line or line.source is not LineSource.OCR:
        return 0.0
    if not (is_han(before.text) and is_han(after.text)):
        return 0.0
    a, b = before.glyph.rect, after.glyph.rect
    return (b[0] + b[2] - a[0] - a[2]) / 2
