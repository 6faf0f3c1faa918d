"""The closing of a letter: the unit that signs it and the date below, at the end of the paper."""

import re
from collections.abc import Sequence
from itertools import pairwise

from extractors.dates import dates_in
from extractors.employers import ends_like_employer, has_hole, parse_employer
from extractors.fields import Candidate
from extractors.layout import rows_of, text_lines
from extractors.textrun import TextRun
from extractors.unit_lines import without_rims
from pipeline.model.reading import PageReading

_LABEL = re.compile(
    r"^(?:[^:]{0,14}(?:单位|公司|甲方|承诺|盖章|公章|签章|落款)[^:]{0,10})[:]|\((?:盖章|公章|单位公章|签章|加盖公章|章)\)"
)
_NOT_CLOSING = re.compile(r"出生|入学|毕业|起|至|有效期|从事|参加工作|期间|任职")


def closing_date(pages: Sequence[PageReading]) -> list[Candidate]:
    """Dates that stand at the end of the paper, the last first; dates inside sentences come after."""
    alone: list[Candidate] = []
    inside: list[Candidate] = []
    for page in pages:
        for row in rows_of(text_lines(page)):
            run = TextRun.of_lines(page, row).compact()
            for date, part in dates_in(run):
                rest = run.text[: date.start] + run.text[date.end :]
                if not date.value.has_day or _NOT_CLOSING.search(rest):
                    continue
                is_alone = len(rest) <= 12 or bool(re.search(r"日期:?$", run.text[: date.start]))
                (alone if is_alone else inside).append(Candidate(part, 0.98 if is_alone else 0.85))
    return alone[::-1] or inside[::-1]


def closing_employers(pages: Sequence[PageReading]) -> list[Candidate]:
    """Rows of the last half of the paper that are nothing but a unit's name, the last first.

    Lines that stand close to one another are one row: a name that a seal broke in two is no name.
    """
    found: list[Candidate] = []
    for page in pages:
        rows = rows_of(without_rims(text_lines(page)))
        for row in rows[len(rows) // 2 :]:
            for run in _close_together(TextRun.of_lines(page, row).compact()):
                label = run.search(_LABEL)
                part = run[label.end :] if label and label.start == 0 else run
                name = parse_employer(part.raw)
                is_alone = not re.search(r"[,，。;:][^\n]{3}", part.text)
                if name and is_alone and ends_like_employer(name) and not has_hole(part):
                    found.append(Candidate(part, 0.93))
    return found[::-1]


def _close_together(run: TextRun) -> list[TextRun]:
    """The run cut where more than three line heights are empty."""
    cuts = [0, *(i for i in range(1, len(run)) if run.gap_before(i) > 3.0), len(run)]
    return [run[a:b] for a, b in pairwise(cuts) if b > a]
