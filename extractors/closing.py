"""The closing of a letter: the unit that signs it and the date below, at the end of the paper."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from extractors.dates import FoundDate, dates_in
from extractors.employers import employer_parser, ends_like_employer, is_end_of_name
from extractors.fields import Candidate, FieldSheet, date_parser
from extractors.folding import compact, is_han
from extractors.layout import horizontal_overlap, rows_of, text_lines
from extractors.textrun import TextRun
from extractors.unit_lines import without_rims
from pipeline.model.document import Unreadable
from pipeline.model.reading import PageReading, join_rects

_LABEL = re.compile(
    r"^(?:[^:]{0,14}(?:单位|公司|甲方|承诺|盖章|公章|签章|落款)[^:]{0,10})[:]|\((?:盖章|公章|单位公章|签章|加盖公章|章)\)"
)
_UNREAD = "落款日期未能识别"
_HALF_DATE = re.compile(
    r"(?:\d{0,2}月)?\d{0,2}日|[^,，。;:]{0,8}(?:19|20)\d{2}年(?:\d{1,2}月?)?\d{0,2}[^,，。;:\d]{0,6}"
)
_HALF_PADDED = re.compile(r"年0[1-9]月[1-9]日")
_NOT_CLOSING = re.compile(r"出生|入学|毕业|起|至|有效期|从事|参加工作|期间|任职")


def take_closing_date(sheet: FieldSheet, name: str, pages: Sequence[PageReading]) -> None:
    """Fills `name` with the date that stands at the end of the paper, else one inside a sentence.

    Where a date stands alone but its day was not read (a seal lies on it), no date of a sentence is
    taken in its place.
    """
    found = _closing_dates(pages)
    hidden = found.hidden
    candidates = found.alone or ([] if hidden else found.inside)
    sheet.take(name, candidates, date_parser, _UNREAD)
    if hidden is not None and name not in sheet.fields:
        sheet.unreadable[name] = Unreadable(
            name=name, reason=_UNREAD, raw=hidden.raw, evidence=hidden.evidence()
        )


def closing_date(pages: Sequence[PageReading]) -> list[Candidate]:
    """Dates that stand at the end of the paper, the last first; dates inside sentences come after."""
    found = _closing_dates(pages)
    return found.alone or found.inside


@dataclass(slots=True)
class _ClosingDates:
    """Dates on rows of their own and inside sentences, the last first; a row with half a date that
    no whole one follows."""

    alone: list[Candidate] = field(default_factory=list)
    inside: list[Candidate] = field(default_factory=list)
    hidden: TextRun | None = None


def _closing_dates(pages: Sequence[PageReading]) -> _ClosingDates:
    found = _ClosingDates()
    for page in pages:
        for row in rows_of(text_lines(page)):
            run = TextRun.of_lines(page, row).compact()
            dates = _dates(run)
            if not any(d.value.has_day for _, d, _ in dates) and _HALF_DATE.fullmatch(run.text):
                found.hidden = run
            for each, date, part in dates:
                rest = each.text[: date.start] + each.text[date.end :]
                if not date.value.has_day or _NOT_CLOSING.search(rest):
                    continue
                if _is_alone(each, date):
                    found.alone.insert(0, Candidate(part, 0.98))
                    found.hidden = None
                else:
                    found.inside.insert(0, Candidate(part, 0.85))
    return found


def _is_alone(run: TextRun, date: FoundDate) -> bool:
    rest = run.text[: date.start] + run.text[date.end :]
    return len(rest) <= 12 or bool(re.search(r"日期:?$", run.text[: date.start]))


def _dates(run: TextRun) -> list[tuple[TextRun, FoundDate, TextRun]]:
    """The dates of a row as the first reading has them, else as the second has, each with its row.

    A day of one digit behind a month of two (2023年01月2日) has lost its other digit.
    """
    for each in (run, run.alternative()):
        found = dates_in(each) if each is not None else ()
        kept = [(date, part) for date, part in found if not _HALF_PADDED.search(part.text)]
        if each is not None and kept:
            return [(each.compact(), date, part) for date, part in kept]
    return []


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
                if part and is_end_of_name(part.text):
                    part = _with_line_above(part)
                parsed = employer_parser(part)
                is_alone = not re.search(r"[,，。;:][^\n]{3}", part.text)
                if parsed and is_alone and ends_like_employer(str(parsed.value)):
                    found.append(Candidate(part, 0.93))
    return found[::-1]


def _with_line_above(end: TextRun) -> TextRun:
    """The end of a unit's name with the line right above it, in which the name begins."""
    page, line, *_ = end.slices()[0]
    rect = join_rects(each.rect_of(a, b) for _, each, a, b in end.slices())
    height = rect[3] - rect[1]
    above = [
        other
        for other in text_lines(page)
        if -0.4 * height <= rect[1] - other.rect[3] <= 0.9 * height
        and other.centre[1] < rect[1]
        and 0.7 <= other.height / line.height <= 1.4
        and horizontal_overlap(other.rect, rect) >= 0.5
        and all(is_han(c) or c in "()" for c in compact(other.text))
    ]
    if len(above) != 1:
        return end
    return TextRun.join((TextRun.of_line(page, above[0]).compact(), end))


def _close_together(run: TextRun) -> list[TextRun]:
    """The run cut where more than three line heights are empty."""
    cuts = [0, *(i for i in range(1, len(run)) if run.gap_before(i) > 3.0), len(run)]
    return [run[a:b] for a, b in pairwise(cuts) if b > a]
