"""Pages of one material → documents as a person put them together."""

from collections.abc import Sequence

from pipeline.classify.pages import classify_page
from pipeline.model.document import DocumentReading, PageGroup
from pipeline.model.reading import MaterialReading


def group_material(
    reading: MaterialReading, groups: Sequence[PageGroup]
) -> tuple[DocumentReading, ...]:
    """The documents of a material, one for each of `groups`, in the order of their first pages.

    What a person said is certain. Anchors are those of pages that the machine too takes for that
    kind, because extractors may ask what a kind was known by. Raises `ValueError` unless every
    page is in exactly one group.
    """
    pages = {page.number: page for page in reading.pages}
    named = [number for group in groups for number in group.pages]
    if sorted(named) != sorted(pages):
        raise ValueError("every page of the material belongs to exactly one paper")
    documents = []
    for group in sorted(groups, key=lambda each: min(each.pages)):
        own = [pages[number] for number in sorted(group.pages)]
        seen = [found for page in own if (found := classify_page(page)).kind is group.kind]
        documents.append(
            DocumentReading(
                kind=group.kind,
                kind_confidence=1.0,
                anchors=tuple(dict.fromkeys(name for page in seen for name in page.anchors)),
                pages=tuple(own),
            )
        )
    return tuple(documents)
