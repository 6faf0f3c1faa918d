"""Lines read on an upright picture: the tiny recogniser first, the small one where that is not enough."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import cv2

from pipeline.model.reading import Doubt, Line, Rect
from pipeline.reading.crops import bounds, cut, heightened
from pipeline.reading.ctc import Glyph, Recognised, spans
from pipeline.reading.engine import Boxes, Engine, Image, Strength
from pipeline.reading.order import overlap
from pipeline.reading.settle import is_settled, settle, with_lost
from pipeline.reading.techniques import ALL, Techniques
from pipeline.reading.votes import FIRST_IDEOGRAPH, vote
from pipeline.reading.weave import weave, with_dropped

_SURE_DIGITS = 0.95
_SURE_TEXT = 0.995
"""Least character confidence above which no tiny reading of 2 300 lines was wrong (digits, text)."""
_SHAKY = 0.9
"""A line whose least sure letter, digit or ideograph is below this is read several times more."""
_HIGHER = 0.15
_LOWER = -0.05
"""By how much of its height a box grows or shrinks, above and below, for a further reading."""
_ALIKE = 1.0
_SURE_IDEOGRAPH = 0.95
_LEAST_CHANCE = 0.02
"""What else an ideograph may be is kept where it is less sure than that, and what is likelier than this."""
_NOISE_SHORT = 0.5
_NOISE = 0.3
_NAMED = re.compile(r"姓\s*名|学生|同志|职工|[甲乙]方|负责人|代表人|参保人|持证人|证明|[·•・]")
_SHORT = re.compile(r"[\u3400-\u9fff]{2,4}")
_LONE = re.compile(r"[\u3400-\u9fff]")
_TWO_WIDE = 1.4
_DIGITS = re.compile(r"[0-9]")


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads boxes of one upright picture with one engine.

    `others` are the same picture treated otherwise (e.g. with the red ink left in): what reads
    doubtfully, or stands under one of the `seals`, is read there too. `confirmed` are short texts that both recognisers read alike on
    this picture: they are not read twice again (a table says 已缴 three dozen times).
    """

    image: Image
    engine: Engine
    others: tuple[Image, ...] = ()
    seals: tuple[Rect, ...] = ()
    techniques: Techniques = ALL
    confirmed: set[str] = field(default_factory=set)

    def read(self, box: Boxes) -> Line | None:
        """The line in one box `(4, 2)`, or None when nothing reads there."""
        crop = cut(self.image, box)
        first = self.engine.recognise(crop)
        chosen = first
        said = [first.text]
        if not self.techniques.second:
            return self._line(first, box, said)
        sealed = any(overlap(bounds(box), seal) > 0 for seal in self.seals)
        may_be_name = may_name(first.text) or has_room(first.text, crop)
        if sealed or is_doubtful(first) or (may_be_name and first.text not in self.confirmed):
            names = self.techniques.names and may_be_name
            second = self.engine.recognise(crop, Strength.SMALL, names=names)
            smalls = [second]
            chosen = weave(first, second, self._is_common)
            if second.text == first.text:
                self.confirmed.add(first.text)
            doubtful = sealed or differ(first, second) or is_shaky(chosen) or is_shaky(second)
            if doubtful and self.techniques.votes:
                smalls += self._further(box, crop, names=names)
                said += [reading.text for reading in smalls]
                elected = vote([first, *smalls])
                chosen = with_dropped(first, elected)
            if names and not (is_settled(chosen) and is_settled(second)):
                others = self._others(box, crop, _length(chosen))
                height = crop.shape[0] / crop.shape[1]
                chosen = settle(with_lost(chosen, others[0], height), smalls, others)
        return self._line(chosen, box, said)

    def _line(self, chosen: Recognised, box: Boxes, said: Sequence[str]) -> Line | None:
        if not chosen.text.strip() or is_noise(chosen):
            return None
        return as_line(chosen, box, next((t for t in said if t and t != chosen.text), None))

    def _others(self, box: Boxes, crop: Image, length: int) -> list[Recognised]:
        """What the recogniser says that learned from other pictures; of a lower crop as well, where
        it sees less than `length` letters, digits and ideographs."""
        first = self.engine.recognise(crop, Strength.MOBILE, names=True)
        if _length(first) >= length:
            return [first]
        lower = cut(self.image, heightened(box, _LOWER))
        return [first, self.engine.recognise(lower, Strength.MOBILE, names=True)]

    def _further(self, box: Boxes, crop: Image, *, names: bool) -> list[Recognised]:
        """More readings by the stronger recogniser: other crops, and the page treated otherwise.

        Where the other treatments leave the line as it is, the box itself is varied more instead.
        """
        others = [c for o in self.others if _differs(c := cut(o, box), crop)]
        crops = [cut(self.image, heightened(box, _LOWER)), *others]
        if len(others) < 2:
            crops.append(cut(self.image, heightened(box, _HIGHER)))
        return [self.engine.recognise(crop, Strength.SMALL, names=names) for crop in crops]

    def _is_common(self, char: str) -> bool:
        return self.engine.knows(char, Strength.TINY)


