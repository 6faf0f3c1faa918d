"""Text that remembers where each of its characters stands."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cache
from itertools import chain, pairwise
from statistics import median

from extractors.folding import fold, fold_character, is_han
from extractors.remembering import remember_last
from pipeline.model.document import Evidence
from pipeline.model.reading import Line, LineSource, PageReading, Rect

_OCR = LineSource.OCR
BREAK = "\n"
"""Stands between blocks of a run; it has no place of its own and borrows the glyph before it."""


@dataclass(slots=True, eq=False)
class Glyph:
    """One character of a line of a page. Not frozen, since it is made for every character read."""

    page: PageReading
    line: Line
    index: int

    @property
    def rect(self) -> Rect:
        return self.line.rect_of(self.index, self.index + 1)


@dataclass(slots=True, eq=False)
class TextRun:
    """Text joined from lines (or parts of them) in reading order; `glyphs[i]` is where `text[i]` stands.

    Slicing, matching and cleaning keep the link, so that every value found in a run has exact
    evidence, also when the sentence it stands in is broken over several lines.
    """

    text: str
    glyphs: tuple[Glyph, ...]

    @classmethod
    def of_line(cls, page: PageReading, line: Line) -> "TextRun":
        """The whole line, as read."""
        return _line_run(page, line)

    @classmethod
    def of_lines(cls, page: PageReading, lines: Iterable[Line]) -> "TextRun":
        """The lines one after another, with nothing between them."""
        return cls.join(cls.of_line(page, line) for line in lines)

    @classmethod
    def join(cls, runs: Iterable["TextRun"]) -> "TextRun":
        parts = list(runs)
        return cls(
            "".join([run.text for run in parts]),
            tuple(chain.from_iterable([run.glyphs for run in parts])),
        )

    def with_break(self) -> "TextRun":
        """The run with a block break behind it (an empty run stays empty)."""
        return TextRun(self.text + BREAK, (*self.glyphs, self.glyphs[-1])) if self.glyphs else self

    def __len__(self) -> int:
        return len(self.text)

    def __bool__(self) -> bool:
        return bool(self.text)

    def __getitem__(self, part: slice) -> "TextRun":
        return TextRun(self.text[part], self.glyphs[part])

    def folded(self) -> "TextRun":
        """Full-width letters, digits and punctuation as half-width, compatibility forms as plain ones."""
        plain = fold(self.text)
        if len(plain) == len(self.text):  # no fold is empty, so each character gave one
            return self if plain == self.text else TextRun(plain, self.glyphs)
        texts: list[str] = []
        glyphs: list[Glyph] = []
        for character, glyph in zip(self.text, self.glyphs, strict=True):
            plain = fold_character(character)
            texts.append(plain)
            glyphs.extend([glyph] * len(plain))
        return TextRun("".join(texts), tuple(glyphs))

    def compact(self) -> "TextRun":
        """Folded, and without white space but for block breaks: the form that patterns match on."""
        run = self.folded()
        if len("".join(run.text.split())) == len(run.text):
            return run
        kept = [i for i, c in enumerate(run.text) if c == BREAK or not c.isspace()]
        return TextRun("".join(run.text[i] for i in kept), tuple(run.glyphs[i] for i in kept))

    def spaced_words(self) -> str:
        """The text with the spaces between Latin words put back that `compact` took out."""
        parts: list[str] = []
        for i, (character, glyph) in enumerate(zip(self.text, self.glyphs, strict=True)):
            before = self.glyphs[i - 1] if i else glyph
            words = i and _is_latin(self.text[i - 1]) and _is_latin(character)
            apart = glyph.line is not before.line or glyph.index > before.index + 1
            parts.append(f" {character}" if words and apart else character)
        return "".join(parts)

    def strip(self, characters: str = " \t\u3000") -> "TextRun":
        """Without these characters at either end."""
        start = len(self.text) - len(self.text.lstrip(characters))
        return self[start : max(start, len(self.text.rstrip(characters)))]

    def gap_before(self, position: int) -> float:
        """Space between `text[position - 1]` and `text[position]`, in heights of the line.

        A white-space character between the two counts as at least 0.6; the start of the run and
        a step to another row count as endless.
        """
        if position <= 0 or position >= len(self.glyphs):
            return float("inf")
        before, after = self.glyphs[position - 1], self.glyphs[position]
        line, other = before.line, after.line
        step = other.spans[after.index][0] - line.spans[before.index][1]
        (_, top, _, bottom), (_, other_top, _, other_bottom) = line.rect, other.rect
        if line is other:
            gap = step / max(1.0, bottom - top)
            between = line.text[before.index + 1 : after.index]
            return max(gap, 0.6) if between.strip() != between or " " in between else gap
        if before.page is not after.page or min(bottom, other_bottom) <= max(top, other_top):
            return float("inf")
        return step / max(1.0, min(bottom - top, other_bottom - other_top))

    def gaps(self) -> list[float]:
        """`gap_before` of every position, the end of the run included."""
        found = [float("inf")]
        for position in range(1, len(self.glyphs)):
            before, after = self.glyphs[position - 1], self.glyphs[position]
            line = after.line
            if before.line is line and after.index == before.index + 1:
                _, top, _, bottom = line.rect
                step = line.spans[after.index][0] - line.spans[before.index][1]
                found.append(step / max(1.0, bottom - top))
            else:
                found.append(self.gap_before(position))
        if self.glyphs:
            found.append(float("inf"))
        return found

    def search(self, pattern: str | re.Pattern[str], start: int = 0) -> "RunMatch | None":
        """The first place where the pattern matches, with its groups as runs."""
        found = _compiled(pattern).search(self.text, start)
        return RunMatch(self, found) if found else None

    def finditer(self, pattern: str | re.Pattern[str]) -> Iterator["RunMatch"]:
        """Every place where the pattern matches."""
        for found in _compiled(pattern).finditer(self.text):
            yield RunMatch(self, found)

    def slices(self) -> tuple[tuple[PageReading, Line, int, int], ...]:
        """The run as parts of lines: page, line, first character, character after the last."""
        parts: list[tuple[PageReading, Line, int, int]] = []
        for glyph in self.glyphs:
            if parts and parts[-1][1] is glyph.line and parts[-1][3] <= glyph.index + 1:
                page, line, start, _ = parts[-1]
                parts[-1] = (page, line, start, glyph.index + 1)
            else:
                parts.append((glyph.page, glyph.line, glyph.index, glyph.index + 1))
        return tuple(parts)

    def evidence(self) -> tuple[Evidence, ...]:
        """One box per line the run stands on, in reading order; empty for an empty run."""
        return tuple(
            Evidence(
                page=page.number,
                box=page.quad(line.rect_of(start, end)),
                raw=line.text[start:end],
            )
            for page, line, start, end in self.slices()
        )

    @property
    def raw(self) -> str:
        """The text as it stood on the page, before folding."""
        return "".join(line.text[start:end] for _, line, start, end in self.slices())

    @property
    def confidence(self) -> float:
        """The lowest recogniser score of the lines the run stands on (1 for an empty run)."""
        return min((line.confidence for _, line, _, _ in self.slices()), default=1.0)

    @property
    def weakest(self) -> float:
        """The lowest recogniser score of a character of the run (1 where none were given)."""
        return min(
            (
                g.line.scores[g.index]
                for g in self.glyphs
                if g.line.scores and not g.line.text[g.index].isspace()
            ),
            default=1.0,
        )

    def others(self) -> list[tuple[int, str, float]]:
        """What unsure characters of the run may be as well: place in `text`, character, its chance as
        a share of what the character that was taken has. The likeliest first."""
        found = [
            (i, other, chance / max(chance, _score(glyph)))
            for i, glyph in enumerate(self.glyphs)
            for doubt in glyph.line.doubts
            if doubt.at == glyph.index and self.text[i] == glyph.line.text[glyph.index]
            for other, chance in zip(doubt.others, doubt.chances, strict=True)
        ]
        return sorted(found, key=lambda each: (-each[2], each[0], each[1]))

    def has_lost_end(self) -> bool:
        """True when a line's box goes on well past its last character, and the run ends with it.

        A recogniser leaves out a character it does not know; the detector's box still covers it.
        """
        return any(
            end == len(line.text) and _goes_past_text(line) for _, line, _, end in self.slices()
        )

    def has_lost_start(self) -> bool:
        """True when a line's box begins well before its first character, and the run with it.

        Where the box is as much too wide at its other end, it is only wide.
        """
        return any(start == 0 and _begins_before_text(line) for _, line, start, _ in self.slices())

    def has_lost_inside(self) -> bool:
        """True when two neighbouring ideographs stand so far apart that one between them was not read.

        Print sets ideographs evenly; under a seal a recogniser leaves single ones out and closes up
        the text. For names of units and schools, not for persons' (which may be spaced).
        """
        pairs = [
            (before, after)
            for before, after in pairwise(self.glyphs)
            if before.line is after.line
            and before.line.source is _OCR
            and after.index == before.index + 1
            and is_han(before.line.text[before.index])
            and is_han(after.line.text[after.index])
        ]
        steps = [_middle(after) - _middle(before) for before, after in pairs]
        if len(steps) < _STEPS_TO_JUDGE:
            return False
        return max(steps) > _LOST_STEP * max(1.0, median(steps))

    def alternative(self) -> "TextRun | None":
        """The run as the second recogniser read it, or None when there was no other reading."""
        if not any(line.alternative for _, line, _, _ in self.slices()):
            return None
        runs = []
        seconds: dict[int, Line] = {}
        for page, line, start, end in self.slices():
            if line.alternative is None:
                runs.append(TextRun.of_line(page, line)[start:end])
                continue
            second = seconds.setdefault(id(line), _second_line(line))
            first, last = (_carry(line.text, second.text, at) for at in (start, end))
            runs.append(TextRun.of_line(page, second)[first:last])
        return TextRun.join(runs)


def _score(glyph: Glyph) -> float:
    return glyph.line.scores[glyph.index] if glyph.line.scores else 1.0


@cache
def _compiled(pattern: str | re.Pattern[str]) -> re.Pattern[str]:
    """The pattern, compiled once: there are more of them than the `re` module remembers."""
    return re.compile(pattern)


@remember_last(4096)
def _line_run(page: PageReading, line: Line) -> TextRun:
    return TextRun(line.text, tuple([Glyph(page, line, i) for i in range(len(line.text))]))


@dataclass(frozen=True, slots=True, eq=False)
class RunMatch:
    """A match of a pattern in a run."""

    run: TextRun
    match: re.Match[str]

    @property
    def start(self) -> int:
        return self.match.start()

    @property
    def end(self) -> int:
        return self.match.end()

    def has(self, group: str | int) -> bool:
        return self.match[group] is not None

    def group(self, group: str | int = 0) -> TextRun:
        """The group as a run (empty when it took no part in the match)."""
        if self.match[group] is None:
            return TextRun("", ())
        start, end = self.match.span(group)
        return self.run[start:end]


def _is_latin(character: str) -> bool:
    return character.isalpha() and character < "\u0250"


_LOST_HEIGHTS = 0.66
_LOST_ADVANCES = 0.75
"""From the middle of the last character to the box's edge: more than this is room for another one.

