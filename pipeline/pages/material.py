"""Opens one upload and hands out its pages one at a time. Runs inside a worker process."""

import stat
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Protocol, Self

from pipeline.errors import MaterialRefused
from pipeline.pages import reasons
from pipeline.pages.formats import HEAD_BYTES, Format, require_format
from pipeline.pages.page import OpenedPage, PageLimits, PageProblem


class PageSource(Protocol):
    """An open file of one format: knows its pages and draws one at a time."""

    page_count: int
    notes: tuple[str, ...]

    def draw(self, number: int) -> OpenedPage | PageProblem:
        """Page `number` (from 1). Raises `MaterialRefused` when the whole file proves unreadable."""

    def close(self) -> None: ...


class OpenedMaterial:
    """An open upload. Iterating it draws one page at a time, so memory stays flat.

    `problems` fills while iterating with the pages that could not be drawn; `notes` are Chinese
    and about the file as a whole. Iterating raises `MaterialRefused` when a picture's data proves
    damaged, or, at the end, when not one page could be drawn.
    """

    def __init__(self, source: PageSource, kind: Format) -> None:
        self._source = source
        self.format = kind
        self.page_count = source.page_count
        self.notes = source.notes
        self.problems: list[PageProblem] = []

    def __iter__(self) -> Iterator[OpenedPage]:
        self.problems.clear()
        for number in range(1, self.page_count + 1):
            drawn = self._source.draw(number)
            if isinstance(drawn, PageProblem):
                self.problems.append(drawn)
            else:
                yield drawn
        if len(self.problems) == self.page_count:
            raise MaterialRefused(reasons.NO_DRAWABLE_PAGE)

    def __len__(self) -> int:
        return self.page_count

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Lets go of the file. Safe to call twice."""
        self._source.close()


def open_material(path: Path, limits: PageLimits | None = None) -> OpenedMaterial:
    """The upload at `path`, opened and checked against `limits`; a context manager.

    The type is told by content. Raises `MaterialRefused`, with a Chinese reason, for whatever
    cannot or must not be read. Never writes: a signed PDF stays as it is.
    """
    limits = limits or PageLimits()
    kind = require_format(path, _head(path, limits))
    source: PageSource
    if kind is Format.PDF:
        from pipeline.pages.pdf import (
            PdfSource,
        )  # PDFium starts at import; pictures need none of it

        source = PdfSource(path, limits)
    else:
        from pipeline.pages.images import ImageSource

        source = ImageSource(path, kind, limits)
    return OpenedMaterial(source, kind)


def _head(path: Path, limits: PageLimits) -> bytes:
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise MaterialRefused(reasons.NOT_A_FILE)
        if status.st_size == 0:
            raise MaterialRefused(reasons.EMPTY)
        if status.st_size > limits.max_file_bytes:
            raise MaterialRefused(reasons.too_large(status.st_size, limits.max_file_bytes))
        with path.open("rb") as file:
            return file.read(HEAD_BYTES)
    except OSError as error:
        raise MaterialRefused(reasons.UNREADABLE_FILE) from error
