"""Lines read on an upright picture: the tiny recogniser first, the small one where that is not enough."""

import re
from dataclasses import dataclass

from pipeline.model.reading import Line, Rect
from pipeline.reading.crops import cut
from pipeline.reading.ctc import Recognised, spans
from pipeline.reading.engine import Boxes, Engine, Image, Strength

_SURE_LINE = 0.97
_SURE_GLYPH = 0.85
_CRITICAL = re.compile(
    r"[0-9〇○零一二三四五六七八九十]|姓名|名称|单位|公司|号码|编号|专业|院校|学校|大学|学院|日期"
)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads boxes of one upright picture with one engine."""

    image: Image
    engine: Engine

    def read(self, box: Boxes) -> Line | None:
        """The line in one box `(4, 2)`, or None when nothing reads there."""
        crop = cut(self.image, box)
        first = self.engine.recognise(crop)
        chosen, alternative = first, None
        if is_doubtful(first):
            chosen = self.engine.recognise(crop, Strength.SMALL)
            if first.text != chosen.text and first.text:
                alternative = first.text
        if not chosen.text.strip():
            return None
        return as_line(chosen, box, alternative)


def is_doubtful(found: Recognised) -> bool:
    """True when a tiny reading is to be read again: unsure, or holding what decisions rest on."""
    if found.score < _SURE_LINE or any(g.confidence < _SURE_GLYPH for g in found.glyphs):
        return True
    return bool(_CRITICAL.search(found.text))


def as_line(found: Recognised, box: Boxes, alternative: str | None) -> Line:
    """A recognised box as a line of the upright frame."""
    low, high = box.min(axis=0), box.max(axis=0)
    rect: Rect = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
    edges = spans(found, rect[0], rect[2], rect[3] - rect[1])
    return Line(
        text=found.text,
        rect=rect,
        confidence=round(found.score, 4),
        spans=tuple((round(float(a), 1), round(float(b), 1)) for a, b in edges),
        alternative=alternative,
    )
