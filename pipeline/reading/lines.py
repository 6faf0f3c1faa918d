"""Lines read on an upright picture: the tiny recogniser first, the small one where that is not enough."""

import re
from dataclasses import dataclass, field
from functools import partial

from pipeline.model.reading import Line
from pipeline.reading.crops import bounds, cut
from pipeline.reading.ctc import Recognised, spans
from pipeline.reading.engine import Boxes, Engine, Image, Strength
from pipeline.reading.weave import weave

_SURE_DIGITS = 0.95
_SURE_TEXT = 0.995
"""Least character confidence above which no tiny reading of 2 300 lines was wrong (digits, text)."""
_NOISE_SHORT = 0.5
_NOISE = 0.3
_NAMED = re.compile(r"姓\s*名|学生|同志|职工|[甲乙]方|负责人|代表人|参保人|持证人|证明|[·•・]")
_SHORT = re.compile(r"[\u3400-\u9fff]{2,4}")
_DIGITS = re.compile(r"[0-9]")


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads boxes of one upright picture with one engine.

    `confirmed` are short texts that both recognisers read alike on this picture: they are not read
    twice again (a table says 已缴 three dozen times).
    """

    image: Image
    engine: Engine
    confirmed: set[str] = field(default_factory=set)

    def read(self, box: Boxes) -> Line | None:
        """The line in one box `(4, 2)`, or None when nothing reads there."""
        crop = cut(self.image, box)
        first = self.engine.recognise(crop)
        chosen = first
        if is_doubtful(first) or (may_name(first.text) and first.text not in self.confirmed):
            second = self.engine.recognise(crop, Strength.SMALL)
            chosen = weave(first, second, partial(self.engine.knows, strength=Strength.TINY))
            if second.text == first.text:
                self.confirmed.add(first.text)
        alternative = first.text if first.text != chosen.text and first.text else None
        if not chosen.text.strip() or is_noise(chosen):
            return None
        return as_line(chosen, box, alternative)


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
    )
