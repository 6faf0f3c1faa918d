"""One unit that many rows of a table print: its name put to the vote of the rows, character by
character.

Each row is a print of its own, blurred and speckled by itself, so that a character misread in one
row is seldom misread in the same way in the others.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from rapidfuzz.distance import Editop, Levenshtein

from extractors.employers import ends_like_employer
from extractors.folding import fold, is_han
from extractors.tables import Piece
from extractors.textrun import TextRun
from extractors.unit_names import DOUBTFUL
from extractors.unit_words import place_at_head, settled_by_words

MENDED = 0.9
"""What a month is worth whose payer another print of the same unit put right."""
DOUBTED_NAME = 0.8
"""What a month is worth of whose payer a character may be another one."""
_UNREAD = 0.6
"""Two different characters that were both read no surer than that may be one print."""
_MOST_APART = 0.5
"""Two prints of one name differ in no more of their characters."""
_SETTLED = 0.76
"""Where a character that no word settles is seen less surely by all rows together, their unit is not
told. On 192 papers a bound of 0.7 told 49 months more rightly and 12 wrongly (one unit whose rows were
all misread alike); below 0.7 three units of four were misread."""
_NEAR = 2
"""A print between two of one unit that differs from it in so few characters is that unit's."""
_LONG = 8
"""In a name of so many characters a single one that was hardly read makes no other name."""


@dataclass(frozen=True, slots=True)
class PrintedName:
    """A name as one row prints it: its characters, how surely each was read, what else each may be."""

    text: str
    scores: tuple[float, ...]
    others: tuple[Mapping[str, float], ...]

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> "PrintedName":
        """The characters of a cell without white space."""
        characters = [
            (c, p.scores[i] if p.scores else 1.0, p.others[i] if p.others else {})
            for p in pieces
            for i, c in enumerate(p.text)
            if not c.isspace()
        ]
        return cls(
            "".join(c for c, _, _ in characters),
            tuple(s for _, s, _ in characters),
            tuple(o for _, _, o in characters),
        )

    @classmethod
    def of_run(cls, run: TextRun) -> "PrintedName":
        """The characters of a run as printed, without white space."""
        places = [
            (g.line, g.index)
            for g, c in zip(run.glyphs, run.text, strict=True)
            if not c.isspace()
        ]  # fmt: skip
        return cls(
            "".join(line.text[at] for line, at in places),
            tuple(line.scores[at] if line.scores else 1.0 for line, at in places),
            tuple(line.others_at(at) for line, at in places),
        )

    def chances(self, at: int) -> dict[str, float]:
        return {**self.others[at], self.text[at]: self.scores[at]}


@dataclass(frozen=True, slots=True)
class Elected:
    """The name that the rows of one unit elected, and the places of its prints. `weakest`: the lowest
    chance among the ideographs that no word settles, on weighted average of the rows."""

    text: str
    prints: tuple[int, ...]
    weakest: float

    @property
    def is_settled(self) -> bool:
        return self.weakest >= _SETTLED


def elected_names(prints: Sequence[PrintedName]) -> list[Elected]:
    """The names of the units that the prints are of, each with the places of its prints."""
    groups: list[list[int]] = []
    for i, each in enumerate(prints):
        home = next(
            (g for g in groups if sum(_may_be_one(prints[j], each) for j in g) * 2 > len(g)), None
        )
        if home is None:
            groups.append([i])
        else:
            home.append(i)
    elected = [_elected(prints, group) for group in groups]
    return _with_those_between(elected, prints)


def _with_those_between(elected: Sequence[Elected], prints: Sequence[PrintedName]) -> list[Elected]:
    """The names, with prints that settle no name of their own given to the unit that stands before and
    after them where they are near it."""
    owner = {i: name for name in elected if name.is_settled for i in name.prints}
    moved: dict[int, Elected] = {}
    for i in (i for name in elected if not name.is_settled for i in name.prints):
        before = next((owner[k] for k in range(i - 1, -1, -1) if k in owner), None)
        after = next((owner[k] for k in range(i + 1, len(prints)) if k in owner), None)
        if before is not None and before is after and _is_near(prints[i].text, before.text):
            moved[i] = before
    kept = [
        replace(
            name,
            prints=tuple(sorted(i for i in (*name.prints, *moved) if moved.get(i, name) is name)),
        )
        for name in elected
    ]
    return [name for name in kept if name.prints]


