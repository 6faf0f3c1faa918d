"""The facts of a dossier: its documents side by side, months merged by evidence, repeated pages."""

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from rapidfuzz import fuzz

from pipeline.model.document import (
    ContributionMonth,
    Document,
    DocumentReading,
    Extraction,
    MonthStatus,
)
from pipeline.model.dossier import Facts, MergedMonth, Quarantined
from pipeline.model.kinds import DocumentKind
from pipeline.model.reading import MaterialReading, PageReading
from pipeline.model.values import Month

PENSION = "养老"

_NEARLY = 0.9
"""A row that names the payer is taken before a surer one that does not, down to this share."""
_SHORTEST_REPEAT = 30
"""Pages with fewer characters are called repeated only when their pictures are the same."""
_ALIKE = 97.0
"""Similarity (0–100) from which two readings of a page count as one text."""


def build_document(file: str, part: DocumentReading, extraction: Extraction) -> Document:
    """The document: where it is, what it is, and what was read from it.

    Its id follows from the file's path in the dossier and its pages alone, so that it is the same
    in every run and says nothing of the person.
    """
    pages = tuple(page.number for page in part.pages)
    sources = {page.source for page in part.pages}
    return Document(
        document_id=_document_id(file, pages, part.piece),
        file=file,
        pages=pages,
        kind=part.kind,
        kind_confidence=part.kind_confidence,
        anchors=part.anchors,
        source=sources.pop() if len(sources) == 1 else "mixed",
        fields=extraction.fields,
        unreadable=extraction.unreadable,
        traits=(*extraction.traits, *_layer_traits(part)),
    )


def _layer_traits(part: DocumentReading) -> tuple[str, ...]:
    """Where a PDF's text layer says something else than its page shows, as `page:what`."""
    return tuple(
        f"text_layer_differs={page.number}:{differs}"
        for page in part.pages
        for differs in page.text_layer_differs
    )


def _document_id(file: str, pages: Sequence[int], piece: int) -> str:
    place = f"{file}#{','.join(map(str, pages))}" + (f"#{piece}" if piece else "")
    digest = hashlib.sha256(place.encode()).hexdigest()
    return f"d-{digest[:16]}"


def gather_facts(
    documents: tuple[Document, ...],
    quarantined: tuple[Quarantined, ...],
    readings: Mapping[str, MaterialReading],
) -> Facts:
    """The facts of one dossier. `readings` holds the reading of each material, by file.

    Documents keep the order given; months are those of basic pension insurance over all papers.
    """
    return Facts(
        documents=documents,
        quarantined=quarantined,
        months=merge_months(documents),
        repeated_pages=find_repeated_pages(readings),
    )


@dataclass(frozen=True, slots=True)
class _Seen:
    """A month as one paper says it."""

    document: Document
    row: ContributionMonth

    @property
    def is_read(self) -> bool:
        return self.row.status is not MonthStatus.UNKNOWN

    @property
    def is_paid(self) -> bool:
        return self.row.status in (MonthStatus.PAID, MonthStatus.LATE)


def merge_months(documents: Sequence[Document]) -> tuple[MergedMonth, ...]:
    """One entry a month over all social insurance papers, in order (基本养老保险 decides).

    Papers that agree: the surest row, one that names the payer before one that does not. A row that
    was read outweighs one that was not. A month that one province's office shows blank and another's
    paid was paid there. Papers that contradict each other: the one plainly printed later counts,
    because a month may have been paid since; without that, the month is `unknown` with the evidence
    of both.
    """
    seen: dict[Month, list[_Seen]] = {}
    for document in documents:
        if document.kind is DocumentKind.SOCIAL_INSURANCE:
            for row in document.months:
                if row.insurance == PENSION:
                    seen.setdefault(row.month, []).append(_Seen(document, row))
    return tuple(_merged(seen[month]) for month in sorted(seen))


def _merged(rows: Sequence[_Seen]) -> MergedMonth:
    read = [r for r in rows if r.is_read] or list(rows)
    statuses = {r.row.status for r in read}
    if statuses == {MonthStatus.PAID, MonthStatus.LATE}:
        read = [r for r in read if r.row.status is MonthStatus.LATE]
        statuses = {MonthStatus.LATE}
    if len(statuses) > 1:
        paid_by_another = _paid_by_another_unit(read) or _paid_elsewhere(read)
        newest = _newest(read)
        if paid_by_another:
            read = paid_by_another
        elif newest:
            read = newest
        else:
            return _contradicted(read)
    return _entry(_surest(read))


