"""What the rim of a seal says of a school: a witness to the printed name, never a value by itself.

A rim seldom reads whole, so what it says alone is no name; but where the print lacks characters that
a seal hides, the seal of the same school may have them.
"""

import re
from collections.abc import Iterable, Sequence

from extractors.confidence import Grammar
from extractors.fields import Candidate, Parsed, Parser
from extractors.folding import compact
from extractors.names import ends_like_institution, parse_institution
from extractors.textrun import TextRun
from pipeline.model.reading import Line, PageReading

REPAIR_SEAL = "按印章环形文字补字"
_NAME = re.compile(
    r"[^0-9A-Za-z★☆*.,，。]{3,40}?(?:大学|学院|学校|中学|研究院|研究所|分校)(?![学校院])"
)
_MOST_HIDDEN = 2
_LEAST_SHOWN = 4


def seal_runs(pages: Iterable[PageReading]) -> list[TextRun]:
    """The names of schools that rims of seals say, each placed at its seal."""
    runs = []
    for page in pages:
        for seal in page.seals:
            for found in _NAME.finditer(compact(seal.text)):
                text = found[0]
                line = Line(
                    text=text, rect=seal.rect, confidence=seal.confidence,
                    spans=((seal.rect[0], seal.rect[2]),) * len(text),
                )  # fmt: skip
                runs.append(TextRun.of_line(page, line))
    return runs


def completed_by_seals(parser: Parser, seals: Sequence[TextRun]) -> Parser:
    """The parser; a name that it refuses is completed where a seal's name holds all of its characters
    in their order and one or two more."""
    names = {compact(run.text) for run in seals}

    def parse(run: TextRun) -> Parsed | None:
        parsed = parser(run)
        if parsed is not None or not names:
            return parsed
        shown = compact(parse_institution(run.text) or "")
        ways = [name for name in names if _completes(name, shown)]
        if len(ways) != 1:
            return None
        return Parsed(ways[0], Grammar.LOOSE, (REPAIR_SEAL,))

    return parse


def _completes(name: str, shown: str) -> bool:
    rest = iter(name)
    return (
        len(shown) >= _LEAST_SHOWN
        and 0 < len(name) - len(shown) <= _MOST_HIDDEN
        and ends_like_institution(name)
        and all(character in rest for character in shown)
    )


def as_witnesses(seals: Iterable[TextRun]) -> list[Candidate]:
    """The seals' names as prints that may bear out, or contradict, a name read elsewhere."""
    return [Candidate(run, 0.5) for run in seals]