def _is_near(one: str, other: str) -> bool:
    return max(len(one), len(other)) >= _LONG and Levenshtein.distance(one, other) <= _NEAR


def _may_be_one(one: PrintedName, other: PrintedName) -> bool:
    """True when nothing that was read surely tells two prints apart."""
    if one.text == other.text:
        return True
    edits = [e for e in Levenshtein.editops(one.text, other.text) if e.tag != "equal"]
    longest = max(len(one.text), len(other.text))
    is_lone = len(edits) == 1 and longest >= _LONG
    alike = len(edits) <= _MOST_APART * longest
    return alike and all(_may_be_same(one, other, edit, is_lone=is_lone) for edit in edits)


def _may_be_same(one: PrintedName, other: PrintedName, edit: Editop, *, is_lone: bool) -> bool:
    """True when a difference may be one of reading: another character that one print itself thinks of,
    one that was hardly read, a lost end, a bracket or a stain."""
    i, j = edit.src_pos, edit.dest_pos
    if edit.tag != "replace":
        longer, at = (one, i) if edit.tag == "delete" else (other, j)
        shorter = other if longer is one else one
        is_end = at == len(longer.text) - 1 and not ends_like_employer(shorter.text)
        is_worn = is_lone and min(shorter.scores, default=1.0) < _UNREAD
        return is_end or is_worn or not longer.text[at].isalnum() or longer.scores[at] < _UNREAD
    a, b = one.text[i], other.text[j]
    if not (a.isalnum() and b.isalnum()) or a in other.others[j] or b in one.others[i]:
        return True
    scores = one.scores[i], other.scores[j]
    return (min if is_lone else max)(scores) < _UNREAD


def _elected(prints: Sequence[PrintedName], group: Sequence[int]) -> Elected:
    """Per place of the print that is most like the others, the character that is likeliest over all.

    A row under a seal shows little of it: each counts by how surely it shows anything in that place.
    """
    backbone = prints[max(group, key=lambda i: _agreement(prints, group, i))]
    weights: list[dict[str, float]] = [defaultdict(float) for _ in backbone.text]
    seen = [0.0] * len(backbone.text)
    for each in (prints[i] for i in group):
        for edit in Levenshtein.opcodes(backbone.text, each.text):
            if edit.tag not in ("equal", "replace"):
                continue
            for place, at in zip(
                range(edit.src_start, edit.src_end), range(edit.dest_start, edit.dest_end),
                strict=True,
            ):  # fmt: skip
                said = each.chances(at)
                best = max(said.values())
                seen[place] += best
                for character, chance in said.items():
                    weights[place][character] += chance * best
    elected = [min(said, key=lambda c: (-said[c], c)) for said in weights]
    chances = [
        {c: weight / most for c, weight in said.items()}
        for said, most in zip(weights, seen, strict=True)
    ]
    return _settled(elected, chances, tuple(group))


def _settled(
    elected: Sequence[str], chances: Sequence[Mapping[str, float]], group: tuple[int, ...]
) -> Elected:
    """The name with doubtful characters as words and places say that units' names are made of."""
    folded = [fold(c) if len(fold(c)) == 1 else c for c in elected]
    sure = [said[c] for c, said in zip(elected, chances, strict=True)]
    doubtful = [is_han(c) and chance < DOUBTFUL for c, chance in zip(elected, sure, strict=True)]
    said, covered = settled_by_words(folded, doubtful)
    head = place_at_head(said, doubtful, chances)
    if head is not None:
        said, covered = said[: head[0]] + head[1] + said[head[0] + 1 :], covered | {head[0]}
    text = "".join(
        said[i] if i in covered and said[i] != folded[i] else c for i, c in enumerate(elected)
    )
    open_chances = [
        chance
        for i, (c, chance) in enumerate(zip(elected, sure, strict=True))
        if is_han(c) and i not in covered
    ]
    return Elected(text, group, min(open_chances, default=1.0))


def _agreement(prints: Sequence[PrintedName], group: Sequence[int], i: int) -> tuple[float, float]:
    shared = sum(Levenshtein.normalized_similarity(prints[i].text, prints[j].text) for j in group)
    return (round(shared, 6), sum(prints[i].scores) / max(1, len(prints[i].scores)))