def _strength(seen: _Seen) -> tuple[float, bool]:
    return (seen.row.confidence, bool(seen.row.payer))


def _surest(rows: Sequence[_Seen]) -> _Seen:
    """The surest row; one that names the payer where it is nearly as sure."""
    surest = max(rows, key=_strength)
    named = [r for r in rows if r.row.payer and r.row.confidence >= _NEARLY * surest.row.confidence]
    return max(named, key=_strength) if named else surest


def _paid_elsewhere(rows: Sequence[_Seen]) -> list[_Seen]:
    """The paid rows when they are of other provinces than those in which nothing was paid."""
    paid = [r for r in rows if r.is_paid]
    unpaid = [r for r in rows if r.row.status is MonthStatus.UNPAID]
    if not paid or len(paid) + len(unpaid) != len(rows):
        return []
    there = {r.document.text("province") for r in paid}
    elsewhere = {r.document.text("province") for r in unpaid}
    return [] if None in there | elsewhere or there & elsewhere else paid


def _paid_by_another_unit(rows: Sequence[_Seen]) -> list[_Seen]:
    """The paid rows when one paper itself shows the month blank for one unit and paid by another."""
    paid = [r for r in rows if r.is_paid]
    unpaid = [r for r in rows if not r.is_paid]
    same_paper = {r.document.document_id for r in rows}
    units = {r.row.payer for r in paid} & {r.row.payer for r in unpaid}
    named = all(r.row.payer for r in rows)
    return paid if len(same_paper) == 1 and named and not units else []


def _newest(rows: Sequence[_Seen]) -> list[_Seen]:
    """The rows of the paper printed last, when its date is later than every other's; else none."""
    dates = {r.document.document_id: r.document.date("printed_on") for r in rows}
    if any(date is None or not date.has_day for date in dates.values()):
        return []
    latest = max(date.latest for date in dates.values() if date)
    newest = [k for k, date in dates.items() if date and date.latest == latest]
    return [r for r in rows if r.document.document_id == newest[0]] if len(newest) == 1 else []


def _contradicted(rows: Sequence[_Seen]) -> MergedMonth:
    """The month as unknown, with the evidence of every paper that speaks of it.

    Only evidence of the first paper can stand in its row: pages of another file would mislead, so
    the others remain in their own documents.
    """
    best = max(rows, key=_strength)
    own = [r for r in rows if r.document.document_id == best.document.document_id]
    evidence = tuple(dict.fromkeys(e for r in own for e in r.row.evidence))
    row = best.row.model_copy(update={"status": MonthStatus.UNKNOWN, "evidence": evidence})
    return _entry(_Seen(best.document, row))


def _entry(seen: _Seen) -> MergedMonth:
    return MergedMonth(
        document_id=seen.document.document_id,
        row=seen.row,
        province=seen.document.text("province"),
    )


def find_repeated_pages(readings: Mapping[str, MaterialReading]) -> tuple[tuple[str, str], ...]:
    """Pairs `file#page` of pages with the same picture, or with the same text and numbers.

    Each repeated page is paired with the first page it repeats, in file order.
    """
    pages = [
        _Fingerprint.of(f"{file}#{page.number}", page)
        for file in sorted(readings)
        for page in readings[file].pages
        if not page.is_blank
    ]
    pairs: list[tuple[str, str]] = []
    repeated: set[str] = set()
    for first, second in combinations(pages, 2):
        if first.place in repeated or second.place in repeated:
            continue
        if first.is_same(second):
            pairs.append((first.place, second.place))
            repeated.add(second.place)
    return tuple(pairs)


@dataclass(frozen=True, slots=True)
class _Fingerprint:
    """A page by its picture and its text."""

    place: str
    picture: str
    text: str
    numbers: tuple[str, ...]

    @classmethod
    def of(cls, place: str, page: PageReading) -> "_Fingerprint":
        text = "".join(page.text.split())
        numbers = re.findall(r"\d{4,}", re.sub(r"[.\-/年月日,，:：]", "", text))
        return cls(place, page.picture, text, tuple(sorted(numbers)))

    def is_same(self, other: "_Fingerprint") -> bool:
        if self.picture and self.picture == other.picture:
            return True
        shorter, longer = sorted((len(self.text), len(other.text)))
        if shorter < _SHORTEST_REPEAT or shorter < 0.9 * longer or self.numbers != other.numbers:
            return False
        return (
            self.text == other.text
            or fuzz.ratio(self.text, other.text, score_cutoff=_ALIKE) >= _ALIKE
        )
