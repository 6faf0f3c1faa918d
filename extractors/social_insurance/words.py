"""The words of a paper as one run in which neighbouring cells stay apart."""

from collections.abc import Iterable, Sequence

from extractors.layout import reading_order
from extractors.textrun import Glyph, TextRun
from pipeline.model.reading import Line, PageReading


def spaced_run(page: PageReading, lines: Iterable[Line]) -> TextRun:
    """The lines compact, one after another with a space between them.

    `201807-202212` in one cell and `54` in the next must not become `201807-20221254`.
    """
    joined: list[TextRun] = []
    for line in lines:
        run = TextRun.of_line(page, line).compact()
        if run and joined:
            last: Glyph = joined[-1].glyphs[-1]
            joined.append(TextRun(" ", (last,)))
        if run:
            joined.append(run)
    return TextRun.join(joined)


def spaced_pages(pages: Sequence[PageReading]) -> TextRun:
    """All lines of the pages in reading order, a space between any two."""
    runs = [spaced_run(page, reading_order(page)) for page in pages]
    return TextRun.join(
        part for run in runs if run for part in (run, TextRun(" ", (run.glyphs[-1],)))
    )
