"""What was noticed about files, told of the papers on them: traits that checks turn into findings."""

from collections.abc import Iterator, Sequence

from pipeline.integrity.codes import compare_code, official_part
from pipeline.model.document import Document
from pipeline.model.reading import Cue, CueKind, MaterialReading, Quad

_OF_FILES = (CueKind.FILE_EDITED, CueKind.SIGNATURE_BROKEN, CueKind.SIGNATURE_UNVERIFIABLE)
_ON_VALUES = {
    CueKind.OVERLAY: "file_edited",
    CueKind.PATCH: "file_patched",
    CueKind.IMAGE_EDIT: "image_edit_suspected",
}
_WITHIN = 0.25
"""How much of the smaller of two boxes must lie in both for a cue to be on a value."""


def add_notices(documents: Sequence[Document], reading: MaterialReading) -> tuple[Document, ...]:
    """The documents of one material with what was noticed of it. Their fields are as they were.

    What concerns the whole file is told of the paper on its page, or of the first one. A cue with
    a place counts only where it touches a value that was read.
    """
    return tuple(
        document.model_copy(update={"traits": (*document.traits, *traits)})
        if (traits := tuple(dict.fromkeys(_traits(document, documents[0], reading))))
        else document
        for document in documents
    )


def _traits(document: Document, first: Document, reading: MaterialReading) -> Iterator[str]:
    for cue in reading.cues:
        if cue.kind in _OF_FILES:
            owner = cue.page in document.pages if cue.page else document is first
            if owner:
                yield f"{cue.kind}={cue.text}"
        elif cue.page in document.pages:
            yield from _on_values(cue, document)
    for page in reading.pages:
        if page.number in document.pages:
            for code in page.codes:
                if host := official_part(document, code):
                    yield f"code_host={page.number}:{host}"
                for differs in compare_code(document, code):
                    yield f"code_differs={page.number}#{differs}"


def _on_values(cue: Cue, document: Document) -> Iterator[str]:
    for field in document.fields:
        places = [e.box for e in field.evidence if e.page == cue.page]
        if cue.box and any(_touch(cue.box, box) for box in places):
            yield f"{_ON_VALUES[cue.kind]}={cue.page}#{field.name}:{cue.text}"


def _touch(one: Quad, other: Quad) -> bool:
    a, b = _bounds(one), _bounds(other)
    width = min(a[2], b[2]) - max(a[0], b[0])
    height = min(a[3], b[3]) - max(a[1], b[1])
    if width <= 0 or height <= 0:
        return False
    smaller = min((r[2] - r[0]) * (r[3] - r[1]) for r in (a, b))
    return width * height >= _WITHIN * max(smaller, 1.0)


def _bounds(box: Quad) -> tuple[float, float, float, float]:
    xs, ys = [x for x, _ in box], [y for _, y in box]
    return min(xs), min(ys), max(xs), max(ys)
