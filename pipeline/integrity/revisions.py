"""Whether a PDF was changed after it was produced: revisions that change pages, and its dates.

A PDF may be saved by appending a revision (ISO 32000-1, 7.5.6). Appending is no change by itself:
linearised files have two ends, Word writes an empty second table, signing and time stamps append,
and scanners append pages. Only a revision that alters pages which were there before counts.
"""

import hashlib
import io
import itertools
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pikepdf

from pipeline.model.reading import Cue, CueKind

_END = re.compile(rb"%%EOF[\r\n]*")
_OBJECT = re.compile(rb"[\r\n]\s*\d+ \d+ obj\b")
_SIGNING = (b"/ByteRange", b"/DSS", b"/DocTimeStamp")
_PRODUCING = timedelta(minutes=5)
"""Producers stamp the two dates up to minutes apart while they write."""
_DEPTH = 8
_BESIDE_THE_PAGE = frozenset(
    ["/Parent", "/Metadata", "/PieceInfo", "/LastModified", "/Thumb", "/StructParents", "/P",
     "/Tabs", "/M", "/NM", "/Dest", "/A", "/B", "/Group"]
)  # fmt: skip


def find_edits(data: bytes, *, has_text: bool) -> Iterator[Cue]:
    """What the structure of a PDF says of changes after it was produced.

    `has_text`: the file was born digital. The dates of picture-only files say nothing: scans are
    joined and saved again as a matter of course.
    """
    changed: set[int] = set()
    for before, after in _revisions(data):
        changed |= _changed_pages(data[:before], data[:after])
    if changed:
        pages = "、".join(str(n) for n in sorted(changed))
        yield Cue(
            kind=CueKind.FILE_EDITED,
            text=f"文件生成后又追加保存过，第{pages}页的内容因此改变",
            page=min(changed),
        )
    if has_text and b"/ByteRange" not in data:  # signing is a change of date by itself
        yield from _dates(data)


def _revisions(data: bytes) -> Iterator[tuple[int, int]]:
    """(end before, end after) of every appended revision that may change pages."""
    ends = [match.end() for match in _END.finditer(data)]
    if b"/Linearized" in data[:2048]:
        ends = ends[1:]
    for before, after in itertools.pairwise(ends):
        part = data[before - 1 : after]
        if _OBJECT.search(part) and not any(word in part for word in _SIGNING):
            yield before, after


def _changed_pages(before: bytes, after: bytes) -> set[int]:
    """Numbers (from 1) of the pages of `before` that `after` shows otherwise."""
    try:
        with pikepdf.open(io.BytesIO(before)) as old, pikepdf.open(io.BytesIO(after)) as new:
            pairs = zip(old.pages, new.pages, strict=False)
            return {
                n for n, (a, b) in enumerate(pairs, start=1) if _digest(a.obj) != _digest(b.obj)
            }
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError):
        return set()


def _digest(page: Any) -> str:
    """Hash of all that is drawn on a page: contents, resources, annotations."""
    digest = hashlib.sha256()
    _feed(digest, page, 0)
    return digest.hexdigest()


def _feed(digest: Any, item: Any, depth: int) -> None:
    if depth > _DEPTH:
        return
    if isinstance(item, pikepdf.Stream):
        digest.update(hashlib.sha256(item.read_raw_bytes()).digest())
    if isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
        for key in sorted(item.keys()):
            if key not in _BESIDE_THE_PAGE:
                digest.update(key.encode())
                _feed(digest, item[key], depth + 1)
    elif isinstance(item, pikepdf.Array):
        digest.update(b"[")
        for entry in item:
            _feed(digest, entry, depth + 1)
    else:
        digest.update(repr(item).encode())


def _dates(data: bytes) -> Iterator[Cue]:
    try:
        with pikepdf.open(io.BytesIO(data)) as pdf:
            made, changed = _date(pdf, "/CreationDate"), _date(pdf, "/ModDate")
    except (pikepdf.PdfError, RuntimeError, ValueError):
        return
    if made is None or changed is None or (made.tzinfo is None) != (changed.tzinfo is None):
        return
    if changed - made > _PRODUCING:
        yield Cue(
            kind=CueKind.FILE_EDITED,
            text=f"文件信息中的修改时间（{changed:%Y-%m-%d %H:%M}）晚于生成时间（{made:%Y-%m-%d %H:%M}）",
        )


def _date(pdf: pikepdf.Pdf, name: str) -> datetime | None:
    try:
        return pikepdf.models.metadata.decode_pdf_date(str(pdf.docinfo[name]))
    except (KeyError, ValueError, AttributeError):
        return None
