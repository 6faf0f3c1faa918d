"""Specks: bits of seals and rules that the recogniser took for characters and itself doubted."""

from collections.abc import Sequence

from pipeline.model.reading import Line, PageReading

_DOUBTED = 0.6


def without_specks(pages: Sequence[PageReading]) -> tuple[PageReading, ...]:
    """The pages without doubted lines of one or two characters, which would end up inside names."""
    return tuple(
        page.model_copy(update={"lines": tuple(line for line in page.lines if not _is_speck(line))})
        for page in pages
    )


def _is_speck(line: Line) -> bool:
    return len(line.text.strip()) <= 2 and line.confidence < _DOUBTED