Of 2554 lines of drawn papers that end in an ideograph, 98 in 100 stay under half a height; all
of the 43 beyond these bounds had lost a character.
"""


def _goes_past_text(line: Line) -> bool:
    if line.source is not _OCR or not line.text:
        return False
    start, end = line.spans[-1]
    margin = line.rect[2] - (start + end) / 2
    return margin > _LOST_HEIGHTS * line.height and margin > _LOST_ADVANCES * (end - start)


_LOST_START = 0.8
_LOPSIDED = 0.45


def _begins_before_text(line: Line) -> bool:
    if line.source is not _OCR or not line.text.strip() or not is_han(line.text[0]):
        return False
    (first, second), (third, fourth) = line.spans[0], line.spans[-1]
    left = (first + second) / 2 - line.rect[0]
    right = line.rect[2] - (third + fourth) / 2
    return left > _LOST_START * line.height and left - right > _LOPSIDED * line.height


def _second_line(line: Line) -> Line:
    """The line as the second recogniser read it, its characters where the first one's stand.

    A character that only the second one saw stands in the space between its neighbours.
    """
    other = line.alternative or ""
    spans: list[tuple[float, float]] = []
    scores: list[float] = []
    for tag, a0, a1, b0, b1 in _edits(line.text, other):
        if tag == "equal":
            spans.extend(line.spans[a0:a1])
            scores.extend(line.scores[a0:a1])
            continue
        left = line.spans[a0][0] if a1 > a0 else line.spans[a0 - 1][1] if a0 else line.rect[0]
        right = (
            line.spans[a1 - 1][1] if a1 > a0
            else line.spans[a0][0] if a0 < len(line.spans) else line.rect[2]
        )  # fmt: skip
        spans.extend(_evenly(left, right, b1 - b0))
        scores.extend([_SECOND_SCORE] * (b1 - b0))
    for tag, _, _, b0, b1 in _edits(line.text, other):
        if tag == "insert":  # its neighbours closed up over it: they move apart again
            first, last = max(0, b0 - _MOVED), min(len(spans), b1 + _MOVED)
            spans[first:last] = _evenly(spans[first][0], spans[last - 1][1], last - first)
    return line.model_copy(
        update={
            "text": other, "spans": tuple(spans), "alternative": None, "doubts": (),
            "scores": tuple(scores) if line.scores else (),
        }
    )  # fmt: skip


_MOVED = 2


def _evenly(left: float, right: float, count: int) -> list[tuple[float, float]]:
    step = (right - left) / max(1, count)
    return [(left + i * step, left + (i + 1) * step) for i in range(count)]


_SECOND_SCORE = 0.6
"""What a character counts of which the two recognisers say different things."""


def _edits(text: str, other: str) -> Sequence[tuple[str, int, int, int, int]]:
    return SequenceMatcher(None, text, other, autojunk=False).get_opcodes()


def _carry(text: str, other: str, position: int) -> int:
    """Where the boundary `position` of `text` falls in `other`, by aligning the two."""
    for _, a0, a1, b0, b1 in _edits(text, other):
        if a0 <= position <= a1 and (position < a1 or a1 == len(text)):
            return min(b1, b0 + position - a0) if position < a1 else b1
    return len(other)


def _middle(glyph: Glyph) -> float:
    return (glyph.rect[0] + glyph.rect[2]) / 2


_STEPS_TO_JUDGE = 4
_LOST_STEP = 1.5
"""Steps between neighbouring ideographs of a whole name stay within 1.3 of the usual one; a lost
character makes one of 1.55 and more (readings of drawn papers)."""
