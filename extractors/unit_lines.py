"""Names of units over several lines, and letters of seals among them."""

from collections.abc import Iterable, Sequence
from statistics import median

from extractors.employers import ends_like_employer, parse_employer
from extractors.fields import Candidate
from extractors.folding import compact, is_han
from extractors.layout import text_lines
from extractors.textrun import TextRun
from pipeline.model.reading import Line

_SLANTED = 1.4
"""A line is so many times higher, for the width of its characters, than the lines of its page when it
runs along the rim of a seal."""
_LONGEST_RIM = 6


def with_lines_below(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates, and before each that breaks off inside a name the same with the line under it.

    A narrow cell breaks a name and centres its lines, so that neither edge of them is aligned.
    """
    found: list[Candidate] = []
    for candidate in candidates:
        run = candidate.run.strip()
        if run and not _is_whole(run.raw):
            found.extend(
                Candidate(joined, candidate.certainty)
                for below in _lines_under(run)
                if _is_whole((joined := TextRun.join((run, below))).raw)
            )
        found.append(candidate)
    return found


def _is_whole(text: str) -> bool:
    name = parse_employer(text)
    return name is not None and ends_like_employer(name)


def _lines_under(run: TextRun) -> list[TextRun]:
    """The line right under the last one of the run and within its width, alone and with the next."""
    page, line = run.glyphs[-1].page, run.glyphs[-1].line
    left, right = run.glyphs[0].rect[0], line.rect[2]
    under: list[TextRun] = []
    for _ in range(2):
        below = next(
            (other for other in text_lines(page) if _is_under(other, line, left, right)), None
        )
        if below is None:
            break
        part = TextRun.of_line(page, below)
        under.append(TextRun.join((under[-1], part)) if under else part)
        line = below
    return under


def _is_under(other: Line, line: Line, left: float, right: float) -> bool:
    height = min(other.height, line.height)
    gap = other.rect[1] - line.rect[3]
    return (
        other.centre[1] > line.centre[1] + 0.5 * height
        and -0.5 * height <= gap <= 0.9 * height
        and 0.6 <= other.height / max(1.0, line.height) <= 1.6
        and left - height <= other.rect[0]
        and other.rect[2] <= right + height
        and all(is_han(c) or c in "()" for c in compact(other.text))
    )


def without_rims(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines without short ones that run aslant: letters along the rim of a seal."""
    usual = median([ratio for line in lines if (ratio := _slant(line))] or [1.0])
    return tuple(
        line
        for line in lines
        if len(compact(line.text)) > _LONGEST_RIM or _slant(line) <= _SLANTED * usual
    )


def _slant(line: Line) -> float:
    """Height of a line's box over the pitch of its characters; 0 for fewer than two ideographs."""
    text = compact(line.text)
    if sum(map(is_han, text)) < 2:
        return 0.0
    return line.height / max(1.0, (line.rect[2] - line.rect[0]) / len(text))
