"""Specks: bits of seals and rules that the recogniser took for characters and itself doubted."""

from collections.abc import Sequence

from extractors.remembering import remember_last
from pipeline.model.reading import Line, PageReading

_DOUBTED = 0.6


def without_specks(pages: Sequence[PageReading]) -> tuple[PageReading, ...]:
    """The pages without doubted lines of one or two characters, which would end up inside names."""
    return tuple(_without_specks(page) for page in pages)


@remember_last(128)
def _without_specks(page: PageReading) -> PageReading:
    kept = tuple(line for line in page.lines if not _is_speck(line))
    return page if len(kept) == len(page.lines) else page.model_copy(update={"lines": kept})


def _is_speck(line: Line) -> bool:
    return len(line.text.strip()) <= 2 and line.confidence < _DOUBTED
