"""A PDF's text layer against the page's picture, by position: geometry and characters, no pixels.

The picture decides what is on the page, the layer what exactly its characters are. Where the
recogniser is sure of something else than the layer says, the picture wins and the place is named.
"""

import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from pipeline.model.reading import Line, LineSource, Rect, join_rects
from pipeline.reading.ctc import Glyph

_SURE = 0.9
_GAP = 2.0
_STACKED = 0.3
"""Rows that share less of their height than this stand one under the other."""
_UNSEEN = " \t\u3000\u00a0\u00ad\u200b\ufeff"
_DOTS = dict.fromkeys(map(ord, "·•・‧∙⋅●."), None)
_SAME = str.maketrans("〇○Ｏ０O—–－─﹣‐―〈〉“”‘’、；：，。", "00000-------<>\"\"'',;:,.")


@dataclass(frozen=True, slots=True)
class LayerCharacter:
    """A character of the text layer, its rectangle in the upright frame, and which one it is.

    `place` is the number of its line in the layer and its own number in that line.
    """

    char: str
    rect: Rect
    place: tuple[int, int] = (0, 0)

    @property
    def middle(self) -> tuple[float, float]:
        return ((self.rect[0] + self.rect[2]) / 2, (self.rect[1] + self.rect[3]) / 2)


def folded(char: str) -> str:
    """A character as it is compared: width, dots, dashes and zeros folded, spaces gone."""
    plain = unicodedata.normalize("NFKC", char).translate(_SAME).translate(_DOTS)
    return "".join(c for c in plain if c not in _UNSEEN)


def contradicts(layer: str, glyphs: Sequence[Glyph], is_known: Callable[[str], bool]) -> bool:
    """True when the picture surely says something else than the layer.

    A character of the layer is contradicted when the recogniser knows that character, is sure of
    another one in its place, and does not hold the layer's for possible; or when it is sure of
    characters that the layer lacks, or of the absence of digits that the layer has. What the
    recogniser cannot know (rare characters) or is unsure of contradicts nothing.
    """
    ours = [(f, g) for g in glyphs for f in folded(g.char)]
    theirs = [(f, char) for char in layer for f in folded(char)]
    edits = Levenshtein.editops("".join(f for f, _ in theirs), "".join(f for f, _ in ours))
    missing = 0
    for edit in edits:
        if edit.tag == "delete":
            char = theirs[edit.src_pos][1]
            missing += is_known(char) and (char.isalnum() or unicodedata.category(char) == "Lo")
        elif edit.tag == "insert":
            glyph = ours[edit.dest_pos][1]
            if glyph.confidence >= _SURE and glyph.char.isalnum():
                return True
        elif _is_other(theirs[edit.src_pos][1], ours[edit.dest_pos][1], is_known):
            return True
    return missing > max(1, len(theirs) // 4)


def _is_other(char: str, glyph: Glyph, is_known: Callable[[str], bool]) -> bool:
    if not is_known(char) or glyph.confidence < _SURE:
        return False
    return folded(char) not in {folded(other) for other, _ in glyph.alternatives}


def inside(rect: Rect, characters: Sequence[LayerCharacter]) -> tuple[LayerCharacter, ...]:
    """The characters whose middle lies in the rectangle, from left to right."""
    x0, y0, x1, y1 = rect
    found = [c for c in characters if x0 - 1 <= c.middle[0] <= x1 + 1 and y0 <= c.middle[1] <= y1]
    return tuple(sorted(found, key=lambda c: (c.middle[0], c.rect[0])))


def stacked(characters: Sequence[LayerCharacter]) -> list[tuple[LayerCharacter, ...]]:
    """The characters of one detected box by the rows they stand in, from top to bottom.

    A detector sees two rows that are set close (a name broken in a narrow cell) as one.
    """
    lines: dict[int, list[LayerCharacter]] = {}
    for char in characters:
        lines.setdefault(char.place[0], []).append(char)
    rows: list[list[LayerCharacter]] = []
    for line in sorted(lines.values(), key=lambda chars: join_rects(c.rect for c in chars)[1]):
        home = next((row for row in rows if _level(row, line)), None)
        if home is None:
            rows.append(line)
        else:
            home.extend(line)
    return [tuple(sorted(row, key=lambda c: (c.middle[0], c.rect[0]))) for row in rows]


def _level(row: Sequence[LayerCharacter], line: Sequence[LayerCharacter]) -> bool:
    """True unless the two stand one under the other, with hardly a common height."""
    a, b = join_rects(c.rect for c in row), join_rects(c.rect for c in line)
    shared = min(a[3], b[3]) - max(a[1], b[1])
    return shared > _STACKED * min(a[3] - a[1], b[3] - b[1])


def layer_line(characters: Sequence[LayerCharacter]) -> Line:
    """The characters (at least one) as a line of the text layer, surely read.

    Spaces at its ends are left out.
    """
    kept = list(characters)
    while len(kept) > 1 and kept[0].char in _UNSEEN:
        kept.pop(0)
    while len(kept) > 1 and kept[-1].char in _UNSEEN:
        kept.pop()
    pieces = [(piece, c.rect) for c in kept for piece in c.char]
    return Line(
        text="".join(piece for piece, _ in pieces),
        rect=join_rects(c.rect for c in kept),
        confidence=1.0,
        spans=tuple((round(r[0], 1), round(r[2], 1)) for _, r in pieces),
        source=LineSource.TEXT_LAYER,
    )


def pieces_without(rect: Rect, covered: Sequence[Rect], height: float) -> list[tuple[float, float]]:
    """Left and right edges of the stretches of `rect` that none of `covered` reaches.

    Stretches narrower than half of `height` are left out.
    """
    pieces: list[tuple[float, float]] = []
    left = rect[0]
    for other in sorted(covered):
        if other[0] - left > 0.5 * height:
            pieces.append((left, other[0]))
        left = max(left, other[2])
    if rect[2] - left > 0.5 * height:
        pieces.append((left, rect[2]))
    return pieces


def grouped(characters: Sequence[LayerCharacter]) -> list[list[LayerCharacter]]:
    """Characters by the lines in which the layer has them, parted where some of a line are missing."""
    groups: list[list[LayerCharacter]] = []
    for char in sorted(characters, key=lambda c: c.place):
        if groups and char.place[0] == groups[-1][-1].place[0]:
            last = groups[-1][-1]
            high = max(last.rect[3] - last.rect[1], 1.0)
            if char.place[1] == last.place[1] + 1 and char.rect[0] - last.rect[2] < _GAP * high:
                groups[-1].append(char)
                continue
        groups.append([char])
    return [group for group in groups if any(c.char.strip() for c in group)]