def is_shaky(found: Recognised) -> bool:
    """True when a letter, digit or ideograph of a reading is unsure."""
    return any(g.confidence < _SHAKY for g in found.glyphs if g.char.isalnum())


def differ(first: Recognised, second: Recognised) -> bool:
    """True when one of two readings has more letters, digits and ideographs than the other."""
    return _length(first) != _length(second)


def _length(found: Recognised) -> int:
    return sum(glyph.char.isalnum() for glyph in found.glyphs)


def _differs(crop: Image, other: Image) -> bool:
    """True when two crops of one box differ by more than their grain."""
    return float(cv2.absdiff(crop, other).mean()) > _ALIKE


def is_doubtful(found: Recognised) -> bool:
    """True when a tiny reading is to be read again, by its least sure character.

    Text asks for more than digits do: the tiny recogniser lacks rare characters.
    """
    least = min((g.confidence for g in found.glyphs), default=0.0)
    return least < (_SURE_DIGITS if _DIGITS.search(found.text) else _SURE_TEXT)


def may_name(text: str) -> bool:
    """True for a line that may hold a person's name.

    Such a line is always read again: the tiny recogniser takes a rare character for a common one
    and is sure of it.
    """
    return bool(_NAMED.search(text) or _SHORT.fullmatch(text.strip()))


def has_room(text: str, crop: Image) -> bool:
    """True for a lone ideograph on a crop as wide as two: the tiny recogniser saw half a name."""
    return bool(_LONE.fullmatch(text.strip())) and crop.shape[1] > _TWO_WIDE * crop.shape[0]


def is_noise(found: Recognised) -> bool:
    """True for what a recogniser makes of ornaments, portraits and bits of a seal."""
    return found.score < (_NOISE_SHORT if len(found.text.strip()) <= 2 else _NOISE)


def as_line(found: Recognised, box: Boxes, alternative: str | None) -> Line:
    """A recognised box as a line of the upright frame."""
    rect = bounds(box)
    edges = spans(found, rect[0], rect[2], rect[3] - rect[1])
    return Line(
        text=found.text,
        rect=rect,
        confidence=round(found.score, 4),
        spans=tuple((round(float(a), 1), round(float(b), 1)) for a, b in edges),
        alternative=alternative,
        scores=tuple(round(glyph.confidence, 3) for glyph in found.glyphs),
        doubts=tuple(doubts(found.glyphs)),
    )


def doubts(glyphs: Sequence[Glyph]) -> Iterator[Doubt]:
    """What the ideographs among `glyphs` that were read unsurely may be as well."""
    for at, glyph in enumerate(glyphs):
        if glyph.confidence >= _SURE_IDEOGRAPH or glyph.char < FIRST_IDEOGRAPH:
            continue
        others = [
            (char, round(chance, 3))
            for char, chance in glyph.alternatives
            if chance >= _LEAST_CHANCE and char >= FIRST_IDEOGRAPH
        ]
        if others:
            yield Doubt(
                at=at,
                others="".join(char for char, _ in others),
                chances=tuple(chance for _, chance in others),
            )
