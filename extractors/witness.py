"""A second print of the same value on the same paper: what a QR code says, what another line says.

A witness decides only where the reading itself is unsure. Where the print was read surely and says
something else, the print stands, and checks show the difference.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from extractors.confidence import Grammar
from extractors.fields import REPAIR_PRINT, Candidate, FieldSheet, Parsed, Parser, build_field
from extractors.folding import compact
from extractors.textrun import TextRun
from pipeline.model.document import Field
from pipeline.model.reading import PageReading

REPAIR_CODE = "按二维码内容更正一字"
_UNSURE = 0.93
"""A character read less surely than this may be another one."""
_MOST_DIFFERENCES = 2
_DIFFERING = 0.8


def said_by_codes(pages: Iterable[PageReading]) -> frozenset[str]:
    """The separate words of the payloads of the codes on the pages, folded and without spaces."""
    payloads = [code.payload for page in pages for code in page.codes]
    words = (word for payload in payloads for word in re.split(r"[;；,，|\n\t&=:：?]", payload))
    return frozenset(plain for word in words if len(plain := compact(word)) >= 2)


def witnessed(parser: Parser, words: frozenset[str]) -> Parser:
    """The parser, its value borne out by a code's words, or put right by them where it was unsure."""
    if not words:
        return parser

    def bears_out(run: TextRun) -> Parsed | None:
        parsed = parser(run)
        if parsed is None or not isinstance(parsed.value, str):
            return parsed
        if compact(parsed.value) in words:
            return replace(parsed, grammar=Grammar.CHECKED)
        part = (parsed.part or run).compact()
        ways = [word for word in words if _may_be(word, part, compact(parsed.value))]
        if len(ways) != 1:
            return parsed
        return Parsed(ways[0], Grammar.CHECKED, (*parsed.repairs, REPAIR_CODE), parsed.part)

    return bears_out


def _may_be(word: str, part: TextRun, value: str) -> bool:
    """True when the word differs from what was read only in characters that were read unsurely."""
    if len(word) != len(value) or part.text != value:
        return False
    differing = [i for i in range(len(word)) if word[i] != value[i]]
    return 0 < len(differing) <= min(_MOST_DIFFERENCES, len(word) - 1) and all(
        part[i : i + 1].weakest < _UNSURE or {word[i], value[i]} in _LETTER_OR_DIGIT
        for i in differing
    )


_LETTER_OR_DIGIT = [set(pair) for pair in ("O0", "D0", "Q0", "I1", "L1", "Z2", "S5", "G6", "B8")]
"""Pairs of which a recogniser cannot be sure, however sure it is."""


def take_with_witnesses(
    sheet: FieldSheet,
    name: str,
    candidates: Sequence[Candidate],
    parser: Parser,
    reason: str,
    *,
    witnesses: Sequence[Candidate] = (),
) -> Field | None:
    """`FieldSheet.take`, for a value that the paper prints in several places.

    The first that can be read is taken. Another print that says the same makes it sure; one that
    differs in a look-alike is taken instead where its characters were read more surely, and leaves
    a doubt. `witnesses` are prints that only bear out or contradict.
    """
    first = sheet.take(name, candidates, parser, reason)
    if first is None or not isinstance(first.value, str):
        return first
    others = [
        (made, made.value)
        for candidate in (*candidates, *witnesses)
        if (made := build_field(name, candidate, parser)) is not None
        and isinstance(made.value, str)
        and not _same_place(made, first)
    ]
    if any(value == first.value for _, value in others):
        lifted = round(1 - (1 - first.confidence) * _AGREEING, 4)
        sheet.replace(first.model_copy(update={"confidence": lifted}))
        return sheet.fields[name]
    rivals = [made for made, value in others if _look_alike(value, first.value)]
    if not rivals:
        return first
    best = max([first, *rivals], key=lambda made: made.confidence)
    repairs = best.repairs if best is first else (*best.repairs, REPAIR_PRINT)
    confidence = round(best.confidence * _DIFFERING, 4)
    sheet.replace(best.model_copy(update={"confidence": confidence, "repairs": repairs}))
    return sheet.fields[name]


_AGREEING = 0.4
"""What is left of the doubt when two prints of one value were read alike."""


def _same_place(made: Field, other: Field) -> bool:
    return bool({e.box for e in made.evidence} & {e.box for e in other.evidence})


def _look_alike(value: str, other: str) -> bool:
    """True for two readings of one name: as long as each other, one character in four at most differs."""
    differing = sum(a != b for a, b in zip(value, other, strict=False))
    return len(value) == len(other) and 0 < differing <= max(1, len(value) // 4)
