"""Papers typed from the facts (domain.md §1): a heading, one sentence broken over lines, a foot."""

from collections.abc import Sequence

from extractors.registry import extract
from pipeline.model.document import Extraction
from pipeline.model.kinds import DocumentKind
from tests.extractors.drawn_pages import Drawing, paper


def certificate(
    heading: Sequence[str], body: str, foot: Sequence[str], *, per_line: int = 26
) -> Drawing:
    """An upright sheet: centred heading, the sentence in lines of `per_line` characters, the foot."""
    page = Drawing(width=1200, height=1700)
    for i, line in enumerate(heading):
        page.write(600, 120 + 90 * i, line, size=52, centred=True)
    for i, start in enumerate(range(0, len(body), per_line)):
        page.write(160, 500 + 60 * i, body[start : start + per_line], size=32)
    for i, line in enumerate(foot):
        page.write(160, 1150 + 90 * i, line, size=30)
    return page


def form(rows: Sequence[tuple[str, str]], title: str = "", *, notes: Sequence[str] = ()) -> Drawing:
    """A form of one label and one value a row, with notes below."""
    page = Drawing(width=1200, height=1700)
    page.write(600, 120, title, size=40, centred=True)
    for i, (label, value) in enumerate(rows):
        page.write(120, 260 + 50 * i, label, size=24)
        page.write(420, 260 + 50 * i, value, size=24)
    for i, note in enumerate(notes):
        page.write(120, 300 + 50 * (len(rows) + i), note, size=24)
    return page


def read(kind: DocumentKind, *pages: Drawing) -> Extraction:
    return extract(paper(kind, [page.page(i + 1) for i, page in enumerate(pages)]))


def values(kind: DocumentKind, *pages: Drawing) -> dict[str, str]:
    """Field values of the paper, by name."""
    return {field.name: str(field.value) for field in read(kind, *pages).fields}
